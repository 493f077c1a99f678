//! A running node: the ordering on threads of its own, and HTTP for its clients on this one.

mod edge;
mod proofs;
mod text;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use consensus::{Live, Peer, Settings, Started};
use receivables::codec::{hex, unhex};
use receivables::proof::consensus_namespace;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::block::Block;
use crate::files::Home;
use crate::pool::Bounds;
use crate::replica::Replica;

pub use edge::BATCH_MAX;

/// Runs the node of a directory until the process ends or the ordering fails.
pub fn run(home: &Home) -> anyhow::Result<()> {
    let replica = Replica::new(&home.genesis, Some(&home.directory), Bounds::default())?;
    let replica = Arc::new(replica);
    let (ready, started) = oneshot::channel();
    let live = live(home, &replica);
    // Dropped with the thread, however it ends.
    let (running, ended) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new().name("ordering".to_owned()).spawn(move || {
        let tell = move |started| drop(ready.send(started));
        consensus::run(live, Box::new(tell));
        drop(running);
    });
    thread.context("starting the ordering's thread")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let started = started.await.context("the ordering did not start: see above")?;
        tokio::select! {
            served = serve(home, replica, started) => served,
            _ = ended => bail!("the ordering ended: see above"),
        }
    })
}

async fn serve(home: &Home, replica: Arc<Replica>, started: Started) -> anyhow::Result<()> {
    let listener = TcpListener::bind(home.config.clients)
        .await
        .with_context(|| format!("listening on {}", home.config.clients))?;
    let key = home.key();
    let edge = edge::Edge::new(replica, started, key);
    let serving = hop::serve(listener, None, Arc::new(edge)).context("serving clients")?;
    println!("node {} of chain {}", hex(&key[..4]), home.config.chain);
    println!("nodes {}, clients http://{}", home.config.nodes, serving.address);
    tokio::signal::ctrl_c().await?;
    serving.stop().await;
    Ok(())
}

fn live(home: &Home, replica: &Arc<Replica>) -> Live {
    let settings = Settings {
        namespace: consensus_namespace(replica.chain()),
        genesis: replica.first().encode(),
        parse: Block::parse,
        epoch_blocks: home.genesis.epoch_blocks,
        anchor: None,
    };
    let followers = home.config.followers.iter().filter_map(|follower| {
        let key = unhex(&follower.key)?.try_into().ok()?;
        Some(Peer { key, address: follower.address })
    });
    Live {
        settings,
        seed: home.seed,
        listen: home.config.nodes,
        followers: followers.collect(),
        directory: home.directory.join("ordering"),
        machine: replica.clone(),
    }
}

/// Milliseconds since 1970 by this machine's clock.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
