//! `fx/rates`: an FX provider pushes its standing offers. A new offer for a pair replaces the provider's last one.

use super::Body;
use super::amount::{CurrencyPair, MinorOrZero, Price};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::scalar::{Instant, List};

object! {
    /// A standing offer: to sell the first currency of the pair for the second at this price.
    pub struct RateOffer {
        must {
            /// The two currencies, `CNY/PHP`.
            pair "pair": CurrencyPair,
            /// How many of the second one of the first costs, a decimal as text: `8.1250`.
            price "price": Price,
            /// How much the provider takes at this price, in minor units of the second currency; `0` withdraws the offer.
            size "size": MinorOrZero,
            /// Until when.
            valid_until "validUntil": Instant,
        }
        may {}
    }
}

object! {
    /// An FX provider's offers.
    pub struct RatesRequest {
        must {
            /// The offers, no pair twice.
            rates "rates": List<RateOffer, 500>,
        }
        may {}
    }
}

impl Body for RatesRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        let mut pairs: Vec<CurrencyPair> = self.rates.iter().map(|offer| offer.pair).collect();
        pairs.sort_unstable();
        if let Some(index) = self.rates.iter().position(|offer| offer.pair.base == offer.pair.quote) {
            return Err(Malformed::field(format!("rates[{index}].pair"), "has the same currency twice"));
        }
        match pairs.windows(2).find(|two| two[0] == two[1]) {
            Some(two) => Err(Malformed::field("rates", format!("has two offers for {}", two[0]))),
            None => Ok(()),
        }
    }
}

object! {
    /// An offer that was not taken.
    pub struct RateRefused {
        must {
            /// The offer's pair.
            pair "pair": CurrencyPair,
            /// Why.
            result "result": Outcome,
        }
        may {}
    }
}

object! {
    /// The answer to offers: `S` when all were taken.
    pub struct RatesAnswer {
        must {
            /// Whether all were taken.
            result "result": Outcome,
        }
        may {
            /// Those that were not.
            refused "refused": List<RateRefused, 500>,
        }
    }
}

impl Body for RatesAnswer {}
