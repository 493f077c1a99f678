//! One node's copy of the chain: takes transactions in, proposes and judges blocks, executes what is final. Knows no
//! network and no engine; time is told to it.
//!
//! Blocks are ordered first and executed when final. A header speaks of the state after an earlier block, its
//! `executed_height`, which its proposer had executed: nothing is ever executed that may not become final.

mod admit;
mod execute;
mod figures;
mod judge;
mod propose;
mod prove;
mod snapshot;
#[cfg(test)]
pub(crate) mod tests;
mod trail;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use receivables::codec::hex;
use receivables::log::Log;
use receivables::proof::{EpochStep, Header};
use receivables::{Genesis, Hash, Refusal, State};
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::{oneshot, watch};

use crate::block::Block;
use crate::leaves::Leaves;
use crate::pool::{Bounds, Pool};

pub use admit::{Checked, Refused, verify};
pub use figures::{Overdue, Source, Taken};
pub use prove::Found;
pub use snapshot::Dump;
pub use trail::Minute;

/// Heights between checkpoints: the state root in headers is that of the last one, and so are proofs of the state.
pub const CHECKPOINT_BLOCKS: u64 = 16;
/// Heights whose roots are remembered. A header that speaks of an older state is refused.
const ROOTS_KEPT: u64 = 4_096;
/// Transactions whose outcome is remembered by their ids.
const OUTCOMES_KEPT: usize = 100_000;

/// A node's copy of the chain.
pub struct Replica {
    chain: Hash,
    genesis: Genesis,
    first: Block,
    /// The height of the snapshot that it began with.
    begun: u64,
    /// Changes of validators that came with it.
    epochs: Vec<EpochStep>,
    inner: Mutex<Inner>,
    executed: watch::Sender<u64>,
}

struct Inner {
    state: State,
    log: Log,
    leaves: Leaves,
    pool: Pool,
    /// Hashes of waiting transactions whose signatures are good: they are checked once.
    verified: FxHashSet<Hash>,
    outgoing: Vec<Arc<[u8]>>,
    last: Last,
    roots: BTreeMap<u64, Roots>,
    checkpoint: (u64, Hash),
    outcomes: FxHashMap<Hash, (u64, Outcome)>,
    recent: VecDeque<Executed>,
    wanted: Vec<oneshot::Sender<Dump>>,
    counts: Counts,
    evidence: Vec<String>,
    trail: trail::Trail,
}

/// The last executed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Last {
    height: u64,
    digest: Hash,
    time_ms: u64,
}

/// What a header says after a height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Roots {
    log_size: u64,
    log_root: Hash,
    state_height: u64,
    state_root: Hash,
}

/// What became of a transaction in a final block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed; its events in the log begin here.
    Applied {
        /// Index of the first event.
        first: u64,
        /// How many there are.
        events: u64,
    },
    /// It changed nothing.
    Refused(Refusal),
}

/// A final block, executed.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Its height.
    pub height: u64,
    /// When this node had executed it, by its clock.
    pub at_ms: u64,
    /// The block's time.
    pub time_ms: u64,
    /// Its digest.
    pub digest: Hash,
    /// What became of each transaction, by id.
    pub outcomes: Vec<(Hash, Outcome)>,
}

/// Counted since this node started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Transactions applied.
    pub applied: u64,
    /// Transactions refused at execution.
    pub refused: u64,
    /// Transactions refused at admission.
    pub turned_away: u64,
    /// Blocks of others that were refused.
    pub blocks_refused: u64,
    /// Transactions whose signatures were checked.
    pub verified: u64,
    /// Nanoseconds that this took.
    pub verify_ns: u64,
}

/// Where a node stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Height of the last executed block.
    pub height: u64,
    /// Its digest.
    pub digest: Hash,
    /// Its time.
    pub time_ms: u64,
    /// Events in the log.
    pub log_size: u64,
    /// Root of the log.
    pub log_root: Hash,
    /// The last checkpoint.
    pub state_height: u64,
    /// The state's root there.
    pub state_root: Hash,
    /// Records of the state.
    pub records: usize,
    /// When this node had executed the last block, by its clock; 0 before the first.
    pub executed_at_ms: u64,
    /// Transactions that wait.
    pub waiting: usize,
    /// Bytes of those.
    pub waiting_bytes: usize,
    /// What was counted.
    pub counts: Counts,
    /// Validators that contradicted themselves.
    pub evidence: Vec<String>,
}

impl Replica {
    /// A copy that has executed nothing yet. Without a directory the log's leaves are kept in memory.
    pub fn new(genesis: &Genesis, directory: Option<&Path>, bounds: Bounds) -> io::Result<Self> {
        let refused = |refusal: Refusal| io::Error::other(format!("the genesis: {}", refusal.text()));
        let mut state = State::genesis(genesis).map_err(refused)?;
        let first = Block::genesis(genesis, &mut state);
        let leaves = match directory {
            Some(directory) => Leaves::in_file(&directory.join("events"))?,
            None => Leaves::in_memory(),
        };
        let header = &first.header;
        let roots =
            Roots { log_size: 0, log_root: header.log_root, state_height: 0, state_root: header.state_root };
        let inner = Inner {
            state,
            log: Log::default(),
            leaves,
            pool: Pool::new(bounds),
            verified: FxHashSet::default(),
            outgoing: Vec::new(),
            last: Last { height: 0, digest: header.digest(), time_ms: header.time_ms },
            roots: BTreeMap::from([(0, roots)]),
            checkpoint: (0, header.state_root),
            outcomes: FxHashMap::default(),
            recent: VecDeque::new(),
            wanted: Vec::new(),
            counts: Counts::default(),
            evidence: Vec::new(),
            trail: trail::Trail::default(),
        };
        Ok(Self {
            chain: genesis.chain(),
            genesis: genesis.clone(),
            first,
            begun: 0,
            epochs: Vec::new(),
            inner: Mutex::new(inner),
            executed: watch::Sender::new(0),
        })
    }

