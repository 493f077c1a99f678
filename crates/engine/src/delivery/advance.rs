//! Advances to merchants: drawn from an offer, paid out when their lien stands, repaid out of sales. What liens take is
//! the chain's word; here it is only bounded.

use std::sync::Arc;

use directory::{MemberId, MerchantId, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::hash::sha256;
use receivables::price::share;

use super::asked::agreed;
use super::sales::day_of;
use super::{Context, Deliveries, Delivery, Event, Offered, Refusal, Share, Stage, What};

/// A lien must stand on the chain within this time of the draw, or the money is released.
const LIEN_MS: u64 = 10 * 60_000;
/// Days within which an advance collects: the score's weak sales path repays in half of it.
const COLLECTS_DAYS: u32 = 360;

/// An advance that was paid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advance {
    /// Its id on the chain.
    pub key: Hash,
    /// The delivery that paid it out.
    pub delivery: u64,
    /// Whose sales repay it.
    pub merchant: MerchantId,
    /// Who is repaid.
    pub funder: MemberId,
    /// What is to be repaid in all.
    pub owed: Amount,
    /// Share of sales.
    pub share_ppm: u32,
    /// Most that is taken of one unit, in minor units.
    pub cap_minor: u64,
    /// Last day, since 1970, on which anything is taken.
    pub end_day: u32,
    /// Repaid so far, in minor units.
    pub repaid_minor: u64,
}

impl Advance {
    /// What is still owed, in minor units.
    pub fn owed_minor(&self) -> u64 {
        self.owed.minor - self.repaid_minor
    }

    /// Whether it still takes anything on this day.
    pub fn collects(&self, day: u32) -> bool {
        self.owed_minor() > 0 && day <= self.end_day
    }

    /// The most that it takes of so much.
    pub(super) fn takes(&self, net_minor: u64) -> u64 {
        share(net_minor, self.share_ppm).min(self.cap_minor).min(self.owed_minor())
    }
}

/// The key of an offer's only draw.
pub(super) fn draw_key(offer: u64) -> Hash {
    sha256(&[b"sojourn draw", &offer.to_be_bytes()])
}

/// The terms of a lien that secures an advance, for the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lien {
    /// What was drawn: the merchant, who lends, the share of sales, the cap, the consent.
    pub offered: Arc<Offered>,
    /// What is to be repaid, cost included, in minor units.
    pub owed_minor: u64,
    /// Last day, since 1970, on which anything is taken.
    pub end_day: u32,
}

impl Deliveries {
    /// The lien that an advance's money waits for, or that secures it.
    pub fn lien(&self, delivery: &Delivery) -> Option<Lien> {
        let What::Advance { offer } = delivery.begun.what else { return None };
        let offered = self.offer(offer)?.clone();
        let drawn = delivery.begun.amount.minor;
        let owed_minor = drawn + share(drawn, offered.cost_ppm);
        Some(Lien { offered, owed_minor, end_day: day_of(delivery.begun_at) + COLLECTS_DAYS })
    }

    /// A merchant takes an offer: once, whole or in part.
    pub(super) fn draw(
        &self,
        ctx: &Context<'_>,
        acquirer: MemberId,
        number: u64,
        amount: Amount,
    ) -> Result<Option<Event>, Refusal> {
        let offered = self.offer(number).filter(|offered| offered.acquirer == acquirer);
        let offered = offered.ok_or(Refusal::UnknownOffer)?;
        let key = draw_key(number);
        let what = What::Advance { offer: number };
        if let Some(known) = self.find(&key) {
            return if known.begun.amount == amount { Ok(None) } else { Err(Refusal::RepeatInconsistent) };
        }
        if ctx.now >= offered.until {
            return Err(Refusal::OfferOver);
        }
        let mandate = self.mandates.get(&(offered.funder, offered.limit.currency));
        let mandate = mandate.filter(|mandate| ctx.now < mandate.until).ok_or(Refusal::NoFunder)?;
        let range = mandate.smallest_minor.max(1)..=offered.limit.minor;
        if amount.currency != offered.limit.currency || !range.contains(&amount.minor) {
            return Err(Refusal::AmountOutOfRange);
        }
        if self.lent(offered.funder, amount.currency).saturating_add(amount.minor) > mandate.lent_max.minor {
            return Err(Refusal::NoFunder);
        }
        if self.open().any(|delivery| delivery.is_unit_of(offered.merchant, amount.currency)) {
            return Err(Refusal::UnitUnderWay);
        }
        agreed(ctx, acquirer, amount.currency)?;
        let until = ctx.now.plus_ms(LIEN_MS);
        self.begin_once(ctx, self.begun(key, what, offered.funder, amount, Some(until)))
    }

    /// What a funder has lent to merchants or holds for it, and has not back.
    pub(super) fn lent(&self, funder: MemberId, currency: Currency) -> u64 {
        let open = self.open().filter(|delivery| {
            let begun = &delivery.begun;
            matches!(begun.what, What::Advance { .. })
                && begun.from == funder
                && begun.amount.currency == currency
        });
        let held: u64 = open.map(|delivery| delivery.begun.amount.minor).sum();
        let paid = self.advances.iter().filter(|one| one.funder == funder && one.owed.currency == currency);
        paid.fold(held, |sum, advance| sum.saturating_add(advance.owed_minor()))
    }

    /// Advances of a merchant that take something on this day.
    pub(super) fn collecting(
        &self,
        merchant: MerchantId,
        currency: Currency,
        day: u32,
    ) -> impl Iterator<Item = &Advance> {
        let of = move |advance: &&Advance| {
            advance.merchant == merchant && advance.owed.currency == currency && advance.collects(day)
        };
        self.advances.iter().filter(of)
    }

    /// Whether the merchant owes somebody as much as this share.
    pub(super) fn is_owed(&self, merchant: MerchantId, currency: Currency, share: &Share) -> bool {
        let advance = self.advances.iter().find(|advance| advance.key == share.of);
        advance.is_some_and(|advance| {
            advance.merchant == merchant
                && advance.owed.currency == currency
                && advance.funder == share.to
                && share.minor <= advance.owed_minor()
        })
    }

    /// What a delivery that is done means for advances: a new one is owed, or old ones are repaid.
    pub(super) fn repay(&mut self, number: u64, shares: &[Share], at: Time) {
        let delivery = self.delivery(number).expect("it is being applied");
        debug_assert_eq!(delivery.stage, Stage::Done);
        let (begun, lien) = (delivery.begun.clone(), self.lien(delivery));
        match (&begun.what, shares) {
            (What::Advance { .. }, [share]) => {
                let Lien { offered, owed_minor, end_day } = lien.expect("an advance is of an offer");
                self.advances.push(Advance {
                    key: share.of,
                    delivery: number,
                    merchant: offered.merchant,
                    funder: offered.funder,
                    owed: Amount::new(begun.amount.currency, owed_minor),
                    share_ppm: offered.share_ppm,
                    cap_minor: offered.cap_minor,
                    end_day,
                    repaid_minor: 0,
                });
                self.sales.entry((offered.merchant, begun.amount.currency)).or_default();
                self.watch_sales(offered.merchant, begun.amount.currency);
            }
            (What::Unit { merchant, .. }, _) => {
                for share in shares {
                    let advance = self.advances.iter_mut().find(|advance| advance.key == share.of);
                    advance.expect("deciding has found it").repaid_minor += share.minor;
                }
                self.forget_sales(*merchant, begun.amount.currency, day_of(at));
            }
            _ => {}
        }
    }
}
