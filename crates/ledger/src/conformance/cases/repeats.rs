//! Repeated requests, other requests under the same id, and ids that are used up.

use super::super::events::*;
use super::super::script::Script;
use super::ladder;
use crate::TransferStatus::*;
use crate::{AMOUNT_ALL, AccountStatus, Transfer, TransferFlags, TransferStatus};

pub(super) fn cases() -> Vec<Script> {
    let mut cases = burning();
    cases.extend(of_transfers());
    cases.extend(of_resolutions());
    cases
}

fn of_transfers() -> Vec<Script> {
    vec![
        Script::new("a repeated transfer's differences are seen in their order")
            .transfers([(single(1), Created)])
            .one_by_one(single_repeats())
            .balances(A, [0, 10, 0, 0]),
        Script::new("only a post or void may leave fields out").transfers([(single(1), Created)]).one_by_one(
            [
                (Transfer { debit_account_id: 0, ..single(1) }, ExistsWithDifferentDebitAccountId),
                (Transfer { credit_account_id: 0, ..single(1) }, ExistsWithDifferentCreditAccountId),
                (Transfer { amount: AMOUNT_ALL, ..single(1) }, ExistsWithDifferentAmount),
                (Transfer { ledger: 0, ..single(1) }, ExistsWithDifferentLedger),
                (Transfer { code: 0, ..single(1) }, ExistsWithDifferentCode),
            ],
        ),
        Script::new("a repeated reservation is told by its timeout too")
            .transfers([(pending(1, 10), Created)])
            .one_by_one([
                (pending(1, 10), Exists),
                (Transfer { timeout_s: 1, ..pending(1, 10) }, ExistsWithDifferentTimeout),
                (single(1), ExistsWithDifferentFlags),
                (linked(pending(1, 10)), LinkedEventChainOpen),
            ])
            .balances(A, [10, 0, 0, 0]),
        Script::new("a balancing transfer is the same under every bound that is not below what moved")
            .transfers([(between(1, B, A, 6), Created)])
            .transfers([(with(TransferFlags::BALANCING_DEBIT, single(2)), Created)])
            .records(with(TransferFlags::BALANCING_DEBIT, between(2, A, B, 6)))
            .one_by_one(
                [10, 6, 7, AMOUNT_ALL]
                    .map(|amount| (with(TransferFlags::BALANCING_DEBIT, between(2, A, B, amount)), Exists)),
            )
            .transfers([(
                with(TransferFlags::BALANCING_DEBIT, between(2, A, B, 5)),
                ExistsWithDifferentAmount,
            )]),
    ]
}

fn of_resolutions() -> Vec<Script> {
    vec![
        with_user_data("a repeated post's differences are seen in their order")
            .transfers([(post(2, 1, 10), Created)])
            .one_by_one(post_repeats())
            .balances(B, [0, 0, 0, 10]),
        with_user_data("a post may be repeated with or without what it inherited")
            .transfers([(post(2, 1, AMOUNT_ALL), Created)])
            .records(Transfer {
                amount: 10,
                user_data_128: 1,
                user_data_64: 2,
                user_data_32: 3,
                pending_id: 1,
                flags: TransferFlags::POST_PENDING,
                ..single(2)
            })
            .one_by_one([
                (post(2, 1, AMOUNT_ALL), Exists),
                (post(2, 1, 10), Exists),
                (Transfer { user_data_128: 1, user_data_64: 2, user_data_32: 3, ..post(2, 1, 10) }, Exists),
                (Transfer { ledger: LEDGER, code: CODE, ..post(2, 1, 10) }, Exists),
                // The documentation of TigerBeetle says that a larger amount is the same; the server says not.
                (post(2, 1, 11), ExistsWithDifferentAmount),
                (post(2, 1, 9), ExistsWithDifferentAmount),
                (post(2, 1, 0), ExistsWithDifferentAmount),
                (void(2, 1, 0), ExistsWithDifferentFlags),
            ]),
        with_user_data("a post that said its own data is not the same without it")
            .transfers([(
                Transfer { user_data_128: 7, user_data_64: 8, user_data_32: 9, ..post(2, 1, 4) },
                Created,
            )])
            .one_by_one([
                (Transfer { user_data_128: 0, ..own_data() }, ExistsWithDifferentUserData128),
                (Transfer { user_data_64: 0, ..own_data() }, ExistsWithDifferentUserData64),
                (Transfer { user_data_32: 0, ..own_data() }, ExistsWithDifferentUserData32),
                (Transfer { amount: AMOUNT_ALL, ..own_data() }, ExistsWithDifferentAmount),
                (own_data(), Exists),
            ]),
        with_user_data("a void may be repeated with 0 or with the amount")
            .transfers([(void(2, 1, 10), Created)])
            .one_by_one([
                (void(2, 1, 0), Exists),
                (void(2, 1, 10), Exists),
                (void(2, 1, 9), ExistsWithDifferentAmount),
                (void(2, 1, AMOUNT_ALL), ExistsWithDifferentAmount),
                (void(2, 3, 0), ExistsWithDifferentPendingId),
            ]),
    ]
}

