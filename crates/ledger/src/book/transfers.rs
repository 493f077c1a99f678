//! The transfers in memory and the ids that are used up without one. Does not know which transfers are allowed.

use super::accounts::{AccountSlot, Accounts};
use super::index::{IdHash, IdIndex, Vacancy};
use crate::{Phase, Transfer, TransferFlags};

/// Which transfer, by position; stays the same until the transfer is removed.
pub(super) type TransferSlot = u32;

/// No transfer.
pub(super) const NO_SLOT: TransferSlot = u32::MAX;

/// In the index: the rest of the slot is a position among the burned ids.
const BURNED: u32 = 1 << 31;

/// Records never move: a chunk is filled, then the next is allocated.
const CHUNK_RECORDS_LOG2: u32 = 12;
const CHUNK_RECORDS: usize = 1 << CHUNK_RECORDS_LOG2;

/// Accounts by position, the ledger left to them; otherwise as [`Transfer`]. An id of 0 marks a vacant record.
#[derive(Clone, Debug)]
pub(super) struct TransferRecord {
    pub(super) id: u128,
    pub(super) amount: u128,
    pub(super) pending_id: u128,
    pub(super) user_data_128: u128,
    pub(super) user_data_64: u64,
    pub(super) timestamp_ns: u64,
    pub(super) debit: AccountSlot,
    pub(super) credit: AccountSlot,
    pub(super) user_data_32: u32,
    pub(super) timeout_s: u32,
    /// Neighbours among the pending transfers with the same timeout; of a vacant record, the next vacant one.
    pub(super) earlier: TransferSlot,
    pub(super) later: TransferSlot,
    pub(super) code: u16,
    pub(super) flags: TransferFlags,
    pub(super) phase: Phase,
    pub(super) inherited: Inherited,
}

const _: () = assert!(size_of::<TransferRecord>() == 112);

/// In which fields a post or void equals its pending transfer. Told apart when it is created, so that a
/// repeated request can be judged after the pending transfer was retired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Inherited(u8);

impl Inherited {
    pub(super) const AMOUNT: u8 = 1 << 0;
    pub(super) const USER_DATA_128: u8 = 1 << 1;
    pub(super) const USER_DATA_64: u8 = 1 << 2;
    pub(super) const USER_DATA_32: u8 = 1 << 3;

    pub(super) fn set(&mut self, field: u8, equal: bool) {
        self.0 |= if equal { field } else { 0 };
    }

    pub(super) fn has(self, field: u8) -> bool {
        self.0 & field != 0
    }

    pub(super) fn bits(self) -> u8 {
        self.0
    }

    pub(super) fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// What is known of a transfer id.
pub(super) enum Known {
    Recorded(TransferSlot),
    Burned,
    Unknown(Vacancy),
}

#[derive(Clone, Debug)]
pub(super) struct Transfers {
    chunks: Vec<Vec<TransferRecord>>,
    /// The first vacant record, the others following by `later`.
    vacant: TransferSlot,
    len: usize,
    burned: Vec<u128>,
    index: IdIndex,
}

impl Transfers {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), vacant: NO_SLOT, len: 0, burned: Vec::new(), index: IdIndex::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Transfers and burned ids together.
    pub(super) fn ids_len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn burned(&self) -> &[u128] {
        &self.burned
    }

    pub(super) fn reserve(&mut self, len: usize) {
        self.index.reserve(len);
        self.chunks.reserve((len >> CHUNK_RECORDS_LOG2).saturating_sub(self.chunks.len()) + 1);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.chunks.len() * CHUNK_RECORDS * size_of::<TransferRecord>()
            + self.burned.capacity() * size_of::<u128>()
            + self.index.memory_bytes()
    }

    pub(super) fn find(&self, hash: IdHash, id: u128) -> Known {
        let found = self.index.find(hash, |slot| match slot & BURNED {
            0 => self.record(slot).id == id,
            _ => self.burned[(slot & !BURNED) as usize] == id,
        });
        match found {
            Ok(slot) if slot & BURNED == 0 => Known::Recorded(slot),
            Ok(_) => Known::Burned,
            Err(vacancy) => Known::Unknown(vacancy),
        }
    }

