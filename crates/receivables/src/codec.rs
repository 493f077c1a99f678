//! The canonical bytes of everything that is signed, hashed or stored: one value has exactly one form. Integers are
//! big-endian of fixed width, lists and texts carry a four-byte count, choices a one-byte tag. Also tells a value as
//! JSON, for people. Knows no value's meaning.

use std::fmt::Write as _;

/// Elements of one list: far above what any transaction needs, far below what hurts.
pub const LIST_MAX: usize = 4_096;
/// Bytes of one text.
pub const TEXT_MAX: usize = 256;

/// Why bytes are not a value's canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// The bytes end within a value.
    Short,
    /// Bytes follow the value.
    Long,
    /// A tag, flag or text that does not exist.
    Unknown,
    /// A list or text above its limit.
    TooMany,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Malformed::Short => "the bytes end within a value",
            Malformed::Long => "bytes follow the value",
            Malformed::Unknown => "an unknown tag, flag or text",
            Malformed::TooMany => "a list or text above its limit",
        })
    }
}

/// A value with one canonical form in bytes.
pub trait Codec: Sized {
    /// Appends the canonical bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Takes a value off the front.
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed>;
    /// Appends the value as JSON, for people and other languages.
    fn tell(&self, out: &mut String);

    /// The canonical bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// The value these bytes are, all of them.
    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut input = Reader { rest: bytes };
        let value = Self::read(&mut input)?;
        input.end()?;
        Ok(value)
    }

    /// The value as JSON text.
    fn json(&self) -> String {
        let mut out = String::new();
        self.tell(&mut out);
        out
    }
}

/// Bytes still to be read.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the first byte on.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// Refuses bytes that are left over.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::Long) }
    }
}

/// Small letters, two for each byte.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what [`hex`] writes, small letters only.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

macro_rules! integer {
    ($($type:ty),*) => {$(
        impl Codec for $type {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(<$type>::from_be_bytes(input.array()?))
            }
            fn tell(&self, out: &mut String) {
                let _ = write!(out, "{self}");
            }
        }
    )*};
}
integer!(u8, u16, u32, u64, u128);

impl Codec for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::read(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed::Unknown),
        }
    }
    fn tell(&self, out: &mut String) {
        let _ = write!(out, "{self}");
    }
}

impl Codec for () {
    fn write(&self, _: &mut Vec<u8>) {}
    fn read(_: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(())
    }
    fn tell(&self, out: &mut String) {
        out.push_str("null");
    }
}

impl<const N: usize> Codec for [u8; N] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        input.array()
    }
    fn tell(&self, out: &mut String) {
        let _ = write!(out, "\"{}\"", hex(self));
    }
}

impl<T: Codec> Codec for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(if bool::read(input)? { Some(T::read(input)?) } else { None })
    }
    fn tell(&self, out: &mut String) {
        match self {
            Some(value) => value.tell(out),
            None => out.push_str("null"),
        }
    }
}

/// What is seldom there is kept apart from what always is.
impl<T: Codec> Codec for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        T::read(input).map(Box::new)
    }
    fn tell(&self, out: &mut String) {
        (**self).tell(out);
    }
}

impl<T: Codec> Codec for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        count(self.len()).write(out);
        for value in self {
            value.write(out);
        }
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = u32::read(input)? as usize;
        if length > LIST_MAX {
            return Err(Malformed::TooMany);
        }
        (0..length).map(|_| T::read(input)).collect()
    }
    fn tell(&self, out: &mut String) {
        out.push('[');
        for (number, value) in self.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            value.tell(out);
        }
        out.push(']');
    }
}

impl Codec for String {
    fn write(&self, out: &mut Vec<u8>) {
        count(self.len()).write(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = u32::read(input)? as usize;
        if length > TEXT_MAX {
            return Err(Malformed::TooMany);
        }
        let text = std::str::from_utf8(input.take(length)?).map_err(|_| Malformed::Unknown)?;
        Ok(text.to_owned())
    }
    fn tell(&self, out: &mut String) {
        out.push('"');
        for letter in self.chars() {
            match letter {
                '"' | '\\' => out.extend(['\\', letter]),
                control if control < ' ' => {
                    let _ = write!(out, "\\u{:04x}", u32::from(control));
                }
                other => out.push(other),
            }
        }
        out.push('"');
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("nothing of four billion elements is ever built")
}

/// A struct whose canonical form is its fields in order.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl $crate::codec::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $($crate::codec::Codec::write(&self.$field, out);)*
            }
            fn read(
                input: &mut $crate::codec::Reader<'_>,
            ) -> Result<Self, $crate::codec::Malformed> {
                Ok($name { $($field: $crate::codec::Codec::read(input)?,)* })
            }
            fn tell(&self, out: &mut String) {
                let mut before = '{';
                $(
                    out.push(before);
                    out.push_str(concat!("\"", stringify!($field), "\":"));
                    $crate::codec::Codec::tell(&self.$field, out);
                    before = ',';
                )*
                let _ = before;
                out.push('}');
            }
        }
    };
}

/// An enum whose canonical form is a one-byte tag and what the variant holds.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $tag:literal = $variant:ident($type:ty),)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_meta])* $variant($type),)* }

        impl $name {
            /// The variant's tag, the first byte of its canonical form.
            pub fn tag(&self) -> u8 {
                match self { $($name::$variant(_) => $tag,)* }
            }

            /// The variant's name.
            pub fn name(&self) -> &'static str {
                match self { $($name::$variant(_) => stringify!($variant),)* }
            }
        }

        impl $crate::codec::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(self.tag());
                match self { $($name::$variant(value) => $crate::codec::Codec::write(value, out),)* }
            }
            fn read(
                input: &mut $crate::codec::Reader<'_>,
            ) -> Result<Self, $crate::codec::Malformed> {
                match <u8 as $crate::codec::Codec>::read(input)? {
                    $($tag => Ok($name::$variant($crate::codec::Codec::read(input)?)),)*
                    _ => Err($crate::codec::Malformed::Unknown),
                }
            }
            fn tell(&self, out: &mut String) {
                match self {
                    $($name::$variant(value) => {
                        out.push_str(concat!("{\"", stringify!($variant), "\":"));
                        $crate::codec::Codec::tell(value, out);
                        out.push('}');
                    })*
                }
            }
        }
    };
}

/// An enum without contents; its canonical form is one byte.
macro_rules! code {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $tag:literal = $variant:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }

        impl $name {
            /// All of them, in order of their codes.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The one-byte code.
            pub fn code(self) -> u8 {
                match self { $($name::$variant => $tag,)* }
            }

            /// The name.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant),)* }
            }
        }

        impl $crate::codec::Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(self.code());
            }
            fn read(
                input: &mut $crate::codec::Reader<'_>,
            ) -> Result<Self, $crate::codec::Malformed> {
                match <u8 as $crate::codec::Codec>::read(input)? {
                    $($tag => Ok($name::$variant),)*
                    _ => Err($crate::codec::Malformed::Unknown),
                }
            }
            fn tell(&self, out: &mut String) {
                out.push('"');
                out.push_str(self.name());
                out.push('"');
            }
        }
    };
}

pub(crate) use {choice, code, record};
