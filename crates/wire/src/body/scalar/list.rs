//! A list with a limit.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::body::Described;

/// At most `MAX` things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> List<T, MAX> {
    /// A list of at most `MAX` things; `None` for more.
    #[must_use]
    pub fn try_new(things: Vec<T>) -> Option<List<T, MAX>> {
        (things.len() <= MAX).then_some(List(things))
    }

    /// The first `MAX` of them.
    #[must_use]
    pub fn cut(things: impl IntoIterator<Item = T>) -> List<T, MAX> {
        List(things.into_iter().take(MAX).collect())
    }

    /// The things, by value.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T, const MAX: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for Reader<T, MAX> {
            type Value = List<T, MAX>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {MAX}")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T, MAX>, A::Error> {
                let mut things = Vec::new();
                while let Some(thing) = list.next_element()? {
                    if things.len() == MAX {
                        return Err(A::Error::custom(format_args!("is a list of more than {MAX}")));
                    }
                    things.push(thing);
                }
                Ok(List(things))
            }
        }
        deserializer.deserialize_seq(Reader(PhantomData))
    }
}

impl<T: Serialize, const MAX: usize> Serialize for List<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Described, const MAX: usize> Described for List<T, MAX> {
    fn describe(components: &mut BTreeMap<&'static str, Value>) -> Value {
        json!({ "type": "array", "maxItems": MAX, "items": T::describe(components) })
    }
}
