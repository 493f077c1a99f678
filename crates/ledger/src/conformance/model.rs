//! The reference: a book that keeps a list of what it accepted and works everything else out from the list,
//! again and again. Slow on purpose; shares no rule with [`crate::Book`].

mod judge;

use std::collections::BTreeSet;
use std::ops::Range;

use judge::LATEST_POSSIBLE_NS;

use crate::{Account, AccountFlags, AccountStatus, Ledger, Transfer, TransferFlags, TransferStatus};

/// The naive book. Its work grows with the square of what it holds.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// As they were created: without balances, and not closed since.
    accounts: Vec<Account>,
    /// As they were recorded, oldest first.
    transfers: Vec<Transfer>,
    /// Pending transfers that were released at their deadline.
    expired: BTreeSet<u128>,
    burned: BTreeSet<u128>,
}

/// What became of a pending transfer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Posted,
    Voided,
    Expired,
}

impl Model {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// The latest timestamp given, in nanoseconds.
    pub(super) fn latest_ns(&self) -> u64 {
        let accounts = self.accounts.iter().map(|account| account.timestamp_ns);
        let transfers = self.transfers.iter().map(|transfer| transfer.timestamp_ns);
        accounts.chain(transfers).max().unwrap_or(0)
    }

    /// The earliest deadline of a reservation that is open, in nanoseconds.
    pub(super) fn next_deadline_ns(&self) -> Option<u64> {
        let open = self.transfers.iter().filter(|transfer| {
            transfer.flags.contains(TransferFlags::PENDING) && self.fate(transfer) == Fate::Open
        });
        open.filter_map(Transfer::deadline_ns).min()
    }

    fn recorded(&self, id: u128) -> Option<Transfer> {
        self.transfers.iter().find(|transfer| transfer.id == id).copied()
    }

    fn fate(&self, pending: &Transfer) -> Fate {
        match self.transfers.iter().find(|transfer| transfer.pending_id == pending.id) {
            Some(transfer) if transfer.flags.contains(TransferFlags::POST_PENDING) => Fate::Posted,
            Some(_) => Fate::Voided,
            None if self.expired.contains(&pending.id) => Fate::Expired,
            None => Fate::Open,
        }
    }

    /// The account with its balances and whether it is closed, all from the list of transfers.
    fn present(&self, id: u128) -> Option<Account> {
        let mut account = *self.accounts.iter().find(|account| account.id == id)?;
        let resolved: BTreeSet<u128> = self.transfers.iter().map(|transfer| transfer.pending_id).collect();
        for transfer in &self.transfers {
            let pending = transfer.flags.contains(TransferFlags::PENDING);
            let void = transfer.flags.contains(TransferFlags::VOID_PENDING);
            let open = pending && !resolved.contains(&transfer.id) && !self.expired.contains(&transfer.id);
            let held = if open { transfer.amount } else { 0 };
            let moved = if pending || void { 0 } else { transfer.amount };
            if transfer.debit_account_id == id {
                account.debits_pending += held;
                account.debits_posted += moved;
                if open && transfer.flags.contains(TransferFlags::CLOSING_DEBIT) {
                    account.flags = account.flags | AccountFlags::CLOSED;
                }
            }
            if transfer.credit_account_id == id {
                account.credits_pending += held;
                account.credits_posted += moved;
                if open && transfer.flags.contains(TransferFlags::CLOSING_CREDIT) {
                    account.flags = account.flags | AccountFlags::CLOSED;
                }
            }
        }
        Some(account)
    }

    /// Carries out a chain on a copy of the book, so that one that fails leaves no trace, and gives each member
    /// its status. Also which member failed, if one did.
    fn carry_out<E, S: ChainStatus>(
        &mut self,
        chain: &[E],
        open: bool,
        mut create: impl FnMut(&mut Self, usize) -> Result<(), S>,
    ) -> (Vec<S>, Option<usize>) {
        let mut attempt = self.clone();
        let last = chain.len() - 1;
        for member in 0..chain.len() {
            let outcome = if open && member == last { Err(S::OPEN) } else { create(&mut attempt, member) };
            if let Err(status) = outcome {
                let mut statuses = vec![S::FAILED; chain.len()];
                if open {
                    // An open chain says so at its end, wherever it broke.
                    statuses[last] = S::OPEN;
                }
                statuses[member] = status;
                return (statuses, Some(member));
            }
        }
        *self = attempt;
        (vec![S::CREATED; chain.len()], None)
    }
}

