//! Accounts that are closed, and opened again.

use super::super::events::*;
use super::super::script::{START_NS, Script};
use crate::TransferStatus::*;
use crate::{Account, AccountFlags, AccountStatus, Transfer, TransferFlags};

pub(super) fn cases() -> Vec<Script> {
    let mut cases = by_reservations();
    cases.extend(for_others());
    cases
}

/// A reservation of nothing that closes A.
fn closing(id: u128) -> Transfer {
    with(TransferFlags::CLOSING_DEBIT, pending(id, 0))
}

fn by_reservations() -> Vec<Script> {
    vec![
        Script::new("a closing reservation closes the account, and its void opens it again")
            .transfers([
                (closing(1), Created),
                (single(2), DebitAccountAlreadyClosed),
                (between(3, B, A, 1), CreditAccountAlreadyClosed),
                (closing(4), DebitAccountAlreadyClosed),
            ])
            .closed(A, true)
            .closed(B, false)
            .transfers([(void(5, 1, 0), Created), (single(6), Created)])
            .closed(A, false),
        Script::new("one reservation can close both accounts, and holds its amount")
            .transfers([(with(TransferFlags::CLOSING_CREDIT, closing(1)), Created)])
            .closed(A, true)
            .closed(B, true)
            .transfers([(void(2, 1, 0), Created)])
            .closed(A, false)
            .closed(B, false)
            .transfers([(with(TransferFlags::CLOSING_CREDIT, pending(3, 9)), Created)])
            .closed(A, false)
            .closed(B, true)
            .balances(A, [9, 0, 0, 0]),
        Script::new("a closing reservation cannot be posted")
            .transfers([(closing(1), Created), (post(2, 1, 0), DebitAccountAlreadyClosed)])
            .transfers([
                (void(3, 1, 0), Created),
                (with(TransferFlags::CLOSING_CREDIT, pending(4, 0)), Created),
                (post(5, 4, 0), CreditAccountAlreadyClosed),
            ])
            .closed(B, true),
        Script::new("on a closed account earlier reservations can be voided and not posted")
            .transfers([
                (pending(1, 5), Created),
                (pending(2, 6), Created),
                (closing(3), Created),
                (post(4, 1, 5), DebitAccountAlreadyClosed),
                (void(5, 1, 0), Created),
            ])
            .balances(A, [6, 0, 0, 0])
            .closed(A, true)
            .transfers([(void(6, 3, 0), Created), (post(7, 2, 6), Created)])
            .balances(A, [0, 6, 0, 0]),
    ]
}

fn for_others() -> Vec<Script> {
    vec![
        Script::new("an account created closed stays closed")
            .closed(CLOSED, true)
            .transfers([
                (between(1, CLOSED, B, 0), DebitAccountAlreadyClosed),
                (
                    with(TransferFlags::PENDING | TransferFlags::CLOSING_DEBIT, between(2, CLOSED, B, 0)),
                    DebitAccountAlreadyClosed,
                ),
            ])
            .accounts([(Account { flags: AccountFlags::CLOSED, ..account(CLOSED) }, AccountStatus::Exists)]),
        Script::new("an account closed since is another account than the one asked for")
            .transfers([(closing(1), Created)])
            .accounts([
                (account(A), AccountStatus::ExistsWithDifferentFlags),
                (Account { flags: AccountFlags::CLOSED, ..account(A) }, AccountStatus::Exists),
            ]),
        Script::new("emptied and closed in one chain, reopened by a void")
            .transfers([
                (between(1, A, DEBITS_LIMITED, 9), Created),
                (
                    linked(with(TransferFlags::BALANCING_DEBIT, between(2, DEBITS_LIMITED, B, u128::MAX))),
                    Created,
                ),
                (
                    with(
                        TransferFlags::PENDING | TransferFlags::CLOSING_DEBIT,
                        between(3, DEBITS_LIMITED, B, 0),
                    ),
                    Created,
                ),
            ])
            .balances(DEBITS_LIMITED, [0, 9, 0, 9])
            .transfers([
                (between(4, A, DEBITS_LIMITED, 1), CreditAccountAlreadyClosed),
                (void(5, 3, 0), Created),
            ])
            .transfers([(between(6, A, DEBITS_LIMITED, 1), Created)]),
        Script::new("an account whose closing expires is open again")
            .transfers([(Transfer { timeout_s: 1, ..closing(1) }, Created)])
            .at(START_NS + 2_000_000_000)
            .transfers([(single(2), DebitAccountAlreadyClosed), (void(3, 1, 0), PendingTransferExpired)])
            .expires([1])
            .closed(A, false)
            .transfers([(single(4), Created)]),
    ]
}
