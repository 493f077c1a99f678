//! An amount: whole minor units of one currency, never negative. Signs belong to positions, not to amounts.

use crate::{Currency, Error};

/// The largest amount of one payment in minor units. A thousandth of what 64 bits hold, so that sums of a batch and
/// products with prices stay far from overflow.
pub const MINOR_MAX: u64 = 10_000_000_000_000_000;

/// Whole minor units of one currency: 10000 of CNY is CNY 100.00.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Amount {
    /// The currency of the units.
    pub currency: Currency,
    /// How many minor units.
    pub minor: u64,
}

impl Amount {
    /// An amount of `minor` units.
    pub fn new(currency: Currency, minor: u64) -> Amount {
        Amount { currency, minor }
    }

    /// Nothing, in this currency.
    pub fn zero(currency: Currency) -> Amount {
        Amount { currency, minor: 0 }
    }

    /// Reads minor units written in digits only: no sign, no point, no blank. At most [`MINOR_MAX`].
    pub fn parse_minor(currency: Currency, digits: &str) -> Result<Amount, Error> {
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::NotDigits);
        }
        match digits.parse::<u64>() {
            Ok(minor) if minor <= MINOR_MAX => Ok(Amount { currency, minor }),
            _ => Err(Error::TooLarge),
        }
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum, refused across currencies or above [`MINOR_MAX`].
    pub fn plus(self, other: Amount) -> Result<Amount, Error> {
        if self.currency != other.currency {
            return Err(Error::CurrencyMismatch);
        }
        match self.minor.checked_add(other.minor) {
            Some(minor) if minor <= MINOR_MAX => Ok(Amount { minor, ..self }),
            _ => Err(Error::TooLarge),
        }
    }

    /// The difference, refused across currencies or below zero.
    pub fn minus(self, other: Amount) -> Result<Amount, Error> {
        if self.currency != other.currency {
            return Err(Error::CurrencyMismatch);
        }
        match self.minor.checked_sub(other.minor) {
            Some(minor) => Ok(Amount { minor, ..self }),
            None => Err(Error::BelowZero),
        }
    }

    /// The number alone, in major units with the currency's own decimals: `100.00`, `812`, `0.005`.
    pub fn major(self) -> String {
        major(u128::from(self.minor), self.currency)
    }
}

/// `CNY 100.00`.
impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency, self.major())
    }
}

fn major(minor: u128, currency: Currency) -> String {
    let exponent = usize::from(currency.exponent());
    let digits = format!("{minor:0>width$}", width = exponent + 1);
    match exponent {
        0 => digits,
        _ => format!("{}.{}", &digits[..digits.len() - exponent], &digits[digits.len() - exponent..]),
    }
}
