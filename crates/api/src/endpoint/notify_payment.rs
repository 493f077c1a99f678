//! `notifyPayment`: a wallet tells how a debit ended.

use directory::Role;
use engine::{Input, Reply};
use runtime::{number, wording};
use switch::Outcome as Said;
use wire::body::notify::{NotifyAnswer, NotifyNetworkRequest};
use wire::body::outcome::{Outcome, Verdict};
use wire::body::result_code::ResultCode;

use crate::Api;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<NotifyNetworkRequest, NotifyAnswer> = Endpoint {
    role: Some(Role::Wallet),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: NotifyAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: NotifyNetworkRequest) -> Result<NotifyAnswer, Outcome> {
    let payment =
        number::read_payment(&request.payment_id).ok_or_else(|| Outcome::of(ResultCode::OrderNotExist))?;
    let outcome = match request.payment_result.verdict() {
        Verdict::Done => Said::Done,
        Verdict::Failed(code) => Said::Declined(wording::decline_of(code)),
        Verdict::Unknown => {
            let sentence = "paymentResult.resultStatus and resultCode contradict each other.";
            return Err(Outcome::because(ResultCode::ParamIllegal, sentence));
        }
    };
    let said = switch::Input::WalletSaid { wallet: caller.member.id, payment, outcome };
    match api.gate.submit(Input::Switch(said)).await.map_err(busy)? {
        Reply::Payment(_) => Ok(NotifyAnswer::new(Outcome::success())),
        Reply::Refused(refusal) => Err(wording::refusal(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}
