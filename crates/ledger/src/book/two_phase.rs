//! Posts and voids reservations: the checks in their fixed order, then the effect. Does not know of batches,
//! chains and expiry, but for the moment from which a reservation can no longer be resolved.

use super::Book;
use super::accounts::Balance::{CreditsPending, CreditsPosted, DebitsPending, DebitsPosted};
use super::create::Place;
use super::deadlines::deadline_ns;
use super::transfers::{Inherited, NO_SLOT, TransferRecord, TransferSlot};
use crate::{AMOUNT_ALL, AccountFlags, Phase, Transfer, TransferFlags, TransferStatus};

impl Book {
    pub(super) fn resolve(
        &mut self,
        place: Place,
        transfer: &Transfer,
    ) -> Result<TransferSlot, TransferStatus> {
        use TransferStatus as Status;
        if let Some(refusal) = refuse_form(transfer) {
            return Err(refusal);
        }
        let slot = self.transfers.slot(transfer.pending_id).ok_or(Status::PendingTransferNotFound)?;
        let pending = self.transfers.record(slot);
        if pending.phase == Phase::Single || pending.phase == Phase::Resolution {
            return Err(Status::PendingTransferNotPending);
        }
        if let Some(refusal) = self.refuse_difference(transfer, pending) {
            return Err(refusal);
        }
        let amount = amount_to_resolve(transfer, pending)?;
        if let Some(refusal) = self.refuse_state(place.timestamp_ns, transfer, pending) {
            return Err(refusal);
        }
        let post = transfer.flags.contains(TransferFlags::POST_PENDING);
        let record = resolution(place.timestamp_ns, transfer, pending, amount);
        let (debit, credit) = (record.debit, record.credit);
        self.deadlines.take(&mut self.transfers, slot);
        if post {
            self.transfers.record_mut(slot).phase = Phase::Posted;
            let reserved = self.transfers.record(slot).amount;
            self.accounts.lower(debit, DebitsPending, reserved);
            self.accounts.lower(credit, CreditsPending, reserved);
            self.accounts.raise(debit, DebitsPosted, amount);
            self.accounts.raise(credit, CreditsPosted, amount);
        } else {
            self.transfers.record_mut(slot).phase = Phase::Voided;
            self.release(slot);
        }
        Ok(self.transfers.insert(place.vacancy, place.hash, record))
    }

    /// Gives back what a pending transfer reserved, and reopens what it closed.
    pub(super) fn release(&mut self, pending: TransferSlot) {
        let record = self.transfers.record(pending);
        let (debit, credit, amount, flags) = (record.debit, record.credit, record.amount, record.flags);
        self.accounts.lower(debit, DebitsPending, amount);
        self.accounts.lower(credit, CreditsPending, amount);
        if flags.contains(TransferFlags::CLOSING_DEBIT) {
            self.accounts.reopen(debit);
        }
        if flags.contains(TransferFlags::CLOSING_CREDIT) {
            self.accounts.reopen(credit);
        }
    }

    /// A field of the pending transfer may be left 0, or must be repeated.
    fn refuse_difference(&self, transfer: &Transfer, pending: &TransferRecord) -> Option<TransferStatus> {
        use TransferStatus as Status;
        let debit = self.accounts.record(pending.debit);
        let credit = self.accounts.record(pending.credit);
        if transfer.debit_account_id != 0 && transfer.debit_account_id != debit.id {
            Some(Status::PendingTransferHasDifferentDebitAccountId)
        } else if transfer.credit_account_id != 0 && transfer.credit_account_id != credit.id {
            Some(Status::PendingTransferHasDifferentCreditAccountId)
        } else if transfer.ledger != 0 && transfer.ledger != self.accounts.ledger(debit) {
            Some(Status::PendingTransferHasDifferentLedger)
        } else if transfer.code != 0 && transfer.code != pending.code {
            Some(Status::PendingTransferHasDifferentCode)
        } else {
            None
        }
    }

