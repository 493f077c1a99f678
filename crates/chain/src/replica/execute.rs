//! Executing final blocks: every transaction changes the state and adds events to the log, or is refused with a reason.

use std::sync::Arc;

use receivables::codec::Codec as _;
use receivables::hash::sha256;
use receivables::{Block as When, Entry, Hash, Signed};

use super::admit::checked_before;
use super::snapshot::{compare, dump_wanted};
use super::{CHECKPOINT_BLOCKS, Executed, Inner, Last, OUTCOMES_KEPT, Outcome, ROOTS_KEPT, Replica};
use crate::block::Block;

/// Verified transactions that are remembered although they are not in the pool: those of blocks under way.
const VERIFIED_SLACK: usize = 20_000;

impl Replica {
    pub(super) fn execute_block(&self, block: &Block, now_ms: u64) {
        let header = &block.header;
        let mut inner = self.lock();
        if header.height <= inner.last.height {
            return;
        }
        assert_eq!(header.height, inner.last.height + 1, "final blocks come in order");
        assert_eq!(header.parent, inner.last.digest, "a final block follows the final block before it");
        compare(&inner, header);
        let when = When { height: header.height, epoch: header.epoch, time_ms: header.time_ms };
        let mut outcomes = Vec::with_capacity(block.transactions.len());
        for bytes in &block.transactions {
            let (id, outcome) = self.execute_one(&mut inner, &when, bytes);
            match outcome {
                Outcome::Applied { .. } => inner.counts.applied += 1,
                Outcome::Refused(_) => inner.counts.refused += 1,
            }
            outcomes.push((id, outcome));
        }
        inner.pool.expire(header.time_ms);
        inner.last = Last { height: header.height, digest: header.digest(), time_ms: header.time_ms };
        if header.height.is_multiple_of(CHECKPOINT_BLOCKS) {
            inner.checkpoint = (header.height, inner.state.root());
            dump_wanted(&mut inner, header);
        }
        let roots = inner.roots();
        inner.roots.insert(header.height, roots);
        while inner.roots.len() as u64 > ROOTS_KEPT {
            inner.roots.pop_first();
        }
        inner.trail.block(header.time_ms, now_ms, outcomes.len());
        remember(&mut inner, header.height, now_ms, outcomes);
        drop(inner);
        self.executed.send_replace(header.height);
    }

    fn execute_one(&self, inner: &mut Inner, when: &When, bytes: &Arc<[u8]>) -> (Hash, Outcome) {
        let hash = sha256(&[bytes]);
        inner.pool.remove(&hash);
        inner.verified.remove(&hash);
        let signed = Signed::parse(bytes).expect("a final block has only transactions that can be read");
        let id = signed.id(&self.chain);
        // Final means that more than two thirds judged the block, and each of them checked every signature.
        let outcome = match inner.state.execute(when, &signed, &checked_before) {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(events) => {
                let first = inner.log.size();
                let count = events.len() as u64;
                for event in events {
                    let entry = Entry { height: when.height, time_ms: when.time_ms, transaction: id, event };
                    let leaf = entry.encode();
                    let index = inner.log.append(&leaf);
                    let Inner { trail, state, .. } = &mut *inner;
                    trail.event(state, index, &entry);
                    inner
                        .leaves
                        .append(&leaf)
                        .expect("the disk takes events; without them no node may go on");
                }
                Outcome::Applied { first, events: count }
            }
        };
        (id, outcome)
    }
}

fn remember(inner: &mut Inner, height: u64, at_ms: u64, outcomes: Vec<(Hash, Outcome)>) {
    for (id, outcome) in &outcomes {
        let applied = matches!(inner.outcomes.get(id), Some((_, Outcome::Applied { .. })));
        // A repetition is refused; what became of the first stays known.
        if !applied {
            inner.outcomes.insert(*id, (height, *outcome));
        }
    }
    let Last { digest, time_ms, .. } = inner.last;
    inner.recent.push_back(Executed { height, at_ms, time_ms, digest, outcomes });
    while inner.recent.len() as u64 > ROOTS_KEPT || inner.outcomes.len() > OUTCOMES_KEPT {
        let Some(old) = inner.recent.pop_front() else { break };
        for (id, _) in old.outcomes {
            inner.outcomes.remove(&id);
        }
    }
    if inner.verified.len() > inner.pool.len() + VERIFIED_SLACK {
        let Inner { verified, pool, .. } = inner;
        verified.retain(|hash| pool.holds(hash));
    }
}
