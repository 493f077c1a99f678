//! Creates accounts, single-phase transfers and reservations: the checks in their fixed order, then the effect.
//! Does not know of batches and chains.

use super::accounts::Balance::{CreditsPending, CreditsPosted, DebitsPending, DebitsPosted};
use super::accounts::{AccountRecord, AccountSlot};
use super::index::{IdHash, Vacancy};
use super::transfers::{Inherited, Known, NO_SLOT, TransferRecord, TransferSlot};
use super::{Book, TIMESTAMP_MAX_NS, exists};
use crate::transfer::timeout_ns;
use crate::{Account, AccountFlags, AccountStatus, Phase, Transfer, TransferFlags, TransferStatus};

/// A place for a new transfer.
pub(super) struct Place {
    pub(super) hash: IdHash,
    pub(super) vacancy: Vacancy,
    pub(super) timestamp_ns: u64,
}

impl Book {
    pub(super) fn create_account(&mut self, timestamp_ns: u64, account: &Account) -> AccountStatus {
        use AccountStatus as Status;
        if account.flags.contains(AccountFlags::IMPORTED) {
            return Status::ImportedNotSupported;
        }
        if account.timestamp_ns != 0 {
            return Status::TimestampMustBeZero;
        }
        if account.flags.without(AccountFlags::KNOWN) != AccountFlags::NONE {
            return Status::ReservedFlag;
        }
        if account.id == 0 {
            return Status::IdMustNotBeZero;
        }
        if account.id == u128::MAX {
            return Status::IdMustNotBeMax;
        }
        let hash = IdHash::of(account.id);
        let vacancy = match self.accounts.find(hash, account.id) {
            Ok(slot) => return exists::compare_accounts(account, &self.accounts.account(slot)),
            Err(vacancy) => vacancy,
        };
        if self.accounts.len() >= self.limits.accounts_max as usize {
            return Status::BookFull;
        }
        if let Some(refusal) = refuse_account(account) {
            return refusal;
        }
        self.accounts.insert(vacancy, hash, &Account { timestamp_ns, ..*account });
        Status::Created
    }

    pub(super) fn create_transfer(
        &mut self,
        timestamp_ns: u64,
        transfer: &Transfer,
    ) -> Result<TransferSlot, TransferStatus> {
        use TransferStatus as Status;
        if transfer.flags.contains(TransferFlags::IMPORTED) {
            return Err(Status::ImportedNotSupported);
        }
        if transfer.timestamp_ns != 0 {
            return Err(Status::TimestampMustBeZero);
        }
        if transfer.flags.without(TransferFlags::KNOWN) != TransferFlags::NONE {
            return Err(Status::ReservedFlag);
        }
        if transfer.id == 0 {
            return Err(Status::IdMustNotBeZero);
        }
        if transfer.id == u128::MAX {
            return Err(Status::IdMustNotBeMax);
        }
        let hash = IdHash::of(transfer.id);
        let vacancy = match self.transfers.find(hash, transfer.id) {
            Known::Recorded(slot) => return Err(self.compare_transfers(transfer, slot)),
            Known::Burned => return Err(Status::IdAlreadyFailed),
            Known::Unknown(vacancy) => vacancy,
        };
        if self.transfers.ids_len() >= self.limits.transfers_max as usize {
            return Err(Status::BookFull);
        }
        let place = Place { hash, vacancy, timestamp_ns };
        if transfer.flags.intersects(TransferFlags::RESOLVING) {
            self.resolve(place, transfer)
        } else {
            self.move_or_reserve(place, transfer)
        }
    }

    fn move_or_reserve(&mut self, place: Place, transfer: &Transfer) -> Result<TransferSlot, TransferStatus> {
        if let Some(refusal) = refuse_form(transfer) {
            return Err(refusal);
        }
        let (debit, credit) = self.accounts_of(transfer)?;
        let amount = {
            let (debit, credit) = (self.accounts.record(debit), self.accounts.record(credit));
            let amount = amount_to_move(transfer, debit, credit);
            if let Some(refusal) = refuse_amount(place.timestamp_ns, transfer, amount, debit, credit) {
                return Err(refusal);
            }
            amount
        };
        let pending = transfer.flags.contains(TransferFlags::PENDING);
        let (debits, credits) =
            if pending { (DebitsPending, CreditsPending) } else { (DebitsPosted, CreditsPosted) };
        self.accounts.raise(debit, debits, amount);
        self.accounts.raise(credit, credits, amount);
        if transfer.flags.intersects(TransferFlags::CLOSING) {
            self.close_accounts(transfer.flags, debit, credit);
        }
        let record = TransferRecord {
            id: transfer.id,
            amount,
            pending_id: 0,
            user_data_128: transfer.user_data_128,
            user_data_64: transfer.user_data_64,
            timestamp_ns: place.timestamp_ns,
            debit,
            credit,
            user_data_32: transfer.user_data_32,
            timeout_s: transfer.timeout_s,
            earlier: NO_SLOT,
            later: NO_SLOT,
            code: transfer.code,
            flags: transfer.flags,
            phase: if pending { Phase::Pending } else { Phase::Single },
            inherited: Inherited::default(),
        };
        let slot = self.transfers.insert(place.vacancy, place.hash, record);
        self.deadlines.append(&mut self.transfers, slot);
        Ok(slot)
    }

