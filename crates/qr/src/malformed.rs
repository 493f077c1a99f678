//! What is wrong with a code that cannot be read or made, and where. Knows no language but plain English.

use std::fmt;

/// A code that cannot be trusted, with the place of the defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Offset in characters (not bytes) from the start of the presented text.
    pub at: usize,
    /// What is wrong there.
    pub defect: Defect,
}

/// The kinds of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// Nothing was presented.
    Empty,
    /// More than this many bytes were presented.
    TooLong {
        /// The limit, in bytes.
        longest: usize,
    },
    /// Neither an EMVCo code nor a payment code nor a link.
    Unrecognised,
    /// An object does not begin with two digits.
    IdentifierNotDigits,
    /// The two characters after the identifier are not digits.
    LengthNotDigits {
        /// Identifier of the object.
        id: u8,
    },
    /// An object announces more characters than are left.
    Truncated {
        /// Identifier of the object.
        id: u8,
        /// Characters it announces.
        declared: usize,
        /// Characters that are left.
        left: usize,
    },
    /// The same identifier twice at one level (EMVCo MPM 4.3.1.2).
    Duplicate {
        /// Identifier of the object.
        id: u8,
    },
    /// Object 00 is not the first (EMVCo MPM 4.6.1.1).
    FormatIndicatorNotFirst,
    /// No object 63, or no value in it (EMVCo MPM 4.6.1.2).
    ChecksumMissing,
    /// Object 63 is not four hexadecimal digits (EMVCo MPM 4.7.3.2).
    ChecksumNotHexadecimal,
    /// Object 63 does not match the text before it (EMVCo MPM 4.7.3.1).
    ChecksumWrong {
        /// What the code says.
        written: u16,
        /// What its text gives.
        computed: u16,
    },
    /// Characters follow the checksum (EMVCo MPM 4.6.1.2).
    AfterChecksum {
        /// How many.
        characters: usize,
    },
    /// Object 54 or 56 is not digits with at most one point, or longer than 13 (EMVCo MPM 4.7.4.1, 4.7.7.2).
    AmountNotNumber {
        /// Identifier of the object.
        id: u8,
    },
    /// Object 53 is not three digits (EMVCo MPM 4.7.5.1).
    CurrencyNotNumeric,
    /// Object 55 is not 01, 02 or 03, or the fee it announces is missing (EMVCo MPM 4.7.6.1).
    TipIndicatorWrong,
    /// Object 57 is not a percentage between 00.01 and 99.99 (EMVCo MPM 4.7.8.1).
    PercentageWrong,
    /// A value to be written is longer than an object can hold.
    ValueTooLong {
        /// Identifier of the object.
        id: u8,
        /// Characters an object can hold.
        longest: usize,
    },
    /// An identifier to be written is above 99.
    IdentifierTooLarge,
    /// The text after the recogniser is not base64 (EMVCo CPM 5.1.1.2).
    NotBase64,
    /// A tag or its length field is cut off or in a form EMV does not use (EMV Book 3, Annex B).
    TagWrong,
    /// An object announces more bytes than are left (EMV Book 3, Annex B).
    TagTruncated {
        /// The tag.
        tag: u32,
        /// Bytes it announces.
        declared: usize,
        /// Bytes that are left.
        left: usize,
    },
    /// The first object is not 85 = CPV01 (EMVCo CPM 5.1.1.3).
    ConsumerVersionWrong,
    /// No application template with an application name of 5 to 16 bytes (EMVCo CPM 5.1.1.3, 5.1.1.4).
    ApplicationMissing,
    /// More than two application templates (EMVCo CPM 3.1.1.1).
    ApplicationsTooMany,
    /// The same object twice in what a till would combine (EMVCo CPM 5.1.1.10).
    TagDuplicate {
        /// The tag.
        tag: u32,
    },
    /// Tag 5A or 57 does not hold an account number of 1 to 19 digits (EMVCo CPM 6.1.1.2).
    AccountNumberWrong,
    /// A value of this tag is too long or too short to be written (EMVCo CPM Table A.1).
    TagLengthWrong {
        /// The tag.
        tag: u32,
    },
    /// A payment code holds something else than digits.
    NotDigits,
    /// A payment code has fewer than 17 or more than 32 digits.
    DigitCount {
        /// Digits presented.
        digits: usize,
    },
    /// A number does not fit its place in a payment code.
    NumberTooLarge,
    /// A link without a host or with characters a link cannot hold.
    LinkWrong,
}

