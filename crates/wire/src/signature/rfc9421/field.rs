//! Structured fields (RFC 9651), the part that signatures and digests need: dictionaries of items and inner lists, with
//! strings, tokens, integers, byte sequences and booleans. Stricter than the standard where two readers could differ:
//! a name that comes twice is refused, not overwritten. Knows nothing of signatures.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest field read, in bytes: four signatures with every component we know fit twice.
const LENGTH_MAX: usize = 8 * 1024;

/// Most members, items or parameters in one list.
const COUNT_MAX: usize = 64;

/// A bare item (RFC 9651 section 3.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::signature) enum Bare {
    Integer(i64),
    Text(String),
    Token(String),
    Bytes(Vec<u8>),
    Boolean(bool),
}

/// Parameters (RFC 9651 section 3.1.2), in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::signature) struct Parameters(pub(in crate::signature) Vec<(String, Bare)>);

impl Parameters {
    pub(in crate::signature) fn get(&self, name: &str) -> Option<&Bare> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// An inner list (RFC 9651 section 3.1.1).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::signature) struct InnerList {
    pub(in crate::signature) items: Vec<(Bare, Parameters)>,
    pub(in crate::signature) parameters: Parameters,
}

/// A member of a dictionary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::signature) enum Member {
    Item(Bare, Parameters),
    List(InnerList),
}

/// A dictionary (RFC 9651 section 3.2), in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::signature) struct Dictionary(Vec<(String, Member)>);

type Parsed<T> = Result<T, &'static str>;

impl Dictionary {
    /// Reads a whole field value.
    pub(in crate::signature) fn parse(text: &str) -> Parsed<Dictionary> {
        if text.len() > LENGTH_MAX {
            return Err("it is too long");
        }
        let mut reader = Reader(text.as_bytes());
        reader.skip(b" ");
        let mut members: Vec<(String, Member)> = Vec::new();
        while !reader.0.is_empty() {
            let name = reader.key()?;
            let member = if reader.eat(b'=') { reader.member()? } else { reader.bare_true()? };
            put(&mut members, name, member)?;
            reader.skip(b" \t");
            if reader.0.is_empty() {
                break;
            }
            if !reader.eat(b',') {
                return Err("a comma is missing between two members");
            }
            reader.skip(b" \t");
            if reader.0.is_empty() {
                return Err("it ends with a comma");
            }
        }
        Ok(Dictionary(members))
    }

    pub(in crate::signature) fn get(&self, name: &str) -> Option<&Member> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, member)| member)
    }

    pub(in crate::signature) fn iter(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.0.iter().map(|(name, member)| (name.as_str(), member))
    }
}

fn put<T>(list: &mut Vec<(String, T)>, name: String, value: T) -> Parsed<()> {
    if list.iter().any(|(known, _)| *known == name) {
        return Err("a name comes twice");
    }
    if list.len() >= COUNT_MAX {
        return Err("it has too many parts");
    }
    list.push((name, value));
    Ok(())
}

