//! The present market between two currencies, for those who only want to know: shown, not promised.

use directory::Time;
use engine::Engine;
use money::Currency;
use switch::{Offer, Quote};

/// The cheapest offer in force for paying `payee` out of `payer`.
pub(crate) fn cheapest(engine: &Engine, payee: Currency, payer: Currency, now: Time) -> Option<Quote> {
    if payee == payer {
        let rate = money::Rate::identity(payee);
        return Some(Quote { number: 0, provider: None, rate, bound: now, expires: now, considered: vec![] });
    }
    let in_force = |(_, offer): &(_, &Offer)| offer.until > now && offer.size_minor > 0;
    let offers = engine.rates().of(payee, payer).filter(in_force);
    let best =
        offers.reduce(|best, other| if other.1.rate.is_cheaper_than(best.1.rate) { other } else { best });
    let (provider, offer) = best?;
    let (rate, expires) = (offer.rate, offer.until);
    Some(Quote { number: 0, provider: Some(provider), rate, bound: now, expires, considered: vec![] })
}
