//! What can be said about a payment code without knowing who issued it.

use super::{Report, Value};
use crate::finding::{Finding, PaymentCodeRule, Rule, Severity};
use crate::profile::Scheme;
use crate::{Form, PaymentCode};

pub(super) fn lint(text: &str, report: &mut Report) {
    let code = match PaymentCode::parse(text) {
        Ok(code) => code,
        Err(malformed) => return report.findings.push(malformed.into()),
    };
    report.accepted = true;
    match code.form() {
        Form::Issued { issuer, unique } => {
            report.profiles.push(Scheme::AlipayPlus);
            report.fields.push(("issuer", Value::text(issuer.to_string())));
            report.fields.push(("business", Value::text("02")));
            report.fields.push(("unique", Value::text(format!("{unique:016}"))));
        }
        Form::Legacy => {
            report.fields.push(("digits", Value::Number(u64::try_from(text.len()).unwrap_or(u64::MAX))));
            if is_legacy_pattern(text) {
                report.profiles.push(Scheme::AlipayPlus);
            }
        }
    }
    report.findings.extend(departure(text, code.form()));
}

fn departure(text: &str, form: Form) -> Option<Finding> {
    let (severity, at, rule, message) = match (form, text.len()) {
        (Form::Issued { .. }, _) => return None,
        (Form::Legacy, 24) => (
            Severity::Warning,
            6,
            PaymentCodeRule::Business,
            "The seventh and eighth digit must be 02 in a code shown by the payer; ask for a payment code",
        ),
        (Form::Legacy, 20..=23 | 25..=32) => (
            Severity::Warning,
            0,
            PaymentCodeRule::Reserved,
            "Payment codes of this length are reserved and nobody issues them yet; ask for the code again",
        ),
        (Form::Legacy, _) if is_legacy_pattern(text) => return None,
        (Form::Legacy, _) => (
            Severity::Notice,
            0,
            PaymentCodeRule::Legacy,
            "This is not a known Alipay+ code; it may belong to another wallet, which its first digits decide",
        ),
    };
    Some(Finding { severity, at, rule: Rule::PaymentCode(rule), message: message.to_owned() })
}

/// 17 to 19 digits that begin with 28.
fn is_legacy_pattern(text: &str) -> bool {
    matches!(text.len(), 17..=19) && text.starts_with("28")
}
