//! `chain snapshot` and `chain restore`: a node's state at a checkpoint in a file, and a node that begins with it.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use receivables::codec::hex;

use crate::client::Client;
use crate::files::{Home, ORDERING, RESTORED, SNAPSHOT};
use crate::snapshot::Snapshot;

/// Takes a snapshot of a running node at its next checkpoint.
///
/// Best of a node that follows: writing a large state down holds it up for a moment. The file holds no key and no vote
/// journal; whoever restores it checks it against the chain's id.
#[derive(clap::Args)]
pub(super) struct Take {
    /// The node's address for clients
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7100")]
    node: String,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Take {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let bytes = Client::new(&self.node).bytes("/snapshot").await?;
        fs::write(&self.out, &bytes).with_context(|| format!("writing {}", self.out.display()))?;
        println!("{} bytes in {} after {:.1?}", bytes.len(), self.out.display(), begun.elapsed());
        Ok(())
    }
}

/// Lets a node begin with a snapshot. Its directory was made by `init` and `join`, and it has never run.
///
/// Certificate, state root and log root are checked against the chain's id before anything is written. The node comes
/// back as a follower: what its key may have voted for is not in a snapshot, so that key never votes again. `rotate`
/// makes another key that votes when governance has named it.
#[derive(clap::Args)]
pub(super) struct Restore {
    /// The node's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The snapshot
    snapshot: PathBuf,
}

impl Restore {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let home = Home::open(&self.data)?;
        for taken in [ORDERING, SNAPSHOT] {
            ensure!(
                !home.directory.join(taken).exists(),
                "{} is there already: a snapshot is restored into a directory whose node has never run, because a \
                 vote journal and a snapshot do not go together",
                home.directory.join(taken).display()
            );
        }
        let begun = Instant::now();
        let file = self.snapshot.display();
        let bytes = fs::read(&self.snapshot).with_context(|| format!("reading {file}"))?;
        let restored = match Snapshot::check(&bytes, &home.genesis) {
            Ok(restored) => restored,
            Err(flaw) => bail!("{file} is refused, nothing was written: {flaw}"),
        };
        // First that the key does not vote: without that the snapshot must not be there.
        fs::write(home.directory.join(RESTORED), hex(&home.key()) + "\n")
            .context("writing which key is lost")?;
        let unfinished = home.directory.join("snapshot.unfinished");
        fs::write(&unfinished, &bytes).context("writing the snapshot")?;
        fs::rename(&unfinished, home.directory.join(SNAPSHOT)).context("writing the snapshot")?;
        println!(
            "height {}, {} records, {} events before it, checked in {:.1?}",
            restored.header.height,
            restored.state.records(),
            restored.log.size,
            begun.elapsed()
        );
        println!("this node follows and does not vote: `chain run --data {}`", self.data.display());
        let epoch = restored.header.epoch;
        if restored.state.validators(epoch).iter().any(|validator| validator.key == home.key()) {
            println!(
                "its key is a validator's, but what it voted for is lost: `chain rotate` makes a key that votes again"
            );
        }
        Ok(())
    }
}
