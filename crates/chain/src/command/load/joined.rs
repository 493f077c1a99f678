//! How long a new node takes to join from a snapshot of the state as it has become.

use std::time::Instant;

use crate::stage::{FOLLOWER, Stage};

/// The last validator was restarted with an emptied disk before this: what it took is the comparison.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<()> {
    let begun = Instant::now();
    let bytes = stage.client(0).bytes("/snapshot").await?;
    let taken = begun.elapsed();
    let file = stage.directory.join("snapshot");
    std::fs::write(&file, &bytes)?;
    let begun = Instant::now();
    let said = stage.command("restore", FOLLOWER, &file).await?;
    let restored = begun.elapsed();
    let there = stage.client(0).height().await?;
    stage.start(FOLLOWER)?;
    stage.reached(FOLLOWER, there).await?;
    println!(
        "snapshot: {} bytes, taken in {taken:.1?} (waiting for a checkpoint included), restored in {restored:.1?}, \
         in step at height {there} {:.1?} after the restoration began; {}",
        bytes.len(),
        begun.elapsed(),
        said.lines().next().unwrap_or_default()
    );
    stage.kill(FOLLOWER)
}
