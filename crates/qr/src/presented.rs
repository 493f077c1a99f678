//! Tells the kinds of code apart and reads each once. Knows no scheme and no route.

use crate::link::Link;
use crate::{Defect, LONGEST_BYTES, Malformed, PaymentCode, consumer, merchant};

/// Whatever was scanned, read once into what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresentedCode {
    /// The merchant shows it: EMVCo merchant-presented.
    Merchant(merchant::Code),
    /// The payer shows it: EMVCo consumer-presented.
    Consumer(consumer::Code),
    /// The payer shows it: digits.
    Payment(PaymentCode),
    /// A link, such as an order code or `upi://pay`.
    Link(Link),
}

impl PresentedCode {
    /// Reads a scanned text. The text is taken as it is: blanks around it are part of it.
    pub fn parse(text: &str) -> Result<PresentedCode, Malformed> {
        if text.is_empty() {
            return Err(Malformed::new(0, Defect::Empty));
        }
        if text.len() > LONGEST_BYTES {
            return Err(Malformed::new(0, Defect::TooLong { longest: LONGEST_BYTES }));
        }
        match Kind::of(text) {
            Kind::Merchant => merchant::Code::parse(text).map(PresentedCode::Merchant),
            Kind::Consumer => consumer::Code::parse(text).map(PresentedCode::Consumer),
            Kind::Payment => PaymentCode::parse(text).map(PresentedCode::Payment),
            Kind::Link => Link::parse(text).map(PresentedCode::Link),
            Kind::Unknown => Err(Malformed::new(0, Defect::Unrecognised)),
        }
    }
}

/// What a text claims to be by its first characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Merchant,
    Consumer,
    Payment,
    Link,
    Unknown,
}

impl Kind {
    pub(crate) fn of(text: &str) -> Kind {
        if text.starts_with(consumer::RECOGNISER) {
            return Kind::Consumer;
        }
        if Link::claims(text) {
            return Kind::Link;
        }
        // `0002` is how every merchant-presented code must begin, whatever version follows.
        if !text.starts_with("0002") && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Kind::Payment;
        }
        // An EMVCo code whose head is lost still begins with an identifier and a length.
        if text.bytes().take(4).filter(u8::is_ascii_digit).count() == 4 {
            return Kind::Merchant;
        }
        Kind::Unknown
    }
}

#[cfg(test)]
mod tests;
