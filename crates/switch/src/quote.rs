//! The FX providers' standing offers, and the choice of one for a payment, with the reasons kept.

use std::collections::BTreeMap;

use directory::{MemberId, Role, Time};
use money::{Amount, Currency, Rate, Rounding};

use crate::clock::QUOTE_LEFT_MIN_MS;
use crate::funds;
use crate::payment::{Considered, OfferOutcome, Quote};
use crate::switch::Context;

/// Offers weighed for one payment; a pair with more providers than this is weighed by the cheapest of them.
pub const CONSIDERED_MAX: usize = 8;

/// A provider's offer to sell `rate.base()` for `rate.quote()`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// Payer's units for one unit of the payee's currency.
    pub rate: Rate,
    /// How much it will take at this price, in minor units of the payer's currency.
    pub size_minor: u64,
    /// Until when.
    pub until: Time,
}

/// Offers in force. They are not facts: a quote is one when it is bound, and providers push anew after a restart.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// By payee's currency, payer's currency, provider.
    offers: BTreeMap<(Currency, Currency, MemberId), Offer>,
}

impl Rates {
    /// A provider's offer for a pair replaces its last one.
    pub fn push(&mut self, provider: MemberId, offer: Offer) {
        self.offers.insert((offer.rate.base(), offer.rate.quote(), provider), offer);
    }

    /// A payment was bound to an offer, which is smaller from now on.
    pub fn take(&mut self, quote: &Quote, payer_amount: Amount) {
        let Some(provider) = quote.provider else { return };
        if let Some(offer) = self.offers.get_mut(&(quote.rate.base(), quote.rate.quote(), provider))
            && offer.rate == quote.rate
        {
            offer.size_minor = offer.size_minor.saturating_sub(payer_amount.minor);
        }
    }

    /// The offers for a pair, by provider.
    pub fn of(&self, base: Currency, quote: Currency) -> impl Iterator<Item = (MemberId, &Offer)> {
        let pair = (base, quote, MemberId(0))..=(base, quote, MemberId(u32::MAX));
        self.offers.range(pair).map(|((_, _, provider), offer)| (*provider, offer))
    }

    /// All offers.
    pub fn all(&self) -> impl Iterator<Item = (MemberId, &Offer)> {
        self.offers.iter().map(|((_, _, provider), offer)| (*provider, offer))
    }
}

/// Binds the cheapest executable offer for paying `amount` out of `payer`, for at most `lifetime_ms`.
pub(crate) fn choose(
    ctx: &Context<'_>,
    amount: Amount,
    payer: Currency,
    number: u32,
    lifetime_ms: u64,
) -> Option<Quote> {
    let latest = ctx.now.plus_ms(lifetime_ms);
    if amount.currency == payer {
        let rate = Rate::identity(payer);
        return Some(Quote {
            number,
            provider: None,
            rate,
            bound: ctx.now,
            expires: latest,
            considered: vec![],
        });
    }
    let mut offers: Vec<(MemberId, &Offer)> = ctx.rates.of(amount.currency, payer).collect();
    offers.sort_by(|(_, a), (_, b)| match (a.rate.is_cheaper_than(b.rate), b.rate.is_cheaper_than(a.rate)) {
        (true, _) => std::cmp::Ordering::Less,
        (_, true) => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Equal,
    });
    let mut chosen: Option<(MemberId, &Offer)> = None;
    let mut considered = Vec::with_capacity(offers.len().min(CONSIDERED_MAX));
    for (provider, offer) in offers.into_iter().take(CONSIDERED_MAX) {
        let outcome = match weigh(ctx, amount, provider, offer) {
            OfferOutcome::Chosen if chosen.is_some() => OfferOutcome::Dearer,
            outcome => outcome,
        };
        if outcome == OfferOutcome::Chosen {
            chosen = Some((provider, offer));
        }
        considered.push(Considered { provider, rate: offer.rate, outcome });
    }
    let (provider, offer) = chosen?;
    let expires = offer.until.min(latest);
    Some(Quote { number, provider: Some(provider), rate: offer.rate, bound: ctx.now, expires, considered })
}

/// Whether an offer could carry the payment: `Chosen` means it could.
fn weigh(ctx: &Context<'_>, amount: Amount, provider: MemberId, offer: &Offer) -> OfferOutcome {
    let member = ctx.directory.member(provider).filter(|m| m.is_active() && m.role == Role::FxProvider);
    let agreement = member.and_then(|member| member.agreement(ctx.now));
    let covers = |currency| agreement.is_some_and(|agreement| agreement.limit(currency).is_some());
    if !covers(offer.rate.base()) || !covers(offer.rate.quote()) {
        return OfferOutcome::NotAgreed;
    }
    if offer.until < ctx.now.plus_ms(QUOTE_LEFT_MIN_MS) {
        return OfferOutcome::EndsTooSoon;
    }
    match offer.rate.convert(amount, Rounding::HalfEven) {
        Ok(payer_amount) if payer_amount.minor <= offer.size_minor => {}
        _ => return OfferOutcome::TooSmall,
    }
    if funds::available(ctx.book, provider, amount.currency) < u128::from(amount.minor) {
        return OfferOutcome::NoLiquidity;
    }
    OfferOutcome::Chosen
}
