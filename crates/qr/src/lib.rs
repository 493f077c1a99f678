//! Payment codes: what is inside a scanned QR code or bar code, and how to make one. Moves no money, opens no
//! socket, reads no clock and draws no picture.
#![doc = include_str!("../README.md")]

pub mod consumer;
pub mod finding;
pub mod link;
pub mod lint;
pub mod merchant;
pub mod profile;
pub mod routing;

mod check_digit;
mod checksum;
mod currency;
mod malformed;
mod moment;
mod payment_code;
mod presented;

pub use currency::Currency;
pub use malformed::{Defect, Malformed};
pub use payment_code::{Form, Issuer, PaymentCode};
pub use presented::PresentedCode;

/// The longest text that is looked at, in UTF-8 bytes. The largest QR symbol holds 4,296 characters; links that
/// arrive by other ways are allowed the 8,192 that wallets accept.
pub const LONGEST_BYTES: usize = 8192;
