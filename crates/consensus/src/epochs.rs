//! One voting engine after the other: each epoch has its own validators, and begins when the last block of the one
//! before is executed. Asks for what is final elsewhere when nothing moves here. Knows who votes only from the machine.

use std::sync::Arc;
use std::time::Duration;

use commonware_consensus::Reporters;
use commonware_consensus::marshal::core::Mailbox;
use commonware_consensus::marshal::standard::{Inline, Standard};
use commonware_consensus::simplex;
use commonware_consensus::simplex::config::{Floor, ForwardPolicy, SkipBudget, SkipPolicy};
use commonware_consensus::simplex::elector::RoundRobin;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::types::{Epoch, Epocher as _, FixedEpocher, Height, ViewDelta};
use commonware_cryptography::certificate::Scheme as _;
use commonware_cryptography::ed25519::PublicKey;
use commonware_cryptography::sha256::{Digest, Sha256};
use commonware_p2p::utils::mux::{MuxHandle, Muxer};
use commonware_p2p::{Blocker, Receiver, Sender};
use commonware_parallel::Sequential;
use commonware_runtime::buffer::paged::CacheRef;
use commonware_runtime::{Clock, Handle, Metrics, Spawner, Storage};
use commonware_utils::vec::NonEmptyVec;
use commonware_utils::{NZDuration, NZUsize};
use rand_core::CryptoRng;

use crate::application::Application;
use crate::archive::Archive;
use crate::block::Sealed;
use crate::executor::Evidence;
use crate::machine::{Machine, Peer};
use crate::schemes::{Schemes, key_bytes, public_key};
use crate::stack::{MAILBOX, VIEWS_KEPT};

/// Tells the network whom an epoch needs.
pub(crate) type Track = Box<dyn FnMut(u64, &[Peer]) + Send + Sync>;

/// How often the end of an epoch is looked for.
const LOOK: Duration = Duration::from_millis(10);
/// How long nothing may be executed before others are asked, by one who votes.
const STILL: Duration = Duration::from_secs(2);
/// How often one who only follows asks.
const FOLLOW: Duration = Duration::from_millis(50);
/// Heights ahead that are asked for: not every block has a certificate of its own.
const ASKED_AHEAD: u64 = 8;

/// What the epochs share.
pub(crate) struct Epochs<B> {
    pub(crate) machine: Arc<dyn Machine>,
    pub(crate) schemes: Schemes,
    pub(crate) epocher: FixedEpocher,
    pub(crate) application: Application,
    pub(crate) marshal: Mailbox<Scheme, Standard<Sealed>>,
    pub(crate) blocker: B,
    pub(crate) track: Track,
    pub(crate) cache: CacheRef,
    pub(crate) partition: String,
    pub(crate) archived: u64,
}

struct Voting<S: Sender> {
    votes: MuxHandle<S>,
    certificates: MuxHandle<S>,
    requests: MuxHandle<S>,
}

/// Runs until the context is gone.
pub(crate) async fn run<E, S, R, B>(
    context: E,
    mut epochs: Epochs<B>,
    (votes, certificates, requests): ((S, R), (S, R), (S, R)),
) where
    E: Clock + CryptoRng + Spawner + Storage + Metrics,
    S: Sender<PublicKey = PublicKey>,
    R: Receiver<PublicKey = PublicKey>,
    B: Blocker<PublicKey = PublicKey> + Sync,
{
    let (mux_votes, votes) = Muxer::new(context.child("votes"), votes.0, votes.1);
    let (mux_certificates, certificates) =
        Muxer::new(context.child("certificates"), certificates.0, certificates.1);
    let (mux_requests, requests) = Muxer::new(context.child("requests"), requests.0, requests.1);
    let _muxers = (mux_votes.start(), mux_certificates.start(), mux_requests.start());
    let mut voting = Voting { votes, certificates, requests };

    // What was executed in an earlier run comes back first: the archive knows how far it had come.
    while epochs.machine.executed() < epochs.archived {
        context.sleep(LOOK).await;
    }
    let mut epoch = match epochs.epocher.containing(Height::new(epochs.machine.executed() + 1)) {
        Some(info) => info.epoch(),
        None => return,
    };
    // Others may ask for, and send, blocks of any epoch.
    for past in 0..epoch.get() {
        epochs.schemes.learn(Epoch::new(past), &epochs.machine.validators(past));
    }
    while let (Some(first), Some(last)) = (epochs.epocher.first(epoch), epochs.epocher.last(epoch)) {
        let validators = epochs.machine.validators(epoch.get());
        let scheme = epochs.schemes.learn(epoch, &validators);
        (epochs.track)(epoch.get(), &validators);
        let engine = match scheme.me() {
            Some(_) => vote(&context, &epochs, &mut voting, epoch, first, &scheme).await,
            None => None,
        };
        follow(&context, &epochs, &validators, last, engine.is_some()).await;
        if let Some(engine) = engine {
            engine.abort();
            let _ = engine.await;
        }
        epoch = epoch.next();
    }
}

