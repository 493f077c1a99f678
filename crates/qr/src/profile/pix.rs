//! Pix codes of Brazil: static with a key, dynamic with a link.

use super::reader::{Form, Reader};
use crate::check_digit;
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};

/// A Pix account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pix {
    /// Paid to a key.
    Static {
        /// The key.
        key: Key,
        /// Text for the payer.
        text: Option<String>,
    },
    /// Paid as the document behind a link says.
    Dynamic {
        /// The link, without `https://`.
        link: String,
    },
}

/// The kinds of key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Person, 11 digits (CPF).
    Person(String),
    /// Company, 14 characters (CNPJ).
    Company(String),
    /// Telephone, such as `+5511912345678`.
    Telephone(String),
    /// E-mail address, at most 77 characters.
    Email(String),
    /// Random key: a UUID with hyphens.
    Random(String),
}

const GUID: &str = "br.gov.bcb.pix";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(GUID)
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<Pix> {
    reader.require(&[52, 59]);
    match reader.code.additional().and_then(|additional| additional.reference()) {
        None => {
            let message =
                "The identifier of the payment (object 05 inside 62) is missing; write *** if there is none";
            reader.warn(NationalRule::Presence, 0, message);
        }
        Some("***") => {}
        Some(text) if Form::Special(1, 25).fits(text) && text.bytes().all(|b| b.is_ascii_alphanumeric()) => {}
        Some(_) => {
            let at = reader.code.object(62).map_or(0, Object::at);
            let message =
                "The identifier of the payment (object 05 inside 62) must be 1 to 25 letters and digits";
            reader.error(NationalRule::Form, at, message);
        }
    }
    match (object.object(1), object.object(25)) {
        (Some(key), None) => {
            let text = reader.optional(object, 2, "text", Form::Text(1, 72)).map(str::to_owned);
            let read = Key::read(key.value());
            if read.is_none() {
                let message = "The Pix key is none of CPF, CNPJ, telephone, e-mail or random key; correct it";
                reader.error(NationalRule::Form, key.at(), message);
            }
            let key_value = read?;
            if !key_value.check_digits_match() {
                let message = "The check digits of the Pix key (CPF or CNPJ) do not match; check the number";
                reader.warn(NationalRule::CheckDigit, key.at(), message);
            }
            Some(Pix::Static { key: key_value, text })
        }
        (None, Some(_)) => {
            let link = reader.optional(object, 25, "link", Form::Special(5, 77))?;
            if link.contains("://") {
                let message = "The Pix link must be written without https://; remove it";
                reader.warn(NationalRule::Form, object.at(), message);
            }
            Some(Pix::Dynamic { link: link.to_owned() })
        }
        (both, _) => {
            let message = match both {
                Some(_) => "The code holds a key and a link; only one of them may be there",
                None => "The code holds neither a key (01) nor a link (25); without it nobody can be paid",
            };
            reader.error(NationalRule::Presence, object.at(), message);
            None
        }
    }
}

impl Key {
    /// Tells the kind of a key by its form.
    pub fn read(text: &str) -> Option<Key> {
        let own = || text.to_owned();
        let is_uuid = text.len() == 36
            && text.bytes().enumerate().all(|(place, byte)| match place {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        let is_company = |text: &str| {
            text[..12].bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
                && text[12..].bytes().all(|byte| byte.is_ascii_digit())
        };
        match text.len() {
            _ if !text.is_ascii() => None,
            36 if is_uuid => Some(Key::Random(own())),
            11 if Form::Digits(11, 11).fits(text) => Some(Key::Person(own())),
            14 if is_company(text) => Some(Key::Company(own())),
            _ if text.strip_prefix('+').is_some_and(|rest| Form::Digits(8, 15).fits(rest)) => {
                Some(Key::Telephone(own()))
            }
            3..=77 if text.contains('@') => Some(Key::Email(own())),
            _ => None,
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        match self {
            Key::Person(text)
            | Key::Company(text)
            | Key::Telephone(text)
            | Key::Email(text)
            | Key::Random(text) => text,
        }
    }

    fn check_digits_match(&self) -> bool {
        match self {
            Key::Person(digits) => check_digit::cpf(digits),
            Key::Company(text) => check_digit::cnpj(text),
            _ => true,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Key::Person(_) => "cpf",
            Key::Company(_) => "cnpj",
            Key::Telephone(_) => "telephone",
            Key::Email(_) => "email",
            Key::Random(_) => "random_key",
        }
    }
}

impl Pix {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = Template::of(GUID);
        let template = match self {
            Pix::Static { key, text } => template.object(1, key.as_str()).object_if(2, text.as_deref()),
            Pix::Dynamic { link } => template.object(25, link),
        };
        vec![(26, template)]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Pix::Static { key, text } => {
                let mut fields = vec![(key.name(), key.as_str().to_owned())];
                fields.extend(text.clone().map(|text| ("text", text)));
                fields
            }
            Pix::Dynamic { link } => vec![("link", link.clone())],
        }
    }
}
