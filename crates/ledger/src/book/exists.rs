//! Judges an event whose id is taken: a repeated request, or another one under the same id, and then what
//! differs first. Changes nothing.

use super::Book;
use super::transfers::{Inherited, TransferSlot};
use crate::{AMOUNT_ALL, Account, AccountStatus, Transfer, TransferFlags, TransferStatus};

pub(super) fn compare_accounts(asked: &Account, recorded: &Account) -> AccountStatus {
    use AccountStatus as Status;
    if asked.flags != recorded.flags {
        Status::ExistsWithDifferentFlags
    } else if asked.user_data_128 != recorded.user_data_128 {
        Status::ExistsWithDifferentUserData128
    } else if asked.user_data_64 != recorded.user_data_64 {
        Status::ExistsWithDifferentUserData64
    } else if asked.user_data_32 != recorded.user_data_32 {
        Status::ExistsWithDifferentUserData32
    } else if asked.ledger != recorded.ledger {
        Status::ExistsWithDifferentLedger
    } else if asked.code != recorded.code {
        Status::ExistsWithDifferentCode
    } else {
        Status::Exists
    }
}

impl Book {
    pub(super) fn compare_transfers(&self, asked: &Transfer, slot: TransferSlot) -> TransferStatus {
        use TransferStatus as Status;
        let recorded = self.transfers.transfer(slot, &self.accounts);
        let inherited = self.transfers.record(slot).inherited;
        let resolving = asked.flags.intersects(TransferFlags::RESOLVING);
        // Where a post or void says 0 it means the pending transfer's value, which the record may equal or not.
        let left_out = |zero: bool, field: u8| resolving && zero && inherited.has(field);
        let unsaid = |zero: bool| resolving && zero;
        if asked.flags != recorded.flags {
            Status::ExistsWithDifferentFlags
        } else if asked.pending_id != recorded.pending_id {
            Status::ExistsWithDifferentPendingId
        } else if asked.timeout_s != recorded.timeout_s {
            Status::ExistsWithDifferentTimeout
        } else if asked.debit_account_id != recorded.debit_account_id && !unsaid(asked.debit_account_id == 0)
        {
            Status::ExistsWithDifferentDebitAccountId
        } else if asked.credit_account_id != recorded.credit_account_id
            && !unsaid(asked.credit_account_id == 0)
        {
            Status::ExistsWithDifferentCreditAccountId
        } else if !is_same_amount(asked, &recorded, inherited) {
            Status::ExistsWithDifferentAmount
        } else if asked.user_data_128 != recorded.user_data_128
            && !left_out(asked.user_data_128 == 0, Inherited::USER_DATA_128)
        {
            Status::ExistsWithDifferentUserData128
        } else if asked.user_data_64 != recorded.user_data_64
            && !left_out(asked.user_data_64 == 0, Inherited::USER_DATA_64)
        {
            Status::ExistsWithDifferentUserData64
        } else if asked.user_data_32 != recorded.user_data_32
            && !left_out(asked.user_data_32 == 0, Inherited::USER_DATA_32)
        {
            Status::ExistsWithDifferentUserData32
        } else if asked.ledger != recorded.ledger && !unsaid(asked.ledger == 0) {
            Status::ExistsWithDifferentLedger
        } else if asked.code != recorded.code && !unsaid(asked.code == 0) {
            Status::ExistsWithDifferentCode
        } else {
            Status::Exists
        }
    }
}

/// Flags are equal here.
fn is_same_amount(asked: &Transfer, recorded: &Transfer, inherited: Inherited) -> bool {
    if asked.flags.contains(TransferFlags::POST_PENDING) && asked.amount == AMOUNT_ALL {
        inherited.has(Inherited::AMOUNT)
    } else if asked.flags.contains(TransferFlags::VOID_PENDING) && asked.amount == 0 {
        true
    } else if asked.flags.intersects(TransferFlags::BALANCING) {
        asked.amount >= recorded.amount
    } else {
        asked.amount == recorded.amount
    }
}
