//! What was seen of every payer, merchant, device, corridor and pair over declared windows, in bounded memory. Fed by
//! outcomes in journal order, so a replay gives the same words. Does not know rules or models.

mod declare;
mod layout;
mod plain;
mod plan;
mod ring;
mod table;

pub use declare::{Aggregate, Entity, Feature, NEVER_SECONDS, Window};
pub use plan::Features;

use crate::expression::{Lists, Outcome as Ran, Scope};
use crate::facts::{EVENT_SLOT, SCORE_SLOT};
use crate::{Error, Facts, Key, Outcome};
use layout::NUMBERS_MAX;
use plan::ENTITIES_MAX;
use table::Table;

/// Changes when a block's words are laid out otherwise: kept states of another layout are refused, and replayed.
const WORDS_VERSION: u64 = 3;

/// Where a payment's entities are held, kind by kind.
pub(crate) type Places = [Option<u32>; ENTITIES_MAX];

/// The windows of every entity held.
#[derive(Debug, Clone)]
pub struct Windows {
    features: Features,
    tables: Vec<Table>,
    event_keys: [i64; crate::Event::ALL.len()],
    no_lists: Lists,
    slots: Vec<i64>,
    /// The payment whose features stand in `slots` as they are now, and where its entities are.
    kept: Option<(Facts, Places)>,
}

impl Windows {
    /// Empty windows for declared features.
    #[must_use]
    pub fn new(features: Features) -> Self {
        let tables =
            features.entities.iter().map(|layout| Table::new(layout.words, layout.entity.hold)).collect();
        let event_keys = crate::Event::ALL.map(|event| Key::of(event.word()).0 as i64);
        let slots = vec![0; features.schema().len()];
        Self { features, tables, event_keys, no_lists: Lists::default(), slots, kept: None }
    }

    /// The declared features.
    #[must_use]
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// Reads every feature for a payment into its slots, facts first. Nothing changes: reading twice, or never, gives
    /// the same later values. `slots` must have the schema's length.
    pub fn read(&self, facts: &Facts, slots: &mut [i64]) {
        self.read_places(facts, slots);
    }

    /// The same, and where the payment's entities are.
    pub(crate) fn read_places(&self, facts: &Facts, slots: &mut [i64]) -> Places {
        facts.write(slots);
        let buckets = self.features.buckets(facts.at_ms);
        let kinds = self.features.entities.iter().zip(&self.tables);
        let mut found = [None; ENTITIES_MAX];
        for (found, (layout, table)) in found.iter_mut().zip(kinds.clone()) {
            *found = table.find(key_of(&layout.entity, slots).0);
        }
        self.touch(&found, &buckets);
        let mut numbers = [0; NUMBERS_MAX];
        for (found, (layout, table)) in found.into_iter().zip(kinds) {
            match found {
                Some(slot) => {
                    ring::read(layout, table.block(slot), (facts.at_ms, &buckets), &mut numbers, slots)
                }
                None => ring::unseen(layout, slots),
            }
        }
        for (slot, program) in &self.features.derived {
            slots[usize::from(*slot)] = match program.run(Scope { slots, lists: &self.no_lists }) {
                Ran::Value(value) => value,
                Ran::Error => 0,
            };
        }
        found
    }

    /// Takes one journaled outcome. Outcomes may arrive a little out of order: what is older than a window is dropped.
    pub fn observe(&mut self, outcome: &Outcome) {
        let mut slots = std::mem::take(&mut self.slots);
        let kept = self.kept.take().filter(|(facts, _)| *facts == outcome.facts).map(|(_, places)| places);
        let places = match kept {
            Some(places) => Some(places),
            None if self.features.filters_read[outcome.event as usize] => {
                Some(self.read_places(&outcome.facts, &mut slots))
            }
            None => {
                outcome.facts.write(&mut slots);
                None
            }
        };
        self.take(outcome, &mut slots, places);
        self.slots = slots;
    }

