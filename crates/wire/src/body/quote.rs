//! An exchange rate bound to a payment or shown beforehand. Knows no provider.

use super::amount::{CurrencyCode, CurrencyPair, Price};
use super::scalar::{Id, Instant, Text, Truth};

object! {
    /// An exchange rate: one unit of the first currency of the pair costs so many of the second.
    pub struct Quote {
        must {
            /// The network's id of the quote.
            quote_id "quoteId": Id<64>,
            /// The payee's currency and the payer's.
            quote_currency_pair "quoteCurrencyPair": CurrencyPair,
            /// The price, a decimal as text.
            quote_price "quotePrice": Price,
        }
        may {
            /// From when it holds.
            quote_start_time "quoteStartTime": Instant,
            /// Until when it holds.
            quote_expiry_time "quoteExpiryTime": Instant,
            /// The currency that one unit of is priced: the first of the pair.
            base_currency "baseCurrency": CurrencyCode,
            /// How many units are priced; one when absent.
            quote_unit "quoteUnit": Text<16>,
            /// Whether the network stands by it; false for what is only shown.
            guaranteed "guaranteed": Truth,
        }
    }
}
