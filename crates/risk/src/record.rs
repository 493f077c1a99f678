//! What changes how payments are judged, as facts for the journal, with their bytes. Does not decide whether a change
//! is allowed.

use crate::Error;
use crate::facts::{Event, Facts, Key, Outcome, Screening};

/// One journaled fact. Applying records in order rebuilds the judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Somebody proposed a change.
    Proposed {
        /// Number of the proposal, from 1.
        id: u64,
        /// Who proposed it.
        maker: String,
        /// When, milliseconds since 1970.
        at_ms: i64,
        /// What.
        change: Change,
    },
    /// Somebody else confirmed it, and it holds.
    Published {
        /// The proposal.
        id: u64,
        /// Who confirmed it.
        checker: String,
        /// When.
        at_ms: i64,
    },
    /// It was taken back or refused.
    Withdrawn {
        /// The proposal.
        id: u64,
        /// Who did.
        by: String,
        /// When.
        at_ms: i64,
    },
    /// One person stopped a subject at once; lifting it again takes two.
    Stopped {
        /// Payer, merchant, terminal, device, member or corridor.
        subject: Key,
        /// Who.
        by: String,
        /// When.
        at_ms: i64,
        /// Why.
        reason: String,
    },
    /// Whether the windows are whole, and when the sanctions lists were last confirmed current.
    Health {
        /// When.
        at_ms: i64,
        /// False while windows are rebuilt or lag behind.
        windows: bool,
        /// When the lists were last pulled, milliseconds since 1970.
        lists_at_ms: i64,
    },
    /// What became of a payment.
    Observed(Outcome),
    /// What screening found of a party.
    Screened {
        /// The party.
        subject: Key,
        /// What was found.
        status: Screening,
        /// Who says so.
        by: String,
        /// When.
        at_ms: i64,
        /// Why: the hit, or what cleared it.
        reason: String,
    },
}

/// A change that takes two persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new rule set.
    Rules(String),
    /// A new policy.
    Policy(String),
    /// A model for shadow: scored and recorded, deciding nothing.
    Shadow(String),
    /// The model in shadow decides from now on; the one before is kept for a rollback.
    Promote,
    /// The model before decides again.
    Rollback,
    /// The whole of a named list.
    List {
        /// Its name, as rules use it.
        name: String,
        /// Its entries.
        keys: Vec<Key>,
    },
    /// Lifts a stop.
    Resume {
        /// The subject.
        subject: Key,
    },
    /// Most that one payment of a subject may amount to; none lifts the limit.
    Limit {
        /// The subject.
        subject: Key,
        /// Minor units of the reference currency.
        amount_max_minor: Option<i64>,
    },
}

/// First byte of an encoded record.
const RECORD_VERSION: u8 = 1;
/// Bytes of encoded facts.
pub const FACTS_BYTES: usize = 15 * 8 + 1;

impl Facts {
    /// Appends the facts' bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for number in [self.at_ms, self.amount_minor, self.paid_minor] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        let keys = [
            self.currency,
            self.payer,
            self.merchant,
            self.terminal,
            self.device,
            self.wallet,
            self.acquirer,
            self.payer_country,
            self.merchant_country,
            self.corridor,
            self.channel,
            self.merchant_class,
        ];
        keys.iter().for_each(|key| out.extend_from_slice(&key.0.to_le_bytes()));
        out.push(self.screening as u8);
    }

    /// Reads facts from exactly their bytes.
    ///
    /// # Errors
    /// [`Error::Bytes`] where they are not what [`Facts::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        let facts = from.facts()?;
        from.end()?;
        Ok(facts)
    }
}

impl Record {
    /// Appends the record's bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(RECORD_VERSION);
        match self {
            Self::Proposed { id, maker, at_ms, change } => {
                out.push(0);
                put(out, &[*id, *at_ms as u64]);
                put_text(out, maker);
                change.encode(out);
            }
            Self::Published { id, checker: by, at_ms } | Self::Withdrawn { id, by, at_ms } => {
                out.push(if matches!(self, Self::Published { .. }) { 1 } else { 2 });
                put(out, &[*id, *at_ms as u64]);
                put_text(out, by);
            }
            Self::Stopped { subject, by, at_ms, reason } => {
                out.push(3);
                put(out, &[subject.0, *at_ms as u64]);
                put_text(out, by);
                put_text(out, reason);
            }
            Self::Health { at_ms, windows, lists_at_ms } => {
                out.push(4);
                put(out, &[*at_ms as u64, u64::from(*windows), *lists_at_ms as u64]);
            }
            Self::Observed(outcome) => {
                out.extend_from_slice(&[5, outcome.event as u8]);
                put(out, &[outcome.at_ms as u64]);
                outcome.facts.encode(out);
            }
            Self::Screened { subject, status, by, at_ms, reason } => {
                out.extend_from_slice(&[6, *status as u8]);
                put(out, &[subject.0, *at_ms as u64]);
                put_text(out, by);
                put_text(out, reason);
            }
        }
    }

    /// Reads a record from exactly its bytes.
    ///
    /// # Errors
    /// [`Error::Bytes`] where they are not what [`Record::encode`] writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        if from.byte()? != RECORD_VERSION {
            return Err(Error::Bytes { at: 0, what: "risk record version 1" });
        }
        let record = match from.byte()? {
            0 => {
                let (id, at_ms) = (from.long()?, from.long()? as i64);
                Self::Proposed { id, at_ms, maker: from.text()?, change: from.change()? }
            }
            1 => Self::Published { id: from.long()?, at_ms: from.long()? as i64, checker: from.text()? },
            2 => Self::Withdrawn { id: from.long()?, at_ms: from.long()? as i64, by: from.text()? },
            3 => {
                let (subject, at_ms) = (Key(from.long()?), from.long()? as i64);
                Self::Stopped { subject, at_ms, by: from.text()?, reason: from.text()? }
            }
            4 => {
                let (at_ms, windows) = (from.long()? as i64, from.long()?);
                if windows > 1 {
                    return Err(Error::Bytes { at: from.at, what: "0 or 1" });
                }
                Self::Health { at_ms, windows: windows == 1, lists_at_ms: from.long()? as i64 }
            }
            5 => {
                let event = *Event::ALL
                    .get(usize::from(from.byte()?))
                    .ok_or(Error::Bytes { at: 2, what: "an event" })?;
                Self::Observed(Outcome { at_ms: from.long()? as i64, event, facts: from.facts()? })
            }
            6 => {
                let status = from.screening()?;
                let (subject, at_ms) = (Key(from.long()?), from.long()? as i64);
                Self::Screened { subject, status, at_ms, by: from.text()?, reason: from.text()? }
            }
            _ => return Err(Error::Bytes { at: 1, what: "a kind of record" }),
        };
        from.end()?;
        Ok(record)
    }
}

