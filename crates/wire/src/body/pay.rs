//! `pay`: an acquirer asks for a payment, by the payer's code, by a code for the order, or by the merchant's standing
//! code. The answer carries the names of both path families.

use super::Body;
use super::amount::{Amount, AmountOrZero};
use super::malformed::Malformed;
use super::order::{Order, PaymentFactor, PaymentMethod, Scenario, SettlementStrategy};
use super::outcome::Outcome;
use super::party::{Env, Merchant};
use super::quote::Quote;
use super::scalar::{Flag, Id, Instant, List, Region, Text, Url};
use crate::key::ClientId;

words! {
    /// The product of Antom that a payment belongs to.
    pub enum ProductCode {
        /// A payment in a store.
        InStorePayment = "IN_STORE_PAYMENT",
    }
}

object! {
    /// An acquirer asks for a payment. `paymentRequestId` is the idempotency key: the same id with the same content gets
    /// the same answer, with other content `REPEAT_REQ_INCONSISTENT`.
    pub struct PayRequest {
        must {
            /// The acquirer's id of the request.
            payment_request_id "paymentRequestId": Id<64>,
            /// What is bought.
            order "order": Order,
            /// What is paid.
            payment_amount "paymentAmount": Amount,
            /// What the payer pays with.
            payment_method "paymentMethod": PaymentMethod,
            /// The circumstances; `inStorePaymentScenario` is compulsory.
            payment_factor "paymentFactor": PaymentFactor,
        }
        may {
            /// Until when it can be paid.
            payment_expiry_time "paymentExpiryTime": Instant,
            /// Where the result is to be posted.
            payment_notify_url "paymentNotifyUrl": Url,
            /// Where the payer is sent afterwards.
            payment_redirect_url "paymentRedirectUrl": Url,
            /// What the acquirer receives.
            settlement_strategy "settlementStrategy": SettlementStrategy,
            /// The product, in requests of Antom's clients.
            product_code "productCode": ProductCode,
            /// Who sells, in requests that do not say it in the order.
            merchant "merchant": Merchant,
            /// Where the order was placed, in requests that do not say it in the order.
            env "env": Env,
            /// The regions whose wallets may pay.
            allowed_psp_regions "allowedPspRegions": List<Region, 100>,
            /// The payer's region.
            user_region "userRegion": Region,
            /// Without effect in a store, where every payment is taken at once.
            is_authorization "isAuthorization": Flag,
            /// Given back to the acquirer as it came.
            pass_through_info "passThroughInfo": Text<20000>,
        }
        refuse {
            "processingAmount", "payToAmount", "paymentQuote", "payToMethod", "agreementInfo", "subscriptionInfo",
            "subscriptionId", "creditPayPlan", "dualOfflinePayment", "surchargeInfo", "splitSettlementInfo",
        }
    }
}

/// Whose code is used, and which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presented<'a> {
    /// The payer showed this code.
    PaymentCode(&'a str),
    /// The merchant will show a code made for this order.
    OrderCode,
    /// The payer opened the merchant's standing code.
    EntryCode,
}

impl PayRequest {
    /// Whose code is used. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn presented(&self) -> Result<Presented<'_>, Malformed> {
        match (self.payment_factor.in_store_payment_scenario, &self.payment_method.payment_method_id) {
            (None, _) => Err(Malformed::field("paymentFactor.inStorePaymentScenario", "is missing")),
            (Some(Scenario::PaymentCode), Some(code)) => Ok(Presented::PaymentCode(code)),
            (Some(Scenario::PaymentCode), None) => Err(Malformed::field(
                "paymentMethod.paymentMethodId",
                "is missing: it is the code that was scanned",
            )),
            (Some(Scenario::OrderCode), _) => Ok(Presented::OrderCode),
            (Some(Scenario::EntryCode), _) => Ok(Presented::EntryCode),
        }
    }

    /// Who sells, wherever the request says it.
    #[must_use]
    pub fn merchant(&self) -> Option<&Merchant> {
        self.order.merchant.as_ref().or(self.merchant.as_ref())
    }

    /// Where the order was placed, wherever the request says it.
    #[must_use]
    pub fn env(&self) -> Option<&Env> {
        self.order.env.as_ref().or(self.env.as_ref())
    }
}

