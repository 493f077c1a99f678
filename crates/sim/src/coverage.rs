//! Counts of what a run came across, so that a simulation that has stopped testing something is noticed.

use std::collections::BTreeMap;
use std::fmt::Display;

/// How often each thing was seen, by group and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

impl Coverage {
    /// Notes that something was seen once.
    pub(crate) fn saw(&mut self, group: &'static str, name: impl Display) {
        *self.counts.entry(group).or_default().entry(name.to_string()).or_default() += 1;
    }

    /// Adds what another run saw.
    pub fn add(&mut self, other: &Coverage) {
        for (group, name, count) in other.all() {
            *self.counts.entry(group).or_default().entry(name.to_owned()).or_default() += count;
        }
    }

    /// How often something was seen.
    pub fn count(&self, group: &str, name: &str) -> u64 {
        self.counts.get(group).and_then(|names| names.get(name)).copied().unwrap_or(0)
    }

    /// Everything, by group and name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str, u64)> {
        self.counts
            .iter()
            .flat_map(|(group, names)| names.iter().map(move |(name, count)| (*group, name.as_str(), *count)))
    }
}
