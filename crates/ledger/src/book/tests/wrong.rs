//! Books that are wrong on purpose, each in one rule, to show what the conformance suite catches.

use std::ops::Range;

use crate::book::transfers::TransferSlot;
use crate::{
    AMOUNT_ALL, Account, AccountFlags, AccountStatus, Book, Ledger, Phase, Retirement, Transfer,
    TransferFlags, TransferStatus,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No fault; the suite must find nothing.
    None,
    /// An id refused for a passing reason is free again.
    FreesBurnedIds,
    /// Taking a chain back also frees the id of the member that failed.
    FreesBurnedIdsOfChains,
    /// All members of a chain that failed for a passing reason are used up.
    BurnsWholeChains,
    /// Members of a chain are carried out one by one.
    IgnoresLinks,
    /// An open chain that is broken already does not say that it is open.
    HidesOpenEndOfBrokenChains,
    /// Expiry comes a nanosecond early.
    ExpiresEarly,
    /// Expiry comes a nanosecond late.
    ExpiresLate,
    /// Expired reservations are listed by age.
    ListsExpiredByAge,
    /// What closed an account stays closed when it expires.
    KeepsClosedAtExpiry,
    /// A post of less keeps the rest reserved.
    KeepsRestOfPosts,
    /// A post of 0 posts everything.
    PostsAllForZero,
    /// A void of less is taken for a void.
    VoidsForLess,
    /// A void is refused on a closed account.
    RefusesVoidsOnClosed,
    /// A repeated full post with a larger amount exists, as TigerBeetle's documentation says but its server does not.
    TakesLargerPostForSame,
    /// User data is not compared.
    IgnoresUserData,
    /// An account closed since is taken for the same.
    IgnoresClosedInAccounts,
    /// A missing credit account is seen before a missing debit account.
    SeesCreditFirst,
    /// Refused events use up their timestamps.
    SpendsTimeOnRefusals,
    /// Timestamps of a batch end a nanosecond late.
    IsLate,
}

impl Fault {
    pub(super) const ALL: [Self; 19] = [
        Self::FreesBurnedIds,
        Self::FreesBurnedIdsOfChains,
        Self::BurnsWholeChains,
        Self::IgnoresLinks,
        Self::HidesOpenEndOfBrokenChains,
        Self::ExpiresEarly,
        Self::ExpiresLate,
        Self::ListsExpiredByAge,
        Self::KeepsClosedAtExpiry,
        Self::KeepsRestOfPosts,
        Self::PostsAllForZero,
        Self::VoidsForLess,
        Self::RefusesVoidsOnClosed,
        Self::TakesLargerPostForSame,
        Self::IgnoresUserData,
        Self::IgnoresClosedInAccounts,
        Self::SeesCreditFirst,
        Self::SpendsTimeOnRefusals,
        Self::IsLate,
    ];
}

pub(super) struct WrongBook {
    book: Book,
    fault: Fault,
}

impl WrongBook {
    pub(super) fn new(fault: Fault) -> Self {
        Self { book: Book::new(), fault }
    }

    /// Alters what is asked.
    fn alter(&self, mut event: Transfer) -> Transfer {
        let post = event.flags.contains(TransferFlags::POST_PENDING);
        let void = event.flags.contains(TransferFlags::VOID_PENDING);
        let known = self.book.transfer(event.id).is_some();
        let reserved = self.book.transfer(event.pending_id).map_or(0, |pending| pending.amount);
        match self.fault {
            Fault::IgnoresLinks => event.flags = event.flags.without(TransferFlags::LINKED),
            Fault::PostsAllForZero if post && event.amount == 0 && !known => event.amount = AMOUNT_ALL,
            Fault::VoidsForLess if void && event.amount < reserved && !known => event.amount = 0,
            _ => {}
        }
        event
    }

    /// Alters what is answered and done; `members` are the transfers of the event's chain.
    fn spoil(&mut self, event: &Transfer, members: &[Transfer], status: &mut TransferStatus) {
        use TransferStatus as Status;
        let burned = status.burns_id();
        match self.fault {
            Fault::FreesBurnedIds if burned => self.free(event.id),
            Fault::FreesBurnedIdsOfChains if burned && members.len() > 1 => self.free(event.id),
            Fault::BurnsWholeChains if burned => {
                for member in members {
                    self.book.transfers.burn(member.id);
                }
            }
            Fault::KeepsRestOfPosts if *status == Status::Created => self.keep_rest(event),
            Fault::TakesLargerPostForSame
                if *status == Status::ExistsWithDifferentAmount
                    && event.flags.contains(TransferFlags::POST_PENDING)
                    && self.book.transfer(event.pending_id).is_some_and(|pending| {
                        self.book.transfer(event.id).is_some_and(|post| post.amount == pending.amount)
                            && event.amount > pending.amount
                    }) =>
            {
                *status = Status::Exists;
            }
            Fault::IgnoresUserData
                if matches!(
                    status,
                    Status::ExistsWithDifferentUserData128
                        | Status::ExistsWithDifferentUserData64
                        | Status::ExistsWithDifferentUserData32
                ) =>
            {
                *status = Status::Exists;
            }
            Fault::SeesCreditFirst
                if *status == Status::DebitAccountNotFound
                    && self.book.account(event.credit_account_id).is_none() =>
            {
                *status = Status::CreditAccountNotFound;
            }
            _ => {}
        }
    }

