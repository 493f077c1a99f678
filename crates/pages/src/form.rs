//! A form as a browser sends it without a script (WHATWG URL, application/x-www-form-urlencoded). Bounded, strict, and
//! ignorant of what the fields mean.

use std::collections::BTreeMap;

use hop::Received;
use hyper::header::CONTENT_TYPE;

use crate::site::header;

const TYPE: &str = "application/x-www-form-urlencoded";
/// Fields of one form; the longest of ours has twenty.
const FIELDS_MAX: usize = 64;

/// The fields of a form by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads the body of a request, or says what is wrong with it.
    pub(crate) fn read(received: &Received) -> Result<Form, &'static str> {
        if header(&received.headers, CONTENT_TYPE).split(';').next().map(str::trim) != Some(TYPE) {
            return Err("the body is no form");
        }
        let text = std::str::from_utf8(&received.body).map_err(|_| "the form is not UTF-8")?;
        Form::parse(text)
    }

    /// Reads `name=value&…`.
    pub(crate) fn parse(text: &str) -> Result<Form, &'static str> {
        let mut fields = BTreeMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if fields.len() == FIELDS_MAX {
                return Err("the form has too many fields");
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let both = decoded(name).zip(decoded(value)).ok_or("the form is not percent-encoded UTF-8")?;
            if fields.insert(both.0, both.1).is_some() {
                return Err("the form names a field twice");
            }
        }
        Ok(Form(fields))
    }

    /// Every field, by name.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field without blanks around it; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map(|value| value.trim()).unwrap_or_default()
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
                bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
                rest = &rest[2..];
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_or_refused() {
        let check = |text: &str, expected: Result<&[(&str, &str)], &str>| {
            let pairs = |pairs: &[(&str, &str)]| {
                Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            };
            assert_eq!(Form::parse(text), expected.map(pairs), "{text}");
        };
        check("", Ok(&[]));
        check("a=1&b=two+words&c", Ok(&[("a", "1"), ("b", "two words"), ("c", "")]));
        check("a=%E6%A1%88&b=%26%3D", Ok(&[("a", "案"), ("b", "&=")]));
        check("a=%", Err("the form is not percent-encoded UTF-8"));
        check("a=%+1", Err("the form is not percent-encoded UTF-8"));
        check("a=%FF", Err("the form is not percent-encoded UTF-8"));
        check("a=1&a=2", Err("the form names a field twice"));
        check(&["a"; 3].join("&"), Err("the form names a field twice"));
        let many: Vec<String> = (0..=FIELDS_MAX).map(|n| format!("f{n}=x")).collect();
        check(&many.join("&"), Err("the form has too many fields"));
    }
}