    /// Reads every feature for a payment and keeps them for the outcome that follows at once, which is then the cheaper.
    pub(crate) fn read_and_keep(&mut self, facts: &Facts) -> Vec<i64> {
        let mut slots = std::mem::take(&mut self.slots);
        let places = self.read_places(facts, &mut slots);
        self.kept = Some((*facts, places));
        slots
    }

    /// Takes back what was lent, with nothing but features in it.
    pub(crate) fn keep(&mut self, mut slots: Vec<i64>) {
        slots[SCORE_SLOT] = 0;
        self.slots = slots;
    }

    /// Takes an outcome whose slots were read for it just before, and with them where its entities are.
    pub(crate) fn take(&mut self, outcome: &Outcome, slots: &mut [i64], places: Option<Places>) {
        self.kept = None;
        slots[EVENT_SLOT] = self.event_keys[outcome.event as usize];
        let mut hold = 0u64;
        for (index, filter) in self.features.filters.iter().enumerate() {
            let ran = filter.run(Scope { slots, lists: &self.no_lists });
            hold |= u64::from(ran == Ran::Value(1)) << index;
        }
        if hold == 0 {
            return;
        }
        let buckets = self.features.buckets(outcome.at_ms);
        let mut found = places.unwrap_or_default();
        let kinds = self.features.entities.iter().zip(&mut self.tables);
        for (found, (layout, table)) in found.iter_mut().zip(kinds).filter(|(found, _)| found.is_none()) {
            let key = key_of(&layout.entity, slots);
            *found = (key != Key::NONE).then(|| table.place(key.0));
        }
        self.touch(&found, &buckets);
        let kinds = self.features.entities.iter().zip(&mut self.tables);
        for (found, (layout, table)) in found.into_iter().zip(kinds) {
            if let Some(slot) = found {
                ring::observe(layout, table.block_mut(slot), slots, (outcome.at_ms, &buckets), hold);
            }
        }
    }

    /// Asks memory for the lines of all entities at once.
    fn touch(&self, found: &[Option<u32>], buckets: &[u32]) {
        let kinds = self.features.entities.iter().zip(&self.tables);
        let touched = kinds.zip(found).fold(0, |sum, ((layout, table), found)| {
            sum ^ found.map_or(0, |slot| table.touch(slot, layout, buckets))
        });
        std::hint::black_box(touched);
    }

    /// Makes room for every entity that may be held, so that no payment waits for an index to grow.
    pub fn reserve(&mut self) {
        self.tables.iter_mut().for_each(Table::reserve);
    }

    /// How many entities are held of each kind.
    pub fn held(&self) -> impl Iterator<Item = (&str, usize)> {
        self.features
            .entities
            .iter()
            .zip(&self.tables)
            .map(|(layout, table)| (layout.entity.name.as_str(), table.len()))
    }

    /// Bytes of all blocks and their index.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.tables.iter().map(Table::bytes).sum()
    }

    /// Appends the whole state: equal states, equal bytes, on every machine.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.features.version() ^ WORDS_VERSION).to_le_bytes());
        self.tables.iter().for_each(|table| table.encode(out));
    }

    /// Takes a state back.
    ///
    /// # Errors
    /// [`Error::Bytes`] where the bytes end early or are of other features.
    pub fn decode(features: Features, bytes: &[u8]) -> Result<Self, Error> {
        let mut windows = Self::new(features);
        let mut at = 0;
        if table::long(bytes, &mut at)? != windows.features.version() ^ WORDS_VERSION {
            return Err(Error::Bytes { at: 0, what: "windows of the same feature declarations" });
        }
        for table in &mut windows.tables {
            table.decode(bytes, &mut at)?;
        }
        if at != bytes.len() {
            return Err(Error::Bytes { at, what: "the end" });
        }
        Ok(windows)
    }
}

fn key_of(entity: &Entity, slots: &[i64]) -> Key {
    match entity.keys[..] {
        [one] => Key(slots[usize::from(one)] as u64),
        [one, two, ..] => Key(slots[usize::from(one)] as u64).and(Key(slots[usize::from(two)] as u64)),
        [] => Key::NONE,
    }
}

#[cfg(test)]
mod tests;
