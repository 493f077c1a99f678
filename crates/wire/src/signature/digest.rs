//! `content-digest` (RFC 9530): written with SHA-256, read with SHA-256 and SHA-512. Knows nothing of signatures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, SHA512, digest};

use super::Refused;
use super::rfc9421::field::{Bare, Dictionary, Member};
use crate::header::CONTENT_DIGEST;

/// The field value for a body.
pub(super) fn write(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Compares every digest we know in the field with the body; at least one must be there.
pub(super) fn check(field: &str, body: &[u8]) -> Result<(), Refused> {
    let malformed = |why| Refused::Malformed { what: CONTENT_DIGEST, why };
    let dictionary = Dictionary::parse(field).map_err(malformed)?;
    let mut known = 0;
    for (name, member) in dictionary.iter() {
        let algorithm = match name {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        let Member::Item(Bare::Bytes(expected), _) = member else {
            return Err(malformed("a digest must be a byte sequence"));
        };
        if digest(algorithm, body).as_ref() != expected.as_slice() {
            return Err(Refused::DigestMismatch);
        }
        known += 1;
    }
    if known == 0 { Err(malformed("it has neither sha-256 nor sha-512")) } else { Ok(()) }
}
