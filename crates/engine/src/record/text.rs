//! The alphabet of records: bytes, variable-length numbers, texts. Knows no fact.

use std::sync::Arc;

use directory::{MemberId, Time};
use money::{Amount, Currency, Rate};

/// Writes onto the end of a buffer.
pub struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Appends to `bytes`.
    pub fn new(bytes: &'a mut Vec<u8>) -> Writer<'a> {
        Writer { bytes }
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Seven bits a byte, low ones first (LEB128).
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// All bits of a wide number.
    pub fn wide(&mut self, number: u128) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Eight bytes, for numbers whose bits are random.
    pub fn fixed(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Length, then UTF-8.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Length, then bytes.
    pub fn blob(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// Whatever `write` appends; it must tell its own length.
    pub fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(self.bytes);
    }

    /// A flag, then the value if there is one.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Milliseconds since 1970.
    pub fn time(&mut self, time: Time) {
        self.number(time.0);
    }

    /// A member's number.
    pub fn member(&mut self, member: MemberId) {
        self.number(u64::from(member.0));
    }

    /// ISO 4217 number.
    pub fn currency(&mut self, currency: Currency) {
        self.number(u64::from(currency.numeric()));
    }

    /// Currency and minor units.
    pub fn amount(&mut self, amount: Amount) {
        self.currency(amount.currency);
        self.number(amount.minor);
    }

    /// Both currencies, digits and scale.
    pub fn rate(&mut self, rate: Rate) {
        self.currency(rate.base());
        self.currency(rate.quote());
        let (mantissa, scale) = rate.parts();
        self.number(mantissa);
        self.byte(scale);
    }
}

/// Why bytes are not a record: what was expected, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// What was being read.
    pub what: &'static str,
    /// What stood there instead, or 0 at the end of the bytes.
    pub found: u64,
    /// Offset in the record.
    pub at: usize,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no {} at byte {} of the record (found {})", self.what, self.at, self.found)
    }
}

impl std::error::Error for Unreadable {}

/// Reads from the front of a record.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from their beginning.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// What stands here is not `what`.
    pub fn wrong(&self, what: &'static str, found: u64) -> Unreadable {
        Unreadable { what, found, at: self.at }
    }

    /// Everything was read.
    pub fn end(&self) -> Result<(), Unreadable> {
        let left = self.bytes.len() - self.at;
        if left == 0 { Ok(()) } else { Err(self.wrong("end", left as u64)) }
    }

    fn slice(&mut self, length: usize, what: &'static str) -> Result<&'a [u8], Unreadable> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(self.wrong(what, length as u64))?;
        let slice = &self.bytes[self.at..end];
        self.at = end;
        Ok(slice)
    }

    /// So many bytes.
    pub fn bytes(&mut self, length: usize) -> Result<&'a [u8], Unreadable> {
        self.slice(length, "bytes")
    }

    /// A length, at most `length_max`, then as many bytes.
    pub fn blob(&mut self, length_max: usize) -> Result<&'a [u8], Unreadable> {
        let length = self.narrow::<usize>("length of bytes")?;
        if length > length_max {
            return Err(self.wrong("bytes few enough", length as u64));
        }
        self.bytes(length)
    }

    /// Everything that was not read yet; nothing is read by looking.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.slice(1, "byte")?[0])
    }

    /// A variable-length number, as short as it can be: each has one way to be written.
    pub fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(self.wrong("number of 64 bits", bits));
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return if bits == 0 && shift > 0 { Err(self.wrong("short number", 0)) } else { Ok(number) };
            }
        }
        Err(self.wrong("end of a number", 0x80))
    }

    /// A number that must fit a narrower type.
    pub fn narrow<T: TryFrom<u64>>(&mut self, what: &'static str) -> Result<T, Unreadable> {
        let number = self.number()?;
        T::try_from(number).map_err(|_| self.wrong(what, number))
    }

    /// A wide number.
    pub fn wide(&mut self) -> Result<u128, Unreadable> {
        let bytes = self.slice(16, "wide number")?;
        Ok(u128::from_le_bytes(bytes.try_into().expect("sixteen bytes")))
    }

    /// Eight bytes.
    pub fn fixed(&mut self) -> Result<u64, Unreadable> {
        Ok(u64::from_le_bytes(self.slice(8, "fixed number")?.try_into().expect("eight bytes")))
    }

    /// A text.
    pub fn text(&mut self) -> Result<Arc<str>, Unreadable> {
        let length = self.narrow::<usize>("length of a text")?;
        let bytes = self.slice(length, "text")?;
        std::str::from_utf8(bytes).map(Arc::from).map_err(|_| self.wrong("UTF-8 text", length as u64))
    }

    /// A flag, then the value if there is one.
    pub fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            flag => Err(self.wrong("flag", u64::from(flag))),
        }
    }

    /// Milliseconds since 1970.
    pub fn time(&mut self) -> Result<Time, Unreadable> {
        self.number().map(Time)
    }

    /// A member's number.
    pub fn member(&mut self) -> Result<MemberId, Unreadable> {
        self.narrow("member").map(MemberId)
    }

    /// A currency.
    pub fn currency(&mut self) -> Result<Currency, Unreadable> {
        let numeric = self.narrow::<u16>("currency")?;
        Currency::from_numeric(numeric).map_err(|_| self.wrong("currency", u64::from(numeric)))
    }

    /// An amount.
    pub fn amount(&mut self) -> Result<Amount, Unreadable> {
        Ok(Amount::new(self.currency()?, self.number()?))
    }

    /// A rate.
    pub fn rate(&mut self) -> Result<Rate, Unreadable> {
        let (base, quote) = (self.currency()?, self.currency()?);
        let (mantissa, scale) = (self.number()?, self.byte()?);
        Rate::from_parts(base, quote, mantissa, scale).map_err(|_| self.wrong("rate", mantissa))
    }

    /// A list: its length, at most `count_max`, then its members.
    pub fn list<T>(
        &mut self,
        count_max: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let count = self.narrow::<usize>("length of a list")?;
        if count > count_max {
            return Err(self.wrong("list short enough", count as u64));
        }
        (0..count).map(|_| read(self)).collect()
    }
}
