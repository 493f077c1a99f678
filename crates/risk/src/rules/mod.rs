//! Rules: expressions with an action, a mode, effective dates and unit cases, published together as one set. Does not
//! know who may publish, nor how a decision is made of the hits.

mod text;

use crate::expression::{Lists, Outcome, Program, Schema, Scope};
use crate::verdict::Decision;
use crate::{Error, Key};

/// Most rules of one set.
pub const RULES_MAX: usize = 1_000;
/// Most operations of all rules of one set together: about 40 microseconds at the very worst.
pub const SET_COST_MAX: usize = 20_000;

/// A rule that has been compiled and has passed its own cases.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, unique in the set.
    pub name: String,
    /// What it asks for.
    pub action: Decision,
    /// Reason code that a person or member sees.
    pub code: String,
    /// The reason in words.
    pub say: String,
    /// Who answers for it.
    pub owner: String,
    /// Whether it decides.
    pub mode: Mode,
    /// First moment it holds, milliseconds since 1970.
    pub from_ms: i64,
    /// First moment it no longer holds.
    pub until_ms: i64,
    /// The expression's text.
    pub when: String,
    program: Program,
    cases: Vec<Case>,
    line: usize,
}

/// Whether a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It decides.
    Live,
    /// It is evaluated and recorded, and decides nothing.
    Shadow,
    /// It is not evaluated.
    Off,
}

/// Values under which a rule must hit or miss.
#[derive(Debug, Clone)]
struct Case {
    hits: bool,
    values: Vec<(u16, i64)>,
    listed: Vec<(u16, u64)>,
    line: usize,
}

/// Rules published together.
#[derive(Debug, Clone)]
pub struct RuleSet {
    rules: Vec<Rule>,
    lists: Vec<String>,
    version: u64,
}

/// What a rule said of one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It holds.
    Hit,
    /// It could not be evaluated (overflow, division by zero).
    Error,
}

impl RuleSet {
    /// Reads, types, compiles and tries rules against the facts and features they may use.
    ///
    /// # Errors
    /// [`Error::Line`] for a rule that does not read, type, stay within its cost, or do what its cases say.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, Error> {
        let mut schema = schema.clone();
        let (rules, lists) = text::read(text, &mut schema)?;
        let set = Self { rules, lists, version: Key::of(text).0 };
        if set.cost() > SET_COST_MAX {
            return Err(Error::Whole(format!(
                "the rules need {} operations, the bound is {SET_COST_MAX}",
                set.cost()
            )));
        }
        set.rules.iter().try_for_each(|rule| rule.try_cases(&schema))?;
        Ok(set)
    }

    /// A set without rules.
    #[must_use]
    pub fn none() -> Self {
        Self { rules: Vec::new(), lists: Vec::new(), version: 0 }
    }

    /// The rules in the order of their text.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Names of the lists the rules search, by number.
    #[must_use]
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// The key of the text the set was read from.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Most operations one evaluation can take.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.rules.iter().map(|rule| rule.program.cost()).sum()
    }

    /// Evaluates every rule in effect, none skipped, and tells of those that hit or failed.
    pub fn evaluate(&self, scope: Scope<'_>, at_ms: i64, mut tell: impl FnMut(u16, &Rule, Said)) {
        for (number, rule) in self.rules.iter().enumerate() {
            if rule.mode == Mode::Off || at_ms < rule.from_ms || at_ms >= rule.until_ms {
                continue;
            }
            match rule.program.run(scope) {
                Outcome::Value(0) => {}
                Outcome::Value(_) => tell(number as u16, rule, Said::Hit),
                Outcome::Error => tell(number as u16, rule, Said::Error),
            }
        }
    }
}

impl Rule {
    fn try_cases(&self, schema: &Schema) -> Result<(), Error> {
        if !self.cases.iter().any(|case| case.hits) || !self.cases.iter().any(|case| !case.hits) {
            return Err(Error::line(
                self.line,
                format!("rule {} needs at least one hit and one miss case", self.name),
            ));
        }
        for case in &self.cases {
            let mut lists = Lists::with(schema.list_names().len());
            case.listed.iter().for_each(|(list, key)| lists.set(*list, [*key]));
            let mut slots = vec![0; schema.len()];
            case.values.iter().for_each(|(slot, value)| slots[usize::from(*slot)] = *value);
            let found = self.program.run(Scope { slots: &slots, lists: &lists });
            if found != Outcome::Value(i64::from(case.hits)) {
                let told = match found {
                    Outcome::Value(0) => "misses",
                    Outcome::Value(_) => "hits",
                    Outcome::Error => "cannot be evaluated",
                };
                return Err(Error::line(case.line, format!("rule {} {told} here", self.name)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