/// The statuses that have to do with chains.
trait ChainStatus: Copy {
    const CREATED: Self;
    const FAILED: Self;
    const OPEN: Self;
}

impl ChainStatus for AccountStatus {
    const CREATED: Self = Self::Created;
    const FAILED: Self = Self::LinkedEventFailed;
    const OPEN: Self = Self::LinkedEventChainOpen;
}

impl ChainStatus for TransferStatus {
    const CREATED: Self = Self::Created;
    const FAILED: Self = Self::LinkedEventFailed;
    const OPEN: Self = Self::LinkedEventChainOpen;
}

impl Ledger for Model {
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        results.clear();
        let Some(first_ns) = first_timestamp_ns(self.latest_ns(), now_ns, accounts.len()) else {
            return results.resize(accounts.len(), AccountStatus::ClockOutOfRange);
        };
        let linked = |account: &Account| account.flags.contains(AccountFlags::LINKED);
        for chain in chains(accounts, linked) {
            let open = linked(&accounts[chain.end - 1]);
            let (statuses, _) = self.carry_out(&accounts[chain.clone()], open, |book, member| {
                let account = accounts[chain.start + member];
                match book.judge_account(&account) {
                    AccountStatus::Created => {
                        let timestamp_ns = first_ns + (chain.start + member) as u64;
                        book.accounts.push(Account { timestamp_ns, ..account });
                        Ok(())
                    }
                    status => Err(status),
                }
            });
            results.extend(statuses);
        }
    }

    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        use TransferStatus as S;
        results.clear();
        let Some(first_ns) = first_timestamp_ns(self.latest_ns(), now_ns, transfers.len()) else {
            return results.resize(transfers.len(), S::ClockOutOfRange);
        };
        let linked = |transfer: &Transfer| transfer.flags.contains(TransferFlags::LINKED);
        for chain in chains(transfers, linked) {
            let open = linked(&transfers[chain.end - 1]);
            let (statuses, failed) = self.carry_out(&transfers[chain.clone()], open, |book, member| {
                let index = chain.start + member;
                let record = book.judge_transfer(&transfers[index], first_ns + index as u64)?;
                book.transfers.push(record);
                Ok(())
            });
            if let Some(member) = failed {
                match statuses[member] {
                    S::DebitAccountNotFound
                    | S::CreditAccountNotFound
                    | S::PendingTransferNotFound
                    | S::ExceedsCredits
                    | S::ExceedsDebits
                    | S::DebitAccountAlreadyClosed
                    | S::CreditAccountAlreadyClosed => {
                        self.burned.insert(transfers[chain.start + member].id);
                    }
                    _ => {}
                }
            }
            results.extend(statuses);
        }
    }

    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        expired.clear();
        let now_ns = now_ns.max(self.latest_ns());
        let overdue = |transfer: &&Transfer| {
            transfer.flags.contains(TransferFlags::PENDING)
                && transfer.deadline_ns().is_some_and(|deadline_ns| deadline_ns <= now_ns)
                && self.fate(transfer) == Fate::Open
        };
        expired.extend(self.transfers.iter().filter(overdue));
        expired.sort_by_key(|transfer| (transfer.deadline_ns(), transfer.timestamp_ns));
        self.expired.extend(expired.iter().map(|transfer| transfer.id));
    }

    fn account(&self, id: u128) -> Option<Account> {
        self.present(id)
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        self.recorded(id)
    }
}

fn first_timestamp_ns(latest_ns: u64, now_ns: u64, events: usize) -> Option<u64> {
    let last = now_ns.max(latest_ns + events as u64);
    (last <= LATEST_POSSIBLE_NS).then(|| last + 1 - events as u64)
}

/// Cuts a batch after every event that is not linked to the next.
fn chains<E>(events: &[E], linked: impl Fn(&E) -> bool) -> Vec<Range<usize>> {
    let mut chains = Vec::new();
    let mut start = 0;
    for (index, event) in events.iter().enumerate() {
        if !linked(event) || index + 1 == events.len() {
            chains.push(start..index + 1);
            start = index + 1;
        }
    }
    chains
}
