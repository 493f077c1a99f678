//! What the network asks of a wallet: to debit, to say what became of it, to take it back, to give money back. Each
//! request carries ids that derive from the payment, so that repeating it is harmless.

use super::Body;
use super::amount::{Amount, AmountOrZero, Count};
use super::inquire::{PaymentReference, reference};
use super::malformed::Malformed;
use super::order::{Order, PaymentFactor, PaymentMethod};
use super::outcome::Outcome;
use super::quote::Quote;
use super::scalar::{Id, Instant, Text};
use crate::key::ClientId;

object! {
    /// The network asks a wallet to debit its user, who showed the code. `paymentId` is the idempotency key.
    pub struct WalletPayRequest {
        must {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of this request; derives from the payment.
            payment_request_id "paymentRequestId": Id<64>,
            /// What is bought, and who sells.
            order "order": Order,
            /// What the merchant is paid.
            payment_amount "paymentAmount": Amount,
            /// What the payer is to be debited, and the wallet owes the network.
            pay_to_amount "payToAmount": Amount,
            /// The code that the payer showed.
            payment_method "paymentMethod": PaymentMethod,
            /// The circumstances.
            payment_factor "paymentFactor": PaymentFactor,
        }
        may {
            /// The rate between the two amounts.
            payment_quote "paymentQuote": Quote,
            /// When the network stops waiting and cancels.
            payment_expiry_time "paymentExpiryTime": Instant,
            /// The acquirer's client id.
            acquirer_id "acquirerId": ClientId,
        }
    }
}

impl Body for WalletPayRequest {}

object! {
    /// A wallet's answer to a debit. `S`: debited. `F`: not debited, and it never will be. `U`: not known yet.
    pub struct WalletPayAnswer {
        must {
            /// How the debit ended.
            result "result": Outcome,
        }
        may {
            /// The wallet's own id of the debit.
            psp_payment_id "pspPaymentId": Id<64>,
            /// When the payer was debited.
            payment_time "paymentTime": Instant,
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
            /// With `U`: in how many seconds to ask.
            retry_after "retryAfter": Count<1, 60>,
        }
    }
}

impl Body for WalletPayAnswer {}

object! {
    /// The network asks a wallet what became of a debit.
    pub struct WalletInquiryRequest {
        must {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
        }
        may {
            /// The id of the debit request.
            payment_request_id "paymentRequestId": Id<64>,
        }
    }
}

impl Body for WalletInquiryRequest {}

object! {
    /// What became of a debit. A wallet that never saw the payment answers `result` `S` and `paymentResult` `F` with
    /// `ORDER_NOT_EXIST`, and then must not debit for it any more.
    pub struct WalletInquiryAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// How the debit stands.
            payment_result "paymentResult": Outcome,
            /// The wallet's own id of the debit.
            psp_payment_id "pspPaymentId": Id<64>,
            /// When the payer was debited.
            payment_time "paymentTime": Instant,
            /// With `U`: in how many seconds to ask again.
            retry_after "retryAfter": Count<1, 60>,
        }
    }
}

impl Body for WalletInquiryAnswer {}

object! {
    /// The network takes a payment back; the wallet must accept, whatever its own state, and give the payer's money back.
    pub struct WalletCancelRequest {
        must {}
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of the debit request.
            payment_request_id "paymentRequestId": Id<64>,
        }
    }
}

impl WalletCancelRequest {
    /// Which payment. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn reference(&self) -> Result<PaymentReference<'_>, Malformed> {
        reference(self.payment_id.as_ref(), self.payment_request_id.as_ref())
    }
}

impl Body for WalletCancelRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.reference().map(|_| ())
    }
}

object! {
    /// The network asks a wallet to give money back to its user. `refundRequestId` is the idempotency key.
    pub struct WalletRefundRequest {
        must {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of this request; derives from the refund.
            refund_request_id "refundRequestId": Id<64>,
            /// The network's id of the refund.
            refund_id "refundId": Id<64>,
            /// What the merchant gives back.
            refund_amount "refundAmount": Amount,
            /// What the payer receives, and the network owes the wallet; zero when a small refund rounds to nothing.
            refund_from_amount "refundFromAmount": AmountOrZero,
        }
        may {
            /// The rate between the two.
            refund_quote "refundQuote": Quote,
            /// Why, for the payer.
            refund_reason "refundReason": Text<256>,
        }
    }
}

impl Body for WalletRefundRequest {}

object! {
    /// A wallet's answer to a refund. `U`: repeated later with the same id until it ends.
    pub struct WalletRefundAnswer {
        must {
            /// How it ended.
            result "result": Outcome,
        }
        may {
            /// The wallet's own id of the refund.
            psp_refund_id "pspRefundId": Id<64>,
            /// When the payer received it.
            refund_time "refundTime": Instant,
        }
    }
}

impl Body for WalletRefundAnswer {}
