//! `refund`: an acquirer gives money back. The answer waits for the wallet, as long as the caller does.

use std::sync::Arc;

use directory::Role;
use engine::{Input, Reply};
use runtime::wording;
use switch::RefundAsked;
use wire::body::outcome::Outcome;
use wire::body::refund::{RefundAnswer, RefundRequest};
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::endpoint::{amount, reference};
use crate::said;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<RefundRequest, RefundAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: RefundAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: RefundRequest) -> Result<RefundAnswer, Outcome> {
    let acquirer = caller.member.id;
    let request_id: Arc<str> = Arc::from(request.refund_request_id.as_str());
    let asked = RefundAsked {
        acquirer,
        reference: reference(request.reference().map_err(|malformed| Outcome::from(&malformed))?)?,
        request_id: request_id.clone(),
        amount: amount(&request.refund_amount, "refundAmount")?,
    };
    let reply = api.gate.submit_until_final(Input::Switch(switch::Input::Refund(asked))).map_err(busy)?;
    match tokio::time::timeout_at(caller.answer_by.into(), reply).await {
        Ok(reply) => match reply.map_err(|_| busy(runtime::Busy))? {
            Reply::Refund(payment, place) => {
                Ok(said::refund_answer(&payment, place, &payment.refunds[usize::from(place)]))
            }
            Reply::Refused(refusal) => Err(wording::refusal(refusal)),
            _ => Err(Outcome::of(ResultCode::UnknownException)),
        },
        Err(_) => {
            let found = move |engine: &engine::Engine| {
                let (payment, place) = engine.switch().find_refund(acquirer, &request_id)?;
                Some(said::refund_answer(payment, place, &payment.refunds[usize::from(place)]))
            };
            let answer = api.gate.ask(found).await.map_err(busy)?;
            answer.ok_or_else(|| Outcome::of(ResultCode::UnknownException))
        }
    }
}
