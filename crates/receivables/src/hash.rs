//! SHA-256 (FIPS 180-4) over parts, so that nothing is copied to be hashed. Knows no meaning of what it hashes.

use sha2::{Digest as _, Sha256};

/// 32 bytes of SHA-256.
pub type Hash = [u8; 32];

/// The hash of the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
