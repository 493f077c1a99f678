//! `cancelPayment` (`cancel` at Antom): an acquirer takes a payment back whole, whatever its state.

use super::Body;
use super::inquire::{PaymentReference, reference};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::scalar::{Id, Instant};

object! {
    /// Takes a payment back, by either id; the network's counts when both are given. Repeating it is harmless.
    pub struct CancelRequest {
        must {}
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of the request that opened it.
            payment_request_id "paymentRequestId": Id<64>,
        }
    }
}

impl CancelRequest {
    /// Which payment. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn reference(&self) -> Result<PaymentReference<'_>, Malformed> {
        reference(self.payment_id.as_ref(), self.payment_request_id.as_ref())
    }
}

impl Body for CancelRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.reference().map(|_| ())
    }
}

object! {
    /// The answer to a cancel. `S`: the merchant is not paid and nobody owes anything for it.
    pub struct CancelAnswer {
        must {
            /// How it ended.
            result "result": Outcome,
        }
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of the request that opened it.
            payment_request_id "paymentRequestId": Id<64>,
            /// When it was cancelled.
            cancel_time "cancelTime": Instant,
        }
    }
}

impl Body for CancelAnswer {}
