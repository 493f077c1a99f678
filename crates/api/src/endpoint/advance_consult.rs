//! `advances/consult`: what a merchant could be advanced on its own sales, or why nothing now.

use std::sync::Arc;

use directory::Role;
use engine::delivery::{Asked, OfferAnswer, Offered};
use engine::{Input, Reply};
use receivables::codec::hex;
use runtime::wording;
use wire::body::advance::{AdvanceConsultAnswer, AdvanceConsultRequest, AdvanceOffer};
use wire::body::amount::{Count, MinorOrZero};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, List, Text};

use super::certificate_pay::hash;
use crate::Api;
use crate::endpoint::currency;
use crate::operator::sentence;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<AdvanceConsultRequest, AdvanceConsultAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: AdvanceConsultAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: AdvanceConsultRequest,
) -> Result<AdvanceConsultAnswer, Outcome> {
    let asked = Asked::Offer {
        acquirer: caller.member.id,
        merchant: Arc::from(request.reference_merchant_id.as_str()),
        currency: currency(request.currency, "currency")?,
        consent: request.consent_hash.as_ref().map(|text| hash(text.as_str(), "consentHash")).transpose()?,
    };
    match api.gate.submit(Input::Delivery(asked)).await.map_err(busy)? {
        Reply::Offer(answer) => match *answer {
            OfferAnswer::Offered(offered) => {
                let mut answer = AdvanceConsultAnswer::new(Outcome::success());
                answer.offer = view(&offered);
                Ok(answer)
            }
            OfferAnswer::Refused(refused) => {
                let sentence = "There is no offer now; a person can be asked to look again.";
                let outcome = Outcome::because(ResultCode::RiskReject, sentence);
                let mut answer = AdvanceConsultAnswer::new(outcome);
                let reasons = refused.reasons.iter().map(|reason| Text::cut(&reason.text()));
                answer.reasons = Some(List::cut(reasons));
                Ok(answer)
            }
        },
        Reply::DeliveryRefused(refusal) => Err(refused(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

/// Why something about an advance is not done, in the words of the wire.
pub(super) fn refused(refusal: engine::delivery::Refusal) -> Outcome {
    use engine::delivery::Refusal;
    let code = match refusal {
        Refusal::RepeatInconsistent => ResultCode::RepeatReqInconsistent,
        Refusal::AmountOutOfRange | Refusal::AmountZero => ResultCode::PaymentAmountExceedLimit,
        Refusal::UnknownMerchant | Refusal::UnknownOffer => ResultCode::ParamIllegal,
        _ => ResultCode::ProcessFail,
    };
    Outcome::because(code, &sentence(refusal))
}

/// An offer in the words of the wire.
pub(super) fn view(offered: &Offered) -> Option<AdvanceOffer> {
    Some(AdvanceOffer::new(
        Count::try_new(offered.number)?,
        wording::amount(offered.limit)?,
        Count::try_new(u64::from(offered.cost_ppm))?,
        Count::try_new(u64::from(offered.share_ppm))?,
        MinorOrZero::try_new(offered.cap_minor).ok()?,
        Count::try_new(u64::from(offered.score))?,
        Id::try_new(hex(&offered.version)).ok()?,
        wording::instant(offered.until),
    ))
}
