//! Whom the network knows by name, the lists they are compared with, and what was found of them. Changed by records
//! alone; compares no names: the [`super::Desk`] does, outside the turn, a bounded task at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::list::Entry;
use super::{Found, Listed, Party, ScreeningRecord, Searched, Task};
use crate::{Error, Key, Screening};

/// Parties, lists and findings.
#[derive(Debug, Clone, Default)]
pub struct Register {
    lists: BTreeMap<String, List>,
    parties: BTreeMap<Key, Known>,
    /// New, renamed, or with a hit on an entry that has changed: searched before all others.
    fresh: BTreeSet<Key>,
    /// Whoever comes behind this key was not searched since the lists changed last.
    swept: Option<Key>,
    /// Counts changes of lists.
    epoch: u64,
    /// Parties with hits.
    hit: BTreeSet<Key>,
    /// The good-list: this party is not this entry, as both stood when two people said so.
    cleared: BTreeSet<(Key, Key)>,
}

/// The entries of a list by their numbers.
pub type Entries = Arc<BTreeMap<String, Entry>>;

/// A published list.
#[derive(Debug, Clone)]
pub struct List {
    /// Changes whenever an entry does.
    pub version: Key,
    /// When this version was published, milliseconds since 1970.
    pub changed_ms: i64,
    /// When it was last published, or compared with its publisher's.
    pub checked_ms: i64,
    /// Its entries by their numbers.
    pub entries: Entries,
}

/// A party as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it is called.
    pub party: Party,
    /// Whether it was ever searched under this name.
    pub searched: bool,
    /// Entries it may be, and those it is.
    pub hits: Vec<Found>,
}

/// Nobody comes behind this key.
const LAST: Key = Key(u64::MAX);
/// Most parties that are known by name.
const PARTIES_MAX: usize = 1_000_000;
/// Parties of one task: some milliseconds of searching, and a record of a few bytes when nobody is found.
pub const TASK_PARTIES: usize = 256;
/// A new version of a list may lose at most this share of its entries, hundredths: a broken download looks like that.
const LOSS_MAX: usize = 2;

impl Register {
    /// What has to be recorded for a list to become `next`. A list that stays as it is is recorded as compared.
    ///
    /// # Errors
    /// [`Error::Change`] when another version was published meanwhile, [`Error::Whole`] when more than two in a hundred
    /// entries would be lost.
    pub fn publish(&self, list: &Listed) -> Result<(), Error> {
        let (version, before) =
            self.lists.get(&list.list).map_or((Key::NONE, 0), |known| (known.version, known.entries.len()));
        if version != list.from {
            return Err(Error::Change(format!("list {} was changed meanwhile: compare it again", list.list)));
        }
        let lost = list.gone.len();
        let after = before.saturating_sub(lost) + list.new;
        if after * 100 < before * (100 - LOSS_MAX) {
            let what = format!(
                "list {}: {after} entries, {before} before; more than {LOSS_MAX} in a hundred lost",
                list.list
            );
            return Err(Error::Whole(what));
        }
        Ok(())
    }

    /// A party's name, to be recorded; nothing where it is known by it.
    ///
    /// # Errors
    /// [`Error::Change`] without a subject or a name, and beyond a million parties.
    pub fn name(&self, subject: Key, party: Party, at_ms: i64) -> Result<Option<ScreeningRecord>, Error> {
        if subject == Key::NONE || party.name.trim().is_empty() {
            return Err(Error::Change("a party needs a subject and a name".into()));
        }
        match self.parties.get(&subject) {
            Some(known) if known.party == party => Ok(None),
            None if self.parties.len() >= PARTIES_MAX => {
                Err(Error::Change(format!("{PARTIES_MAX} parties are known already")))
            }
            _ => Ok(Some(ScreeningRecord::Named { subject, party, at_ms })),
        }
    }

