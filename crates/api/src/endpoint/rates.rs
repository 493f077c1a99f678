//! `fx/rates`: an FX provider pushes its standing offers.

use directory::{Role, Time};
use engine::Input;
use money::Rate;
use runtime::Clock;
use switch::Offer;
use wire::body::outcome::Outcome;
use wire::body::rates::{RateOffer, RateRefused, RatesAnswer, RatesRequest};
use wire::body::result_code::ResultCode;
use wire::body::scalar::List;

use crate::Api;
use crate::endpoint::currency;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<RatesRequest, RatesAnswer> = Endpoint {
    role: Some(Role::FxProvider),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: RatesAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: RatesRequest) -> Result<RatesAnswer, Outcome> {
    let now = Clock.now();
    let (mut offers, mut refused) = (Vec::new(), Vec::new());
    for offer in request.rates.iter() {
        match read(offer, caller, now) {
            Ok(offer) => offers.push(offer),
            Err(outcome) => refused.push(RateRefused::new(offer.pair, outcome)),
        }
    }
    let input = Input::Rates { provider: caller.member.id, offers };
    api.gate.submit(input).await.map_err(busy)?;
    if refused.is_empty() {
        return Ok(RatesAnswer::new(Outcome::success()));
    }
    let sentence = format!("{} of {} offers were not taken.", refused.len(), request.rates.len());
    let mut answer = RatesAnswer::new(Outcome::because(ResultCode::ParamIllegal, &sentence));
    answer.refused = Some(List::cut(refused));
    Ok(answer)
}

fn read(offer: &RateOffer, caller: &Caller, now: Time) -> Result<Offer, Outcome> {
    let base = currency(offer.pair.base, "pair")?;
    let quote = currency(offer.pair.quote, "pair")?;
    let agreement = caller.member.agreement(now);
    let covers = |currency| agreement.is_some_and(|agreement| agreement.limit(currency).is_some());
    if !covers(base) || !covers(quote) {
        return Err(Outcome::of(ResultCode::CurrencyNotSupport));
    }
    let rate = Rate::parse(base, quote, offer.price.as_str())
        .map_err(|error| Outcome::because(ResultCode::ParamIllegal, &format!("price: {error}")))?;
    let until = Time(offer.valid_until.0);
    if until <= now {
        return Err(Outcome::because(ResultCode::ParamIllegal, "validUntil is in the past."));
    }
    Ok(Offer { rate, size_minor: offer.size.units(), until })
}
