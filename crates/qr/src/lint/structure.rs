//! Tells defects of structure as findings: by which rule, and what the merchant can do. Knows no scheme.

use crate::finding::{ConsumerRule, Finding, LinkRule, MerchantRule, PaymentCodeRule, Rule, Severity};
use crate::profile::capital;
use crate::{Defect, Malformed};

impl From<Malformed> for Finding {
    fn from(malformed: Malformed) -> Finding {
        let Malformed { at, defect } = malformed;
        Finding { severity: Severity::Error, at, rule: rule(defect), message: sentence(defect) }
    }
}

/// What is wrong and what to do about it.
pub(super) fn sentence(defect: Defect) -> String {
    let advice = match defect {
        Defect::ChecksumWrong { .. } | Defect::ChecksumMissing => {
            "scan again, and if it stays so print the code anew"
        }
        Defect::Empty | Defect::Unrecognised => "check that the right code was scanned",
        Defect::AfterChecksum { .. } => "remove what follows, often a blank or a line end",
        Defect::Duplicate { .. } | Defect::TagDuplicate { .. } => "remove one of them",
        Defect::ValueTooLong { .. } => "shorten it",
        Defect::AmountNotNumber { .. } => "write it like 98.73, without blanks, commas or letters",
        Defect::DigitCount { .. } | Defect::NotDigits => "ask the payer to show the code again",
        _ => "have the code made again",
    };
    format!("{}; {advice}", capital(&defect.to_string()))
}

fn rule(defect: Defect) -> Rule {
    use ConsumerRule as C;
    use MerchantRule as M;
    match defect {
        Defect::Empty | Defect::Unrecognised | Defect::TooLong { .. } => Rule::Unrecognised,
        Defect::IdentifierNotDigits | Defect::IdentifierTooLarge => Rule::Merchant(M::Identifier),
        Defect::LengthNotDigits { .. } => Rule::Merchant(M::LengthForm),
        Defect::Truncated { .. } => Rule::Merchant(M::Length),
        Defect::Duplicate { .. } => Rule::Merchant(M::Duplicate),
        Defect::FormatIndicatorNotFirst => Rule::Merchant(M::FormatFirst),
        Defect::ChecksumMissing | Defect::AfterChecksum { .. } => Rule::Merchant(M::ChecksumLast),
        Defect::ChecksumNotHexadecimal => Rule::Merchant(M::ChecksumForm),
        Defect::ChecksumWrong { .. } => Rule::Merchant(M::Checksum),
        Defect::AmountNotNumber { id: 56 } => Rule::Merchant(M::FixedFee),
        Defect::AmountNotNumber { .. } => Rule::Merchant(M::Amount),
        Defect::CurrencyNotNumeric => Rule::Merchant(M::Currency),
        Defect::TipIndicatorWrong => Rule::Merchant(M::Tip),
        Defect::PercentageWrong => Rule::Merchant(M::FeePercentage),
        Defect::ValueTooLong { .. } => Rule::Merchant(M::ValueLength),
        Defect::NotBase64 | Defect::TagWrong | Defect::TagTruncated { .. } => Rule::Consumer(C::Encoding),
        Defect::ConsumerVersionWrong => Rule::Consumer(C::Version),
        Defect::ApplicationMissing => Rule::Consumer(C::Application),
        Defect::ApplicationsTooMany => Rule::Consumer(C::Order),
        Defect::TagDuplicate { .. } => Rule::Consumer(C::Duplicate),
        Defect::AccountNumberWrong => Rule::Consumer(C::AccountNumberForm),
        Defect::TagLengthWrong { .. } => Rule::Consumer(C::Value),
        Defect::NotDigits => Rule::PaymentCode(PaymentCodeRule::Digits),
        Defect::DigitCount { .. } | Defect::NumberTooLarge => Rule::PaymentCode(PaymentCodeRule::Length),
        Defect::LinkWrong => Rule::Link(LinkRule::Form),
    }
}
