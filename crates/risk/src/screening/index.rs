//! Finds which listed names share words with a name: every different word of all lists is kept once and found by its
//! letters, its sounds, and its letters but one. Does not compare whole names.

use rustc_hash::FxHashMap;

use super::compare::{PAIR_LEAST, words};
use super::name::{Name, Word};

/// Words of all names, and where they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    words: Vec<Word>,
    /// From a key to a stretch of `found`: numbers of words.
    keys: FxHashMap<u64, (u32, u32)>,
    found: Vec<u32>,
    /// From the number of a word to a stretch of `names`: one more than there are words.
    starts: Vec<u32>,
    names: Vec<u32>,
}

impl Index {
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Name>) -> Self {
        let mut index = Self::default();
        let mut known: FxHashMap<(u64, u32), u32> = FxHashMap::default();
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        let mut placed: Vec<(u32, u32)> = Vec::new();
        for (number, name) in all.enumerate() {
            for word in said(name) {
                let at = *known.entry((exact(word), word.weight)).or_insert_with(|| {
                    let at = index.words.len() as u32;
                    keyed.extend(keys(word).map(|key| (key, at)));
                    index.words.push(word.clone());
                    at
                });
                placed.push((at, number as u32));
            }
        }
        keyed.sort_unstable();
        keyed.dedup();
        for stretch in keyed.chunk_by(|one, other| one.0 == other.0) {
            let from = index.found.len() as u32;
            index.found.extend(stretch.iter().map(|(_, word)| *word));
            index.keys.insert(stretch[0].0, (from, index.found.len() as u32));
        }
        placed.sort_unstable();
        placed.dedup();
        index.starts = vec![0; index.words.len() + 1];
        placed.iter().for_each(|(word, _)| index.starts[*word as usize + 1] += 1);
        (1..index.starts.len()).for_each(|at| index.starts[at] += index.starts[at - 1]);
        index.names = placed.into_iter().map(|(_, name)| name).collect();
        index
    }

    /// Tells each name that shares words with the query, and the weight of what it shares, hundredths.
    pub(super) fn shared(&self, query: &Name, names: usize, mut tell: impl FnMut(u32, u32)) {
        let mut shares = vec![0u16; names];
        let (mut touched, mut alike): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for word in said(query) {
            alike.clear();
            for (from, to) in keys(word).filter_map(|key| self.keys.get(&key)) {
                alike.extend_from_slice(&self.found[*from as usize..*to as usize]);
            }
            alike.sort_unstable();
            alike.dedup();
            for at in &alike {
                let other = &self.words[*at as usize];
                let milli = words(word, other);
                if milli < PAIR_LEAST {
                    continue;
                }
                let points = (word.weight.min(other.weight) * milli / 1_000).max(1) as u16;
                let stretch = self.starts[*at as usize] as usize..self.starts[*at as usize + 1] as usize;
                for name in &self.names[stretch] {
                    let share = &mut shares[*name as usize];
                    if *share == 0 {
                        touched.push(*name);
                    }
                    *share = share.saturating_add(points);
                }
            }
        }
        touched.into_iter().for_each(|name| tell(name, u32::from(shares[name as usize])));
    }
}

/// The words a name is found by: all but particles, and each two as one.
fn said(name: &Name) -> impl Iterator<Item = &Word> {
    let alone = name.words.len() == 1;
    name.words.iter().chain(&name.joined).filter(move |word| alone || !word.is_particle())
}

/// What a word is found by: itself, its sounds, and itself without each letter in turn: two words one edit apart share
/// one of these.
fn keys(word: &Word) -> impl Iterator<Item = u64> {
    let long = word.letters.len() >= 4 && !word.number;
    let sounds =
        if word.sounds.len() >= 2 { hash(2, &word.sounds, None) } else { hash(3, &word.letters, None) };
    let shortened =
        (0..=word.letters.len()).filter(move |_| long).map(|gap| hash(4, &word.letters, Some(gap)));
    [exact(word), sounds].into_iter().chain(shortened)
}

fn exact(word: &Word) -> u64 {
    hash(1, &word.letters, None)
}

fn hash(kind: u64, letters: &[u8], gap: Option<usize>) -> u64 {
    let kept = letters.iter().enumerate().filter(|(at, _)| Some(*at) != gap);
    kept.fold(kind ^ 0xcbf2_9ce4_8422_2325, |sum, (_, letter)| {
        (sum ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01b3)
    })
}
