//! The one thing an engine holds: windows, rules, models, lists, stops and policy, all changed by journaled records
//! alone. Judging reads and changes nothing. Does not know how payments live, nor where records are kept.

mod publish;
mod state;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::expression::{Lists, Scope};
use crate::facts::{FACT_SLOTS, SCORE_SLOT};
use crate::model::{INPUTS, Inputs, Model, Scorer};
use crate::policy::Policy;
use crate::record::{Change, Record};
use crate::rules::{Mode, RuleSet, Said};
use crate::screening::{Found, Party, Register, ScreeningRecord};
use crate::verdict::{Decision, Lack, REASONS_MAX, Reason, Verdict, Versions};
use crate::{Error, Event, Facts, Features, Key, Outcome, Screening, Windows};

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

    /// Stops, limits, screening and missing knowledge: what no rule may soften.
    fn walls(&self, facts: &Facts, places: &[Key], found: &mut Findings) {
        if !self.stops.is_empty() || !self.limits.is_empty() {
            // A device by which the order was placed is often the payer's: told once.
            let places = places.iter().copied().filter(|place| *place != facts.device);
            for subject in subjects(facts).into_iter().chain(places).filter(|subject| *subject != Key::NONE) {
                if self.stops.contains_key(&subject) {
                    found.hard(Decision::Decline, Reason::Stopped { subject });
                }
                if self.limits.get(&subject).is_some_and(|most| facts.amount_minor > *most) {
                    found.hard(Decision::Decline, Reason::Limit { subject });
                }
            }
        }
        match facts.screening {
            Screening::Clear => {}
            Screening::Unknown => found.lack(Lack::Screening),
            Screening::Possible => {
                found.hard(self.policy.possible(facts), Reason::Screening(Screening::Possible));
            }
            Screening::Listed => found.hard(Decision::Decline, Reason::Screening(Screening::Listed)),
        }
        if facts.at_ms.saturating_sub(self.lists_at_ms) > self.policy.lists_age_max_ms() {
            found.lack(Lack::Lists);
        }
        if !self.windows_whole {
            found.lack(Lack::Windows);
        }
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

    /// Gives contributions to plain approvals too, which the payment path spares itself.
    pub fn explain_all(&mut self) {
        self.explains_all = true;
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

    /// Makes room for every entity that may be held; see [`Windows::reserve`].
    pub fn reserve(&mut self) {
        self.windows.reserve();
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

    /// What is known of a payment's parties together: the worst of them, and nothing as long as one was never screened.
    #[must_use]
    pub fn screening(&self, parties: &[Key]) -> Screening {
        let worst = parties.iter().map(|party| self.screening_of(*party)).max_by_key(|one| severity(*one));
        worst.unwrap_or(Screening::Unknown)
    }

    /// What is known of one party: what the lists say of its name, and what people have said. Neither makes the other
    /// milder.
    #[must_use]
    pub fn screening_of(&self, party: Key) -> Screening {
        let said = self.screened.get(&party).copied();
        let found = self.register.status(party);
        said.into_iter().chain(found).max_by_key(|one| severity(*one)).unwrap_or(Screening::Unknown)
    }

    /// Parties known by name, and the lists they are compared with.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Applies what happened to lists and to those who are compared with them. Tells what was newly found.
    pub fn screen_by(&mut self, record: &ScreeningRecord) -> Vec<(Key, Found)> {
        let found = self.register.apply(record);
        if let (ScreeningRecord::Listed(_), Some(checked_ms)) = (record, self.register.checked_ms()) {
            self.lists_at_ms = checked_ms;
        }
        found
    }

    /// A party is called so from now on.
    pub fn named(&mut self, subject: Key, party: Party) {
        self.register.named(subject, party);
    }

    /// Two people have ruled on what was found of a party.
    pub fn ruled(&mut self, subject: Key, listed: bool) {
        self.register.ruled(subject, listed);
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

/// How much a status weighs against a payment: a party of whom nothing is known weighs more than a clear one.
fn severity(status: Screening) -> u8 {
    match status {
        Screening::Clear => 0,
        Screening::Unknown => 1,
        Screening::Possible => 2,
        Screening::Listed => 3,
    }
}

fn subjects(facts: &Facts) -> [Key; 7] {
    [facts.payer, facts.merchant, facts.terminal, facts.device, facts.wallet, facts.acquirer, facts.corridor]
}

/// In order of the keys: a map's own order is nobody's business.
fn sorted(map: &FxHashMap<Key, i64>) -> Vec<(Key, i64)> {
    let mut all: Vec<(Key, i64)> = map.iter().map(|(key, value)| (*key, *value)).collect();
    all.sort_unstable();
    all
}

/// What was found while judging: hard findings stand, soft ones yield to an allowing rule.
#[derive(Default)]
struct Findings {
    hard: Vec<(Decision, Reason)>,
    soft: Vec<(Decision, Reason)>,
    allowed: Option<u16>,
    lacks: u8,
}

impl Findings {
    fn hard(&mut self, decision: Decision, reason: Reason) {
        if decision != Decision::Approve {
            self.hard.push((decision, reason));
        }
    }

    fn soft(&mut self, decision: Decision, reason: Reason) {
        if decision != Decision::Approve {
            self.soft.push((decision, reason));
        }
    }

    fn allow(&mut self, rule: u16) {
        self.allowed = self.allowed.or(Some(rule));
    }

    fn lack(&mut self, lack: Lack) {
        self.lacks |= lack as u8;
    }

    /// The highest severity decides. An allowing rule lifts review and step-up that rules or the model asked for.
    fn weigh(mut self) -> (Decision, Vec<Reason>) {
        let mut reasons = std::mem::take(&mut self.hard);
        let softest = self.soft.iter().map(|(decision, _)| *decision).max().unwrap_or_default();
        match self.allowed {
            Some(rule) if matches!(softest, Decision::Review | Decision::StepUp) => {
                reasons.push((Decision::Approve, Reason::Rule { rule }));
            }
            _ => reasons.append(&mut self.soft),
        }
        reasons.sort_by_key(|(decision, _)| std::cmp::Reverse(*decision));
        let decision = reasons.first().map(|(decision, _)| *decision).unwrap_or_default();
        reasons.truncate(REASONS_MAX);
        (decision, reasons.into_iter().map(|(_, reason)| reason).collect())
    }
}

#[cfg(test)]
mod tests;
