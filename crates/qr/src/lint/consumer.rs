//! What can be said about a consumer-presented code: the dictionary, the order of templates, what a till needs.

use super::{Report, Value};
use crate::consumer::{AccountNumber, Code, Object, tag};
use crate::finding::{ConsumerRule, Finding, Rule, Severity};

/// What readers must be able to take, in bytes of the drawn text.
const SIZE: usize = 512;

pub(super) fn lint(text: &str, report: &mut Report) {
    let code = match Code::parse(text) {
        Ok(code) => code,
        Err(malformed) => return report.findings.push(malformed.into()),
    };
    let mut findings = Vec::new();
    if text.len() > SIZE {
        let message = format!(
            "The code has {} characters; some readers take only {SIZE}; leave out what is not needed",
            text.len()
        );
        findings.push(finding(Severity::Notice, 0, ConsumerRule::Size, message));
    }
    check_order(&code, &mut findings);
    for object in code.objects() {
        check_values(object, &mut findings);
    }
    for application in code.applications() {
        if application.account_number().is_none() {
            let message =
                "The application has neither an account number (5A) nor track 2 (57); nobody can be charged";
            findings.push(finding(
                Severity::Error,
                application.object().at(),
                ConsumerRule::AccountNumber,
                message,
            ));
        }
    }
    report.accepted = !findings.iter().any(|finding| finding.severity == Severity::Error);
    report.findings = findings;
    report.fields = fields(&code);
}

fn check_order(code: &Code, findings: &mut Vec<Finding>) {
    let mut others = false;
    for object in code.objects().skip(1) {
        match object.tag() {
            tag::APPLICATION | tag::COMMON if others => {
                let message =
                    "Application and common templates (61, 62) must come before all others; reorder them";
                findings.push(finding(Severity::Warning, object.at(), ConsumerRule::Order, message));
            }
            tag::APPLICATION | tag::COMMON => {}
            _ => others = true,
        }
    }
    let unnamed = code.objects().filter(|object| object.tag() == tag::APPLICATION).find(|object| {
        !object.value_of(tag::APPLICATION_NAME).is_some_and(|name| (5..=16).contains(&name.len()))
    });
    if let Some(object) = unnamed {
        let message = "An application template has no name (4F) of 5 to 16 bytes, so tills skip it; add it";
        findings.push(finding(Severity::Warning, object.at(), ConsumerRule::Application, message));
    }
}

/// Checks a value and the values inside by the dictionary.
fn check_values(object: Object<'_>, findings: &mut Vec<Finding>) {
    if let Some((what, allowed)) = departure(object.tag(), object.value()) {
        let message = format!("The {what} (tag {:X}) must be {allowed}; correct it", object.tag());
        findings.push(finding(Severity::Warning, object.at(), ConsumerRule::Value, message));
    }
    // Constructed tags nest only as deep as the scanner opens them.
    for inner in object.objects() {
        check_values(inner, findings);
    }
}

fn departure(tag: u32, value: &[u8]) -> Option<(&'static str, &'static str)> {
    let printable =
        |low, high| within(value, low, high) && value.iter().all(|byte| (0x20..0x7F).contains(byte));
    let letters = |low, high| within(value, low, high) && value.iter().all(u8::is_ascii_alphabetic);
    let numeric =
        |low, high| within(value, low, high) && value.iter().all(|byte| byte >> 4 < 10 && byte & 15 < 10);
    let (what, allowed, fits) = match tag {
        tag::LABEL => {
            let plain = value.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ');
            ("application label", "1 to 16 letters, digits and blanks", within(value, 1, 16) && plain)
        }
        tag::HOLDER_NAME => ("cardholder name", "2 to 26 printable characters", printable(2, 26)),
        tag::LANGUAGE => (
            "language preference",
            "1 to 4 languages of two letters",
            letters(2, 8) && value.len().is_multiple_of(2),
        ),
        tag::ISSUER_LINK => {
            let known = value.starts_with(b"tel:") || value.starts_with(b"mailto:");
            ("issuer link", "a tel: or mailto: link", known && printable(5, 255))
        }
        tag::VERSION => ("application version", "2 bytes", within(value, 2, 2)),
        tag::TOKEN_REQUESTOR => ("token requestor", "12 digits in 6 bytes", numeric(6, 6)),
        tag::ACCOUNT_REFERENCE => {
            let plain = value.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            ("payment account reference", "29 capital letters and digits", within(value, 29, 29) && plain)
        }
        tag::LAST_DIGITS => ("last four digits", "4 digits in 2 bytes", numeric(2, 2)),
        tag::CRYPTOGRAM => ("cryptogram", "8 bytes", within(value, 8, 8)),
        tag::COUNTER => ("transaction counter", "2 bytes", within(value, 2, 2)),
        tag::UNPREDICTABLE => ("unpredictable number", "4 bytes", within(value, 4, 4)),
        tag::ISSUER_DATA => ("issuer data", "1 to 32 bytes", within(value, 1, 32)),
        _ => return None,
    };
    (!fits).then_some((what, allowed))
}

fn within(value: &[u8], low: usize, high: usize) -> bool {
    (low..=high).contains(&value.len())
}

fn finding(severity: Severity, at: usize, rule: ConsumerRule, message: impl Into<String>) -> Finding {
    Finding { severity, at, rule: Rule::Consumer(rule), message: message.into() }
}

/// Names, labels and the shape of account numbers; never the numbers themselves.
fn fields(code: &Code) -> Vec<(&'static str, Value)> {
    let applications = code.applications().map(|application| {
        let name = application.name().iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let mut fields = vec![("name", name)];
        fields.extend(application.label().map(|label| ("label", label.to_owned())));
        fields.extend(application.account_number().map(|number| ("account_number", masked(number))));
        Value::map(fields)
    });
    let bytes = u64::try_from(code.as_bytes().len()).unwrap_or(u64::MAX);
    vec![
        ("version", Value::text("CPV01")),
        ("bytes", Value::Number(bytes)),
        ("applications", Value::List(applications.collect())),
    ]
}

/// First six and last four digits, as receipts may show them.
fn masked(number: AccountNumber) -> String {
    let digits = number.digits();
    if digits.len() < 13 {
        return "*".repeat(digits.len());
    }
    format!("{}{}{}", &digits[..6], "*".repeat(digits.len() - 10), &digits[digits.len() - 4..])
}
