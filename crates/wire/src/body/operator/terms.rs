//! What is agreed: a member's limits, fees and settlement from a date on, and the corridors that are open.

use crate::body::Body;
use crate::body::amount::{CurrencyCode, Minor};
use crate::body::malformed::Malformed;
use crate::body::outcome::Outcome;
use crate::body::scalar::{Flag, Instant, List, Percent};

object! {
    /// The smallest and largest single payment in one currency.
    pub struct PaymentLimit {
        must {
            /// The currency.
            currency "currency": CurrencyCode,
            /// The least one payment may move, in minor units.
            payment_min "paymentMin": Minor,
            /// The most one payment may move, in minor units.
            payment_max "paymentMax": Minor,
        }
        may {}
    }
}

object! {
    /// A member's terms from a date until a later agreement begins.
    pub struct Agreement {
        must {
            /// The currencies it pays, is paid or quotes in, each once.
            limits "limits": List<PaymentLimit, 200>,
            /// The currency its net position is settled in.
            settlement_currency "settlementCurrency": CurrencyCode,
        }
        may {
            /// From when it holds; from now on when absent.
            from "from": Instant,
            /// Acquirers: what they pay the wallet of each payment.
            interchange_percent "interchangePercent": Percent,
            /// What the member pays the network of each payment.
            network_fee_percent "networkFeePercent": Percent,
        }
    }
}

impl Body for Agreement {
    fn coherent(&self) -> Result<(), Malformed> {
        if self.limits.is_empty() {
            return Err(Malformed::field("limits", "is empty: an agreement covers at least one currency"));
        }
        for (index, limit) in self.limits.iter().enumerate() {
            if limit.payment_min > limit.payment_max {
                return Err(Malformed::field(format!("limits[{index}].paymentMin"), "is above paymentMax"));
            }
            if self.limits[..index].iter().any(|earlier| earlier.currency == limit.currency) {
                return Err(Malformed::field(format!("limits[{index}].currency"), "comes twice"));
            }
        }
        Ok(())
    }
}

object! {
    /// Opens or closes payments from one currency to another.
    pub struct Corridor {
        must {
            /// The currency that merchants are paid in.
            payment_currency "paymentCurrency": CurrencyCode,
            /// The currency that payers pay in.
            pay_to_currency "payToCurrency": CurrencyCode,
            /// Whether new payments may begin.
            open "open": Flag,
        }
        may {}
    }
}

impl Body for Corridor {}

object! {
    /// The corridors that were ever opened or closed; all others are open wherever agreements and rates allow.
    pub struct CorridorsAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The corridors.
            corridors "corridors": List<Corridor, 40_000>,
        }
    }
}

impl Body for CorridorsAnswer {}
