//! Accounts: the order of their checks, and repeated requests.

use super::super::events::*;
use super::super::script::Script;
use super::Rung;
use crate::AccountStatus::*;
use crate::{Account, AccountFlags, AccountStatus};

pub(super) fn cases() -> Vec<Script> {
    vec![
        Script::new("an account's faults are seen in their order").accounts(order()),
        Script::new("a repeated account's differences are seen in their order").accounts(repeats()),
        Script::new("a refused account does not use up its id")
            .accounts([(Account { code: 0, ..account(1) }, CodeMustNotBeZero), (account(1), Created)]),
        Script::new("an account keeps what it was created with, and starts empty")
            .accounts([(Account { user_data_64: 5, ..account(1) }, Created)])
            .balances(1, [0; 4])
            .closed(1, false)
            .no_account(2),
        Script::new("accounts and transfers do not share ids")
            .transfers([(single(1), crate::TransferStatus::Created)])
            .accounts([(account(1), Created)]),
        Script::new("a chain of accounts stands or falls as one")
            .accounts([
                (linked_account(1), LinkedEventFailed),
                (linked_account(A), ExistsWithDifferentFlags),
                (account(2), LinkedEventFailed),
                (linked_account(3), Created),
                (account(4), Created),
                (linked_account(5), LinkedEventFailed),
                (linked_account(6), LinkedEventChainOpen),
            ])
            .no_account(1)
            .no_account(2)
            .no_account(5)
            .balances(3, [0; 4]),
        Script::new("an account taken back can be created again, on another ledger too")
            .accounts([
                (Account { ledger: 999, ..linked_account(1) }, LinkedEventFailed),
                (account(0), IdMustNotBeZero),
            ])
            .accounts([(Account { ledger: 998, ..account(1) }, Created)])
            .accounts([(account(1), ExistsWithDifferentLedger)]),
    ]
}

fn linked_account(id: u128) -> Account {
    Account { flags: AccountFlags::LINKED, ..account(id) }
}

fn order() -> Vec<(Account, AccountStatus)> {
    let limits = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS;
    let event = Account {
        debits_pending: 1,
        debits_posted: 1,
        credits_pending: 1,
        credits_posted: 1,
        flags: AccountFlags::IMPORTED | AccountFlags::from_bits(1 << 6) | limits,
        timestamp_ns: 1,
        ..Account::default()
    };
    climb(
        event,
        &[
            (ImportedNotSupported, |event| event.flags = event.flags.without(AccountFlags::IMPORTED)),
            (TimestampMustBeZero, |event| event.timestamp_ns = 0),
            // Bit 3 asks TigerBeetle for balance history, which is not part of this contract.
            (ReservedFlag, |event| event.flags = AccountFlags::from_bits(0b1110)),
            (ReservedFlag, |event| event.flags = AccountFlags::from_bits(0b0110)),
            (IdMustNotBeZero, |event| event.id = u128::MAX),
            (IdMustNotBeMax, |event| event.id = 1),
            (FlagsAreMutuallyExclusive, |event| event.flags = AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS),
            (DebitsPendingMustBeZero, |event| event.debits_pending = 0),
            (DebitsPostedMustBeZero, |event| event.debits_posted = 0),
            (CreditsPendingMustBeZero, |event| event.credits_pending = 0),
            (CreditsPostedMustBeZero, |event| event.credits_posted = 0),
            (LedgerMustNotBeZero, |event| event.ledger = LEDGER),
            (CodeMustNotBeZero, |event| event.code = CODE),
            (Created, |_| {}),
            (Exists, |_| {}),
        ],
    )
}

fn repeats() -> Vec<(Account, AccountStatus)> {
    let event = Account {
        id: A,
        debits_posted: 9,
        user_data_128: 1,
        user_data_64: 2,
        user_data_32: 3,
        flags: AccountFlags::CLOSED,
        ..Account::default()
    };
    climb(
        event,
        &[
            (ExistsWithDifferentFlags, |event| event.flags = AccountFlags::NONE),
            (ExistsWithDifferentUserData128, |event| event.user_data_128 = 0),
            (ExistsWithDifferentUserData64, |event| event.user_data_64 = 0),
            (ExistsWithDifferentUserData32, |event| event.user_data_32 = 0),
            (ExistsWithDifferentLedger, |event| event.ledger = LEDGER),
            (ExistsWithDifferentCode, |event| event.code = CODE),
            // Balances are not compared: they move.
            (Exists, |_| {}),
        ],
    )
}

fn climb(mut event: Account, rungs: &[Rung<Account, AccountStatus>]) -> Vec<(Account, AccountStatus)> {
    let mut events = Vec::new();
    for (status, mend) in rungs {
        events.push((event, *status));
        mend(&mut event);
    }
    events
}
