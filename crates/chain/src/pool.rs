//! Transactions that wait for a block: bounded, and fair per member, so that a flood from one cannot starve the others.
//! Knows neither rules nor signatures: what is put in was judged before.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

/// Name of a transaction: the hash of its bytes.
pub type Id = [u8; 32];

/// What the pool holds at most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Transactions of one member. A flood fills its own lane and no other.
    pub member_count_max: usize,
    /// Bytes of one member's transactions.
    pub member_bytes_max: usize,
    /// Bytes of all transactions.
    pub bytes_max: usize,
    /// Transactions that are chosen for one block, as far as blocks take so many.
    pub block_count_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            member_count_max: 8_192,
            member_bytes_max: 4 << 20,
            bytes_max: 64 << 20,
            block_count_max: usize::MAX,
        }
    }
}

/// Why a transaction was not taken in. All pass with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// It is here already.
    Duplicate,
    /// The member's lane is full.
    Member,
    /// The pool is full.
    Pool,
}

/// The waiting transactions.
#[derive(Debug, Default)]
pub struct Pool {
    bounds: Bounds,
    lanes: BTreeMap<u64, Lane>,
    places: FxHashMap<Id, (u64, u64)>,
    bytes: usize,
    arrivals: u64,
    /// The member whose turn comes first in the next block.
    turn: u64,
}

#[derive(Debug, Default)]
struct Lane {
    waiting: BTreeMap<u64, Waiting>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    id: Id,
    bytes: Arc<[u8]>,
    until: u64,
}

impl Pool {
    /// An empty pool.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Bytes of those that wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a member's lane takes no transaction of this length any more.
    pub fn lane_is_full(&self, member: u64, length: usize) -> bool {
        self.lanes.get(&member).is_some_and(|lane| {
            lane.waiting.len() >= self.bounds.member_count_max
                || lane.bytes + length > self.bounds.member_bytes_max
        })
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether this one waits.
    pub fn holds(&self, id: &Id) -> bool {
        self.places.contains_key(id)
    }

    /// Puts a transaction at the end of its member's lane. `until` is the last height at which it is still of use.
    pub fn insert(&mut self, member: u64, id: Id, bytes: Arc<[u8]>, until: u64) -> Result<(), Full> {
        if self.holds(&id) {
            return Err(Full::Duplicate);
        }
        if self.bytes + bytes.len() > self.bounds.bytes_max {
            return Err(Full::Pool);
        }
        if self.lane_is_full(member, bytes.len()) {
            return Err(Full::Member);
        }
        let lane = self.lanes.entry(member).or_default();
        self.arrivals += 1;
        self.bytes += bytes.len();
        lane.bytes += bytes.len();
        lane.waiting.insert(self.arrivals, Waiting { id, bytes, until });
        self.places.insert(id, (member, self.arrivals));
        Ok(())
    }

    /// The transactions of the next block, one of each member in turn, oldest first, as long as they fit. They stay in
    /// the pool until a block with them is final; `except` are those that an unfinished block has already.
    pub fn choose(&mut self, bytes_max: usize, count_max: usize, except: &FxHashSet<Id>) -> Vec<Arc<[u8]>> {
        let count_max = count_max.min(self.bounds.block_count_max);
        let first = self.turn;
        let later = self.lanes.range(first..);
        let sooner = self.lanes.range(..first);
        let mut lanes: Vec<_> =
            later.chain(sooner).map(|(member, lane)| (*member, lane.waiting.values())).collect();
        if let Some((member, _)) = lanes.get(1) {
            self.turn = *member;
        }
        let (mut chosen, mut room) = (Vec::new(), bytes_max);
        while !lanes.is_empty() && chosen.len() < count_max {
            lanes.retain_mut(|(_, lane)| {
                let Some(next) = lane.find(|waiting| !except.contains(&waiting.id)) else { return false };
                if chosen.len() == count_max || next.bytes.len() > room {
                    return false;
                }
                room -= next.bytes.len();
                chosen.push(next.bytes.clone());
                true
            });
        }
        chosen
    }

    /// Lets go of one that is final or of no use any more.
    pub fn remove(&mut self, id: &Id) {
        let Some((member, place)) = self.places.remove(id) else { return };
        let Some(lane) = self.lanes.get_mut(&member) else { return };
        if let Some(gone) = lane.waiting.remove(&place) {
            lane.bytes -= gone.bytes.len();
            self.bytes -= gone.bytes.len();
        }
        if lane.waiting.is_empty() {
            self.lanes.remove(&member);
        }
    }

    /// Lets go of all whose time was over before `height`.
    pub fn expire(&mut self, height: u64) {
        let over = |waiting: &&Waiting| waiting.until < height;
        let lanes = self.lanes.values().flat_map(|lane| lane.waiting.values());
        let gone: Vec<Id> = lanes.filter(over).map(|waiting| waiting.id).collect();
        for id in gone {
            self.remove(&id);
        }
    }

    /// All that wait, for those who have not heard of them.
    pub fn waiting(&self) -> impl Iterator<Item = &Arc<[u8]>> {
        self.lanes.values().flat_map(|lane| lane.waiting.values().map(|waiting| &waiting.bytes))
    }
}