    pub(super) fn slot(&self, id: u128) -> Option<TransferSlot> {
        match self.find(IdHash::of(id), id) {
            Known::Recorded(slot) => Some(slot),
            Known::Burned | Known::Unknown(_) => None,
        }
    }

    pub(super) fn record(&self, slot: TransferSlot) -> &TransferRecord {
        &self.chunks[(slot >> CHUNK_RECORDS_LOG2) as usize][slot as usize % CHUNK_RECORDS]
    }

    pub(super) fn record_mut(&mut self, slot: TransferSlot) -> &mut TransferRecord {
        &mut self.chunks[(slot >> CHUNK_RECORDS_LOG2) as usize][slot as usize % CHUNK_RECORDS]
    }

    pub(super) fn transfer(&self, slot: TransferSlot, accounts: &Accounts) -> Transfer {
        let record = self.record(slot);
        let debit = accounts.record(record.debit);
        Transfer {
            id: record.id,
            debit_account_id: debit.id,
            credit_account_id: accounts.record(record.credit).id,
            amount: record.amount,
            pending_id: record.pending_id,
            user_data_128: record.user_data_128,
            user_data_64: record.user_data_64,
            user_data_32: record.user_data_32,
            timeout_s: record.timeout_s,
            ledger: accounts.ledger(debit),
            code: record.code,
            flags: record.flags,
            timestamp_ns: record.timestamp_ns,
        }
    }

    /// Every transfer, in no order that means anything.
    pub(super) fn slots(&self) -> impl Iterator<Item = TransferSlot> {
        let slots = self.chunks.iter().enumerate().flat_map(|(chunk, records)| {
            (0..records.len()).map(move |at| ((chunk << CHUNK_RECORDS_LOG2) + at) as TransferSlot)
        });
        slots.filter(|slot| self.record(*slot).id != 0)
    }

    pub(super) fn insert(&mut self, vacancy: Vacancy, hash: IdHash, record: TransferRecord) -> TransferSlot {
        let slot = match self.vacant {
            NO_SLOT => self.append(record),
            slot => {
                self.vacant = self.record(slot).later;
                *self.record_mut(slot) = record;
                slot
            }
        };
        self.index.insert(vacancy, hash, slot);
        self.len += 1;
        slot
    }

    fn append(&mut self, record: TransferRecord) -> TransferSlot {
        if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK_RECORDS) {
            self.chunks.push(Vec::with_capacity(CHUNK_RECORDS));
        }
        let before = (self.chunks.len() - 1) << CHUNK_RECORDS_LOG2;
        let chunk = self.chunks.last_mut().expect("pushed above");
        chunk.push(record);
        (before + chunk.len() - 1) as TransferSlot
    }

    pub(super) fn remove(&mut self, slot: TransferSlot) {
        let vacant = self.vacant;
        let record = self.record_mut(slot);
        let hash = IdHash::of(record.id);
        record.id = 0;
        record.later = vacant;
        self.vacant = slot;
        self.len -= 1;
        self.index.remove(hash, slot);
    }

    pub(super) fn is_burned(&self, id: u128) -> bool {
        matches!(self.find(IdHash::of(id), id), Known::Burned)
    }

    /// Uses up an id; `false` if it has a transfer or is used up already.
    pub(super) fn burn(&mut self, id: u128) -> bool {
        let hash = IdHash::of(id);
        let Known::Unknown(vacancy) = self.find(hash, id) else { return false };
        self.index.insert(vacancy, hash, BURNED | self.burned.len() as u32);
        self.burned.push(id);
        true
    }

    /// Forgets that an id was used up; `false` if it was not.
    pub(super) fn unburn(&mut self, id: u128) -> bool {
        let hash = IdHash::of(id);
        let found =
            self.index.find(hash, |slot| slot & BURNED != 0 && self.burned[(slot & !BURNED) as usize] == id);
        let Ok(slot) = found else { return false };
        self.index.remove(hash, slot);
        let position = (slot & !BURNED) as usize;
        self.burned.swap_remove(position);
        if let Some(moved) = self.burned.get(position) {
            self.index.repoint(IdHash::of(*moved), BURNED | self.burned.len() as u32, slot);
        }
        true
    }
}