fn burning() -> Vec<Script> {
    let later_account = |id| [(account(id), AccountStatus::Created)];
    vec![
        Script::new("a missing account uses up the id, even when it comes")
            .transfers([
                (between(1, NOBODY, B, 1), DebitAccountNotFound),
                (between(2, A, NOBODY, 1), CreditAccountNotFound),
            ])
            .accounts(later_account(NOBODY))
            .transfers([
                (between(1, NOBODY, B, 1), IdAlreadyFailed),
                (between(2, A, NOBODY, 1), IdAlreadyFailed),
                (single(1), IdAlreadyFailed),
                (pending(2, 1), IdAlreadyFailed),
                (between(3, NOBODY, B, 1), Created),
            ])
            .no_transfer(1),
        Script::new("a missing reservation uses up the id, even when it comes")
            .transfers([(post(1, 2, 1), PendingTransferNotFound), (pending(2, 1), Created)])
            .transfers([(post(1, 2, 1), IdAlreadyFailed), (post(3, 2, 1), Created)]),
        Script::new("an id that is used up is no reservation")
            .transfers([(between(1, NOBODY, B, 1), DebitAccountNotFound)])
            .transfers([(void(2, 1, 0), PendingTransferNotFound)]),
        Script::new("a limit uses up the id, even when there is room later").transfers([
            (between(1, DEBITS_LIMITED, B, 1), ExceedsCredits),
            (between(2, A, CREDITS_LIMITED, 1), ExceedsDebits),
            (between(3, A, DEBITS_LIMITED, 5), Created),
            (between(4, CREDITS_LIMITED, B, 5), Created),
            (between(1, DEBITS_LIMITED, B, 1), IdAlreadyFailed),
            (between(2, A, CREDITS_LIMITED, 1), IdAlreadyFailed),
            (between(5, DEBITS_LIMITED, CREDITS_LIMITED, 5), Created),
        ]),
        Script::new("a closed account uses up the id").transfers([
            (between(1, CLOSED, B, 1), DebitAccountAlreadyClosed),
            (between(2, A, CLOSED, 1), CreditAccountAlreadyClosed),
            (single(1), IdAlreadyFailed),
            (single(2), IdAlreadyFailed),
        ]),
        Script::new("the other refusals leave the id free").transfers([
            (Transfer { ledger: OTHER_LEDGER, ..single(1) }, TransferMustHaveTheSameLedgerAsAccounts),
            (between(1, A, OTHER_A, 1), AccountsMustHaveTheSameLedger),
            (post(1, 1, 1), PendingIdMustBeDifferent),
            (single(2), Created),
            (void(1, 2, 0), PendingTransferNotPending),
            (between(1, A, B, u128::MAX), OverflowsDebitsPosted),
            (pending(3, 1), Created),
            (post(1, 3, 2), ExceedsPendingTransferAmount),
            (single(1), Created),
        ]),
        Script::new("an unknown flag is seen before the id is looked up").transfers([
            (single(1), Created),
            (with(TransferFlags::from_bits(1 << 15), single(1)), ReservedFlag),
            (Transfer { timestamp_ns: 1, ..single(1) }, TimestampMustBeZero),
            (between(2, NOBODY, B, 1), DebitAccountNotFound),
            (with(TransferFlags::from_bits(1 << 15), single(2)), ReservedFlag),
            (Transfer { code: 0, ..single(2) }, IdAlreadyFailed),
        ]),
    ]
}