    fn accounts_of(&self, transfer: &Transfer) -> Result<(AccountSlot, AccountSlot), TransferStatus> {
        use TransferStatus as Status;
        let debit = self.accounts.slot(transfer.debit_account_id).ok_or(Status::DebitAccountNotFound)?;
        let credit = self.accounts.slot(transfer.credit_account_id).ok_or(Status::CreditAccountNotFound)?;
        let debit_record = self.accounts.record(debit);
        if !debit_record.shares_ledger_with(self.accounts.record(credit)) {
            return Err(Status::AccountsMustHaveTheSameLedger);
        }
        if self.accounts.ledger(debit_record) != transfer.ledger {
            return Err(Status::TransferMustHaveTheSameLedgerAsAccounts);
        }
        Ok((debit, credit))
    }

    fn close_accounts(&mut self, flags: TransferFlags, debit: AccountSlot, credit: AccountSlot) {
        if flags.contains(TransferFlags::CLOSING_DEBIT) {
            self.accounts.close(debit);
        }
        if flags.contains(TransferFlags::CLOSING_CREDIT) {
            self.accounts.close(credit);
        }
    }
}

fn refuse_account(account: &Account) -> Option<AccountStatus> {
    use AccountStatus as Status;
    let limits = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS;
    let checks = [
        (account.flags.contains(limits), Status::FlagsAreMutuallyExclusive),
        (account.debits_pending != 0, Status::DebitsPendingMustBeZero),
        (account.debits_posted != 0, Status::DebitsPostedMustBeZero),
        (account.credits_pending != 0, Status::CreditsPendingMustBeZero),
        (account.credits_posted != 0, Status::CreditsPostedMustBeZero),
        (account.ledger == 0, Status::LedgerMustNotBeZero),
        (account.code == 0, Status::CodeMustNotBeZero),
    ];
    checks.into_iter().find_map(|(refused, status)| refused.then_some(status))
}

/// What can be told from the transfer alone.
fn refuse_form(transfer: &Transfer) -> Option<TransferStatus> {
    use TransferStatus as Status;
    let single = !transfer.flags.contains(TransferFlags::PENDING);
    if transfer.debit_account_id == 0 {
        Some(Status::DebitAccountIdMustNotBeZero)
    } else if transfer.debit_account_id == u128::MAX {
        Some(Status::DebitAccountIdMustNotBeMax)
    } else if transfer.credit_account_id == 0 {
        Some(Status::CreditAccountIdMustNotBeZero)
    } else if transfer.credit_account_id == u128::MAX {
        Some(Status::CreditAccountIdMustNotBeMax)
    } else if transfer.debit_account_id == transfer.credit_account_id {
        Some(Status::AccountsMustBeDifferent)
    } else if transfer.pending_id != 0 {
        Some(Status::PendingIdMustBeZero)
    } else if single && transfer.timeout_s != 0 {
        Some(Status::TimeoutReservedForPendingTransfer)
    } else if single && transfer.flags.intersects(TransferFlags::CLOSING) {
        Some(Status::ClosingTransferMustBePending)
    } else if transfer.ledger == 0 {
        Some(Status::LedgerMustNotBeZero)
    } else if transfer.code == 0 {
        Some(Status::CodeMustNotBeZero)
    } else {
        None
    }
}

/// The amount asked for, or what a balancing transfer may move of it.
fn amount_to_move(transfer: &Transfer, debit: &AccountRecord, credit: &AccountRecord) -> u128 {
    let mut amount = transfer.amount;
    if transfer.flags.contains(TransferFlags::BALANCING_DEBIT) {
        amount = amount.min(debit.balance(CreditsPosted).saturating_sub(debit.debits()));
    }
    if transfer.flags.contains(TransferFlags::BALANCING_CREDIT) {
        amount = amount.min(credit.balance(DebitsPosted).saturating_sub(credit.credits()));
    }
    amount
}

/// What depends on the state of the accounts.
fn refuse_amount(
    timestamp_ns: u64,
    transfer: &Transfer,
    amount: u128,
    debit: &AccountRecord,
    credit: &AccountRecord,
) -> Option<TransferStatus> {
    use TransferStatus as Status;
    let pending = transfer.flags.contains(TransferFlags::PENDING);
    let overflows = |balance: u128| balance.checked_add(amount).is_none();
    if debit.is(AccountFlags::CLOSED) {
        Some(Status::DebitAccountAlreadyClosed)
    } else if credit.is(AccountFlags::CLOSED) {
        Some(Status::CreditAccountAlreadyClosed)
    } else if pending && overflows(debit.balance(DebitsPending)) {
        Some(Status::OverflowsDebitsPending)
    } else if pending && overflows(credit.balance(CreditsPending)) {
        Some(Status::OverflowsCreditsPending)
    } else if overflows(debit.balance(DebitsPosted)) {
        Some(Status::OverflowsDebitsPosted)
    } else if overflows(credit.balance(CreditsPosted)) {
        Some(Status::OverflowsCreditsPosted)
    } else if overflows(debit.debits()) {
        Some(Status::OverflowsDebits)
    } else if overflows(credit.credits()) {
        Some(Status::OverflowsCredits)
    } else if timestamp_ns + timeout_ns(transfer.timeout_s) > TIMESTAMP_MAX_NS {
        Some(Status::OverflowsTimeout)
    } else if debit.is(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
        && debit.debits() + amount > debit.balance(CreditsPosted)
    {
        Some(Status::ExceedsCredits)
    } else if credit.is(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS)
        && credit.credits() + amount > credit.balance(DebitsPosted)
    {
        Some(Status::ExceedsDebits)
    } else {
        None
    }
}
