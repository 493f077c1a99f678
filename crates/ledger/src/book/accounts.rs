//! The accounts in memory and the running sums of each ledger, changed together and only here. Does not know
//! which changes are allowed.

use std::collections::BTreeMap;

use super::index::{IdHash, IdIndex, Vacancy};
use crate::{Account, AccountFlags, LedgerSums};

/// Which account, by position.
pub(super) type AccountSlot = u32;

/// Which of an account's four balances, and of a ledger's four sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Balance {
    DebitsPending,
    DebitsPosted,
    CreditsPending,
    CreditsPosted,
}

use Balance::{CreditsPending, CreditsPosted, DebitsPending, DebitsPosted};

/// Two cache lines: what every transfer changes, and what it reads.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct AccountRecord {
    balances: [u128; 4],
    pub(super) id: u128,
    user_data_128: u128,
    user_data_64: u64,
    timestamp_ns: u64,
    user_data_32: u32,
    /// Position in `Accounts::sums`.
    ledger: u32,
    code: u16,
    flags: AccountFlags,
}

const _: () = assert!(size_of::<AccountRecord>() == 128);

impl AccountRecord {
    pub(super) fn balance(&self, balance: Balance) -> u128 {
        self.balances[balance as usize]
    }

    pub(super) fn debits(&self) -> u128 {
        self.balance(DebitsPending) + self.balance(DebitsPosted)
    }

    pub(super) fn credits(&self) -> u128 {
        self.balance(CreditsPending) + self.balance(CreditsPosted)
    }

    pub(super) fn is(&self, flag: AccountFlags) -> bool {
        self.flags.contains(flag)
    }

    pub(super) fn shares_ledger_with(&self, other: &Self) -> bool {
        self.ledger == other.ledger
    }
}

#[derive(Clone, Debug)]
pub(super) struct Accounts {
    records: Vec<AccountRecord>,
    index: IdIndex,
    sums: Vec<LedgerSums>,
    /// Positions in `sums` by ledger number.
    ledgers: BTreeMap<u32, u32>,
}

impl Accounts {
    pub(super) fn new() -> Self {
        Self { records: Vec::new(), index: IdIndex::new(), sums: Vec::new(), ledgers: BTreeMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn reserve(&mut self, len: usize) {
        self.records.reserve(len.saturating_sub(self.records.len()));
        self.index.reserve(len);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.records.capacity() * size_of::<AccountRecord>() + self.index.memory_bytes()
    }

    pub(super) fn find(&self, hash: IdHash, id: u128) -> Result<AccountSlot, Vacancy> {
        self.index.find(hash, |slot| self.records[slot as usize].id == id)
    }

    pub(super) fn slot(&self, id: u128) -> Option<AccountSlot> {
        self.find(IdHash::of(id), id).ok()
    }

    pub(super) fn record(&self, slot: AccountSlot) -> &AccountRecord {
        &self.records[slot as usize]
    }

    pub(super) fn ledger(&self, record: &AccountRecord) -> u32 {
        self.sums[record.ledger as usize].ledger
    }

    pub(super) fn account(&self, slot: AccountSlot) -> Account {
        let record = self.record(slot);
        Account {
            id: record.id,
            debits_pending: record.balance(DebitsPending),
            debits_posted: record.balance(DebitsPosted),
            credits_pending: record.balance(CreditsPending),
            credits_posted: record.balance(CreditsPosted),
            user_data_128: record.user_data_128,
            user_data_64: record.user_data_64,
            user_data_32: record.user_data_32,
            ledger: self.ledger(record),
            code: record.code,
            flags: record.flags,
            timestamp_ns: record.timestamp_ns,
        }
    }

    pub(super) fn in_id_order(&self) -> Vec<AccountSlot> {
        let mut slots: Vec<AccountSlot> = (0..self.records.len() as u32).collect();
        slots.sort_unstable_by_key(|slot| self.record(*slot).id);
        slots
    }

    /// Adds an account with the balances it brings.
    pub(super) fn insert(&mut self, vacancy: Vacancy, hash: IdHash, account: &Account) {
        let next = self.sums.len() as u32;
        let ledger = *self.ledgers.entry(account.ledger).or_insert(next);
        if ledger == next {
            self.sums.push(LedgerSums::new(account.ledger));
        }
        let slot = self.records.len() as u32;
        self.index.insert(vacancy, hash, slot);
        self.records.push(AccountRecord {
            balances: [0; 4],
            id: account.id,
            user_data_128: account.user_data_128,
            user_data_64: account.user_data_64,
            timestamp_ns: account.timestamp_ns,
            user_data_32: account.user_data_32,
            ledger,
            code: account.code,
            flags: account.flags,
        });
        self.sums[ledger as usize].accounts += 1;
        self.raise(slot, DebitsPending, account.debits_pending);
        self.raise(slot, DebitsPosted, account.debits_posted);
        self.raise(slot, CreditsPending, account.credits_pending);
        self.raise(slot, CreditsPosted, account.credits_posted);
    }

    /// Takes back the newest accounts until `len` are left; nothing has moved on them yet.
    pub(super) fn truncate(&mut self, len: usize) {
        while self.records.len() > len {
            let record = self.records.pop().expect("there are more than len");
            assert!(record.balances == [0; 4], "an account taken back has not been used");
            self.index.remove(IdHash::of(record.id), self.records.len() as u32);
            let sums = &mut self.sums[record.ledger as usize];
            sums.accounts -= 1;
            if sums.accounts == 0 {
                // Its first account was the newest of all, so the ledger is the newest too.
                self.ledgers.remove(&sums.ledger);
                self.sums.truncate(record.ledger as usize);
            }
        }
    }

    pub(super) fn raise(&mut self, slot: AccountSlot, balance: Balance, amount: u128) {
        let record = &mut self.records[slot as usize];
        record.balances[balance as usize] += amount;
        self.sums[record.ledger as usize].sum_mut(balance).raise(amount);
    }

    pub(super) fn lower(&mut self, slot: AccountSlot, balance: Balance, amount: u128) {
        let record = &mut self.records[slot as usize];
        record.balances[balance as usize] -= amount;
        self.sums[record.ledger as usize].sum_mut(balance).lower(amount);
    }

    pub(super) fn close(&mut self, slot: AccountSlot) {
        let record = &mut self.records[slot as usize];
        assert!(!record.is(AccountFlags::CLOSED), "a closed account takes no closing transfer");
        record.flags = record.flags.with(AccountFlags::CLOSED);
    }

    pub(super) fn reopen(&mut self, slot: AccountSlot) {
        let record = &mut self.records[slot as usize];
        assert!(record.is(AccountFlags::CLOSED), "only what a transfer closed is reopened");
        record.flags = record.flags.without(AccountFlags::CLOSED);
    }

    /// The running sums of every ledger with an account, by ledger number.
    pub(super) fn sums(&self) -> impl Iterator<Item = &LedgerSums> {
        self.ledgers.values().map(|at| &self.sums[*at as usize])
    }
}
