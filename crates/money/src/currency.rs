//! A currency, parsed once. Knows its ISO 4217 code, number and exponent, nothing else.

use crate::Error;
use crate::iso4217::TABLE;

/// A currency in circulation (ISO 4217 list one). Orders by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u8);

impl Currency {
    /// Reads a three-letter code, upper case as ISO 4217 writes it.
    pub fn parse(code: &str) -> Result<Currency, Error> {
        match TABLE.binary_search_by(|row| row.code.cmp(code)) {
            Ok(row) => Ok(Currency(u8::try_from(row).expect("the table has fewer than 256 rows"))),
            Err(_) => Err(Error::UnknownCurrency),
        }
    }

    /// Finds the currency with this ISO 4217 number.
    pub fn from_numeric(numeric: u16) -> Result<Currency, Error> {
        match TABLE.iter().position(|row| row.numeric == numeric) {
            Some(row) => Ok(Currency(u8::try_from(row).expect("the table has fewer than 256 rows"))),
            None => Err(Error::UnknownCurrency),
        }
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        TABLE[usize::from(self.0)].code
    }

    /// The ISO 4217 number, which is also the ledger's number of this currency.
    pub fn numeric(self) -> u16 {
        TABLE[usize::from(self.0)].numeric
    }

    /// How many decimal digits a major unit has: 2 for CNY, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u8 {
        TABLE[usize::from(self.0)].exponent
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
