//! The book in memory: every account and every transfer not yet retired, one batch at a time. Knows neither
//! clock nor disk; whoever owns it replays the same calls to get the same book.

mod accounts;
mod audit;
mod chain;
mod content;
mod create;
mod deadlines;
mod exists;
mod expire;
mod index;
mod retire;
mod transfers;
mod two_phase;

#[cfg(test)]
mod tests;

use accounts::Accounts;
pub(crate) use accounts::Balance;
use chain::{Chains, Place};
pub use content::Content;
use deadlines::Deadlines;
pub use retire::Retirement;
use transfers::{TransferSlot, Transfers};

use crate::{Account, AccountStatus, Ledger, LedgerSums, Transfer, TransferFlags, TransferStatus};

/// The latest timestamp there can be, in nanoseconds: TigerBeetle keeps the top bit for itself.
pub const TIMESTAMP_MAX_NS: u64 = i64::MAX as u64;

/// The embedded [`Ledger`].
#[derive(Clone, Debug)]
pub struct Book {
    accounts: Accounts,
    transfers: Transfers,
    deadlines: Deadlines,
    limits: Limits,
    /// The latest timestamp given.
    latest_ns: u64,
    /// How many transfers have been retired.
    retired: u64,
    /// The transfers of the chain that is being carried out.
    chain: Vec<TransferSlot>,
    latest_before_chain_ns: u64,
}

/// How much a book may hold. Beyond it events are refused as `BookFull`, and nothing grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Accounts, 128 bytes each. At most [`Limits::MAX`]'s.
    pub accounts_max: u32,
    /// Transfers, 112 bytes each, and burned ids, 16 bytes each, together. At most [`Limits::MAX`]'s.
    pub transfers_max: u32,
}

impl Limits {
    /// What positions of 31 bits can address.
    pub const MAX: Self = Self { accounts_max: index::ENTRIES_MAX, transfers_max: index::ENTRIES_MAX };
}

/// Where a transfer is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Phase {
    /// Posted at once; final.
    Single,
    /// Holds a reservation.
    Pending,
    /// Was pending and has been posted; final.
    Posted,
    /// Was pending and has been voided; final.
    Voided,
    /// Was pending and has been released at its deadline; final.
    Expired,
    /// Posted or voided a pending transfer; final.
    Resolution,
}

impl Book {
    /// An empty book that may hold whatever memory allows.
    pub fn new() -> Self {
        Self::with_limits(Limits::MAX)
    }

