//! `confirm`: a wallet's user has agreed and authenticated; the network reserves both currencies and says "debit now".
//! So no wallet debits anybody for a payment that the network cannot fund.

use super::Body;
use super::amount::Amount;
use super::outcome::Outcome;
use super::quote::Quote;
use super::scalar::{Id, Instant};

object! {
    /// The payer agreed. Repeating it is harmless.
    pub struct ConfirmRequest {
        must {
            /// The network's id of the payment, from the scan.
            payment_id "paymentId": Id<64>,
        }
        may {
            /// The quote that the payer was shown; absent accepts the present one.
            quote_id "quoteId": Id<64>,
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
        }
    }
}

impl Body for ConfirmRequest {}

object! {
    /// `S`: reserved, debit `payToAmount` now and report with `notifyPayment` before `paymentExpiryTime`. Anything else:
    /// debit nobody.
    pub struct ConfirmAnswer {
        must {
            /// Whether both currencies are reserved.
            result "result": Outcome,
        }
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// What the merchant is paid.
            payment_amount "paymentAmount": Amount,
            /// What the payer is to be debited, and the wallet owes the network.
            pay_to_amount "payToAmount": Amount,
            /// The rate between the two.
            payment_quote "paymentQuote": Quote,
            /// When the reservation ends: a debit that is not reported by then is cancelled.
            payment_expiry_time "paymentExpiryTime": Instant,
        }
    }
}

impl Body for ConfirmAnswer {}
