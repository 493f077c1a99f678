//! Changes by two persons: everything is read and tried when proposed, and again when published. Does not journal.

use super::{Bound, Judge};
use crate::expression::Lists;
use crate::model::{Model, Scorer};
use crate::policy::Policy;
use crate::record::{Change, Record};
use crate::rules::RuleSet;
use crate::{Error, Key, Screening};

/// Most proposals that may wait.
const PROPOSALS_MAX: usize = 100;
/// Longest change, in bytes: it is one record of a journal, whose longest is a little longer.
const CHANGE_BYTES_MAX: usize = 3 << 20;
/// Rule sets whose names are remembered for the explanation of old verdicts.
const EARLIER_MAX: usize = 32;
/// Most parties that may be screened, stopped or limited.
const PARTIES_MAX: usize = 1_000_000;
/// Most named lists.
const LISTS_MAX: usize = 100;
/// Most entries of a named list.
const LIST_MAX: usize = 390_000;

impl Judge {
    /// Proposes a change. It is compiled and tried now, so that a checker never sees one that cannot hold.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn propose(&self, change: Change, maker: &str, at_ms: i64) -> Result<Record, Error> {
        if maker.trim().is_empty() {
            return Err(Error::Change("a change needs a maker's name".into()));
        }
        if self.proposals.len() >= PROPOSALS_MAX {
            return Err(Error::Change(format!("{PROPOSALS_MAX} changes wait already")));
        }
        self.try_change(&change)?;
        let record = Record::Proposed { id: self.next_proposal, maker: maker.to_owned(), at_ms, change };
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        if bytes.len() > CHANGE_BYTES_MAX {
            return Err(Error::Change(format!("a change has at most {CHANGE_BYTES_MAX} bytes")));
        }
        Ok(record)
    }

    /// Confirms a proposal as a second person.
    ///
    /// # Errors
    /// [`Error::Change`] when it is not waiting or the checker made it; else what no longer holds of it.
    pub fn confirm(&self, id: u64, checker: &str, at_ms: i64) -> Result<Record, Error> {
        let proposal =
            self.proposals.get(&id).ok_or_else(|| Error::Change(format!("proposal {id} is not waiting")))?;
        if checker.trim().is_empty() || proposal.maker.trim().eq_ignore_ascii_case(checker.trim()) {
            return Err(Error::Change(format!("proposal {id} needs another person than {}", proposal.maker)));
        }
        self.try_change(&proposal.change)?;
        Ok(Record::Published { id, checker: checker.to_owned(), at_ms })
    }

    /// Takes a proposal back.
    ///
    /// # Errors
    /// [`Error::Change`] when it is not waiting.
    pub fn withdraw(&self, id: u64, by: &str, at_ms: i64) -> Result<Record, Error> {
        if !self.proposals.contains_key(&id) {
            return Err(Error::Change(format!("proposal {id} is not waiting")));
        }
        Ok(Record::Withdrawn { id, by: by.to_owned(), at_ms })
    }

    /// Stops a subject at once, by one person.
    ///
    /// # Errors
    /// [`Error::Change`] without a subject, a name or a reason.
    pub fn stop(&self, subject: Key, by: &str, reason: &str, at_ms: i64) -> Result<Record, Error> {
        if subject == Key::NONE || by.trim().is_empty() || reason.trim().is_empty() {
            return Err(Error::Change("a stop needs a subject, a name and a reason".into()));
        }
        if self.stops.len() >= PARTIES_MAX {
            return Err(Error::Change(format!("{PARTIES_MAX} subjects are stopped already")));
        }
        Ok(Record::Stopped { subject, by: by.to_owned(), at_ms, reason: reason.to_owned() })
    }

    /// Says what screening found of a party.
    ///
    /// # Errors
    /// [`Error::Change`] without a subject, a name or a reason, or for a party that is to be unknown again.
    pub fn screen(
        &self,
        subject: Key,
        status: Screening,
        by: &str,
        reason: &str,
        at_ms: i64,
    ) -> Result<Record, Error> {
        if subject == Key::NONE || by.trim().is_empty() || reason.trim().is_empty() {
            return Err(Error::Change("a screening needs a subject, a name and a reason".into()));
        }
        if status == Screening::Unknown {
            return Err(Error::Change("a party that was screened does not become unknown".into()));
        }
        if self.screened.len() >= PARTIES_MAX && !self.screened.contains_key(&subject) {
            return Err(Error::Change(format!("{PARTIES_MAX} parties are screened already")));
        }
        Ok(Record::Screened { subject, status, by: by.to_owned(), at_ms, reason: reason.to_owned() })
    }

    /// Tries a change without making it.
    fn try_change(&self, change: &Change) -> Result<(), Error> {
        match change {
            Change::Rules(text) => RuleSet::parse(text, self.windows.features().schema()).map(drop),
            Change::Policy(text) => Policy::parse(text).map(drop),
            Change::Shadow(text) => self.bind(text).map(drop),
            Change::Promote if self.shadow.is_none() => Err(Error::Change("no model is in shadow".into())),
            Change::Rollback if self.before.is_none() => {
                Err(Error::Change("there is no model to go back to".into()))
            }
            Change::List { name, keys } if name.is_empty() || keys.len() > LIST_MAX => {
                Err(Error::Change(format!("a list needs a name and at most {LIST_MAX} entries")))
            }
            Change::List { name, .. } if self.named.len() >= LISTS_MAX && !self.named.contains_key(name) => {
                Err(Error::Change(format!("there are {LISTS_MAX} lists already")))
            }
            Change::Limit { subject, .. }
                if self.limits.len() >= PARTIES_MAX && !self.limits.contains_key(subject) =>
            {
                Err(Error::Change(format!("{PARTIES_MAX} subjects have limits already")))
            }
            Change::Resume { subject } if !self.stops.contains_key(subject) => {
                Err(Error::Change("that subject is not stopped".into()))
            }
            Change::Limit { subject, amount_max_minor }
                if *subject == Key::NONE || amount_max_minor.is_some_and(|most| most < 0) =>
            {
                Err(Error::Change("a limit needs a subject and an amount that is not negative".into()))
            }
            _ => Ok(()),
        }
    }

    /// Makes a change.
    pub(super) fn publish(&mut self, change: Change) -> Result<(), Error> {
        match change {
            Change::Rules(text) => {
                self.keep_names();
                self.rules = RuleSet::parse(&text, self.windows.features().schema())?;
                self.fill_lists();
            }
            Change::Policy(text) => self.policy = Policy::parse(&text)?,
            Change::Shadow(text) => self.shadow = Some(self.bind(&text)?),
            Change::Promote => {
                let next = self.shadow.take().ok_or_else(|| Error::Change("no model is in shadow".into()))?;
                self.before = self.live.replace(next);
            }
            Change::Rollback => {
                let last = self
                    .before
                    .take()
                    .ok_or_else(|| Error::Change("there is no model to go back to".into()))?;
                self.shadow = self.live.replace(last);
            }
            Change::List { name, keys } => {
                self.named.insert(name, keys);
                self.fill_lists();
            }
            Change::Resume { subject } => {
                self.stops.remove(&subject);
            }
            Change::Limit { subject, amount_max_minor: Some(most) } => {
                self.limits.insert(subject, most);
            }
            Change::Limit { subject, amount_max_minor: None } => {
                self.limits.remove(&subject);
            }
        }
        Ok(())
    }

    /// Remembers what the rules that are about to go are called.
    fn keep_names(&mut self) {
        let names = self.rules.rules().iter().map(|rule| (rule.code.clone(), rule.say.clone())).collect();
        let version = self.rules.version();
        self.earlier.retain(|(known, _)| *known != version);
        self.earlier.push((version, names));
        let surplus = self.earlier.len().saturating_sub(EARLIER_MAX);
        self.earlier.drain(..surplus);
    }

    fn bind(&self, text: &str) -> Result<Bound, Error> {
        let model = Model::parse(text)?;
        let features = self.windows.features();
        let inputs = model.bind(features.schema(), features.version())?;
        Ok(Bound { scorer: Scorer::new(&model), model, inputs, version: Key::of(text).0 })
    }

    /// Gives the rules' lists their entries by name; a list nobody has filled is empty.
    fn fill_lists(&mut self) {
        self.lists = Lists::with(self.rules.lists().len());
        for (number, name) in self.rules.lists().iter().enumerate() {
            if let Some(keys) = self.named.get(name) {
                self.lists.set(number as u16, keys.iter().map(|key| key.0));
            }
        }
        let entries = self
            .named
            .iter()
            .flat_map(|(name, keys)| std::iter::once(Key::of(name)).chain(keys.iter().copied()));
        self.lists_version = entries.filter(|key| *key != Key::NONE).fold(Key(1), Key::and).0;
    }
}
