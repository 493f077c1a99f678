//! Reading a body field by field: what is missing, of the wrong kind, out of range or unknown is named.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::{Code, Json, Refusal};

/// Amounts are minor units up to this.
pub(crate) const AMOUNT_MAX: i64 = 1 << 50;
/// Longest text taken.
const TEXT_MAX: usize = 4_000;
/// Longest name of a user, product, model or person.
const NAME_MAX: usize = 64;

/// The members of one object.
pub(crate) struct Fields<'a> {
    what: &'static str,
    members: &'a BTreeMap<String, Json>,
}

impl<'a> Fields<'a> {
    /// An object that has no other members than these.
    pub(crate) fn of(json: &'a Json, what: &'static str, known: &[&str]) -> Result<Fields<'a>, Refusal> {
        let Json::Object(members) = json else {
            return Err(Refusal::new(Code::MalformedTable, what, "An object is expected."));
        };
        let fields = Fields { what, members };
        match members.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(fields.refuse(&format!("no field {key}; it knows {}", known.join(", ")))),
            None => Ok(fields),
        }
    }

    pub(crate) fn refuse(&self, what: &str) -> Refusal {
        Refusal::new(Code::MalformedTable, self.what, format!("The {} has {what}.", self.what))
    }

    pub(crate) fn optional(&self, key: &str) -> Option<&'a Json> {
        self.members.get(key).filter(|value| **value != Json::Null)
    }

    fn needed(&self, key: &str) -> Result<&'a Json, Refusal> {
        self.optional(key).ok_or_else(|| self.refuse(&format!("no {key}")))
    }

    pub(crate) fn object(&self, key: &str) -> Result<&'a BTreeMap<String, Json>, Refusal> {
        match self.needed(key)? {
            Json::Object(members) => Ok(members),
            _ => Err(self.refuse(&format!("a {key} that is no object"))),
        }
    }

    pub(crate) fn text(&self, key: &str) -> Result<&'a str, Refusal> {
        let text = self.needed(key)?.as_text().filter(|text| text.len() <= TEXT_MAX);
        text.ok_or_else(|| self.refuse(&format!("a {key} that is no text of up to {TEXT_MAX} bytes")))
    }

    pub(crate) fn optional_text(&self, key: &str) -> Result<Option<&'a str>, Refusal> {
        self.optional(key).map(|_| self.text(key)).transpose()
    }

    /// A name: letters, digits, `-`, `_`, `.`, `:` and `@`.
    pub(crate) fn name(&self, key: &str) -> Result<&'a str, Refusal> {
        let text = self.text(key)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:@".contains(c);
        let fits = !text.is_empty() && text.len() <= NAME_MAX && text.chars().all(plain);
        fits.then_some(text).ok_or_else(|| {
            self.refuse(&format!("a {key} that is not 1 to {NAME_MAX} letters, digits, - _ . : or @"))
        })
    }

    pub(crate) fn names(&self, key: &str) -> Result<Vec<String>, Refusal> {
        let Some(value) = self.optional(key) else { return Ok(Vec::new()) };
        let Json::List(list) = value else { return Err(self.refuse(&format!("a {key} that is no list"))) };
        let name = |value: &Json| {
            let text = value.as_text().filter(|t| !t.is_empty() && t.len() <= NAME_MAX);
            text.map(str::to_owned).ok_or_else(|| self.refuse(&format!("something else than names in {key}")))
        };
        list.iter().map(name).collect()
    }

    pub(crate) fn whole(&self, key: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
        let value = self.needed(key)?;
        // Queries are text.
        let number = value.as_whole().or_else(|| value.as_text().and_then(|text| text.parse().ok()));
        let number = number.ok_or_else(|| self.refuse(&format!("a {key} that is no whole number")))?;
        if range.contains(&number) {
            return Ok(number);
        }
        let nearest = number.clamp(*range.start(), *range.end());
        let message = format!("{key} is between {} and {}.", range.start(), range.end());
        Err(Refusal::new(Code::OutOfRange, key, message)
            .found(nearest as f64, number as f64)
            .nearest(nearest as f64))
    }

    pub(crate) fn optional_whole(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, Refusal> {
        self.optional(key).map(|_| self.whole(key, range)).transpose()
    }

    pub(crate) fn amount(&self, key: &str) -> Result<i64, Refusal> {
        self.whole(key, 0..=AMOUNT_MAX)
    }

    pub(crate) fn truth(&self, key: &str) -> Result<bool, Refusal> {
        let Some(value) = self.optional(key) else { return Ok(false) };
        value.as_bool().ok_or_else(|| self.refuse(&format!("a {key} that is neither true nor false")))
    }

    pub(crate) fn day(&self, key: &str) -> Result<Day, Refusal> {
        Day::parse(self.text(key)?)
            .ok_or_else(|| self.refuse(&format!("a {key} that is no date like 2026-05-31")))
    }
}

/// A refusal that there is nothing of this name. It says the same whether it belongs to somebody else or to nobody.
pub(crate) fn not_known(what: &str, name: &str) -> Refusal {
    Refusal::new(Code::NotKnown, what, format!("There is no {what} {name:?} here."))
}
