//! Stories of a chain of few nodes under faults and lies, on a virtual clock, and the checks that must hold in all of them:
//! never two final blocks at one height, states equal, and life goes on when the faults end.

mod acts;
mod liar;
mod stories;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use consensus::simulation::{Fault, Plan, Role, peer_of, play};
use consensus::{Archive, Machine, Settings};
use receivables::Hash;
use receivables::proof::consensus_namespace;

use crate::block::Block;
use crate::cast::Cast;
use crate::pool::Bounds;
use crate::replica::{Counts, Dump, Outcome, Replica};
use tokio::sync::oneshot;

pub use acts::Act;
use liar::Liar;
pub use liar::Lie;
pub use stories::stories;

/// When simulated chains begin: 1 March 2026.
pub(crate) const BEGIN_MS: u64 = 1_772_323_200_000;
/// A long epoch: no change of validators.
pub const NO_EPOCHS: u64 = 1 << 40;

/// A story.
#[derive(Clone, Debug)]
pub struct Story {
    /// What it is called.
    pub name: &'static str,
    /// Virtual seconds.
    pub seconds: u64,
    /// What each node is. The first four vote from the beginning; others follow until governance names them.
    pub roles: Vec<Role>,
    /// What the last node's machine lies about, if it does.
    pub lie: Option<Lie>,
    /// Messages of a thousand that are lost from the beginning.
    pub loss: u64,
    /// What happens when, in milliseconds.
    pub faults: Vec<(u64, Fault)>,
    /// What is asked of the chain when, beside the load, in milliseconds.
    pub acts: Vec<(u64, Act)>,
    /// Virtual milliseconds between two times at which the load, which is one member's, hands something in.
    pub load_every_ms: u64,
    /// How many transactions it hands in then.
    pub load_each: u64,
    /// What a node's pool holds and gives to a block.
    pub bounds: Bounds,
    /// Blocks of an epoch.
    pub epoch_blocks: u64,
    /// Nodes that must agree and be alive in the end.
    pub honest: Vec<usize>,
}

/// What a story came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Equal for equal seeds.
    pub trace: String,
    /// The lowest height of an honest node.
    pub height: u64,
    /// Transactions that were admitted.
    pub admitted: usize,
    /// Transactions applied at the lowest node.
    pub applied: usize,
    /// Transactions that honest nodes did not take in.
    pub turned_away: u64,
    /// The longest that a small wish of another member waited for its block, in milliseconds.
    pub wish_ms_max: u64,
    /// Blocks that honest nodes refused.
    pub blocks_refused: u64,
    /// What validators signed that contradicts itself.
    pub evidence: Vec<String>,
    /// Who votes in the last epoch, by key.
    pub validators: Vec<Hash>,
    /// The snapshot that a node began with, if one did.
    pub snapshot: Option<Vec<u8>>,
}

/// Plays a story and checks it. An error says what did not hold.
pub fn tell(story: &Story, seed: u64) -> Result<Told, String> {
    let cast = Cast::new(seed);
    let nodes: Vec<_> = (0..4).map(peer_of).map(|peer| (peer.key, peer.address)).collect();
    let genesis = cast.genesis(BEGIN_MS, story.epoch_blocks, &nodes);
    let fresh = || Replica::new(&genesis, None, story.bounds).expect("the cast's genesis is good");
    let model = fresh();
    let settings = Settings {
        namespace: consensus_namespace(model.chain()),
        genesis: model.first().encode(),
        parse: Block::parse,
        epoch_blocks: story.epoch_blocks,
        anchor: None,
    };
    let plan = Plan {
        seed,
        duration_ms: story.seconds * 1_000,
        roles: story.roles.to_vec(),
        delay_ms: (15, 10),
        loss: story.loss,
        faults: story.faults.clone(),
        settings,
        begin_ms: BEGIN_MS,
    };
    let watched = Arc::new(Mutex::new(Watched::default()));
    let mut halves = 0;
    let mut make = |node: usize| -> Arc<dyn Machine> {
        let replica = Arc::new(fresh());
        if story.roles[node] == Role::Twins {
            halves += 1;
            if halves % 2 == 0 {
                return Arc::new(Liar { replica, lie: Lie::Otherwise });
            }
        }
        lock(&watched).nodes.insert(node, (replica.clone(), 0));
        match story.lie.filter(|_| node == 3) {
            Some(lie) => Arc::new(Liar { replica, lie }),
            None => replica,
        }
    };
    let mut restore = |node: usize, archive: Archive| -> acts::Restoring {
        Box::pin(acts::restore(watched.clone(), genesis.clone(), node, archive))
    };
    let mut load =
        Load { cast: &cast, chain: *model.chain(), sent: 0, admitted: Vec::new(), wishes: Vec::new() };
    let mut open = story.acts.iter().peekable();
    let mut act = |elapsed: u64| {
        let mut watched = lock(&watched);
        watched.compare(story);
        while let Some((_, act)) = open.next_if(|(at, _)| *at <= elapsed) {
            load.ask(&mut watched, act, elapsed);
        }
        if elapsed.is_multiple_of(story.load_every_ms) {
            (0..story.load_each).for_each(|_| load.send(&watched, story, elapsed));
        }
    };
    let trace = play(plan, &mut make, &mut restore, &mut act);
    let mut watched = lock(&watched);
    watched.compare(story);
    watched.judge(story, &load, trace)
}

