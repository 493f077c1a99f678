//! Searches names in lists: few candidates by rare words, sounds and one missing letter; then word by word. Decides
//! nothing: a hit is for a person, and a clearing lapses when the party or the entry changes.

pub mod compare;
mod desk;
mod index;
mod lexicon;
pub mod list;
pub mod name;
mod record;
mod register;
mod word;

use rustc_hash::FxHashSet;

use crate::{Error, Key};
use compare::{Likeness, compare};
pub use desk::{Desk, Found, Searched, Task, difference};
use index::Index;
use list::Entry;
use name::Name;
pub use record::{Listed, ScreeningRecord};
pub use register::{Entries, Known, List, Register, TASK_PARTIES};

/// Lists as they are searched.
#[derive(Debug, Clone, Default)]
pub struct Screener {
    lists: Vec<(String, Key, Vec<Entry>)>,
    names: Vec<Indexed>,
    index: Index,
    cleared: FxHashSet<(Key, Key)>,
}

#[derive(Debug, Clone)]
struct Indexed {
    list: u16,
    entry: u32,
    alias: u16,
    weight: u32,
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
const CANDIDATES: usize = 64;
/// How much more alike two names may be than what they share makes likely, thousandths.
const SLACK: u32 = 200;
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

    /// Searches a standing population after a list went from `old` to `new`: only entries that are new or changed are
    /// searched, and each hit comes with the party's number. Lists that did not change need no second search.
    ///
    /// # Errors
    /// As [`Screener::replace`].
    pub fn rescreen(
        list: &str,
        (old, new): (&[Entry], &[Entry]),
        population: &[Party],
        least_milli: u32,
    ) -> Result<Vec<(usize, Hit)>, Error> {
        let mut changed = Self::default();
        changed.replace(list, Self::delta(old, new))?;
        let found = population.iter().enumerate().flat_map(|(number, party)| {
            changed.search(party, least_milli).into_iter().map(move |hit| (number, hit))
        });
        Ok(found.collect())
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
        let mut best: Vec<(u16, u32, u32, u32, Likeness)> = Vec::new();
        for candidate in self.candidates(&query, least_milli) {
            let indexed = &self.names[candidate as usize];
            let likeness = compare(&query, &indexed.name);
            if likeness.milli < least_milli {
                continue;
            }
            let entry = &self.lists[usize::from(indexed.list)].2[indexed.entry as usize];
            let apart = years_apart(party, entry).is_some_and(|years| years > 2);
            let milli = likeness.milli.saturating_sub(if apart { BIRTH_APART } else { 0 });
            if milli < least_milli {
                continue;
            }
            let same =
                |one: &&mut (u16, u32, u32, u32, Likeness)| (one.0, one.1) == (indexed.list, indexed.entry);
            let found = (indexed.list, indexed.entry, milli, candidate, likeness);
            match best.iter_mut().find(same) {
                Some(known) if known.2 < milli => *known = found,
                Some(_) => {}
                None => best.push(found),
            }
        }
        let told = |(_, _, milli, at, likeness)| self.hit(party, milli, at, likeness);
        let mut hits: Vec<Hit> = best.into_iter().map(told).collect();
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

    /// The names that share most with the query, and can be so alike.
    fn candidates(&self, query: &Name, least_milli: u32) -> Vec<u32> {
        let weight = query.weight();
        let mut found: Vec<(u32, u32)> = Vec::new();
        self.index.shared(query, self.names.len(), |name, shared| {
            let about = likely(weight, self.names[name as usize].weight, shared);
            if about + SLACK >= least_milli {
                found.push((about, name));
            }
        });
        if found.len() > CANDIDATES {
            found.select_nth_unstable_by_key(CANDIDATES - 1, |(about, name)| {
                (std::cmp::Reverse(*about), *name)
            });
            found.truncate(CANDIDATES);
        }
        found.into_iter().map(|(_, name)| name).collect()
    }

    fn index(&mut self) {
        self.names.clear();
        for (list, (_, _, entries)) in self.lists.iter().enumerate() {
            for (number, entry) in entries.iter().enumerate() {
                for (alias, text) in entry.names.iter().enumerate() {
                    let name = Name::of(text);
                    self.names.push(Indexed {
                        list: list as u16,
                        entry: number as u32,
                        alias: alias as u16,
                        weight: name.weight(),
                        name,
                    });
                }
            }
        }
        self.index = Index::of(self.names.iter().map(|indexed| &indexed.name));
    }
}

/// About how alike two names are that share words of so much weight: never much less than they turn out.
fn likely(query: u32, name: u32, shared: u32) -> u32 {
    let shared = shared.min(query).min(name);
    let against = (query - shared).min(name - shared);
    1_000u32.saturating_sub(against * 3).saturating_sub(query.abs_diff(name) / 2)
}

fn years_apart(party: &Party, entry: &Entry) -> Option<u32> {
    let birth = party.birth?;
    entry.births.iter().map(|year| year.abs_diff(birth)).min()
}

#[cfg(test)]
mod tests;
