//! The reference's rules: for each kind of event the list of checks in their order. Written to be read beside the
//! specification; changes nothing.

use super::super::rules::first;
use super::{Fate, Model};
use crate::{Account, AccountFlags, AccountStatus, Transfer, TransferFlags, TransferStatus};

/// 2^63 - 1, the latest timestamp and deadline.
pub(super) const LATEST_POSSIBLE_NS: u64 = u64::MAX / 2;

impl Model {
    pub(super) fn judge_account(&self, event: &Account) -> AccountStatus {
        use AccountStatus as S;
        let known = AccountFlags::from_bits(0b11_0111);
        let existing = self.present(event.id);
        first![
            event.flags.contains(AccountFlags::IMPORTED) => S::ImportedNotSupported,
            event.timestamp_ns != 0 => S::TimestampMustBeZero,
            event.flags.without(known) != AccountFlags::NONE => S::ReservedFlag,
            event.id == 0 => S::IdMustNotBeZero,
            event.id == u128::MAX => S::IdMustNotBeMax,
            existing.is_some_and(|old| old.flags != event.flags) => S::ExistsWithDifferentFlags,
            existing.is_some_and(|old| old.user_data_128 != event.user_data_128) => S::ExistsWithDifferentUserData128,
            existing.is_some_and(|old| old.user_data_64 != event.user_data_64) => S::ExistsWithDifferentUserData64,
            existing.is_some_and(|old| old.user_data_32 != event.user_data_32) => S::ExistsWithDifferentUserData32,
            existing.is_some_and(|old| old.ledger != event.ledger) => S::ExistsWithDifferentLedger,
            existing.is_some_and(|old| old.code != event.code) => S::ExistsWithDifferentCode,
            existing.is_some() => S::Exists,
            event.flags.contains(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
                && event.flags.contains(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS)
                => S::FlagsAreMutuallyExclusive,
            event.debits_pending != 0 => S::DebitsPendingMustBeZero,
            event.debits_posted != 0 => S::DebitsPostedMustBeZero,
            event.credits_pending != 0 => S::CreditsPendingMustBeZero,
            event.credits_posted != 0 => S::CreditsPostedMustBeZero,
            event.ledger == 0 => S::LedgerMustNotBeZero,
            event.code == 0 => S::CodeMustNotBeZero,
        ]
        .unwrap_or(S::Created)
    }

    /// The status of one transfer and, if it is `Created`, its record.
    pub(super) fn judge_transfer(
        &self,
        event: &Transfer,
        timestamp_ns: u64,
    ) -> Result<Transfer, TransferStatus> {
        use TransferStatus as S;
        let refused = first![
            event.flags.contains(TransferFlags::IMPORTED) => S::ImportedNotSupported,
            event.timestamp_ns != 0 => S::TimestampMustBeZero,
            event.flags.bits() >= 1 << 9 => S::ReservedFlag,
            event.id == 0 => S::IdMustNotBeZero,
            event.id == u128::MAX => S::IdMustNotBeMax,
        ];
        if let Some(status) = refused {
            return Err(status);
        }
        if let Some(old) = self.recorded(event.id) {
            return Err(self.judge_repeated(event, &old));
        }
        if self.burned.contains(&event.id) {
            return Err(S::IdAlreadyFailed);
        }
        let record = Transfer { timestamp_ns, ..*event };
        if event.flags.contains(TransferFlags::POST_PENDING)
            || event.flags.contains(TransferFlags::VOID_PENDING)
        {
            self.judge_resolving(record)
        } else {
            self.judge_moving(record)
        }
    }

    fn judge_repeated(&self, event: &Transfer, old: &Transfer) -> TransferStatus {
        use TransferStatus as S;
        let different_kind = first![
            event.flags != old.flags => S::ExistsWithDifferentFlags,
            event.pending_id != old.pending_id => S::ExistsWithDifferentPendingId,
            event.timeout_s != old.timeout_s => S::ExistsWithDifferentTimeout,
        ];
        if let Some(status) = different_kind {
            return status;
        }
        // What the event would be recorded as if it were the first with this id, but for the limits of balances.
        let mut asked = *event;
        let balancing = event.flags.contains(TransferFlags::BALANCING_DEBIT)
            || event.flags.contains(TransferFlags::BALANCING_CREDIT);
        if let Some(pending) = self.recorded(event.pending_id) {
            asked = fill_in(event, &pending);
        } else if balancing && event.amount >= old.amount {
            asked.amount = old.amount;
        }
        first![
            asked.debit_account_id != old.debit_account_id => S::ExistsWithDifferentDebitAccountId,
            asked.credit_account_id != old.credit_account_id => S::ExistsWithDifferentCreditAccountId,
            asked.amount != old.amount => S::ExistsWithDifferentAmount,
            asked.user_data_128 != old.user_data_128 => S::ExistsWithDifferentUserData128,
            asked.user_data_64 != old.user_data_64 => S::ExistsWithDifferentUserData64,
            asked.user_data_32 != old.user_data_32 => S::ExistsWithDifferentUserData32,
            asked.ledger != old.ledger => S::ExistsWithDifferentLedger,
            asked.code != old.code => S::ExistsWithDifferentCode,
        ]
        .unwrap_or(S::Exists)
    }

    fn judge_resolving(&self, event: Transfer) -> Result<Transfer, TransferStatus> {
        use TransferStatus as S;
        let post = event.flags.contains(TransferFlags::POST_PENDING);
        let void = event.flags.contains(TransferFlags::VOID_PENDING);
        let refused = first![
            post && void => S::FlagsAreMutuallyExclusive,
            event.flags.contains(TransferFlags::PENDING) => S::FlagsAreMutuallyExclusive,
            event.flags.contains(TransferFlags::BALANCING_DEBIT) => S::FlagsAreMutuallyExclusive,
            event.flags.contains(TransferFlags::BALANCING_CREDIT) => S::FlagsAreMutuallyExclusive,
            event.flags.contains(TransferFlags::CLOSING_DEBIT) => S::FlagsAreMutuallyExclusive,
            event.flags.contains(TransferFlags::CLOSING_CREDIT) => S::FlagsAreMutuallyExclusive,
            event.pending_id == 0 => S::PendingIdMustNotBeZero,
            event.pending_id == u128::MAX => S::PendingIdMustNotBeMax,
            event.pending_id == event.id => S::PendingIdMustBeDifferent,
            event.timeout_s != 0 => S::TimeoutReservedForPendingTransfer,
        ];
        if let Some(status) = refused {
            return Err(status);
        }
        let Some(pending) = self.recorded(event.pending_id) else {
            return Err(S::PendingTransferNotFound);
        };
        let record = fill_in(&event, &pending);
        let is_closed =
            |id| self.present(id).is_some_and(|account| account.flags.contains(AccountFlags::CLOSED));
        let overdue = pending.deadline_ns().is_some_and(|deadline_ns| event.timestamp_ns >= deadline_ns);
        let refused = first![
            !pending.flags.contains(TransferFlags::PENDING) => S::PendingTransferNotPending,
            record.debit_account_id != pending.debit_account_id => S::PendingTransferHasDifferentDebitAccountId,
            record.credit_account_id != pending.credit_account_id => S::PendingTransferHasDifferentCreditAccountId,
            record.ledger != pending.ledger => S::PendingTransferHasDifferentLedger,
            record.code != pending.code => S::PendingTransferHasDifferentCode,
            record.amount > pending.amount => S::ExceedsPendingTransferAmount,
            void && record.amount != pending.amount => S::PendingTransferHasDifferentAmount,
            self.fate(&pending) == Fate::Posted => S::PendingTransferAlreadyPosted,
            self.fate(&pending) == Fate::Voided => S::PendingTransferAlreadyVoided,
            self.fate(&pending) == Fate::Expired => S::PendingTransferExpired,
            overdue => S::PendingTransferExpired,
            post && is_closed(pending.debit_account_id) => S::DebitAccountAlreadyClosed,
            post && is_closed(pending.credit_account_id) => S::CreditAccountAlreadyClosed,
        ];
        refused.map_or(Ok(record), Err)
    }

    fn judge_moving(&self, event: Transfer) -> Result<Transfer, TransferStatus> {
        use TransferStatus as S;
        let pending = event.flags.contains(TransferFlags::PENDING);
        let closing = event.flags.contains(TransferFlags::CLOSING_DEBIT)
            || event.flags.contains(TransferFlags::CLOSING_CREDIT);
        let refused = first![
            event.debit_account_id == 0 => S::DebitAccountIdMustNotBeZero,
            event.debit_account_id == u128::MAX => S::DebitAccountIdMustNotBeMax,
            event.credit_account_id == 0 => S::CreditAccountIdMustNotBeZero,
            event.credit_account_id == u128::MAX => S::CreditAccountIdMustNotBeMax,
            event.debit_account_id == event.credit_account_id => S::AccountsMustBeDifferent,
            event.pending_id != 0 => S::PendingIdMustBeZero,
            !pending && event.timeout_s != 0 => S::TimeoutReservedForPendingTransfer,
            !pending && closing => S::ClosingTransferMustBePending,
            event.ledger == 0 => S::LedgerMustNotBeZero,
            event.code == 0 => S::CodeMustNotBeZero,
        ];
        if let Some(status) = refused {
            return Err(status);
        }
        let debit = self.present(event.debit_account_id).ok_or(S::DebitAccountNotFound)?;
        let credit = self.present(event.credit_account_id).ok_or(S::CreditAccountNotFound)?;
        let amount = balanced(&event, &debit, &credit);
        let overflows = |balance: u128| u128::MAX - balance < amount;
        let debits = debit.debits_pending + debit.debits_posted;
        let credits = credit.credits_pending + credit.credits_posted;
        let timeout_ns = u64::from(event.timeout_s) * 1_000_000_000;
        let refused = first![
            debit.ledger != credit.ledger => S::AccountsMustHaveTheSameLedger,
            debit.ledger != event.ledger => S::TransferMustHaveTheSameLedgerAsAccounts,
            debit.flags.contains(AccountFlags::CLOSED) => S::DebitAccountAlreadyClosed,
            credit.flags.contains(AccountFlags::CLOSED) => S::CreditAccountAlreadyClosed,
            pending && overflows(debit.debits_pending) => S::OverflowsDebitsPending,
            pending && overflows(credit.credits_pending) => S::OverflowsCreditsPending,
            overflows(debit.debits_posted) => S::OverflowsDebitsPosted,
            overflows(credit.credits_posted) => S::OverflowsCreditsPosted,
            overflows(debits) => S::OverflowsDebits,
            overflows(credits) => S::OverflowsCredits,
            event.timestamp_ns + timeout_ns > LATEST_POSSIBLE_NS => S::OverflowsTimeout,
            debit.flags.contains(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
                && debits + amount > debit.credits_posted
                => S::ExceedsCredits,
            credit.flags.contains(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS)
                && credits + amount > credit.debits_posted
                => S::ExceedsDebits,
        ];
        refused.map_or(Ok(Transfer { amount, ..event }), Err)
    }
}

/// A post or void with everything it left out.
fn fill_in(event: &Transfer, pending: &Transfer) -> Transfer {
    let mut record = *event;
    let all = if event.flags.contains(TransferFlags::VOID_PENDING) { 0 } else { u128::MAX };
    if record.amount == all {
        record.amount = pending.amount;
    }
    if record.debit_account_id == 0 {
        record.debit_account_id = pending.debit_account_id;
    }
    if record.credit_account_id == 0 {
        record.credit_account_id = pending.credit_account_id;
    }
    if record.user_data_128 == 0 {
        record.user_data_128 = pending.user_data_128;
    }
    if record.user_data_64 == 0 {
        record.user_data_64 = pending.user_data_64;
    }
    if record.user_data_32 == 0 {
        record.user_data_32 = pending.user_data_32;
    }
    if record.ledger == 0 {
        record.ledger = pending.ledger;
    }
    if record.code == 0 {
        record.code = pending.code;
    }
    record
}

/// How much a transfer moves: what it asks for, unless it only balances an account.
fn balanced(event: &Transfer, debit: &Account, credit: &Account) -> u128 {
    let mut amount = event.amount;
    if event.flags.contains(TransferFlags::BALANCING_DEBIT) {
        amount = amount.min(debit.credits_posted.saturating_sub(debit.debits_posted + debit.debits_pending));
    }
    if event.flags.contains(TransferFlags::BALANCING_CREDIT) {
        amount =
            amount.min(credit.debits_posted.saturating_sub(credit.credits_posted + credit.credits_pending));
    }
    amount
}
