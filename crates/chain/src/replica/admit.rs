//! Taking transactions in: read, signatures checked outside of the lock, rules tried on the newest state, then queued.

use std::sync::Arc;
use std::time::Instant;

use receivables::envelope::{BYTES_MAX, vouch_bytes};
use receivables::hash::sha256;
use receivables::{Block as When, Hash, Refusal, Signed};
use ring::signature::{ED25519, UnparsedPublicKey};

use super::Replica;
use crate::pool::Full;

/// A transaction in canonical form whose signatures are all good on this chain.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its id.
    pub id: Hash,
    /// The hash of all its bytes, signatures too.
    pub hash: Hash,
    /// The transaction.
    pub signed: Signed,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// Why a transaction was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its bytes are no transaction in canonical form.
    Malformed,
    /// A rule refuses it.
    Rule(Refusal),
    /// It waits already, or there is no room.
    Full(Full),
}

impl Refused {
    /// The reason in a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::Malformed => "the bytes are no transaction in canonical form",
            Self::Rule(refusal) => refusal.text(),
            Self::Full(Full::Duplicate) => "the transaction waits here already",
            Self::Full(Full::Member) => "the member has too many transactions waiting",
            Self::Full(Full::Pool) => "too many transactions wait",
        }
    }

    /// The reason as one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "Malformed",
            Self::Rule(refusal) => refusal.name(),
            Self::Full(Full::Duplicate) => "Duplicate",
            Self::Full(Full::Member) => "MemberBusy",
            Self::Full(Full::Pool) => "Busy",
        }
    }
}

impl Checked {
    /// Reads a transaction and checks all its signatures for this chain.
    pub fn read(bytes: &[u8], chain: &Hash) -> Result<Self, Refused> {
        if bytes.len() > BYTES_MAX {
            return Err(Refused::Rule(Refusal::TooLarge));
        }
        Self::check(Signed::parse(bytes).map_err(|_| Refused::Malformed)?, bytes, chain)
    }

    /// Checks all signatures of a transaction that was read from these bytes.
    fn check(signed: Signed, bytes: &[u8], chain: &Hash) -> Result<Self, Refused> {
        let signing = signed.signing_bytes(chain);
        let good = |signature: &receivables::envelope::KeySignature| {
            verify(&signature.key, &signing, &signature.signature)
        };
        if signed.signatures.is_empty() {
            return Err(Refused::Rule(Refusal::Unsigned));
        }
        if !signed.signatures.iter().all(good) {
            return Err(Refused::Rule(Refusal::BadSignature));
        }
        for vouch in &signed.vouches {
            let message = vouch_bytes(chain, &vouch.pseudonym, vouch.sponsor);
            if !verify(&vouch.key, &message, &vouch.signature) {
                return Err(Refused::Rule(Refusal::BadVouch));
            }
        }
        Ok(Self { id: sha256(&[&signing]), hash: sha256(&[bytes]), signed, bytes: bytes.into() })
    }
}

/// Whether the signature is the key's (Ed25519, RFC 8032).
pub fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

/// For what was checked before.
pub(super) fn checked_before(_: &[u8; 32], _: &[u8], _: &[u8; 64]) -> bool {
    true
}

impl Replica {
    /// Takes in what one of this node's own clients sent; the other nodes will hear of it. Returns its id.
    pub fn admit(&self, bytes: &[u8], now_ms: u64) -> Result<Hash, Refused> {
        self.admitted(bytes, now_ms, true)
    }

    /// Takes in what another node handed on.
    pub(super) fn admit_from_node(&self, bytes: &[u8], now_ms: u64) -> Result<Hash, Refused> {
        self.admitted(bytes, now_ms, false)
    }

    fn admitted(&self, bytes: &[u8], now_ms: u64, own: bool) -> Result<Hash, Refused> {
        let taken = self.read(bytes).and_then(|checked| self.queue(checked, now_ms, own));
        if taken.is_err() {
            self.lock().counts.turned_away += 1;
        }
        taken
    }

    /// Reads a transaction and checks its signatures, which is the cost: not for one that waits already, nor for a
    /// member whose lane is full.
    fn read(&self, bytes: &[u8]) -> Result<Checked, Refused> {
        if bytes.len() > BYTES_MAX {
            return Err(Refused::Rule(Refusal::TooLarge));
        }
        let signed = Signed::parse(bytes).map_err(|_| Refused::Malformed)?;
        {
            let inner = self.lock();
            if inner.verified.contains(&sha256(&[bytes])) {
                return Err(Refused::Full(Full::Duplicate));
            }
            let member = inner.state.answers_for(&signed);
            if member.is_some_and(|member| inner.pool.lane_is_full(u64::from(member), bytes.len())) {
                return Err(Refused::Full(Full::Member));
            }
        }
        let begun = Instant::now();
        let checked = Checked::check(signed, bytes, &self.chain);
        let took = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let mut inner = self.lock();
        inner.counts.verified += 1;
        inner.counts.verify_ns += took;
        checked
    }

    fn queue(&self, checked: Checked, now_ms: u64, own: bool) -> Result<Hash, Refused> {
        let mut inner = self.lock();
        let height = inner.last.height + 1;
        let when = When { height, epoch: self.epoch_of(height), time_ms: now_ms.max(inner.last.time_ms) };
        inner.state.check(&when, &checked.signed, &checked_before).map_err(Refused::Rule)?;
        let member = inner.state.answers_for(&checked.signed).ok_or(Refused::Rule(Refusal::UnknownKey))?;
        let (bytes, until) = (checked.bytes.clone(), checked.signed.expires_ms);
        inner.pool.insert(u64::from(member), checked.hash, bytes, until).map_err(Refused::Full)?;
        inner.verified.insert(checked.hash);
        if own {
            inner.outgoing.push(checked.bytes);
        }
        Ok(checked.id)
    }
}
