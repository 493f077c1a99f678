//! The `words!` macro: a closed set of words on the wire as an enum, with its reader, writer and schema. Knows no
//! particular set.

/// Describes a closed set of words. An unknown word is refused by name.
macro_rules! words {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident { $( $(#[doc = $word_doc:literal])+ $word:ident = $text:literal, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $( $(#[doc = $word_doc])+ $word, )+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$( $name::$word ),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( $name::$word => $text, )+ }
            }

            /// The value of a word; exactly as written, or `None`.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                match text { $( $text => Some($name::$word), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Reader;
                impl serde::de::Visitor<'_> for Reader {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::parse(text).ok_or_else(|| E::custom(concat!("is not one of" $(, " ", $text)+)))
                    }
                }
                deserializer.deserialize_str(Reader)
            }
        }

        impl $crate::body::Described for $name {
            fn describe(components: &mut std::collections::BTreeMap<&'static str, serde_json::Value>) -> serde_json::Value {
                let name = stringify!($name);
                components.entry(name).or_insert_with(|| {
                    let mut description = $crate::body::object::prose(&[$($doc),+]);
                    $( description += &format!("\n- `{}`: {}", $text, $crate::body::object::prose(&[$($word_doc),+])); )+
                    serde_json::json!({ "type": "string", "description": description, "enum": [$($text),+] })
                });
                serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
            }
        }
    };
}
