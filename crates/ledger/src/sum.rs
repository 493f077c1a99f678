//! A sum of amounts that cannot overflow: many accounts of up to 2^128 - 1 each. Knows nothing of accounts.

use std::fmt;

/// A sum of up to 2^64 amounts of 128 bits, in minor units. Ordered as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum {
    high: u64,
    low: u128,
}

impl Sum {
    /// Nothing.
    pub const ZERO: Self = Self { high: 0, low: 0 };

    /// The sum as one amount, unless it is above 2^128 - 1.
    pub fn amount(self) -> Option<u128> {
        (self.high == 0).then_some(self.low)
    }

    pub(crate) fn raise(&mut self, amount: u128) {
        let (low, carried) = self.low.overflowing_add(amount);
        self.low = low;
        self.high += u64::from(carried);
    }

    pub(crate) fn lower(&mut self, amount: u128) {
        let (low, borrowed) = self.low.overflowing_sub(amount);
        self.low = low;
        self.high -= u64::from(borrowed);
    }
}

/// Decimal up to 2^128 - 1, hexadecimal above.
impl fmt::Display for Sum {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.amount() {
            Some(amount) => write!(out, "{amount}"),
            None => write!(out, "0x{:x}{:032x}", self.high, self.low),
        }
    }
}
