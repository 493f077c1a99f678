//! Random batches that come close to making sense: mostly valid events, among them repeated, altered, linked and
//! plainly wrong ones. Knows no rule.

mod accounts;
mod transfers;

use std::collections::BTreeSet;

use super::Clock;
use super::random::Random;
use crate::{Account, Transfer, TransferStatus};

pub(super) struct Generator {
    random: Random,
    clock: Clock,
    now_ns: u64,
    /// Everything sent so far.
    accounts: Vec<Account>,
    transfers: Vec<Transfer>,
    /// What of it was carried out.
    created: Vec<Transfer>,
    /// Which reservations of it were posted or voided.
    resolved: BTreeSet<u128>,
    next_transfer_id: u128,
}

pub(super) enum Batch {
    Accounts(Vec<Account>),
    Transfers(Vec<Transfer>),
    Expire,
}

const EVENTS_MAX: u64 = 12;
const SECOND_NS: u64 = 1_000_000_000;

impl Generator {
    pub(super) fn new(seed: u64, clock: Clock) -> Self {
        Self {
            random: Random::new(seed),
            clock,
            now_ns: 1_700_000_000 * SECOND_NS,
            accounts: Vec::new(),
            transfers: Vec::new(),
            created: Vec::new(),
            resolved: BTreeSet::new(),
            next_transfer_id: 1,
        }
    }

    /// The next batch and the time it happens at, in nanoseconds; now and then just before or at the deadline.
    pub(super) fn next(&mut self, deadline_ns: Option<u64>) -> (u64, Batch) {
        self.pass_time(deadline_ns);
        let events = 1 + self.random.below(EVENTS_MAX);
        let batch = match self.random.below(100) {
            _ if self.accounts.is_empty() => Batch::Accounts(self.first_accounts()),
            0..5 => Batch::Accounts((0..events).map(|_| self.account()).collect()),
            5..12 if self.clock == Clock::Given => Batch::Expire,
            _ => Batch::Transfers((0..events).map(|_| self.transfer()).collect()),
        };
        (self.now_ns, batch)
    }

    /// Hears which transfers of the last batch were carried out, to refer to them later.
    pub(super) fn learn(&mut self, transfers: &[Transfer], statuses: &[TransferStatus]) {
        let created =
            transfers.iter().zip(statuses).filter(|(_, status)| **status == TransferStatus::Created);
        for (transfer, _) in created {
            self.created.push(*transfer);
            self.resolved.insert(transfer.pending_id);
        }
    }

    fn pass_time(&mut self, deadline_ns: Option<u64>) {
        self.now_ns = match (self.random.below(20), deadline_ns) {
            (0..6, _) => self.now_ns,
            (6..11, _) => self.now_ns + self.random.below(1_000),
            (11..14, Some(deadline_ns)) => deadline_ns - self.random.below(2),
            (11..19, _) => self.now_ns + self.random.below(SECOND_NS),
            _ => self.now_ns.saturating_sub(self.random.below(SECOND_NS)),
        };
    }
}
