//! Amounts, prices and currencies as text checked at the edge: an amount is a currency and a whole number of its minor
//! units. Knows which letters make a currency, not which currencies there are or how many decimals they have.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

pub use super::minor::{Count, Minor, MinorOrZero, SignedMinor};
use super::object::Described;
use super::scalar::{Kind, Scalar};

/// Most characters of a price, its point among them, and most digits behind the point. No market quotes more.
const PRICE_LENGTH_MAX: usize = 18;
const PRICE_DECIMALS_MAX: usize = 12;

object! {
    /// An amount of money above zero.
    pub struct Amount {
        must {
            /// The currency (ISO 4217).
            currency "currency": CurrencyCode,
            /// The amount in minor units: `10000` is CNY 100.00, and JPY 10,000.
            value "value": Minor,
        }
        may {}
    }
}

object! {
    /// An amount of money that may be zero.
    pub struct AmountOrZero {
        must {
            /// The currency (ISO 4217).
            currency "currency": CurrencyCode,
            /// The amount in minor units.
            value "value": MinorOrZero,
        }
        may {}
    }
}

object! {
    /// What a member has with the network in one currency: above zero the network owes it, below zero it owes.
    pub struct Balance {
        must {
            /// The currency (ISO 4217).
            currency "currency": CurrencyCode,
            /// The balance in minor units, with a minus sign when the member owes.
            value "value": SignedMinor,
        }
        may {}
    }
}

impl Amount {
    /// An amount of so many minor units; the error is the rest of a sentence.
    pub fn try_of(currency: CurrencyCode, minor: u64) -> Result<Amount, String> {
        Ok(Amount { currency, value: Minor::try_new(minor)? })
    }
}

/// Three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode([u8; 3]);

impl CurrencyCode {
    /// Reads three capital letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<CurrencyCode> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(CurrencyCode(letters))
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("they are ASCII letters")
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Two currencies, `CNY/PHP`: a price says how many of the second one of the first costs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CurrencyPair {
    /// The currency that is bought, the payee's.
    pub base: CurrencyCode,
    /// The currency that the price is in, the payer's.
    pub quote: CurrencyCode,
}

impl CurrencyPair {
    /// Reads two currencies with a slash between them.
    #[must_use]
    pub fn parse(text: &str) -> Option<CurrencyPair> {
        let (base, quote) = text.split_once('/')?;
        Some(CurrencyPair { base: CurrencyCode::parse(base)?, quote: CurrencyCode::parse(quote)? })
    }
}

impl fmt::Display for CurrencyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.quote)
    }
}

/// A price: a plain decimal above zero, kept as the text it came as, so that no digit is lost or added.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Price(Box<str>);

impl Price {
    /// Checks a price; the error is the rest of a sentence.
    pub fn try_new(text: &str) -> Result<Price, String> {
        Price::check(text)?;
        Ok(Price(text.into()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Kind for CurrencyCode {
    const EXPECTED: &'static str = "three capital letters";

    fn check(text: &str) -> Result<(), String> {
        let good = CurrencyCode::parse(text).is_some();
        if good { Ok(()) } else { Err("is not three capital letters (ISO 4217)".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[A-Z]{3}$", "examples": ["CNY"] })
    }
}

impl Kind for CurrencyPair {
    const EXPECTED: &'static str = "two currencies";

    fn check(text: &str) -> Result<(), String> {
        let good = CurrencyPair::parse(text).is_some();
        if good {
            Ok(())
        } else {
            Err("is not two currencies with a slash between them, like CNY/PHP".to_owned())
        }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[A-Z]{3}/[A-Z]{3}$", "examples": ["CNY/PHP"] })
    }
}

impl Kind for Price {
    const EXPECTED: &'static str = "a decimal as a string";

    fn check(text: &str) -> Result<(), String> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err("is not digits with at most one point".to_owned());
        }
        if decimals.len() > PRICE_DECIMALS_MAX || text.len() > PRICE_LENGTH_MAX {
            return Err(format!(
                "has more than {PRICE_DECIMALS_MAX} decimals or {PRICE_LENGTH_MAX} characters"
            ));
        }
        let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        if zero { Err("is zero".to_owned()) } else { Ok(()) }
    }

    fn describe() -> Value {
        json!({
            "type": "string", "maxLength": PRICE_LENGTH_MAX,
            "pattern": format!("^[0-9]+(\\.[0-9]{{1,{PRICE_DECIMALS_MAX}}})?$"), "examples": ["8.1250"],
        })
    }
}

impl Serialize for CurrencyCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for CurrencyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CurrencyCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CurrencyCode, D::Error> {
        let text = deserializer.deserialize_any(Scalar::<CurrencyCode>(PhantomData))?;
        Ok(CurrencyCode::parse(&text).expect("it was just checked"))
    }
}

impl<'de> Deserialize<'de> for CurrencyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CurrencyPair, D::Error> {
        let text = deserializer.deserialize_any(Scalar::<CurrencyPair>(PhantomData))?;
        Ok(CurrencyPair::parse(&text).expect("it was just checked"))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Price, D::Error> {
        Ok(Price(deserializer.deserialize_any(Scalar::<Price>(PhantomData))?))
    }
}

macro_rules! described_as_kind {
    ($( $name:ty ),+) => { $(
        impl Described for $name {
            fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
                <$name as Kind>::describe()
            }
        }
    )+ };
}

described_as_kind!(CurrencyCode, CurrencyPair, Price);
