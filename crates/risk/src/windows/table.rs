//! Holds the blocks of one kind of entity by key, up to a number, in pages that never move. Does not know what the
//! words mean, but that word 0 says when the entity was last seen.

use rustc_hash::FxHashMap;

use crate::Error;

/// Blocks a page: growing allocates one page and copies nothing.
const PAGE: usize = 4_096;
/// How many neighbours are looked at for the one unseen for longest.
const SAMPLE: u32 = 8;

#[derive(Debug, Clone)]
pub(super) struct Table {
    index: FxHashMap<u64, u32>,
    keys: Vec<u64>,
    pages: Vec<Box<[u32]>>,
    words: usize,
    hold: u32,
    hand: u32,
}

impl Table {
    pub(super) fn new(words: usize, hold: u32) -> Self {
        Self { index: FxHashMap::default(), keys: Vec::new(), pages: Vec::new(), words, hold, hand: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.pages.len() * PAGE * self.words * 4 + self.keys.capacity() * 8 + self.index.capacity() * 17
    }

    pub(super) fn reserve(&mut self) {
        let more = (self.hold as usize).saturating_sub(self.keys.len());
        self.index.reserve(more);
        self.keys.reserve(more);
    }

    pub(super) fn find(&self, key: u64) -> Option<u32> {
        self.index.get(&key).copied()
    }

    pub(super) fn block(&self, slot: u32) -> &[u32] {
        let at = slot as usize % PAGE * self.words;
        &self.pages[slot as usize / PAGE][at..at + self.words]
    }

    /// Reads one word of each of the first cache lines.
    pub(super) fn touch(&self, slot: u32) -> u32 {
        let block = self.block(slot);
        block[0] ^ block.get(16).copied().unwrap_or(0) ^ block.get(32).copied().unwrap_or(0)
    }

    /// The block of a key; made, or taken over from one unseen for long, where there is none.
    pub(super) fn block_mut(&mut self, key: u64) -> &mut [u32] {
        let slot = match self.index.get(&key) {
            Some(slot) => *slot,
            None => self.make(key),
        };
        let at = slot as usize % PAGE * self.words;
        &mut self.pages[slot as usize / PAGE][at..at + self.words]
    }

    fn make(&mut self, key: u64) -> u32 {
        let slot = self.keys.len() as u32;
        if slot < self.hold {
            if self.pages.len() * PAGE == slot as usize {
                self.pages.push(vec![0; PAGE * self.words].into_boxed_slice());
            }
            self.keys.push(key);
            self.index.insert(key, slot);
            return slot;
        }
        let candidates = (0..SAMPLE.min(slot)).map(|step| (self.hand + step) % slot);
        let oldest = candidates.min_by_key(|candidate| (self.block(*candidate)[0], *candidate)).unwrap_or(0);
        self.hand = (self.hand + SAMPLE) % slot;
        self.index.remove(&self.keys[oldest as usize]);
        self.keys[oldest as usize] = key;
        self.index.insert(key, oldest);
        let at = oldest as usize % PAGE * self.words;
        self.pages[oldest as usize / PAGE][at..at + self.words].fill(0);
        oldest
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.keys.len() as u64).to_le_bytes());
        out.extend_from_slice(&u64::from(self.hand).to_le_bytes());
        for (slot, key) in self.keys.iter().enumerate() {
            out.extend_from_slice(&key.to_le_bytes());
            self.block(slot as u32).iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        }
    }

    pub(super) fn decode(&mut self, bytes: &[u8], at: &mut usize) -> Result<(), Error> {
        let count = long(bytes, at)?;
        let hand = long(bytes, at)?;
        if count > u64::from(self.hold) || hand > count {
            return Err(Error::Bytes { at: *at, what: "no more entities than are held" });
        }
        for _ in 0..count {
            let key = long(bytes, at)?;
            let end = *at + self.words * 4;
            let words = bytes.get(*at..end).ok_or(Error::Bytes { at: *at, what: "an entity's words" })?;
            if self.index.contains_key(&key) {
                return Err(Error::Bytes { at: *at, what: "each entity once" });
            }
            for (word, four) in self.block_mut(key).iter_mut().zip(words.chunks_exact(4)) {
                *word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
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
