//! Forgets what the caller will never mention again, so that memory is bounded by what is open. Does not know
//! how long to remember.

use super::Book;
use super::index::IdHash;
use super::transfers::Known;
use crate::Phase;

/// What became of a request to forget a transfer id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement {
    /// The transfer, or the fact that its id was burned, is forgotten. Balances are as before.
    Retired,
    /// There is nothing under this id.
    Unknown,
    /// The transfer is pending and holds a reservation; it was kept.
    StillPending,
}

impl Book {
    /// Forgets one resolved transfer or burned id, in any order: a post or void still answers repeated requests
    /// when its pending transfer is gone. A retired id is unknown, so an event that repeats it would be carried
    /// out a second time; the caller promises that there will be none.
    pub fn retire(&mut self, id: u128) -> Retirement {
        match self.transfers.find(IdHash::of(id), id) {
            Known::Unknown(_) => Retirement::Unknown,
            Known::Burned => {
                self.transfers.unburn(id);
                Retirement::Retired
            }
            Known::Recorded(slot) if self.transfers.record(slot).phase == Phase::Pending => {
                Retirement::StillPending
            }
            Known::Recorded(slot) => {
                self.transfers.remove(slot);
                self.retired += 1;
                Retirement::Retired
            }
        }
    }
}
