//! `notifyPayment`, in both directions: the network tells an acquirer how a payment ended, and a wallet tells the
//! network how its debit ended.

use super::Body;
use super::amount::{Amount, AmountOrZero};
use super::malformed::Malformed;
use super::outcome::Outcome;
use super::pay::PspCustomerInfo;
use super::quote::Quote;
use super::result_code::ResultStatus;
use super::scalar::{Id, Instant, Text};
use crate::key::ClientId;

words! {
    /// What a notice is about, as Antom's clients read it.
    pub enum NotifyType {
        /// How a payment ended.
        PaymentResult = "PAYMENT_RESULT",
    }
}

object! {
    /// The network tells an acquirer how a payment ended: `S` or `F`, never `U`.
    pub struct NotifyAcquirerRequest {
        must {
            /// What the notice is about.
            notify_type "notifyType": NotifyType,
            /// How the payment ended, as Antom's clients read it.
            result "result": Outcome,
            /// How the payment ended.
            payment_result "paymentResult": Outcome,
            /// The id of the request that opened it.
            payment_request_id "paymentRequestId": Id<64>,
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// What is paid.
            payment_amount "paymentAmount": Amount,
        }
        may {
            /// When the payment was opened.
            payment_create_time "paymentCreateTime": Instant,
            /// When it was paid.
            payment_time "paymentTime": Instant,
            /// The wallet's client id.
            psp_id "pspId": ClientId,
            /// The wallet's name for people.
            wallet_brand_name "walletBrandName": Text<128>,
            /// The wallet's reference for the payer.
            customer_id "customerId": Id<64>,
            /// Who paid, as Antom's clients read it.
            psp_customer_info "pspCustomerInfo": PspCustomerInfo,
            /// What the acquirer receives, before fees.
            settlement_amount "settlementAmount": AmountOrZero,
            /// The same, as Antom's clients read it.
            gross_settlement_amount "grossSettlementAmount": AmountOrZero,
            /// The rate between what is paid and what the acquirer receives.
            settlement_quote "settlementQuote": Quote,
            /// What the acquirer passed along.
            pass_through_info "passThroughInfo": Text<20000>,
        }
    }
}

impl NotifyAcquirerRequest {
    /// A notice of how a payment ended.
    #[must_use]
    pub fn of(
        payment_result: Outcome,
        payment_request_id: Id<64>,
        payment_id: Id<64>,
        payment_amount: Amount,
    ) -> NotifyAcquirerRequest {
        let result = payment_result.clone();
        let about = NotifyType::PaymentResult;
        NotifyAcquirerRequest::new(
            about,
            result,
            payment_result,
            payment_request_id,
            payment_id,
            payment_amount,
        )
    }
}

impl Body for NotifyAcquirerRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        final_only(&self.payment_result)
    }
}

object! {
    /// A wallet tells the network how the debit ended: `S` or `F`, never `U`. Repeating it is harmless.
    pub struct NotifyNetworkRequest {
        must {
            /// The network's id of the payment.
            payment_id "paymentId": Id<64>,
            /// How the debit ended.
            payment_result "paymentResult": Outcome,
        }
        may {
            /// When the payer was debited.
            payment_time "paymentTime": Instant,
            /// The wallet's own id of the debit.
            psp_payment_id "pspPaymentId": Id<64>,
            /// What the payer was debited.
            pay_to_amount "payToAmount": Amount,
        }
    }
}

impl Body for NotifyNetworkRequest {
    fn coherent(&self) -> Result<(), Malformed> {
        final_only(&self.payment_result)
    }
}

fn final_only(result: &Outcome) -> Result<(), Malformed> {
    match result.status {
        ResultStatus::Unknown => {
            Err(Malformed::field("paymentResult.resultStatus", "is U: a notice says only how it ended"))
        }
        ResultStatus::Success | ResultStatus::Failure => Ok(()),
    }
}

object! {
    /// The answer to a notice. Anything but `S` has it sent again later.
    pub struct NotifyAnswer {
        must {
            /// Whether the notice was taken.
            result "result": Outcome,
        }
        may {}
    }
}

impl Body for NotifyAnswer {}
