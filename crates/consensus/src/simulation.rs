//! Whole networks of nodes in one thread, on a virtual clock, disk and network, with crashes, losses, partitions and
//! validators that lie. The nodes run the code of real ones. The same seed plays the same story.

mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use commonware_cryptography::Signer as _;
use commonware_cryptography::ed25519::PublicKey;
use commonware_p2p::simulated::{self, Link, Network, Oracle};
use commonware_runtime::{
    Clock as _, Handle, Quota, Runner as _, Spawner as _, Supervisor as _, deterministic,
};
use commonware_utils::{NZU32, NZUsize, Probability};

use crate::archive::Archive;
use crate::machine::{Machine, Peer};
use crate::schemes::{Schemes, key_bytes, private_key};
use crate::stack::{self, CHANNELS, Channels, Parts, Settings};
use wire::{Filtered, Reach};

/// How often the caller may act, in virtual time.
const STEP: Duration = Duration::from_millis(50);
/// Messages a second on each channel.
const QUOTA: std::num::NonZeroU32 = NZU32!(1_024);

/// The node that hears both halves of a twin, and so has the evidence.
const HEARS_BOTH: usize = 2;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Does as it should, as far as its machine does.
    Honest,
    /// Never sends the blocks it proposes.
    Withholds,
    /// Runs twice with one key: one half speaks to even nodes, the other to odd ones and to node 2, each unaware of the
    /// other. It so votes for two blocks whenever its halves differ, and node 2 hears of both.
    Twins,
}

/// What happens to the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A node stops between two instructions; its disk keeps what was synced.
    Crash(usize),
    /// It starts again.
    Restart(usize),
    /// It starts again on an empty disk.
    RestartEmpty(usize),
    /// It starts again on an empty disk from what `restore` gives it of another node, and does not vote.
    RestartFrom {
        /// The node that starts.
        node: usize,
        /// The node whose archive is at hand.
        from: usize,
    },
    /// Only nodes of the same group hear each other.
    Partition(Vec<Vec<usize>>),
    /// From now on this many messages of a thousand are lost.
    Loss(u64),
    /// All hear each other.
    Heal,
}

/// A story to be played.
pub struct Plan {
    /// Chooses delays, losses and the order of what is ready.
    pub seed: u64,
    /// Virtual milliseconds.
    pub duration_ms: u64,
    /// What each node is.
    pub roles: Vec<Role>,
    /// How long a message takes, and how much that varies.
    pub delay_ms: (u64, u64),
    /// Messages of a thousand that are lost.
    pub loss: u64,
    /// What happens when, by ascending time in milliseconds.
    pub faults: Vec<(u64, Fault)>,
    /// What the chain has in common.
    pub settings: Settings,
    /// When it begins, in milliseconds since 1970.
    pub begin_ms: u64,
}

/// A machine that did not begin with the first block, and the [`crate::Finalization::anchor`] of the last it executed.
pub struct Restored {
    /// The machine.
    pub machine: Arc<dyn Machine>,
    /// Where the ordering goes on.
    pub anchor: Vec<u8>,
}

/// Makes the machine of a node that is restored, with another node's archive at hand.
pub type Restore<'a> =
    dyn FnMut(usize, Archive) -> Pin<Box<dyn Future<Output = Option<Restored>> + Send>> + Send + 'a;

/// A machine for a node. Called again each time a node starts anew, and once more for a twin.
pub type Make<'a> = dyn FnMut(usize) -> Arc<dyn Machine> + Send + 'a;

/// The secret seed of a simulated node.
pub fn seed_of(node: usize) -> [u8; 32] {
    [u8::try_from(node + 1).unwrap_or(u8::MAX); 32]
}

/// A simulated node, as the machine must name it.
pub fn peer_of(node: usize) -> Peer {
    let port = 1 + u16::try_from(node).unwrap_or(0);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Peer { key: key_bytes(&private_key(&seed_of(node)).public_key()), address }
}

