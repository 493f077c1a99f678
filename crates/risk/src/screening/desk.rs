//! Compares parties with lists, a task at a time: what a task holds is all it needs, so it is done outside the turn and
//! beside it. Decides nothing, and keeps nothing but the index of the lists it last saw.

use std::collections::BTreeMap;

use super::compare::explain;
use super::list::Entry;
use super::name::Name;
use super::record::Listed;
use super::{Entries, Hit, Party, Screener};
use crate::{Error, Key};

/// Parties to be searched against all lists as they stood.
#[derive(Debug, Clone)]
pub struct Task {
    /// How often lists had changed.
    pub epoch: u64,
    pub(super) lists: Vec<(String, Entries)>,
    pub(super) parties: Vec<(Key, Party)>,
    /// Everybody behind the first key and up to the second, if it is about everybody.
    pub(super) through: Option<(Key, Key)>,
}

/// What a task came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Searched {
    /// The task's.
    pub epoch: u64,
    /// When, milliseconds since 1970; set when it is recorded.
    pub at_ms: i64,
    /// Everybody behind the first key and up to the second was searched; otherwise `parties` were.
    pub through: Option<(Key, Key)>,
    /// Who was searched, and under which version of the party.
    pub parties: Vec<(Key, Key)>,
    /// What was found, party by party.
    pub hits: Vec<(Key, Found)>,
}

/// An entry that a party may be, with why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The list.
    pub list: String,
    /// Number of the entry on it.
    pub entry: String,
    /// Version of the entry: a clearing is bound to it.
    pub entry_version: Key,
    /// Version of the party: a clearing is bound to it too.
    pub party_version: Key,
    /// The listed name that was alike.
    pub name: String,
    /// Thousandths, after the years of birth were weighed.
    pub milli: u32,
    /// Word by word, and the years between the births.
    pub why: String,
    /// Two people have said that it is the party.
    pub confirmed: bool,
}

/// Least likeness of a name alone, thousandths: of 100,000 clean names about one in a thousand is found.
const NAME_MILLI: u32 = 900;
/// Least likeness where both births are known.
const BORN_MILLI: u32 = 750;
/// Most hits that are kept of one party.
const HITS_MAX: usize = 8;
/// Most bytes of entries in one record: the longest record of a journal is a little longer.
const PART_BYTES_MAX: usize = 2 << 20;

/// Holds the index of the lists it last saw.
#[derive(Debug, Default)]
pub struct Desk {
    epoch: u64,
    screener: Screener,
}

impl Desk {
    /// Does a task.
    ///
    /// # Errors
    /// [`Error::Whole`] for a list that cannot be searched.
    pub fn search(&mut self, task: &Task) -> Result<Searched, Error> {
        if self.epoch != task.epoch {
            self.screener = Screener::default();
            for (name, entries) in &task.lists {
                self.screener.replace(name, entries.values().cloned().collect())?;
            }
            self.epoch = task.epoch;
        }
        let mut searched = Searched { epoch: task.epoch, through: task.through, ..Searched::default() };
        for (subject, party) in &task.parties {
            if task.through.is_none() {
                searched.parties.push((*subject, party.version()));
            }
            let least = if party.birth.is_some() { BORN_MILLI } else { NAME_MILLI };
            let enough = |hit: &Hit| hit.years_apart.is_some() || hit.milli >= NAME_MILLI;
            let hits = self.screener.search(party, least).into_iter().filter(enough).take(HITS_MAX);
            searched.hits.extend(hits.map(|hit| (*subject, found(party, &hit))));
        }
        Ok(searched)
    }
}

fn found(party: &Party, hit: &Hit) -> Found {
    let pairs = explain(&Name::of(&party.name), &Name::of(&hit.name)).into_iter();
    let mut why: Vec<String> = pairs
        .map(|(one, other, milli)| match milli {
            1_000 => one,
            milli => format!("{one} ~ {other} {milli}"),
        })
        .collect();
    match hit.years_apart {
        Some(0) => why.push("the same year of birth".to_owned()),
        Some(years) => why.push(format!("{years} years between the births")),
        None => {}
    }
    Found {
        list: hit.list.clone(),
        entry: hit.id.clone(),
        entry_version: hit.entry_version,
        party_version: party.version(),
        name: hit.name.clone(),
        milli: hit.milli,
        why: why.join(", "),
        confirmed: false,
    }
}

/// What has to be recorded for a list to go from what is published to `entries`: one record, or several where it would
/// be too long.
///
/// # Errors
/// [`Error::Whole`] where two entries have one number, or an entry is longer than a record.
pub fn difference(
    list: &str,
    published: Option<(Key, &BTreeMap<String, Entry>)>,
    entries: Vec<Entry>,
    at_ms: i64,
) -> Result<Vec<Listed>, Error> {
    let none = BTreeMap::new();
    let (from, old) = published.unwrap_or((Key::NONE, &none));
    let mut next: BTreeMap<String, Entry> = BTreeMap::new();
    for entry in entries {
        if entry.id.is_empty() || entry.names.iter().all(|name| name.trim().is_empty()) {
            let name = entry.names.first().map_or("", String::as_str);
            return Err(Error::Whole(format!(
                "list {list}: entry {:?} {name:?} needs a number and a name",
                entry.id
            )));
        }
        if let Some(twice) = next.insert(entry.id.clone(), entry) {
            return Err(Error::Whole(format!("list {list}: entry {} stands in it twice", twice.id)));
        }
    }
    let version = next.values().fold(Key::of(list), |sum, entry| sum.and(entry.version()));
    let gone = old.keys().filter(|id| !next.contains_key(*id)).cloned().collect();
    let new = next.keys().filter(|id| !old.contains_key(*id)).count();
    let mut part =
        Listed { list: list.to_owned(), at_ms, from, version, new, more: false, gone, came: Vec::new() };
    let mut parts = Vec::new();
    let mut bytes = 0;
    for (id, entry) in next {
        if old.get(&id) == Some(&entry) {
            continue;
        }
        let length = entry.names.iter().map(|name| name.len() + 16).sum::<usize>() + id.len() + 64;
        if length > PART_BYTES_MAX {
            return Err(Error::Whole(format!("list {list}: entry {id} has {length} bytes")));
        }
        if bytes + length > PART_BYTES_MAX {
            let rest = Listed { gone: Vec::new(), came: Vec::new(), ..part.clone() };
            parts.push(Listed { more: true, ..std::mem::replace(&mut part, rest) });
            bytes = 0;
        }
        bytes += length;
        part.came.push(entry);
    }
    parts.push(part);
    Ok(parts)
}
