//! A share of an amount, as fees are agreed: parts per million, exact.

use crate::rate::divide;
use crate::{Amount, Error, Rounding};

/// A fraction in parts per million: 6000 is 0.60 %, 100 is one basis point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Share(u32);

/// Decimals of a percentage that parts per million keep.
const PERCENT_DECIMALS_MAX: usize = 4;
const WHOLE_PPM: u32 = 1_000_000;

impl Share {
    /// Nothing.
    pub const ZERO: Share = Share(0);

    /// So many parts per million, at most the whole.
    pub fn from_ppm(ppm: u32) -> Result<Share, Error> {
        if ppm > WHOLE_PPM { Err(Error::TooLarge) } else { Ok(Share(ppm)) }
    }

    /// Reads a percentage: `0.60`, `1`, `0.0050`.
    pub fn parse_percent(text: &str) -> Result<Share, Error> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(Error::NotDigits);
        }
        if fraction.len() > PERCENT_DECIMALS_MAX {
            return Err(Error::TooPrecise);
        }
        let whole: u32 = whole.parse().map_err(|_| Error::TooLarge)?;
        let fraction: u32 = format!("{fraction:0<PERCENT_DECIMALS_MAX$}").parse().expect("four digits");
        Share::from_ppm(
            whole.checked_mul(10_000).and_then(|ppm| ppm.checked_add(fraction)).ok_or(Error::TooLarge)?,
        )
    }

    /// Parts per million.
    pub fn ppm(self) -> u32 {
        self.0
    }

    /// This share of an amount.
    pub fn of(self, amount: Amount, rounding: Rounding) -> Amount {
        let part = divide(u128::from(amount.minor) * u128::from(self.0), u128::from(WHOLE_PPM), rounding);
        Amount { minor: u64::try_from(part).expect("a share is never more than the whole"), ..amount }
    }
}

/// As a percentage without needless zeros: `0.6%`.
impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fraction = format!("{:04}", self.0 % 10_000);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{}%", self.0 / 10_000),
            fraction => write!(f, "{}.{fraction}%", self.0 / 10_000),
        }
    }
}
