//! Releases reservations whose deadline has passed. Does not know what time it is.

use super::Book;
use crate::{Phase, Transfer};

impl Book {
    pub(super) fn release_due(&mut self, now_ns: u64, expired: &mut Vec<Transfer>) {
        let now_ns = now_ns.max(self.latest_ns);
        if !self.deadlines.any_due(now_ns) {
            return;
        }
        for due in self.deadlines.due(&self.transfers, now_ns) {
            self.deadlines.take(&mut self.transfers, due.slot);
            self.transfers.record_mut(due.slot).phase = Phase::Expired;
            self.release(due.slot);
            expired.push(self.transfers.transfer(due.slot, &self.accounts));
        }
        self.deadlines.settle(&self.transfers);
    }
}
