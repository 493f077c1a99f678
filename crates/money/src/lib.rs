//! Currencies, amounts in minor units, exact rational rates, roundings named for who gains, and splits that lose no
//! unit. Knows neither time nor parties.

mod amount;
mod currency;
mod iso4217;
mod rate;
mod share;
mod split;
#[cfg(test)]
mod tests;

pub use amount::{Amount, MINOR_MAX};
pub use currency::Currency;
pub use rate::{Rate, Rounding};
pub use share::Share;
pub use split::split;

/// Why a text or a calculation is not money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Not a three-letter code of ISO 4217 in circulation.
    UnknownCurrency,
    /// An amount text that is empty or holds something else than digits.
    NotDigits,
    /// An amount above [`MINOR_MAX`], or a result that would be.
    TooLarge,
    /// A price that is zero.
    ZeroPrice,
    /// A price or share with more digits than can be kept exactly.
    TooPrecise,
    /// Two amounts of different currencies in one sum.
    CurrencyMismatch,
    /// A difference below zero.
    BelowZero,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Error::UnknownCurrency => "not a currency code of ISO 4217",
            Error::NotDigits => "expected digits only",
            Error::TooLarge => "larger than the largest amount the network carries",
            Error::ZeroPrice => "a price must be above zero",
            Error::TooPrecise => "more digits than can be kept exactly",
            Error::CurrencyMismatch => "the amounts are in different currencies",
            Error::BelowZero => "the difference would be below zero",
        })
    }
}

impl std::error::Error for Error {}
