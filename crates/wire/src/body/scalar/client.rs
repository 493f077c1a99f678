//! A client id as a scalar of bodies.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use super::text::{Kind, Scalar};
use crate::body::Described;
use crate::key::ClientId;

impl Kind for ClientId {
    const EXPECTED: &'static str = "a client id";

    fn check(text: &str) -> Result<(), String> {
        match ClientId::parse(text) {
            Some(_) => Ok(()),
            None => Err("is not 1 to 64 letters, digits, '_' and '-'".to_owned()),
        }
    }

    fn describe() -> Value {
        json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$", "examples": ["wallet-ph"] })
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ClientId, D::Error> {
        let text = deserializer.deserialize_any(Scalar::<ClientId>(PhantomData))?;
        Ok(ClientId::parse(&text).expect("it was just checked"))
    }
}

impl Serialize for ClientId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Described for ClientId {
    fn describe(_: &mut BTreeMap<&'static str, Value>) -> Value {
        <ClientId as Kind>::describe()
    }
}
