//! What is bought, and the choice of how it is paid. Knows no result.

use super::amount::{Amount, AmountOrZero};
use super::party::{Buyer, Env, Merchant};
use super::scalar::{Flag, Id, List, Text};

object! {
    /// An order at a merchant. Its amount is what the payer is shown; what is paid is `paymentAmount`.
    pub struct Order {
        must {
            /// The merchant's reference for the order.
            reference_order_id "referenceOrderId": Id<64>,
            /// What is bought, for the payer's records.
            order_description "orderDescription": Text<256>,
            /// What it costs.
            order_amount "orderAmount": Amount,
        }
        may {
            /// Who sells.
            merchant "merchant": Merchant,
            /// What is bought, piece by piece.
            goods "goods": List<Goods, 100>,
            /// Who buys.
            buyer "buyer": Buyer,
            /// Where the order was placed.
            env "env": Env,
            /// Further facts, as the two sides agreed.
            extend_info "extendInfo": Text<2048>,
        }
    }
}

object! {
    /// One kind of goods in an order.
    pub struct Goods {
        must {}
        may {
            /// The merchant's reference for the goods.
            reference_goods_id "referenceGoodsId": Text<64>,
            /// Their name.
            goods_name "goodsName": Text<256>,
            /// Their category.
            goods_category "goodsCategory": Text<256>,
            /// Price of one.
            goods_unit_amount "goodsUnitAmount": AmountOrZero,
            /// How many.
            goods_quantity "goodsQuantity": Text<32>,
        }
    }
}

object! {
    /// What the payer pays with.
    pub struct PaymentMethod {
        must {
            /// `CONNECT_WALLET` for any wallet of the network, or a wallet's client id.
            payment_method_type "paymentMethodType": Text<64>,
        }
        may {
            /// The code that the payer showed, byte for byte as it was scanned.
            payment_method_id "paymentMethodId": Text<1024>,
            /// The wallet's reference for the payer, where it is known.
            customer_id "customerId": Id<64>,
            /// Further facts, as the two sides agreed.
            extend_info "extendInfo": Text<2048>,
        }
    }
}

words! {
    /// Who shows the code in a store.
    pub enum Scenario {
        /// The payer shows a code from the wallet.
        PaymentCode = "PaymentCode",
        /// The merchant shows a code made for this order.
        OrderCode = "OrderCode",
        /// The payer opened the merchant's standing code in the wallet.
        EntryCode = "EntryCode",
    }
}

words! {
    /// How money is taken. Taking it later, after an authorisation, is not offered.
    pub enum CaptureMode {
        /// At once.
        Automatic = "AUTOMATIC",
    }
}

object! {
    /// The circumstances of a payment.
    pub struct PaymentFactor {
        must {}
        may {
            /// Who shows the code.
            in_store_payment_scenario "inStorePaymentScenario": Scenario,
            /// Whether it happens in a store; implied by the scenario.
            is_in_store_payment "isInStorePayment": Flag,
            /// At Antom, whether a card is only authorised. Wallets have no such thing and pay at once: without effect.
            is_authorization "isAuthorization": Flag,
            /// How money is taken.
            capture_mode "captureMode": CaptureMode,
        }
        refuse { "isCashierPayment", "isAgreementPayment", "isPaymentEvaluation", "needSurcharge", }
    }
}

object! {
    /// What the acquirer receives.
    pub struct SettlementStrategy {
        must {}
        may {
            /// The currency it is settled in; the payment's own when absent.
            settlement_currency "settlementCurrency": super::amount::CurrencyCode,
        }
    }
}
