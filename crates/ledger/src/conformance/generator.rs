//! Random batches that come close to making sense: mostly valid events, among them repeated, altered, linked and
//! plainly wrong ones. Knows what was sent, not what became of it.

mod accounts;
mod transfers;

use super::Clock;
use super::random::Random;
use crate::{Account, Transfer};

pub(super) struct Generator {
    random: Random,
    clock: Clock,
    now_ns: u64,
    /// Everything sent so far.
    accounts: Vec<Account>,
    transfers: Vec<Transfer>,
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
            next_transfer_id: 1,
        }
    }

    /// The next batch and the time it happens at, in nanoseconds.
    pub(super) fn next(&mut self) -> (u64, Batch) {
        self.pass_time();
        let events = 1 + self.random.below(EVENTS_MAX);
        let batch = match self.random.below(100) {
            _ if self.accounts.is_empty() => Batch::Accounts(self.first_accounts()),
            0..5 => Batch::Accounts((0..events).map(|_| self.account()).collect()),
            5..12 if self.clock == Clock::Given => Batch::Expire,
            _ => Batch::Transfers((0..events).map(|_| self.transfer()).collect()),
        };
        (self.now_ns, batch)
    }

    fn pass_time(&mut self) {
        self.now_ns = match self.random.below(20) {
            0..6 => self.now_ns,
            6..12 => self.now_ns + self.random.below(1_000),
            12..18 => self.now_ns + self.random.below(SECOND_NS),
            // Exactly a second later some deadline is likely to be met to the nanosecond.
            18 => self.now_ns + SECOND_NS,
            _ => self.now_ns.saturating_sub(self.random.below(SECOND_NS)),
        };
    }
}
