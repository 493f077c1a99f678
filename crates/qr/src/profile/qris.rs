//! QRIS codes of Indonesia: one or more acquirers' accounts (26 to 50) and the national registration (51).

use super::reader::{Form, Reader};
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};

/// A QRIS code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qris {
    /// Accounts at acquirers, in the order presented.
    pub accounts: Vec<QrisAccount>,
    /// National merchant identifier (NMID), `ID` and 13 digits.
    pub national_identifier: Option<String>,
    /// Size of the business: UMI, UKE, UME, UBE or URE.
    pub criteria: Option<String>,
}

/// An account at one acquirer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrisAccount {
    /// Who keeps it, a reverse domain name.
    pub owner: String,
    /// Merchant number without check digit: 9360, the acquirer's four digits and its own.
    pub merchant_number: String,
    /// The acquirer's own name for the merchant.
    pub merchant: Option<String>,
    /// Size of the business.
    pub criteria: Option<String>,
}

pub(super) const NATIONAL: &str = "ID.CO.QRIS.WWW";
/// How the merchant numbers of all Indonesian acquirers begin.
const INDONESIA: &str = "9360";
const CRITERIA: [&str; 5] = ["UMI", "UKE", "UME", "UBE", "URE"];
/// What one payment may move, in rupiah.
const AMOUNT_MAX: u64 = 10_000_000;

pub(super) fn owns(object: Object<'_>, guid: &str) -> bool {
    guid.eq_ignore_ascii_case(NATIONAL) || object.text(1).is_some_and(|number| number.starts_with(INDONESIA))
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, objects: &[Object<'a>]) -> Option<Qris> {
    reader.require(&[52, 59, 60]);
    let mut qris = Qris { accounts: Vec::new(), national_identifier: None, criteria: None };
    for &object in objects {
        let criteria = reader.optional(object, 3, "business size", Form::Special(3, 3));
        if let Some(unknown) = criteria.filter(|text| !CRITERIA.contains(text)) {
            let message =
                format!("The business size “{unknown}” is none of {}; correct it", CRITERIA.join(", "));
            reader.warn(NationalRule::Form, object.at(), message);
        }
        let criteria = criteria.map(str::to_owned);
        let owner = object.text(0).unwrap_or_default();
        if owner.eq_ignore_ascii_case(NATIONAL)
            && !object.text(1).is_some_and(|own| own.starts_with(INDONESIA))
        {
            qris.national_identifier = reader
                .required(object, 2, "national merchant identifier", Form::Special(15, 15))
                .map(str::to_owned);
            if qris.national_identifier.as_ref().is_some_and(|own| !is_national_identifier(own)) {
                let message = "The national merchant identifier must be ID and 13 digits; ask your acquirer";
                reader.error(NationalRule::Form, object.at(), message);
            }
            qris.criteria = criteria;
        } else if let Some(number) = reader.required(object, 1, "merchant number", Form::Digits(16, 19)) {
            let merchant = reader.optional(object, 2, "merchant", Form::Special(1, 15)).map(str::to_owned);
            let (owner, merchant_number) = (owner.to_owned(), number.to_owned());
            qris.accounts.push(QrisAccount { owner, merchant_number, merchant, criteria });
        }
    }
    let amount = reader.code.amount().and_then(|amount| amount.minor_units(2));
    if amount.is_some_and(|amount| amount > AMOUNT_MAX * 100) {
        let at = reader.code.object(54).map_or(0, Object::at);
        reader.warn(
            NationalRule::Amount,
            at,
            "QRIS pays at most 10,000,000 rupiah at once; split the amount",
        );
    }
    Some(qris)
}

fn is_national_identifier(text: &str) -> bool {
    text.strip_prefix("ID").is_some_and(|digits| Form::Digits(13, 13).fits(digits))
}

impl Qris {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let account = |account: &QrisAccount| {
            Template::of(&account.owner)
                .object(1, &account.merchant_number)
                .object_if(2, account.merchant.as_deref())
                .object_if(3, account.criteria.as_deref())
        };
        let mut templates: Vec<_> = (26..51).zip(self.accounts.iter().map(account)).collect();
        if let Some(identifier) = &self.national_identifier {
            let national =
                Template::of(NATIONAL).object(2, identifier).object_if(3, self.criteria.as_deref());
            templates.push((51, national));
        }
        templates
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        fields.extend(self.national_identifier.clone().map(|text| ("national_identifier", text)));
        fields.extend(self.criteria.clone().map(|text| ("criteria", text)));
        if let Some(account) = self.accounts.first() {
            fields.push(("owner", account.owner.clone()));
            fields.push(("merchant_number", account.merchant_number.clone()));
            fields.extend(account.merchant.clone().map(|text| ("merchant", text)));
        }
        fields
    }
}
