//! EMVCo's rules for values and for what lies inside templates. Knows no scheme beyond its name.

use super::Value;
use crate::checksum;
use crate::finding::{Finding, MerchantRule, Rule, Severity};
use crate::merchant::{Code, Entry, Format, Object, additional_entry, language_entry, root_entry, scan};
use crate::profile::{self, capital};

type Findings = Vec<(Option<u8>, Finding)>;

/// Checks one object of the root and, if it is a template, the objects inside.
pub(super) fn check(code: &Code, object: Object<'_>, findings: &mut Findings) {
    let id = object.id();
    // These have rules of their own.
    if !matches!(id, 0 | 1 | 53..=58 | 63) {
        check_value(object, root_entry(id), findings);
    } else if object.value().is_empty() {
        check_empty(object, findings);
    }
    match id {
        6..=8 | 17..=25 => {
            let message = format!(
                "Account object {id:02} is reserved by EMVCo; use a template (26 to 51) unless your scheme says so"
            );
            note(findings, Severity::Warning, object, MerchantRule::AccountReserved, message);
        }
        // A template that could not be cut was told already.
        26..=51 if !object.is_template() => {}
        26..=51 => check_owner(object, MerchantRule::Owner, "account template", findings),
        62 => check_additional(object, findings),
        64 => check_language(object, findings),
        65..=79 => {
            let message =
                format!("Object {id:02} is reserved by EMVCo; remove it or use an object from 80 to 99");
            note(findings, Severity::Warning, object, MerchantRule::Reserved, message);
        }
        // KHQR keeps its times where others name their owner.
        99 if is_khqr(code) => {}
        80..=99 => check_owner(object, MerchantRule::Unreserved, "template", findings),
        _ => {}
    }
}

fn is_khqr(code: &Code) -> bool {
    code.accounts().any(|account| profile::scheme_of(code, account.object()) == Some(profile::Scheme::Khqr))
}

fn check_value(object: Object<'_>, entry: Entry, findings: &mut Findings) {
    let value = object.value();
    let what = format!("{} (object {:02})", capital(entry.name), object.id());
    let length = value.chars().count();
    if length == 0 {
        return check_empty(object, findings);
    }
    if !(entry.length_min..=entry.length_max).contains(&length) {
        let bounds = if entry.length_min == entry.length_max {
            format!("{} characters", entry.length_max)
        } else {
            format!("at most {} characters", entry.length_max)
        };
        let message = format!("{what} has {length} characters and must have {bounds}; correct it");
        note(findings, Severity::Warning, object, MerchantRule::ValueLength, message);
    }
    let (rule, message) = match entry.format {
        Format::Numeric if !value.bytes().all(|byte| byte.is_ascii_digit()) => {
            (MerchantRule::Numeric, format!("{what} must consist of digits; correct it"))
        }
        Format::Special if !value.bytes().all(|byte| (0x20..0x7F).contains(&byte)) => (
            MerchantRule::Special,
            format!("{what} may hold only plain letters, digits and signs; put other scripts into object 64"),
        ),
        Format::Text if value.chars().any(is_decomposed) => (
            MerchantRule::Precomposed,
            format!(
                "{what} holds control characters or accents apart from their letters; write them as one character"
            ),
        ),
        _ => return,
    };
    note(findings, Severity::Warning, object, rule, message);
}

fn check_empty(object: Object<'_>, findings: &mut Findings) {
    let message = format!("Object {:02} is empty; leave it out", object.id());
    note(findings, Severity::Warning, object, MerchantRule::LengthForm, message);
}

/// Marks that have a letter with them as one character in Latin, Greek, Cyrillic and kana, and control characters.
fn is_decomposed(character: char) -> bool {
    character.is_control() || matches!(character, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}')
}

/// A template must name its owner, in one of three forms.
fn check_owner(object: Object<'_>, rule: MerchantRule, what: &str, findings: &mut Findings) {
    let Some(owner) = object.object(0) else {
        let message = format!(
            "The {what} {:02} does not name its owner in object 00, so no wallet can tell whose it is; add it",
            object.id()
        );
        return note(findings, Severity::Warning, object, rule, message);
    };
    if !is_identifier(owner.value()) {
        let message = format!(
            "The owner “{}” is neither an AID nor a UUID nor a reverse domain name; correct it",
            profile::shortened(owner.value())
        );
        note(findings, Severity::Warning, owner, MerchantRule::OwnerForm, message);
    }
}

