//! First offers to merchants without collateral: what a funder lends on what terms, the score of the merchant's own
//! sales, and the offer that may be drawn. Nothing is looked at without the merchant's consent.

use std::sync::Arc;

use directory::{MemberId, MerchantId, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::score::{self, Consent, Decision, Lending, Refused};

use super::asked::agreed;
use super::sales::day_of;
use super::{Context, Deliveries, Event, Refusal, history};

/// How long an offer can be drawn.
const OFFER_MS: u64 = 7 * 86_400_000;

/// The terms on which a funder lends to merchants in one currency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mandate {
    /// The funder.
    pub funder: MemberId,
    /// What it lends at most to all merchants together.
    pub lent_max: Amount,
    /// Largest advance to one merchant, in minor units.
    pub largest_minor: u64,
    /// Smallest advance, in minor units.
    pub smallest_minor: u64,
    /// Cost of an advance, once, in millionths of it.
    pub cost_ppm: u32,
    /// Until when.
    pub until: Time,
}

/// An advance that a merchant may draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offered {
    /// Counts offers from 1.
    pub number: u64,
    /// The merchant's acquirer.
    pub acquirer: MemberId,
    /// The merchant.
    pub merchant: MerchantId,
    /// Who lends.
    pub funder: MemberId,
    /// Hash of the merchant's consent.
    pub consent: Hash,
    /// The largest advance.
    pub limit: Amount,
    /// Cost, once, in millionths of what is drawn.
    pub cost_ppm: u32,
    /// Share of sales that repays it.
    pub share_ppm: u32,
    /// Most that is taken of one day's sales, in minor units.
    pub cap_minor: u64,
    /// Points of [`receivables::score::SCORE_MAX`].
    pub score: u32,
    /// Version of the points table.
    pub version: Hash,
    /// Until when it may be drawn.
    pub until: Time,
}

/// What a merchant that asks for an offer is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OfferAnswer {
    /// It may draw this.
    Offered(Arc<Offered>),
    /// Not now, for these reasons.
    Refused(Refused),
}

/// An answer, and the fact that it may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferMade {
    /// What the merchant is told.
    pub answer: OfferAnswer,
    /// The offer, if it is new.
    pub fact: Option<Event>,
}

impl Deliveries {
    pub(super) fn mandated(&self, ctx: &Context<'_>, mandate: &Mandate) -> Result<Option<Event>, Refusal> {
        if mandate.lent_max.is_zero() || mandate.largest_minor == 0 || mandate.cost_ppm > 1_000_000 {
            return Err(Refusal::AmountZero);
        }
        agreed(ctx, mandate.funder, mandate.lent_max.currency)?;
        let known = self.mandates.get(&(mandate.funder, mandate.lent_max.currency));
        Ok((known != Some(mandate)).then(|| Event::Mandated(mandate.clone())))
    }

    /// The first offer that was made under a consent.
    pub(super) fn offer_under(&self, consent: &Hash) -> Option<&Arc<Offered>> {
        self.offers.iter().find(|known| known.consent == *consent)
    }

    /// A funder's own offer.
    pub(super) fn granted(&self, ctx: &Context<'_>, asked: &Offered) -> Result<Option<Event>, Refusal> {
        if let Some(known) = self.offer_under(&asked.consent) {
            let same = Offered { number: known.number, until: known.until, ..asked.clone() };
            return if same == **known { Ok(None) } else { Err(Refusal::RepeatInconsistent) };
        }
        let mandate = self.mandates.get(&(asked.funder, asked.limit.currency));
        let mandate = mandate.filter(|mandate| ctx.now < mandate.until).ok_or(Refusal::NoFunder)?;
        let merchant =
            ctx.directory.merchant(asked.merchant).filter(|known| known.acquirer == asked.acquirer);
        merchant.ok_or(Refusal::UnknownMerchant)?;
        let shares = (1..=1_000_000).contains(&asked.share_ppm) && asked.cost_ppm <= 1_000_000;
        if asked.limit.is_zero()
            || asked.limit.minor > mandate.largest_minor
            || !shares
            || asked.cap_minor == 0
        {
            return Err(Refusal::AmountOutOfRange);
        }
        agreed(ctx, asked.acquirer, asked.limit.currency)?;
        agreed(ctx, asked.funder, asked.limit.currency)?;
        let (number, until) = (self.offers.len() as u64 + 1, ctx.now.plus_ms(OFFER_MS).min(mandate.until));
        Ok(Some(Event::Offered(Arc::new(Offered { number, until, ..asked.clone() }))))
    }

    /// What a merchant could be advanced: its standing offer under the same consent, or a new one, or reasons.
    pub(crate) fn offered(
        &self,
        ctx: &Context<'_>,
        acquirer: MemberId,
        reference: &str,
        currency: Currency,
        consent: Option<Hash>,
    ) -> Result<OfferMade, Refusal> {
        let merchant = ctx.directory.merchant_by_reference(acquirer, reference);
        let merchant = merchant.ok_or(Refusal::UnknownMerchant)?;
        agreed(ctx, acquirer, currency)?;
        let stands = |offered: &&Arc<Offered>| {
            offered.merchant == merchant.id
                && offered.limit.currency == currency
                && Some(offered.consent) == consent
                && ctx.now < offered.until
        };
        if let Some(standing) = self.offers.iter().rev().find(stands) {
            return Ok(OfferMade { answer: OfferAnswer::Offered(standing.clone()), fact: None });
        }
        let mandate = self.cheapest(ctx, currency).ok_or(Refusal::NoFunder)?;
        let left = mandate.lent_max.minor - self.lent(mandate.funder, currency).min(mandate.lent_max.minor);
        let lending = Lending {
            limit_max: mandate.largest_minor.min(left),
            limit_min: mandate.smallest_minor,
            cost_ppm: mandate.cost_ppm,
        };
        let day = day_of(ctx.now);
        let agreed_to = consent.map(|hash| Consent { hash, from_day: day, withdrawn_day: None });
        let sector = merchant.category;
        let history =
            history::of_merchant(ctx.switch, &self.advances, merchant.id, currency, sector, ctx.now);
        let offer = match score::decide(&history, agreed_to.as_ref(), &lending, day) {
            Decision::Offered(offer) => offer,
            Decision::Refused(refused) => {
                return Ok(OfferMade { answer: OfferAnswer::Refused(refused), fact: None });
            }
        };
        let offered = Arc::new(Offered {
            number: self.offers.len() as u64 + 1,
            acquirer,
            merchant: merchant.id,
            funder: mandate.funder,
            consent: consent.expect("nothing is offered without consent"),
            limit: Amount::new(currency, offer.limit),
            cost_ppm: mandate.cost_ppm,
            share_ppm: offer.share_ppm,
            cap_minor: offer.cap_per_day,
            score: offer.score,
            version: offer.version,
            until: ctx.now.plus_ms(OFFER_MS).min(mandate.until),
        });
        let fact = Some(Event::Offered(offered.clone()));
        Ok(OfferMade { answer: OfferAnswer::Offered(offered), fact })
    }

    /// The cheapest funder that still lends; ties go to the lower number.
    fn cheapest(&self, ctx: &Context<'_>, currency: Currency) -> Option<&Mandate> {
        let lends = |mandate: &&Mandate| {
            mandate.lent_max.currency == currency
                && ctx.now < mandate.until
                && self.lent(mandate.funder, currency) < mandate.lent_max.minor
                && agreed(ctx, mandate.funder, currency).is_ok()
        };
        self.mandates.values().filter(lends).min_by_key(|mandate| mandate.cost_ppm)
    }
}
