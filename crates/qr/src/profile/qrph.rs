//! QR Ph codes of the Philippines: between people (27) and to merchants (28).

use super::reader::{Form, Reader};
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};

/// A QR Ph account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QrPh {
    /// A transfer to a person.
    Person {
        /// Bank, a BIC of 8 or 11 characters.
        bank: String,
        /// Account, at most 34 characters.
        account: String,
        /// Mobile number of the payee.
        mobile: Option<String>,
    },
    /// A payment to a merchant.
    Merchant {
        /// Bank, a BIC of 8 or 11 characters.
        bank: String,
        /// Merchant at that bank.
        merchant: String,
        /// Account credited, where it is named.
        account: Option<String>,
        /// Three digits that say how the bank is told.
        flags: Option<String>,
    },
}

const PERSON: &str = "com.p2pqrpay";
const MERCHANT: &str = "ph.ppmi.p2m";
/// Constant of the account template between people.
const PERSON_SERVICE: &str = "99964403";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(PERSON)
        || guid.get(..MERCHANT.len()).is_some_and(|head| head.eq_ignore_ascii_case(MERCHANT))
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>, guid: &str) -> Option<QrPh> {
    reader.require(&[52, 59, 60]);
    let bank = reader.required(object, 1, "bank (BIC)", Form::Special(8, 11))?;
    if !is_bic(bank) {
        let message = format!("“{bank}” is not a bank identifier (BIC) of 8 or 11 characters; ask your bank");
        reader.error(NationalRule::Form, object.at(), message);
        return None;
    }
    let bank = bank.to_owned();
    if guid.eq_ignore_ascii_case(PERSON) {
        let account = reader.required(object, 4, "account", Form::Special(1, 34))?.to_owned();
        let mobile = reader.optional(object, 5, "mobile number", Form::Special(1, 20)).map(str::to_owned);
        return Some(QrPh::Person { bank, account, mobile });
    }
    let merchant = reader.required(object, 3, "merchant", Form::Special(1, 25))?.to_owned();
    let account = reader.optional(object, 4, "account", Form::Special(1, 34)).map(str::to_owned);
    let flags = reader.optional(object, 5, "payment flags", Form::Digits(3, 3)).map(str::to_owned);
    Some(QrPh::Merchant { bank, merchant, account, flags })
}

/// ISO 9362: four letters of the party, two of the country, two for the place and three for the branch.
fn is_bic(text: &str) -> bool {
    let shaped = matches!(text.len(), 8 | 11);
    shaped
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text[4..6].bytes().all(|byte| byte.is_ascii_uppercase())
}

impl QrPh {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = match self {
            QrPh::Person { bank, account, mobile } => (
                27,
                Template::of(PERSON)
                    .object(1, bank)
                    .object(2, PERSON_SERVICE)
                    .object(4, account)
                    .object_if(5, mobile.as_deref()),
            ),
            QrPh::Merchant { bank, merchant, account, flags } => (
                28,
                Template::of(MERCHANT)
                    .object(1, bank)
                    .object(3, merchant)
                    .object_if(4, account.as_deref())
                    .object_if(5, flags.as_deref()),
            ),
        };
        vec![template]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            QrPh::Person { bank, account, mobile } => {
                let mut fields = vec![("bank", bank.clone()), ("account", account.clone())];
                fields.extend(mobile.clone().map(|text| ("mobile", text)));
                fields
            }
            QrPh::Merchant { bank, merchant, account, flags } => {
                let mut fields = vec![("bank", bank.clone()), ("merchant", merchant.clone())];
                fields.extend(account.clone().map(|text| ("account", text)));
                fields.extend(flags.clone().map(|text| ("flags", text)));
                fields
            }
        }
    }
}
