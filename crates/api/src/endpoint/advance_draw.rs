//! `advances/draw`: a merchant takes what it was offered. The same request again says how the advance stands.

use directory::Role;
use engine::delivery::{Asked, Delivery, Stage};
use engine::{Input, Reply};
use wire::body::advance::{AdvanceDrawAnswer, AdvanceDrawRequest, AdvanceStage};
use wire::body::amount::MinorOrZero;
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use super::advance_consult::refused;
use crate::Api;
use crate::endpoint::amount;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<AdvanceDrawRequest, AdvanceDrawAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: AdvanceDrawAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: AdvanceDrawRequest,
) -> Result<AdvanceDrawAnswer, Outcome> {
    let asked = Asked::Draw {
        acquirer: caller.member.id,
        offer: request.offer_number.number(),
        amount: amount(&request.amount, "amount")?,
    };
    match api.gate.submit(Input::Delivery(asked)).await.map_err(busy)? {
        Reply::Delivery(delivery) => {
            let mut answer = AdvanceDrawAnswer::new(Outcome::success());
            answer.stage = Some(stage(&delivery));
            answer.owed = owed(api, &delivery).await?;
            Ok(answer)
        }
        Reply::DeliveryRefused(refusal) => Err(refused(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

fn stage(delivery: &Delivery) -> AdvanceStage {
    match delivery.stage {
        Stage::Begun => AdvanceStage::Waiting,
        Stage::Reserved | Stage::Withheld => AdvanceStage::Held,
        Stage::Done => AdvanceStage::PaidOut,
        Stage::Released => AdvanceStage::Released,
    }
}

async fn owed(api: &Api, delivery: &Delivery) -> Result<Option<MinorOrZero>, Outcome> {
    let number = delivery.begun.number;
    let owed = move |engine: &engine::Engine| {
        let advance = engine.deliveries().advances().iter().find(|advance| advance.delivery == number)?;
        MinorOrZero::try_new(advance.owed_minor()).ok()
    };
    api.gate.ask(owed).await.map_err(busy)
}
