//! Proposing: the header that must follow, and a fair choice of what waits.

use receivables::hash::sha256;
use receivables::identity::validators_hash;
use receivables::log::{Frontier, Nodes};
use receivables::proof::Header;
use receivables::{Hash, tree};
use rustc_hash::FxHashSet;

use super::{Following, Inner, Replica};
use crate::block::{BODY_BYTES_MAX, Block, TRANSACTIONS_MAX, VERSION, body_hash, header_of};

/// Bytes that each transaction takes beside its own.
const LENGTH_BYTES: usize = 4;

impl Replica {
    pub(super) fn propose_block(
        &self,
        round: consensus::Round,
        parent: &[u8],
        pending: &[&[u8]],
        now_ms: u64,
    ) -> Option<Block> {
        let parent = header_of(parent)?;
        let blocks = pending.iter().filter_map(|bytes| Block::decode(bytes));
        let taken = blocks.flat_map(|block| block.transactions).map(|bytes| sha256(&[&bytes]));
        let taken: FxHashSet<Hash> = taken.collect();
        let mut inner = self.lock();
        let room = BODY_BYTES_MAX - LENGTH_BYTES * (TRANSACTIONS_MAX + 1);
        let transactions = inner.pool.choose(room, TRANSACTIONS_MAX, &taken);
        let executed_height = inner.last.height.min(parent.height);
        let following = Following {
            parent: &parent,
            round,
            executed_height,
            time_ms: now_ms.max(parent.time_ms),
            body: body_hash(&transactions),
        };
        let header = self.header(&inner, &following)?;
        Some(Block { header, transactions })
    }

    /// The one header that can follow; `None` if the roots it must speak of are not remembered.
    pub(super) fn header(&self, inner: &Inner, following: &Following<'_>) -> Option<Header> {
        let Following { parent, round, executed_height, time_ms, body } = following;
        let height = parent.height + 1;
        let roots = inner.roots.get(executed_height)?;
        let before = inner.roots.get(&parent.executed_height)?;
        let next_validators = self.ends_epoch(height).then(|| {
            let keys = inner.state.validators(round.epoch + 1).iter().map(|validator| validator.key);
            validators_hash(&keys.collect::<Vec<_>>())
        });
        Some(Header {
            version: VERSION,
            chain: self.chain,
            height,
            epoch: self.epoch_of(height),
            time_ms: *time_ms,
            parent: parent.digest(),
            body: *body,
            executed_height: *executed_height,
            events: u32::try_from(roots.log_size - before.log_size).ok()?,
            events_root: run_root(inner, before.log_size, roots.log_size)?,
            log_size: roots.log_size,
            log_root: roots.log_root,
            state_scheme: tree::SCHEME,
            state_height: roots.state_height,
            state_root: roots.state_root,
            next_validators,
        })
    }
}

/// The root over the leaves `from..to` of the log alone.
fn run_root(inner: &Inner, from: u64, to: u64) -> Option<Hash> {
    let mut run = Frontier::default();
    for index in from..to {
        run.append(inner.log.node(0, index)?);
    }
    Some(run.root())
}
