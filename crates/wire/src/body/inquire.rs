//! `inquiryPayment` and `inquiryRefund`: what became of a payment or refund. Two results: whether the question was
//! answered, and how the payment stands.

use super::Body;
use super::amount::{Amount, AmountOrZero};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::pay::{PspCustomerInfo, RedirectActionForm};
use super::quote::Quote;
use super::result_code::{ResultCode, ResultStatus};
use super::scalar::{Id, Instant, List, Text};
use crate::key::ClientId;

/// How a request names a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentReference<'a> {
    /// By the network's id.
    Payment(&'a str),
    /// By the id of the request that opened it.
    Request(&'a str),
}

/// The network's id counts when both are given.
pub(super) fn reference<'a>(
    payment_id: Option<&'a Id<64>>,
    payment_request_id: Option<&'a Id<64>>,
) -> Result<PaymentReference<'a>, Malformed> {
    match (payment_id, payment_request_id) {
        (Some(id), _) => Ok(PaymentReference::Payment(id)),
        (None, Some(id)) => Ok(PaymentReference::Request(id)),
        (None, None) => Err(Malformed::whole("has neither paymentId nor paymentRequestId")),
    }
}

object! {
    /// Asks what became of a payment, by either id; the network's counts when both are given.
    pub struct InquiryRequest {
        must {}
        may {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// The id of the request that opened it.
            payment_request_id "paymentRequestId": Id<64>,
        }
    }
}

impl InquiryRequest {
    /// Which payment. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn reference(&self) -> Result<PaymentReference<'_>, Malformed> {
        reference(self.payment_id.as_ref(), self.payment_request_id.as_ref())
    }
}

impl Body for InquiryRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.reference().map(|_| ())
    }
}

words! {
    /// How a payment or refund stands, as Antom's clients read it.
    pub enum TransactionStatus {
        /// Paid.
        Success = "SUCCESS",
        /// Not paid, for good.
        Fail = "FAIL",
        /// Waiting.
        Processing = "PROCESSING",
        /// Cancelled.
        Cancelled = "CANCELLED",
        /// Accepted, and not yet begun.
        Pending = "PENDING",
    }
}

words! {
    /// What a transaction did.
    pub enum TransactionType {
        /// Paid.
        Payment = "PAYMENT",
        /// Gave money back.
        Refund = "REFUND",
        /// Took the payment back.
        Cancel = "CANCEL",
    }
}

impl TransactionStatus {
    /// The status that goes with a payment's result.
    #[must_use]
    pub fn of(result: &Outcome) -> TransactionStatus {
        match (result.status, result.known_code()) {
            (ResultStatus::Success, _) => TransactionStatus::Success,
            (ResultStatus::Failure, Some(ResultCode::OrderIsClosed)) => TransactionStatus::Cancelled,
            (ResultStatus::Failure, _) => TransactionStatus::Fail,
            (ResultStatus::Unknown, _) => TransactionStatus::Processing,
        }
    }
}

object! {
    /// What happened to a payment after it was paid.
    pub struct Transaction {
        must {
            /// How it stands.
            transaction_result "transactionResult": Outcome,
            /// The network's id of it.
            transaction_id "transactionId": Id<64>,
            /// What it did.
            transaction_type "transactionType": TransactionType,
            /// How it stands, as a word.
            transaction_status "transactionStatus": TransactionStatus,
            /// How much it moved.
            transaction_amount "transactionAmount": Amount,
        }
        may {
            /// The acquirer's id of it.
            transaction_request_id "transactionRequestId": Id<64>,
            /// When it was done.
            transaction_time "transactionTime": Instant,
        }
    }
}

object! {
    /// What became of a payment. `result` says whether the question was answered; `paymentResult`, or for Antom's clients
    /// `paymentStatus`, says how the payment stands. A cancelled payment is `F` with `ORDER_IS_CLOSED`.
    pub struct InquiryAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// How the payment stands.
            payment_result "paymentResult": Outcome,
            /// The same, as a word.
            payment_status "paymentStatus": TransactionStatus,
            /// The same, as the result code alone.
            payment_result_code "paymentResultCode": Text<64>,
            /// The same, as a sentence.
            payment_result_message "paymentResultMessage": Text<256>,
            /// The id of the request that opened it.
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
            /// Entry code: where the payer goes on.
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
            /// What the payer paid with.
            payment_method_type "paymentMethodType": Text<64>,
            /// Refunds and the cancel.
            transactions "transactions": List<Transaction, 200>,
            /// What the acquirer passed along.
            pass_through_info "passThroughInfo": Text<20000>,
        }
    }
}

impl InquiryAnswer {
    /// An answered question: the payment's result in the forms that both path families read.
    #[must_use]
    pub fn answered(payment_result: Outcome) -> InquiryAnswer {
        InquiryAnswer {
            payment_status: Some(TransactionStatus::of(&payment_result)),
            payment_result_code: Some(payment_result.code.clone()),
            payment_result_message: payment_result.message.clone(),
            payment_result: Some(payment_result),
            ..InquiryAnswer::new(Outcome::success())
        }
    }
}

impl Body for InquiryAnswer {}

object! {
    /// Asks what became of a refund, by either id; the network's counts when both are given.
    pub struct InquiryRefundRequest {
        must {}
        may {
            /// The network's id of the refund.
            refund_id "refundId": Id<64>,
            /// The acquirer's id of the refund request.
            refund_request_id "refundRequestId": Id<64>,
        }
    }
}

/// How a request names a refund.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefundReference<'a> {
    /// By the network's id.
    Refund(&'a str),
    /// By the id of the request that opened it.
    Request(&'a str),
}

impl InquiryRefundRequest {
    /// Which refund. `Err` when the request does not say, which [`Body::coherent`] has refused already.
    pub fn reference(&self) -> Result<RefundReference<'_>, Malformed> {
        match (&self.refund_id, &self.refund_request_id) {
            (Some(id), _) => Ok(RefundReference::Refund(id)),
            (None, Some(id)) => Ok(RefundReference::Request(id)),
            (None, None) => Err(Malformed::whole("has neither refundId nor refundRequestId")),
        }
    }
}

impl Body for InquiryRefundRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        self.reference().map(|_| ())
    }
}

object! {
    /// What became of a refund. `result` says whether the question was answered; `refundResult`, or for Antom's clients
    /// `refundStatus`, says how the refund stands.
    pub struct InquiryRefundAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// How the refund stands.
            refund_result "refundResult": Outcome,
            /// The same, as a word.
            refund_status "refundStatus": TransactionStatus,
            /// The network's id of the refund.
            refund_id "refundId": Id<64>,
            /// The acquirer's id of the refund request.
            refund_request_id "refundRequestId": Id<64>,
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

impl InquiryRefundAnswer {
    /// An answered question: the refund's result in the forms that both path families read.
    #[must_use]
    pub fn answered(refund_result: Outcome) -> InquiryRefundAnswer {
        InquiryRefundAnswer {
            refund_status: Some(TransactionStatus::of(&refund_result)),
            refund_result: Some(refund_result),
            ..InquiryRefundAnswer::new(Outcome::success())
        }
    }
}

impl Body for InquiryRefundAnswer {}
