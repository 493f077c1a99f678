//! The one thing an engine holds: windows, rules, models, lists, stops and policy, all changed by journaled records
//! alone. Judging reads and changes nothing. Does not know how payments live, nor where records are kept.

mod asked;
mod publish;
mod screened;
mod state;
mod walls;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::expression::{Lists, Scope};
use crate::facts::{FACT_SLOTS, SCORE_SLOT};
use crate::model::{INPUTS, Inputs, Model, Scorer};
use crate::policy::Policy;
use crate::record::{Change, Record};
use crate::rules::{Mode, RuleSet, Said};
use crate::screening::Register;
use crate::verdict::{Decision, Lack, Reason, Verdict};
use crate::{Error, Event, Facts, Features, Key, Outcome, Screening, Windows};
use walls::Findings;

/// Judges payments. Two judges to which the same records were applied give the same verdicts, byte for byte.
#[derive(Debug, Clone)]
pub struct Judge {
    pub(crate) windows: Windows,
    pub(crate) rules: RuleSet,
    policy: Policy,
    /// What the rules of earlier sets are called, by version: verdicts name rules by number.
    earlier: Vec<(u64, Vec<(String, String)>)>,
    live: Option<Bound>,
    shadow: Option<Bound>,
    before: Option<Bound>,
    pub(crate) lists: Lists,
    named: BTreeMap<String, Vec<Key>>,
    lists_version: u64,
    stops: FxHashMap<Key, i64>,
    limits: FxHashMap<Key, i64>,
    screened: FxHashMap<Key, Screening>,
    register: Register,
    proposals: BTreeMap<u64, Proposal>,
    next_proposal: u64,
    windows_whole: bool,
    explains_all: bool,
    pub(crate) lists_at_ms: i64,
}

/// A model with its inputs' slots.
#[derive(Debug, Clone)]
struct Bound {
    model: Model,
    scorer: Scorer,
    inputs: Inputs,
    version: u64,
}

/// A change that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposed it.
    pub maker: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub change: Change,
}

/// Most slots: the facts and every feature that may be declared.
const SLOTS_MAX: usize = FACT_SLOTS + 256;

impl Judge {
    /// A judge with declared features, the default policy and neither rules nor model.
    #[must_use]
    pub fn new(features: Features) -> Self {
        Self {
            windows: Windows::new(features),
            rules: RuleSet::none(),
            policy: Policy::parse(Policy::DEFAULT).expect("the default policy is tested"),
            earlier: Vec::new(),
            live: None,
            shadow: None,
            before: None,
            lists: Lists::default(),
            named: BTreeMap::new(),
            lists_version: 0,
            stops: FxHashMap::default(),
            limits: FxHashMap::default(),
            screened: FxHashMap::default(),
            register: Register::default(),
            proposals: BTreeMap::new(),
            next_proposal: 1,
            windows_whole: true,
            explains_all: false,
            lists_at_ms: i64::MIN,
        }
    }

    /// A judge as a network ships it: with rules and a policy that nobody had to publish.
    ///
    /// # Errors
    /// What is wrong with the rules or the policy.
    pub fn shipped(features: Features, rules: &str, policy: &str) -> Result<Self, Error> {
        let mut judge = Self::new(features);
        judge.publish(Change::Rules(rules.to_owned()))?;
        judge.publish(Change::Policy(policy.to_owned()))?;
        Ok(judge)
    }

