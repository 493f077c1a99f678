//! Searches names in lists: few candidates by rare words, sounds and one missing letter; then word by word. Decides
//! nothing: a hit is for a person, and a clearing lapses when the party or the entry changes.

pub mod compare;
pub mod list;
pub mod name;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Error, Key};
use compare::{Likeness, compare};
use list::Entry;
use name::{Name, Word};

/// Lists as they are searched.
#[derive(Debug, Clone, Default)]
pub struct Screener {
    lists: Vec<(String, Key, Vec<Entry>)>,
    names: Vec<Indexed>,
    postings: FxHashMap<u64, Vec<u32>>,
    cleared: FxHashSet<(Key, Key)>,
}

#[derive(Debug, Clone)]
struct Indexed {
    list: u16,
    entry: u32,
    alias: u16,
    name: Name,
}

/// Whom to search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// The name as it was given.
    pub name: String,
    /// Year of birth, where known.
    pub birth: Option<i32>,
}

impl Party {
    /// Changes whenever the party does.
    #[must_use]
    pub fn version(&self) -> Key {
        Key::of(&self.name).and(Key(self.birth.unwrap_or(0) as u64 + 1))
    }
}

/// An entry that may be the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Name of the list.
    pub list: String,
    /// Version of the list.
    pub version: Key,
    /// Number of the entry on it.
    pub id: String,
    /// The name that was alike.
    pub name: String,
    /// Thousandths, after the years of birth were weighed.
    pub milli: u32,
    /// The names' likeness, word by word.
    pub likeness: Likeness,
    /// Years between the births, where both are known.
    pub years_apart: Option<u32>,
    /// Whether two persons have cleared this party of this entry as both now stand.
    pub cleared: bool,
    /// Version of the entry.
    pub entry_version: Key,
}

/// Least likeness that is told, unless asked otherwise: name alone, thousandths.
pub const REVIEW_MILLI: u32 = 900;
/// Candidates compared word by word.
const CANDIDATES: usize = 96;
/// A new version of a list may lose at most this share of its entries, hundredths.
const LOSS_MAX: usize = 2;
/// What years of birth more than two apart take off, thousandths.
const BIRTH_APART: u32 = 200;

impl Screener {
    /// Puts a list in place of its last version. The standing population is to be searched against [`Screener::delta`].
    ///
    /// # Errors
    /// [`Error::Whole`] for a list that lost more than two in a hundred entries: a broken download looks like that.
    pub fn replace(&mut self, list: &str, entries: Vec<Entry>) -> Result<(), Error> {
        let version = entries.iter().fold(Key::of(list), |sum, entry| sum.and(entry.version()));
        if let Some((_, old_version, old)) = self.lists.iter_mut().find(|(name, ..)| name == list) {
            if entries.len() * 100 < old.len() * (100 - LOSS_MAX) {
                let what = format!(
                    "list {list}: {} entries, {} before; more than {LOSS_MAX} in a hundred lost",
                    entries.len(),
                    old.len()
                );
                return Err(Error::Whole(what));
            }
            (*old_version, *old) = (version, entries);
        } else {
            self.lists.push((list.to_owned(), version, entries));
        }
        self.index();
        Ok(())
    }

    /// Only the entries of `new` that `old` does not have as they are: what a standing population is searched against.
    #[must_use]
    pub fn delta(old: &[Entry], new: &[Entry]) -> Vec<Entry> {
        let known: FxHashSet<Key> = old.iter().map(Entry::version).collect();
        new.iter().filter(|entry| !known.contains(&entry.version())).cloned().collect()
    }

    /// Number of names searched.
    #[must_use]
    pub fn names(&self) -> usize {
        self.names.len()
    }

    /// Clears a party of an entry. Two persons must be named; that they are two is checked here.
    ///
    /// # Errors
    /// [`Error::Change`] when it is one person twice.
    pub fn clear(
        &mut self,
        party: &Party,
        entry_version: Key,
        maker: &str,
        checker: &str,
    ) -> Result<(), Error> {
        if maker.trim().is_empty()
            || checker.trim().is_empty()
            || maker.trim().eq_ignore_ascii_case(checker.trim())
        {
            return Err(Error::Change("a clearing takes two persons".into()));
        }
        self.cleared.insert((party.version(), entry_version));
        Ok(())
    }