impl Malformed {
    pub(crate) const fn new(at: usize, defect: Defect) -> Malformed {
        Malformed { at, defect }
    }
}

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at, self.defect)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Defect::Empty => f.write_str("nothing was presented"),
            Defect::TooLong { longest } => write!(f, "the text is longer than {longest} bytes"),
            Defect::Unrecognised => f.write_str("this is not a payment code of any known kind"),
            Defect::IdentifierNotDigits => f.write_str(
                "an object must begin with its two-digit identifier, and these are not two digits",
            ),
            Defect::LengthNotDigits { id } => {
                write!(f, "the length of object {id:02} must be two digits")
            }
            Defect::Truncated { id, declared, left } => {
                write!(f, "object {id:02} announces {declared} characters but only {left} are left")
            }
            Defect::Duplicate { id } => write!(f, "object {id:02} occurs twice, so its meaning is unclear"),
            Defect::FormatIndicatorNotFirst => f.write_str("the code must begin with object 00"),
            Defect::ChecksumMissing => {
                f.write_str("the checksum (object 63) is missing; part of the code is lost")
            }
            Defect::ChecksumNotHexadecimal => {
                f.write_str("the checksum (object 63) must be four hexadecimal digits")
            }
            Defect::ChecksumWrong { written, computed } => write!(
                f,
                "the checksum says {written:04X} but the text gives {computed:04X}; the code was altered or misread"
            ),
            Defect::AfterChecksum { characters } => {
                write!(f, "{characters} characters follow the checksum, which must be the end of the code")
            }
            Defect::AmountNotNumber { id } => {
                write!(f, "object {id:02} must be up to 13 digits with at most one point")
            }
            Defect::CurrencyNotNumeric => {
                f.write_str("the currency (object 53) must be three digits, such as 156 for the yuan")
            }
            Defect::TipIndicatorWrong => f.write_str(
                "the tip indicator (object 55) must be 01, 02 with object 56, or 03 with object 57",
            ),
            Defect::PercentageWrong => {
                f.write_str("the fee percentage (object 57) must lie between 00.01 and 99.99")
            }
            Defect::ValueTooLong { id, longest } => {
                write!(f, "object {id:02} cannot hold more than {longest} characters")
            }
            Defect::IdentifierTooLarge => f.write_str("an identifier has two digits"),
            _ => self.fmt_payer_shown(f),
        }
    }
}

impl Defect {
    /// The sentences for codes that the payer shows, and for links.
    fn fmt_payer_shown(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Defect::NotBase64 => f.write_str("a consumer-presented code must be base64, and this is not"),
            Defect::TagWrong => f.write_str("a tag or its length is cut off or in a form EMV does not use"),
            Defect::TagTruncated { tag, declared, left } => {
                write!(f, "tag {tag:X} announces {declared} bytes but only {left} are left")
            }
            Defect::ConsumerVersionWrong => {
                f.write_str("the first object must be tag 85 with the value CPV01")
            }
            Defect::ApplicationMissing => {
                f.write_str("no application template (tag 61) names an application in 5 to 16 bytes (tag 4F)")
            }
            Defect::ApplicationsTooMany => {
                f.write_str("a code holds at most two application templates (tag 61)")
            }
            Defect::TagDuplicate { tag } => write!(f, "tag {tag:X} occurs twice, so its meaning is unclear"),
            Defect::AccountNumberWrong => {
                f.write_str("the account number (tag 5A or 57) must be 1 to 19 digits, padded with F")
            }
            Defect::TagLengthWrong { tag } => write!(f, "tag {tag:X} cannot hold a value of this length"),
            Defect::NotDigits => f.write_str("a payment code holds digits only"),
            Defect::DigitCount { digits } => write!(f, "a payment code has 17 to 32 digits, not {digits}"),
            Defect::NumberTooLarge => {
                f.write_str("a number has more digits than its place in the payment code")
            }
            Defect::LinkWrong => f.write_str("the link has no host or holds characters a link cannot hold"),
            _ => f.write_str("the code is malformed"),
        }
    }
}
