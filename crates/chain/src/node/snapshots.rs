//! Takes snapshots: waits for a checkpoint at which everything that proves it can be had. Knows no file.

use std::time::Duration;

use consensus::Archive;
use receivables::proof::Header;

use super::proofs;
use crate::replica::{Dump, Replica};
use crate::snapshot::Snapshot;

/// Checkpoints that are tried: not every one has a header that speaks of exactly its height.
const TRIES: usize = 16;
/// How long one checkpoint may take to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// Headers above the checkpoint among which one must speak of it.
const ABOVE: u64 = 8;
/// How often the next header is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// A snapshot of the next checkpoint that can be proved.
pub(crate) async fn take(replica: &Replica, archive: &Archive) -> Result<Snapshot, &'static str> {
    for _ in 0..TRIES {
        let dump = tokio::time::timeout(PATIENCE, replica.want_dump()).await;
        let dump = dump.ok().and_then(Result::ok).ok_or("no checkpoint came in time")?;
        let height = dump.header.height;
        let begun = tokio::time::Instant::now();
        while replica.standing().height < height + ABOVE && begun.elapsed() < PATIENCE {
            tokio::time::sleep(LOOK).await;
        }
        if let Some(snapshot) = prove(dump, replica, archive).await {
            return Ok(snapshot);
        }
    }
    Err("no checkpoint of late has a header that speaks of exactly its height")
}

/// Proves a dump with what is final already; nothing if that does not suffice.
pub(crate) async fn prove(dump: Dump, replica: &Replica, archive: &Archive) -> Option<Snapshot> {
    let height = dump.header.height;
    let anchor = archive.finalization(height).await?.anchor;
    for above in height + 1..=height + ABOVE {
        let Some((header, certificate)) = proofs::certified(archive, above).await else { continue };
        if speaks_of(&header, &dump.header) {
            let mut proof = proofs::bare(replica, archive, header, certificate).await.ok()?;
            proof.state = Some(dump.record);
            return Some(Snapshot { proof, header: dump.header, anchor, log: dump.log, state: dump.state });
        }
    }
    None
}

fn speaks_of(above: &Header, checkpoint: &Header) -> bool {
    above.executed_height == checkpoint.height && above.epoch == checkpoint.epoch
}
