//! Timestamps, deadlines, and the end of time.

use super::super::events::*;
use super::super::script::{START_NS, Script};
use crate::TransferStatus::*;
use crate::{Account, AccountFlags, AccountStatus, TIMESTAMP_MAX_NS, Transfer};

const SECOND_NS: u64 = 1_000_000_000;

pub(super) fn cases() -> Vec<Script> {
    let mut cases = timestamps();
    cases.extend(deadlines());
    cases.extend(after_changes());
    cases
}

fn held(id: u128, amount: u128, timeout_s: u32) -> Transfer {
    Transfer { timeout_s, ..pending(id, amount) }
}

fn timestamps() -> Vec<Script> {
    let later = START_NS + SECOND_NS;
    vec![
        Script::new("the last event of a batch happens now, the others a nanosecond before each other")
            .at(later)
            .transfers([(single(1), Created), (single(0), IdMustNotBeZero), (single(2), Created)])
            .timestamp(1, later - 2)
            .timestamp(2, later),
        Script::new("time does not go back, nor stand still")
            .at(later)
            .transfers([(single(1), Created)])
            .transfers([(single(2), Created), (single(3), Created)])
            .at(5)
            .transfers([(single(4), Created)])
            .timestamp(2, later + 1)
            .timestamp(3, later + 2)
            .timestamp(4, later + 3),
        Script::new("what is refused or taken back uses up no time")
            .at(later)
            .transfers([(single(1), Created)])
            .transfers([(linked(single(2)), LinkedEventFailed), (single(1), Exists)])
            .accounts([
                (Account { flags: AccountFlags::LINKED, ..account(1) }, AccountStatus::LinkedEventFailed),
                (account(0), AccountStatus::IdMustNotBeZero),
            ])
            .transfers([(single(3), Created)])
            .timestamp(3, later + 1),
        Script::new("a batch after the end of time is refused as a whole")
            .at(TIMESTAMP_MAX_NS + 1)
            .transfers([(single(1), ClockOutOfRange), (linked(single(0)), ClockOutOfRange)])
            .accounts([(account(1), AccountStatus::ClockOutOfRange)])
            .at(TIMESTAMP_MAX_NS)
            .transfers([(single(1), Created)])
            .timestamp(1, TIMESTAMP_MAX_NS)
            .transfers([(single(2), ClockOutOfRange)])
            .no_transfer(2),
        Script::new("a deadline may reach the end of time and not pass it")
            .at(TIMESTAMP_MAX_NS - SECOND_NS)
            .transfers([(held(1, 10, 1), Created)])
            .transfers([(held(2, 10, 1), OverflowsTimeout), (held(2, 10, 0), Created)])
            .at(TIMESTAMP_MAX_NS)
            .expires([1])
            .expires([]),
    ]
}

/// A hundred nanoseconds after the accounts came to be, so that timestamps are easy to read.
fn at_start(name: &'static str) -> Script {
    Script::new(name).at(START_NS + 100)
}

fn deadlines() -> Vec<Script> {
    let deadline = START_NS + SECOND_NS;
    vec![
        at_start("a reservation can be resolved until its deadline and not at it")
            .transfers([(held(1, 10, 1), Created), (held(2, 20, 1), Created)])
            .at(deadline + 98)
            .transfers([(post(3, 1, 10), Created)])
            .at(deadline + 100)
            .transfers([(void(4, 2, 0), PendingTransferExpired)])
            .balances(A, [20, 10, 0, 0])
            .expires([2])
            .balances(A, [0, 10, 0, 0])
            .balances(B, [0, 0, 0, 10])
            .transfers([(post(4, 2, 20), PendingTransferExpired)]),
        at_start("expiry releases at the deadline and not before")
            .transfers([(held(1, 10, 1), Created)])
            .at(deadline + 99)
            .expires([])
            .balances(A, [10, 0, 0, 0])
            .at(deadline + 100)
            .expires([1])
            .expires([])
            .balances(A, [0; 4])
            .records(held(1, 10, 1)),
        at_start("reservations expire by deadline, then by age")
            .transfers([
                (held(1, 1, 3), Created),
                (held(2, 2, 1), Created),
                (held(3, 3, 2), Created),
                (held(4, 4, 1), Created),
                (held(5, 5, 9), Created),
                (held(6, 6, 0), Created),
            ])
            .at(START_NS + 2 * SECOND_NS + 96)
            .transfers([(held(7, 7, 1), Created)])
            .expires([2, 4])
            .at(START_NS + 4 * SECOND_NS)
            .expires([3, 1, 7])
            .balances(A, [11, 0, 0, 0]),
        at_start("of equal deadlines the older reservation expires first")
            .transfers([(held(1, 1, 2), Created)])
            .at(deadline + 100)
            .transfers([(held(2, 2, 1), Created)])
            .at(START_NS + 9 * SECOND_NS)
            .expires([1, 2]),
    ]
}

fn after_changes() -> Vec<Script> {
    let deadline = START_NS + SECOND_NS;
    vec![
        at_start("what is posted, voided or taken back does not expire")
            .transfers([(held(1, 1, 1), Created), (held(2, 2, 1), Created), (held(3, 3, 1), Created)])
            .transfers([(post(4, 1, 1), Created), (void(5, 2, 0), Created)])
            .transfers([(linked(held(6, 6, 1)), LinkedEventFailed), (single(0), IdMustNotBeZero)])
            .at(START_NS + 5 * SECOND_NS)
            .expires([3]),
        at_start("a reservation whose resolution was taken back still expires, in its place")
            .transfers([(held(1, 1, 1), Created), (held(2, 2, 1), Created), (held(3, 3, 1), Created)])
            .transfers([
                (linked(post(4, 2, 2)), LinkedEventFailed),
                (linked(void(5, 1, 0)), LinkedEventFailed),
                (linked(held(6, 6, 1)), LinkedEventFailed),
                (linked(post(7, 3, 0)), LinkedEventFailed),
                (single(0), IdMustNotBeZero),
            ])
            .transfers([(held(8, 8, 1), Created)])
            .at(START_NS + 5 * SECOND_NS)
            .expires([1, 2, 3, 8])
            .balances(A, [0; 4]),
        at_start("a reservation whose resolution was taken back does not wait for younger ones")
            .transfers([(held(1, 1, 1), Created)])
            .at(deadline - 500)
            .transfers([(held(2, 2, 1), Created)])
            .transfers([(linked(post(3, 1, 1)), LinkedEventFailed), (single(0), IdMustNotBeZero)])
            .at(deadline + 100)
            .expires([1])
            .balances(A, [2, 0, 0, 0]),
        at_start("an expired reservation is still there for a repeated request")
            .transfers([(held(1, 1, 1), Created)])
            .at(START_NS + 5 * SECOND_NS)
            .expires([1])
            .transfers([(held(1, 1, 1), Exists), (held(1, 1, 2), ExistsWithDifferentTimeout)])
            .balances(A, [0; 4]),
        at_start("a refusal for lateness leaves the id free")
            .transfers([(held(1, 1, 1), Created)])
            .at(START_NS + 5 * SECOND_NS)
            .transfers([(post(2, 1, 1), PendingTransferExpired)])
            .transfers([(single(2), Created)]),
        at_start("the book's own latest time counts where it is later than the one it is told")
            .transfers([(held(1, 1, 1), Created)])
            .at(START_NS + 5 * SECOND_NS)
            .transfers([(single(2), Created)])
            .at(START_NS + 100)
            .expires([1]),
    ]
}
