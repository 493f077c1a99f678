//! Request and answer bodies. Every scalar is a JSON string; what is optional is absent or null, never an empty string;
//! fields nobody knows are skipped, except those that would change what is paid. Each body says which fields it must
//! have, which it may have and which it refuses, and reading one names the field and what is wrong with it. Decides
//! nothing.

#[macro_use]
mod object;
#[macro_use]
mod word;

mod malformed;
mod minor;

pub mod amount;
pub mod outcome;
pub mod result_code;
pub mod scalar;

pub mod order;
pub mod party;
pub mod quote;

pub mod advance;
pub mod cancel;
pub mod certificate;
pub mod code;
pub mod code_rules;
pub mod confirm;
pub mod consult;
pub mod exchange;
pub mod inquire;
pub mod notify;
pub mod pay;
pub mod rates;
pub mod refund;
pub mod scan;
pub mod wallet;

pub mod operator;

#[cfg(test)]
mod tests;

pub use malformed::Malformed;
pub use object::Described;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longest body read, in bytes. The longest field that anybody may send has 20,000 characters of up to four bytes, and
/// a hundred goods fit beside it.
pub const BODY_LENGTH_MAX: usize = 192 * 1024;

/// A body that is read from the wire.
pub trait Body: DeserializeOwned {
    /// Checks what no single field can know: which fields must come together.
    fn coherent(&self) -> Result<(), Malformed> {
        Ok(())
    }
}

/// Reads a body: JSON of one object and nothing behind it.
pub fn parse<T: Body>(bytes: &[u8]) -> Result<T, Malformed> {
    parse_within(bytes, BODY_LENGTH_MAX)
}

/// The same for a body that may be of another length, in bytes.
pub fn parse_within<T: Body>(bytes: &[u8], length_max: usize) -> Result<T, Malformed> {
    if bytes.len() > length_max {
        return Err(Malformed::whole(format!("is longer than {length_max} bytes")));
    }
    // The fast reader does not know where it is; only when it fails is the body read again by the one that does.
    let body: T = match serde_json::from_slice(bytes) {
        Ok(body) => body,
        Err(_) => return Err(Malformed::find::<T>(bytes)),
    };
    body.coherent()?;
    Ok(body)
}

/// Writes a body as JSON.
#[must_use]
pub fn write(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("our bodies have only text keys, and memory takes everything")
}
