//! An account of the book: what the caller fixes at creation and the four balances the book alone moves.
//! Knows nothing of who owns an account or what it is for.

use std::ops::BitOr;

/// One account on one ledger. Immutable but for its balances and the `closed` flag; never deleted.
///
/// The caller sets every field but the balances and the timestamp, which must be zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Unique among accounts; neither 0 nor `u128::MAX`.
    pub id: u128,
    /// Reserved by pending transfers that debit this account, in minor units of the ledger's currency.
    pub debits_pending: u128,
    /// Debited for good, in minor units.
    pub debits_posted: u128,
    /// Reserved by pending transfers that credit this account, in minor units; not spendable yet.
    pub credits_pending: u128,
    /// Credited for good, in minor units.
    pub credits_posted: u128,
    /// The caller's own reference; the book only stores and compares it.
    pub user_data_128: u128,
    /// The caller's own reference; the book only stores and compares it.
    pub user_data_64: u64,
    /// The caller's own reference; the book only stores and compares it.
    pub user_data_32: u32,
    /// Which ledger: the numeric currency code (ISO 4217). Not 0.
    pub ledger: u32,
    /// The caller's chart of accounts. Not 0.
    pub code: u16,
    /// Limits, links and whether the account is closed.
    pub flags: AccountFlags,
    /// When the book created it, in nanoseconds; unique over all accounts and transfers.
    pub timestamp_ns: u64,
}

/// A set of account flags; any 16 bits can be held, so that unknown ones can be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountFlags(u16);

impl AccountFlags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// Succeeds or fails together with the next event of the batch.
    pub const LINKED: Self = Self(1 << 0);
    /// Refuses a transfer after which pending and posted debits would exceed posted credits.
    pub const DEBITS_MUST_NOT_EXCEED_CREDITS: Self = Self(1 << 1);
    /// Refuses a transfer after which pending and posted credits would exceed posted debits.
    pub const CREDITS_MUST_NOT_EXCEED_DEBITS: Self = Self(1 << 2);
    /// Reads an account with a past timestamp; always refused, see [`crate::AccountStatus::ImportedNotSupported`].
    pub const IMPORTED: Self = Self(1 << 4);
    /// Takes no transfers but voids. Created so, an account stays so; see [`crate::TransferFlags::CLOSING_DEBIT`].
    pub const CLOSED: Self = Self(1 << 5);

    /// Every flag with a meaning; any other bit is reserved. Bit 3 asks TigerBeetle for balance history,
    /// which this contract does not offer, so it counts as reserved here.
    pub(crate) const KNOWN: Self = Self(0b11_0111);

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

    /// These flags and those of `other`.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These flags without those of `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for AccountFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}
