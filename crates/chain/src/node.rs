//! A running node: the ordering on threads of its own, and HTTP for its clients on this one.

mod edge;
mod metrics;
mod pages;
mod promotion;
pub(crate) mod proofs;
pub(crate) mod queries;
pub(crate) mod snapshots;
mod text;
mod tiles;

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
use crate::snapshot::Snapshot;

pub use edge::BATCH_MAX;

/// Runs the node of a directory until the process ends or the ordering fails.
pub fn run(home: &Home) -> anyhow::Result<()> {
    let (replica, start) = begin(home)?;
    let (ready, started) = oneshot::channel();
    let votes = start.votes;
    let live = live(home, &replica, start);
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
            served = serve(home, replica, started, votes) => served,
            _ = ended => bail!("the ordering ended: see above"),
        }
    })
}

async fn serve(home: &Home, replica: Arc<Replica>, started: Started, votes: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(home.config.clients)
        .await
        .with_context(|| format!("listening on {}", home.config.clients))?;
    let key = home.key();
    let edge = edge::Edge::new(replica.clone(), started, home, votes)
        .context("opening the list of questions for fingerprints")?;
    let serving = hop::serve(listener, None, Arc::new(edge)).context("serving clients")?;
    println!("node {} of chain {}", hex(&key[..4]), home.config.chain);
    println!("nodes {}, clients http://{}", home.config.nodes, serving.address);
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => {
            stopped?;
            serving.stop().await;
            Ok(())
        }
        () = promotion::due(home, &replica) => promotion::take_up(home),
    }
}

/// Where a node starts, and whether it may vote.
struct Start {
    anchor: Option<Vec<u8>>,
    votes: bool,
}

/// The first block's state, or that of the snapshot that was restored here, checked again.
fn begin(home: &Home) -> anyhow::Result<(Arc<Replica>, Start)> {
    let votes = home.may_vote()?;
    let (genesis, directory) = (&home.genesis, Some(home.directory.as_path()));
    let Some(bytes) = home.snapshot()? else {
        let replica = trailed(home, Replica::new(genesis, directory, Bounds::default())?);
        return Ok((Arc::new(replica), Start { anchor: None, votes }));
    };
    let restored = Snapshot::check(&bytes, genesis)
        .map_err(|flaw| anyhow::anyhow!("the snapshot in {}: {flaw}", home.directory.display()))?;
    let anchor = Some(restored.anchor.clone());
    let replica = trailed(home, Replica::restored(genesis, directory, Bounds::default(), restored)?);
    println!("begins with the snapshot at height {}", replica.begun());
    if !votes {
        println!("does not vote: this key came back from a snapshot, without its vote journal");
    }
    Ok((Arc::new(replica), Start { anchor, votes }))
}

fn trailed(home: &Home, replica: Replica) -> Replica {
    if home.config.explorer { replica.with_trails() } else { replica }
}

fn live(home: &Home, replica: &Arc<Replica>, start: Start) -> Live {
    let settings = Settings {
        namespace: consensus_namespace(replica.chain()),
        genesis: replica.first().encode(),
        parse: Block::parse,
        epoch_blocks: home.genesis.epoch_blocks,
        anchor: start.anchor,
    };
    let followers = home.config.followers.iter().filter_map(|follower| {
        let key = unhex(&follower.key)?.try_into().ok()?;
        Some(Peer { key, address: follower.address })
    });
    Live {
        settings,
        seed: home.seed,
        listen: home.config.nodes,
        votes: start.votes,
        followers: followers.collect(),
        directory: home.directory.join(crate::files::ORDERING),
        machine: replica.clone(),
    }
}

/// Milliseconds since 1970 by this machine's clock.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
