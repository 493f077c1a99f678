//! What all accounts of one ledger sum to, the proof that no unit was made or lost. Knows nothing of how the
//! sums are kept.

use crate::{Sum, book::Balance};

/// The four balances summed over all accounts of one ledger, in minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerSums {
    /// The ledger's number.
    pub ledger: u32,
    /// How many accounts it has.
    pub accounts: u64,
    /// Sum of `debits_pending`.
    pub debits_pending: Sum,
    /// Sum of `debits_posted`.
    pub debits_posted: Sum,
    /// Sum of `credits_pending`.
    pub credits_pending: Sum,
    /// Sum of `credits_posted`.
    pub credits_posted: Sum,
}

impl LedgerSums {
    pub(crate) fn new(ledger: u32) -> Self {
        Self {
            ledger,
            accounts: 0,
            debits_pending: Sum::ZERO,
            debits_posted: Sum::ZERO,
            credits_pending: Sum::ZERO,
            credits_posted: Sum::ZERO,
        }
    }

    pub(crate) fn sum_mut(&mut self, balance: Balance) -> &mut Sum {
        match balance {
            Balance::DebitsPending => &mut self.debits_pending,
            Balance::DebitsPosted => &mut self.debits_posted,
            Balance::CreditsPending => &mut self.credits_pending,
            Balance::CreditsPosted => &mut self.credits_posted,
        }
    }

    /// Whether the ledger sums to zero: debits equal credits, both the reserved and the final ones.
    pub fn is_balanced(&self) -> bool {
        self.debits_pending == self.credits_pending && self.debits_posted == self.credits_posted
    }
}
