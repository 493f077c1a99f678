//! Puts proofs together: the node's leaves, paths and records, and the ordering's certificates. What is made here is
//! checked by `receivables`, as its holder will.

use std::time::Duration;

use consensus::Archive;
use receivables::codec::Codec as _;
use receivables::proof::{Certificate, EpochStep, Header, Proof};
use receivables::state::Key;
use receivables::{Entry, Hash};

use crate::block::header_of;
use crate::replica::{Found, Replica};
use crate::snapshot::certificate_of;

/// How long a proof waits for the certificate that it needs.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(20);

/// Shows that an event of a transaction is final.
pub(crate) async fn of_event(
    replica: &Replica,
    archive: &Archive,
    id: &Hash,
    event: u64,
) -> Result<Proof, &'static str> {
    let Found { index, height } = replica.event_of(id, event).ok_or("no such event, or of long ago")?;
    of_event_at(replica, archive, index, height).await
}

/// Shows that the event of an index in the log is final, however old it is.
pub(crate) async fn of_entry(
    replica: &Replica,
    archive: &Archive,
    index: u64,
) -> Result<Proof, &'static str> {
    let entry = replica.entry(index).ok_or("no such event here")?;
    let entry = Entry::decode(&entry).map_err(|_| "the event cannot be read")?;
    of_event_at(replica, archive, index, entry.height).await
}

async fn of_event_at(
    replica: &Replica,
    archive: &Archive,
    index: u64,
    height: u64,
) -> Result<Proof, &'static str> {
    let covers = |header: &Header| header.executed_height >= height;
    let (header, certificate) = final_header(replica, archive, height + 1, covers).await?;
    let shown = replica.prove_event(index, &header).ok_or("the event cannot be read")?;
    let mut proof = bare(replica, archive, header, certificate).await?;
    proof.event = Some(shown);
    Ok(proof)
}

/// Shows a record of the state at the last checkpoint, or that there is none. Waits only where that checkpoint is so
/// young that no header with its root is final.
pub(crate) async fn of_state(
    replica: &Replica,
    archive: &Archive,
    key: &[u8],
) -> Result<Proof, &'static str> {
    let key = Key::decode(key).map_err(|_| "not a record's key")?;
    let (height, shown) = replica.prove_state(&key);
    let covers = |header: &Header| header.state_height == height;
    let (header, certificate) = final_header(replica, archive, height + 1, covers).await?;
    let mut proof = bare(replica, archive, header, certificate).await?;
    proof.state = Some(shown);
    Ok(proof)
}

pub(crate) async fn bare(
    replica: &Replica,
    archive: &Archive,
    header: Header,
    certificate: Certificate,
) -> Result<Proof, &'static str> {
    let genesis = replica.genesis();
    let blocks = genesis.epoch_blocks.max(1);
    let mut epochs = replica.epochs().to_vec();
    for epoch in epochs.len() as u64..header.epoch {
        let last = (epoch + 1) * blocks - 1;
        let (header, certificate) =
            certified(archive, last).await.ok_or("a certificate of an earlier epoch is missing here")?;
        let mut keys: Vec<_> =
            replica.look(|state| state.validators(epoch + 1).iter().map(|validator| validator.key).collect());
        keys.sort_unstable();
        epochs.push(EpochStep { header, certificate, validators: keys });
    }
    Ok(Proof {
        chain: *replica.chain(),
        genesis: genesis.hash(),
        validators: genesis.keys(),
        epochs,
        header,
        certificate,
        event: None,
        state: None,
    })
}

/// The first final header from a height on that has a certificate of its own and covers what is to be shown.
async fn final_header(
    replica: &Replica,
    archive: &Archive,
    from: u64,
    covers: impl Fn(&Header) -> bool,
) -> Result<(Header, Certificate), &'static str> {
    let begun = tokio::time::Instant::now();
    let mut height = from;
    while begun.elapsed() < PATIENCE {
        if height > replica.standing().height {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        if let Some((header, certificate)) = certified(archive, height).await
            && covers(&header)
        {
            return Ok((header, certificate));
        }
        height += 1;
    }
    Err("no certificate came in time")
}

pub(crate) async fn certified(archive: &Archive, height: u64) -> Option<(Header, Certificate)> {
    let header = header_of(&archive.block(height).await?)?;
    let found = archive.finalization(height).await?;
    Some((header, certificate_of(found)))
}
