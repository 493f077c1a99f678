//! A transfer: one amount from one debit account to one credit account, at once or in two phases.
//! Knows nothing of the payment it belongs to.

use std::ops::BitOr;

/// The amount that, on a post, means "all of the pending amount" and, on a balancing transfer, "no upper bound".
pub const AMOUNT_ALL: u128 = u128::MAX;

/// One debit and one credit of the same amount on the same ledger. Immutable once created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Unique among transfers of every ledger; neither 0 nor `u128::MAX`.
    pub id: u128,
    /// The account debited. On a post or void 0 means "as the pending transfer".
    pub debit_account_id: u128,
    /// The account credited. On a post or void 0 means "as the pending transfer".
    pub credit_account_id: u128,
    /// In minor units of the ledger's currency; 0 is allowed. On a post [`AMOUNT_ALL`], on a void 0 mean the
    /// whole pending amount; on a balancing transfer it is the upper bound, and the record holds what moved.
    pub amount: u128,
    /// The pending transfer that a post or void resolves; 0 on every other transfer.
    pub pending_id: u128,
    /// The caller's own reference. On a post or void 0 means "as the pending transfer".
    pub user_data_128: u128,
    /// The caller's own reference. On a post or void 0 means "as the pending transfer".
    pub user_data_64: u64,
    /// The caller's own reference. On a post or void 0 means "as the pending transfer".
    pub user_data_32: u32,
    /// Seconds after its timestamp at which a pending transfer can no longer be resolved; 0 means never.
    pub timeout_s: u32,
    /// The ledger of both accounts. On a post or void 0 means "as the pending transfer".
    pub ledger: u32,
    /// The caller's reason for the transfer. On a post or void 0 means "as the pending transfer".
    pub code: u16,
    /// What kind of transfer this is, and whether it is linked to the next.
    pub flags: TransferFlags,
    /// When the book created it, in nanoseconds; 0 when handed in. Unique over all accounts and transfers.
    pub timestamp_ns: u64,
}

impl Transfer {
    /// The first moment, in nanoseconds, at which this pending transfer can no longer be resolved, if it has one.
    pub fn deadline_ns(&self) -> Option<u64> {
        (self.timeout_s != 0).then(|| self.timestamp_ns.saturating_add(timeout_ns(self.timeout_s)))
    }
}

/// Seconds as nanoseconds; `u32::MAX` seconds are below 2^63 nanoseconds.
pub(crate) const fn timeout_ns(timeout_s: u32) -> u64 {
    timeout_s as u64 * 1_000_000_000
}

/// A set of transfer flags; any 16 bits can be held, so that unknown ones can be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferFlags(u16);

impl TransferFlags {
    /// No flag: a single-phase transfer, posted at once.
    pub const NONE: Self = Self(0);
    /// Succeeds or fails together with the next event of the batch.
    pub const LINKED: Self = Self(1 << 0);
    /// Reserves the amount until it is posted, voided or expires.
    pub const PENDING: Self = Self(1 << 1);
    /// Posts the pending transfer `pending_id`, all of it or less; the rest is released.
    pub const POST_PENDING: Self = Self(1 << 2);
    /// Releases the pending transfer `pending_id`, all of it.
    pub const VOID_PENDING: Self = Self(1 << 3);
    /// Moves at most what keeps the debit account's debits within its posted credits.
    pub const BALANCING_DEBIT: Self = Self(1 << 4);
    /// Moves at most what keeps the credit account's credits within its posted debits.
    pub const BALANCING_CREDIT: Self = Self(1 << 5);
    /// Closes the debit account; only on a pending transfer, whose void or expiry reopens it.
    pub const CLOSING_DEBIT: Self = Self(1 << 6);
    /// Closes the credit account; only on a pending transfer, whose void or expiry reopens it.
    pub const CLOSING_CREDIT: Self = Self(1 << 7);
    /// Reads a transfer with a past timestamp; always refused, see [`crate::TransferStatus::ImportedNotSupported`].
    pub const IMPORTED: Self = Self(1 << 8);

    /// Every flag with a meaning; any other bit is reserved.
    pub(crate) const KNOWN: Self = Self(0x1ff);
    /// The flags that resolve a pending transfer.
    pub(crate) const RESOLVING: Self = Self::POST_PENDING.with(Self::VOID_PENDING);
    /// The flags that make the amount an upper bound.
    pub(crate) const BALANCING: Self = Self::BALANCING_DEBIT.with(Self::BALANCING_CREDIT);
    /// The flags that close an account.
    pub(crate) const CLOSING: Self = Self::CLOSING_DEBIT.with(Self::CLOSING_CREDIT);

    /// The flags with exactly these bits, known or not.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits as TigerBeetle numbers them.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether every flag of `other` is set here.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any flag of `other` is set here.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// These flags and those of `other`.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags without those of `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for TransferFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}
