//! The adviser beside the network: recovered from its own journal, ended with the process. Knows nothing of payments.

use std::time::Instant;

use anyhow::{Context, anyhow};
use journal::{Files, Options};
use runtime::{Advising, Desk};
use tokio::sync::oneshot;

use crate::config::Config;

/// The running desk, and what tells when it ended.
pub(super) struct Beside {
    pub(super) desk: Desk,
    ended: oneshot::Receiver<std::thread::Result<Result<(), journal::Error>>>,
}

/// Starts the adviser if the configuration has an `[advice]` section.
pub(super) fn start(config: &Config) -> anyhow::Result<Option<Beside>> {
    let Some(advice) = &config.advice else { return Ok(None) };
    let directory = config.path(&advice.directory);
    std::fs::create_dir_all(&directory).with_context(|| format!("making {}", directory.display()))?;
    let begun = Instant::now();
    let options = Options { segment_bytes: advice.segment_mib << 20, ..Options::default() };
    let (adviser, journal, recovery) = runtime::recover_adviser(Files::at(&directory), options)?;
    if let Some(torn) = &recovery.torn {
        tracing::warn!(
            file = torn.file,
            offset = torn.offset,
            bytes = torn.bytes,
            "a torn batch was cut off"
        );
    }
    let seconds = begun.elapsed().as_secs_f64();
    tracing::info!(records = recovery.records, seconds, "the adviser is recovered");
    let Advising { desk, thread } =
        runtime::start_advising(adviser, journal).context("starting the adviser's thread")?;
    let (tell, ended) = oneshot::channel();
    std::thread::Builder::new()
        .name("adviser-watch".into())
        .spawn(move || tell.send(thread.join()))
        .context("starting the adviser's watch")?;
    Ok(Some(Beside { desk, ended }))
}

/// Waits until the desk ends by itself, which it must not; for ever if there is none.
pub(super) async fn ended(beside: &mut Option<Beside>) -> anyhow::Error {
    let Some(beside) = beside else { return std::future::pending().await };
    match (&mut beside.ended).await {
        Ok(Ok(Err(error))) => {
            anyhow!(error).context("the adviser's journal cannot be written; the process stops")
        }
        Ok(Err(_)) => anyhow!("a broken invariant stopped the adviser; see the message above"),
        Ok(Ok(Ok(()))) | Err(_) => anyhow!("the adviser ended by itself"),
    }
}

/// Ends the desk and waits for it.
pub(super) async fn stop(beside: Option<Beside>) {
    if let Some(beside) = beside {
        beside.desk.stop();
        let _ = beside.ended.await;
    }
}
