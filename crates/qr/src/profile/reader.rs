//! Reads one scheme's fields out of a code and notes what departs from that scheme's rules. Knows forms of values, no
//! particular scheme.

use crate::finding::{Finding, NationalRule, Rule, Severity};
use crate::merchant::{Code, Object, name};

use super::Scheme;

/// What a value of a scheme must look like; bounds count characters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Digits.
    Digits(usize, usize),
    /// Printable ASCII.
    Special(usize, usize),
    /// Anything.
    Text(usize, usize),
}

pub(super) struct Reader<'a> {
    pub(super) code: &'a Code,
    scheme: Scheme,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    /// Begins with what all schemes ask for: country, currency and version.
    pub(super) fn new(code: &'a Code, scheme: Scheme) -> Reader<'a> {
        let mut reader = Reader { code, scheme, findings: Vec::new() };
        if let Some((country, currencies)) = scheme.home() {
            reader.expect(58, NationalRule::Country, &[country]);
            reader.expect(53, NationalRule::Currency, currencies);
        }
        let versions: &[&str] = if scheme == Scheme::DuitNow { &["01", "02"] } else { &["01"] };
        reader.expect(0, NationalRule::Version, versions);
        reader
    }

    /// Notes an object of the root that is missing or holds none of `values`.
    fn expect(&mut self, id: u8, rule: NationalRule, values: &[&str]) {
        match self.code.object(id) {
            None => self.missing(id),
            Some(object) if values.iter().any(|value| value.eq_ignore_ascii_case(object.value())) => {}
            Some(object) => {
                let (what, expected) = (capital(name(id)), values.join(" or "));
                let message = format!(
                    "{what} must be {expected} in a {} code; ask your bank for a new code",
                    self.scheme
                );
                self.error(rule, object.at(), message);
            }
        }
    }

    /// Notes objects of the root that the scheme demands.
    pub(super) fn require(&mut self, ids: &[u8]) {
        for &id in ids {
            if self.code.object(id).is_none() {
                self.missing(id);
            }
        }
    }

    fn missing(&mut self, id: u8) {
        let message = format!(
            "{} (object {id:02}) is missing, which {} demands; add it",
            capital(name(id)),
            self.scheme
        );
        self.error(NationalRule::Presence, 0, message);
    }

    /// The value of object `id` inside `object`, if it is there and has the form.
    pub(super) fn optional(&mut self, object: Object<'a>, id: u8, what: &str, form: Form) -> Option<&'a str> {
        let field = object.object(id)?;
        if form.fits(field.value()) {
            return Some(field.value());
        }
        let message = format!("The {what} must be {form}, not “{}”; correct it", shortened(field.value()));
        self.error(NationalRule::Form, field.at(), message);
        None
    }

    /// The same, noting its absence.
    pub(super) fn required(&mut self, object: Object<'a>, id: u8, what: &str, form: Form) -> Option<&'a str> {
        if object.object(id).is_none() {
            let message = format!(
                "The {what} (object {id:02} inside {:02}) is missing; without it nobody can be paid",
                object.id()
            );
            self.error(NationalRule::Presence, object.at(), message);
            return None;
        }
        self.optional(object, id, what, form)
    }

    pub(super) fn error(&mut self, rule: NationalRule, at: usize, message: impl Into<String>) {
        self.note(Severity::Error, rule, at, message);
    }

    pub(super) fn warn(&mut self, rule: NationalRule, at: usize, message: impl Into<String>) {
        self.note(Severity::Warning, rule, at, message);
    }

    fn note(&mut self, severity: Severity, rule: NationalRule, at: usize, message: impl Into<String>) {
        let rule = Rule::National(self.scheme, rule);
        self.findings.push(Finding { severity, at, rule, message: message.into() });
    }
}

impl Form {
    pub(super) fn fits(self, value: &str) -> bool {
        let (low, high) = match self {
            Form::Digits(low, high) | Form::Special(low, high) | Form::Text(low, high) => (low, high),
        };
        let allowed = match self {
            Form::Digits(..) => value.bytes().all(|byte| byte.is_ascii_digit()),
            Form::Special(..) => value.bytes().all(|byte| (0x20..0x7F).contains(&byte)),
            Form::Text(..) => true,
        };
        allowed && (low..=high).contains(&value.chars().count())
    }
}

impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, low, high) = match *self {
            Form::Digits(low, high) => ("digits", low, high),
            Form::Special(low, high) | Form::Text(low, high) => ("characters", low, high),
        };
        if low == high { write!(f, "{low} {what}") } else { write!(f, "{low} to {high} {what}") }
    }
}

/// The first letter of a name in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// At most 40 characters of a value, so that a message stays readable.
pub(crate) fn shortened(value: &str) -> String {
    const SHOWN: usize = 40;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
