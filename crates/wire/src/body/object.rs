//! The `object!` macro: one description of a JSON object gives the struct, its reader, its writer and its schema, so
//! that the published schema cannot differ from what is read. Knows no particular body.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

/// Schemas by name, as an OpenAPI document collects them.
type Components = BTreeMap<&'static str, Value>;

/// A type that can say what it looks like in JSON.
pub trait Described {
    /// Its JSON Schema (2020-12), or a reference to it after adding it to `components`.
    fn describe(components: &mut BTreeMap<&'static str, Value>) -> Value;
}

impl<T: Described> Described for Option<T> {
    fn describe(components: &mut Components) -> Value {
        T::describe(components)
    }
}

/// Reads a field name as one of those known; `""` for any other.
pub(super) struct Known(pub(super) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Known {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Known {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<&'static str, E> {
        Ok(self.0.iter().find(|known| **known == name).copied().unwrap_or(""))
    }
}

/// Takes the value of a field into its place, once.
pub(super) fn take<'de, T, A>(map: &mut A, name: &'static str, place: &mut Option<T>) -> Result<(), A::Error>
where
    T: serde::Deserialize<'de>,
    A: MapAccess<'de>,
{
    if place.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *place = Some(map.next_value()?);
    Ok(())
}

/// The value of a field that would change what is paid, or by whom, in a way that this network does not offer. Null and
/// false ask for nothing and are accepted.
pub(super) struct Nothing;

impl<'de> serde::Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Nothing, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null | Value::Bool(false) => Ok(Nothing),
            Value::String(text) if text == "false" => Ok(Nothing),
            _ => Err(D::Error::custom("is not offered here and would change what is paid: leave it out")),
        }
    }
}

/// Describes a JSON object: fields it must have, fields it may have, and (optionally) fields it refuses unless they are
/// null or false. `new` takes what it must have, in order. Objects are read from JSON objects only, and no field twice.
macro_rules! object {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            must { $( $(#[doc = $must_doc:literal])+ $must:ident $must_name:literal : $must_type:ty, )* }
            may { $( $(#[doc = $may_doc:literal])+ $may:ident $may_name:literal : $may_type:ty, )* }
            $( refuse { $( $refused:literal, )* } )?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name {
            $( $(#[doc = $must_doc])+ pub $must: $must_type, )*
            $( $(#[doc = $may_doc])+ pub $may: Option<$may_type>, )*
        }

        impl $name {
            /// One with only the fields that it must have.
            #[must_use]
            #[allow(clippy::too_many_arguments, clippy::new_without_default)]
            pub fn new($( $must: $must_type ),*) -> $name {
                $name { $( $must, )* $( $may: None, )* }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $( map.serialize_entry($must_name, &self.$must)?; )*
                $( if let Some(value) = &self.$may { map.serialize_entry($may_name, value)?; } )*
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Reader;
                impl<'de> serde::de::Visitor<'de> for Reader {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    #[allow(unused_mut, unused_variables)]
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        const NAMES: &[&str] =
                            &[$( $must_name, )* $( $may_name, )* $( $( $refused, )* )?];
                        $( let mut $must: Option<$must_type> = None; )*
                        $( let mut $may: Option<Option<$may_type>> = None; )*
                        while let Some(name) = map.next_key_seed($crate::body::object::Known(NAMES))? {
                            match name {
                                $( $must_name => $crate::body::object::take(&mut map, name, &mut $must)?, )*
                                $( $may_name => $crate::body::object::take(&mut map, name, &mut $may)?, )*
                                $( $( $refused => { map.next_value::<$crate::body::object::Nothing>()?; } )* )?
                                _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                            }
                        }
                        Ok($name {
                            $( $must: $must.ok_or_else(|| <A::Error as serde::de::Error>::missing_field($must_name))?, )*
                            $( $may: $may.flatten(), )*
                        })
                    }
                }
                deserializer.deserialize_map(Reader)
            }
        }

        impl $crate::body::Described for $name {
            fn describe(components: &mut std::collections::BTreeMap<&'static str, serde_json::Value>) -> serde_json::Value {
                let name = stringify!($name);
                if !components.contains_key(name) {
                    // Its own name first, so that a type that contains itself comes to an end.
                    components.insert(name, serde_json::Value::Null);
                    #[allow(unused_mut)]
                    let mut properties = serde_json::Map::new();
                    $( properties.insert($must_name.to_owned(), $crate::body::object::property(
                        <$must_type as $crate::body::Described>::describe(components), &[$($must_doc),+])); )*
                    $( properties.insert($may_name.to_owned(), $crate::body::object::property(
                        <$may_type as $crate::body::Described>::describe(components), &[$($may_doc),+])); )*
                    let schema = $crate::body::object::schema(
                        &[$($doc),+], properties, &[$( $must_name ),*], &[$( $( $refused ),* )?]);
                    components.insert(name, schema);
                }
                serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
            }
        }
    };
}

/// Joins the lines of a doc comment.
pub(super) fn prose(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// A property: its schema with its description beside it.
pub(super) fn property(mut schema: Value, doc: &[&str]) -> Value {
    schema["description"] = prose(doc).into();
    schema
}

/// The schema of an object.
pub(super) fn schema(
    doc: &[&str],
    properties: serde_json::Map<String, Value>,
    required: &[&str],
    refused: &[&str],
) -> Value {
    let mut description = prose(doc);
    if !refused.is_empty() {
        description += &format!(
            " Refused unless null or false, because they would change what is paid: {}.",
            refused.join(", ")
        );
    }
    let mut schema =
        serde_json::json!({ "type": "object", "description": description, "properties": properties });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}