/// What is still unread.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn skip(&mut self, blanks: &[u8]) {
        while let [first, rest @ ..] = self.0 {
            if !blanks.contains(first) {
                break;
            }
            self.0 = rest;
        }
    }

    /// Everything up to the first byte that does not belong.
    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let end = self.0.iter().position(|byte| !belongs(*byte)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        run.iter().map(|byte| char::from(*byte)).collect()
    }

    fn key(&mut self) -> Parsed<String> {
        match self.0.first() {
            Some(b'a'..=b'z' | b'*') => {
                Ok(self.run(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*')))
            }
            _ => Err("a name does not begin with a small letter"),
        }
    }

    fn member(&mut self) -> Parsed<Member> {
        if self.eat(b'(') {
            return Ok(Member::List(self.inner_list()?));
        }
        Ok(Member::Item(self.bare()?, self.parameters()?))
    }

    fn bare_true(&mut self) -> Parsed<Member> {
        Ok(Member::Item(Bare::Boolean(true), self.parameters()?))
    }

    fn inner_list(&mut self) -> Parsed<InnerList> {
        let mut items = Vec::new();
        loop {
            self.skip(b" ");
            if self.eat(b')') {
                return Ok(InnerList { items, parameters: self.parameters()? });
            }
            if items.len() >= COUNT_MAX {
                return Err("it has too many parts");
            }
            items.push((self.bare()?, self.parameters()?));
            if !matches!(self.0.first(), Some(b' ' | b')')) {
                return Err("a list does not go on or end where it should");
            }
        }
    }

    fn parameters(&mut self) -> Parsed<Parameters> {
        let mut parameters = Vec::new();
        while self.eat(b';') {
            self.skip(b" ");
            let name = self.key()?;
            let value = if self.eat(b'=') { self.bare()? } else { Bare::Boolean(true) };
            put(&mut parameters, name, value)?;
        }
        Ok(Parameters(parameters))
    }

    fn bare(&mut self) -> Parsed<Bare> {
        match self.0.first() {
            Some(b'"') => self.text(),
            Some(b':') => self.bytes(),
            Some(b'?') => self.boolean(),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            Some(b'A'..=b'Z' | b'a'..=b'z' | b'*') => Ok(Bare::Token(self.run(is_token))),
            _ => Err("a value is of no kind that belongs here"),
        }
    }

    fn text(&mut self) -> Parsed<Bare> {
        let mut text = String::new();
        let mut rest = &self.0[1..];
        loop {
            match rest {
                [b'"', after @ ..] => {
                    self.0 = after;
                    return Ok(Bare::Text(text));
                }
                [b'\\', escaped @ (b'"' | b'\\'), after @ ..] => {
                    text.push(char::from(*escaped));
                    rest = after;
                }
                [plain @ (b' '..=b'!' | b'#'..=b'[' | b']'..=b'~'), after @ ..] => {
                    text.push(char::from(*plain));
                    rest = after;
                }
                _ => return Err("a string is not closed, or has a character that must not be in it"),
            }
        }
    }

    fn bytes(&mut self) -> Parsed<Bare> {
        self.0 = &self.0[1..];
        let base64 = self.run(|byte| byte != b':');
        if !self.eat(b':') {
            return Err("a byte sequence is not closed");
        }
        STANDARD.decode(base64).map(Bare::Bytes).map_err(|_| "a byte sequence is not base64")
    }

    fn boolean(&mut self) -> Parsed<Bare> {
        match self.0 {
            [b'?', digit @ (b'0' | b'1'), rest @ ..] => {
                self.0 = rest;
                Ok(Bare::Boolean(*digit == b'1'))
            }
            _ => Err("a boolean is neither ?0 nor ?1"),
        }
    }

    fn integer(&mut self) -> Parsed<Bare> {
        let negative = self.eat(b'-');
        let digits = self.run(|byte| byte.is_ascii_digit());
        if digits.is_empty() || digits.len() > 15 {
            return Err("an integer has no digits, or more than 15");
        }
        if self.0.first() == Some(&b'.') {
            return Err("a number is not an integer");
        }
        let number: i64 = digits.parse().expect("15 digits fit 64 bits");
        Ok(Bare::Integer(if negative { -number } else { number }))
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
}

impl Bare {
    /// Appends the canonical form (RFC 9651 section 4.1).
    pub(in crate::signature) fn write(&self, out: &mut String) {
        match self {
            Bare::Integer(number) => write!(out, "{number}").expect("a String takes everything"),
            Bare::Token(token) => out.push_str(token),
            Bare::Boolean(value) => out.push_str(if *value { "?1" } else { "?0" }),
            Bare::Bytes(bytes) => {
                out.push(':');
                STANDARD.encode_string(bytes, out);
                out.push(':');
            }
            Bare::Text(text) => {
                out.push('"');
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        out.push('\\');
                    }
                    out.push(character);
                }
                out.push('"');
            }
        }
    }
}

impl Parameters {
    /// Appends the canonical form.
    pub(in crate::signature) fn write(&self, out: &mut String) {
        for (name, value) in &self.0 {
            out.push(';');
            out.push_str(name);
            if *value != Bare::Boolean(true) {
                out.push('=');
                value.write(out);
            }
        }
    }
}

impl InnerList {
    /// Appends the canonical form.
    pub(in crate::signature) fn write(&self, out: &mut String) {
        out.push('(');
        for (index, (item, parameters)) in self.items.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            item.write(out);
            parameters.write(out);
        }
        out.push(')');
        self.parameters.write(out);
    }
}
