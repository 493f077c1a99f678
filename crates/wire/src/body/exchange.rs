//! `inquiryForeignExchangeQuote`: what something would cost in another currency just now. Shown, not promised.

use super::Body;
use super::amount::{Amount, CurrencyCode};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::quote::Quote;

object! {
    /// Asks for the present rate between two currencies.
    pub struct ExchangeQuoteRequest {
        must {
            /// The currency that the payer would pay in.
            pay_to_currency "payToCurrency": CurrencyCode,
        }
        may {
            /// The currency that the merchant would be paid in. Compulsory unless there is an amount.
            payment_currency "paymentCurrency": CurrencyCode,
            /// What the merchant would be paid.
            payment_amount "paymentAmount": Amount,
        }
    }
}

impl ExchangeQuoteRequest {
    /// The currency that the merchant would be paid in. `Err` when the request does not say or contradicts itself,
    /// which [`Body::coherent`] has refused already.
    pub fn payment_currency(&self) -> Result<CurrencyCode, Malformed> {
        match (self.payment_currency, self.payment_amount.as_ref().map(|amount| amount.currency)) {
            (Some(stated), Some(of_amount)) if stated != of_amount => {
                Err(Malformed::field("paymentCurrency", "is not the currency of paymentAmount"))
            }
            (Some(currency), _) | (None, Some(currency)) => Ok(currency),
            (None, None) => Err(Malformed::whole("has neither paymentCurrency nor paymentAmount")),
        }
    }
}

impl Body for ExchangeQuoteRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.payment_currency().map(|_| ())
    }
}

object! {
    /// The present rate, for reference only: the payment binds its own.
    pub struct ExchangeQuoteAnswer {
        must {
            /// Whether there is a rate.
            result "result": Outcome,
        }
        may {
            /// The rate.
            payment_quote "paymentQuote": Quote,
            /// What the payer would pay, if an amount was given.
            pay_to_amount "payToAmount": Amount,
        }
    }
}

impl Body for ExchangeQuoteAnswer {}
