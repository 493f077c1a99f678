//! What proofs need of this node: leaves, paths and records. Certificates come from the ordering's archive.

use receivables::Hash;
use receivables::log::{Log, Nodes as _, tile};
use receivables::proof::{EventProof, EventTree, Header, StateProof};
use receivables::state::Key;

use super::{Outcome, Replica};

/// An event that is in the log.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its index.
    pub index: u64,
    /// The height at which it became true.
    pub height: u64,
}

impl Replica {
    /// One of the events of a transaction, by its id.
    pub fn event_of(&self, id: &Hash, number: u64) -> Option<Found> {
        let (height, outcome) = self.outcome(id)?;
        match outcome {
            Outcome::Applied { first, events } if number < events => {
                Some(Found { index: first + number, height })
            }
            _ => None,
        }
    }

    /// Canonical bytes of an event.
    pub fn entry(&self, index: u64) -> Option<Vec<u8>> {
        self.lock().leaves.leaf(index).ok().flatten()
    }

    /// A tile of the log's hashes, as many as there are now; nothing where there is none, or was before the snapshot.
    pub fn tile(&self, level: u32, index: u64) -> Option<Vec<u8>> {
        tile(&self.lock().log, level, index)
    }

    /// Shows an event under a final header. In the tree of the header's own events if it is one of them, because
    /// paths are shorter there; else in the log.
    pub fn prove_event(&self, index: u64, header: &Header) -> Option<EventProof> {
        let entry = self.entry(index)?;
        let inner = self.lock();
        let first = header.log_size - u64::from(header.events);
        if (first..header.log_size).contains(&index) {
            let mut run = Log::default();
            for leaf in first..header.log_size {
                run.append_hash(inner.log.node(0, leaf)?);
            }
            let path = run.inclusion(index - first, run.size())?;
            let (tree, size) = (EventTree::Block, run.size());
            return Some(EventProof { entry, tree, index: index - first, size, path });
        }
        let path = inner.log.inclusion(index, header.log_size)?;
        Some(EventProof { entry, tree: EventTree::Log, index, size: header.log_size, path })
    }

    /// Shows a record, or that there is none, at the last checkpoint, whose height comes with it.
    pub fn prove_state(&self, key: &Key) -> (u64, StateProof) {
        let inner = self.lock();
        (inner.checkpoint.0, inner.state.prove(key))
    }
}
