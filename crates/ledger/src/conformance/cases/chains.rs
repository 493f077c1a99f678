//! Linked transfers: all or nothing, and which member says what.

use super::super::events::*;
use super::super::script::Script;
use crate::TransferStatus::*;
use crate::{AMOUNT_ALL, Transfer, TransferFlags};

pub(super) fn cases() -> Vec<Script> {
    let mut cases = whole_or_nothing();
    cases.extend(open_ended());
    cases.extend(taken_back());
    cases.extend(repeated());
    cases
}

fn whole_or_nothing() -> Vec<Script> {
    vec![
        Script::new("a chain is carried out as one, across ledgers")
            .transfers([(linked(single(1)), Created), (other(single(2)), Created)])
            .balances(A, [0, 10, 0, 0])
            .balances(OTHER_A, [0, 10, 0, 0])
            .records(linked(single(1))),
        Script::new(
            "the member that fails says why; the others, before and after it, say that the chain failed",
        )
        .transfers([
            (linked(single(1)), LinkedEventFailed),
            (linked(other(single(2))), LinkedEventFailed),
            (linked(Transfer { code: 0, ..single(3) }), CodeMustNotBeZero),
            (linked(Transfer { code: 0, ..single(4) }), LinkedEventFailed),
            (single(5), LinkedEventFailed),
            (single(6), Created),
        ])
        .balances(A, [0, 10, 0, 0])
        .balances(OTHER_A, [0; 4])
        .no_transfer(1)
        .no_transfer(2)
        .no_transfer(5),
        Script::new("the last member may be the one that fails")
            .transfers([(linked(single(1)), LinkedEventFailed), (single(0), IdMustNotBeZero)])
            .transfers([(single(1), Created)]),
        Script::new("chains of one batch stand for themselves")
            .transfers([
                (linked(single(1)), Created),
                (single(2), Created),
                (linked(single(3)), LinkedEventFailed),
                (between(2, A, B, 11), ExistsWithDifferentAmount),
                (linked(single(4)), Created),
                (single(5), Created),
            ])
            .balances(A, [0, 40, 0, 0]),
        Script::new("later members see what earlier ones did")
            .transfers([
                (linked(between(1, A, DEBITS_LIMITED, 5)), Created),
                (linked(between(2, DEBITS_LIMITED, B, 5)), Created),
                (linked(pending(3, 8)), Created),
                (post(4, 3, AMOUNT_ALL), Created),
            ])
            .balances(DEBITS_LIMITED, [0, 5, 0, 5])
            .balances(A, [0, 13, 0, 0]),
        Script::new("events after a failed chain see nothing of it").transfers([
            (linked(between(1, A, DEBITS_LIMITED, 5)), LinkedEventFailed),
            (between(2, A, A, 5), AccountsMustBeDifferent),
            (between(3, DEBITS_LIMITED, B, 5), ExceedsCredits),
        ]),
        Script::new("an empty batch is nothing").transfers([]).accounts([]).balances(A, [0; 4]),
    ]
}

fn open_ended() -> Vec<Script> {
    vec![
        Script::new("a chain that does not end fails at its end")
            .transfers([(linked(single(1)), LinkedEventFailed), (linked(single(2)), LinkedEventChainOpen)])
            .transfers([(linked(single(1)), LinkedEventChainOpen)])
            .no_transfer(1)
            .balances(A, [0; 4]),
        Script::new("a chain that does not end says so even if it is broken").transfers([
            (linked(single(1)), LinkedEventFailed),
            (linked(single(0)), IdMustNotBeZero),
            (linked(single(2)), LinkedEventFailed),
            (linked(single(3)), LinkedEventChainOpen),
        ]),
        Script::new("an open chain is seen before any fault of the event").transfers([(
            Transfer { timestamp_ns: 1, flags: TransferFlags::from_bits(u16::MAX), ..single(0) },
            LinkedEventChainOpen,
        )]),
    ]
}

