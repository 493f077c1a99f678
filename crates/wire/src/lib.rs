//! The public contract: request and answer bodies, both signature schemes, the OpenAPI document. Decides nothing, and
//! knows no HTTP library, no clock and no source of randomness: times, nonces and seeds are arguments.

pub mod body;
pub mod header;
pub mod key;
pub mod openapi;
pub mod paths;
pub mod signature;
pub mod time;

pub use key::{ClientId, KeyVersion, PrivateKey, PublicKey};
