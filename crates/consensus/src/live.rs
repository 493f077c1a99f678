//! A node on real sockets and files: authenticated, encrypted links to known keys at known addresses.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use commonware_consensus::marshal::max_payload_size;
use commonware_consensus::marshal::standard::Standard;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_cryptography::ChaCha20Poly1305;
use commonware_cryptography::ed25519::PublicKey;
use commonware_p2p::authenticated::lookup;
use commonware_p2p::{Address, AddressableManager as _, AddressableTrackedPeers};
use commonware_runtime::{Handle, Metrics as _, Quota, Runner as _, Supervisor as _, tokio};
use commonware_stream::{cups, cups::Cups, sake, sake::Sake};
use commonware_utils::ordered::Map;
use commonware_utils::{NZU32, NZUsize, TryCollect as _};

use crate::archive::Archive;
use crate::block::Sealed;
use crate::gossip;
use crate::health::Health;
use crate::machine::{Machine, Peer};
use crate::schemes::{Schemes, private_key, public_key};
use crate::stack::{self, CHANNELS, Channels, Parts, Settings};

/// Validators and followers together, at most. Queues are sized from this and from [`QUOTA`].
const PEERS_MAX: std::num::NonZeroUsize = NZUsize!(16);
/// Messages a second from each peer on each channel: 50 blocks a second with all their votes, and some.
const QUOTA: std::num::NonZeroU32 = NZU32!(256);

/// A node and where it lives.
pub struct Live {
    /// What the chain has in common.
    pub settings: Settings,
    /// The node's secret seed.
    pub seed: [u8; 32],
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether it votes where its key is a validator's. A node that lost its vote journal must not.
    pub votes: bool,
    /// Nodes that follow without a vote.
    pub followers: Vec<Peer>,
    /// Directory of its archives and its vote journal, which must never be copied to a second machine.
    pub directory: PathBuf,
    /// What is ordered.
    pub machine: Arc<dyn Machine>,
}

/// What a node that has started offers.
#[derive(Clone)]
pub struct Started {
    /// Blocks and certificates.
    pub archive: Archive,
    /// Measurements in Prometheus' text form.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Started {
    /// How the network looks from this node.
    pub fn health(&self) -> Health {
        Health::read(&(self.metrics)())
    }
}

/// Runs a node on this thread and its own workers, until one of its parts fails or the process ends. Not generic, so
/// that the engine is compiled in this crate alone.
pub fn run(live: Live, started: Box<dyn FnOnce(Started) + Send>) {
    let config = tokio::Config::new()
        .with_worker_threads(2)
        .with_max_blocking_threads(8)
        .with_tcp_nodelay(Some(true))
        .with_storage_directory(live.directory.clone());
    tokio::Runner::new(config).start(|context| async move {
        let handshake = Cups::<_, ChaCha20Poly1305>::new(
            Sake {
                signer: private_key(&live.seed),
                synchrony_bound: Duration::from_secs(5),
                max_handshake_age: Duration::from_secs(10),
                version: sake::Version::V1,
            },
            cups::Version::V1,
        );
        let names = [live.settings.namespace.as_slice(), b"_P2P"].concat();
        let bytes_max = max_payload_size::<Standard<Sealed>, Scheme>(64, &live.settings.parse)
            .max(gossip::MESSAGE_BYTES_MAX + 1_024);
        let bytes_max = u32::try_from(bytes_max).expect("a block and its certificate");
        let mut config =
            lookup::Config::local(handshake, &names, live.listen, PEERS_MAX, bytes_max, stack::MAILBOX);
        config.tracked_peer_sets = NZUsize!(2);
        let (mut network, mut oracle) = lookup::Network::new(context.child("network"), config);
        let channels: Vec<_> =
            (0..CHANNELS).map(|channel| network.register(channel, Quota::per_second(QUOTA))).collect();
        let channels: [_; CHANNELS as usize] =
            channels.try_into().unwrap_or_else(|_| unreachable!("as many as were asked for"));
        let [votes, certificates, requests, backfill, blocks, gossip] = channels;
        let channels = Channels { votes, certificates, requests, backfill, blocks, gossip };
        let peers = oracle.clone();
        let blocker = oracle.clone();
        let followers = live.followers;
        let track = Box::new(move |epoch: u64, validators: &[Peer]| {
            let sets = AddressableTrackedPeers::new(addresses(validators), addresses(&followers));
            oracle.track(epoch, sets);
        });
        let mut tasks = vec![network.start()];
        let schemes = Schemes::new(&live.settings.namespace, private_key(&live.seed), live.votes);
        let parts = Parts {
            settings: live.settings,
            machine: live.machine,
            schemes,
            channels,
            blocker,
            peers,
            track,
            partition: "node".to_owned(),
        };
        let (archive, parts) = stack::start(context.child("node"), parts).await;
        tasks.extend(parts);
        let measured = context.child("measured");
        started(Started { archive, metrics: Arc::new(move || measured.encode()) });
        // All run for ever: the first that ends takes the node with it.
        let _ = Handle::select(tasks).await;
    });
}

fn addresses(peers: &[Peer]) -> Map<PublicKey, Address> {
    let known = peers.iter().filter_map(|peer| Some((public_key(&peer.key)?, Address::from(peer.address))));
    known.try_collect().unwrap_or_default()
}
