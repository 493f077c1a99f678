//! The link between the chain and a payment network: a process of the settlement member's own. It tells the network what
//! is final, with proofs, and asks the chain for what the network holds money for. It may be killed at any moment:
//! `receivables::link` decides, and what it knows can be read again.

mod home;
mod metrics;
mod network;
mod nodes;
mod pause;
mod round;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use receivables::codec::hex;

pub use home::{KEY, LINK, LinkHome, Settings, TOKEN};
use metrics::Counts;
use network::Network;
use nodes::Nodes;
use pause::Pause;
use round::Link;

use crate::node::now_ms;

/// How often it says where it stands.
const STATUS: Duration = Duration::from_secs(60);

/// Runs the link of a directory until it is asked to stop.
pub async fn run(home: LinkHome) -> anyhow::Result<()> {
    let counts = Arc::new(Counts::default());
    let serving = match home.settings.metrics {
        Some(address) => Some(metrics::serve(address, counts.clone()).await?),
        None => None,
    };
    let mut link = Link::open(home, counts)?;
    say(&link.introduction());
    if let Some(serving) = &serving {
        say(&format!("metrics at http://{}/metrics", serving.address));
    }
    let (mut pause, mut told) = (Pause::default(), Instant::now());
    // One for all rounds: whoever asks it to stop is heard whatever it does or waits for.
    let stopped = stop();
    tokio::pin!(stopped);
    loop {
        let round = tokio::select! {
            asked = &mut stopped => return asked.map(|()| say("stops")),
            round = link.round() => round,
        };
        if let Err(trouble) = round {
            say(&format!("{trouble:#}; again soon"));
            link.recover();
            tokio::select! {
                asked = &mut stopped => return asked.map(|()| say("stops")),
                () = tokio::time::sleep(pause.next()) => {}
            }
        } else {
            pause = Pause::default();
        }
        if told.elapsed() >= STATUS {
            say(&link.status());
            told = Instant::now();
        }
    }
}

/// Checks, without changing anything, that nodes, network and key belong together; tells what it finds.
pub async fn check(home: &LinkHome) -> anyhow::Result<()> {
    let nodes = Nodes::new(&home.settings, home.chain);
    for line in nodes.check(&home.signer.key).await? {
        println!("{line}");
    }
    let network = Network::new(&home.settings.network, &home.token);
    let (open, _) = network.open().await.context("the network's open deliveries")?;
    println!("network {}: takes the token; {} deliveries open", home.settings.network, open.len());
    println!("settler's key {}", hex(&home.signer.key));
    Ok(())
}

async fn stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminated.recv() => {}
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// One line of the log, with the time of day in UTC. A reader that is gone does not stop the link.
fn say(line: &str) {
    use std::io::Write as _;
    let of_day = now_ms() % receivables::state::DAY_MS;
    let (seconds, thousandths) = (of_day / 1_000, of_day % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let out = std::io::stdout();
    let _ = writeln!(out.lock(), "{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03} {line}");
}
