//! An instant, read and written as ISO 8601.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::text::{Kind, Scalar};
use crate::body::Described;
use crate::time;

/// An instant in unix milliseconds, ISO 8601 with an offset on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub u64);

impl Kind for Instant {
    const EXPECTED: &'static str = "an ISO 8601 instant";

    fn check(text: &str) -> Result<(), String> {
        match time::parse_iso(text) {
            Some(_) => Ok(()),
            None => Err("is not ISO 8601 with an offset, like 2026-11-22T10:00:00+08:00".to_owned()),
        }
    }

    fn describe() -> Value {
        json!({ "type": "string", "format": "date-time", "examples": ["2026-11-22T10:00:00+08:00"] })
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = deserializer.deserialize_any(Scalar::<Instant>(PhantomData))?;
        Ok(Instant(time::parse_iso(&text).expect("it was just checked")))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time::write_iso(self.0))
    }
}

impl Described for Instant {
    fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
        <Instant as Kind>::describe()
    }
}
