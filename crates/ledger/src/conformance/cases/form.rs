//! What can be told from a transfer alone, in the order of the checks.

use super::super::events::*;
use super::super::script::Script;
use super::{FRESH_ID, ladder};
use crate::TransferStatus::*;
use crate::{Transfer, TransferFlags, TransferStatus};

pub(super) fn cases() -> Vec<Script> {
    vec![
        Script::new("a transfer's faults of form are seen in their order").one_by_one(moving()),
        Script::new("a post's or void's faults of form are seen in their order").one_by_one(resolving()),
        Script::new("in one batch the faults are seen in the same order").transfers(moving()),
        Script::new("every unknown flag is refused").one_by_one((9..16).map(|bit| {
            let flags = TransferFlags::from_bits(1 << bit);
            (with(flags, single(1)), ReservedFlag)
        })),
        Script::new("a refusal of form does not use up the id")
            .transfers([(Transfer { code: 0, ..single(1) }, CodeMustNotBeZero)])
            .transfers([(single(1), Created)]),
    ]
}

fn moving() -> Vec<(Transfer, TransferStatus)> {
    let event = Transfer {
        amount: u128::MAX,
        pending_id: 5,
        timeout_s: 9,
        flags: TransferFlags::IMPORTED | TransferFlags::from_bits(1 << 9) | TransferFlags::CLOSING_CREDIT,
        timestamp_ns: 1,
        ..Transfer::default()
    };
    ladder(
        event,
        &[
            (ImportedNotSupported, |event| event.flags = event.flags.without(TransferFlags::IMPORTED)),
            (TimestampMustBeZero, |event| event.timestamp_ns = 0),
            (ReservedFlag, |event| event.flags = TransferFlags::CLOSING_CREDIT),
            (IdMustNotBeZero, |event| event.id = u128::MAX),
            (IdMustNotBeMax, |event| event.id = FRESH_ID),
            (DebitAccountIdMustNotBeZero, |event| event.debit_account_id = u128::MAX),
            (DebitAccountIdMustNotBeMax, |event| event.debit_account_id = NOBODY),
            (CreditAccountIdMustNotBeZero, |event| event.credit_account_id = u128::MAX),
            (CreditAccountIdMustNotBeMax, |event| event.credit_account_id = NOBODY),
            (AccountsMustBeDifferent, |event| event.credit_account_id = NOBODY + 1),
            (PendingIdMustBeZero, |event| event.pending_id = 0),
            (TimeoutReservedForPendingTransfer, |event| event.timeout_s = 0),
            (ClosingTransferMustBePending, |event| event.flags = TransferFlags::PENDING),
            (LedgerMustNotBeZero, |event| event.ledger = 999),
            (CodeMustNotBeZero, |event| event.code = CODE),
            (DebitAccountNotFound, |event| event.debit_account_id = A),
            (CreditAccountNotFound, |event| event.credit_account_id = OTHER_A),
            (AccountsMustHaveTheSameLedger, |event| event.credit_account_id = B),
            (TransferMustHaveTheSameLedgerAsAccounts, |event| event.ledger = LEDGER),
            (Created, |_| {}),
        ],
    )
}

fn resolving() -> Vec<(Transfer, TransferStatus)> {
    let event = Transfer {
        timeout_s: 9,
        flags: TransferFlags::POST_PENDING | TransferFlags::VOID_PENDING,
        ..post(FRESH_ID, 0, 1)
    };
    ladder(
        event,
        &[
            (FlagsAreMutuallyExclusive, |event| {
                event.flags = TransferFlags::POST_PENDING | TransferFlags::PENDING;
            }),
            (FlagsAreMutuallyExclusive, |event| {
                event.flags = TransferFlags::POST_PENDING | TransferFlags::BALANCING_DEBIT;
            }),
            (FlagsAreMutuallyExclusive, |event| {
                event.flags = TransferFlags::VOID_PENDING | TransferFlags::BALANCING_CREDIT;
            }),
            (FlagsAreMutuallyExclusive, |event| {
                event.flags = TransferFlags::VOID_PENDING | TransferFlags::CLOSING_DEBIT;
            }),
            (FlagsAreMutuallyExclusive, |event| {
                event.flags = TransferFlags::POST_PENDING | TransferFlags::CLOSING_CREDIT;
            }),
            (FlagsAreMutuallyExclusive, |event| event.flags = TransferFlags::POST_PENDING),
            (PendingIdMustNotBeZero, |event| event.pending_id = u128::MAX),
            (PendingIdMustNotBeMax, |event| event.pending_id = event.id + 1),
            (PendingIdMustBeDifferent, |event| event.pending_id = NOBODY),
            (TimeoutReservedForPendingTransfer, |event| event.timeout_s = 0),
            (PendingTransferNotFound, |_| {}),
        ],
    )
}
