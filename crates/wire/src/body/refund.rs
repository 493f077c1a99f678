//! `refund`: an acquirer gives back a payment, whole or in part, once or several times.

use super::Body;
use super::amount::{Amount, AmountOrZero};
use super::inquire::{PaymentReference, reference};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::quote::Quote;
use super::scalar::{Flag, Id, Instant, Text, Url};

object! {
    /// Gives money back. `refundRequestId` is the idempotency key; after `U`, repeat the very same request.
    pub struct RefundRequest {
        must {
            /// The acquirer's id of the request.
            refund_request_id "refundRequestId": Id<64>,
            /// How much, in the currency that the merchant was paid in.
            refund_amount "refundAmount": Amount,
        }
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of the request that opened it.
            payment_request_id "paymentRequestId": Id<64>,
            /// The merchant's reference for the refund.
            reference_refund_id "referenceRefundId": Id<64>,
            /// Why, for the payer.
            refund_reason "refundReason": Text<256>,
            /// Where the result is to be posted.
            refund_notify_url "refundNotifyUrl": Url,
            /// Whether the answer may come later; it may anyway.
            is_async_refund "isAsyncRefund": Flag,
            /// Further facts, as the two sides agreed.
            extend_info "extendInfo": Text<2048>,
        }
        refuse {
            "captureId", "refundToBankInfo", "actualRefundAmount", "refundDetails", "refundSourceAccountNo",
            "splitDetails",
        }
    }
}

impl RefundRequest {
    /// Of which payment. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn reference(&self) -> Result<PaymentReference<'_>, Malformed> {
        reference(self.payment_id.as_ref(), self.payment_request_id.as_ref())
    }
}

impl Body for RefundRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.reference().map(|_| ())
    }
}

object! {
    /// The answer to a refund. `S`: given back. `U`: under way; it is never dropped. `F`: not given back.
    pub struct RefundAnswer {
        must {
            /// How it ended.
            result "result": Outcome,
        }
        may {
            /// The acquirer's id of the request.
            refund_request_id "refundRequestId": Id<64>,
            /// The network's id of the refund.
            refund_id "refundId": Id<64>,
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// How much is given back.
            refund_amount "refundAmount": Amount,
            /// When it was given back.
            refund_time "refundTime": Instant,
            /// What the acquirer pays, before fees.
            settlement_amount "settlementAmount": AmountOrZero,
            /// The same, as Antom's clients read it.
            gross_settlement_amount "grossSettlementAmount": AmountOrZero,
            /// The rate of it.
            settlement_quote "settlementQuote": Quote,
        }
    }
}

impl Body for RefundAnswer {}
