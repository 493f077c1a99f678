//! PayNow codes of Singapore, and the SGQR label that holds several schemes in one code.

use super::reader::{Form, Reader};
use crate::check_digit;
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};
use crate::moment;

/// A PayNow account (26).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayNow {
    /// Who is paid.
    pub proxy: Proxy,
    /// Whether the payer may change the amount.
    pub editable: bool,
    /// Singapore time until which the code is good: `YYYYMMDD` or `YYYYMMDDhhmmss`.
    pub expiry: Option<String>,
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Mobile number with `+` and country.
    Mobile(String),
    /// Entity number (UEN), with up to three further characters.
    Entity(String),
    /// Virtual payment address of a wallet.
    Address(String),
}

/// The SGQR label (51).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sgqr {
    /// SGQR identifier.
    pub identifier: String,
    /// Version, such as `01.0003`.
    pub version: Option<String>,
    /// Postal code of the counter.
    pub postal_code: Option<String>,
    /// Level of the building.
    pub level: Option<String>,
    /// Unit number.
    pub unit: Option<String>,
    /// Anything else that tells the counter apart.
    pub place: Option<String>,
    /// Date of this version, `YYYYMMDD`.
    pub dated: Option<String>,
}

pub(super) const PAYNOW: &str = "SG.PAYNOW";
pub(super) const SGQR: &str = "SG.SGQR";

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<PayNow> {
    let kind = reader.required(object, 1, "proxy type", Form::Digits(1, 1));
    let value = reader.required(object, 2, "proxy", Form::Special(1, 16));
    let editable = reader.optional(object, 3, "amount flag", Form::Digits(1, 1));
    if !matches!(editable, None | Some("0" | "1")) {
        reader.error(
            NationalRule::Form,
            object.at(),
            "The amount flag (object 03) must be 0 or 1; correct it",
        );
    }
    let expiry = reader.optional(object, 4, "expiry", Form::Digits(8, 14));
    if expiry.is_some_and(|text| moment::unix_seconds(text, 8).is_none()) {
        let at = object.object(4).map_or(object.at(), Object::at);
        reader.error(
            NationalRule::Form,
            at,
            "The expiry must be a date, YYYYMMDD or YYYYMMDDhhmmss; correct it",
        );
    }
    let proxy = proxy(reader, object, kind?, value?)?;
    Some(PayNow { proxy, editable: editable != Some("0"), expiry: expiry.map(str::to_owned) })
}

fn proxy(reader: &mut Reader<'_>, object: Object<'_>, kind: &str, value: &str) -> Option<Proxy> {
    let at = object.object(2).map_or(object.at(), Object::at);
    match kind {
        "0" => {
            let digits = value.strip_prefix('+').unwrap_or("");
            if !Form::Digits(8, 15).fits(digits) {
                reader.error(
                    NationalRule::Form,
                    at,
                    "The mobile number must be written with + and country, such as +6581234567; correct it",
                );
                return None;
            }
            Some(Proxy::Mobile(value.to_owned()))
        }
        "2" => {
            let is_entity = |length: usize| value.get(..length).is_some_and(check_digit::uen);
            if !is_entity(9) && !is_entity(10) {
                reader.warn(
                    NationalRule::CheckDigit,
                    at,
                    "The entity number (UEN) does not match its check letter; check the number",
                );
            }
            Some(Proxy::Entity(value.to_owned()))
        }
        "3" => Some(Proxy::Address(value.to_owned())),
        _ => {
            let message = "The proxy type (object 01) must be 0 (mobile), 2 (UEN) or 3 (address); correct it";
            reader.error(NationalRule::Form, object.at(), message);
            None
        }
    }
}

pub(super) fn read_label<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<Sgqr> {
    let identifier = reader.required(object, 1, "SGQR identifier", Form::Special(12, 13))?.to_owned();
    let version = reader.required(object, 2, "SGQR version", Form::Special(7, 7)).map(str::to_owned);
    let mut field = |id, what, form| reader.optional(object, id, what, form).map(str::to_owned);
    Some(Sgqr {
        identifier,
        version,
        postal_code: field(3, "postal code", Form::Digits(6, 6)),
        level: field(4, "level", Form::Special(1, 3)),
        unit: field(5, "unit", Form::Special(1, 5)),
        place: field(6, "further place", Form::Special(1, 10)),
        dated: field(7, "version date", Form::Digits(8, 8)),
    })
}

impl PayNow {
    /// Seconds since 1970 at which the code stops being good.
    pub fn expires_at(&self) -> Option<i64> {
        self.expiry.as_deref().and_then(|text| moment::unix_seconds(text, 8))
    }

    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let (kind, value) = match &self.proxy {
            Proxy::Mobile(value) => ("0", value),
            Proxy::Entity(value) => ("2", value),
            Proxy::Address(value) => ("3", value),
        };
        let template = Template::of(PAYNOW)
            .object(1, kind)
            .object(2, value)
            .object(3, if self.editable { "1" } else { "0" })
            .object_if(4, self.expiry.as_deref());
        vec![(26, template)]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let proxy = match &self.proxy {
            Proxy::Mobile(value) => ("mobile", value.clone()),
            Proxy::Entity(value) => ("entity", value.clone()),
            Proxy::Address(value) => ("address", value.clone()),
        };
        let mut fields = vec![proxy, ("editable", self.editable.to_string())];
        fields.extend(self.expiry.clone().map(|text| ("expiry", text)));
        fields
    }
}

impl Sgqr {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = Template::of(SGQR)
            .object(1, &self.identifier)
            .object_if(2, self.version.as_deref())
            .object_if(3, self.postal_code.as_deref())
            .object_if(4, self.level.as_deref())
            .object_if(5, self.unit.as_deref())
            .object_if(6, self.place.as_deref())
            .object_if(7, self.dated.as_deref());
        vec![(51, template)]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("identifier", self.identifier.clone())];
        let others = [
            ("version", &self.version),
            ("postal_code", &self.postal_code),
            ("level", &self.level),
            ("unit", &self.unit),
            ("place", &self.place),
            ("dated", &self.dated),
        ];
        fields.extend(others.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
        fields
    }
}