    /// An empty book that may hold so much.
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            accounts: Accounts::new(),
            transfers: Transfers::new(),
            deadlines: Deadlines::new(),
            limits: Limits {
                accounts_max: limits.accounts_max.min(index::ENTRIES_MAX),
                transfers_max: limits.transfers_max.min(index::ENTRIES_MAX),
            },
            latest_ns: 0,
            retired: 0,
            chain: Vec::new(),
            latest_before_chain_ns: 0,
        }
    }

    /// Makes room for so many accounts and transfers in all, so that growing does not interrupt later.
    pub fn reserve(&mut self, accounts: u32, transfers: u32) {
        self.accounts.reserve(accounts.min(self.limits.accounts_max) as usize);
        self.transfers.reserve(transfers.min(self.limits.transfers_max) as usize);
    }

    /// Where a transfer is in its life, if there is one.
    pub fn phase(&self, transfer_id: u128) -> Option<Phase> {
        self.transfers.slot(transfer_id).map(|slot| self.transfers.record(slot).phase)
    }

    /// Every account, by id. Sorts first: for reports and proofs, not for every payment.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        self.accounts.in_id_order().into_iter().map(|slot| self.accounts.account(slot))
    }

    /// What the accounts of each ledger sum to, by ledger number; running sums, so the work is one step a ledger.
    pub fn sums(&self) -> impl Iterator<Item = &LedgerSums> {
        self.accounts.sums()
    }

    /// Whether every ledger sums to zero; one step a ledger.
    pub fn is_balanced(&self) -> bool {
        self.sums().all(LedgerSums::is_balanced)
    }

    /// How many accounts there are.
    pub fn accounts_len(&self) -> usize {
        self.accounts.len()
    }

    /// How many transfers are held, open and resolved; retired ones do not count.
    pub fn transfers_len(&self) -> usize {
        self.transfers.len()
    }

    /// How many ids are burned and not yet retired.
    pub fn burned_len(&self) -> usize {
        self.transfers.burned().len()
    }

    /// The memory held for accounts, transfers and their indexes, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.accounts.memory_bytes() + self.transfers.memory_bytes()
    }

    /// The timestamp of the first of `events` events, unless they do not fit below [`TIMESTAMP_MAX_NS`].
    fn first_timestamp_ns(&self, now_ns: u64, events: usize) -> Option<u64> {
        let last = self.latest_ns.checked_add(events as u64)?.max(now_ns);
        (last <= TIMESTAMP_MAX_NS).then(|| last - events as u64 + 1)
    }
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger for Book {
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        use AccountStatus as Status;
        results.clear();
        let Some(first_ns) = self.first_timestamp_ns(now_ns, accounts.len()) else {
            results.resize(accounts.len(), Status::ClockOutOfRange);
            return;
        };
        let mut chains = Chains::over(accounts.len());
        let (mut accounts_before_chain, mut latest_before_chain_ns) = (0, 0);
        for (index, account) in accounts.iter().enumerate() {
            let linked = account.flags.contains(crate::AccountFlags::LINKED);
            let timestamp_ns = first_ns + index as u64;
            let (begins, place) = chains.enter(index, linked);
            if begins {
                (accounts_before_chain, latest_before_chain_ns) = (self.accounts.len(), self.latest_ns);
            }
            let status = match place {
                Place::Judged => self.create_account(timestamp_ns, account),
                Place::Broken => Status::LinkedEventFailed,
                Place::Open => Status::LinkedEventChainOpen,
            };
            if status == Status::Created {
                self.latest_ns = timestamp_ns;
            } else if let Some(start) = chains.fail() {
                self.accounts.truncate(accounts_before_chain);
                self.latest_ns = latest_before_chain_ns;
                results[start..].fill(Status::LinkedEventFailed);
            }
            results.push(status);
            chains.leave(linked);
        }
    }

    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        use TransferStatus as Status;
        results.clear();
        let Some(first_ns) = self.first_timestamp_ns(now_ns, transfers.len()) else {
            results.resize(transfers.len(), Status::ClockOutOfRange);
            return;
        };
        let mut chains = Chains::over(transfers.len());
        for (index, transfer) in transfers.iter().enumerate() {
            let linked = transfer.flags.contains(TransferFlags::LINKED);
            let timestamp_ns = first_ns + index as u64;
            let (begins, place) = chains.enter(index, linked);
            if begins {
                self.chain.clear();
                self.latest_before_chain_ns = self.latest_ns;
            }
            let created = match place {
                Place::Judged => self.create_transfer(timestamp_ns, transfer),
                Place::Broken => Err(Status::LinkedEventFailed),
                Place::Open => Err(Status::LinkedEventChainOpen),
            };
            match created {
                Ok(slot) => {
                    self.latest_ns = timestamp_ns;
                    if chains.is_open() {
                        self.chain.push(slot);
                    }
                    results.push(Status::Created);
                }
                Err(status) => {
                    if let Some(start) = chains.fail() {
                        self.roll_back();
                        results[start..].fill(Status::LinkedEventFailed);
                    }
                    if status.burns_id() {
                        self.transfers.burn(transfer.id);
                    }
                    results.push(status);
                }
            }
            chains.leave(linked);
        }
    }

    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        expired.clear();
        self.release_due(now_ns, expired);
    }

    fn account(&self, id: u128) -> Option<Account> {
        self.accounts.slot(id).map(|slot| self.accounts.account(slot))
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        self.transfers.slot(id).map(|slot| self.transfers.transfer(slot, &self.accounts))
    }
}
