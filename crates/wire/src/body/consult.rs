//! `consultPayment` (`consult` at Antom): which wallets could pay this, before there is an order.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Body;
use super::amount::{Amount, CurrencyCode};
use super::object::Described;
use super::order::{Scenario, SettlementStrategy};
use super::outcome::Outcome;
use super::party::{Buyer, Env, Merchant};
use super::scalar::{List, Region, Text, Truth, Url};

object! {
    /// The circumstances that are asked about.
    pub struct ConsultFactor {
        must {}
        may {
            /// Who would show the code.
            in_store_payment_scenario "inStorePaymentScenario": Scenario,
        }
    }
}

object! {
    /// Asks which wallets could pay this amount. Moves and promises nothing.
    pub struct ConsultRequest {
        must {
            /// What would be paid.
            payment_amount "paymentAmount": Amount,
        }
        may {
            /// The circumstances.
            payment_factor "paymentFactor": ConsultFactor,
            /// What the acquirer would receive.
            settlement_strategy "settlementStrategy": SettlementStrategy,
            /// Only these wallets, by payment method type.
            allowed_payment_methods "allowedPaymentMethods": List<Text<64>, 100>,
            /// Not these wallets.
            blocked_payment_methods "blockedPaymentMethods": List<Text<64>, 100>,
            /// Only wallets of these regions; `GLOBAL` for all.
            allowed_payment_method_regions "allowedPaymentMethodRegions": List<Text<6>, 100>,
            /// The same, as Alipay+ names it.
            allowed_psp_regions "allowedPspRegions": List<Text<6>, 100>,
            /// The payer's region: its wallets come first.
            user_region "userRegion": Region,
            /// Where the merchant is.
            merchant_region "merchantRegion": Region,
            /// Who sells.
            merchant "merchant": Merchant,
            /// Who buys.
            buyer "buyer": Buyer,
            /// Where the order is placed.
            env "env": Env,
        }
    }
}

impl Body for ConsultRequest {}

words! {
    /// What kind of payment method it is.
    pub enum PaymentMethodCategory {
        /// A wallet.
        Wallet = "WALLET",
    }
}

words! {
    /// Why a wallet could not pay.
    pub enum DisableReason {
        /// No agreement lets it pay in this currency.
        CurrencyNotSupported = "CHANNEL_NOT_SUPPORT_CURRENCY",
        /// The amount is outside its limits.
        ExceedLimit = "EXCEED_CHANNEL_LIMIT_RULE",
        /// There is no executable exchange rate, or the wallet does not answer.
        ServiceDegraded = "SERVICE_DEGRADE",
        /// The wallet is suspended.
        AccountNotAvailable = "PAYMENT_ACCOUNT_NOT_AVAILABLE",
    }
}

object! {
    /// The smallest and largest amount.
    pub struct AmountLimit {
        must {}
        may {
            /// The largest.
            max_amount "maxAmount": Amount,
            /// The smallest.
            min_amount "minAmount": Amount,
            /// What is left of it.
            remain_amount "remainAmount": Amount,
        }
    }
}

object! {
    /// Limits of one payment, a day and a month.
    pub struct AmountLimitInfo {
        must {}
        may {
            /// Of one payment.
            single_limit "singleLimit": AmountLimit,
            /// Of a day.
            day_limit "dayLimit": AmountLimit,
            /// Of a month.
            month_limit "monthLimit": AmountLimit,
        }
    }
}

/// Limits by currency.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LimitsByCurrency(pub BTreeMap<CurrencyCode, AmountLimitInfo>);

impl serde::Serialize for LimitsByCurrency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for LimitsByCurrency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<LimitsByCurrency, D::Error> {
        BTreeMap::deserialize(deserializer).map(LimitsByCurrency)
    }
}

impl Described for LimitsByCurrency {
    fn describe(components: &mut BTreeMap<&'static str, Value>) -> Value {
        json!({ "type": "object", "additionalProperties": AmountLimitInfo::describe(components) })
    }
}

object! {
    /// A picture for the payment method.
    pub struct Logo {
        must {
            /// Its name.
            logo_name "logoName": Text<64>,
            /// Its address.
            logo_url "logoUrl": Url,
        }
        may {}
    }
}

object! {
    /// One wallet that was considered.
    pub struct PaymentOption {
        must {
            /// The wallet, as `paymentMethodType` names it.
            payment_method_type "paymentMethodType": Text<64>,
            /// Whether it could pay.
            enabled "enabled": Truth,
        }
        may {
            /// What kind of payment method it is.
            payment_method_category "paymentMethodCategory": PaymentMethodCategory,
            /// Where its payers are.
            payment_method_region "paymentMethodRegion": List<Text<6>, 100>,
            /// Why it could not pay.
            disable_reason "disableReason": DisableReason,
            /// The currencies it pays in.
            supported_currencies "supportedCurrencies": List<CurrencyCode, 200>,
            /// What it pays at least and at most.
            amount_limit_info_map "amountLimitInfoMap": LimitsByCurrency,
            /// Its picture.
            logo "logo": Logo,
        }
    }
}

object! {
    /// Which wallets could pay.
    pub struct ConsultAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The wallets, likely ones first.
            payment_options "paymentOptions": List<PaymentOption, 200>,
        }
    }
}

impl Body for ConsultAnswer {}
