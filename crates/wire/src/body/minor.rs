//! Whole numbers as digits in a string: minor units, and small counts. Knows no currency.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::object::Described;

/// Most digits of one amount: sums of many such amounts, and their products with prices, stay far below 128 bits.
const DIGITS_MAX: usize = 16;

/// Minor units above zero, at most 16 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Minor(u64);

/// Minor units from zero, at most 16 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MinorOrZero(u64);

/// Minor units with a sign, as wide as the book counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SignedMinor(pub i128);

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Count<const MIN: u64, const MAX: u64>(u64);

impl Minor {
    /// So many units; the error is the rest of a sentence.
    pub fn try_new(units: u64) -> Result<Minor, String> {
        Minor::accept(units)
    }

    /// The number of units.
    #[must_use]
    pub const fn units(self) -> u64 {
        self.0
    }
}

impl MinorOrZero {
    /// So many units; the error is the rest of a sentence.
    pub fn try_new(units: u64) -> Result<MinorOrZero, String> {
        MinorOrZero::accept(units)
    }

    /// The number of units.
    #[must_use]
    pub const fn units(self) -> u64 {
        self.0
    }
}

impl<const MIN: u64, const MAX: u64> Count<MIN, MAX> {
    /// The number, if it is in range.
    #[must_use]
    pub fn try_new(number: u64) -> Option<Self> {
        Self::accept(number).ok()
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// A whole number with a range of its own.
trait Whole: Sized {
    fn accept(number: u64) -> Result<Self, String>;
}

fn short(number: u64) -> Result<u64, String> {
    let long = number >= 10_u64.pow(DIGITS_MAX as u32);
    if long { Err(format!("has more than {DIGITS_MAX} digits")) } else { Ok(number) }
}

impl Whole for Minor {
    fn accept(number: u64) -> Result<Minor, String> {
        if number == 0 { Err("is zero".to_owned()) } else { short(number).map(Minor) }
    }
}

impl Whole for MinorOrZero {
    fn accept(number: u64) -> Result<MinorOrZero, String> {
        short(number).map(MinorOrZero)
    }
}

impl<const MIN: u64, const MAX: u64> Whole for Count<MIN, MAX> {
    fn accept(number: u64) -> Result<Self, String> {
        if (MIN..=MAX).contains(&number) {
            Ok(Count(number))
        } else {
            Err(format!("is not from {MIN} to {MAX}"))
        }
    }
}

/// Reads digits, and says precisely why other text is no whole number.
fn digits(text: &str) -> Result<u64, String> {
    if let Some(reason) = not_digits(text) {
        return Err(reason.to_owned());
    }
    text.parse().map_err(|_| format!("has more than {DIGITS_MAX} digits"))
}

fn not_digits(text: &str) -> Option<&'static str> {
    match text.as_bytes() {
        [] => Some("is empty: leave it out or send null"),
        [b'-', ..] => Some("is negative"),
        [b'+', ..] => Some("begins with a plus sign"),
        [b'0', _, ..] if text.bytes().all(|byte| byte.is_ascii_digit()) => Some("begins with a zero"),
        bytes if bytes.iter().all(u8::is_ascii_digit) => None,
        bytes if bytes.iter().all(|byte| byte.is_ascii_digit() || b".,eE".contains(byte)) => {
            Some("is not a whole number: send minor units")
        }
        _ => Some("has something else than digits"),
    }
}

struct Reader<T>(std::marker::PhantomData<T>);

impl<T: Whole> Visitor<'_> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digits as a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        digits(text).and_then(T::accept).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::accept(number).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Err(E::custom("is negative"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(E::custom("is not a whole number: send minor units"))
    }
}

struct SignedReader;

impl Visitor<'_> for SignedReader {
    type Value = SignedMinor;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digits as a string, with a minus sign or none")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SignedMinor, E> {
        let positive = text.strip_prefix('-').filter(|rest| *rest != "0").unwrap_or(text);
        if let Some(reason) = not_digits(positive) {
            return Err(E::custom(reason));
        }
        text.parse().map(SignedMinor).map_err(|_| E::custom("has too many digits"))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<SignedMinor, E> {
        Ok(SignedMinor(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<SignedMinor, E> {
        Ok(SignedMinor(number.into()))
    }
}

macro_rules! written_as_digits {
    ($( ($($generic:tt)*) $name:ty, $pattern:literal, $example:expr; )+) => { $(
        impl $($generic)* Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl $($generic)* fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl $($generic)* Described for $name {
            fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
                json!({ "type": "string", "pattern": $pattern, "examples": [$example] })
            }
        }
    )+ };
}

written_as_digits! {
    () Minor, "^[1-9][0-9]{0,15}$", "10000";
    () MinorOrZero, "^(0|[1-9][0-9]{0,15})$", "10000";
    () SignedMinor, "^(0|-?[1-9][0-9]*)$", "-80803";
    (<const MIN: u64, const MAX: u64>) Count<MIN, MAX>, "^(0|[1-9][0-9]*)$", MIN.to_string();
}

impl<'de> Deserialize<'de> for Minor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Minor, D::Error> {
        deserializer.deserialize_any(Reader(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for MinorOrZero {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MinorOrZero, D::Error> {
        deserializer.deserialize_any(Reader(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for SignedMinor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SignedMinor, D::Error> {
        deserializer.deserialize_any(SignedReader)
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Count<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(std::marker::PhantomData))
    }
}
