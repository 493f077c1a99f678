//! FPS codes of Hong Kong.

use super::reader::{Form, Reader};
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};
use crate::moment;

/// An FPS account (26).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fps {
    /// Who is paid.
    pub proxy: Proxy,
    /// Bank, 3 digits (clearing code); which one is meant where a proxy is known to several.
    pub bank: Option<String>,
    /// Hong Kong time until which the code is good: `YYMMDDhhmmss` or `YYYYMMDDhhmmss`.
    pub timeout: Option<String>,
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// FPS identifier, 7 to 10 digits.
    Identifier(String),
    /// Mobile number, such as `+852-91234567`.
    Mobile(String),
    /// E-mail address.
    Email(String),
}

const GUID: &str = "hk.com.hkicl";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(GUID)
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<Fps> {
    reader.require(&[52, 59, 60]);
    let bank = reader.optional(object, 1, "bank (clearing code)", Form::Digits(3, 3)).map(str::to_owned);
    let timeout = reader.optional(object, 5, "timeout", Form::Digits(12, 14));
    if timeout.is_some_and(|text| moment::unix_seconds(text, 8).is_none()) {
        let message = "The timeout (object 05) must be a date and time, YYMMDDhhmmss; correct it";
        reader.error(NationalRule::Form, object.at(), message);
    }
    let count = object.objects().filter(|field| (2..=4).contains(&field.id())).count();
    if count != 1 {
        let message = format!("The code must name one payee (object 02, 03 or 04), not {count}");
        reader.error(NationalRule::Presence, object.at(), message);
        return None;
    }
    let identifier = reader.optional(object, 2, "FPS identifier", Form::Digits(7, 10));
    let mobile = reader.optional(object, 3, "mobile number", Form::Special(8, 20));
    let email = reader.optional(object, 4, "e-mail address", Form::Special(3, 99));
    let proxy = match (identifier, mobile, email) {
        (Some(identifier), _, _) => Proxy::Identifier(identifier.to_owned()),
        (_, Some(mobile), _) if is_mobile(mobile) => Proxy::Mobile(mobile.to_owned()),
        (_, _, Some(email)) if email.contains('@') => Proxy::Email(email.to_owned()),
        (None, None, None) => return None,
        _ => {
            let message =
                "The payee must be a mobile number such as +852-91234567 or an e-mail address; correct it";
            reader.error(NationalRule::Form, object.at(), message);
            return None;
        }
    };
    Some(Fps { proxy, bank, timeout: timeout.map(str::to_owned) })
}

fn is_mobile(text: &str) -> bool {
    text.strip_prefix('+')
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(country, number)| Form::Digits(1, 3).fits(country) && Form::Digits(6, 12).fits(number))
}

impl Fps {
    /// Seconds since 1970 at which the code stops being good.
    pub fn expires_at(&self) -> Option<i64> {
        self.timeout.as_deref().and_then(|text| moment::unix_seconds(text, 8))
    }

    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = Template::of(GUID).object_if(1, self.bank.as_deref());
        let template = match &self.proxy {
            Proxy::Identifier(value) => template.object(2, value),
            Proxy::Mobile(value) => template.object(3, value),
            Proxy::Email(value) => template.object(4, value),
        };
        vec![(26, template.object_if(5, self.timeout.as_deref()))]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let proxy = match &self.proxy {
            Proxy::Identifier(value) => ("identifier", value.clone()),
            Proxy::Mobile(value) => ("mobile", value.clone()),
            Proxy::Email(value) => ("email", value.clone()),
        };
        let mut fields = vec![proxy];
        fields.extend(self.bank.clone().map(|text| ("bank", text)));
        fields.extend(self.timeout.clone().map(|text| ("timeout", text)));
        fields
    }
}
