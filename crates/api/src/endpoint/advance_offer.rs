//! `advances/offer`: a funder offers a merchant an advance on its own judgement, where the score had none or a person has
//! looked again. The acquirer sees it when it consults under the same consent.

use engine::delivery::{Asked, OfferAnswer, Offered};
use engine::{Input, Reply};
use receivables::Hash;
use wire::body::advance::{AdvanceOfferAnswer, AdvanceOfferRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;

use super::advance_consult::{refused, view};
use super::certificate_pay::hash;
use crate::Api;
use crate::endpoint::amount;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<AdvanceOfferRequest, AdvanceOfferAnswer> = Endpoint {
    role: None,
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: AdvanceOfferAnswer::new,
};

async fn answer(
    api: &Api,
    caller: &Caller,
    request: AdvanceOfferRequest,
) -> Result<AdvanceOfferAnswer, Outcome> {
    let asked = Asked::Grant(Box::new(offered(caller, &request)?));
    match api.gate.submit(Input::Delivery(asked)).await.map_err(busy)? {
        Reply::Offer(offer) => {
            let mut answer = AdvanceOfferAnswer::new(Outcome::success());
            if let OfferAnswer::Offered(offered) = &*offer {
                answer.offer = view(offered);
            }
            Ok(answer)
        }
        Reply::DeliveryRefused(refusal) => Err(refused(refusal)),
        _ => Err(Outcome::of(ResultCode::UnknownException)),
    }
}

/// What is asked; number and validity are the engine's. No table has judged it.
fn offered(caller: &Caller, request: &AdvanceOfferRequest) -> Result<Offered, Outcome> {
    let acquirer = request.acquirer.as_str();
    let unknown =
        || Outcome::because(ResultCode::ParamIllegal, &format!("acquirer is {acquirer}, who is no member."));
    let acquirer = caller.directory.member_by_client(acquirer).ok_or_else(unknown)?.id;
    let reference = request.reference_merchant_id.as_str();
    let merchant = caller.directory.merchant_by_reference(acquirer, reference);
    let merchant = merchant.ok_or_else(|| refused(engine::delivery::Refusal::UnknownMerchant))?.id;
    let ppm = |number: u64| u32::try_from(number).map_err(|_| Outcome::of(ResultCode::ParamIllegal));
    Ok(Offered {
        number: 0,
        acquirer,
        merchant,
        funder: caller.member.id,
        consent: hash(request.consent_hash.as_str(), "consentHash")?,
        limit: amount(&request.limit, "limit")?,
        cost_ppm: ppm(request.cost_ppm.number())?,
        share_ppm: ppm(request.share_ppm.number())?,
        cap_minor: request.cap_per_day.units(),
        score: 0,
        version: Hash::default(),
        until: directory::Time(0),
    })
}
