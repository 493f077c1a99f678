//! Rules of turning a part into cash: posted rates, sealed auctions, the lock and its two ends. Nothing here asks the
//! buyer, and no rule lets anybody but the holder choose the funder.

use money::MINOR_MAX;

use crate::envelope::bid_commitment;
use crate::event::{AuctionOpened, BidCommitted, BidRevealed, Event, LockEnded, Locked, RatePosted, Sold};
use crate::identity::{MemberId, Party, Purpose, Role};
use crate::price::{WHOLE_PPM, discount, share};
use crate::refusal::Refusal;
use crate::state::admission::Case;
use crate::state::rules::certificates::RECOURSE_MAX;
use crate::state::rules::{Decided, TENOR_DAYS_MAX};
use crate::state::{CertificateRecord, DAY_MS, PartRecord};
use crate::transaction::{
    CommitBid, Day, ExpireLock, Minor, Offer, OpenAuction, PartId, PostRate, Ppm, RateBand, RevealBid,
    SettleLock, TakeOffer, TimeMs,
};

/// Longest time between taking an offer and its price: two days.
pub const LOCK_MS_MAX: TimeMs = 2 * DAY_MS;
/// Bids of one auction.
pub const BIDS_MAX: usize = 64;
/// Lines of one table of rates.
const BANDS_MAX: usize = 64;
/// Longest auction: two weeks.
const AUCTION_MS_MAX: TimeMs = 14 * DAY_MS;
/// Answers of other registries kept with a sale.
const REGISTRIES_MAX: usize = 8;

/// An offer that fits a part.
struct Deal {
    funder: MemberId,
    rate_ppm: Ppm,
    fee: Minor,
    recourse: bool,
    /// What may still be spent under it.
    left: Minor,
    bids_unopened: u32,
}

