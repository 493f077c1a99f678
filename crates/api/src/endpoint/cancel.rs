//! `cancelPayment`, or `cancel`: an acquirer takes a payment back. Durable when it is answered, whatever the wallet
//! says.

use directory::Role;
use engine::{Input, Reply};
use runtime::{number, wording};
use wire::body::cancel::{CancelAnswer, CancelRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::endpoint::reference;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<CancelRequest, CancelAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: CancelAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: CancelRequest) -> Result<CancelAnswer, Outcome> {
    let reference = reference(request.reference().map_err(|malformed| Outcome::from(&malformed))?)?;
    let input = Input::Switch(switch::Input::Cancel { acquirer: caller.member.id, reference });
    match api.gate.submit(input).await.map_err(busy)? {
        // Taken back, or there was nothing to take: either way the merchant is not paid and nobody owes anything.
        Reply::Payment(payment) if payment.stage.is_final() => {
            let mut answer = CancelAnswer::new(Outcome::success());
            answer.payment_id = Some(wording::id(&number::payment(payment.id())));
            answer.payment_request_id = payment.opened.request_id.as_deref().map(wording::id);
            answer.cancel_time = Some(wording::instant(payment.since));
            Ok(answer)
        }
        Reply::Refused(refusal) => Err(wording::refusal(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}
