//! Text of limited length, ids, addresses and short codes.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::body::Described;

/// A kind of text: what it may contain. The reason is the rest of a sentence.
pub(in crate::body) trait Kind {
    const EXPECTED: &'static str;
    fn check(text: &str) -> Result<(), String>;
    fn describe() -> Value;
}

/// Reads text of a kind; booleans and whole numbers are taken as their text.
pub(in crate::body) struct Scalar<K>(pub(in crate::body) PhantomData<K>);

impl<K: Kind> Visitor<'_> for Scalar<K> {
    type Value = Box<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Box<str>, E> {
        if text.is_empty() {
            return Err(E::custom("is empty: leave it out or send null"));
        }
        K::check(text).map_err(E::custom)?;
        Ok(text.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Box<str>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Box<str>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Box<str>, E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Box<str>, E> {
        Err(E::custom("is a number with a point, which not everybody reads alike: send it as a string"))
    }
}

/// Text of at most `MAX` characters, without control characters other than tabs and line ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Text<const MAX: usize>(Box<str>);

/// An id of at most `MAX` characters of visible ASCII, without blanks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id<const MAX: usize>(Box<str>);

/// An absolute `http` or `https` URL of at most 2,048 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Url(Box<str>);

/// Two capital letters (ISO 3166-1 alpha-2). Whether there is such a country is not known here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Region(Box<str>);

/// Four digits: a merchant category code (ISO 18245).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Category(Box<str>);

/// Six digits of which the first is not 0: what a wallet's payment codes begin with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CodePrefix(Box<str>);

/// A share in percent with at most four decimals, 0 to 100: `0.60`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Percent(Box<str>);

fn length(text: &str, max: usize) -> Result<(), String> {
    if text.chars().count() > max { Err(format!("is longer than {max} characters")) } else { Ok(()) }
}

impl<const MAX: usize> Kind for Text<MAX> {
    const EXPECTED: &'static str = "a string";

    fn check(text: &str) -> Result<(), String> {
        length(text, MAX)?;
        let control = |character: char| character.is_control() && !matches!(character, '\t' | '\n' | '\r');
        if text.contains(control) { Err("has a control character".to_owned()) } else { Ok(()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "minLength": 1, "maxLength": MAX })
    }
}

impl<const MAX: usize> Kind for Id<MAX> {
    const EXPECTED: &'static str = "a string";

    fn check(text: &str) -> Result<(), String> {
        length(text, MAX)?;
        let good = text.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(()) } else { Err("has a blank or a character outside ASCII".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "minLength": 1, "maxLength": MAX, "pattern": "^[!-~]+$" })
    }
}

impl Kind for Url {
    const EXPECTED: &'static str = "a URL";

    fn check(text: &str) -> Result<(), String> {
        length(text, 2048)?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let good = host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(()) } else { Err("is not an absolute http or https URL".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "format": "uri", "maxLength": 2048, "pattern": "^https?://[!-~]+$" })
    }
}

impl Kind for Region {
    const EXPECTED: &'static str = "two capital letters";

    fn check(text: &str) -> Result<(), String> {
        let good = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if good { Ok(()) } else { Err("is not two capital letters (ISO 3166-1)".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[A-Z]{2}$", "examples": ["CN"] })
    }
}

impl Kind for Category {
    const EXPECTED: &'static str = "four digits";

    fn check(text: &str) -> Result<(), String> {
        let good = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if good { Ok(()) } else { Err("is not four digits (ISO 18245)".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[0-9]{4}$", "examples": ["5411"] })
    }
}

impl Kind for CodePrefix {
    const EXPECTED: &'static str = "six digits";

    fn check(text: &str) -> Result<(), String> {
        let good =
            text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        if good { Ok(()) } else { Err("is not six digits of which the first is not 0".to_owned()) }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[1-9][0-9]{5}$", "examples": ["281001"] })
    }
}

impl Kind for Percent {
    const EXPECTED: &'static str = "a percentage as a string";

    fn check(text: &str) -> Result<(), String> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err("is not digits with at most one point".to_owned());
        }
        if decimals.len() > 4 {
            return Err("has more than four decimals".to_owned());
        }
        let nothing_behind = decimals.bytes().all(|digit| digit == b'0');
        let small = whole.len() <= 2 && (whole.len() == 1 || !whole.starts_with('0'));
        if small || whole == "100" && nothing_behind {
            Ok(())
        } else {
            Err("is not from 0 to 100".to_owned())
        }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,4})?$", "examples": ["0.60"] })
    }
}

macro_rules! texts {
    ($( $name:ident $( < const $max:ident > )? ),+) => { $(
        impl $( <const $max: usize> )? $name $( <$max> )? {
            /// Checks a text; the error is the rest of a sentence that begins with the field's name.
            pub fn try_new(text: impl Into<String>) -> Result<Self, String> {
                let text = text.into();
                if text.is_empty() {
                    return Err("is empty".to_owned());
                }
                <Self as Kind>::check(&text)?;
                Ok($name(text.into_boxed_str()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $( <const $max: usize> )? Deref for $name $( <$max> )? {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl $( <const $max: usize> )? fmt::Display for $name $( <$max> )? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $( <const $max: usize> )? Serialize for $name $( <$max> )? {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de $( , const $max: usize )?> Deserialize<'de> for $name $( <$max> )? {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok($name(deserializer.deserialize_any(Scalar::<Self>(PhantomData))?))
            }
        }

        impl $( <const $max: usize> )? Described for $name $( <$max> )? {
            fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
                <Self as Kind>::describe()
            }
        }
    )+ };
}

texts!(Text<const MAX>, Id<const MAX>, Url, Region, Category, CodePrefix, Percent);

impl<const MAX: usize> Text<MAX> {
    /// As much of a text as fits, with control characters as blanks; a lone dash for an empty one.
    #[must_use]
    pub fn cut(text: &str) -> Text<MAX> {
        let clean = text.chars().map(|character| if character.is_control() { ' ' } else { character });
        let fitting: String = clean.take(MAX).collect();
        Text(if fitting.is_empty() { "-".into() } else { fitting.into_boxed_str() })
    }
}
