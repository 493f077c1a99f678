//! What changes the register, as facts for the journal, with their bytes. Does not decide whether a change is allowed.

use super::list::Entry;
use super::{Found, Party, Searched};
use crate::record::{Reader, put, put_text};
use crate::{Error, Key};

/// One journaled fact about lists and those who are compared with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreeningRecord {
    /// A list was published, or compared and found as it was; a long one in several records of one turn.
    Listed(Listed),
    /// A party is called so from now on.
    Named {
        /// The party.
        subject: Key,
        /// Its name, and its year of birth where known.
        party: Party,
        /// When, milliseconds since 1970.
        at_ms: i64,
    },
    /// Parties were searched against all lists.
    Searched(Searched),
}

/// A list's next version, as what is different in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub list: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The version it was compared with.
    pub from: Key,
    /// The version it becomes.
    pub version: Key,
    /// How many entries are new, over all its records.
    pub new: usize,
    /// Another record of the same change follows.
    pub more: bool,
    /// Numbers of entries that it lost.
    pub gone: Vec<String>,
    /// Entries that are new or changed.
    pub came: Vec<Entry>,
}

/// First byte of an encoded record.
const RECORD_VERSION: u8 = 1;

impl ScreeningRecord {
    /// Appends the record's bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(RECORD_VERSION);
        match self {
            Self::Listed(list) => {
                out.extend_from_slice(&[0, u8::from(list.more)]);
                put_text(out, &list.list);
                put(out, &[list.at_ms as u64, list.from.0, list.version.0, list.new as u64]);
                put(out, &[list.gone.len() as u64]);
                list.gone.iter().for_each(|id| put_text(out, id));
                put(out, &[list.came.len() as u64]);
                list.came.iter().for_each(|entry| put_entry(out, entry));
            }
            Self::Named { subject, party, at_ms } => {
                out.push(1);
                put(out, &[subject.0, *at_ms as u64, party.birth.map_or(NO_YEAR, |year| year as u32 as u64)]);
                put_text(out, &party.name);
            }
            Self::Searched(searched) => {
                out.extend_from_slice(&[2, u8::from(searched.through.is_some())]);
                put(out, &[searched.epoch, searched.at_ms as u64]);
                if let Some((from, upto)) = searched.through {
                    put(out, &[from.0, upto.0]);
                }
                put(out, &[searched.parties.len() as u64]);
                searched.parties.iter().for_each(|(subject, version)| put(out, &[subject.0, version.0]));
                put(out, &[searched.hits.len() as u64]);
                searched.hits.iter().for_each(|(subject, hit)| put_hit(out, *subject, hit));
            }
        }
    }

    /// Reads a record from exactly its bytes.
    ///
    /// # Errors
    /// [`Error::Bytes`] where they are not what [`ScreeningRecord::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        if from.byte()? != RECORD_VERSION {
            return Err(Error::Bytes { at: 0, what: "screening record version 1" });
        }
        let record = match from.byte()? {
            0 => Self::Listed(listed(&mut from)?),
            1 => {
                let (subject, at_ms) = (Key(from.long()?), from.long()? as i64);
                let birth = year(&mut from, NO_YEAR)?;
                Self::Named { subject, at_ms, party: Party { birth, name: from.text()? } }
            }
            2 => Self::Searched(searched(&mut from)?),
            _ => return Err(Error::Bytes { at: 1, what: "a kind of screening record" }),
        };
        from.end()?;
        Ok(record)
    }
}

/// Stands where no year is known: above every year's bits.
const NO_YEAR: u64 = u64::MAX;

fn year(from: &mut Reader<'_>, none: u64) -> Result<Option<i32>, Error> {
    let at = from.at();
    match from.long()? {
        bits if bits == none => Ok(None),
        bits => {
            u32::try_from(bits).map(|bits| Some(bits as i32)).map_err(|_| Error::Bytes { at, what: "a year" })
        }
    }
}

fn put_entry(out: &mut Vec<u8>, entry: &Entry) {
    out.push(u8::from(entry.person));
    put_text(out, &entry.id);
    put(out, &[entry.names.len() as u64]);
    entry.names.iter().for_each(|name| put_text(out, name));
    put(out, &[entry.births.len() as u64]);
    entry.births.iter().for_each(|year| put(out, &[u64::from(*year as u32)]));
}

fn put_hit(out: &mut Vec<u8>, subject: Key, hit: &Found) {
    put(out, &[subject.0, hit.entry_version.0, hit.party_version.0, u64::from(hit.milli)]);
    [&hit.list, &hit.entry, &hit.name, &hit.why].into_iter().for_each(|text| put_text(out, text));
}

fn listed(from: &mut Reader<'_>) -> Result<Listed, Error> {
    let more = from.flag()?;
    let list = from.text()?;
    let (at_ms, before, version) = (from.long()? as i64, Key(from.long()?), Key(from.long()?));
    let new = from.long()? as usize;
    let gone = (0..from.long()?).map(|_| from.text()).collect::<Result<_, _>>()?;
    let came = (0..from.long()?).map(|_| entry(from)).collect::<Result<_, _>>()?;
    Ok(Listed { list, at_ms, from: before, version, new, more, gone, came })
}

fn entry(from: &mut Reader<'_>) -> Result<Entry, Error> {
    let (person, id) = (from.flag()?, from.text()?);
    let names = (0..from.long()?).map(|_| from.text()).collect::<Result<_, _>>()?;
    let births = (0..from.long()?).map(|_| birth(from)).collect::<Result<_, _>>()?;
    Ok(Entry { id, names, births, person })
}

fn birth(from: &mut Reader<'_>) -> Result<i32, Error> {
    let at = from.at();
    let bits = u32::try_from(from.long()?).map_err(|_| Error::Bytes { at, what: "a year" })?;
    Ok(bits as i32)
}

fn searched(from: &mut Reader<'_>) -> Result<Searched, Error> {
    let all = from.flag()?;
    let (epoch, at_ms) = (from.long()?, from.long()? as i64);
    let through = match all {
        true => Some((Key(from.long()?), Key(from.long()?))),
        false => None,
    };
    let parties = (0..from.long()?)
        .map(|_| Ok((Key(from.long()?), Key(from.long()?))))
        .collect::<Result<_, Error>>()?;
    let hits = (0..from.long()?).map(|_| hit(from)).collect::<Result<_, Error>>()?;
    Ok(Searched { epoch, at_ms, through, parties, hits })
}

fn hit(from: &mut Reader<'_>) -> Result<(Key, Found), Error> {
    let subject = Key(from.long()?);
    let (entry_version, party_version) = (Key(from.long()?), Key(from.long()?));
    let at = from.at();
    let milli = u32::try_from(from.long()?).map_err(|_| Error::Bytes { at, what: "thousandths" })?;
    let (list, entry, name, why) = (from.text()?, from.text()?, from.text()?, from.text()?);
    Ok((subject, Found { list, entry, entry_version, party_version, name, milli, why, confirmed: false }))
}
