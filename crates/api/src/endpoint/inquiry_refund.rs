//! `inquiryRefund`: an acquirer asks what became of a refund.

use std::sync::Arc;

use directory::Role;
use runtime::number;
use wire::body::inquire::{InquiryRefundAnswer, InquiryRefundRequest, RefundReference};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::said;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<InquiryRefundRequest, InquiryRefundAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: InquiryRefundAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: InquiryRefundRequest,
) -> Result<InquiryRefundAnswer, Outcome> {
    let acquirer = caller.member.id;
    let answer = match request.reference().map_err(|malformed| Outcome::from(&malformed))? {
        RefundReference::Request(request_id) => {
            let request_id: Arc<str> = Arc::from(request_id);
            let found = move |engine: &engine::Engine| {
                let (payment, place) = engine.switch().find_refund(acquirer, &request_id)?;
                Some(said::inquiry_refund_answer(payment, place, &payment.refunds[usize::from(place)]))
            };
            api.gate.ask(found).await.map_err(busy)?
        }
        RefundReference::Refund(text) => {
            let Some((payment, place)) = number::read_refund(text) else {
                return Err(Outcome::of(ResultCode::RefundNotExist));
            };
            let found = move |engine: &engine::Engine| {
                let payment = engine.switch().payment(payment).filter(|p| p.opened.acquirer == acquirer)?;
                let refund = payment.refunds.get(usize::from(place))?;
                Some(said::inquiry_refund_answer(payment, place, refund))
            };
            api.gate.ask(found).await.map_err(busy)?
        }
    };
    answer.ok_or_else(|| Outcome::of(ResultCode::RefundNotExist))
}
