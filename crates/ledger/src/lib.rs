//! The double-entry book: accounts, reserve, post, void, linked batches. Does not know why money moves.
//!
//! Money moves only by *transfers*: one amount, one debit account, one credit account, one ledger (currency).
//! So every ledger sums to zero by construction, and [`Book::sums`] proves it after every turn. A transfer is
//! carried out at once, or reserved first (*pending*) and then posted, voided or left to expire. Transfers of a
//! batch that are *linked* are carried out together or not at all; that is how one payment moves two currencies.
//!
//! The semantics are TigerBeetle's, status for status, so that [`Book`] in memory and a cluster elsewhere can
//! stand behind the same [`Ledger`] trait; [`conformance`] is the suite both must pass. Departures, each on
//! purpose:
//!
//! - `imported` events are refused ([`AccountStatus::ImportedNotSupported`] says why), and the flag for balance
//!   history counts as reserved: histories are written by the journal's readers.
//! - Time is an argument. The book has no clock, and [`Ledger::expire`] releases overdue reservations when told.
//! - [`Book::retire`] forgets a transfer for good. A retired id is unknown, so the caller must be sure that it
//!   will never be repeated; in return memory is bounded by what is open or still in its retention.
//! - A batch may have any number of events; a remote book has to cut it between chains.
//!
//! Ids are the caller's. Transfers of one payment whose ids differ in the low three bits only are found together,
//! which takes about a third off the time of a payment; any other ids work too.
//!
//! Nothing here reads a clock, draws a random number, spawns or awaits, and no iteration order depends on a hash.

mod account;
mod book;
pub mod conformance;
mod error;
mod status;
mod sum;
mod sums;
mod transfer;

pub use account::{Account, AccountFlags};
pub use book::{Book, Content, Limits, Phase, Retirement, TIMESTAMP_MAX_NS};
pub use error::Error;
pub use status::{AccountStatus, ChainOutcome, TransferStatus};
pub use sum::Sum;
pub use sums::LedgerSums;
pub use transfer::{AMOUNT_ALL, Transfer, TransferFlags};

/// A book of accounts and transfers, in memory or behind a network.
///
/// Events of a batch are judged in order, each on what those before it left, and one by one but for chains:
/// an event flagged `linked` stands or falls with the next one. If one member fails, its status says why, the
/// others' is `LinkedEventFailed`, and nothing of the chain remains but the failed member's burned id.
///
/// Time: with `last` the latest timestamp the book has given, the last of `n` events gets
/// `max(now_ns, last + n)` and each one before it a nanosecond less, so timestamps rise strictly whatever the
/// caller's clock does. Events that are refused use up no timestamp.
pub trait Ledger {
    /// Creates accounts. `results` is emptied and gets one status per event, in order.
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>);

    /// Carries out transfers. `results` is emptied and gets one status per event, in order.
    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>);

    /// Releases the reservations whose deadline is at or before `now_ns`, or the book's latest timestamp if that
    /// is later, by deadline and then by timestamp. `expired` is emptied and gets the released pending transfers
    /// in that order. Without any, nothing at all changes.
    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>);

    /// The account with its present balances, if there is one.
    fn account(&self, id: u128) -> Option<Account>;

    /// The transfer as recorded, if there is one. A pending one reads the same before and after it is resolved.
    fn transfer(&self, id: u128) -> Option<Transfer>;
}

impl<L: Ledger + ?Sized> Ledger for &mut L {
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        (**self).create_accounts(now_ns, accounts, results);
    }

    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        (**self).create_transfers(now_ns, transfers, results);
    }

    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        (**self).expire(now_ns, expired);
    }

    fn account(&self, id: u128) -> Option<Account> {
        (**self).account(id)
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        (**self).transfer(id)
    }
}
