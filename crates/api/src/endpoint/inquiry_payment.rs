//! `inquiryPayment`: an acquirer asks what became of a payment.

use directory::Role;
use wire::body::inquire::{InquiryAnswer, InquiryRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::endpoint::reference;
use crate::said;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<InquiryRequest, InquiryAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: InquiryAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: InquiryRequest) -> Result<InquiryAnswer, Outcome> {
    let reference = reference(request.reference().map_err(|malformed| Outcome::from(&malformed))?)?;
    let acquirer = caller.member.id;
    let found = api
        .gate
        .ask(move |engine| engine.switch().find(acquirer, &reference).cloned())
        .await
        .map_err(busy)?;
    let payment = found.ok_or_else(|| Outcome::of(ResultCode::OrderNotExist))?;
    Ok(said::inquiry_answer(&payment, &caller.directory))
}
