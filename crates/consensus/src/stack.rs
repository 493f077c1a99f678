//! The engine's parts put together for one node, on whatever runtime and network: broadcast, archive, delivery, gossip
//! and the epochs' voting. Knows no machine from inside.

use std::sync::Arc;
use std::time::Duration;

use commonware_broadcast::buffered;
use commonware_codec::Decode as _;
use commonware_consensus::marshal::core::Actor;
use commonware_consensus::marshal::resolver::p2p as backfill;
use commonware_consensus::marshal::standard::Standard;
use commonware_consensus::marshal::{self, Start};
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::simplex::types::Finalization;
use commonware_consensus::types::{Epoch, Epocher as _, FixedEpocher, Height, ViewDelta};
use commonware_cryptography::certificate::Verifier as _;
use commonware_cryptography::ed25519::PublicKey;
use commonware_p2p::{Blocker, Provider, Receiver, Sender};
use commonware_parallel::Sequential;
use commonware_runtime::buffer::paged::CacheRef;
use commonware_runtime::{Clock, Handle, Metrics, Spawner, Storage};
use commonware_storage::archive::immutable;
use commonware_utils::{NZDuration, NZU16, NZU64, NZUsize};
use rand_core::CryptoRng;

use crate::application::Application;
use crate::archive::Archive;
use crate::block::{Parse, Sealed};
use crate::epochs::{self, Epochs, Track};
use crate::executor::{self, Deliver};
use crate::gossip;
use crate::machine::Machine;
use crate::schemes::Schemes;

/// What all nodes of a chain have in common, and where a node starts.
#[derive(Clone)]
pub struct Settings {
    /// What votes of this chain are signed under.
    pub namespace: Vec<u8>,
    /// The first block.
    pub genesis: Vec<u8>,
    /// Reads blocks.
    pub parse: Parse,
    /// Blocks of an epoch.
    pub epoch_blocks: u64,
    /// Where a node without history starts: a [`crate::Finalization::anchor`] of the block its machine has executed.
    pub anchor: Option<Vec<u8>>,
}

/// Channels by what they carry. The first three have one sub-channel for each epoch.
pub(crate) struct Channels<S, R> {
    pub(crate) votes: (S, R),
    pub(crate) certificates: (S, R),
    pub(crate) requests: (S, R),
    pub(crate) backfill: (S, R),
    pub(crate) blocks: (S, R),
    pub(crate) gossip: (S, R),
}

/// How many channels there are.
pub(crate) const CHANNELS: u64 = 6;

/// One node's parts from outside.
pub(crate) struct Parts<S, R, B, P> {
    pub(crate) settings: Settings,
    pub(crate) machine: Arc<dyn Machine>,
    pub(crate) schemes: Schemes,
    pub(crate) channels: Channels<S, R>,
    pub(crate) blocker: B,
    pub(crate) peers: P,
    pub(crate) track: Track,
    /// Prefix of the names under which it stores.
    pub(crate) partition: String,
}