    fn free(&mut self, id: u128) {
        assert_eq!(self.book.retire(id), Retirement::Retired);
    }

    fn keep_rest(&mut self, event: &Transfer) {
        use crate::book::Balance::{CreditsPending, DebitsPending};
        let Some(slot) = self.slot(event.pending_id) else { return };
        let pending = self.book.transfers.record(slot);
        let (debit, credit, reserved) = (pending.debit, pending.credit, pending.amount);
        let posted = self.book.transfer(event.id).map_or(0, |post| post.amount);
        self.book.accounts.raise(debit, DebitsPending, reserved - posted);
        self.book.accounts.raise(credit, CreditsPending, reserved - posted);
    }

    fn slot(&self, id: u128) -> Option<TransferSlot> {
        self.book.transfers.slot(id)
    }

    fn is_void_on_closed(&self, event: &Transfer) -> bool {
        let Some(slot) = self.slot(event.pending_id) else { return false };
        let pending = self.book.transfers.record(slot);
        event.flags == TransferFlags::VOID_PENDING
            && pending.phase == Phase::Pending
            && self.book.accounts.record(pending.debit).is(AccountFlags::CLOSED)
    }
}

/// The members of the chain around an event.
fn chain_around(events: &[Transfer], index: usize) -> Range<usize> {
    let linked = |event: &Transfer| event.flags.contains(TransferFlags::LINKED);
    let start = events[..index].iter().rposition(|event| !linked(event)).map_or(0, |before| before + 1);
    let end =
        events[index..].iter().position(|event| !linked(event)).map_or(events.len(), |last| index + last + 1);
    start..end
}

impl Ledger for WrongBook {
    fn create_accounts(&mut self, now_ns: u64, accounts: &[Account], results: &mut Vec<AccountStatus>) {
        self.book.create_accounts(now_ns, accounts, results);
        if self.fault == Fault::IgnoresClosedInAccounts {
            for (account, status) in accounts.iter().zip(results) {
                let is_closed = |held: Account| held.flags == account.flags | AccountFlags::CLOSED;
                if *status == AccountStatus::ExistsWithDifferentFlags
                    && self.book.account(account.id).is_some_and(is_closed)
                {
                    *status = AccountStatus::Exists;
                }
            }
        }
    }

    fn create_transfers(&mut self, now_ns: u64, transfers: &[Transfer], results: &mut Vec<TransferStatus>) {
        if self.fault == Fault::RefusesVoidsOnClosed
            && let [event] = transfers
            && self.is_void_on_closed(event)
        {
            results.clear();
            results.push(TransferStatus::DebitAccountAlreadyClosed);
            return;
        }
        let altered: Vec<Transfer> = transfers.iter().map(|event| self.alter(*event)).collect();
        let late_ns = u64::from(self.fault == Fault::IsLate);
        self.book.create_transfers(now_ns.saturating_add(late_ns), &altered, results);
        for (index, status) in results.iter_mut().enumerate() {
            self.spoil(&transfers[index], &transfers[chain_around(transfers, index)], status);
        }
        if self.fault == Fault::HidesOpenEndOfBrokenChains
            && results.last() == Some(&TransferStatus::LinkedEventChainOpen)
        {
            let members = &mut results[chain_around(transfers, transfers.len() - 1)];
            let last = members.len() - 1;
            if members[..last].iter().any(|status| *status != TransferStatus::LinkedEventFailed) {
                members[last] = TransferStatus::LinkedEventFailed;
            }
        }
        if self.fault == Fault::SpendsTimeOnRefusals {
            self.book.latest_ns = self.book.latest_ns.max(now_ns.min(crate::TIMESTAMP_MAX_NS));
        }
    }

    fn expire(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        let now_ns = match self.fault {
            Fault::ExpiresEarly => now_ns.saturating_add(1),
            Fault::ExpiresLate => now_ns.saturating_sub(1),
            _ => now_ns,
        };
        self.book.expire(now_ns, expired);
        match self.fault {
            Fault::ListsExpiredByAge => expired.sort_by_key(|transfer| transfer.timestamp_ns),
            Fault::KeepsClosedAtExpiry => {
                for transfer in
                    expired.iter().filter(|transfer| transfer.flags.contains(TransferFlags::CLOSING_DEBIT))
                {
                    let slot = self.book.accounts.slot(transfer.debit_account_id).unwrap();
                    self.book.accounts.close(slot);
                }
            }
            _ => {}
        }
    }

    fn account(&self, id: u128) -> Option<Account> {
        self.book.account(id)
    }

    fn transfer(&self, id: u128) -> Option<Transfer> {
        self.book.transfer(id)
    }
}
