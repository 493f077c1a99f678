//! Holds the blocks of one kind of entity by key, up to a number, in pages that never move. Does not know what the
//! words mean, but that word 0 says when the entity was last seen and words 1 and 2 are its key.

use super::layout::Layout;
use crate::Error;

/// Blocks a page: growing allocates one page and copies nothing.
const PAGE: usize = 4_096;
/// How many neighbours are looked at for the one unseen for longest.
const SAMPLE: u32 = 8;
/// Words of a cache line: blocks begin on one.
const LINE: usize = 16;
/// Smallest index.
const INDEX_LEAST: usize = 16;

#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Open addressing, in a power of two of places: the upper half of the key's hash, and the slot's number plus one.
    /// What is not at its own place lies behind it without a gap.
    index: Vec<u64>,
    pages: Vec<Page>,
    count: u32,
    words: usize,
    hold: u32,
    hand: u32,
}

/// Blocks, from the first word that begins a cache line.
#[derive(Debug, Clone)]
struct Page {
    words: Box<[u32]>,
    from: usize,
}

impl Page {
    fn new(words: usize) -> Self {
        let words = vec![0u32; PAGE * words + LINE].into_boxed_slice();
        let from = words.as_ptr().align_offset(LINE * 4).min(LINE);
        Self { words, from }
    }
}

