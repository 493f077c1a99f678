//! What can be wrong with a book itself, as opposed to an event it refuses. Knows nothing of how it is found.

use std::fmt;

/// A book that contradicts itself, or content no book can be restored from. Nothing may be answered from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Debits and credits of this ledger differ.
    Unbalanced {
        /// The ledger's number.
        ledger: u32,
    },
    /// The running sums of this ledger are not what its accounts sum to.
    SumsDiffer {
        /// The ledger's number.
        ledger: u32,
    },
    /// The pending balances of this account are not what the open reservations sum to.
    PendingDiffers {
        /// The account's id.
        account_id: u128,
    },
    /// The posted balances of this account are not what its transfers sum to; less, if some were retired.
    PostedDiffers {
        /// The account's id.
        account_id: u128,
    },
    /// This account exceeds the limit that its flags set.
    LimitExceeded {
        /// The account's id.
        account_id: u128,
    },
    /// A reservation that closed this account is open, but the account is not closed.
    ClosingDiffers {
        /// The account's id.
        account_id: u128,
    },
    /// This account, transfer or burned id is held but not found, or counted wrongly.
    IndexDiffers {
        /// The id.
        id: u128,
    },
    /// Reservations and deadlines do not match, seen at this transfer.
    DeadlinesDiffer {
        /// The transfer's id.
        transfer_id: u128,
    },
    /// This account, transfer or burned id cannot be restored: it is there twice, out of order, names accounts
    /// that are not there or not on one ledger, or is one more than the book may hold.
    Unrestorable {
        /// The id.
        id: u128,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbalanced { ledger } => write!(out, "ledger {ledger}: debits and credits differ"),
            Self::SumsDiffer { ledger } => write!(out, "ledger {ledger}: running sums and accounts differ"),
            Self::PendingDiffers { account_id } => {
                write!(out, "account {account_id:#x}: pending balances and open reservations differ")
            }
            Self::PostedDiffers { account_id } => {
                write!(out, "account {account_id:#x}: posted balances and transfers differ")
            }
            Self::LimitExceeded { account_id } => write!(out, "account {account_id:#x}: limit exceeded"),
            Self::ClosingDiffers { account_id } => {
                write!(out, "account {account_id:#x}: open in spite of an open closing transfer")
            }
            Self::IndexDiffers { id } => write!(out, "id {id:#x}: index and records differ"),
            Self::DeadlinesDiffer { transfer_id } => {
                write!(out, "transfer {transfer_id:#x}: reservations and deadlines differ")
            }
            Self::Unrestorable { id } => write!(out, "id {id:#x}: cannot be restored into this book"),
        }
    }
}

impl std::error::Error for Error {}
