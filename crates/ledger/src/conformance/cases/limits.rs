//! Limits of balances, balancing transfers, and amounts near the end of 128 bits.

use super::super::events::*;
use super::super::script::Script;
use crate::TransferStatus::*;
use crate::{AMOUNT_ALL, Transfer, TransferFlags};

/// 1,511 trillion yuan in fen: a year's turnover of China's clearing houses.
const TURNOVER_FEN: u128 = 151_100_000_000_000_000;

pub(super) fn cases() -> Vec<Script> {
    let mut cases = limited();
    cases.extend(balancing());
    cases.extend(large());
    cases
}

fn reserved(id: u128, debit: u128, credit: u128, amount: u128) -> Transfer {
    with(TransferFlags::PENDING, between(id, debit, credit, amount))
}

fn limited() -> Vec<Script> {
    vec![
        Script::new("debits may reach the credits and not exceed them")
            .transfers([
                (between(1, A, DEBITS_LIMITED, 10), Created),
                (between(2, DEBITS_LIMITED, B, 11), ExceedsCredits),
                (between(3, DEBITS_LIMITED, B, 10), Created),
                (between(4, DEBITS_LIMITED, B, 1), ExceedsCredits),
                (between(5, DEBITS_LIMITED, B, 0), Created),
            ])
            .balances(DEBITS_LIMITED, [0, 10, 0, 10]),
        Script::new("credits may reach the debits and not exceed them")
            .transfers([
                (between(1, CREDITS_LIMITED, A, 10), Created),
                (between(2, B, CREDITS_LIMITED, 11), ExceedsDebits),
                (between(3, B, CREDITS_LIMITED, 10), Created),
                (between(4, B, CREDITS_LIMITED, 1), ExceedsDebits),
            ])
            .balances(CREDITS_LIMITED, [0, 10, 0, 10]),
        Script::new("what is reserved counts against the limit until it is released")
            .transfers([
                (between(1, A, DEBITS_LIMITED, 10), Created),
                (reserved(2, DEBITS_LIMITED, B, 7), Created),
                (between(3, DEBITS_LIMITED, B, 4), ExceedsCredits),
                (reserved(4, DEBITS_LIMITED, B, 3), Created),
                (void(5, 2, 0), Created),
                (between(6, DEBITS_LIMITED, B, 7), Created),
                (post(7, 4, 1), Created),
                (between(8, DEBITS_LIMITED, B, 3), ExceedsCredits),
                (between(9, DEBITS_LIMITED, B, 2), Created),
            ])
            .balances(DEBITS_LIMITED, [0, 10, 0, 10]),
        Script::new("what is about to come in cannot be spent").transfers([
            (reserved(1, A, DEBITS_LIMITED, 10), Created),
            (between(2, DEBITS_LIMITED, B, 1), ExceedsCredits),
            (post(3, 1, 10), Created),
            (between(4, DEBITS_LIMITED, B, 10), Created),
        ]),
        Script::new("what is about to go out does not make room for credits").transfers([
            (reserved(1, CREDITS_LIMITED, A, 10), Created),
            (between(2, B, CREDITS_LIMITED, 1), ExceedsDebits),
            (post(3, 1, 10), Created),
            (reserved(4, B, CREDITS_LIMITED, 10), Created),
            (between(5, B, CREDITS_LIMITED, 1), ExceedsDebits),
        ]),
        Script::new("the debit account's limit is seen first")
            .transfers([(between(1, DEBITS_LIMITED, CREDITS_LIMITED, 1), ExceedsCredits)]),
    ]
}

