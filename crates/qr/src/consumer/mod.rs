//! EMVCo consumer-presented codes: BER-TLV in base64, read, looked into and made. Knows the standard's tags, not the
//! cryptography inside the transparent templates.

mod account_number;
mod build;
mod code;
mod scan;

pub use account_number::AccountNumber;
pub use build::{Application, Builder, Template};
pub use code::{ApplicationTemplate, Code, Object, Objects};

/// How every consumer-presented code begins (EMVCo CPM 5.1.1.1).
pub const RECOGNISER: &str = "hQVDUFY";

/// Tags of the standard (EMVCo CPM, table A.1, and EMV Book 3).
pub mod tag {
    /// Payload format indicator.
    pub const FORMAT: u32 = 0x85;
    /// Application template.
    pub const APPLICATION: u32 = 0x61;
    /// Common data template.
    pub const COMMON: u32 = 0x62;
    /// Application-specific transparent template, inside [`APPLICATION`].
    pub const APPLICATION_TRANSPARENT: u32 = 0x63;
    /// Common data transparent template, inside [`COMMON`].
    pub const COMMON_TRANSPARENT: u32 = 0x64;
    /// Application definition file name, also called AID.
    pub const APPLICATION_NAME: u32 = 0x4F;
    /// Application label.
    pub const LABEL: u32 = 0x50;
    /// Track 2 equivalent data.
    pub const TRACK_2: u32 = 0x57;
    /// Application account number (PAN).
    pub const ACCOUNT_NUMBER: u32 = 0x5A;
    /// Cardholder name.
    pub const HOLDER_NAME: u32 = 0x5F20;
    /// Language preference.
    pub const LANGUAGE: u32 = 0x5F2D;
    /// Issuer URL.
    pub const ISSUER_LINK: u32 = 0x5F50;
    /// Application version number.
    pub const VERSION: u32 = 0x9F08;
    /// Issuer application data.
    pub const ISSUER_DATA: u32 = 0x9F10;
    /// Token requestor identifier.
    pub const TOKEN_REQUESTOR: u32 = 0x9F19;
    /// Payment account reference.
    pub const ACCOUNT_REFERENCE: u32 = 0x9F24;
    /// Last four digits of the account number.
    pub const LAST_DIGITS: u32 = 0x9F25;
    /// Application cryptogram.
    pub const CRYPTOGRAM: u32 = 0x9F26;
    /// Application transaction counter.
    pub const COUNTER: u32 = 0x9F36;
    /// Unpredictable number.
    pub const UNPREDICTABLE: u32 = 0x9F37;
}

#[cfg(test)]
mod tests;
