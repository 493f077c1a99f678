//! DuitNow codes of Malaysia.

use super::reader::{Form, Reader};
use crate::merchant::{Object, Template};

/// A DuitNow account. Codes say version 01 or 02.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuitNow {
    /// Acquirer, 6 digits.
    pub acquirer: String,
    /// The acquirer's name for the merchant or the code, at most 28 characters.
    pub merchant: String,
}

const GUID: &str = "A0000006150001";

pub(super) fn owns(guid: &str) -> bool {
    guid.eq_ignore_ascii_case(GUID)
}

pub(super) fn read<'a>(reader: &mut Reader<'a>, object: Object<'a>) -> Option<DuitNow> {
    reader.require(&[52, 59, 60]);
    let acquirer = reader.required(object, 1, "acquirer", Form::Digits(6, 6));
    let merchant = reader.required(object, 2, "merchant", Form::Special(1, 28));
    Some(DuitNow { acquirer: acquirer?.to_owned(), merchant: merchant?.to_owned() })
}

impl DuitNow {
    pub(super) fn templates(&self) -> Vec<(u8, Template)> {
        vec![(26, Template::of(GUID).object(1, &self.acquirer).object(2, &self.merchant))]
    }

    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("acquirer", self.acquirer.clone()), ("merchant", self.merchant.clone())]
    }
}
