//! When a command that runs on is to end: somebody presses Ctrl-C or sends SIGTERM, or whoever started it is gone.

use std::io::Read;

use anyhow::Context;

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn asked() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// From now on this process ends, where it stands, when its standard input does. A network survives that.
pub(crate) fn with_standard_input() -> anyhow::Result<()> {
    let watch = || {
        let mut nothing = [0; 64];
        while matches!(std::io::stdin().read(&mut nothing), Ok(1..)) {}
        std::process::exit(0);
    };
    std::thread::Builder::new()
        .name("input-watch".into())
        .spawn(watch)
        .context("starting the input watch")?;
    Ok(())
}
