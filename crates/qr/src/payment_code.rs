//! Payment codes: the digits a payer's phone shows to a till. Knows their form, not who issued them.

use std::fmt;

use crate::{Defect, Malformed};

/// A payment code of 17 to 32 digits.
///
/// The form now issued has 24: six that name the issuer, two for the business (`02`, presented by the user) and
/// sixteen that are unique. Anything else of the right length is a [legacy](Form::Legacy) code, told apart by its
/// first digits only.
///
/// ```
/// use qr::{Issuer, PaymentCode};
/// let code = PaymentCode::issue(Issuer::parse("251001")?, 123_456_789_012_345)?;
/// assert_eq!(code.as_str(), "251001020123456789012345");
/// assert_eq!(PaymentCode::parse(code.as_str())?.unique(), Some(123_456_789_012_345));
/// # Ok::<(), qr::Malformed>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentCode {
    digits: [u8; PaymentCode::DIGITS_MAX],
    length: u8,
}

/// The two forms of payment code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 24 digits with the business type `02`.
    Issued {
        /// Who issued it.
        issuer: Issuer,
        /// The unique number, below 10^16.
        unique: u64,
    },
    /// Any other 17 to 32 digits.
    Legacy,
}

/// The six digits that name who issued a payment code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(u32);

impl PaymentCode {
    /// The fewest digits of any form.
    pub const DIGITS_MIN: usize = 17;
    /// The most digits of any form.
    pub const DIGITS_MAX: usize = 32;
    /// Digits of the form now issued.
    pub const DIGITS_ISSUED: usize = 24;
    /// The first unique number that does not fit.
    pub const UNIQUE_END: u64 = 10_000_000_000_000_000;

    /// Makes a code of the form now issued. Refuses a unique number of more than sixteen digits.
    pub fn issue(issuer: Issuer, unique: u64) -> Result<PaymentCode, Malformed> {
        if unique >= PaymentCode::UNIQUE_END {
            return Err(Malformed::new(8, Defect::NumberTooLarge));
        }
        let mut digits = [0; PaymentCode::DIGITS_MAX];
        write_number(&mut digits[0..6], issuer.0.into());
        digits[6..8].copy_from_slice(USER_PRESENTED);
        write_number(&mut digits[8..24], unique);
        Ok(PaymentCode { digits, length: 24 })
    }

    /// Reads a code. Refuses anything but 17 to 32 digits.
    pub fn parse(text: &str) -> Result<PaymentCode, Malformed> {
        if let Some(at) = text.chars().position(|character| !character.is_ascii_digit()) {
            return Err(Malformed::new(at, Defect::NotDigits));
        }
        let (Ok(length), PaymentCode::DIGITS_MIN..=PaymentCode::DIGITS_MAX) =
            (u8::try_from(text.len()), text.len())
        else {
            return Err(Malformed::new(0, Defect::DigitCount { digits: text.len() }));
        };
        let mut digits = [0; PaymentCode::DIGITS_MAX];
        digits[..text.len()].copy_from_slice(text.as_bytes());
        Ok(PaymentCode { digits, length })
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).expect("only ASCII digits are stored")
    }

    /// Which form this is, with its parts.
    pub fn form(&self) -> Form {
        let digits = &self.digits[..usize::from(self.length)];
        if digits.len() != PaymentCode::DIGITS_ISSUED || &digits[6..8] != USER_PRESENTED {
            return Form::Legacy;
        }
        let issuer = Issuer(u32::try_from(read_number(&digits[..6])).expect("six digits fit"));
        Form::Issued { issuer, unique: read_number(&digits[8..]) }
    }

    /// Who issued it; nothing for a legacy code.
    pub fn issuer(&self) -> Option<Issuer> {
        match self.form() {
            Form::Issued { issuer, .. } => Some(issuer),
            Form::Legacy => None,
        }
    }

    /// Its unique number, below 10^16; nothing for a legacy code.
    pub fn unique(&self) -> Option<u64> {
        match self.form() {
            Form::Issued { unique, .. } => Some(unique),
            Form::Legacy => None,
        }
    }
}

impl Issuer {
    /// Reads exactly six digits.
    pub fn parse(text: &str) -> Result<Issuer, Malformed> {
        if let Some(at) = text.chars().position(|character| !character.is_ascii_digit()) {
            return Err(Malformed::new(at, Defect::NotDigits));
        }
        if text.len() != 6 {
            return Err(Malformed::new(0, Defect::NumberTooLarge));
        }
        Ok(Issuer(u32::try_from(read_number(text.as_bytes())).expect("six digits fit")))
    }

    /// The number these six digits write.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// The business type of a code shown by the user.
const USER_PRESENTED: &[u8; 2] = b"02";

fn write_number(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).expect("one digit fits");
        number /= 10;
    }
}

/// Reads at most sixteen digits.
fn read_number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

impl fmt::Display for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Hides the middle digits: whoever holds them can charge the payer for a minute.
impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.as_str();
        write!(f, "PaymentCode({}…{})", &digits[..8], &digits[digits.len() - 2..])
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({self})")
    }
}

#[cfg(test)]
mod tests;
