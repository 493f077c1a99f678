//! Hands final blocks to the machine in order: first those that were final before this start, then those that come.

use std::sync::Arc;

use commonware_actor::Feedback;
use commonware_consensus::Reporter;
use commonware_consensus::marshal::Update;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::simplex::types::{Activity, Attributable as _};
use commonware_cryptography::sha256::Digest;
use commonware_runtime::Clock;
use commonware_utils::Acknowledgement as _;
use commonware_utils::acknowledgement::Exact;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::application::now_ms;
use crate::archive::Archive;
use crate::block::Sealed;
use crate::machine::Machine;

/// A final block, and whom to tell that it was executed. There are never more than the archive lets out at a time.
pub(crate) type Delivered = (Sealed, Exact);

/// Where the archive delivers.
#[derive(Clone)]
pub(crate) struct Deliver(pub(crate) UnboundedSender<Delivered>);

impl Reporter for Deliver {
    type Activity = Update<Sealed>;

    fn report(&mut self, update: Update<Sealed>) -> Feedback {
        match update {
            Update::Tip(..) => Feedback::Ok,
            Update::Block(block, executed) => match self.0.send((block.inner().clone(), executed)) {
                Ok(()) => Feedback::Ok,
                Err(_) => Feedback::Closed,
            },
        }
    }
}

/// Runs until the archive stops. `archived` is the height through which blocks were delivered before this start.
pub(crate) async fn run<E: Clock>(
    clock: E,
    machine: Arc<dyn Machine>,
    archive: Archive,
    archived: u64,
    mut delivered: UnboundedReceiver<Delivered>,
) {
    for height in machine.executed() + 1..=archived {
        let Some(block) = archive.block(height).await else { return };
        machine.execute(&block, now_ms(&clock));
    }
    while let Some((block, executed)) = delivered.recv().await {
        machine.execute(block.bytes(), now_ms(&clock));
        executed.acknowledge();
    }
}

/// Tells the machine of validators that contradict themselves.
#[derive(Clone)]
pub(crate) struct Evidence {
    pub(crate) machine: Arc<dyn Machine>,
    pub(crate) keys: Arc<[crate::Key]>,
}

impl Reporter for Evidence {
    type Activity = Activity<Scheme, Digest>;

    fn report(&mut self, activity: Self::Activity) -> Feedback {
        let found = match &activity {
            Activity::ConflictingNotarize(both) => Some((both.signer(), "voted for two blocks in one view")),
            Activity::ConflictingFinalize(both) => Some((both.signer(), "finalized two blocks in one view")),
            Activity::NullifyFinalize(both) => Some((both.signer(), "skipped and finalized one view")),
            _ => None,
        };
        if let Some((signer, what)) = found
            && let Some(key) = self.keys.get(usize::from(signer))
        {
            self.machine.evidence(*key, what);
        }
        Feedback::Ok
    }
}