    /// The chain's id.
    pub fn chain(&self) -> &Hash {
        &self.chain
    }

    /// What the chain began with.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The first block.
    pub fn first(&self) -> &Block {
        &self.first
    }

    /// Where this node stands.
    pub fn standing(&self) -> Standing {
        let inner = self.lock();
        Standing {
            height: inner.last.height,
            digest: inner.last.digest,
            time_ms: inner.last.time_ms,
            log_size: inner.log.size(),
            log_root: inner.log.root(),
            state_height: inner.checkpoint.0,
            state_root: inner.checkpoint.1,
            records: inner.state.records(),
            executed_at_ms: inner.recent.back().map_or(0, |executed| executed.at_ms),
            waiting: inner.pool.len(),
            waiting_bytes: inner.pool.bytes(),
            counts: inner.counts,
            evidence: inner.evidence.clone(),
        }
    }

    /// An executed block of late.
    pub fn executed_at(&self, height: u64) -> Option<Executed> {
        self.lock().recent.iter().find(|executed| executed.height == height).cloned()
    }

    /// The digest of a final block of late, for comparing nodes.
    pub fn digest_at(&self, height: u64) -> Option<Hash> {
        self.executed_at(height).map(|executed| executed.digest)
    }

    /// The roots after a height of late: log size, log root, checkpoint, state root.
    pub fn roots_at(&self, height: u64) -> Option<(u64, Hash, u64, Hash)> {
        let inner = self.lock();
        let roots = inner.roots.get(&height)?;
        Some((roots.log_size, roots.log_root, roots.state_height, roots.state_root))
    }

    /// What became of a transaction, and at which height. Old ones are forgotten.
    pub fn outcome(&self, id: &Hash) -> Option<(u64, Outcome)> {
        self.lock().outcomes.get(id).copied()
    }

    /// Executed blocks above a height, oldest first, as far as they are remembered.
    pub fn executed_since(&self, height: u64) -> Vec<Executed> {
        let inner = self.lock();
        inner.recent.iter().filter(|executed| executed.height > height).cloned().collect()
    }

    /// Changes with each executed block.
    pub fn heights(&self) -> watch::Receiver<u64> {
        self.executed.subscribe()
    }

    /// Looks at the state as it is now.
    pub fn look<T>(&self, at: impl FnOnce(&State) -> T) -> T {
        at(&self.lock().state)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while the lock was held is a broken invariant: the process is about to end.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The epoch of the next block.
    pub fn epoch(&self) -> u64 {
        self.epoch_of(self.lock().last.height + 1)
    }

    fn epoch_of(&self, height: u64) -> u64 {
        height / self.genesis.epoch_blocks.max(1)
    }

    fn ends_epoch(&self, height: u64) -> bool {
        self.epoch_of(height + 1) > self.epoch_of(height)
    }
}

impl Inner {
    fn roots(&self) -> Roots {
        Roots {
            log_size: self.log.size(),
            log_root: self.log.root(),
            state_height: self.checkpoint.0,
            state_root: self.checkpoint.1,
        }
    }
}

impl consensus::Machine for Replica {
    fn executed(&self) -> u64 {
        *self.executed.borrow()
    }

    fn has_work(&self) -> bool {
        !self.lock().pool.is_empty()
    }

    fn propose(
        &self,
        round: consensus::Round,
        parent: &[u8],
        pending: &[&[u8]],
        now_ms: u64,
    ) -> Option<Vec<u8>> {
        self.propose_block(round, parent, pending, now_ms).map(|block| block.encode())
    }

    fn judge(
        &self,
        round: consensus::Round,
        parent: &[u8],
        block: &[u8],
        now_ms: u64,
    ) -> consensus::Judgement {
        let judgement = self.judge_block(round, parent, block, now_ms);
        if matches!(judgement, consensus::Judgement::Refuse(_)) {
            self.lock().counts.blocks_refused += 1;
        }
        judgement
    }

    fn execute(&self, block: &[u8], now_ms: u64) {
        let block = Block::decode(block).expect("only blocks that were read become final");
        self.execute_block(&block, now_ms);
    }

    fn validators(&self, epoch: u64) -> Vec<consensus::Peer> {
        let inner = self.lock();
        let validators = inner.state.validators(epoch).iter();
        let peers = validators.filter_map(|validator| {
            Some(consensus::Peer { key: validator.key, address: validator.address.parse().ok()? })
        });
        peers.collect()
    }

    fn outgoing(&self) -> Vec<Arc<[u8]>> {
        std::mem::take(&mut self.lock().outgoing)
    }

    fn incoming(&self, transactions: &[&[u8]], now_ms: u64) {
        // Whoever sent one is told by its own node what was wrong with it.
        let _ = self.admit_from_node(transactions, now_ms);
    }

    fn evidence(&self, validator: consensus::Key, what: &'static str) {
        let line = format!("{} {what}", hex(&validator));
        let mut inner = self.lock();
        if !inner.evidence.contains(&line) {
            inner.evidence.push(line);
        }
    }
}

/// What a proposal and a judgement have in common: the header that must follow.
struct Following<'a> {
    parent: &'a Header,
    round: consensus::Round,
    executed_height: u64,
    time_ms: u64,
    body: Hash,
}