#[derive(Default)]
struct Watched {
    /// Each node's copy as it runs now, and the height through which it was compared.
    nodes: BTreeMap<usize, (Arc<Replica>, u64)>,
    finals: BTreeMap<u64, Hash>,
    broken: Option<String>,
    /// Nodes whose state is to be given away, and what they will give.
    asked: Vec<(usize, oneshot::Receiver<Dump>)>,
    snapshot: Option<Vec<u8>>,
}

impl Watched {
    /// No two different final blocks at one height, whoever says so and whenever.
    fn compare(&mut self, story: &Story) {
        for (node, (replica, through)) in &mut self.nodes {
            if !story.honest.contains(node) {
                continue;
            }
            for executed in replica.executed_since(*through) {
                *through = executed.height;
                let first = self.finals.entry(executed.height).or_insert(executed.digest);
                if *first != executed.digest {
                    self.broken = Some(format!("node {node} has another block at {}", executed.height));
                }
            }
        }
    }

    fn judge(&self, story: &Story, load: &Load<'_>, trace: String) -> Result<Told, String> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let honest: Vec<&Arc<Replica>> =
            story.honest.iter().filter_map(|node| Some(&self.nodes.get(node)?.0)).collect();
        let heights: Vec<u64> = honest.iter().map(|replica| replica.standing().height).collect();
        let height = heights.iter().copied().min().unwrap_or(0);
        let top = heights.iter().copied().max().unwrap_or(0);
        if top - height > 20 {
            return Err(format!("nodes are far apart in the end: {heights:?}"));
        }
        let roots: Vec<_> = honest.iter().map(|replica| replica.roots_at(height)).collect();
        if roots.windows(2).any(|pair| pair[0] != pair[1]) || roots.iter().any(Option::is_none) {
            return Err(format!("states differ at height {height}: {roots:?}"));
        }
        // Of what was before its snapshot a restored node does not know the outcomes.
        let whole = honest.iter().filter(|replica| replica.begun() == 0);
        let lowest = whole.min_by_key(|replica| replica.standing().height);
        let applied = load.admitted.iter().filter(|(id, _)| {
            lowest.is_some_and(|replica| matches!(replica.outcome(id), Some((_, Outcome::Applied { .. }))))
        });
        let applied = applied.count();
        let due = load.admitted.iter().filter(|(_, at)| *at + 6_000 < story.seconds * 1_000).count();
        if applied < due {
            return Err(format!("{applied} of {due} transactions applied at height {height}"));
        }
        let wish_ms_max = lowest.map_or(Ok(0), |replica| load.longest_wish(replica))?;
        let mut evidence: Vec<String> =
            honest.iter().flat_map(|replica| replica.standing().evidence).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let counted = |count: fn(&Counts) -> u64| {
            honest.iter().map(|replica| count(&replica.standing().counts)).sum::<u64>()
        };
        let blocks_refused = counted(|counts| counts.blocks_refused);
        let turned_away = counted(|counts| counts.turned_away);
        let validators =
            lowest.map_or(Vec::new(), |replica| acts::voting(replica, height / story.epoch_blocks));
        let (admitted, snapshot) = (load.admitted.len(), self.snapshot.clone());
        Ok(Told {
            trace,
            height,
            admitted,
            applied,
            turned_away,
            wish_ms_max,
            blocks_refused,
            evidence,
            validators,
            snapshot,
        })
    }
}

/// Clients of the nodes that never stop.
struct Load<'a> {
    cast: &'a Cast,
    chain: Hash,
    sent: u64,
    admitted: Vec<(Hash, u64)>,
    /// Small wishes of another member, and when they were handed in.
    wishes: Vec<(Hash, u64)>,
}

impl Load<'_> {
    fn send(&mut self, watched: &Watched, story: &Story, elapsed: u64) {
        let stops = |node: usize| {
            story.faults.iter().any(|(_, fault)| matches!(fault, Fault::Crash(which) if *which == node))
        };
        let steady: Vec<_> =
            watched.nodes.iter().filter(|(node, _)| story.honest.contains(node) && !stops(**node)).collect();
        let now_ms = BEGIN_MS + elapsed;
        self.sent += 1;
        let everywhere = steady.is_empty();
        let Some((_, (replica, _))) = (if everywhere {
            watched.nodes.iter().next()
        } else {
            steady.get(usize::try_from(self.sent).unwrap_or(0) % steady.len()).copied()
        }) else {
            return;
        };
        let (id, bytes) = if self.sent == 1 {
            self.cast.programme(&self.chain, now_ms, 1 << 50)
        } else {
            let supplier = self.cast.supplier(self.sent);
            self.cast.proposal(&self.chain, now_ms, &supplier, 10_000, &format!("invoice {}", self.sent))
        };
        // Proposals are refused until the programme stands: they are no part of the count.
        if replica.admit(&bytes, now_ms).is_ok() && !everywhere {
            self.admitted.push((id, elapsed));
        }
    }
}

fn lock(watched: &Mutex<Watched>) -> std::sync::MutexGuard<'_, Watched> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}
