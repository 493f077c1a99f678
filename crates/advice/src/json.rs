//! JSON with one spelling for each value, so that records can be hashed and compared byte for byte. It reads
//! strictly within limits and knows no meaning of what it carries.

use std::collections::BTreeMap;

mod read;

/// A JSON value. Whole numbers stay exact; object keys are written in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, exact.
    Whole(i64),
    /// Any other number; one that is not finite is written as `null`.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads one document (RFC 8259): at most 64 levels deep, no duplicate keys, nothing after it.
    pub fn parse(text: &str) -> Result<Json, crate::Refusal> {
        read::document(text)
    }

    /// The canonical spelling: keys ascending, no blanks, shortest number that reads back the same.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None, 0);
        out
    }

    /// The same value spread over lines for people.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(2), 0);
        out.push('\n');
        out
    }

    /// An object from pairs; a repeated key keeps the last value.
    pub fn object<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Json)>) -> Json {
        Json::Object(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A string value.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// An array of numbers.
    pub fn numbers(values: &[f64]) -> Json {
        Json::List(values.iter().map(|v| Json::Number(*v)).collect())
    }

    /// An array of strings.
    pub fn texts<T: AsRef<str>>(values: &[T]) -> Json {
        Json::List(values.iter().map(|v| Json::text(v.as_ref())).collect())
    }

    /// The member of an object, if this is one and has it and it is not null.
    pub fn member(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.get(key).filter(|value| **value != Json::Null),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number, if it is one.
    pub fn as_whole(&self) -> Option<i64> {
        if let Json::Whole(value) = self { Some(*value) } else { None }
    }

    /// The number, whole or not, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Json::Number(value) => Some(*value),
            Json::Whole(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(value) = self { Some(*value) } else { None }
    }

    /// The elements, empty if this is no array.
    pub fn elements(&self) -> &[Json] {
        if let Json::List(list) = self { list } else { &[] }
    }

    fn write(&self, out: &mut String, indent: Option<usize>, level: usize) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Whole(value) => out.push_str(&value.to_string()),
            Json::Number(value) => write_number(*value, out),
            Json::Text(text) => write_text(text, out),
            Json::List(list) => {
                // A flat list of scalars stays on one line even when spread.
                let flat = list.iter().all(|v| !matches!(v, Json::List(_) | Json::Object(_)));
                let inner = if flat { None } else { indent };
                out.push('[');
                for (place, value) in list.iter().enumerate() {
                    separate(out, place, inner, level + 1);
                    value.write(out, inner, level + 1);
                }
                close(out, ']', list.is_empty(), inner, level);
            }
            Json::Object(members) => {
                out.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    separate(out, place, indent, level + 1);
                    write_text(key, out);
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    value.write(out, indent, level + 1);
                }
                close(out, '}', members.is_empty(), indent, level);
            }
        }
    }
}

fn separate(out: &mut String, place: usize, indent: Option<usize>, level: usize) {
    if place > 0 {
        out.push(',');
    }
    if let Some(width) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
}

fn close(out: &mut String, bracket: char, empty: bool, indent: Option<usize>, level: usize) {
    if let (Some(width), false) = (indent, empty) {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
    out.push(bracket);
}

fn write_number(value: f64, out: &mut String) {
    if !value.is_finite() {
        out.push_str("null");
    } else if value == 0.0 {
        out.push_str("0.0");
    } else if (1e-5..1e17).contains(&value.abs()) {
        out.push_str(&format!("{value:?}"));
    } else {
        out.push_str(&format!("{value:e}"));
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