    /// Judges a payment by what is known now. Nothing changes.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Verdict {
        let mut buffer = [0i64; SLOTS_MAX];
        let slots = &mut buffer[..self.windows.features().schema().len()];
        self.windows.read(facts, slots);
        self.judge_read(facts, &[], slots)
    }

    /// The same, remembering what was read for the outcome that follows at once. The verdict is the same, and so is
    /// everything that is counted. `places` can be stopped and limited like the parties, and no rule sees them.
    pub fn judge_and_keep(&mut self, facts: &Facts, places: &[Key]) -> Verdict {
        let mut slots = self.windows.read_and_keep(facts);
        let verdict = self.judge_read(facts, places, &mut slots);
        self.windows.keep(slots);
        verdict
    }

    /// Judges a payment whose slots were just read.
    pub(crate) fn judge_read(&self, facts: &Facts, places: &[Key], slots: &mut [i64]) -> Verdict {
        let mut verdict = Verdict { versions: self.versions(), ..Verdict::default() };
        let mut found = Findings::default();
        let mut row = [0f32; INPUTS];
        if let Some(bound) = &self.shadow {
            bound.inputs.row(slots, &mut row);
            verdict.shadow_score_ppm = Some(bound.model.calibration.ppm(bound.scorer.score(&row)));
        }
        match &self.live {
            Some(bound) => {
                bound.inputs.row(slots, &mut row);
                verdict.micro = bound.scorer.score(&row);
                verdict.score_ppm = bound.model.calibration.ppm(verdict.micro);
                slots[SCORE_SLOT] = i64::from(verdict.score_ppm);
                found.soft(self.policy.scored(verdict.score_ppm), Reason::Model);
            }
            None => found.lack(Lack::Model),
        }
        self.walls(facts, places, &mut found);
        let mut hits = |number: u16, rule: &crate::rules::Rule, said: Said| match (rule.mode, said) {
            (Mode::Live, Said::Hit) if rule.action == Decision::Approve => found.allow(number),
            (Mode::Live, Said::Hit) => found.soft(rule.action, Reason::Rule { rule: number }),
            (Mode::Live, Said::Error) => found.lack(Lack::Rule),
            (Mode::Shadow, Said::Hit) => verdict.shadow_rules.push(number),
            _ => {}
        };
        self.rules.evaluate(Scope { slots, lists: &self.lists }, facts.at_ms, &mut hits);
        let lacks = found.lacks;
        for lack in Lack::ALL.into_iter().filter(|lack| lacks & *lack as u8 != 0) {
            found.hard(self.policy.lacking(lack, facts), Reason::Degraded(lack));
        }
        verdict.lacks = lacks;
        (verdict.decision, verdict.reasons) = found.weigh();
        if let (Some(bound), true) = (&self.live, self.explains_all || verdict.decision != Decision::Approve)
        {
            verdict.contributions = bound.inputs.strongest(&bound.scorer.contributions(&row), usize::MAX);
        }
        verdict
    }

    /// Applies a journaled record: the only way anything changes.
    ///
    /// # Errors
    /// Only for records this judge would not have made: those of other features, or out of order.
    pub fn apply(&mut self, record: &Record) -> Result<(), Error> {
        match record {
            Record::Observed(outcome) => self.observe(outcome),
            Record::Health { windows, lists_at_ms, .. } => {
                self.windows_whole = *windows;
                self.lists_at_ms = *lists_at_ms;
                self.register.current(*lists_at_ms);
            }
            Record::Stopped { subject, at_ms, .. } => {
                self.stops.insert(*subject, *at_ms);
            }
            Record::Screened { subject, status, .. } => {
                self.screened.insert(*subject, *status);
            }
            Record::Proposed { id, maker, at_ms, change } => {
                let proposal = Proposal { maker: maker.clone(), at_ms: *at_ms, change: change.clone() };
                self.proposals.insert(*id, proposal);
                self.next_proposal = self.next_proposal.max(id + 1);
            }
            Record::Withdrawn { id, .. } => {
                self.proposals.remove(id);
            }
            Record::Published { id, .. } => {
                let unknown = || Error::Change(format!("proposal {id} is not waiting"));
                let proposal = self.proposals.remove(id).ok_or_else(unknown)?;
                self.publish(proposal.change)?;
            }
        }
        Ok(())
    }

    /// Counts what became of a payment. The same as applying [`Record::Observed`].
    pub fn observe(&mut self, outcome: &Outcome) {
        self.windows.observe(outcome);
    }

    /// Judges a payment and counts it as paid, reading its windows once: for back-tests, where nothing lies between.
    pub fn judge_and_observe(&mut self, facts: &Facts) -> Verdict {
        let mut buffer = [0i64; SLOTS_MAX];
        let slots = &mut buffer[..self.windows.features().schema().len()];
        let places = self.windows.read_places(facts, slots);
        let verdict = self.judge_read(facts, &[], slots);
        slots[SCORE_SLOT] = 0;
        self.windows.take(
            &Outcome { at_ms: facts.at_ms, event: Event::Paid, facts: *facts },
            slots,
            Some(places),
        );
        verdict
    }

    /// Gives contributions to plain approvals too, which the payment path spares itself.
    pub fn explain_all(&mut self) {
        self.explains_all = true;
    }

    /// Makes room for every entity that may be held; see [`Windows::reserve`].
    pub fn reserve(&mut self) {
        self.windows.reserve();
    }
}

#[cfg(test)]
mod tests;