/// An AID in hexadecimal digits, a UUID without hyphens or a reverse domain name, at most 32 characters.
fn is_identifier(text: &str) -> bool {
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.len().is_multiple_of(2);
    let is_domain = text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    is_hexadecimal && (10..=32).contains(&text.len()) || is_domain && text.len() <= 32
}

fn check_additional(object: Object<'_>, findings: &mut Findings) {
    if object.value().is_empty() {
        let message = "The additional data (object 62) hold nothing; leave them out";
        return note(findings, Severity::Warning, object, MerchantRule::AdditionalEmpty, message);
    }
    for field in object.objects() {
        match field.id() {
            1..=8 => check_value(field, additional_entry(field.id()), findings),
            9 => {
                let letters = field.value();
                let once = |letter| letters.matches(letter).count() <= 1;
                if letters.is_empty()
                    || letters.chars().any(|c| !"AME".contains(c))
                    || !['A', 'M', 'E'].into_iter().all(once)
                {
                    let message =
                        "The consumer data request must be made of A, M and E, each at most once; correct it";
                    note(findings, Severity::Warning, field, MerchantRule::ConsumerDataRequest, message);
                }
            }
            50.. => check_owner(field, MerchantRule::AdditionalOwner, "payment-system template", findings),
            reserved => {
                let message = format!(
                    "Object {reserved:02} inside the additional data is reserved by EMVCo; use 50 to 99"
                );
                note(findings, Severity::Warning, field, MerchantRule::AdditionalReserved, message);
            }
        }
    }
}

fn check_language(object: Object<'_>, findings: &mut Findings) {
    for (id, what) in [(0, "the language"), (1, "the merchant name")] {
        if object.object(id).is_none() {
            let message = format!("The local-language information lacks {what} (object {id:02}); add it");
            note(findings, Severity::Warning, object, MerchantRule::Language, message);
        }
    }
    for field in object.objects() {
        match field.id() {
            0 if field.value().len() != 2
                || !field.value().bytes().all(|byte| byte.is_ascii_alphabetic()) =>
            {
                let message = "The language must be two letters, such as zh; correct it";
                note(findings, Severity::Warning, field, MerchantRule::LanguageCode, message);
            }
            0 => {}
            id => check_value(field, language_entry(id), findings),
        }
    }
}

fn note(
    findings: &mut Findings,
    severity: Severity,
    object: Object<'_>,
    rule: MerchantRule,
    message: impl Into<String>,
) {
    let finding = Finding { severity, at: object.at(), rule: Rule::Merchant(rule), message: message.into() };
    findings.push((Some(object.id()), finding));
}

/// Whether the code is whole when its lengths are taken as bytes.
pub(super) fn counts_bytes(text: &str) -> bool {
    // Each byte stands for one character.
    let widened: String = text.bytes().map(char::from).collect();
    let scanned = scan(&widened);
    let Some(last) = scanned.nodes.last().filter(|last| scanned.complete && last.id == 63) else {
        return false;
    };
    let Some(digits) = text.len().checked_sub(4).and_then(|start| text.get(start..)) else { return false };
    usize::from(last.end) == widened.len()
        && checksum::from_hexadecimal(digits.as_bytes())
            == Some(checksum::crc16(&text.as_bytes()[..text.len() - 4]))
}

/// An account as a report shows it: place, owner, scheme and the objects inside.
pub(super) fn account(code: &Code, object: Object<'_>) -> Value {
    let mut fields = vec![("id".to_owned(), Value::text(format!("{:02}", object.id())))];
    if !object.is_template() {
        fields.push(("value".to_owned(), Value::text(object.value())));
    }
    fields.extend(object.text(0).map(|guid| ("guid".to_owned(), Value::text(guid))));
    fields.extend(
        profile::scheme_of(code, object).map(|scheme| ("scheme".to_owned(), Value::text(scheme.name()))),
    );
    let inner = object.objects().filter(|field| field.id() != 0);
    let objects: Vec<_> =
        inner.map(|field| (format!("{:02}", field.id()), Value::text(field.value()))).collect();
    if !objects.is_empty() {
        fields.push(("objects".to_owned(), Value::Map(objects)));
    }
    Value::Map(fields)
}