impl Case<'_> {
    pub(super) fn post_rate(&self, wish: &PostRate) -> Decided {
        self.signed_in_role(wish.funder, Role::Funder, Purpose::Issue, wish.budget)?;
        let sound = |band: &RateBand| {
            let amounts = band.amount_min <= band.amount_max && band.amount_max <= MINOR_MAX;
            amounts && band.rate_ppm <= WHOLE_PPM && band.days_max <= TENOR_DAYS_MAX && band.fee <= MINOR_MAX
        };
        let bands = (1..=BANDS_MAX).contains(&wish.bands.len());
        if !bands || !wish.bands.iter().all(sound) || wish.budget > MINOR_MAX {
            return Err(Refusal::BadAmount);
        }
        if wish.until_ms <= self.block.time_ms {
            return Err(Refusal::WrongTime);
        }
        if let Some(before) = &wish.replaces {
            let before = self.state.rate(before).ok_or(Refusal::UnknownOffer)?;
            if before.terms.funder != wish.funder || before.replaced {
                return Err(Refusal::BadTerms);
            }
        }
        Ok(vec![Event::RatePosted(RatePosted { rate: self.id, terms: wish.clone() })])
    }

    pub(super) fn open_auction(&self, wish: &OpenAuction) -> Decided {
        let (part, certificate) = self.disposable(&wish.part)?;
        self.signed_by(&part.holder, Purpose::Dispose, part.amount)?;
        if wish.rate_ppm_max > WHOLE_PPM {
            return Err(Refusal::BadAmount);
        }
        self.recourse_allowed(wish.recourse, part, certificate)?;
        let ends_day = Day::try_from(wish.reveal_until_ms / DAY_MS).unwrap_or(Day::MAX);
        let in_order =
            self.block.time_ms < wish.commit_until_ms && wish.commit_until_ms < wish.reveal_until_ms;
        let latest = self.block.time_ms.saturating_add(AUCTION_MS_MAX);
        if !in_order || wish.reveal_until_ms > latest || ends_day >= certificate.due_day {
            return Err(Refusal::WrongTime);
        }
        Ok(vec![Event::AuctionOpened(AuctionOpened {
            auction: self.id,
            part: wish.part,
            seller: part.holder,
            commit_until_ms: wish.commit_until_ms,
            reveal_until_ms: wish.reveal_until_ms,
            rate_ppm_max: wish.rate_ppm_max,
            recourse: wish.recourse,
        })])
    }

    pub(super) fn commit_bid(&self, wish: &CommitBid) -> Decided {
        self.signed_in_role(wish.bidder, Role::Funder, Purpose::Issue, 0)?;
        let auction = self.state.auction(&wish.auction).ok_or(Refusal::UnknownOffer)?;
        if self.block.time_ms >= auction.commit_until_ms {
            return Err(Refusal::WrongTime);
        }
        if auction.bids.iter().any(|bid| bid.bidder == wish.bidder) {
            return Err(Refusal::Exists);
        }
        if auction.bids.len() >= BIDS_MAX || auction.seller == Party::Member(wish.bidder) {
            return Err(Refusal::BadTerms);
        }
        let (auction, bidder, commitment) = (wish.auction, wish.bidder, wish.commitment);
        Ok(vec![Event::BidCommitted(BidCommitted { auction, bidder, commitment })])
    }

    pub(super) fn reveal_bid(&self, wish: &RevealBid) -> Decided {
        self.signed_in_role(wish.bidder, Role::Funder, Purpose::Issue, 0)?;
        let auction = self.state.auction(&wish.auction).ok_or(Refusal::UnknownOffer)?;
        let now = self.block.time_ms;
        if now < auction.commit_until_ms || now >= auction.reveal_until_ms {
            return Err(Refusal::WrongTime);
        }
        let sealed = auction.bids.iter().find(|bid| bid.bidder == wish.bidder);
        let sealed = sealed.ok_or(Refusal::UnknownOffer)?;
        let opened =
            bid_commitment(self.state.chain(), &wish.auction, wish.bidder, wish.rate_ppm, &wish.salt);
        if sealed.rate_ppm.is_some() {
            return Err(Refusal::Exists);
        }
        if sealed.commitment != opened {
            return Err(Refusal::BidDiffers);
        }
        if wish.rate_ppm > auction.rate_ppm_max {
            return Err(Refusal::NoOffer);
        }
        let (auction, bidder, rate_ppm) = (wish.auction, wish.bidder, wish.rate_ppm);
        Ok(vec![Event::BidRevealed(BidRevealed { auction, bidder, rate_ppm })])
    }

    pub(super) fn take_offer(&self, wish: &TakeOffer) -> Decided {
        let (part, certificate) = self.disposable(&wish.part)?;
        self.signed_by(&part.holder, Purpose::Dispose, part.amount)?;
        let now = self.block.time_ms;
        if wish.until_ms <= now || wish.until_ms - now > LOCK_MS_MAX {
            return Err(Refusal::WrongTime);
        }
        let deal = match &wish.offer {
            Offer::Posted(rate) => self.posted(rate, part, certificate)?,
            Offer::Auction(auction) => self.won(auction, &wish.part, part)?,
        };
        self.state.in_role(deal.funder, Role::Funder)?;
        if part.holder == Party::Member(deal.funder) {
            return Err(Refusal::BadTerms);
        }
        self.recourse_allowed(deal.recourse, part, certificate)?;
        if deal.fee > share(part.amount, self.fee_ppm_max(certificate.programme)) {
            return Err(Refusal::FeeTooHigh);
        }
        let days = certificate.due_day - self.day;
        let discount = discount(part.amount, deal.rate_ppm, days, certificate.terms.basis);
        let cost = discount.saturating_add(deal.fee);
        let price = part.amount.checked_sub(cost).filter(|price| *price > 0).ok_or(Refusal::NoOffer)?;
        if price < wish.price_min {
            return Err(Refusal::PriceTooLow);
        }
        if price > deal.left {
            return Err(Refusal::BudgetSpent);
        }
        Ok(vec![Event::Locked(Locked {
            part: wish.part,
            from: part.holder,
            agent: self.agent(&part.holder)?,
            currency: certificate.currency,
            to: deal.funder,
            price,
            discount,
            fee: deal.fee,
            until_ms: wish.until_ms,
            key: self.id,
            offer: wish.offer,
            recourse: deal.recourse,
            bids_unopened: deal.bids_unopened,
        })])
    }

    /// The first line of a table that fits the part.
    fn posted(
        &self,
        rate: &[u8; 32],
        part: &PartRecord,
        certificate: &CertificateRecord,
    ) -> Result<Deal, Refusal> {
        let rate = self.state.rate(rate).ok_or(Refusal::UnknownOffer)?;
        let days = certificate.due_day - self.day;
        let class = self.buyer_class(certificate.programme);
        let fits = |band: &&RateBand| {
            let amounts = (band.amount_min..=band.amount_max).contains(&part.amount);
            band.buyer_class == class && days <= Day::from(band.days_max) && amounts
        };
        let stands = !rate.replaced && self.block.time_ms < rate.terms.until_ms;
        let band = rate.terms.bands.iter().find(fits);
        let band = band.filter(|_| stands && rate.terms.currency == certificate.currency);
        let band = band.ok_or(Refusal::NoOffer)?;
        Ok(Deal {
            funder: rate.terms.funder,
            rate_ppm: band.rate_ppm,
            fee: band.fee,
            recourse: rate.terms.recourse,
            left: rate.terms.budget - rate.spent,
            bids_unopened: 0,
        })
    }

    /// The best opened bid of an auction that is over.
    fn won(&self, auction: &[u8; 32], id: &PartId, part: &PartRecord) -> Result<Deal, Refusal> {
        let auction = self.state.auction(auction).ok_or(Refusal::UnknownOffer)?;
        if auction.part != *id || auction.seller != part.holder || auction.taken {
            return Err(Refusal::UnknownOffer);
        }
        if self.block.time_ms < auction.reveal_until_ms {
            return Err(Refusal::WrongTime);
        }
        let best = auction.best().ok_or(Refusal::NoOffer)?;
        Ok(Deal {
            funder: best.bidder,
            rate_ppm: best.rate_ppm.ok_or(Refusal::NoOffer)?,
            fee: 0,
            recourse: auction.recourse,
            left: Minor::MAX,
            bids_unopened: auction.unopened(),
        })
    }

    fn recourse_allowed(
        &self,
        recourse: bool,
        part: &PartRecord,
        certificate: &CertificateRecord,
    ) -> Result<(), Refusal> {
        let allowed = certificate.terms.recourse && part.recourse.len() < RECOURSE_MAX;
        if recourse && !allowed { Err(Refusal::NoRecourse) } else { Ok(()) }
    }

    pub(super) fn settle_lock(&self, wish: &SettleLock) -> Decided {
        self.signed_by_any(Role::Settler, Purpose::Settle)?;
        let part = self.state.part(&wish.part).ok_or(Refusal::UnknownPart)?;
        let certificate = self.certificate_of(part);
        let lock = part.lock.as_ref().filter(|lock| lock.key == wish.key).ok_or(Refusal::NotLocked)?;
        if wish.registries.len() > REGISTRIES_MAX {
            return Err(Refusal::TooLarge);
        }
        if certificate.frozen {
            return Err(Refusal::Frozen);
        }
        if self.day >= certificate.due_day {
            return Err(Refusal::Matured);
        }
        if self.block.time_ms >= lock.until_ms {
            return Err(Refusal::LockOver);
        }
        self.reference_is_new(&wish.reference)?;
        Ok(vec![Event::Sold(Sold {
            part: wish.part,
            from: part.holder,
            agent: self.agent(&part.holder)?,
            currency: certificate.currency,
            to: lock.to,
            price: lock.price,
            key: wish.key,
            reference: wish.reference,
            registries: wish.registries.clone(),
        })])
    }

    /// Anybody who takes part may say that a lock's time is over.
    pub(super) fn expire_lock(&self, wish: &ExpireLock) -> Decided {
        let part = self.state.part(&wish.part).ok_or(Refusal::UnknownPart)?;
        let lock = part.lock.as_ref().filter(|lock| lock.key == wish.key).ok_or(Refusal::NotLocked)?;
        if self.block.time_ms < lock.until_ms {
            return Err(Refusal::LockRuns);
        }
        Ok(vec![Event::LockEnded(LockEnded { part: wish.part, key: wish.key })])
    }
}