fn balancing() -> Vec<Script> {
    let debit = |transfer| with(TransferFlags::BALANCING_DEBIT, transfer);
    let credit = |transfer| with(TransferFlags::BALANCING_CREDIT, transfer);
    vec![
        Script::new("a balancing debit moves at most what the debit account has, reservations off")
            .transfers([
                (between(1, B, A, 10), Created),
                (pending(2, 3), Created),
                (debit(between(3, A, B, AMOUNT_ALL)), Created),
            ])
            .records(debit(between(3, A, B, 7)))
            .balances(A, [3, 7, 0, 10]),
        Script::new("a balancing debit moves no more than it is asked to")
            .transfers([(between(1, B, A, 10), Created), (debit(between(2, A, B, 4)), Created)])
            .records(debit(between(2, A, B, 4))),
        Script::new("a balancing debit of an account that has nothing moves nothing, and is no failure")
            .transfers([(single(1), Created), (debit(between(2, A, B, 5)), Created)])
            .records(debit(between(2, A, B, 0)))
            .balances(A, [0, 10, 0, 0]),
        Script::new("a balancing credit moves at most what the credit account is owed, reservations off")
            .transfers([
                (between(1, B, A, 10), Created),
                (pending(2, 4), Created),
                (credit(between(3, A, B, AMOUNT_ALL)), Created),
            ])
            .records(credit(between(3, A, B, 6)))
            .balances(B, [0, 10, 4, 6]),
        Script::new("balancing both moves the smaller amount")
            .transfers([
                (between(1, B, A, 10), Created),
                (between(2, DEBITS_LIMITED, A, 0), Created),
                (between(3, A, DEBITS_LIMITED, 4), Created),
                (credit(debit(between(4, A, B, AMOUNT_ALL))), Created),
            ])
            .records(credit(debit(between(4, A, B, 6)))),
        Script::new("a balancing reservation is posted and voided by the amount it got")
            .transfers([
                (between(1, B, A, 10), Created),
                (debit(pending(2, 50)), Created),
                (post(3, 2, 11), ExceedsPendingTransferAmount),
                (post(3, 2, AMOUNT_ALL), Created),
            ])
            .balances(A, [0, 10, 0, 10]),
        Script::new("a balancing transfer does not exceed the limit it balances to")
            .transfers([
                (between(1, A, DEBITS_LIMITED, 10), Created),
                (debit(between(2, DEBITS_LIMITED, B, 11)), Created),
                (debit(between(3, DEBITS_LIMITED, B, 11)), Created),
            ])
            .balances(DEBITS_LIMITED, [0, 10, 0, 10]),
    ]
}

fn large() -> Vec<Script> {
    let half = u128::MAX / 2;
    vec![
        Script::new("a turnover of 1,511 trillion yuan, and far above 64 bits")
            .transfers([
                (between(1, A, DEBITS_LIMITED, TURNOVER_FEN), Created),
                (reserved(2, DEBITS_LIMITED, B, TURNOVER_FEN), Created),
                (between(3, DEBITS_LIMITED, B, 1), ExceedsCredits),
                (post(4, 2, AMOUNT_ALL), Created),
                (between(5, A, DEBITS_LIMITED, TURNOVER_FEN << 60), Created),
                (reserved(6, DEBITS_LIMITED, B, TURNOVER_FEN << 60), Created),
                (post(7, 6, (TURNOVER_FEN << 60) - 1), Created),
            ])
            .balances(A, [0, TURNOVER_FEN + (TURNOVER_FEN << 60), 0, 0])
            .balances(
                DEBITS_LIMITED,
                [0, TURNOVER_FEN + (TURNOVER_FEN << 60) - 1, 0, TURNOVER_FEN + (TURNOVER_FEN << 60)],
            )
            .balances(B, [0, 0, 0, TURNOVER_FEN + (TURNOVER_FEN << 60) - 1]),
        Script::new("balances may reach 2^128 - 1 and not pass it")
            .transfers([
                (between(1, A, B, u128::MAX), Created),
                (between(2, A, B, 0), Created),
                (single(3), OverflowsDebitsPosted),
                (pending(3, 1), OverflowsDebitsPosted),
                (between(3, DEBITS_LIMITED, B, 1), OverflowsCreditsPosted),
                (between(3, B, A, u128::MAX), Created),
            ])
            .balances(A, [0, u128::MAX, 0, u128::MAX])
            .balances(B, [0, u128::MAX, 0, u128::MAX]),
        Script::new("pending and posted balances together may reach 2^128 - 1 and not pass it")
            .transfers([
                (pending(1, half), Created),
                (between(2, A, B, half + 1), Created),
                (single(3), OverflowsDebits),
                (pending(3, half + 2), OverflowsDebitsPending),
                (between(3, CREDITS_LIMITED, B, 1), OverflowsCredits),
                (pending(3, 0), Created),
                (post(4, 1, AMOUNT_ALL), Created),
            ])
            .balances(A, [0, u128::MAX, 0, 0]),
        Script::new("what is pending alone does not stand in the way of what is not").transfers([
            (pending(1, half + 1), Created),
            (between(2, A, B, half + 1), OverflowsDebits),
            (between(2, A, CREDITS_LIMITED, half + 1), OverflowsDebits),
            (pending(2, half + 1), OverflowsDebitsPending),
            (reserved(2, DEBITS_LIMITED, B, half + 1), OverflowsCreditsPending),
            (between(2, DEBITS_LIMITED, B, half + 1), OverflowsCredits),
        ]),
        Script::new("an overflow is of the amount that a balancing transfer would move").transfers([
            (between(1, A, B, u128::MAX), Created),
            (with(TransferFlags::BALANCING_DEBIT, single(2)), Created),
            (with(TransferFlags::BALANCING_DEBIT, between(3, B, A, AMOUNT_ALL)), Created),
        ]),
    ]
}
