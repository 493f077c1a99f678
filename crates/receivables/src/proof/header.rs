//! A block's header: what validators sign, and all that a proof rests on. Knows no body.

use crate::codec::{Codec, record};
use crate::hash::{Hash, sha256};
use crate::transaction::TimeMs;

record! {
    /// The header; the block's digest is the hash of its canonical bytes. Roots speak of the state after the block at
    /// `executed_height`: this one, or an earlier one if execution follows behind.
    Header {
        /// Version of the rules.
        version: u8,
        /// The chain's id.
        chain: Hash,
        /// Height; genesis is 0.
        height: u64,
        /// The epoch, whose validators sign.
        epoch: u64,
        /// The block's time, never before its parent's.
        time_ms: TimeMs,
        /// The parent's digest.
        parent: Hash,
        /// Hash of all else that the block carries: its transactions and what the consensus needs.
        body: Hash,
        /// The height through which the roots below speak.
        executed_height: u64,
        /// How many events this header adds to the log.
        events: u32,
        /// Root over the events that this header adds: those of blocks above the parent's `executed_height`.
        events_root: Hash,
        /// How many events there are since genesis.
        log_size: u64,
        /// Root over all events since genesis.
        log_root: Hash,
        /// How the state root is made: [`crate::tree::SCHEME`].
        state_scheme: u8,
        /// The checkpoint: the height whose state the root is of.
        state_height: u64,
        /// The state root.
        state_root: Hash,
        /// On the last block of an epoch, the hash of the next epoch's validators.
        next_validators: Option<Hash>,
    }
}

impl Header {
    /// The block's digest.
    pub fn digest(&self) -> Hash {
        sha256(&[&self.encode()])
    }
}
