//! Proofs that anybody can check offline with the chain's id alone: this event is final, this record stood in the
//! state at that height, or none did. Knows no network and no Ed25519: the caller gives the check of a signature.

pub mod base64;
mod certificate;
mod file;
mod header;

pub use certificate::{Certificate, ValidatorSignature, consensus_namespace, quorum, vote_bytes};
pub use header::Header;

use crate::codec::{Codec, Malformed};
use crate::envelope::Verify;
use crate::event::Entry;
use crate::genesis::chain_id;
use crate::hash::{Hash, sha256};
use crate::identity::{PublicKey, validators_hash};
use crate::log;
use crate::state::Key;
use crate::tree::{self, TreeProof};

/// Bytes of a proof file: a hundred epochs of thirty validators fit.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A proof as it is kept in a file; [`Proof::to_json`] and [`Proof::parse`] are its only written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The chain's id.
    pub chain: Hash,
    /// Hash of the genesis.
    pub genesis: Hash,
    /// Keys of the validators of epoch 0, ascending.
    pub validators: Vec<PublicKey>,
    /// How the validators changed since.
    pub epochs: Vec<EpochStep>,
    /// The final header that all below rests on.
    pub header: Header,
    /// What makes it final.
    pub certificate: Certificate,
    /// An event under the header.
    pub event: Option<EventProof>,
    /// A record, or its absence, under the header.
    pub state: Option<StateProof>,
}

/// The last header of an epoch, which names the validators of the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochStep {
    /// The header.
    pub header: Header,
    /// What makes it final, signed by the epoch's validators.
    pub certificate: Certificate,
    /// Keys of the next epoch's validators, ascending.
    pub validators: Vec<PublicKey>,
}

/// Which of a header's trees an event is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventTree {
    /// The events that this header adds.
    Block,
    /// All events since genesis.
    Log,
}

/// An event's place in one of the header's trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventProof {
    /// Canonical bytes of the [`Entry`].
    pub entry: Vec<u8>,
    /// Which tree.
    pub tree: EventTree,
    /// The leaf's index.
    pub index: u64,
    /// Leaves of the tree.
    pub size: u64,
    /// Siblings from the leaf up.
    pub path: Vec<Hash>,
}

/// A record of the state, or its absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateProof {
    /// The record's key, see [`Key`].
    pub key: Vec<u8>,
    /// The record's canonical bytes, or nothing if it is absent.
    pub value: Option<Vec<u8>>,
    /// What stands at the key's place.
    pub tree: TreeProof,
}

/// What a good proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The final header.
    pub header: Header,
    /// The event that is final.
    pub event: Option<Entry>,
    /// The record's key and its bytes at the header's state height; no bytes if there was none.
    pub state: Option<(Vec<u8>, Option<Vec<u8>>)>,
}

/// Why a proof shows nothing, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Not the one written form of a proof.
    Malformed,
    /// Neither an event nor a record.
    Empty,
    /// Another chain than asked for, or its first validators are others.
    WrongChain,
    /// A step between epochs that does not follow.
    BadEpoch,
    /// The certificate is not for this header, or too few or wrong signatures.
    BadCertificate,
    /// The event is not under the header's root.
    BadEvent,
    /// The record or its absence is not under the state root.
    BadState,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Flaw::Malformed => "not the written form of a proof",
            Flaw::Empty => "shows neither an event nor a record",
            Flaw::WrongChain => "of another chain",
            Flaw::BadEpoch => "a change of validators does not follow",
            Flaw::BadCertificate => "the header is not shown to be final",
            Flaw::BadEvent => "the event is not under the header",
            Flaw::BadState => "the record is not under the state root",
        })
    }
}

impl From<Malformed> for Flaw {
    fn from(_: Malformed) -> Self {
        Flaw::Malformed
    }
}

/// Reads a proof file and checks it against the chain's id. All signatures in it are checked, not only a quorum, so
/// that no byte of the file can change.
pub fn verify(text: &str, chain: &Hash, check: Verify<'_>) -> Result<Shown, Flaw> {
    Proof::parse(text)?.verify(chain, check)
}

impl Proof {
    /// Checks the proof against the chain's id.
    pub fn verify(&self, chain: &Hash, check: Verify<'_>) -> Result<Shown, Flaw> {
        if self.event.is_none() && self.state.is_none() {
            return Err(Flaw::Empty);
        }
        if self.chain != *chain || chain_id(&self.genesis, &self.validators) != *chain {
            return Err(Flaw::WrongChain);
        }
        let keys = self.last_validators(check)?;
        if !self.certificate.finalizes(&self.header, chain, keys, check) {
            return Err(Flaw::BadCertificate);
        }
        let event = self.event.as_ref().map(|event| event.under(&self.header)).transpose()?;
        let state = self.state.as_ref().map(|state| state.under(&self.header)).transpose()?;
        Ok(Shown { header: self.header.clone(), event, state })
    }

    /// The validators whose signatures the header needs, after every step between epochs.
    fn last_validators(&self, check: Verify<'_>) -> Result<&[PublicKey], Flaw> {
        let (mut keys, mut epoch) = (self.validators.as_slice(), 0);
        if !ascending(keys) {
            return Err(Flaw::WrongChain);
        }
        for step in &self.epochs {
            let named = step.header.next_validators == Some(validators_hash(&step.validators));
            let follows = step.header.epoch == epoch && named && ascending(&step.validators);
            if !follows || !step.certificate.finalizes(&step.header, &self.chain, keys, check) {
                return Err(Flaw::BadEpoch);
            }
            keys = &step.validators;
            epoch += 1;
        }
        if self.header.epoch == epoch { Ok(keys) } else { Err(Flaw::BadEpoch) }
    }
}

impl EventProof {
    fn under(&self, header: &Header) -> Result<Entry, Flaw> {
        let (root, size) = match self.tree {
            EventTree::Block => (&header.events_root, u64::from(header.events)),
            EventTree::Log => (&header.log_root, header.log_size),
        };
        let leaf = log::leaf_hash(&self.entry);
        if self.size != size || !log::verify_inclusion(&leaf, self.index, size, &self.path, root) {
            return Err(Flaw::BadEvent);
        }
        Entry::decode(&self.entry).map_err(|_| Flaw::BadEvent)
    }
}

impl StateProof {
    fn under(&self, header: &Header) -> Result<(Vec<u8>, Option<Vec<u8>>), Flaw> {
        let key = sha256(&[&self.key]);
        let value = self.value.as_ref().map(|value| sha256(&[value]));
        let stands =
            self.tree.verify(&header.state_root, &key, value.as_ref()) && Key::decode(&self.key).is_ok();
        if header.state_scheme != tree::SCHEME || !stands {
            return Err(Flaw::BadState);
        }
        Ok((self.key.clone(), self.value.clone()))
    }
}

fn ascending(keys: &[PublicKey]) -> bool {
    keys.windows(2).all(|pair| pair[0] < pair[1])
}