/// Starts a node. It runs until one of the tasks ends or the context is gone.
pub(crate) async fn start<E, S, R, B, P>(context: E, parts: Parts<S, R, B, P>) -> (Archive, Vec<Handle<()>>)
where
    E: Clock + CryptoRng + Spawner + Storage + Metrics,
    S: Sender<PublicKey = PublicKey>,
    R: Receiver<PublicKey = PublicKey>,
    B: Blocker<PublicKey = PublicKey> + Sync,
    P: Provider<PublicKey = PublicKey>,
{
    let Parts { settings, machine, schemes, channels, blocker, peers, track, partition } = parts;
    let cache = CacheRef::new(NZU16!(4_096), NZUsize!(512));
    let epocher = FixedEpocher::new(settings.epoch_blocks.try_into().unwrap_or(NZU64!(1)));
    let executed = machine.executed();
    let current = epocher.containing(Height::new(executed)).map_or(0, |info| info.epoch().get());
    // Blocks of any age can come in, so the validators of every epoch so far are needed.
    for epoch in 0..=current {
        schemes.learn(Epoch::new(epoch), &machine.validators(epoch));
    }

    let resolver = backfill::init(
        context.child("backfill"),
        backfill::Config {
            public_key: schemes.me(),
            peer_provider: peers.clone(),
            blocker: blocker.clone(),
            mailbox_size: MAILBOX,
            fetch_timeout: NZDuration!(Duration::from_secs(2)),
            fetch_retry_delay: Duration::from_millis(100),
            priority_requests: false,
            priority_responses: false,
        },
        channels.backfill,
    );
    let (broadcast, buffer) = buffered::Engine::new(
        context.child("broadcast"),
        buffered::Config {
            public_key: schemes.me(),
            mailbox_size: MAILBOX,
            deque_size: 16,
            priority: false,
            codec_config: settings.parse,
            peer_provider: peers,
            strategy: Sequential,
        },
    );
    let mut tasks = vec![broadcast.start(channels.blocks)];
    tasks.extend(gossip::start(&context.child("gossip"), &machine, channels.gossip));

    let any_certificate = Scheme::certificate_codec_config_unbounded();
    let names = |kind: &str| format!("{partition}-{kind}");
    let certificates = archive(&names("certificates"), cache.clone(), any_certificate);
    let certificates = immutable::Archive::init(context.child("certificates"), certificates)
        .await
        .expect("the archive of certificates opens; without it the node must not run");
    let blocks = archive(&names("blocks"), cache.clone(), settings.parse);
    let blocks = immutable::Archive::init(context.child("blocks"), blocks)
        .await
        .expect("the archive of blocks opens; without it the node must not run");
    let start = match &settings.anchor {
        Some(bytes) => Start::Floor(
            Finalization::decode_cfg(bytes::Bytes::copy_from_slice(bytes), &any_certificate)
                .expect("the anchor was checked with the snapshot"),
        ),
        None => Start::Genesis(
            Sealed::read(settings.genesis.clone().into(), settings.parse)
                .expect("the genesis block is made here")
                .digested(),
        ),
    };
    let config = marshal::Config {
        provider: schemes.clone(),
        epocher: epocher.clone(),
        start,
        partition_prefix: names("marshal"),
        mailbox_size: MAILBOX,
        view_retention: ViewDelta::new(VIEWS_KEPT),
        prunable_items_per_section: NZU64!(256),
        page_cache: cache.clone(),
        replay_buffer: NZUsize!(1 << 20),
        key_write_buffer: NZUsize!(1 << 16),
        value_write_buffer: NZUsize!(1 << 20),
        block_codec_config: settings.parse,
        max_repair: NZUsize!(64),
        max_pending_acks: NZUsize!(32),
        strategy: Sequential,
    };
    let (actor, mailbox, floor) = Actor::<_, Standard<Sealed>, _, _, _, _, _>::init(
        context.child("marshal"),
        certificates,
        blocks,
        config,
    )
    .await;
    let (deliver, delivered) = tokio::sync::mpsc::unbounded_channel();
    tasks.push(actor.start(Deliver(deliver), buffer, resolver));
    let archived = floor.processed().map_or(0, |processed| processed.height().get());
    let archive = Archive(mailbox.clone());
    let (executing, reading) = (machine.clone(), archive.clone());
    let run = move |clock| executor::run(clock, executing, reading, archived, delivered);
    tasks.push(context.child("executor").spawn(run));

    let application = Application { machine: machine.clone(), parse: settings.parse };
    let epochs = Epochs {
        machine,
        schemes,
        epocher,
        application,
        marshal: mailbox,
        blocker,
        track,
        cache,
        partition,
        archived,
    };
    let voting = (channels.votes, channels.certificates, channels.requests);
    tasks.push(context.child("epochs").spawn(move |context| epochs::run(context, epochs, voting)));
    (archive, tasks)
}

/// Messages that wait inside the engine.
pub(crate) const MAILBOX: std::num::NonZeroUsize = NZUsize!(256);
/// Views behind the final one that are remembered.
pub(crate) const VIEWS_KEPT: u64 = 64;

fn archive<C>(name: &str, cache: CacheRef, codec_config: C) -> immutable::Config<C> {
    let part = |kind: &str| format!("{name}-{kind}");
    immutable::Config {
        metadata_partition: part("metadata"),
        freezer_table_partition: part("table"),
        freezer_table_initial_size: 16_384,
        freezer_table_resize_frequency: 4,
        freezer_table_resize_chunk_size: 4_096,
        freezer_key_partition: part("keys"),
        freezer_key_page_cache: cache,
        freezer_value_partition: part("values"),
        freezer_value_target_size: 256 << 20,
        freezer_value_compression: None,
        ordinal_partition: part("ordinal"),
        items_per_section: NZU64!(16_384),
        codec_config,
        replay_buffer: NZUsize!(1 << 20),
        freezer_key_write_buffer: NZUsize!(1 << 16),
        freezer_value_write_buffer: NZUsize!(1 << 20),
        ordinal_write_buffer: NZUsize!(1 << 16),
    }
}
