//! Taking transactions in: read, signatures checked outside of the lock, rules tried on the newest state, then queued.

use std::sync::Arc;
use std::time::Instant;

use receivables::envelope::{BYTES_MAX, vouch_bytes};
use receivables::hash::sha256;
use receivables::identity::Vouch;
use receivables::{Block as When, Hash, Refusal, Signed};
use ring::signature::{ED25519, UnparsedPublicKey};

use super::{Inner, Replica};
use crate::pool::Full;
use crate::signatures::{Claim, all_hold};

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
    /// Reads transactions and checks all their signatures for this chain.
    pub fn read(all: &[&[u8]], chain: &Hash) -> Vec<Result<Self, Refused>> {
        Self::check(all.iter().map(|bytes| Claimed::of(Parsed::read(bytes)?, chain)).collect())
    }

    /// Checks the signatures of all at once, and each alone only if some are bad.
    fn check(all: Vec<Result<Claimed, Refused>>) -> Vec<Result<Self, Refused>> {
        let claims =
            all.iter().flatten().flat_map(|claimed| claimed.signatures.iter().chain(&claimed.vouches));
        let good = all_hold(claims);
        all.into_iter()
            .map(|claimed| claimed.and_then(|one| if good { Ok(one.checked) } else { one.check() }))
            .collect()
    }
}

/// A transaction that was read, and the hash of its bytes.
struct Parsed<'a> {
    signed: Signed,
    hash: Hash,
    bytes: &'a [u8],
}

impl<'a> Parsed<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        if bytes.len() > BYTES_MAX {
            return Err(Refused::Rule(Refusal::TooLarge));
        }
        let signed = Signed::parse(bytes).map_err(|_| Refused::Malformed)?;
        Ok(Self { signed, hash: sha256(&[bytes]), bytes })
    }
}

/// A transaction whose signatures are still to be checked.
struct Claimed {
    checked: Checked,
    signatures: Vec<Claim>,
    vouches: Vec<Claim>,
}

impl Claimed {
    fn of(parsed: Parsed<'_>, chain: &Hash) -> Result<Self, Refused> {
        let Parsed { signed, hash, bytes } = parsed;
        if signed.signatures.is_empty() {
            return Err(Refused::Rule(Refusal::Unsigned));
        }
        let signing = signed.signing_bytes(chain);
        let signatures =
            signed.signatures.iter().map(|one| Claim::new(&one.key, &signing, &one.signature)).collect();
        let vouched = |vouch: &Vouch| {
            Claim::new(&vouch.key, &vouch_bytes(chain, &vouch.pseudonym, vouch.sponsor), &vouch.signature)
        };
        let vouches = signed.vouches.iter().map(vouched).collect();
        let checked = Checked { id: sha256(&[&signing]), hash, signed, bytes: bytes.into() };
        Ok(Self { checked, signatures, vouches })
    }

    fn check(self) -> Result<Checked, Refused> {
        if !self.signatures.iter().all(Claim::holds) {
            return Err(Refused::Rule(Refusal::BadSignature));
        }
        if !self.vouches.iter().all(Claim::holds) {
            return Err(Refused::Rule(Refusal::BadVouch));
        }
        Ok(self.checked)
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
        self.admit_all(&[bytes], now_ms).pop().expect("one answer each")
    }

    /// [`Replica::admit`] for many; an answer for each, in their order.
    pub fn admit_all(&self, all: &[&[u8]], now_ms: u64) -> Vec<Result<Hash, Refused>> {
        self.admitted(all, now_ms, true)
    }

    /// Takes in what another node handed on.
    pub(super) fn admit_from_node(&self, all: &[&[u8]], now_ms: u64) -> Vec<Result<Hash, Refused>> {
        self.admitted(all, now_ms, false)
    }

    fn admitted(&self, all: &[&[u8]], now_ms: u64, own: bool) -> Vec<Result<Hash, Refused>> {
        let wanted = self.wanted(all.iter().map(|bytes| Parsed::read(bytes)).collect());
        let begun = Instant::now();
        let claimed: Vec<_> = wanted.into_iter().map(|parsed| Claimed::of(parsed?, &self.chain)).collect();
        let count = claimed.iter().flatten().count() as u64;
        let checked = Checked::check(claimed);
        let took = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let mut inner = self.lock();
        inner.counts.verified += count;
        inner.counts.verify_ns += took;
        let taken: Vec<_> =
            checked.into_iter().map(|checked| self.queue(&mut inner, checked?, now_ms, own)).collect();
        inner.counts.turned_away += taken.iter().filter(|taken| taken.is_err()).count() as u64;
        taken
    }

    /// Leaves out those whose signatures need no check, which is the cost: one that waits already, or is of a member
    /// whose lane is full.
    fn wanted<'a>(&self, all: Vec<Result<Parsed<'a>, Refused>>) -> Vec<Result<Parsed<'a>, Refused>> {
        let inner = self.lock();
        let wanted = all.into_iter().map(|parsed| {
            let parsed = parsed?;
            if inner.verified.contains(&parsed.hash) {
                return Err(Refused::Full(Full::Duplicate));
            }
            let member = inner.state.answers_for(&parsed.signed);
            if member.is_some_and(|member| inner.pool.lane_is_full(u64::from(member), parsed.bytes.len())) {
                return Err(Refused::Full(Full::Member));
            }
            Ok(parsed)
        });
        wanted.collect()
    }

    fn queue(&self, inner: &mut Inner, checked: Checked, now_ms: u64, own: bool) -> Result<Hash, Refused> {
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
