//! BharatQR codes of India: card numbers, bank account and UPI address side by side.

use super::reader::{Form, Reader};
use crate::check_digit;
use crate::finding::NationalRule;
use crate::merchant::{Code, Object, Template};

/// A BharatQR code; at least one way to pay is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BharatQr {
    /// Merchant numbers of card networks by object: Visa 02, Mastercard 04, RuPay 06.
    pub cards: Vec<(u8, String)>,
    /// Bank branch (IFSC), 11 characters, and account (08).
    pub bank_account: Option<(String, String)>,
    /// UPI address of the merchant, `name@bank` (26).
    pub address: Option<String>,
    /// Least amount that may be paid (26).
    pub amount_min: Option<String>,
    /// Reference of this payment, 4 to 35 characters (27).
    pub reference: Option<String>,
    /// Link to the bill (27).
    pub bill_link: Option<String>,
}

const GUID: &str = "A000000524";
const RUPAY: u8 = 6;
const BANK_ACCOUNT: u8 = 8;

pub(super) fn owns(code: &Code, object: Object<'_>, guid: Option<&str>) -> bool {
    let at_home = || code.country().is_some_and(|country| country.eq_ignore_ascii_case("IN"));
    match guid {
        Some(guid) => guid.eq_ignore_ascii_case(GUID),
        None => object.id() < 26 && at_home(),
    }
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, objects: &[Object<'a>]) -> Option<BharatQr> {
    reader.require(&[52, 59, 60]);
    let mut bharat = BharatQr::default();
    for &object in objects {
        match object.id() {
            26 => {
                let address = reader.required(object, 1, "UPI address", Form::Special(3, 50))?;
                if !is_address(address) {
                    let message = format!("“{address}” is not a UPI address such as shop@bank; correct it");
                    reader.error(NationalRule::Form, object.at(), message);
                }
                bharat.address = Some(address.to_owned());
                bharat.amount_min =
                    reader.optional(object, 2, "least amount", Form::Special(1, 13)).map(str::to_owned);
            }
            27 => {
                bharat.reference =
                    reader.required(object, 1, "payment reference", Form::Special(4, 35)).map(str::to_owned);
                bharat.bill_link =
                    reader.optional(object, 2, "bill link", Form::Special(1, 99)).map(str::to_owned);
            }
            BANK_ACCOUNT => bharat.bank_account = bank_account(reader, object),
            id @ 2..=25 => {
                check_card(reader, object);
                bharat.cards.push((id, object.value().to_owned()));
            }
            _ => {}
        }
    }
    // References (27) and Aadhaar numbers (28) are no accounts.
    if objects.iter().all(|object| object.id() > 26) {
        let at = objects.first().map_or(0, |object| object.at());
        reader.error(NationalRule::Presence, at, "The code names no card, account or UPI address to pay to");
        return None;
    }
    Some(bharat)
}

fn bank_account(reader: &mut Reader<'_>, object: Object<'_>) -> Option<(String, String)> {
    let text = object.value();
    let is_shaped = Form::Special(12, 37).fits(text)
        && text[..4].bytes().all(|byte| byte.is_ascii_alphabetic())
        && text.as_bytes()[4] == b'0';
    if !is_shaped {
        let message = "The bank account (object 08) must be an 11-character IFSC and the account; correct it";
        reader.error(NationalRule::Form, object.at(), message);
        return None;
    }
    Some((text[..11].to_owned(), text[11..].to_owned()))
}

/// RuPay numbers have a check digit; the card networks cut or pad theirs.
fn check_card(reader: &mut Reader<'_>, object: Object<'_>) {
    if object.id() == RUPAY && !check_digit::luhn(object.value()) {
        let message = "The RuPay merchant number does not match its check digit; check the number";
        reader.warn(NationalRule::CheckDigit, object.at(), message);
    }
}

/// `name@handle` of letters, digits, dots and hyphens.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, handle)| {
        let is_plain = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        };
        is_plain(name) && is_plain(handle)
    })
}

impl BharatQr {
    pub(super) fn objects(&self) -> Vec<(u8, String)> {
        let mut objects = self.cards.clone();
        objects.extend(
            self.bank_account.iter().map(|(ifsc, account)| (BANK_ACCOUNT, format!("{ifsc}{account}"))),
        );
        objects.sort_by_key(|(id, _)| *id);
        objects
    }

    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let mut templates = Vec::new();
        if let Some(address) = &self.address {
            let template = Template::of(GUID).object(1, address).object_if(2, self.amount_min.as_deref());
            templates.push((26, template));
        }
        if let Some(reference) = &self.reference {
            let template = Template::of(GUID).object(1, reference).object_if(2, self.bill_link.as_deref());
            templates.push((27, template));
        }
        templates
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        for (id, number) in &self.cards {
            let name = match id {
                2 => "visa",
                3 => "visa_2",
                4 => "mastercard",
                5 => "mastercard_2",
                6 => "rupay",
                7 => "rupay_2",
                11 => "amex",
                12 => "amex_2",
                _ => "card",
            };
            fields.push((name, number.clone()));
        }
        if let Some((ifsc, account)) = &self.bank_account {
            fields.push(("ifsc", ifsc.clone()));
            fields.push(("account", account.clone()));
        }
        fields.extend(self.address.clone().map(|text| ("address", text)));
        fields.extend(self.amount_min.clone().map(|text| ("amount_min", text)));
        fields.extend(self.reference.clone().map(|text| ("reference", text)));
        fields.extend(self.bill_link.clone().map(|text| ("bill_link", text)));
        fields
    }
}
