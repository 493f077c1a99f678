//! The contract every [`Ledger`] must keep, as checks that any implementation can run: directed cases for every
//! status and rule, and random batches compared with the naive [`Model`]. Knows no implementation.
//!
//! ```
//! use ledger::{Book, conformance};
//!
//! conformance::check_cases(conformance::Clock::Given, Book::new).expect("every case");
//! conformance::check_seed(conformance::Clock::Given, 1, 20, Book::new).expect("the seed");
//! ```

mod cases;
mod events;
mod generator;
mod lockstep;
mod model;
mod random;
mod rules;
mod script;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

pub use model::Model;

use crate::{AccountStatus, Ledger, TransferStatus};

/// Whose clock gives the timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The book uses the time it is handed, as [`Ledger`] says.
    Given,
    /// The book has a clock of its own, like a cluster elsewhere. The suite then learns the time from what was
    /// created, and leaves out what it cannot bring about: deadlines, expiry and the end of time.
    Own,
}

/// Runs every directed case, each on an empty book from `make`.
///
/// # Errors
/// The first difference found.
pub fn check_cases<L: Ledger>(clock: Clock, mut make: impl FnMut() -> L) -> Result<Report, Failure> {
    let mut report = Report::default();
    let runnable = |script: &script::Script| clock == Clock::Given || !script.needs_given_clock();
    for script in cases::all().into_iter().filter(runnable) {
        script.run(&mut make(), &mut report)?;
    }
    Ok(report)
}

/// Runs `batches` random batches on an empty book from `make` and on the [`Model`], comparing statuses, timestamps,
/// records and balances after each. The same seed gives the same batches on every machine.
///
/// # Errors
/// The first difference found.
pub fn check_seed<L: Ledger>(
    clock: Clock,
    seed: u64,
    batches: u32,
    make: impl FnOnce() -> L,
) -> Result<Report, Failure> {
    lockstep::run(clock, seed, batches, &mut make())
}

/// What a check has seen; a check that has not seen much has not shown much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often each status was given to an account.
    pub accounts: BTreeMap<AccountStatus, u64>,
    /// How often each status was given to a transfer.
    pub transfers: BTreeMap<TransferStatus, u64>,
    /// How many reservations expired.
    pub expired: u64,
}

impl Report {
    fn count_accounts(&mut self, statuses: &[AccountStatus]) {
        for status in statuses {
            *self.accounts.entry(*status).or_default() += 1;
        }
    }

    fn count_transfers(&mut self, statuses: &[TransferStatus]) {
        for status in statuses {
            *self.transfers.entry(*status).or_default() += 1;
        }
    }

    /// Adds what another check has seen.
    pub fn add(&mut self, other: &Self) {
        for (status, count) in &other.accounts {
            *self.accounts.entry(*status).or_default() += count;
        }
        for (status, count) in &other.transfers {
            *self.transfers.entry(*status).or_default() += count;
        }
        self.expired += other.expired;
    }
}

/// Where a book departs from the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The case, or the seed and the batch.
    pub place: String,
    /// What was expected and what was found.
    pub difference: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.difference)
    }
}

impl std::error::Error for Failure {}
