//! Judging blocks of others: the header must be the one that follows, and every transaction well signed. What a rule
//! says of a transaction is told at execution.

use std::sync::Arc;

use consensus::Judgement;
use receivables::Hash;
use receivables::hash::sha256;
use rustc_hash::FxHashSet;

use super::{Checked, Following, Replica};
use crate::block::{Block, body_hash, header_of};

/// How far a block's time may be ahead of this node's clock before it waits.
const AHEAD_MS: u64 = 500;

impl Replica {
    pub(super) fn judge_block(
        &self,
        round: consensus::Round,
        parent: &[u8],
        block: &[u8],
        now_ms: u64,
    ) -> Judgement {
        let (Some(parent), Some(block)) = (header_of(parent), Block::decode(block)) else {
            return Judgement::Refuse("not in canonical form");
        };
        let header = &block.header;
        if header.time_ms < parent.time_ms {
            return Judgement::Refuse("earlier than its parent");
        }
        if header.executed_height < parent.executed_height || header.executed_height > parent.height {
            return Judgement::Refuse("speaks of a state that its parent did not have");
        }
        if header.time_ms > now_ms + AHEAD_MS {
            return Judgement::Wait;
        }
        let unknown = {
            let inner = self.lock();
            // Of what was before a snapshot nothing is known that could refuse a block.
            if inner.last.height < header.executed_height || parent.executed_height < self.begun {
                return Judgement::Wait;
            }
            let following = Following {
                parent: &parent,
                round,
                executed_height: header.executed_height,
                time_ms: header.time_ms,
                body: body_hash(&block.transactions),
            };
            if self.header(&inner, &following).as_ref() != Some(header) {
                return Judgement::Refuse("its header does not follow from its parent and the state");
            }
            let hashed = block.transactions.iter().map(|bytes| (sha256(&[bytes]), bytes));
            let mut seen = FxHashSet::default();
            let mut unknown: Vec<(Hash, &Arc<[u8]>)> = Vec::new();
            for (hash, bytes) in hashed {
                if !seen.insert(hash) {
                    return Judgement::Refuse("has a transaction twice");
                }
                if !inner.verified.contains(&hash) {
                    unknown.push((hash, bytes));
                }
            }
            unknown
        };
        // Signatures are the cost: they are checked outside of the lock.
        let bytes: Vec<&[u8]> = unknown.iter().map(|(_, bytes)| &bytes[..]).collect();
        if Checked::read(&bytes, &self.chain).iter().any(Result::is_err) {
            return Judgement::Refuse("has a transaction that is not well signed");
        }
        self.lock().verified.extend(unknown.iter().map(|(hash, _)| *hash));
        Judgement::Accept
    }
}
