//! KHQR codes of Cambodia. They name no scheme: the account identifier, `name@bank`, stands where others have one.

use super::reader::{Form, Reader};
use crate::finding::NationalRule;
use crate::merchant::{Code, Initiation, Object, Template};

/// A KHQR account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Khqr {
    /// Bakong account, `name@bank`, at most 32 characters.
    pub account: String,
    /// Person (29) or merchant (30).
    pub holder: Holder,
    /// Milliseconds since 1970 at which the code was made.
    pub created_ms: Option<u64>,
    /// Milliseconds since 1970 at which the code stops being good.
    pub expiry_ms: Option<u64>,
}

/// Who holds the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person (29).
    Person {
        /// Further account information, at most 32 characters.
        account_information: Option<String>,
        /// Bank, at most 32 characters.
        bank: Option<String>,
    },
    /// A merchant (30).
    Merchant {
        /// Merchant at that bank, at most 32 characters.
        merchant: String,
        /// Bank, at most 32 characters.
        bank: Option<String>,
    },
}

pub(super) fn owns(code: &Code, object: Object<'_>, guid: &str) -> bool {
    let at_home = code.country().is_some_and(|country| country.eq_ignore_ascii_case("KH"));
    matches!(object.id(), 29 | 30) && guid.contains('@') && at_home
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<Khqr> {
    reader.require(&[52, 59, 60]);
    let account = reader.required(object, 0, "Bakong account", Form::Special(3, 32))?.to_owned();
    let mut field = |id, what| reader.optional(object, id, what, Form::Special(1, 32)).map(str::to_owned);
    let holder = if object.id() == 29 {
        Some(Holder::Person { account_information: field(1, "account information"), bank: field(2, "bank") })
    } else {
        let bank = field(2, "bank");
        let merchant = reader.required(object, 1, "merchant", Form::Special(1, 32));
        merchant.map(|merchant| Holder::Merchant { merchant: merchant.to_owned(), bank })
    };
    let times = reader.code.object(99);
    let mut time = |id, what| {
        let digits = reader.optional(times?, id, what, Form::Digits(13, 13))?;
        digits.parse().ok()
    };
    let (created_ms, expiry_ms) = (time(0, "time of creation"), time(1, "time of expiry"));
    if reader.code.initiation() == Some(Initiation::Dynamic) && expiry_ms.is_none() {
        let at = times.map_or(0, Object::at);
        let message =
            "A dynamic KHQR code needs its expiry (object 01 inside 99); some wallets refuse it without";
        reader.warn(NationalRule::Initiation, at, message);
    }
    check_amount(reader);
    Some(Khqr { account, holder: holder?, created_ms, expiry_ms })
}

/// Riel have two decimals on paper and none in payments.
fn check_amount(reader: &mut Reader<'_>) {
    let is_riel = reader.code.value(53) == Some("116");
    if is_riel && reader.code.amount().is_some_and(|amount| amount.minor_units(0).is_none()) {
        let at = reader.code.object(54).map_or(0, Object::at);
        reader.error(NationalRule::Amount, at, "An amount in riel has no decimals; round it");
    }
}

impl Khqr {
    /// Seconds since 1970 at which the code stops being good.
    pub fn expires_at(&self) -> Option<i64> {
        i64::try_from(self.expiry_ms? / 1000).ok()
    }

    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = Template::of(&self.account);
        let account = match &self.holder {
            Holder::Person { account_information, bank } => {
                (29, template.object_if(1, account_information.as_deref()).object_if(2, bank.as_deref()))
            }
            Holder::Merchant { merchant, bank } => {
                (30, template.object(1, merchant).object_if(2, bank.as_deref()))
            }
        };
        let mut templates = vec![account];
        if self.created_ms.is_some() || self.expiry_ms.is_some() {
            let digits = |time: Option<u64>| time.map(|time| format!("{time:013}"));
            let times = Template::default()
                .object_if(0, digits(self.created_ms).as_deref())
                .object_if(1, digits(self.expiry_ms).as_deref());
            templates.push((99, times));
        }
        templates
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("account", self.account.clone())];
        match &self.holder {
            Holder::Person { account_information, bank } => {
                fields.extend(account_information.clone().map(|text| ("account_information", text)));
                fields.extend(bank.clone().map(|text| ("bank", text)));
            }
            Holder::Merchant { merchant, bank } => {
                fields.push(("merchant", merchant.clone()));
                fields.extend(bank.clone().map(|text| ("bank", text)));
            }
        }
        fields.extend(self.created_ms.map(|time| ("created_ms", time.to_string())));
        fields.extend(self.expiry_ms.map(|time| ("expiry_ms", time.to_string())));
        fields
    }
}
