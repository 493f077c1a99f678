//! What a snapshot needs of this node, and a copy of the chain that begins with one.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;

use receivables::log::{Frontier, Log};
use receivables::proof::{EpochStep, Header, StateProof};
use receivables::state::Key;
use receivables::{Genesis, Hash};
use tokio::sync::oneshot;

use super::{Inner, Last, Replica, Roots};
use crate::leaves::Leaves;
use crate::pool::Bounds;
use crate::snapshot::Restored;

/// The state at a checkpoint as this node has it, before anything proves it to others.
#[derive(Clone, Debug)]
pub struct Dump {
    /// The block at the checkpoint.
    pub header: Header,
    /// The log's right edge.
    pub log: Frontier,
    /// The state's canonical bytes.
    pub state: Vec<u8>,
    /// The chain's own record under the state root.
    pub record: StateProof,
}

impl Replica {
    /// A copy that has executed what a snapshot has. It judges no block whose roots it would need from before.
    pub fn restored(
        genesis: &Genesis,
        directory: Option<&Path>,
        bounds: Bounds,
        restored: Restored,
    ) -> io::Result<Self> {
        let replica = Self::new(genesis, directory, bounds)?;
        let Restored { header, log: frontier, mut state, epochs, anchor: _ } = restored;
        let log = Log::from_frontier(&frontier).ok_or_else(|| io::Error::other("no right edge of a log"))?;
        let state_root = state.root();
        let roots =
            Roots { log_size: log.size(), log_root: log.root(), state_height: header.height, state_root };
        let last = Last { height: header.height, digest: header.digest(), time_ms: header.time_ms };
        {
            let mut inner = replica.lock();
            let leaves = std::mem::replace(&mut inner.leaves, Leaves::in_memory());
            inner.leaves = leaves.starting_at(log.size());
            inner.roots = BTreeMap::from([(header.height, roots)]);
            inner.checkpoint = (header.height, state_root);
            inner.recent = VecDeque::new();
            (inner.state, inner.log, inner.last) = (state, log, last);
        }
        replica.executed.send_replace(header.height);
        Ok(Self { begun: header.height, epochs, ..replica })
    }

    /// The height of the snapshot that this copy began with; 0 if it began with the first block.
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// Changes of validators that came with the snapshot.
    pub fn epochs(&self) -> &[EpochStep] {
        &self.epochs
    }

    /// The state at the next checkpoint. Writing it down holds this node up: some seconds with a million records.
    pub fn want_dump(&self) -> oneshot::Receiver<Dump> {
        let (answer, made) = oneshot::channel();
        self.lock().wanted.push(answer);
        made
    }
}

/// At a checkpoint, whose root was just made.
pub(super) fn dump_wanted(inner: &mut Inner, header: &Header) {
    inner.wanted.retain(|asked| !asked.is_closed());
    if inner.wanted.is_empty() {
        return;
    }
    let dump = Dump {
        header: header.clone(),
        log: inner.log.frontier(),
        state: inner.state.dump(),
        record: inner.state.prove(&Key::Chain(())),
    };
    for asked in std::mem::take(&mut inner.wanted) {
        // Whoever asked may have gone.
        let _ = asked.send(dump.clone());
    }
}

/// Why a node stops rather than go on with a state that others do not have.
pub(super) fn compare(inner: &Inner, header: &Header) {
    let Some(roots) = inner.roots.get(&header.executed_height) else { return };
    let Roots { log_size, log_root, state_height, state_root } = *roots;
    let said: (u64, Hash, u64, Hash) =
        (header.log_size, header.log_root, header.state_height, header.state_root);
    assert!(
        said == (log_size, log_root, state_height, state_root),
        "the final block {} speaks of another state at {} than this node has: it must not go on",
        header.height,
        header.executed_height
    );
}
