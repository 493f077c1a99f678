//! VietQR codes of Viet Nam.

use super::reader::{Form, Reader};
use crate::finding::NationalRule;
use crate::merchant::{Object, Template};

/// A VietQR beneficiary (38).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VietQr {
    /// Bank or acquirer, 6 digits (BIN).
    pub bank: String,
    /// Account, card or merchant number there, at most 19 characters.
    pub account: String,
    /// What the number is and what is done.
    pub service: Service,
}

/// What a VietQR code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Transfer to an account.
    TransferToAccount,
    /// Transfer to a card.
    TransferToCard,
    /// Payment to a merchant.
    Payment,
    /// Cash withdrawal.
    Cash,
}

impl Service {
    const ALL: [Service; 4] =
        [Service::TransferToAccount, Service::TransferToCard, Service::Payment, Service::Cash];

    /// The code of the service in object 02.
    pub fn code(self) -> &'static str {
        match self {
            Service::TransferToAccount => "QRIBFTTA",
            Service::TransferToCard => "QRIBFTTC",
            Service::Payment => "QRPUSH",
            Service::Cash => "QRCASH",
        }
    }
}

const GUID: &str = "A000000727";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(GUID)
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<VietQr> {
    let Some(beneficiary) = object.object(1).filter(|field| field.is_template()) else {
        let message = "The beneficiary (object 01 inside 38) is missing; without it nobody can be paid";
        reader.error(NationalRule::Presence, object.at(), message);
        return None;
    };
    let bank = reader.required(beneficiary, 0, "bank", Form::Digits(6, 6));
    let account = reader.required(beneficiary, 1, "account", Form::Special(1, 19));
    let service = match reader.optional(object, 2, "service", Form::Special(1, 10)) {
        None => Service::TransferToAccount,
        Some(text) => match Service::ALL.into_iter().find(|service| service.code() == text) {
            Some(service) => service,
            None => {
                let message = format!(
                    "“{text}” is not a VietQR service; use QRIBFTTA for an account or QRIBFTTC for a card"
                );
                reader.error(NationalRule::Form, object.at(), message);
                return None;
            }
        },
    };
    if service == Service::Payment {
        reader.require(&[52, 59, 60]);
    }
    Some(VietQr { bank: bank?.to_owned(), account: account?.to_owned(), service })
}

impl VietQr {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let beneficiary = Template::default().object(0, &self.bank).object(1, &self.account);
        vec![(38, Template::of(GUID).template(1, beneficiary).object(2, self.service.code()))]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("bank", self.bank.clone()),
            ("account", self.account.clone()),
            ("service", self.service.code().to_owned()),
        ]
    }
}
