//! What depends on accounts, reservations and balances, in the order of the checks.

use super::super::events::*;
use super::super::script::{START_NS, Script};
use super::{FRESH_ID, Rung, ladder};
use crate::TransferStatus::*;
use crate::{AMOUNT_ALL, AccountStatus, TIMESTAMP_MAX_NS, Transfer, TransferFlags, TransferStatus};

/// Closed by a pending transfer, so that it has reservations of before.
const SHUT: u128 = 0x51;
const SHUT_TOO: u128 = 0x52;
/// Without any balance.
const EMPTY: u128 = 0x61;
const EMPTY_TOO: u128 = 0x62;

pub(super) fn cases() -> Vec<Script> {
    let prepared = |name| with_balances(Script::new(name));
    vec![
        prepared("closed accounts, overflows and limits are seen in their order")
            .one_by_one(ladder(overflowing(0), &[closed_and_overflows(), exceeding()].concat())),
        prepared("a deadline out of range comes between overflows and limits")
            .at(TIMESTAMP_MAX_NS - 4_000_000_000 * 1_000_000_000)
            .one_by_one(ladder(
                overflowing(u32::MAX),
                &[closed_and_overflows(), vec![(OverflowsTimeout, |event| event.timeout_s = 0)], exceeding()]
                    .concat(),
            )),
        with_reservations(Script::new(
            "a resolution's conflicts with its reservation are seen in their order",
        ))
        .one_by_one(resolving()),
        with_reservations(Script::new("an expired reservation is told apart from posted and voided ones"))
            .transfers([(Transfer { timeout_s: 1, ..pending(9, 10) }, Created)])
            .at(START_NS + 2_000_000_000)
            .transfers([
                (post(20, 9, 11), ExceedsPendingTransferAmount),
                (void(20, 9, 9), PendingTransferHasDifferentAmount),
                (post(20, 9, 10), PendingTransferExpired),
            ])
            .expires([9])
            .transfers([(void(20, 9, 0), PendingTransferExpired)])
            .transfers([(post(20, 7, 10), Created)]),
    ]
}

/// The debit account has 6 pending and 8 posted, the credit account 7 and 9. So amounts that leave ever more room
/// below 2^128 meet one overflow after the other.
fn with_balances(script: Script) -> Script {
    let accounts = [SHUT, EMPTY, EMPTY_TOO].map(|id| (account(id), AccountStatus::Created));
    let reserve = |transfer| with(TransferFlags::PENDING, transfer);
    script.accounts(accounts).transfers([
        (between(1, A, DEBITS_LIMITED, 14), Created),
        (between(2, DEBITS_LIMITED, B, 8), Created),
        (reserve(between(3, DEBITS_LIMITED, B, 6)), Created),
        (between(4, CREDITS_LIMITED, B, 16), Created),
        (between(5, A, CREDITS_LIMITED, 9), Created),
        (reserve(between(6, A, CREDITS_LIMITED, 7)), Created),
        (with(TransferFlags::PENDING | TransferFlags::CLOSING_CREDIT, between(7, A, SHUT, 0)), Created),
    ])
}

fn overflowing(timeout_s: u32) -> Transfer {
    let reservation = with(TransferFlags::PENDING, between(FRESH_ID, CLOSED, SHUT, u128::MAX - 5));
    Transfer { timeout_s, ..reservation }
}

fn closed_and_overflows() -> Vec<Rung<Transfer, TransferStatus>> {
    vec![
        (DebitAccountAlreadyClosed, |event| event.debit_account_id = DEBITS_LIMITED),
        (CreditAccountAlreadyClosed, |event| event.credit_account_id = CREDITS_LIMITED),
        (OverflowsDebitsPending, |event| event.amount = u128::MAX - 6),
        (OverflowsCreditsPending, |event| event.amount = u128::MAX - 7),
        (OverflowsDebitsPosted, |event| event.amount = u128::MAX - 8),
        (OverflowsCreditsPosted, |event| event.amount = u128::MAX - 9),
        (OverflowsDebits, |event| event.amount = u128::MAX - 13),
        (OverflowsDebits, |event| event.amount = u128::MAX - 14),
        (OverflowsCredits, |event| event.amount = u128::MAX - 15),
        (OverflowsCredits, |event| event.amount = u128::MAX - 16),
    ]
}

fn exceeding() -> Vec<Rung<Transfer, TransferStatus>> {
    vec![
        (ExceedsCredits, |event| event.debit_account_id = EMPTY),
        (ExceedsDebits, |event| event.credit_account_id = EMPTY_TOO),
        (Created, |_| {}),
    ]
}

/// 2 was posted, 3 voided; 5 and 6 have a closed account; 7 is open.
fn with_reservations(script: Script) -> Script {
    let accounts = [SHUT, SHUT_TOO].map(|id| (account(id), AccountStatus::Created));
    let reserve = |transfer| with(TransferFlags::PENDING, transfer);
    script.accounts(accounts).transfers([
        (single(1), Created),
        (pending(2, 10), Created),
        (post(12, 2, 10), Created),
        (pending(3, 10), Created),
        (void(13, 3, 10), Created),
        (reserve(between(5, SHUT, SHUT_TOO, 10)), Created),
        (reserve(between(6, A, SHUT_TOO, 10)), Created),
        (pending(7, 10), Created),
        (with(TransferFlags::PENDING | TransferFlags::CLOSING_DEBIT, between(8, SHUT, A, 0)), Created),
        (with(TransferFlags::PENDING | TransferFlags::CLOSING_DEBIT, between(18, SHUT_TOO, A, 0)), Created),
    ])
}

fn resolving() -> Vec<(Transfer, TransferStatus)> {
    let event = Transfer {
        debit_account_id: B,
        credit_account_id: A,
        ledger: OTHER_LEDGER,
        code: CODE + 1,
        ..post(FRESH_ID, 1, 11)
    };
    ladder(
        event,
        &[
            (PendingTransferNotPending, |event| event.pending_id = 12),
            (PendingTransferNotPending, |event| event.pending_id = 13),
            (PendingTransferNotPending, |event| event.pending_id = 2),
            (PendingTransferHasDifferentDebitAccountId, |event| event.debit_account_id = A),
            (PendingTransferHasDifferentCreditAccountId, |event| event.credit_account_id = B),
            (PendingTransferHasDifferentLedger, |event| event.ledger = LEDGER),
            (PendingTransferHasDifferentCode, |event| event.code = CODE),
            (ExceedsPendingTransferAmount, |event| event.flags = TransferFlags::VOID_PENDING),
            (ExceedsPendingTransferAmount, |event| event.amount = AMOUNT_ALL),
            (ExceedsPendingTransferAmount, |event| event.amount = 9),
            (PendingTransferHasDifferentAmount, |event| event.flags = TransferFlags::POST_PENDING),
            (PendingTransferAlreadyPosted, |event| event.pending_id = 3),
            (PendingTransferAlreadyVoided, |event| {
                *event = Transfer { debit_account_id: 0, credit_account_id: 0, pending_id: 5, ..*event };
            }),
            (DebitAccountAlreadyClosed, |event| event.pending_id = 6),
            (CreditAccountAlreadyClosed, |event| event.pending_id = 7),
            (Created, |_| {}),
        ],
    )
}
