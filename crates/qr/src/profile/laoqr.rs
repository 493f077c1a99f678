//! LaoQR codes of Laos.

use super::reader::{Form, Reader};
use crate::merchant::{Object, Template};

/// A LaoQR account (38).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaoQr {
    /// Institution, 8 digits (IIN).
    pub institution: String,
    /// Kind of payment, 3 digits, such as 001 for a person and 002 for a merchant.
    pub payment_type: String,
    /// Who is paid there.
    pub receiver: String,
}

const GUID: &str = "A005266284662577";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(GUID)
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<LaoQr> {
    let institution = reader.required(object, 1, "institution", Form::Digits(8, 8));
    let payment_type = reader.required(object, 2, "payment type", Form::Digits(3, 3));
    let receiver = reader.required(object, 3, "receiver", Form::Special(1, 40));
    Some(LaoQr {
        institution: institution?.to_owned(),
        payment_type: payment_type?.to_owned(),
        receiver: receiver?.to_owned(),
    })
}

impl LaoQr {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        let template = Template::of(GUID)
            .object(1, &self.institution)
            .object(2, &self.payment_type)
            .object(3, &self.receiver);
        vec![(38, template)]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("institution", self.institution.clone()),
            ("payment_type", self.payment_type.clone()),
            ("receiver", self.receiver.clone()),
        ]
    }
}