impl Change {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Rules(text) | Self::Policy(text) | Self::Shadow(text) => {
                out.push(match self {
                    Self::Rules(_) => 0,
                    Self::Policy(_) => 1,
                    _ => 2,
                });
                put_text(out, text);
            }
            Self::Promote => out.push(3),
            Self::Rollback => out.push(4),
            Self::List { name, keys } => {
                out.push(5);
                put_text(out, name);
                put(out, &[keys.len() as u64]);
                keys.iter().for_each(|key| put(out, &[key.0]));
            }
            Self::Resume { subject } => {
                out.push(6);
                put(out, &[subject.0]);
            }
            Self::Limit { subject, amount_max_minor } => {
                out.push(7);
                put(out, &[subject.0, amount_max_minor.unwrap_or(-1) as u64]);
            }
        }
    }
}

pub(crate) fn put(out: &mut Vec<u8>, longs: &[u64]) {
    longs.iter().for_each(|long| out.extend_from_slice(&long.to_le_bytes()));
}

pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, &[text.len() as u64]);
    out.extend_from_slice(text.as_bytes());
}

/// Reads what [`put`] and [`put_text`] have written.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or(Error::Bytes { at: self.at, what: "more of the record" })?;
        self.at += length;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Error> {
        self.take(1).map(|one| one[0])
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Error> {
        let at = self.at;
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Error::Bytes { at, what: "0 or 1" }),
        }
    }

    pub(crate) fn long(&mut self) -> Result<u64, Error> {
        let mut eight = [0; 8];
        eight.copy_from_slice(self.take(8)?);
        Ok(u64::from_le_bytes(eight))
    }

    pub(crate) fn text(&mut self) -> Result<String, Error> {
        let (at, length) = (self.at, self.long()?);
        let bytes = self.take(usize::try_from(length).unwrap_or(usize::MAX))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| Error::Bytes { at, what: "UTF-8 text" })
    }

    fn facts(&mut self) -> Result<Facts, Error> {
        let mut facts = Facts { at_ms: self.long()? as i64, ..Facts::default() };
        facts.amount_minor = self.long()? as i64;
        facts.paid_minor = self.long()? as i64;
        for key in [
            &mut facts.currency,
            &mut facts.payer,
            &mut facts.merchant,
            &mut facts.terminal,
            &mut facts.device,
            &mut facts.wallet,
            &mut facts.acquirer,
            &mut facts.payer_country,
            &mut facts.merchant_country,
            &mut facts.corridor,
            &mut facts.channel,
            &mut facts.merchant_class,
        ] {
            *key = Key(self.long()?);
        }
        facts.screening = self.screening()?;
        Ok(facts)
    }

    fn screening(&mut self) -> Result<Screening, Error> {
        let at = self.at;
        Ok(match self.byte()? {
            0 => Screening::Unknown,
            1 => Screening::Clear,
            2 => Screening::Possible,
            3 => Screening::Listed,
            _ => return Err(Error::Bytes { at, what: "a screening status" }),
        })
    }

    fn change(&mut self) -> Result<Change, Error> {
        let at = self.at;
        Ok(match self.byte()? {
            0 => Change::Rules(self.text()?),
            1 => Change::Policy(self.text()?),
            2 => Change::Shadow(self.text()?),
            3 => Change::Promote,
            4 => Change::Rollback,
            5 => {
                let name = self.text()?;
                let count = self.long()?;
                let keys = (0..count).map(|_| self.long().map(Key)).collect::<Result<_, _>>()?;
                Change::List { name, keys }
            }
            6 => Change::Resume { subject: Key(self.long()?) },
            7 => {
                let (subject, most) = (Key(self.long()?), self.long()? as i64);
                if most < -1 {
                    return Err(Error::Bytes { at, what: "a limit, or -1 for none" });
                }
                Change::Limit { subject, amount_max_minor: (most >= 0).then_some(most) }
            }
            _ => return Err(Error::Bytes { at, what: "a kind of change" }),
        })
    }

    pub(crate) fn end(&self) -> Result<(), Error> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Error::Bytes { at: self.at, what: "the end" }) }
    }
}
