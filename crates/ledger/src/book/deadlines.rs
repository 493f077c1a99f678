//! Which reservations are overdue. Does not know what releasing one means.
//!
//! Timestamps rise, so among pending transfers with the same timeout the order of creation is the order of
//! expiry: one list per timeout, linked through the records, appended to, taken from anywhere, never sorted.

use std::collections::BTreeMap;

use super::transfers::{NO_SLOT, TransferRecord, TransferSlot, Transfers};
use crate::transfer::timeout_ns;

/// Lists of timeouts no longer in use are kept for the next transfer, up to this many.
const LISTS_KEPT: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Deadlines {
    lists: BTreeMap<u32, List>,
    /// Nothing is overdue before this.
    next_ns: u64,
    /// How many lists there may be before the empty ones are dropped.
    lists_max: usize,
}

#[derive(Clone, Copy, Debug)]
struct List {
    first: TransferSlot,
    last: TransferSlot,
}

const EMPTY: List = List { first: NO_SLOT, last: NO_SLOT };

/// A reservation to release, ordered by when it is due and then by when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due {
    deadline_ns: u64,
    timestamp_ns: u64,
    pub(super) slot: TransferSlot,
}

pub(super) fn deadline_ns(record: &TransferRecord) -> u64 {
    record.timestamp_ns + timeout_ns(record.timeout_s)
}

impl Deadlines {
    pub(super) fn new() -> Self {
        Self { lists: BTreeMap::new(), next_ns: u64::MAX, lists_max: LISTS_KEPT }
    }

    /// Adds the newest pending transfer, just inserted, if it has a timeout.
    pub(super) fn append(&mut self, transfers: &mut Transfers, slot: TransferSlot) {
        let timeout_s = transfers.record(slot).timeout_s;
        if timeout_s == 0 {
            return;
        }
        self.next_ns = self.next_ns.min(deadline_ns(transfers.record(slot)));
        let list = self.list(timeout_s);
        let last = std::mem::replace(&mut list.last, slot);
        match last {
            NO_SLOT => list.first = slot,
            last => transfers.record_mut(last).later = slot,
        }
        transfers.record_mut(slot).earlier = last;
    }

    /// Takes out a pending transfer, which keeps its neighbours in mind for [`Self::restore`].
    pub(super) fn take(&mut self, transfers: &mut Transfers, slot: TransferSlot) {
        let &TransferRecord { timeout_s, earlier, later, .. } = transfers.record(slot);
        if timeout_s == 0 {
            return;
        }
        let list = self.list(timeout_s);
        match earlier {
            NO_SLOT => list.first = later,
            earlier => transfers.record_mut(earlier).later = later,
        }
        match later {
            NO_SLOT => list.last = earlier,
            later => transfers.record_mut(later).earlier = earlier,
        }
    }

    /// Puts a pending transfer back between the neighbours it had. Right only if everything that happened to
    /// its list since has been undone, newest first.
    pub(super) fn restore(&mut self, transfers: &mut Transfers, slot: TransferSlot) {
        let &TransferRecord { timeout_s, earlier, later, .. } = transfers.record(slot);
        if timeout_s == 0 {
            return;
        }
        let list = self.list(timeout_s);
        match earlier {
            NO_SLOT => list.first = slot,
            earlier => transfers.record_mut(earlier).later = slot,
        }
        match later {
            NO_SLOT => list.last = slot,
            later => transfers.record_mut(later).earlier = slot,
        }
    }

    pub(super) fn any_due(&self, now_ns: u64) -> bool {
        self.next_ns <= now_ns
    }

    /// Every reservation that is due, in the order in which they are to be released.
    pub(super) fn due(&self, transfers: &Transfers, now_ns: u64) -> Vec<Due> {
        let mut due = Vec::new();
        for list in self.lists.values() {
            for slot in list.slots(transfers) {
                let record = transfers.record(slot);
                let deadline_ns = deadline_ns(record);
                if deadline_ns > now_ns {
                    break;
                }
                due.push(Due { deadline_ns, timestamp_ns: record.timestamp_ns, slot });
            }
        }
        due.sort_unstable();
        due
    }

    /// Finds out when to look next, after what was due has been taken.
    pub(super) fn settle(&mut self, transfers: &Transfers) {
        let firsts = self.lists.values().filter(|list| list.first != NO_SLOT);
        let deadlines = firsts.map(|list| deadline_ns(transfers.record(list.first)));
        self.next_ns = deadlines.min().unwrap_or(u64::MAX);
    }

    /// Every reservation with a deadline, list by list.
    pub(super) fn slots<'a>(&'a self, transfers: &'a Transfers) -> impl Iterator<Item = TransferSlot> + 'a {
        self.lists.values().flat_map(|list| list.slots(transfers))
    }

    fn list(&mut self, timeout_s: u32) -> &mut List {
        if self.lists.len() >= self.lists_max && !self.lists.contains_key(&timeout_s) {
            self.lists.retain(|_, list| list.first != NO_SLOT);
            self.lists_max = LISTS_KEPT.max(self.lists.len() * 2);
        }
        self.lists.entry(timeout_s).or_insert(EMPTY)
    }
}

impl List {
    fn slots(self, transfers: &Transfers) -> impl Iterator<Item = TransferSlot> + '_ {
        let known = |slot: TransferSlot| (slot != NO_SLOT).then_some(slot);
        std::iter::successors(known(self.first), move |slot| known(transfers.record(*slot).later))
    }
}
