//! Linked events: where a chain begins and ends, and how one that fails is taken back. Does not know why an
//! event fails.

use super::Book;
use super::accounts::Balance::{CreditsPending, CreditsPosted, DebitsPending, DebitsPosted};
use super::transfers::TransferSlot;
use crate::{Phase, TransferFlags};

/// Follows the chains through one batch.
pub(super) struct Chains {
    events: usize,
    /// Where the chain that is being read began.
    start: Option<usize>,
    broken: bool,
}

/// How the next event stands to its chain.
pub(super) enum Place {
    /// It is to be judged for itself.
    Judged,
    /// Its chain has failed already.
    Broken,
    /// It is linked to an event after the last one.
    Open,
}

impl Chains {
    pub(super) fn over(events: usize) -> Self {
        Self { events, start: None, broken: false }
    }

    /// Steps to the event at `index`. `true` if a chain begins there: what follows may have to be taken back.
    pub(super) fn enter(&mut self, index: usize, linked: bool) -> (bool, Place) {
        let begins = linked && self.start.is_none();
        if begins {
            self.start = Some(index);
        }
        let place = match linked && index + 1 == self.events {
            true => Place::Open,
            false if self.broken => Place::Broken,
            false => Place::Judged,
        };
        (begins, place)
    }

    /// Whether the present event is a member of a chain.
    pub(super) fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// Marks the chain of the present event as failed. Where it began, if this is its first failure: the
    /// events from there on are to be taken back.
    pub(super) fn fail(&mut self) -> Option<usize> {
        match self.broken {
            true => None,
            false => {
                self.broken = self.start.is_some();
                self.start
            }
        }
    }

    /// Leaves the present event, and its chain if it is the last member.
    pub(super) fn leave(&mut self, linked: bool) {
        if !linked {
            (self.start, self.broken) = (None, false);
        }
    }
}

impl Book {
    /// Takes back the transfers of the chain that has just failed, newest first.
    pub(super) fn roll_back(&mut self) {
        while let Some(slot) = self.chain.pop() {
            self.take_back(slot);
        }
        self.latest_ns = self.latest_before_chain_ns;
    }

    /// Undoes the newest transfer: its record says all it did.
    fn take_back(&mut self, slot: TransferSlot) {
        let record = self.transfers.record(slot);
        let (debit, credit, amount) = (record.debit, record.credit, record.amount);
        let (flags, pending_id) = (record.flags, record.pending_id);
        match record.phase {
            Phase::Single => {
                self.accounts.lower(debit, DebitsPosted, amount);
                self.accounts.lower(credit, CreditsPosted, amount);
            }
            Phase::Pending => {
                self.deadlines.take(&mut self.transfers, slot);
                self.release(slot);
            }
            Phase::Resolution => {
                let pending = self.transfers.slot(pending_id).expect("only open transfers are not retired");
                if flags.contains(TransferFlags::POST_PENDING) {
                    self.accounts.lower(debit, DebitsPosted, amount);
                    self.accounts.lower(credit, CreditsPosted, amount);
                }
                self.reserve_again(pending);
            }
            Phase::Posted | Phase::Voided | Phase::Expired => {
                unreachable!("whatever resolved it came later and has been taken back")
            }
        }
        self.transfers.remove(slot);
    }

    /// Makes a resolved transfer pending again: the reverse of taking its deadline and [`Self::release`].
    fn reserve_again(&mut self, pending: TransferSlot) {
        let record = self.transfers.record_mut(pending);
        record.phase = Phase::Pending;
        let (debit, credit, amount, flags) = (record.debit, record.credit, record.amount, record.flags);
        self.accounts.raise(debit, DebitsPending, amount);
        self.accounts.raise(credit, CreditsPending, amount);
        // A reservation that closed an account cannot be posted, so here it was voided.
        if flags.contains(TransferFlags::CLOSING_DEBIT) {
            self.accounts.close(debit);
        }
        if flags.contains(TransferFlags::CLOSING_CREDIT) {
            self.accounts.close(credit);
        }
        self.deadlines.restore(&mut self.transfers, pending);
    }
}
