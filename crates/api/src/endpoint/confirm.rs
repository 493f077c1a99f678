//! `confirm`: a wallet's user has agreed; both currencies are reserved before the wallet hears "debit now".

use directory::Role;
use engine::{Input, Reply};
use runtime::{number, wording};
use switch::{Confirm, Payment, Stage, clock};
use wire::body::confirm::{ConfirmAnswer, ConfirmRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<ConfirmRequest, ConfirmAnswer> = Endpoint {
    role: Some(Role::Wallet),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: ConfirmAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: ConfirmRequest) -> Result<ConfirmAnswer, Outcome> {
    let unknown = || Outcome::of(ResultCode::OrderNotExist);
    let payment = number::read_payment(&request.payment_id).ok_or_else(unknown)?;
    let quote = match &request.quote_id {
        None => None,
        Some(text) => match number::read_quote(text) {
            Some((of, quote)) if of == payment => Some(quote),
            _ => return Err(Outcome::of(ResultCode::QuoteExpired)),
        },
    };
    let confirm = Confirm { wallet: caller.member.id, payment, quote };
    match api.gate.submit(Input::Switch(switch::Input::Confirm(confirm))).await.map_err(busy)? {
        Reply::Payment(payment) => Ok(said(&payment)),
        Reply::Refused(refusal) => Err(wording::refusal(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

fn said(payment: &Payment) -> ConfirmAnswer {
    let result = match payment.stage {
        // Asked to debit, or known to have debited: the answer to a repeat is the same.
        Stage::Sent | Stage::InDoubt | Stage::Succeeded => Outcome::success(),
        // The quote would have ended before the payment could: here is a new one to show.
        Stage::Quoted => Outcome::of(ResultCode::QuoteExpired),
        Stage::CodeIssued | Stage::Reserved => Outcome::of(ResultCode::OrderStatusInvalid),
        Stage::Failed | Stage::Rejected | Stage::Expired | Stage::Cancelled => wording::outcome(payment),
    };
    let mut answer = ConfirmAnswer::new(result);
    answer.payment_id = Some(wording::id(&number::payment(payment.id())));
    answer.payment_amount = wording::amount(payment.opened.amount);
    answer.pay_to_amount = payment.terms.as_ref().and_then(|terms| wording::amount(terms.payer_amount));
    answer.payment_quote = wording::quote(payment);
    let reserved_until = payment.sent_at.map(|sent| sent.plus_ms(clock::SENT_LIMIT_MS));
    answer.payment_expiry_time = Some(wording::instant(reserved_until.unwrap_or(payment.opened.expires)));
    answer
}
