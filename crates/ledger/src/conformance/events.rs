//! Short ways to write the accounts and transfers of the directed cases. Knows no rule.

use crate::{Account, AccountFlags, Transfer, TransferFlags};

/// Accounts every case starts with; see [`opening`].
pub(super) const A: u128 = 0xa;
pub(super) const B: u128 = 0xb;
/// Its debits must not exceed its credits.
pub(super) const DEBITS_LIMITED: u128 = 0xd;
/// Its credits must not exceed its debits.
pub(super) const CREDITS_LIMITED: u128 = 0xc;
/// Created closed.
pub(super) const CLOSED: u128 = 0xf;
/// On the other ledger.
pub(super) const OTHER_A: u128 = 0x2a;
pub(super) const OTHER_B: u128 = 0x2b;
/// Never created.
pub(super) const NOBODY: u128 = 0x404;

pub(super) const LEDGER: u32 = 156;
pub(super) const OTHER_LEDGER: u32 = 608;
pub(super) const CODE: u16 = 7;

pub(super) fn opening() -> Vec<Account> {
    vec![
        account(A),
        account(B),
        Account { flags: AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS, ..account(DEBITS_LIMITED) },
        Account { flags: AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS, ..account(CREDITS_LIMITED) },
        Account { flags: AccountFlags::CLOSED, ..account(CLOSED) },
        Account { ledger: OTHER_LEDGER, ..account(OTHER_A) },
        Account { ledger: OTHER_LEDGER, ..account(OTHER_B) },
    ]
}

pub(super) fn account(id: u128) -> Account {
    Account { id, ledger: LEDGER, code: CODE, ..Account::default() }
}

/// 10 from A to B.
pub(super) fn single(id: u128) -> Transfer {
    Transfer {
        id,
        debit_account_id: A,
        credit_account_id: B,
        amount: 10,
        ledger: LEDGER,
        code: CODE,
        ..Transfer::default()
    }
}

pub(super) fn between(id: u128, debit_account_id: u128, credit_account_id: u128, amount: u128) -> Transfer {
    Transfer { debit_account_id, credit_account_id, amount, ..single(id) }
}

/// The same between the accounts of the other ledger.
pub(super) fn other(transfer: Transfer) -> Transfer {
    Transfer { debit_account_id: OTHER_A, credit_account_id: OTHER_B, ledger: OTHER_LEDGER, ..transfer }
}

pub(super) fn pending(id: u128, amount: u128) -> Transfer {
    Transfer { amount, flags: TransferFlags::PENDING, ..single(id) }
}

pub(super) fn post(id: u128, pending_id: u128, amount: u128) -> Transfer {
    Transfer { id, pending_id, amount, flags: TransferFlags::POST_PENDING, ..Transfer::default() }
}

pub(super) fn void(id: u128, pending_id: u128, amount: u128) -> Transfer {
    Transfer { flags: TransferFlags::VOID_PENDING, ..post(id, pending_id, amount) }
}

/// With more flags.
pub(super) fn with(flags: TransferFlags, transfer: Transfer) -> Transfer {
    Transfer { flags: transfer.flags | flags, ..transfer }
}

pub(super) fn linked(transfer: Transfer) -> Transfer {
    with(TransferFlags::LINKED, transfer)
}
