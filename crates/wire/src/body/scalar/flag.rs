//! Yes or no, in the two forms that the contract writes.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::text::{Kind, Scalar};
use crate::body::Described;

/// A yes or no. Written as a string, read as a string or a JSON boolean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flag(pub bool);

/// A yes or no where the official clients read a JSON boolean: written as one, read as a string too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Truth(pub bool);

struct YesOrNo;

impl Kind for YesOrNo {
    const EXPECTED: &'static str = "\"true\" or \"false\"";

    fn check(text: &str) -> Result<(), String> {
        if matches!(text, "true" | "false") {
            Ok(())
        } else {
            Err("is neither \"true\" nor \"false\"".to_owned())
        }
    }

    fn describe() -> Value {
        json!({ "type": "string", "enum": ["true", "false"] })
    }
}

fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(&*deserializer.deserialize_any(Scalar::<YesOrNo>(PhantomData))? == "true")
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Flag, D::Error> {
        yes_or_no(deserializer).map(Flag)
    }
}

impl<'de> Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Truth, D::Error> {
        yes_or_no(deserializer).map(Truth)
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0 { "true" } else { "false" })
    }
}

impl Serialize for Truth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.0)
    }
}

impl Described for Flag {
    fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
        YesOrNo::describe()
    }
}

impl Described for Truth {
    fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
        json!({ "type": "boolean" })
    }
}