fn taken_back() -> Vec<Script> {
    let breaker = (single(0), IdMustNotBeZero);
    vec![
        Script::new("ids of members taken back are free, the id of the one that failed may be used up")
            .transfers([
                (linked(single(1)), LinkedEventFailed),
                (linked(between(2, NOBODY, B, 1)), DebitAccountNotFound),
                (between(3, NOBODY, B, 1), LinkedEventFailed),
            ])
            .one_by_one([(single(1), Created), (single(2), IdAlreadyFailed), (single(3), Created)]),
        Script::new("what a chain reserved is given back")
            .transfers([
                (linked(pending(1, 7)), LinkedEventFailed),
                (linked(other(pending(2, 9))), LinkedEventFailed),
                breaker,
            ])
            .balances(A, [0; 4])
            .balances(B, [0; 4])
            .balances(OTHER_B, [0; 4])
            .transfers([(post(3, 1, 7), PendingTransferNotFound)]),
        Script::new("a post taken back leaves the reservation as it was")
            .transfers([(pending(1, 7), Created)])
            .transfers([(linked(post(2, 1, 3)), LinkedEventFailed), breaker])
            .balances(A, [7, 0, 0, 0])
            .balances(B, [0, 0, 7, 0])
            .transfers([(post(2, 1, 4), Created)])
            .balances(A, [0, 4, 0, 0]),
        Script::new("a void taken back leaves the reservation as it was")
            .transfers([(pending(1, 7), Created)])
            .transfers([(linked(void(2, 1, 0)), LinkedEventFailed), breaker])
            .balances(A, [7, 0, 0, 0])
            .transfers([(void(2, 1, 0), Created)])
            .balances(A, [0; 4]),
        Script::new("a reservation and its post are taken back together")
            .transfers([
                (linked(pending(1, 7)), LinkedEventFailed),
                (linked(post(2, 1, 5)), LinkedEventFailed),
                breaker,
            ])
            .balances(A, [0; 4])
            .no_transfer(1)
            .no_transfer(2),
        Script::new("an account closed or reopened by a failed chain is as it was")
            .transfers([
                (linked(with(TransferFlags::CLOSING_DEBIT, pending(1, 0))), LinkedEventFailed),
                (single(2), DebitAccountAlreadyClosed),
            ])
            .closed(A, false)
            .transfers([(with(TransferFlags::CLOSING_DEBIT, pending(3, 0)), Created)])
            .transfers([
                (linked(void(4, 3, 0)), LinkedEventFailed),
                (linked(single(5)), LinkedEventFailed),
                breaker,
            ])
            .closed(A, true)
            .balances(A, [0; 4]),
    ]
}

fn repeated() -> Vec<Script> {
    vec![
        Script::new("a repeated chain says that its first member exists")
            .transfers([
                (linked(single(1)), Created),
                (linked(other(single(2))), Created),
                (single(3), Created),
            ])
            .transfers([
                (linked(single(1)), Exists),
                (linked(other(single(2))), LinkedEventFailed),
                (single(3), LinkedEventFailed),
            ])
            .balances(A, [0, 20, 0, 0]),
        Script::new("a member that exists breaks a chain of new ones")
            .transfers([(single(2), Created)])
            .transfers([(linked(single(1)), LinkedEventFailed), (single(2), Exists)])
            .no_transfer(1)
            .balances(A, [0, 10, 0, 0]),
        Script::new("a member repeated within its chain breaks it")
            .transfers([
                (linked(single(1)), LinkedEventFailed),
                (linked(single(1)), Exists),
                (single(2), LinkedEventFailed),
            ])
            .no_transfer(1),
        Script::new("a chain refused for a passing reason stays refused")
            .transfers([
                (linked(between(1, DEBITS_LIMITED, B, 5)), ExceedsCredits),
                (other(single(2)), LinkedEventFailed),
            ])
            .transfers([(between(3, A, DEBITS_LIMITED, 5), Created)])
            .transfers([
                (linked(between(1, DEBITS_LIMITED, B, 5)), IdAlreadyFailed),
                (other(single(2)), LinkedEventFailed),
            ])
            .transfers([(linked(between(4, DEBITS_LIMITED, B, 5)), Created), (other(single(2)), Created)]),
    ]
}
