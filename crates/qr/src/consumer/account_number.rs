//! Account numbers and payment tokens: up to 19 digits. Knows how tags 5A and 57 pack them.

use std::fmt;

use crate::{Defect, Malformed};

/// An account number or payment token of 1 to 19 digits. Shown only when asked for by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountNumber {
    digits: [u8; AccountNumber::DIGITS_MAX],
    length: u8,
}

impl AccountNumber {
    /// The most digits.
    pub const DIGITS_MAX: usize = 19;

    /// Reads 1 to 19 digits.
    pub fn parse(text: &str) -> Result<AccountNumber, Malformed> {
        AccountNumber::from_digits(text.bytes()).ok_or(Malformed::new(0, Defect::AccountNumberWrong))
    }

    /// The digits.
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).expect("only ASCII digits are stored")
    }

    /// Packs two digits a byte, padded with F, as tag 5A holds them (format cn).
    pub(crate) fn packed(&self) -> Vec<u8> {
        let nibble = |digit: u8| digit - b'0';
        self.digits[..usize::from(self.length)]
            .chunks(2)
            .map(|pair| nibble(pair[0]) << 4 | pair.get(1).map_or(0xF, |&digit| nibble(digit)))
            .collect()
    }

    /// Reads the value of tag 5A.
    pub(crate) fn from_packed(bytes: &[u8]) -> Option<AccountNumber> {
        if bytes.len() > 10 {
            return None;
        }
        let end = nibbles(bytes).position(|nibble| nibble > 9).unwrap_or(bytes.len() * 2);
        if nibbles(bytes).skip(end).any(|nibble| nibble != 0xF) {
            return None;
        }
        AccountNumber::from_digits(nibbles(bytes).take(end).map(|nibble| b'0' + nibble))
    }

    /// Reads the account number before the separator D of tag 57 (EMVCo CPM table 6.2).
    pub(crate) fn from_track_2(bytes: &[u8]) -> Option<AccountNumber> {
        if bytes.len() > 19 {
            return None;
        }
        let end = nibbles(bytes).position(|nibble| nibble == 0xD)?;
        AccountNumber::from_digits(nibbles(bytes).take(end).map(|nibble| b'0' + nibble))
    }

    fn from_digits(digits: impl Iterator<Item = u8>) -> Option<AccountNumber> {
        let mut number = AccountNumber { digits: [0; AccountNumber::DIGITS_MAX], length: 0 };
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            *number.digits.get_mut(usize::from(number.length))? = digit;
            number.length += 1;
        }
        (number.length > 0).then_some(number)
    }
}

fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF])
}

/// Shows the last four digits at most.
impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        let shown = digits.len().min(digits.len() / 2).min(4);
        write!(f, "AccountNumber(…{})", &digits[digits.len() - shown..])
    }
}
