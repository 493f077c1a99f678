//! What a chain begins with, agreed by its hash. Knows no file format but the canonical one.

use crate::codec::{Codec, record};
use crate::hash::{Hash, sha256};
use crate::identity::{PublicKey, Validator, validators_hash};
use crate::transaction::{RegisterMember, TimeMs};

record! {
    /// The first members, their validators, and the rules they start with.
    Genesis {
        /// A name for people.
        name: String,
        /// When it begins; the first block is later.
        time_ms: TimeMs,
        /// Blocks of an epoch: validators change only at its end.
        epoch_blocks: u64,
        /// Blocks a lost key's replacement by governance waits.
        recovery_blocks: u64,
        /// The members.
        members: Vec<RegisterMember>,
        /// The validators of epoch 0.
        validators: Vec<Validator>,
    }
}

impl Genesis {
    /// The chain's id. It commits to the first validators apart from the rest, so that a proof needs only their keys
    /// and this hash to be checked against the id.
    pub fn chain(&self) -> Hash {
        chain_id(&self.hash(), &self.keys())
    }

    /// The hash of the canonical bytes.
    pub fn hash(&self) -> Hash {
        sha256(&[&self.encode()])
    }

    /// The first validators' keys, ascending: the order in which certificates number them.
    pub fn keys(&self) -> Vec<PublicKey> {
        let mut keys: Vec<PublicKey> = self.validators.iter().map(|validator| validator.key).collect();
        keys.sort_unstable();
        keys
    }
}

/// The id of the chain with this genesis hash and these first validators.
pub fn chain_id(genesis: &Hash, keys: &[PublicKey]) -> Hash {
    sha256(&[b"sojourn chain", genesis, &validators_hash(keys)])
}
