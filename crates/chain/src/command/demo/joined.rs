//! A fifth node joins from a snapshot, as a follower: no block before it is fetched or executed.

use std::fs;
use std::time::Instant;

use anyhow::Context as _;

use super::checks::Checks;
use super::play::same_state;
use crate::stage::{FOLLOWER, Stage};

pub(super) async fn join(stage: &mut Stage, checks: &mut Checks) -> anyhow::Result<()> {
    println!();
    let begun = Instant::now();
    let bytes = stage.client(1).bytes("/snapshot").await?;
    let file = stage.directory.join("snapshot");
    fs::write(&file, &bytes).context("writing a snapshot")?;
    checks.tell(&format!(
        "validator 2 gives a snapshot of {} bytes after {:.1?}",
        bytes.len(),
        begun.elapsed()
    ));

    let mut changed = bytes.to_vec();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    let spoilt = stage.directory.join("snapshot.spoilt");
    fs::write(&spoilt, &changed).context("writing a spoilt snapshot")?;
    let refused = match stage.command("restore", FOLLOWER, &spoilt).await {
        Ok(_) => None,
        Err(why) => Some(why.to_string()),
    };
    let said = refused.as_deref().and_then(|why| why.split_once("written: ")).map_or("", |(_, why)| why);
    checks.hold(!said.is_empty(), &format!("with one bit changed it is refused: {said}"));

    let begun = Instant::now();
    stage.command("restore", FOLLOWER, &file).await?;
    let height = stage.client(0).height().await?;
    stage.start(FOLLOWER)?;
    stage.reached(FOLLOWER, height).await?;
    let what = format!("a fifth node begins with it and is in step after {:.1?}", begun.elapsed());
    checks.hold(same_state(&stage.client(0), &stage.client(FOLLOWER)).await?, &what);
    let votes = stage.client(FOLLOWER).text("/metrics").await?;
    checks.hold(votes.contains("\nsojourn_chain_votes 0\n"), "it follows and does not vote");
    Ok(())
}