    fn refuse_state(
        &self,
        timestamp_ns: u64,
        transfer: &Transfer,
        pending: &TransferRecord,
    ) -> Option<TransferStatus> {
        use TransferStatus as Status;
        match pending.phase {
            Phase::Posted => return Some(Status::PendingTransferAlreadyPosted),
            Phase::Voided => return Some(Status::PendingTransferAlreadyVoided),
            Phase::Expired => return Some(Status::PendingTransferExpired),
            Phase::Pending if pending.timeout_s != 0 && deadline_ns(pending) <= timestamp_ns => {
                return Some(Status::PendingTransferExpired);
            }
            Phase::Pending | Phase::Single | Phase::Resolution => {}
        }
        if transfer.flags.contains(TransferFlags::VOID_PENDING) {
            None
        } else if self.accounts.record(pending.debit).is(AccountFlags::CLOSED) {
            Some(Status::DebitAccountAlreadyClosed)
        } else if self.accounts.record(pending.credit).is(AccountFlags::CLOSED) {
            Some(Status::CreditAccountAlreadyClosed)
        } else {
            None
        }
    }
}

/// What can be told from the transfer alone.
fn refuse_form(transfer: &Transfer) -> Option<TransferStatus> {
    use TransferStatus as Status;
    let excluded = TransferFlags::PENDING | TransferFlags::BALANCING | TransferFlags::CLOSING;
    if transfer.flags.contains(TransferFlags::RESOLVING) || transfer.flags.intersects(excluded) {
        Some(Status::FlagsAreMutuallyExclusive)
    } else if transfer.pending_id == 0 {
        Some(Status::PendingIdMustNotBeZero)
    } else if transfer.pending_id == u128::MAX {
        Some(Status::PendingIdMustNotBeMax)
    } else if transfer.pending_id == transfer.id {
        Some(Status::PendingIdMustBeDifferent)
    } else if transfer.timeout_s != 0 {
        Some(Status::TimeoutReservedForPendingTransfer)
    } else {
        None
    }
}

/// The amount asked for, with the value that means "all of it" replaced.
fn amount_to_resolve(transfer: &Transfer, pending: &TransferRecord) -> Result<u128, TransferStatus> {
    let void = transfer.flags.contains(TransferFlags::VOID_PENDING);
    let all = if void { 0 } else { AMOUNT_ALL };
    let amount = if transfer.amount == all { pending.amount } else { transfer.amount };
    if amount > pending.amount {
        Err(TransferStatus::ExceedsPendingTransferAmount)
    } else if void && amount < pending.amount {
        Err(TransferStatus::PendingTransferHasDifferentAmount)
    } else {
        Ok(amount)
    }
}

/// The record of a post or void: what the request left 0 comes from the pending transfer.
fn resolution(
    timestamp_ns: u64,
    transfer: &Transfer,
    pending: &TransferRecord,
    amount: u128,
) -> TransferRecord {
    let user_data_128 =
        if transfer.user_data_128 != 0 { transfer.user_data_128 } else { pending.user_data_128 };
    let user_data_64 = if transfer.user_data_64 != 0 { transfer.user_data_64 } else { pending.user_data_64 };
    let user_data_32 = if transfer.user_data_32 != 0 { transfer.user_data_32 } else { pending.user_data_32 };
    let mut inherited = Inherited::default();
    inherited.set(Inherited::AMOUNT, amount == pending.amount);
    inherited.set(Inherited::USER_DATA_128, user_data_128 == pending.user_data_128);
    inherited.set(Inherited::USER_DATA_64, user_data_64 == pending.user_data_64);
    inherited.set(Inherited::USER_DATA_32, user_data_32 == pending.user_data_32);
    TransferRecord {
        id: transfer.id,
        amount,
        pending_id: transfer.pending_id,
        user_data_128,
        user_data_64,
        timestamp_ns,
        debit: pending.debit,
        credit: pending.credit,
        user_data_32,
        timeout_s: 0,
        earlier: NO_SLOT,
        later: NO_SLOT,
        code: pending.code,
        flags: transfer.flags,
        phase: Phase::Resolution,
        inherited,
    }
}
