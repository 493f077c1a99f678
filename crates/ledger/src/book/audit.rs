//! Counts everything again from the records and compares it with what is kept running. Changes nothing.

use std::collections::BTreeMap;

use super::Book;
use super::accounts::Balance::{CreditsPending, CreditsPosted, DebitsPending, DebitsPosted};
use super::transfers::{TransferRecord, TransferSlot};
use crate::{Account, AccountFlags, Error, LedgerSums, Phase, TransferFlags};

/// What the transfers say about one account.
#[derive(Clone, Copy, Default)]
struct Recount {
    balances: [u128; 4],
    /// The sum passed 2^128 - 1, which no account's can.
    overflown: bool,
    closings: u32,
}

impl Book {
    /// Recounts the whole book: sums of every ledger from its accounts, balances of every account from its
    /// transfers, limits, closed accounts, indexes and deadlines. The work is proportional to what is held.
    ///
    /// # Errors
    /// The first contradiction found; such a book must not be used any longer.
    pub fn audit(&self) -> Result<(), Error> {
        self.audit_sums()?;
        self.audit_balances()?;
        self.audit_index()?;
        self.audit_deadlines()
    }

    fn audit_sums(&self) -> Result<(), Error> {
        let mut recounted: BTreeMap<u32, LedgerSums> = BTreeMap::new();
        for slot in 0..self.accounts.len() as u32 {
            let account = self.accounts.account(slot);
            let sums = recounted.entry(account.ledger).or_insert_with(|| LedgerSums::new(account.ledger));
            sums.accounts += 1;
            sums.debits_pending.raise(account.debits_pending);
            sums.debits_posted.raise(account.debits_posted);
            sums.credits_pending.raise(account.credits_pending);
            sums.credits_posted.raise(account.credits_posted);
        }
        for sums in self.accounts.sums() {
            if recounted.remove(&sums.ledger).as_ref() != Some(sums) {
                return Err(Error::SumsDiffer { ledger: sums.ledger });
            }
            if !sums.is_balanced() {
                return Err(Error::Unbalanced { ledger: sums.ledger });
            }
        }
        match recounted.into_keys().next() {
            Some(ledger) => Err(Error::SumsDiffer { ledger }),
            None => Ok(()),
        }
    }

    fn audit_balances(&self) -> Result<(), Error> {
        let mut recounts = vec![Recount::default(); self.accounts.len()];
        for slot in self.transfers.slots() {
            let record = self.transfers.record(slot);
            recounts[record.debit as usize].add(record, [DebitsPending as usize, DebitsPosted as usize]);
            recounts[record.credit as usize].add(record, [CreditsPending as usize, CreditsPosted as usize]);
            if record.phase == Phase::Pending {
                let closes = |flag| u32::from(record.flags.contains(flag));
                recounts[record.debit as usize].closings += closes(TransferFlags::CLOSING_DEBIT);
                recounts[record.credit as usize].closings += closes(TransferFlags::CLOSING_CREDIT);
            }
        }
        for (slot, recount) in recounts.iter().enumerate() {
            self.compare(&self.accounts.account(slot as u32), recount)?;
        }
        Ok(())
    }

    fn compare(&self, account: &Account, recount: &Recount) -> Result<(), Error> {
        let account_id = account.id;
        let [debits_pending, debits_posted, credits_pending, credits_posted] = recount.balances;
        if (account.debits_pending, account.credits_pending) != (debits_pending, credits_pending) {
            return Err(Error::PendingDiffers { account_id });
        }
        let is_right = |held: u128, counted: u128| held == counted || (self.retired > 0 && held > counted);
        let posted = is_right(account.debits_posted, debits_posted)
            && is_right(account.credits_posted, credits_posted);
        if !posted || recount.overflown {
            return Err(Error::PostedDiffers { account_id });
        }
        let exceeds = |flag, pending: u128, posted: u128, limit: u128| {
            account.flags.contains(flag) && pending.checked_add(posted).is_none_or(|sum| sum > limit)
        };
        let debits = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS;
        let credits = AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS;
        if exceeds(debits, account.debits_pending, account.debits_posted, account.credits_posted)
            || exceeds(credits, account.credits_pending, account.credits_posted, account.debits_posted)
        {
            return Err(Error::LimitExceeded { account_id });
        }
        let closed = u32::from(account.flags.contains(AccountFlags::CLOSED));
        if recount.closings > closed {
            return Err(Error::ClosingDiffers { account_id });
        }
        Ok(())
    }

    fn audit_index(&self) -> Result<(), Error> {
        for slot in 0..self.accounts.len() as u32 {
            let id = self.accounts.record(slot).id;
            if self.accounts.slot(id) != Some(slot) {
                return Err(Error::IndexDiffers { id });
            }
        }
        let mut transfers = 0;
        for slot in self.transfers.slots() {
            let id = self.transfers.record(slot).id;
            if self.transfers.slot(id) != Some(slot) {
                return Err(Error::IndexDiffers { id });
            }
            transfers += 1;
        }
        for &id in self.transfers.burned() {
            if !self.transfers.is_burned(id) {
                return Err(Error::IndexDiffers { id });
            }
        }
        let ids = transfers + self.transfers.burned().len();
        if transfers != self.transfers.len() || ids != self.transfers.ids_len() {
            return Err(Error::IndexDiffers { id: 0 });
        }
        Ok(())
    }

    fn audit_deadlines(&self) -> Result<(), Error> {
        let has_deadline = |slot: &TransferSlot| {
            let record = self.transfers.record(*slot);
            record.phase == Phase::Pending && record.timeout_s != 0
        };
        let mut open: Vec<TransferSlot> = self.transfers.slots().filter(has_deadline).collect();
        let mut listed: Vec<TransferSlot> = self.deadlines.slots(&self.transfers).collect();
        let order = |slot: &TransferSlot| {
            let record = self.transfers.record(*slot);
            (record.timeout_s, record.timestamp_ns)
        };
        open.sort_unstable_by_key(order);
        if open == listed {
            return Ok(());
        }
        listed.sort_unstable_by_key(order);
        let differing = open.iter().zip(&listed).find(|(open, listed)| open != listed);
        let seen_at = differing.map(|(open, _)| open).or(open.last());
        Err(Error::DeadlinesDiffer { transfer_id: seen_at.map_or(0, |slot| self.transfers.record(*slot).id) })
    }
}

impl Recount {
    /// Adds what a transfer holds (first side) or has moved (second side).
    fn add(&mut self, record: &TransferRecord, [pending, posted]: [usize; 2]) {
        let side = match record.phase {
            Phase::Pending => pending,
            Phase::Single => posted,
            Phase::Resolution if record.flags.contains(TransferFlags::POST_PENDING) => posted,
            Phase::Resolution | Phase::Posted | Phase::Voided | Phase::Expired => return,
        };
        let (sum, overflown) = self.balances[side].overflowing_add(record.amount);
        self.balances[side] = sum;
        self.overflown |= overflown;
    }
}
