//! What makes a header final: signatures of more than two thirds of the epoch's validators over one vote. The vote's
//! bytes are those of Simplex as commonware signs them: namespace, epoch, view, parent view, digest.

use super::Header;
use crate::codec::record;
use crate::envelope::Verify;
use crate::hash::Hash;
use crate::identity::{PublicKey, Signature};

record! {
    /// One validator's vote.
    ValidatorSignature {
        /// Its number among the epoch's keys in ascending order.
        index: u32,
        /// Over [`vote_bytes`].
        signature: Signature,
    }
}

record! {
    /// A finalization.
    Certificate {
        /// The epoch.
        epoch: u64,
        /// The view in which the block was proposed.
        view: u64,
        /// The view of its parent.
        parent_view: u64,
        /// The votes, by ascending index.
        signatures: Vec<ValidatorSignature>,
    }
}

impl Certificate {
    /// Whether these validators made this header final. Every signature must be good, not only enough of them.
    pub fn finalizes(&self, header: &Header, chain: &Hash, keys: &[PublicKey], check: Verify<'_>) -> bool {
        let enough = !keys.is_empty() && self.signatures.len() >= quorum(keys.len());
        let ascending = self.signatures.windows(2).all(|pair| pair[0].index < pair[1].index);
        if header.chain != *chain || header.epoch != self.epoch || !enough || !ascending {
            return false;
        }
        let bytes = vote_bytes(chain, self.epoch, self.view, self.parent_view, &header.digest());
        self.signatures.iter().all(|vote| {
            let key = keys.get(vote.index as usize);
            key.is_some_and(|key| check(key, &bytes, &vote.signature))
        })
    }
}

/// Votes that make a block final among so many validators: all but the third that may fail.
pub fn quorum(validators: usize) -> usize {
    validators - validators.saturating_sub(1) / 3
}

/// The namespace under which this chain's validators sign: `vote ‖ chain`.
pub fn consensus_namespace(chain: &Hash) -> Vec<u8> {
    [b"vote".as_slice(), chain].concat()
}

/// What validators sign to finalize: `len(ns) ‖ ns ‖ epoch ‖ view ‖ parent view ‖ digest`, where `ns` is
/// [`consensus_namespace`] and `_FINALIZE`, and the numbers are LEB128.
pub fn vote_bytes(chain: &Hash, epoch: u64, view: u64, parent_view: u64, digest: &Hash) -> Vec<u8> {
    let namespace = [consensus_namespace(chain).as_slice(), b"_FINALIZE"].concat();
    let mut bytes = Vec::new();
    varint(namespace.len() as u64, &mut bytes);
    bytes.extend_from_slice(&namespace);
    for number in [epoch, view, parent_view] {
        varint(number, &mut bytes);
    }
    bytes.extend_from_slice(digest);
    bytes
}

fn varint(number: u64, out: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    out.push(rest.to_le_bytes()[0]);
}