/// Spreads a key over 32 bits by one product; keys are hashes already.
fn spread(key: u64) -> u32 {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

impl Table {
    pub(super) fn new(words: usize, hold: u32) -> Self {
        Self { index: vec![0; INDEX_LEAST], pages: Vec::new(), count: 0, words, hold, hand: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.words.len() * 4).sum::<usize>() + self.index.len() * 8
    }

    pub(super) fn reserve(&mut self) {
        self.grow(self.hold);
    }

    /// The slot of a key, if it is held.
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        let hash = spread(key);
        let mut at = self.home(hash);
        loop {
            let entry = self.index[at];
            if entry == 0 {
                return None;
            }
            let slot = entry as u32 - 1;
            if (entry >> 32) as u32 == hash && self.key(slot) == key {
                return Some(slot);
            }
            at = (at + 1) & (self.index.len() - 1);
        }
    }

    /// The slot of a key; made, or taken over from one unseen for long, where there is none.
    pub(super) fn place(&mut self, key: u64) -> u32 {
        match self.find(key) {
            Some(slot) => slot,
            None => self.make(key),
        }
    }

    pub(super) fn block(&self, slot: u32) -> &[u32] {
        let page = &self.pages[slot as usize / PAGE];
        let at = page.from + slot as usize % PAGE * self.words;
        &page.words[at..at + self.words]
    }

    pub(super) fn block_mut(&mut self, slot: u32) -> &mut [u32] {
        let page = &mut self.pages[slot as usize / PAGE];
        let at = page.from + slot as usize % PAGE * self.words;
        &mut page.words[at..at + self.words]
    }

    /// Reads a word of every cache line that an event of now needs, so that their misses overlap.
    pub(super) fn touch(&self, slot: u32, layout: &Layout, buckets: &[u32]) -> u32 {
        let block = self.block(slot);
        let cells = layout.bands.iter().map(|band| block[band.word(buckets[band.width])]);
        cells.fold(block[LINE % self.words] ^ block[0], |sum, word| sum ^ word)
    }

    fn home(&self, hash: u32) -> usize {
        // The upper bits: the index is a power of two of at most 2^28 places.
        ((u64::from(hash) * self.index.len() as u64) >> 32) as usize
    }

    fn key(&self, slot: u32) -> u64 {
        let block = self.block(slot);
        u64::from(block[1]) | u64::from(block[2]) << 32
    }

    fn make(&mut self, key: u64) -> u32 {
        let slot = if self.count < self.hold { self.next() } else { self.oldest() };
        let block = self.block_mut(slot);
        (block[1], block[2]) = (key as u32, (key >> 32) as u32);
        self.enter(u64::from(spread(key)) << 32 | u64::from(slot + 1));
        slot
    }

    fn next(&mut self) -> u32 {
        let slot = self.count;
        if self.pages.len() * PAGE == slot as usize {
            self.pages.push(Page::new(self.words));
        }
        self.count += 1;
        self.grow(self.count);
        slot
    }

    /// Empties the block of the one unseen for longest among a few.
    fn oldest(&mut self) -> u32 {
        let count = self.count;
        let candidates = (0..SAMPLE.min(count)).map(|step| (self.hand + step) % count);
        let oldest = candidates.min_by_key(|candidate| (self.block(*candidate)[0], *candidate)).unwrap_or(0);
        self.hand = (self.hand + SAMPLE) % count;
        self.leave(oldest);
        self.block_mut(oldest).fill(0);
        oldest
    }

    fn enter(&mut self, entry: u64) {
        let mut at = self.home((entry >> 32) as u32);
        while self.index[at] != 0 {
            at = (at + 1) & (self.index.len() - 1);
        }
        self.index[at] = entry;
    }

    /// Takes a slot out of the index; what lies behind moves up, so that no search meets a gap.
    fn leave(&mut self, slot: u32) {
        let last = self.index.len() - 1;
        let mut gap = self.home(spread(self.key(slot)));
        while self.index[gap] as u32 != slot + 1 {
            gap = (gap + 1) & last;
        }
        let mut at = gap;
        loop {
            at = (at + 1) & last;
            let entry = self.index[at];
            if entry == 0 {
                break;
            }
            let home = self.home((entry >> 32) as u32);
            if (at.wrapping_sub(home) & last) >= (at.wrapping_sub(gap) & last) {
                self.index[gap] = entry;
                gap = at;
            }
        }
        self.index[gap] = 0;
    }

    /// Makes the index large enough that at most three quarters of it are filled.
    fn grow(&mut self, count: u32) {
        let places = (count as usize + count as usize / 3 + 1).next_power_of_two().max(INDEX_LEAST);
        if places > self.index.len() {
            let old = std::mem::replace(&mut self.index, vec![0; places]);
            old.into_iter().filter(|entry| *entry != 0).for_each(|entry| self.enter(entry));
        }
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(u64::from(self.count)).to_le_bytes());
        out.extend_from_slice(&u64::from(self.hand).to_le_bytes());
        for slot in 0..self.count {
            self.block(slot).iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        }
    }

    pub(super) fn decode(&mut self, bytes: &[u8], at: &mut usize) -> Result<(), Error> {
        let count = long(bytes, at)?;
        let hand = long(bytes, at)?;
        if count > u64::from(self.hold) || hand > count {
            return Err(Error::Bytes { at: *at, what: "no more entities than are held" });
        }
        for _ in 0..count {
            let end = *at + self.words * 4;
            let words = bytes.get(*at..end).ok_or(Error::Bytes { at: *at, what: "an entity's words" })?;
            let word = |number: usize| {
                let four = &words[number * 4..number * 4 + 4];
                u32::from_le_bytes([four[0], four[1], four[2], four[3]])
            };
            let key = u64::from(word(1)) | u64::from(word(2)) << 32;
            if key == 0 || self.find(key).is_some() {
                return Err(Error::Bytes { at: *at, what: "each entity once" });
            }
            let slot = self.make(key);
            for (number, to) in self.block_mut(slot).iter_mut().enumerate() {
                *to = word(number);
            }
            *at = end;
        }
        self.hand = hand as u32;
        Ok(())
    }
}

pub(super) fn long(bytes: &[u8], at: &mut usize) -> Result<u64, Error> {
    let eight = bytes.get(*at..*at + 8).and_then(|eight| eight.try_into().ok());
    let value = eight.map(u64::from_le_bytes).ok_or(Error::Bytes { at: *at, what: "eight bytes" })?;
    *at += 8;
    Ok(value)
}