fn with_user_data(name: &'static str) -> Script {
    let reservation = Transfer { user_data_128: 1, user_data_64: 2, user_data_32: 3, ..pending(1, 10) };
    Script::new(name).transfers([(reservation, Created)])
}

fn own_data() -> Transfer {
    Transfer { user_data_128: 7, user_data_64: 8, user_data_32: 9, ..post(2, 1, 4) }
}

fn single_repeats() -> Vec<(Transfer, TransferStatus)> {
    let event = Transfer {
        amount: 11,
        pending_id: 3,
        user_data_128: 1,
        user_data_64: 2,
        user_data_32: 3,
        timeout_s: 4,
        ledger: OTHER_LEDGER,
        code: CODE + 1,
        flags: TransferFlags::BALANCING_CREDIT,
        ..between(1, B, A, 0)
    };
    ladder(
        event,
        &[
            (ExistsWithDifferentFlags, |event| event.flags = TransferFlags::NONE),
            (ExistsWithDifferentPendingId, |event| event.pending_id = 0),
            (ExistsWithDifferentTimeout, |event| event.timeout_s = 0),
            (ExistsWithDifferentDebitAccountId, |event| event.debit_account_id = A),
            (ExistsWithDifferentCreditAccountId, |event| event.credit_account_id = B),
            (ExistsWithDifferentAmount, |event| event.amount = 10),
            (ExistsWithDifferentUserData128, |event| event.user_data_128 = 0),
            (ExistsWithDifferentUserData64, |event| event.user_data_64 = 0),
            (ExistsWithDifferentUserData32, |event| event.user_data_32 = 0),
            (ExistsWithDifferentLedger, |event| event.ledger = LEDGER),
            (ExistsWithDifferentCode, |event| event.code = CODE),
            (Exists, |_| {}),
        ],
    )
}

fn post_repeats() -> Vec<(Transfer, TransferStatus)> {
    let event = Transfer {
        debit_account_id: B,
        credit_account_id: A,
        user_data_128: 7,
        user_data_64: 8,
        user_data_32: 9,
        timeout_s: 4,
        ledger: OTHER_LEDGER,
        code: CODE + 1,
        ..void(2, 3, 9)
    };
    ladder(
        event,
        &[
            (ExistsWithDifferentFlags, |event| event.flags = TransferFlags::POST_PENDING),
            (ExistsWithDifferentPendingId, |event| event.pending_id = 1),
            (ExistsWithDifferentTimeout, |event| event.timeout_s = 0),
            (ExistsWithDifferentDebitAccountId, |event| event.debit_account_id = 0),
            (ExistsWithDifferentCreditAccountId, |event| event.credit_account_id = 0),
            (ExistsWithDifferentAmount, |event| event.amount = AMOUNT_ALL),
            (ExistsWithDifferentUserData128, |event| event.user_data_128 = 0),
            (ExistsWithDifferentUserData64, |event| event.user_data_64 = 0),
            (ExistsWithDifferentUserData32, |event| event.user_data_32 = 0),
            (ExistsWithDifferentLedger, |event| event.ledger = 0),
            (ExistsWithDifferentCode, |event| event.code = 0),
            (Exists, |_| {}),
        ],
    )
}
