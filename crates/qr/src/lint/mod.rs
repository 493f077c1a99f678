//! The linter: everything that can be said about a presented text, never failing on any. Knows no clock; the caller
//! says what time it is.

mod consumer;
mod country;
mod json;
mod merchant;
mod payment_code;
mod structure;
mod template;

use crate::finding::{Finding, LinkRule, Rule, Severity};
use crate::link::{Content, Link};
use crate::presented::Kind;
use crate::profile::Scheme;
use crate::{Defect, LONGEST_BYTES, Malformed};

/// What is known beside the code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// Seconds since 1970; without it nothing is expired.
    pub now: Option<i64>,
}

/// Everything said about one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The text, with replacement characters where it was not UTF-8.
    pub input: String,
    /// What it claims to be.
    pub kind: ReportKind,
    /// Whether it can be paid: by the standard, or by the rules of a scheme it carries.
    pub accepted: bool,
    /// Whether it follows the standard of its kind to the letter.
    pub strict: bool,
    /// The schemes it carries, in the order of their accounts.
    pub profiles: Vec<Scheme>,
    /// What it says, by name.
    pub fields: Vec<(&'static str, Value)>,
    /// What departs from a rule, by place, gravest first.
    pub findings: Vec<Finding>,
}

/// The kinds of text a report tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// EMVCo merchant-presented.
    Merchant,
    /// EMVCo consumer-presented.
    Consumer,
    /// Digits.
    PaymentCode,
    /// A link.
    Link,
    /// Anything else.
    Unknown,
}

impl ReportKind {
    /// The word for it: `mpm`, `cpm`, `payment_code`, `url` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            ReportKind::Merchant => "mpm",
            ReportKind::Consumer => "cpm",
            ReportKind::PaymentCode => "payment_code",
            ReportKind::Link => "url",
            ReportKind::Unknown => "unknown",
        }
    }
}

/// A field of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Several values.
    List(Vec<Value>),
    /// Values by name.
    Map(Vec<(String, Value)>),
}

impl Value {
    fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    fn map(fields: Vec<(&'static str, String)>) -> Value {
        Value::Map(fields.into_iter().map(|(name, text)| (name.to_owned(), Value::Text(text))).collect())
    }
}

/// Says everything about a text.
///
/// ```
/// use qr::lint::{Context, lint};
/// let report = lint("00020101021126190015org.example.pay6304F706", &Context::default());
/// assert!(!report.accepted);
/// assert!(report.findings.iter().any(|finding| finding.rule.to_string() == "EMVCo MPM 4.2.1.1"));
/// assert!(report.to_json().starts_with(r#"{"input":"00020101021126190015org.example.pay6304F706","kind":"mpm""#));
/// ```
pub fn lint(text: &str, context: &Context) -> Report {
    let mut report = Report {
        input: text.to_owned(),
        kind: ReportKind::Unknown,
        accepted: false,
        strict: false,
        profiles: Vec::new(),
        fields: Vec::new(),
        findings: Vec::new(),
    };
    if text.is_empty() {
        report.findings.push(Malformed::new(0, Defect::Empty).into());
    } else if text.len() > LONGEST_BYTES {
        report.kind = kind(Kind::of(text));
        report.findings.push(Malformed::new(0, Defect::TooLong { longest: LONGEST_BYTES }).into());
    } else {
        report.kind = kind(Kind::of(text));
        match report.kind {
            ReportKind::Merchant => merchant::lint(text, context, &mut report),
            ReportKind::Consumer => consumer::lint(text, &mut report),
            ReportKind::PaymentCode => payment_code::lint(text, &mut report),
            ReportKind::Link => lint_link(text, &mut report),
            ReportKind::Unknown => report.findings.push(Malformed::new(0, Defect::Unrecognised).into()),
        }
    }
    report.findings.sort_by_key(|finding| (finding.at, std::cmp::Reverse(finding.severity)));
    report.strict = report.accepted && !report.findings.iter().any(departs);
    report
}

/// Says everything about bytes that may not be text.
pub fn lint_bytes(bytes: &[u8], context: &Context) -> Report {
    let wrong = match std::str::from_utf8(bytes) {
        Ok(text) => return lint(text, context),
        Err(wrong) => wrong,
    };
    let valid = String::from_utf8_lossy(&bytes[..wrong.valid_up_to()]).chars().count();
    // A replacement character has three bytes, so the text may have grown beyond what is looked at.
    let mut report = lint(&String::from_utf8_lossy(bytes), context);
    report.accepted = false;
    report.strict = false;
    let message = "The code is not in UTF-8, so wallets read it differently; have it made again in UTF-8";
    let finding =
        Finding { severity: Severity::Error, at: valid, rule: Rule::Encoding, message: message.to_owned() };
    report.findings.insert(0, finding);
    report.findings.sort_by_key(|finding| (finding.at, std::cmp::Reverse(finding.severity)));
    report
}

/// Whether a finding is a departure from the standard itself.
fn departs(finding: &Finding) -> bool {
    finding.severity >= Severity::Warning
        && !matches!(finding.rule, Rule::National(scheme, _) if scheme != Scheme::Upi)
}

fn kind(kind: Kind) -> ReportKind {
    match kind {
        Kind::Merchant => ReportKind::Merchant,
        Kind::Consumer => ReportKind::Consumer,
        Kind::Payment => ReportKind::PaymentCode,
        Kind::Link => ReportKind::Link,
        Kind::Unknown => ReportKind::Unknown,
    }
}

fn lint_link(text: &str, report: &mut Report) {
    let link = match Link::parse(text) {
        Ok(link) => link,
        Err(malformed) => {
            let message = structure::sentence(malformed.defect);
            let rule = Rule::Link(LinkRule::Form);
            return report.findings.push(Finding {
                severity: Severity::Error,
                at: malformed.at,
                rule,
                message,
            });
        }
    };
    let (content, findings) = link.read();
    report.findings.extend(findings);
    report.fields.push(("scheme", Value::text(link.scheme())));
    report.fields.push(("host", Value::text(link.host())));
    report.profiles.extend(content.scheme());
    match content {
        Content::Upi(upi) => report.fields.push(("upi", Value::map(upi.fields()))),
        Content::AlipayOrder { acquirer } => report.fields.push(("acquirer", Value::text(acquirer))),
        Content::AlipayPayload(payload) => {
            let objects = payload.objects.into_iter().map(|object| (object.id, Value::Text(object.value)));
            report.fields.push(("payload", Value::Map(objects.collect())));
        }
        Content::Other => {}
    }
    report.accepted = !report.findings.iter().any(|finding| finding.severity == Severity::Error);
}

#[cfg(test)]
mod tests;