/// Plays a story to its end. `act` is called every 50 virtual milliseconds with the time since the beginning. Returns
/// a hash of all that happened, in order: equal for equal seeds.
pub fn play(
    plan: Plan,
    make: &mut Make<'_>,
    restore: &mut Restore<'_>,
    act: &mut (dyn FnMut(u64) + Send),
) -> String {
    let config = deterministic::Config::new()
        .with_seed(plan.seed)
        .with_start_time(UNIX_EPOCH + Duration::from_millis(plan.begin_ms))
        .with_timeout(Some(Duration::from_millis(plan.duration_ms * 2 + 10_000)));
    deterministic::Runner::new(config).start(|context| async move {
        let mut stage = Stage::set(&context, &plan).await;
        for node in 0..plan.roles.len() {
            stage.start(&context, &plan, node, &mut |node| (make(node), None)).await;
        }
        let mut faults = plan.faults.iter().peekable();
        let mut elapsed = 0;
        while elapsed < plan.duration_ms {
            while let Some((_, fault)) = faults.next_if(|(at, _)| *at <= elapsed) {
                stage.befall(&context, &plan, fault, make, restore).await;
            }
            act(elapsed);
            context.sleep(STEP).await;
            elapsed += u64::try_from(STEP.as_millis()).unwrap_or(u64::MAX);
        }
        context.auditor().state()
    })
}

struct Stage {
    oracle: Oracle<PublicKey, deterministic::Context>,
    keys: Vec<PublicKey>,
    running: Vec<Vec<Handle<()>>>,
    starts: Vec<u64>,
    disks: Vec<u64>,
    loss: u64,
    groups: Vec<Vec<usize>>,
    /// The archive of each node that has started.
    archives: Arc<Mutex<BTreeMap<usize, Archive>>>,
}

/// A node's machine, and where it starts if not at the first block.
type Begin<'a> = dyn FnMut(usize) -> (Arc<dyn Machine>, Option<Vec<u8>>) + Send + 'a;

impl Stage {
    async fn set(context: &deterministic::Context, plan: &Plan) -> Self {
        let nodes = plan.roles.len();
        let keys: Vec<PublicKey> = (0..nodes).map(|node| private_key(&seed_of(node)).public_key()).collect();
        let (network, oracle) = Network::new_with_peers(
            context.child("network"),
            simulated::Config {
                max_size: 4 << 20,
                max_peers_per_set: NZUsize!(16),
                disconnect_on_block: true,
                tracked_peer_sets: NZUsize!(1),
            },
            keys.clone(),
        )
        .await;
        network.start();
        let groups = vec![(0..nodes).collect()];
        let running = (0..nodes).map(|_| Vec::new()).collect();
        let mut stage = Self {
            oracle,
            keys,
            running,
            starts: vec![0; nodes],
            disks: vec![0; nodes],
            loss: plan.loss,
            groups,
            archives: Arc::default(),
        };
        stage.link(plan).await;
        stage
    }

    async fn befall(
        &mut self,
        context: &deterministic::Context,
        plan: &Plan,
        fault: &Fault,
        make: &mut Make<'_>,
        restore: &mut Restore<'_>,
    ) {
        let mut fresh = |node| (make(node), None);
        match fault {
            Fault::Crash(node) => {
                for task in self.running[*node].drain(..) {
                    task.abort();
                    let _ = task.await;
                }
            }
            Fault::Restart(node) => self.start(context, plan, *node, &mut fresh).await,
            Fault::RestartEmpty(node) => {
                self.disks[*node] += 1;
                self.start(context, plan, *node, &mut fresh).await;
            }
            Fault::RestartFrom { node, from } => {
                let archive = lock(&self.archives).get(from).cloned().expect("a node that runs");
                let restored = restore(*node, archive).await.expect("a snapshot that was asked for in time");
                let mut begun = Some((restored.machine, Some(restored.anchor)));
                self.disks[*node] += 1;
                self.start(context, plan, *node, &mut |_| begun.take().expect("no twin is restored")).await;
            }
            Fault::Partition(groups) => {
                self.groups = groups.clone();
                self.link(plan).await;
            }
            Fault::Loss(loss) => {
                self.loss = *loss;
                self.link(plan).await;
            }
            Fault::Heal => {
                self.loss = 0;
                self.groups = vec![(0..self.keys.len()).collect()];
                self.link(plan).await;
            }
        }
    }

    async fn link(&mut self, plan: &Plan) {
        let (latency, jitter) = plan.delay_ms;
        let success_rate =
            Probability::new(1_000 - self.loss.min(1_000), 1_000).expect("at most all of a thousand");
        for (a, from) in self.keys.iter().enumerate() {
            for (b, to) in self.keys.iter().enumerate().filter(|(b, _)| *b != a) {
                // There may be none yet, and that is as well.
                let _ = self.oracle.remove_link(from.clone(), to.clone()).await;
                if self.groups.iter().any(|group| group.contains(&a) && group.contains(&b)) {
                    let link = Link {
                        latency: Duration::from_millis(latency),
                        jitter: Duration::from_millis(jitter),
                        success_rate,
                    };
                    self.oracle.add_link(from.clone(), to.clone(), link).await.expect("both are there");
                }
            }
        }
    }

