//! Finds the slot of an id: open addressing, eight bytes an entry, no key kept twice. Does not know what is in
//! the slots; whoever asks compares the ids.
//!
//! An entry is the upper half hash, the lower half slot. The hash picks a line of eight entries, one cache line;
//! the low three bits of the id pick the entry to begin with. So ids that differ only in these bits, the
//! transfers of one payment, share a line, while all others are spread as evenly as by any hash. The line is
//! the top bits of the hash, so a table grows by reading the old one and writing the new one front to back.

/// The most entries an index can hold; one bit of a slot is left to its user.
pub(super) const ENTRIES_MAX: u32 = (1 << 31) - 1;

const EMPTY: u64 = u64::MAX;
/// Entries in a line.
const LINE: u32 = 8;
const CAPACITY_MIN: usize = 16;

/// Maps 128-bit ids to 32-bit slots.
#[derive(Clone, Debug)]
pub(super) struct IdIndex {
    entries: Vec<u64>,
    /// How far a hash is shifted right to give its home.
    shift: u32,
    len: usize,
}

/// The hash of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdHash(u32);

/// Where an id that was not found belongs; void after the next change of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vacancy(usize);

impl IdHash {
    /// Ids are structured (a counter, a payment with a step in the low bits, a random number), so both halves
    /// go through a full multiplication, and only the well-mixed upper bits of the result are used.
    pub(super) fn of(id: u128) -> Self {
        let low = fold((id as u64 / u64::from(LINE)) ^ 0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93);
        let both = fold(low ^ (id >> 64) as u64, 0xa076_1d64_78bd_642f);
        Self(((both >> 32) as u32 & !(LINE - 1)) | (id as u32 & (LINE - 1)))
    }
}

#[cfg(test)]
impl IdHash {
    pub(super) fn bits(self) -> u32 {
        self.0
    }
}

fn fold(value: u64, multiplier: u64) -> u64 {
    let product = u128::from(value) * u128::from(multiplier);
    product as u64 ^ (product >> 64) as u64
}

impl IdIndex {
    pub(super) fn new() -> Self {
        Self::with_capacity(CAPACITY_MIN)
    }

    fn with_capacity(capacity: usize) -> Self {
        Self { entries: vec![EMPTY; capacity], shift: 32 - capacity.trailing_zeros(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<u64>()
    }

    /// Makes room for `len` entries in all, so that growth does not interrupt later.
    pub(super) fn reserve(&mut self, len: usize) {
        while is_crowded(len, self.entries.len()) {
            self.grow();
        }
    }

    /// The slot of the id with this hash, or where it would go. `is_it` says whether a slot holds the id.
    pub(super) fn find(&self, hash: IdHash, is_it: impl Fn(u32) -> bool) -> Result<u32, Vacancy> {
        let mask = self.entries.len() - 1;
        let mut place = self.home(hash);
        loop {
            let entry = self.entries[place];
            if entry == EMPTY {
                return Err(Vacancy(place));
            }
            if hash_of(entry) == hash && is_it(entry as u32) {
                return Ok(entry as u32);
            }
            place = (place + 1) & mask;
        }
    }

    pub(super) fn insert(&mut self, vacancy: Vacancy, hash: IdHash, slot: u32) {
        assert!(self.entries[vacancy.0] == EMPTY, "a vacancy is used once and at once");
        self.entries[vacancy.0] = entry(hash, slot);
        self.len += 1;
        if is_crowded(self.len, self.entries.len()) {
            self.grow();
        }
    }

    /// Says that what was in slot `from` is in slot `to` now.
    pub(super) fn repoint(&mut self, hash: IdHash, from: u32, to: u32) {
        let place = self.place(hash, from);
        self.entries[place] = entry(hash, to);
    }

    pub(super) fn remove(&mut self, hash: IdHash, slot: u32) {
        let mask = self.entries.len() - 1;
        let mut hole = self.place(hash, slot);
        let mut next = (hole + 1) & mask;
        // Entries after the hole move up unless that would put them before their home.
        while self.entries[next] != EMPTY {
            let home = self.home(hash_of(self.entries[next]));
            if next.wrapping_sub(home) & mask >= next.wrapping_sub(hole) & mask {
                self.entries[hole] = self.entries[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.entries[hole] = EMPTY;
        self.len -= 1;
    }

    fn home(&self, hash: IdHash) -> usize {
        (((hash.0 >> self.shift) & !(LINE - 1)) | (hash.0 & (LINE - 1))) as usize
    }

    fn place(&self, hash: IdHash, slot: u32) -> usize {
        let mask = self.entries.len() - 1;
        let mut place = self.home(hash);
        while self.entries[place] != entry(hash, slot) {
            assert!(self.entries[place] != EMPTY, "the slot is in the index");
            place = (place + 1) & mask;
        }
        place
    }

    /// How far a slot lies from where its search begins.
    #[cfg(test)]
    pub(super) fn steps_to(&self, hash: IdHash, slot: u32) -> u64 {
        (self.place(hash, slot).wrapping_sub(self.home(hash)) & (self.entries.len() - 1)) as u64
    }

    fn grow(&mut self) {
        let mut grown = Self::with_capacity(self.entries.len() * 2);
        let mask = grown.entries.len() - 1;
        for &entry in self.entries.iter().filter(|entry| **entry != EMPTY) {
            let mut place = grown.home(hash_of(entry));
            while grown.entries[place] != EMPTY {
                place = (place + 1) & mask;
            }
            grown.entries[place] = entry;
        }
        grown.len = self.len;
        *self = grown;
    }
}

fn entry(hash: IdHash, slot: u32) -> u64 {
    u64::from(hash.0) << 32 | u64::from(slot)
}

fn hash_of(entry: u64) -> IdHash {
    IdHash((entry >> 32) as u32)
}

/// Above five eighths full, full lines meet other full lines too often and searches become long.
fn is_crowded(len: usize, capacity: usize) -> bool {
    len > capacity / 8 * 5
}
