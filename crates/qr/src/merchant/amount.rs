//! Amounts and percentages as codes write them: decimal digits, kept as written. Knows no rounding: what does not
//! fit the currency is refused.

use std::fmt;

use crate::{Defect, Malformed};

/// An amount in the code's currency: up to 13 digits with at most one point (EMVCo MPM 4.7.4.1), kept as written.
///
/// ```
/// use qr::merchant::Amount;
/// assert_eq!(Amount::parse("98.")?.minor_units(2), Some(9800));
/// assert_eq!(Amount::parse("1.005")?.minor_units(2), None);
/// assert_eq!(Amount::from_minor_units(10000, 2)?.as_str(), "100.00");
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    text: [u8; Amount::CHARACTERS_MAX],
    length: u8,
}

impl Amount {
    /// The most characters an amount has.
    pub const CHARACTERS_MAX: usize = 13;

    /// Reads an amount as written. Zero is read; whether it is allowed is the reading's to say.
    pub fn parse(text: &str) -> Result<Amount, Malformed> {
        let wrong = Malformed::new(0, Defect::AmountNotNumber { id: 54 });
        let points = text.bytes().filter(|&byte| byte == b'.').count();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 || points > 1 || digits + points != text.len() || text.len() > Amount::CHARACTERS_MAX {
            return Err(wrong);
        }
        let mut copy = [0; Amount::CHARACTERS_MAX];
        copy[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Amount { text: copy, length: u8::try_from(text.len()).map_err(|_| wrong)? })
    }

    /// Writes `minor` units of a currency with `exponent` decimals. Refuses what needs more than 13 characters.
    pub fn from_minor_units(minor: u64, exponent: u32) -> Result<Amount, Malformed> {
        let wrong = Malformed::new(0, Defect::AmountNotNumber { id: 54 });
        let unit = 10_u64.checked_pow(exponent).ok_or(wrong)?;
        let text = match exponent {
            0 => minor.to_string(),
            decimals => {
                let width = usize::try_from(decimals).map_err(|_| wrong)?;
                format!("{}.{:0width$}", minor / unit, minor % unit)
            }
        };
        Amount::parse(&text)
    }

    /// The amount as written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.length)]).expect("only ASCII is stored")
    }

    /// The amount in minor units of a currency with `exponent` decimals; nothing if it has more decimals than that
    /// (zeros aside) or is too large.
    pub fn minor_units(&self, exponent: u32) -> Option<u64> {
        let (whole, decimals) = self.as_str().split_once('.').unwrap_or((self.as_str(), ""));
        let decimals = decimals.trim_end_matches('0');
        let missing = exponent.checked_sub(u32::try_from(decimals.len()).ok()?)?;
        let digits = whole
            .bytes()
            .chain(decimals.bytes())
            .fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        digits.checked_mul(10_u64.checked_pow(missing)?)
    }

    /// Whether every digit is zero.
    pub fn is_zero(&self) -> bool {
        self.as_str().bytes().all(|byte| byte == b'0' || byte == b'.')
    }

    /// Digits after the point, as written.
    pub fn decimals(&self) -> usize {
        self.as_str().split_once('.').map_or(0, |(_, decimals)| decimals.len())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// A convenience fee in hundredths of a percent, 1 to 9999 (EMVCo MPM 4.7.8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentage(u16);

impl Percentage {
    /// Reads a percentage such as `3`, `3.5` or `00.01`.
    pub fn parse(text: &str) -> Result<Percentage, Malformed> {
        let wrong = Malformed::new(0, Defect::PercentageWrong);
        let basis_points = Amount::parse(text).ok().and_then(|amount| amount.minor_units(2)).ok_or(wrong)?;
        match u16::try_from(basis_points) {
            Ok(points @ 1..=9999) if text.len() <= 5 => Ok(Percentage(points)),
            _ => Err(wrong),
        }
    }

    /// A percentage of this many hundredths of a percent, 1 to 9999.
    pub fn from_basis_points(points: u16) -> Option<Percentage> {
        (1..=9999).contains(&points).then_some(Percentage(points))
    }

    /// Hundredths of a percent, 1 to 9999.
    pub fn basis_points(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