/// Waits until the epoch's last block is executed; asks others for what is final when this node does not hear of it.
async fn follow<E: Clock, B>(clock: &E, epochs: &Epochs<B>, validators: &[Peer], last: Height, votes: bool) {
    let me = epochs.schemes.me();
    let others = validators.iter().filter_map(|peer| public_key(&peer.key)).filter(|key| *key != me);
    let others: Vec<PublicKey> = others.collect();
    let (mut executed, mut still) = (epochs.machine.executed(), Duration::ZERO);
    while epochs.machine.executed() < last.get() {
        clock.sleep(LOOK).await;
        still += LOOK;
        if epochs.machine.executed() > executed {
            executed = epochs.machine.executed();
            still = if votes { Duration::ZERO } else { still };
        }
        if still >= if votes { STILL } else { FOLLOW } {
            still = Duration::ZERO;
            for height in executed + 1..=(executed + ASKED_AHEAD).min(last.get()) {
                if let Ok(targets) = NonEmptyVec::try_from(others.clone()) {
                    epochs.marshal.hint_finalized(Height::new(height), targets);
                }
            }
        }
    }
}

async fn vote<E, S, B>(
    context: &E,
    epochs: &Epochs<B>,
    voting: &mut Voting<S>,
    epoch: Epoch,
    first: Height,
    scheme: &Arc<Scheme>,
) -> Option<Handle<()>>
where
    E: Clock + CryptoRng + Spawner + Storage + Metrics,
    S: Sender<PublicKey = PublicKey>,
    B: Blocker<PublicKey = PublicKey> + Sync,
{
    // An epoch grows from the last block of the one before; the first from genesis.
    let root = Height::new(first.get().saturating_sub(1));
    let floor = Archive(epochs.marshal.clone()).digest(root.get()).await?;
    let keys: Arc<[crate::Key]> = scheme.participants().iter().map(key_bytes).collect();
    let evidence = Evidence { machine: epochs.machine.clone(), keys };
    let within = context.child("epoch").with_attribute("epoch", epoch.get());
    let wrapped = Inline::new(
        within.child("application"),
        epochs.application.clone(),
        epochs.marshal.clone(),
        epochs.epocher.clone(),
    );
    let engine = simplex::Engine::new(
        within.child("simplex"),
        simplex::config::Config {
            scheme: Scheme::clone(scheme),
            elector: RoundRobin::<Sha256>::default(),
            blocker: epochs.blocker.clone(),
            automaton: wrapped.clone(),
            relay: wrapped.clone(),
            reporter: Reporters::from((wrapped, evidence)),
            strategy: Sequential,
            partition: format!("{}-votes-{}", epochs.partition, epoch.get()),
            mailbox_size: MAILBOX,
            epoch,
            floor: Floor::Genesis(Digest(floor)),
            replay_buffer: NZUsize!(1 << 20),
            write_buffer: NZUsize!(1 << 16),
            page_cache: epochs.cache.clone(),
            leader_timeout: Duration::from_secs(1),
            certification_timeout: Duration::from_secs(2),
            timeout_retry: Duration::from_secs(2),
            view_retention: ViewDelta::new(VIEWS_KEPT),
            skip: SkipPolicy::Enabled { timeout: Duration::from_secs(5), budget: SkipBudget::Participants },
            fetch_timeout: NZDuration!(Duration::from_secs(1)),
            fetch_retry_delay: Duration::from_millis(100),
            forward: ForwardPolicy::SilentVoters,
            track_historical_votes: false,
        },
    );
    let channel = epoch.get();
    let votes = voting.votes.register(channel).await.ok()?;
    let certificates = voting.certificates.register(channel).await.ok()?;
    let requests = voting.requests.register(channel).await.ok()?;
    Some(engine.start(votes, certificates, requests))
}
