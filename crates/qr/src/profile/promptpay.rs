//! PromptPay codes of Thailand: transfers (29), bills (30) and payment innovation (31).

use super::reader::{Form, Reader};
use crate::check_digit;
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};

/// What a PromptPay code asks to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptPay {
    /// A transfer to a PromptPay identifier, shown by the payee.
    Transfer(Proxy),
    /// A transfer shown by the payer, with its one-time code of 10 digits.
    PayerTransfer(Proxy, String),
    /// A bill.
    Bill {
        /// Biller identifier, 15 digits: tax number and suffix.
        biller: String,
        /// First reference, at most 20 characters.
        reference: Option<String>,
        /// Second reference, at most 20 characters.
        second_reference: Option<String>,
        /// Whether payers from abroad may pay.
        cross_border: bool,
    },
    /// A payment a bank's own service resolves.
    Innovation {
        /// Acquirer, 6 digits.
        acquirer: Option<String>,
    },
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Mobile number: 00, country and number without its leading zero, 13 digits.
    Mobile(String),
    /// Citizen or tax number, 13 digits.
    NationalNumber(String),
    /// E-wallet, 15 digits.
    Wallet(String),
    /// Bank code and account, at most 43 characters.
    BankAccount(String),
}

const TRANSFER: &str = "A000000677010111";
const PAYER_TRANSFER: &str = "A000000677010114";
const BILL: &str = "A000000677010112";
const BILL_ABROAD: &str = "A000000677012006";
const INNOVATION: [&str; 2] = ["A000000677010113", "A000000677012004"];

pub(super) fn owns(guid: &str) -> bool {
    guid.get(..10).is_some_and(|registered| registered.eq_ignore_ascii_case("A000000677"))
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>, guid: &str) -> Option<PromptPay> {
    match guid {
        TRANSFER => Some(PromptPay::Transfer(proxy(reader, object)?)),
        PAYER_TRANSFER => {
            let once = reader.required(object, 5, "one-time code", Form::Digits(10, 10))?.to_owned();
            Some(PromptPay::PayerTransfer(proxy(reader, object)?, once))
        }
        BILL | BILL_ABROAD => bill(reader, object, guid == BILL_ABROAD),
        _ if INNOVATION.contains(&guid) => {
            let acquirer = reader.optional(object, 1, "acquirer", Form::Digits(6, 6)).map(str::to_owned);
            Some(PromptPay::Innovation { acquirer })
        }
        _ => {
            reader.error(
                NationalRule::Form,
                object.at(),
                format!("“{guid}” is not a PromptPay service; ask your bank for a new code"),
            );
            None
        }
    }
}

fn proxy<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<Proxy> {
    let count = object.objects().filter(|field| (1..=4).contains(&field.id())).count();
    if count != 1 {
        let message = format!("The code must name one payee (object 01, 02, 03 or 04), not {count}");
        reader.error(NationalRule::Presence, object.at(), message);
        return None;
    }
    if let Some(mobile) = reader.optional(object, 1, "mobile number", Form::Digits(13, 13)) {
        if !mobile.starts_with("00") {
            reader.warn(
                NationalRule::Form,
                object.at(),
                "The mobile number should begin with 00 and the country, such as 0066; correct it",
            );
        }
        return Some(Proxy::Mobile(mobile.to_owned()));
    }
    if let Some(number) = reader.optional(object, 2, "citizen or tax number", Form::Digits(13, 13)) {
        if !check_digit::thai_number(number) {
            let at = object.object(2).map_or(object.at(), Object::at);
            reader.warn(
                NationalRule::CheckDigit,
                at,
                "The last digit of the citizen or tax number does not match the others; check the number",
            );
        }
        return Some(Proxy::NationalNumber(number.to_owned()));
    }
    if let Some(wallet) = reader.optional(object, 3, "e-wallet number", Form::Digits(15, 15)) {
        return Some(Proxy::Wallet(wallet.to_owned()));
    }
    let account = reader.optional(object, 4, "bank account", Form::Special(4, 43))?;
    Some(Proxy::BankAccount(account.to_owned()))
}

fn bill<'a>(reader: &mut Reader<'a>, object: Object<'a>, cross_border: bool) -> Option<PromptPay> {
    let biller = reader.required(object, 1, "biller", Form::Digits(15, 15))?;
    if !check_digit::thai_number(&biller[..13]) {
        let at = object.object(1).map_or(object.at(), Object::at);
        reader.warn(
            NationalRule::CheckDigit,
            at,
            "The tax number in the biller identifier does not match its check digit; check the number",
        );
    }
    let mut reference = |id, what| reader.optional(object, id, what, Form::Special(1, 20)).map(str::to_owned);
    Some(PromptPay::Bill {
        biller: biller.to_owned(),
        reference: reference(2, "first reference"),
        second_reference: reference(3, "second reference"),
        cross_border,
    })
}

impl PromptPay {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = match self {
            PromptPay::Transfer(proxy) => (29, proxy.onto(Template::of(TRANSFER))),
            PromptPay::PayerTransfer(proxy, once) => {
                (29, proxy.onto(Template::of(PAYER_TRANSFER)).object(5, once))
            }
            PromptPay::Bill { biller, reference, second_reference, cross_border } => (
                30,
                Template::of(if *cross_border { BILL_ABROAD } else { BILL })
                    .object(1, biller)
                    .object_if(2, reference.as_deref())
                    .object_if(3, second_reference.as_deref()),
            ),
            PromptPay::Innovation { acquirer } => {
                (31, Template::of(INNOVATION[0]).object_if(1, acquirer.as_deref()))
            }
        };
        vec![template]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            PromptPay::Transfer(proxy) => vec![proxy.field()],
            PromptPay::PayerTransfer(proxy, once) => vec![proxy.field(), ("one_time_code", once.clone())],
            PromptPay::Bill { biller, reference, second_reference, cross_border } => {
                let mut fields = vec![("biller", biller.clone()), ("cross_border", cross_border.to_string())];
                fields.extend(reference.clone().map(|text| ("reference", text)));
                fields.extend(second_reference.clone().map(|text| ("second_reference", text)));
                fields
            }
            PromptPay::Innovation { acquirer } => {
                acquirer.clone().map(|a| ("acquirer", a)).into_iter().collect()
            }
        }
    }
}

impl Proxy {
    /// A Thai mobile number as people write it, such as `081-234-5678`.
    pub fn thai_mobile(number: &str) -> Proxy {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let local = digits.trim_start_matches("0066").trim_start_matches('0');
        Proxy::Mobile(format!("{:0>13}", format!("66{local}")))
    }

    fn onto(&self, template: Template) -> Template {
        match self {
            Proxy::Mobile(value) => template.object(1, value),
            Proxy::NationalNumber(value) => template.object(2, value),
            Proxy::Wallet(value) => template.object(3, value),
            Proxy::BankAccount(value) => template.object(4, value),
        }
    }

    fn field(&self) -> (&'static str, String) {
        match self {
            Proxy::Mobile(value) => ("mobile", value.clone()),
            Proxy::NationalNumber(value) => ("national_number", value.clone()),
            Proxy::Wallet(value) => ("wallet", value.clone()),
            Proxy::BankAccount(value) => ("bank_account", value.clone()),
        }
    }
}