    /// Entries at least so alike, best first, one hit an entry.
    #[must_use]
    pub fn search(&self, party: &Party, least_milli: u32) -> Vec<Hit> {
        let query = Name::of(&party.name);
        let mut best: FxHashMap<(u16, u32), (u32, u32, Likeness)> = FxHashMap::default();
        for candidate in self.candidates(&query) {
            let indexed = &self.names[candidate as usize];
            let likeness = compare(&query, &indexed.name);
            let entry = &self.lists[usize::from(indexed.list)].2[indexed.entry as usize];
            let apart = years_apart(party, entry).is_some_and(|years| years > 2);
            let milli = likeness.milli.saturating_sub(if apart { BIRTH_APART } else { 0 });
            if milli < least_milli {
                continue;
            }
            let found =
                best.entry((indexed.list, indexed.entry)).or_insert((0, candidate, Likeness::default()));
            if milli > found.0 {
                *found = (milli, candidate, likeness);
            }
        }
        let mut hits: Vec<Hit> =
            best.into_values().map(|(milli, at, likeness)| self.hit(party, milli, at, likeness)).collect();
        hits.sort_by(|one, other| {
            other.milli.cmp(&one.milli).then_with(|| (&one.list, &one.id).cmp(&(&other.list, &other.id)))
        });
        hits
    }

    fn hit(&self, party: &Party, milli: u32, at: u32, likeness: Likeness) -> Hit {
        let indexed = &self.names[at as usize];
        let (list, version, entries) = &self.lists[usize::from(indexed.list)];
        let entry = &entries[indexed.entry as usize];
        let entry_version = entry.version();
        Hit {
            list: list.clone(),
            version: *version,
            id: entry.id.clone(),
            name: entry.names[usize::from(indexed.alias)].clone(),
            milli,
            likeness,
            years_apart: years_apart(party, entry),
            cleared: self.cleared.contains(&(party.version(), entry_version)),
            entry_version,
        }
    }

    /// Names that share rare words, sounds or all letters but one with the query, most first.
    fn candidates(&self, query: &Name) -> Vec<u32> {
        let mut scores = vec![0u16; self.names.len()];
        let mut touched = Vec::new();
        let mut add = |key: u64, weight: u32| {
            let Some(postings) = self.postings.get(&key) else { return };
            // A word on one name says more than a word on a thousand.
            let rarity = (self.names.len() as u64 / postings.len() as u64 + 1).ilog2() + 1;
            let points = (weight * rarity / 8).clamp(1, 400) as u16;
            for name in postings {
                let score = &mut scores[*name as usize];
                if *score == 0 {
                    touched.push(*name);
                }
                *score = score.saturating_add(points);
            }
        };
        let joined = query.words.windows(2).map(|pair| pair[0].joined(&pair[1]));
        for word in query.words.iter().cloned().chain(joined) {
            if word.weight < 30 && query.words.len() > 1 {
                continue;
            }
            add(exact(&word), word.weight);
            add(sounding(&word), word.weight * 2 / 3);
            for key in shortened(&word) {
                add(key, word.weight / 2);
            }
        }
        if touched.len() > CANDIDATES {
            touched.select_nth_unstable_by_key(CANDIDATES - 1, |name| {
                (std::cmp::Reverse(scores[*name as usize]), *name)
            });
            touched.truncate(CANDIDATES);
        }
        touched
    }

    fn index(&mut self) {
        self.names.clear();
        self.postings.clear();
        for (list, (_, _, entries)) in self.lists.iter().enumerate() {
            for (number, entry) in entries.iter().enumerate() {
                for (alias, text) in entry.names.iter().enumerate() {
                    let name = Name::of(text);
                    let at = self.names.len() as u32;
                    let joined = name.words.windows(2).map(|pair| pair[0].joined(&pair[1]));
                    for word in name.words.iter().cloned().chain(joined) {
                        if word.weight < 30 && name.words.len() > 1 {
                            continue;
                        }
                        for key in [exact(&word), sounding(&word)].into_iter().chain(shortened(&word)) {
                            let postings = self.postings.entry(key).or_default();
                            if postings.last() != Some(&at) {
                                postings.push(at);
                            }
                        }
                    }
                    self.names.push(Indexed {
                        list: list as u16,
                        entry: number as u32,
                        alias: alias as u16,
                        name,
                    });
                }
            }
        }
    }
}

fn years_apart(party: &Party, entry: &Entry) -> Option<u32> {
    let birth = party.birth?;
    entry.births.iter().map(|year| year.abs_diff(birth)).min()
}

fn exact(word: &Word) -> u64 {
    hash(1, &word.letters)
}

fn sounding(word: &Word) -> u64 {
    hash(
        if word.sounds.len() >= 2 { 2 } else { 3 },
        if word.sounds.len() >= 2 { &word.sounds } else { &word.letters },
    )
}

/// The word itself and the word without each letter in turn: two words one edit apart share one of these.
fn shortened(word: &Word) -> impl Iterator<Item = u64> {
    let long = word.letters.len() >= 4 && !word.is_number();
    (0..=word.letters.len()).filter(move |_| long).map(|gap| {
        let kept: Vec<u8> =
            word.letters.iter().enumerate().filter(|(at, _)| *at != gap).map(|(_, letter)| *letter).collect();
        hash(4, &kept)
    })
}

fn hash(kind: u64, letters: &[u8]) -> u64 {
    letters.iter().fold(kind ^ 0xcbf2_9ce4_8422_2325, |sum, letter| {
        (sum ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