    async fn start(
        &mut self,
        context: &deterministic::Context,
        plan: &Plan,
        node: usize,
        begin: &mut Begin<'_>,
    ) {
        let halves: &[Option<usize>] =
            if plan.roles[node] == Role::Twins { &[Some(0), Some(1)] } else { &[None] };
        let control = self.oracle.control(self.keys[node].clone());
        let mut wires = Vec::new();
        for channel in 0..CHANNELS {
            let quota = Quota::per_second(QUOTA);
            wires.push(control.register(channel, quota).await.expect("the network runs"));
        }
        self.starts[node] += 1;
        let mut receivers: Vec<Vec<_>> = halves.iter().map(|_| Vec::new()).collect();
        let mut senders = Vec::new();
        for (sender, receiver) in wires {
            senders.push(sender);
            if halves.len() == 1 {
                receivers[0].push(receiver);
            } else {
                let split = context.child("split").with_attribute("start", self.starts[node]);
                let (a, b) = receiver.split_with(split, |_| simulated::SplitTarget::Both);
                receivers[0].push(a);
                receivers[1].push(b);
            }
        }
        for (half, receivers) in halves.iter().zip(receivers) {
            let reach = self.reach(plan, node, *half);
            let wires: Vec<_> = senders.iter().cloned().zip(receivers).collect();
            let channels = channels(wires, plan.roles[node], &reach);
            let (machine, anchor) = begin(node);
            let key = private_key(&seed_of(node));
            let parts = Parts {
                schemes: Schemes::new(&plan.settings.namespace, key, anchor.is_none()),
                settings: Settings { anchor, ..plan.settings.clone() },
                machine,
                channels,
                blocker: control.clone(),
                peers: self.oracle.manager(),
                track: Box::new(|_, _| {}),
                partition: format!("node-{node}-{}-{}", half.unwrap_or(0), self.disks[node]),
            };
            let named = context
                .child("node")
                .with_attribute("node", node)
                .with_attribute("half", half.unwrap_or(0))
                .with_attribute("start", self.starts[node]);
            let archives = self.archives.clone();
            let task = named.spawn(move |context| async move {
                let (archive, tasks) = stack::start(context, parts).await;
                lock(&archives).insert(node, archive);
                let _ = Handle::select(tasks).await;
            });
            self.running[node].push(task);
        }
    }

    fn reach(&self, plan: &Plan, node: usize, half: Option<usize>) -> Reach {
        match half {
            None => Reach::All,
            Some(half) => {
                let others = (0..plan.roles.len())
                    .filter(|other| *other != node && (other % 2 == half || *other == HEARS_BOTH));
                Reach::Some(Arc::new(others.map(|other| self.keys[other].clone()).collect::<BTreeSet<_>>()))
            }
        }
    }
}

type Wire = (simulated::Sender<PublicKey, deterministic::Context>, simulated::Receiver<PublicKey>);
type FilteredWire =
    (Filtered<simulated::Sender<PublicKey, deterministic::Context>>, simulated::Receiver<PublicKey>);

fn channels(
    wires: Vec<Wire>,
    role: Role,
    reach: &Reach,
) -> Channels<Filtered<simulated::Sender<PublicKey, deterministic::Context>>, simulated::Receiver<PublicKey>>
{
    let filtered = wires.into_iter().enumerate().map(|(channel, (sender, receiver))| {
        // Backfill and broadcast carry blocks.
        let mute = role == Role::Withholds && (channel == 3 || channel == 4);
        let reach = if mute { Reach::Some(Arc::default()) } else { reach.clone() };
        (Filtered { sender, reach }, receiver)
    });
    let all: Vec<FilteredWire> = filtered.collect();
    let all: [FilteredWire; CHANNELS as usize] =
        all.try_into().unwrap_or_else(|_| unreachable!("one for each channel"));
    let [votes, certificates, requests, backfill, blocks, gossip] = all;
    Channels { votes, certificates, requests, backfill, blocks, gossip }
}

fn lock(archives: &Mutex<BTreeMap<usize, Archive>>) -> MutexGuard<'_, BTreeMap<usize, Archive>> {
    archives.lock().unwrap_or_else(PoisonError::into_inner)
}
