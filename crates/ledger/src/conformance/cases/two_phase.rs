//! Reservations: what they hold, and how they are posted and voided.

use super::super::events::*;
use super::super::script::Script;
use crate::TransferStatus::*;
use crate::{AMOUNT_ALL, Transfer, TransferFlags};

pub(super) fn cases() -> Vec<Script> {
    let mut cases = resolved();
    cases.extend(records());
    cases
}

/// The record of transfer 2 that posted so much of transfer 1.
fn posted(amount: u128) -> Transfer {
    Transfer { pending_id: 1, flags: TransferFlags::POST_PENDING, amount, ..single(2) }
}

fn resolved() -> Vec<Script> {
    vec![
        Script::new("a reservation holds the amount on both sides and posts nothing")
            .transfers([(pending(1, 10), Created)])
            .balances(A, [10, 0, 0, 0])
            .balances(B, [0, 0, 10, 0])
            .records(pending(1, 10)),
        Script::new("a full post moves what was reserved")
            .transfers([(pending(1, 10), Created), (post(2, 1, AMOUNT_ALL), Created)])
            .balances(A, [0, 10, 0, 0])
            .balances(B, [0, 0, 0, 10])
            .records(posted(10)),
        Script::new("a post of less releases the rest at once, for good")
            .transfers([(pending(1, 10), Created), (post(2, 1, 4), Created)])
            .balances(A, [0, 4, 0, 0])
            .balances(B, [0, 0, 0, 4])
            .records(posted(4))
            .transfers([
                (post(3, 1, 6), PendingTransferAlreadyPosted),
                (void(4, 1, 0), PendingTransferAlreadyPosted),
            ]),
        Script::new("a post of nothing releases everything and counts as posted")
            .transfers([(pending(1, 10), Created), (post(2, 1, 0), Created)])
            .balances(A, [0; 4])
            .records(posted(0))
            .transfers([(post(3, 1, 10), PendingTransferAlreadyPosted)]),
        Script::new("a void releases everything and is recorded with the amount")
            .transfers([(pending(1, 10), Created), (void(2, 1, 0), Created)])
            .balances(A, [0; 4])
            .balances(B, [0; 4])
            .records(Transfer { flags: TransferFlags::VOID_PENDING, ..posted(10) })
            .transfers([
                (post(3, 1, 10), PendingTransferAlreadyVoided),
                (void(4, 1, 10), PendingTransferAlreadyVoided),
            ]),
        Script::new("a void names the whole amount or none")
            .transfers([
                (pending(1, 10), Created),
                (void(2, 1, 11), ExceedsPendingTransferAmount),
                (void(2, 1, AMOUNT_ALL), ExceedsPendingTransferAmount),
                (void(2, 1, 9), PendingTransferHasDifferentAmount),
                (void(2, 1, 10), Created),
            ])
            .balances(A, [0; 4]),
        Script::new("a reservation of nothing can be posted and voided")
            .transfers([
                (pending(1, 0), Created),
                (post(2, 1, 1), ExceedsPendingTransferAmount),
                (post(2, 1, AMOUNT_ALL), Created),
                (pending(3, 0), Created),
                (void(4, 3, 0), Created),
            ])
            .balances(A, [0; 4]),
    ]
}

fn records() -> Vec<Script> {
    vec![
        Script::new("a reservation reads the same after it is resolved")
            .transfers([(pending(1, 10), Created), (post(2, 1, 3), Created)])
            .records(pending(1, 10)),
        Script::new("a post may repeat or leave out what the reservation says, and bring its own data")
            .transfers([
                (Transfer { user_data_128: 1, user_data_64: 2, user_data_32: 3, ..pending(1, 10) }, Created),
                (
                    Transfer {
                        user_data_64: 9,
                        ledger: LEDGER,
                        code: CODE,
                        debit_account_id: A,
                        ..post(2, 1, 10)
                    },
                    Created,
                ),
            ])
            .records(Transfer { user_data_128: 1, user_data_64: 9, user_data_32: 3, ..posted(10) }),
        Script::new("posts and voids are not reservations, nor are single-phase transfers")
            .transfers([
                (pending(1, 10), Created),
                (post(2, 1, 10), Created),
                (pending(3, 10), Created),
                (void(4, 3, 10), Created),
                (single(5), Created),
            ])
            .transfers([
                (post(6, 2, 10), PendingTransferNotPending),
                (void(6, 4, 10), PendingTransferNotPending),
                (post(6, 5, 10), PendingTransferNotPending),
            ]),
        Script::new("a reservation can be resolved in its own batch, before and after others")
            .transfers([
                (post(9, 1, 1), PendingTransferNotFound),
                (pending(1, 10), Created),
                (pending(2, 20), Created),
                (post(3, 2, 20), Created),
                (post(4, 1, 10), Created),
            ])
            .balances(A, [0, 30, 0, 0]),
    ]
}
