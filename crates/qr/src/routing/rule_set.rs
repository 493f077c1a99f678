//! A published set of routing rules: ordered, without conflicts, looked up by pattern.

use std::collections::BTreeMap;

use super::{Pattern, Refused};

/// One rule: what a code must look like, and whose it then is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pattern: Pattern,
    scheme: String,
    member: String,
    preference: u16,
}

/// A set of rules under a version. Equal sets have equal canonical bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    version: u64,
    issued_at: u64,
    rules: BTreeMap<Pattern, Rule>,
}

impl Rule {
    /// A rule of no special preference. Names are ASCII letters, digits and `._-`.
    pub fn new(pattern: Pattern, scheme: &str, member: &str) -> Result<Rule, Refused> {
        for name in [scheme, member] {
            let fits = (1..=64).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            if !fits {
                return Err(Refused::Name { text: name.to_owned() });
            }
        }
        Ok(Rule { pattern, scheme: scheme.to_owned(), member: member.to_owned(), preference: 0 })
    }

    /// The same rule with a preference: where a code can be paid in several ways, the highest is chosen.
    #[must_use]
    pub fn preferred(mut self, preference: u16) -> Rule {
        self.preference = preference;
        self
    }

    /// What it matches.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Scheme the code is paid by.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Member the code belongs to.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// Higher is chosen first; zero unless said.
    pub fn preference(&self) -> u16 {
        self.preference
    }
}

impl RuleSet {
    /// The most rules of a set, so that a phone can keep it: some hundred kilobytes.
    pub const RULES_MAX: usize = 4096;

    /// Orders the rules and refuses two for the same codes. `issued_at` is in seconds since 1970.
    pub fn publish(version: u64, issued_at: u64, rules: Vec<Rule>) -> Result<RuleSet, Refused> {
        if rules.len() > RuleSet::RULES_MAX {
            return Err(Refused::TooManyRules { most: RuleSet::RULES_MAX });
        }
        let mut ordered = BTreeMap::new();
        for rule in rules {
            let second = rule.member.clone();
            if let Some(first) = ordered.insert(rule.pattern.clone(), rule) {
                return Err(Refused::Conflict { pattern: first.pattern, first: first.member, second });
            }
        }
        Ok(RuleSet { version, issued_at, rules: ordered })
    }

    /// Version, growing with each publication.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Seconds since 1970 at which it was published.
    pub fn issued_at(&self) -> u64 {
        self.issued_at
    }

    /// The rules in canonical order.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.values()
    }

    pub(super) fn get(&self, pattern: &Pattern) -> Option<&Rule> {
        self.rules.get(pattern)
    }

    /// The rules for the paths of one host, shortest path first.
    pub(super) fn domain(&self, host: &str) -> impl DoubleEndedIterator<Item = &Rule> {
        let first = Pattern::Domain(host.to_owned(), String::new());
        // The character after every one that a path can hold.
        let last = Pattern::Domain(host.to_owned(), "\u{7F}".to_owned());
        self.rules.range(first..last).map(|(_, rule)| rule)
    }
}
