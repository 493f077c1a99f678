//! What stories ask of the chain beside the load: members and validators that change, and a snapshot that is taken by
//! one node and restored by another.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use consensus::Archive;
use consensus::simulation::{Restored, peer_of};
use receivables::identity::Validator;
use receivables::transaction::{
    MemberStatus, PostRate, RateBand, RegisterMember, SetValidators, Transaction,
};
use receivables::{Genesis, Hash, State};

use super::{BEGIN_MS, Load, Watched, lock};
use crate::cast::{BUYER, HARBOUR, NETWORK, NEWCOMER, RIVERSIDE, currency};
use crate::node::snapshots;
use crate::pool::Bounds;
use crate::replica::{Outcome, Replica};
use crate::snapshot::Snapshot;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Governance takes in a fifth member.
    Welcome,
    /// Governance names these members' nodes as validators from as soon as the rules allow.
    Validators(Vec<(u32, usize)>),
    /// Governance suspends a member.
    Suspend(u32),
    /// A node writes down its state at its next checkpoint.
    Snapshot(usize),
    /// A bank that is not the load's asks for something small at a node.
    Wish(usize),
}

/// A restoration under way.
pub(super) type Restoring = Pin<Box<dyn Future<Output = Option<Restored>> + Send>>;

/// Epochs ahead of which validators are named: the rules ask for two, and one may end before the wish is executed.
const AHEAD: u64 = 3;

impl Load<'_> {
    /// Asks node 0, which never stops in stories that ask.
    pub(super) fn ask(&mut self, watched: &mut Watched, act: &Act, elapsed: u64) {
        let Some((replica, _)) = watched.nodes.get(&0).cloned() else { return };
        let register = |member: u32, status: MemberStatus, register: RegisterMember| {
            Transaction::RegisterMember(RegisterMember { member, status, ..register })
        };
        let wish = match act {
            Act::Snapshot(node) => {
                let Some((replica, _)) = watched.nodes.get(node) else { return };
                let dump = replica.want_dump();
                watched.asked.push((*node, dump));
                return;
            }
            Act::Wish(node) => return self.wish(watched, *node, elapsed),
            Act::Welcome => register(NEWCOMER, MemberStatus::Active, self.cast.registration(NEWCOMER)),
            Act::Suspend(member) => {
                let before = self.cast.registration(*member);
                let kept = RegisterMember { keys: Vec::new(), ..before };
                register(*member, MemberStatus::Suspended, kept)
            }
            Act::Validators(named) => {
                let validators = named.iter().map(|(member, node)| {
                    let peer = peer_of(*node);
                    Validator { member: *member, key: peer.key, address: peer.address.to_string() }
                });
                let epoch = replica.epoch() + AHEAD;
                Transaction::SetValidators(SetValidators { epoch, validators: validators.collect() })
            }
        };
        let now_ms = BEGIN_MS + elapsed;
        let active = |member: &u32| {
            let active = |state: &State| Some(state.member(*member)?.status == MemberStatus::Active);
            replica.look(active) == Some(true)
        };
        let others = [HARBOUR, RIVERSIDE, BUYER].into_iter().filter(active);
        let others: Vec<_> = others.map(|member| self.cast.member(member)).collect();
        let (id, bytes) = self.cast.member(NETWORK).ask(&self.chain, now_ms, wish, &others, Vec::new());
        match replica.admit(&bytes, now_ms) {
            Ok(_) => self.admitted.push((id, elapsed)),
            Err(refused) => watched.broken = Some(format!("{act:?} is refused: {}", refused.text())),
        }
    }
}

/// A wish that waited longer was starved.
const STARVED_MS: u64 = 1_500;

impl Load<'_> {
    fn wish(&mut self, watched: &mut Watched, node: usize, elapsed: u64) {
        let Some((replica, _)) = watched.nodes.get(&node) else { return };
        let now_ms = BEGIN_MS + elapsed;
        let band = RateBand {
            buyer_class: 1,
            days_max: 90,
            amount_min: 1,
            amount_max: 1_000,
            rate_ppm: 70_000,
            fee: 0,
        };
        let table = PostRate {
            funder: RIVERSIDE,
            currency: currency(),
            bands: vec![band],
            budget: 1_000,
            until_ms: now_ms + 3_600_000,
            recourse: false,
            replaces: None,
        };
        let bank = self.cast.member(RIVERSIDE);
        let (id, bytes) = bank.ask(&self.chain, now_ms, Transaction::PostRate(table), &[], Vec::new());
        match replica.admit(&bytes, now_ms) {
            Ok(_) => self.wishes.push((id, elapsed)),
            Err(refused) => watched.broken = Some(format!("a small wish is refused: {}", refused.text())),
        }
    }

    /// How long a small wish waited for its block at most; an error if one was starved.
    pub(super) fn longest_wish(&self, replica: &Replica) -> Result<u64, String> {
        let mut longest = 0;
        for (id, at) in &self.wishes {
            let Some((height, Outcome::Applied { .. })) = replica.outcome(id) else {
                return Err(format!("a wish at {at} ms was never executed"));
            };
            let block = replica.executed_at(height).ok_or("a block of late is forgotten")?;
            longest = longest.max(block.time_ms.saturating_sub(BEGIN_MS + at));
        }
        match longest > STARVED_MS {
            true => Err(format!("a small wish waited {longest} ms because of another member's flood")),
            false => Ok(longest),
        }
    }
}

/// Proves the dump that was asked for, reads it back as a node elsewhere would, and begins with it.
pub(super) async fn restore(
    watched: Arc<Mutex<Watched>>,
    genesis: Genesis,
    node: usize,
    archive: Archive,
) -> Option<Restored> {
    let asked = std::mem::take(&mut lock(&watched).asked);
    let mut proved = None;
    for (giver, mut dump) in asked {
        let from = lock(&watched).nodes.get(&giver)?.0.clone();
        let Ok(dump) = dump.try_recv() else { continue };
        proved = snapshots::prove(dump, &from, &archive).await.or(proved);
    }
    let bytes = proved?.encode();
    let restored = Snapshot::check(&bytes, &genesis).expect("a snapshot just taken is good");
    let anchor = restored.anchor.clone();
    let replica = Replica::restored(&genesis, None, Bounds::default(), restored).expect("it needs no disk");
    let replica = Arc::new(replica);
    let mut watched = lock(&watched);
    watched.snapshot = Some(bytes);
    watched.nodes.insert(node, (replica.clone(), 0));
    Some(Restored { machine: replica, anchor })
}

/// The keys that vote in an epoch.
pub(super) fn voting(replica: &Replica, epoch: u64) -> Vec<Hash> {
    replica.look(|state| state.validators(epoch).iter().map(|validator| validator.key).collect())
}
