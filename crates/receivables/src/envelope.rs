//! What travels: a transaction with its expiry, vouches and signatures, and the exact bytes that are signed. Knows no
//! state; whether a signature is good is told by a function the caller gives.

use crate::codec::{Codec, Malformed, record};
use crate::hash::{Hash, sha256};
use crate::identity::{MemberId, Pseudonym, PublicKey, Signature, Vouch};
use crate::transaction::{Ppm, TimeMs, Transaction};

/// Bytes of one signed transaction: a hundred units or sixty signatures fit.
pub const BYTES_MAX: usize = 16 * 1024;
/// Signatures on one transaction: governance of a hundred members needs 67.
pub const SIGNATURES_MAX: usize = 100;
/// Parties introduced by one transaction.
pub const VOUCHES_MAX: usize = 8;
/// Longest time between a block and the expiry of a transaction in it, so that a refused wish is soon forgotten.
pub const LIFETIME_MS_MAX: u64 = 600_000;
/// How far below a sender's highest nonce another may still come: reordering between two validators' pools.
pub const NONCE_WINDOW: u64 = 1_024;

/// Tells whether the signature of the message is the key's (Ed25519, RFC 8032).
pub type Verify<'a> = &'a dyn Fn(&PublicKey, &[u8], &Signature) -> bool;

record! {
    /// One key's signature.
    KeySignature {
        /// The key: a member's or a party's.
        key: PublicKey,
        /// Over [`Signed::signing_bytes`].
        signature: Signature,
    }
}

record! {
    /// A transaction as it is sent, ordered and executed.
    Signed {
        /// What is asked.
        transaction: Transaction,
        /// The signing key whose nonce this is.
        sender: PublicKey,
        /// Used once by the sender: a counter, which may arrive out of order within [`NONCE_WINDOW`].
        nonce: u64,
        /// From this time on no block may execute it.
        expires_ms: TimeMs,
        /// Parties that take part for the first time.
        vouches: Vec<Vouch>,
        /// Who asks; keys ascending, none twice.
        signatures: Vec<KeySignature>,
    }
}

impl Signed {
    /// Reads a transaction that came from outside; refuses more than [`BYTES_MAX`] bytes unread.
    pub fn parse(bytes: &[u8]) -> Result<Signed, Malformed> {
        if bytes.len() > BYTES_MAX {
            return Err(Malformed::TooMany);
        }
        let signed = Signed::decode(bytes)?;
        let ascending = signed.signatures.windows(2).all(|pair| pair[0].key < pair[1].key);
        if signed.signatures.len() > SIGNATURES_MAX || signed.vouches.len() > VOUCHES_MAX || !ascending {
            return Err(Malformed::TooMany);
        }
        Ok(signed)
    }

    /// What each signer signs: `len(ns) ‖ ns ‖ chain ‖ type ‖ body`, the body with sender, nonce, expiry and vouches.
    pub fn signing_bytes(&self, chain: &Hash) -> Vec<u8> {
        let mut bytes = domain(b"tx", chain);
        self.transaction.write(&mut bytes);
        bytes.extend_from_slice(&self.sender);
        self.nonce.write(&mut bytes);
        self.expires_ms.write(&mut bytes);
        self.vouches.write(&mut bytes);
        bytes
    }

    /// The transaction's id: the hash of what is signed. Signatures do not change it.
    pub fn id(&self, chain: &Hash) -> Hash {
        sha256(&[&self.signing_bytes(chain)])
    }

    /// Adds a signature in its place.
    pub fn sign(&mut self, key: PublicKey, signature: Signature) {
        let place = self.signatures.partition_point(|other| other.key < key);
        self.signatures.insert(place, KeySignature { key, signature });
    }
}

/// What a sponsor signs to vouch for a party.
pub fn vouch_bytes(chain: &Hash, pseudonym: &Pseudonym, sponsor: MemberId) -> Vec<u8> {
    let mut bytes = domain(b"member", chain);
    bytes.extend_from_slice(pseudonym);
    sponsor.write(&mut bytes);
    bytes
}

/// What a bidder hands in before it opens its bid.
pub fn bid_commitment(chain: &Hash, auction: &Hash, bidder: MemberId, rate_ppm: Ppm, salt: &Hash) -> Hash {
    let mut bytes = domain(b"bid", chain);
    bytes.extend_from_slice(auction);
    bidder.write(&mut bytes);
    rate_ppm.write(&mut bytes);
    bytes.extend_from_slice(salt);
    sha256(&[&bytes])
}

/// `len(ns) ‖ ns ‖ chain`: a signature for one purpose on one chain is none for another.
fn domain(namespace: &[u8], chain: &Hash) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(namespace.len()).expect("a word")];
    bytes.extend_from_slice(namespace);
    bytes.extend_from_slice(chain);
    bytes
}
