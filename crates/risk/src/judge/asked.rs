//! What can be asked of a judge beside a verdict: what judges at present, and what reasons mean to a person.

use rustc_hash::FxHashMap;

use super::{Judge, Proposal};
use crate::policy::Policy;
use crate::rules::RuleSet;
use crate::verdict::{Reason, Versions};
use crate::{Key, Screening, Windows};

impl Judge {
    /// What judges at present.
    #[must_use]
    pub fn versions(&self) -> Versions {
        Versions {
            features: self.windows.features().version(),
            rules: self.rules.version(),
            model: self.live.as_ref().map_or(0, |bound| bound.version),
            lists: self.lists_version,
            policy: self.policy.version(),
        }
    }

    /// The live model's score of a payment of which nothing is known: a verdict's score is this plus its contributions.
    #[must_use]
    pub fn score_rest(&self) -> i64 {
        self.live.as_ref().map_or(0, |bound| bound.scorer.rest())
    }

    /// The windows.
    #[must_use]
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// The published rules.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Changes that wait for a second person.
    pub fn proposals(&self) -> impl Iterator<Item = (u64, &Proposal)> {
        self.proposals.iter().map(|(id, proposal)| (*id, proposal))
    }

    /// What decides about scores, lacks and what is held.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Who is stopped, and since when, by key.
    pub fn stops(&self) -> impl Iterator<Item = (Key, i64)> {
        sorted(&self.stops).into_iter()
    }

    /// The limits of single parties, minor units of the reference currency, by key.
    pub fn limits(&self) -> impl Iterator<Item = (Key, i64)> {
        sorted(&self.limits).into_iter()
    }

    /// The published lists: name and number of entries.
    pub fn lists(&self) -> impl Iterator<Item = (&str, usize)> {
        self.named.iter().map(|(name, keys)| (name.as_str(), keys.len()))
    }

    /// Version of the model in shadow, if there is one.
    #[must_use]
    pub fn shadow_version(&self) -> Option<u64> {
        self.shadow.as_ref().map(|bound| bound.version)
    }

    /// A verdict's reason as a person reads it, code and words, with the rules that judged it (`rules` of its versions).
    #[must_use]
    pub fn told_by(&self, rules: u64, reason: Reason) -> (String, String) {
        let Reason::Rule { rule } = reason else { return self.told(reason) };
        if rules == self.rules.version() {
            return self.told(reason);
        }
        let earlier = self.earlier.iter().find(|(version, _)| *version == rules);
        let named = earlier.and_then(|(_, names)| names.get(usize::from(rule)).cloned());
        named.unwrap_or_else(|| ("RULE".into(), format!("Rule {rule} of an earlier set")))
    }

    /// A reason given just now as a person reads it: code and words.
    #[must_use]
    pub fn told(&self, reason: Reason) -> (String, String) {
        match reason {
            Reason::Rule { rule } => match self.rules.rules().get(usize::from(rule)) {
                Some(rule) => (rule.code.clone(), rule.say.clone()),
                None => ("RULE".into(), "A rule of an earlier set".into()),
            },
            Reason::Model => ("SCORE".into(), "The score of the model".into()),
            Reason::Stopped { .. } => ("STOPPED".into(), "A party or corridor is stopped".into()),
            Reason::Limit { .. } => ("LIMIT".into(), "The amount is above a party's limit".into()),
            Reason::Screening(Screening::Listed) => {
                ("LISTED".into(), "A party is on a sanctions list".into())
            }
            Reason::Screening(_) => ("SCREENING".into(), "A party may be on a sanctions list".into()),
            Reason::Degraded(lack) => ("DEGRADED".into(), format!("Judged without {}", lack.word())),
        }
    }
}

/// In order of the keys: a map's own order is nobody's business.
pub(super) fn sorted(map: &FxHashMap<Key, i64>) -> Vec<(Key, i64)> {
    let mut all: Vec<(Key, i64)> = map.iter().map(|(key, value)| (*key, *value)).collect();
    all.sort_unstable();
    all
}