    /// The next parties to search, if any wait: the new ones first, then everybody after a list has changed.
    #[must_use]
    pub fn task(&self) -> Option<Task> {
        if self.epoch == 0 {
            return None;
        }
        let party = |key: &Key| (*key, self.parties[key].party.clone());
        let (parties, through): (Vec<(Key, Party)>, _) = if self.fresh.is_empty() {
            let swept = self.swept?;
            let mut rest = self.behind(swept);
            let parties: Vec<_> =
                rest.by_ref().take(TASK_PARTIES).map(|(key, one)| (*key, one.party.clone())).collect();
            let last = if rest.next().is_some() { parties.last().map(|(key, _)| *key) } else { None };
            (parties, Some((swept, last.unwrap_or(LAST))))
        } else {
            (self.fresh.iter().take(TASK_PARTIES).map(party).collect(), None)
        };
        let lists = self.lists.iter().map(|(name, list)| (name.clone(), list.entries.clone()));
        Some(Task { epoch: self.epoch, lists: lists.collect(), parties, through })
    }

    /// Whether anybody waits to be searched.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.epoch > 0 && (self.swept.is_some() || !self.fresh.is_empty())
    }

    /// What a task came to, to be recorded.
    ///
    /// # Errors
    /// [`Error::Change`] when the lists have changed since: the task is to be asked for again.
    pub fn searched(&self, searched: Searched) -> Result<ScreeningRecord, Error> {
        let behind = searched.through.map(|(from, _)| from);
        if searched.epoch != self.epoch || behind.is_some_and(|from| self.swept != Some(from)) {
            let what = "the lists have changed since, or it was searched already: ask for the next task";
            return Err(Error::Change(what.into()));
        }
        Ok(ScreeningRecord::Searched(searched))
    }

    /// Makes a record true. Tells what was newly found.
    pub fn apply(&mut self, record: &ScreeningRecord) -> Vec<(Key, Found)> {
        match record {
            ScreeningRecord::Listed(list) => self.listed(list),
            ScreeningRecord::Named { subject, party, .. } => self.named(*subject, party.clone()),
            ScreeningRecord::Searched(searched) => return self.found(searched),
        }
        Vec::new()
    }

    fn listed(&mut self, change: &Listed) {
        let list = self.lists.entry(change.list.clone()).or_insert_with(|| List {
            version: Key::NONE,
            changed_ms: change.at_ms,
            checked_ms: change.at_ms,
            entries: Arc::default(),
        });
        list.checked_ms = change.at_ms;
        if change.gone.is_empty() && change.came.is_empty() {
            return;
        }
        let entries = Arc::make_mut(&mut list.entries);
        for id in &change.gone {
            entries.remove(id);
        }
        entries.extend(change.came.iter().map(|entry| (entry.id.clone(), entry.clone())));
        if change.more {
            return;
        }
        (list.version, list.changed_ms) = (change.version, change.at_ms);
        self.epoch += 1;
        // Whoever is new is searched in any case.
        self.swept = (self.fresh.len() < self.parties.len()).then_some(Key::NONE);
        self.lapse();
    }

    /// A hit on an entry that is gone or has changed is none; the party is searched anew before all others.
    fn lapse(&mut self) {
        let lists = &self.lists;
        let stands = |hit: &Found| {
            let entry = lists.get(&hit.list).and_then(|list| list.entries.get(&hit.entry));
            entry.is_some_and(|entry| entry.version() == hit.entry_version)
        };
        for key in std::mem::take(&mut self.hit) {
            let Some(known) = self.parties.get_mut(&key) else { continue };
            if !known.hits.iter().all(stands) {
                self.fresh.insert(key);
            }
            self.hit.insert(key);
        }
    }

    /// A party is called so from now on. A new name is not yet searched, and says nothing of the hits under the old one.
    pub fn named(&mut self, subject: Key, party: Party) {
        if self.parties.get(&subject).is_some_and(|known| known.party == party) {
            return;
        }
        let hits = self.parties.remove(&subject).map_or_else(Vec::new, |known| known.hits);
        self.parties.insert(subject, Known { party, searched: false, hits });
        self.fresh.insert(subject);
    }

    fn found(&mut self, searched: &Searched) -> Vec<(Key, Found)> {
        let mut news = Vec::new();
        let done: Vec<Key> = match searched.through {
            Some((from, upto)) => {
                self.swept = (upto != LAST).then_some(upto);
                let through = self.behind(from).map(|(key, _)| *key).take_while(|key| *key <= upto);
                // Whoever was renamed meanwhile is searched by itself.
                through.filter(|key| !self.fresh.contains(key)).collect()
            }
            None => {
                let same = |(subject, version): &&(Key, Key)| {
                    self.parties.get(subject).is_some_and(|known| known.party.version() == *version)
                };
                searched.parties.iter().filter(same).map(|(subject, _)| *subject).collect()
            }
        };
        let mut hits: BTreeMap<Key, Vec<&Found>> = BTreeMap::new();
        searched.hits.iter().for_each(|(subject, hit)| hits.entry(*subject).or_default().push(hit));
        for subject in done {
            self.fresh.remove(&subject);
            let Some(known) = self.parties.get_mut(&subject) else { continue };
            let old = std::mem::take(&mut known.hits);
            known.searched = true;
            for hit in hits.get(&subject).into_iter().flatten() {
                if self.cleared.contains(&(hit.party_version, hit.entry_version)) {
                    continue;
                }
                let same = |one: &&Found| {
                    (one.party_version, one.entry_version) == (hit.party_version, hit.entry_version)
                };
                match old.iter().find(same) {
                    Some(kept) => known.hits.push(kept.clone()),
                    None => {
                        news.push((subject, (*hit).clone()));
                        known.hits.push((*hit).clone());
                    }
                }
            }
            if known.hits.is_empty() {
                self.hit.remove(&subject)
            } else {
                self.hit.insert(subject)
            };
        }
        news
    }

    /// Two people have ruled on a party's hits: it is the listed one, or none of them.
    pub fn ruled(&mut self, subject: Key, listed: bool) {
        let Some(known) = self.parties.get_mut(&subject) else { return };
        if listed {
            known.hits.iter_mut().for_each(|hit| hit.confirmed = true);
            return;
        }
        let cleared = known.hits.drain(..).map(|hit| (hit.party_version, hit.entry_version));
        self.cleared.extend(cleared);
        self.hit.remove(&subject);
    }

    /// Somebody has compared the lists with their publishers' and found them current.
    pub fn current(&mut self, at_ms: i64) {
        self.lists.values_mut().for_each(|list| list.checked_ms = list.checked_ms.max(at_ms));
    }

    /// When the list that was compared longest ago was compared; nothing without lists.
    #[must_use]
    pub fn checked_ms(&self) -> Option<i64> {
        self.lists.values().map(|list| list.checked_ms).min()
    }

    /// What is known of a party; nothing of one that is not known by name.
    #[must_use]
    pub fn status(&self, subject: Key) -> Option<Screening> {
        let known = self.parties.get(&subject)?;
        if known.hits.iter().any(|hit| hit.confirmed) {
            return Some(Screening::Listed);
        }
        if !known.hits.is_empty() {
            return Some(Screening::Possible);
        }
        let stale = self.swept.is_some_and(|swept| subject > swept);
        Some(if known.searched && !stale { Screening::Clear } else { Screening::Unknown })
    }

    /// A party by its key.
    #[must_use]
    pub fn known(&self, subject: Key) -> Option<&Known> {
        self.parties.get(&subject)
    }

    /// Published lists by name.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &List)> {
        self.lists.iter().map(|(name, list)| (name.as_str(), list))
    }

    /// How many parties are known by name, how many of them have hits, and how many pairs were cleared.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.parties.len(), self.hit.len(), self.cleared.len())
    }

    /// A published list with its version: what the next one is compared with.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<(Key, Entries)> {
        self.lists.get(name).map(|list| (list.version, list.entries.clone()))
    }

    fn behind(&self, swept: Key) -> impl Iterator<Item = (&Key, &Known)> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.parties.range((Excluded(swept), Unbounded))
    }

    /// Appends everything a later record could depend on: equal registers, equal bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |number: u64| out.extend_from_slice(&number.to_le_bytes());
        for (name, list) in &self.lists {
            [Key::of(name).0, list.version.0, list.checked_ms as u64].into_iter().for_each(&mut put);
        }
        put(self.epoch);
        put(self.swept.map_or(u64::MAX, |swept| swept.0));
        for (key, known) in &self.parties {
            [key.0, known.party.version().0, u64::from(known.searched)].into_iter().for_each(&mut put);
            for hit in &known.hits {
                put(hit.entry_version.0 ^ u64::from(hit.confirmed));
            }
        }
        self.fresh.iter().for_each(|key| put(key.0));
        self.cleared.iter().for_each(|(party, entry)| put(party.0 ^ entry.0.rotate_left(1)));
    }
}

#[cfg(test)]
mod tests;