impl Body for PayRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.presented().map(|_| ())
    }
}

words! {
    /// How a code is drawn.
    pub enum CodeValueType {
        /// As bars (ISO/IEC 15417).
        Barcode = "BARCODE",
        /// As a square (ISO/IEC 18004).
        Qrcode = "QRCODE",
    }
}

words! {
    /// What `codeValue` holds.
    pub enum DisplayType {
        /// The content of the code, to be drawn.
        Text = "TEXT",
        /// The address of a small picture.
        SmallImage = "SMALLIMAGE",
        /// The address of a middle-sized picture.
        MiddleImage = "MIDDLEIMAGE",
        /// The address of a big picture.
        BigImage = "BIGIMAGE",
    }
}

object! {
    /// One form of a code.
    pub struct CodeDetail {
        must {
            /// How it is drawn.
            code_value_type "codeValueType": CodeValueType,
            /// Its content.
            code_value "codeValue": Text<512>,
            /// What the content is.
            display_type "displayType": DisplayType,
        }
        may {}
    }
}

object! {
    /// A code for the payer to scan.
    pub struct OrderCodeForm {
        must {
            /// Until when it can be paid.
            expire_time "expireTime": Instant,
            /// The code, in one or more forms.
            code_details "codeDetails": List<CodeDetail, 4>,
        }
        may {
            /// The payment method it is for.
            payment_method_type "paymentMethodType": Text<64>,
        }
    }
}

object! {
    /// Where the payer goes on.
    pub struct RedirectActionForm {
        must {
            /// `GET`.
            method "method": Text<8>,
            /// The address.
            redirect_url "redirectUrl": Url,
            /// `RedirectActionForm`.
            action_form_type "actionFormType": Text<32>,
        }
        may {}
    }
}

object! {
    /// Who paid, as far as the wallet shows it.
    pub struct PspCustomerInfo {
        must {}
        may {
            /// The wallet's name.
            psp_name "pspName": Text<64>,
            /// The wallet's reference for the payer.
            psp_customer_id "pspCustomerId": Text<64>,
            /// What may be shown of it.
            display_customer_id "displayCustomerId": Text<64>,
        }
    }
}

object! {
    /// The answer to `pay`. `S`: paid. `U` with `PAYMENT_IN_PROCESS`: waiting for the payer or the wallet; ask with
    /// `inquiryPayment`, and if it still says so after 60 s call `cancelPayment`. `F`: not paid, for good.
    pub struct PayAnswer {
        must {
            /// How it ended.
            result "result": Outcome,
        }
        may {
            /// The acquirer's id of the request.
            payment_request_id "paymentRequestId": Id<64>,
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// What is paid.
            payment_amount "paymentAmount": Amount,
            /// When the payment was opened.
            payment_create_time "paymentCreateTime": Instant,
            /// When it was paid.
            payment_time "paymentTime": Instant,
            /// The acquirer's client id.
            acquirer_id "acquirerId": ClientId,
            /// The wallet's client id.
            psp_id "pspId": ClientId,
            /// The wallet's name for people.
            wallet_brand_name "walletBrandName": Text<128>,
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
            /// Who paid, as Antom's clients read it.
            psp_customer_info "pspCustomerInfo": PspCustomerInfo,
            /// Order code: what the merchant shows.
            order_code_form "orderCodeForm": OrderCodeForm,
            /// Entry code: where the payer goes on.
            payment_url "paymentUrl": Url,
            /// Entry code: the same, as Antom's clients read it.
            normal_url "normalUrl": Url,
            /// Entry code: the same, as a form.
            redirect_action_form "redirectActionForm": RedirectActionForm,
            /// What the payer pays, in the payer's currency.
            actual_payment_amount "actualPaymentAmount": Amount,
            /// The rate between the two.
            payment_quote "paymentQuote": Quote,
            /// What the acquirer receives, before fees.
            settlement_amount "settlementAmount": AmountOrZero,
            /// The same, as Antom's clients read it.
            gross_settlement_amount "grossSettlementAmount": AmountOrZero,
            /// The rate between what is paid and what the acquirer receives.
            settlement_quote "settlementQuote": Quote,
            /// What the acquirer passed along.
            pass_through_info "passThroughInfo": Text<20000>,
        }
    }
}

impl Body for PayAnswer {}
