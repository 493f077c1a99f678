//! What pages ask and proofs do not: which events speak of a certificate, how fast blocks came of late, and a
//! supervisor's figures.

use std::collections::{BTreeMap, VecDeque};

use receivables::transaction::{CertificateId, PartId};
use receivables::{Entry, Event, Hash, State};

use super::Replica;
use super::figures::Figures;

/// Minutes of which the pace is kept.
const MINUTES: usize = 60;
/// A block that took longer came late here because this node was not there: it says nothing of the chain.
const LATE_MS: u64 = 30_000;

/// Blocks of one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minute {
    /// Minutes since 1970.
    pub minute: u64,
    /// Blocks.
    pub blocks: u64,
    /// Transactions in them.
    pub transactions: u64,
    /// Milliseconds from proposal to execution here, added up.
    pub took_ms: u64,
    /// The longest of them.
    pub longest_ms: u64,
}

/// Events by certificate, and blocks by minute.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Nothing where no pages are served: with the figures it costs some 200 bytes a certificate.
    pub(super) events: Option<BTreeMap<CertificateId, Vec<u64>>>,
    /// Counted only with events.
    pub(super) figures: Figures,
    pace: VecDeque<Minute>,
}

impl Trail {
    pub(super) fn block(&mut self, time_ms: u64, at_ms: u64, transactions: usize) {
        let took_ms = at_ms.saturating_sub(time_ms);
        if took_ms > LATE_MS {
            return;
        }
        let minute = at_ms / 60_000;
        if self.pace.back().is_none_or(|last| last.minute != minute) {
            self.pace.push_back(Minute { minute, ..Minute::default() });
        }
        while self.pace.front().is_some_and(|first| first.minute + (MINUTES as u64) <= minute) {
            self.pace.pop_front();
        }
        if let Some(last) = self.pace.back_mut() {
            last.blocks += 1;
            last.transactions += transactions as u64;
            last.took_ms += took_ms;
            last.longest_ms = last.longest_ms.max(took_ms);
        }
    }

    pub(super) fn event(&mut self, state: &State, index: u64, entry: &Entry) {
        let Some(events) = &mut self.events else { return };
        if let Some(certificate) = certificate_of(state, &entry.event) {
            events.entry(certificate).or_default().push(index);
        }
        self.figures.event(state, entry);
    }
}

impl Replica {
    /// The same, remembering which events speak of which certificate.
    pub fn with_trails(self) -> Self {
        let mut inner = self.lock();
        inner.trail.figures = Figures::of(&inner.state);
        inner.trail.events = Some(BTreeMap::new());
        drop(inner);
        self
    }

    /// Events that speak of a certificate, in order, since this node began; nothing if it does not remember them.
    pub fn events_of(&self, certificate: &Hash) -> Option<Vec<u64>> {
        Some(self.lock().trail.events.as_ref()?.get(certificate).cloned().unwrap_or_default())
    }

    /// The minutes of the last hour in which there were blocks.
    pub fn pace(&self) -> Vec<Minute> {
        self.lock().trail.pace.iter().copied().collect()
    }
}

/// The certificate that an event speaks of, if it speaks of one; the state is that after it.
fn certificate_of(state: &State, event: &Event) -> Option<CertificateId> {
    let of = |part: &PartId| state.part(part).map(|record| record.certificate);
    match event {
        Event::FreezeSet(wish) => Some(wish.certificate),
        Event::Proposed(proposed) => Some(proposed.certificate),
        Event::Accepted(accepted) | Event::Closed(accepted) => Some(accepted.certificate),
        Event::Rejected(rejected) => Some(rejected.certificate),
        Event::Paid(paid) => Some(paid.certificate),
        Event::WrittenOff(written) => Some(written.certificate),
        Event::CourtMoved(moved) | Event::Transferred(moved) => of(&moved.part),
        Event::PartSplit(split) => of(&split.part),
        Event::Pledged(pledged) => of(&pledged.part),
        Event::Released(released) => of(&released.part),
        Event::AuctionOpened(opened) => of(&opened.part),
        Event::BidCommitted(bid) => state.auction(&bid.auction).and_then(|auction| of(&auction.part)),
        Event::BidRevealed(bid) => state.auction(&bid.auction).and_then(|auction| of(&auction.part)),
        Event::Locked(locked) => of(&locked.part),
        Event::Sold(sold) => of(&sold.part),
        Event::LockEnded(ended) => of(&ended.part),
        Event::RecoursePaid(paid) => of(&paid.part),
        Event::MemberRegistered(_)
        | Event::KeyRotated(_)
        | Event::ProgrammeSet(_)
        | Event::ValidatorsSet(_)
        | Event::Vouched(_)
        | Event::RatePosted(_)
        | Event::UnitRegistered(_)
        | Event::UnitAdjusted(_)
        | Event::LienPlaced(_)
        | Event::UnitSettled(_) => None,
    }
}
