//! What no rule may soften: stops, limits, screening and missing knowledge; and how findings weigh against each other.

use super::Judge;
use crate::verdict::{Decision, Lack, REASONS_MAX, Reason};
use crate::{Facts, Key, Screening};

impl Judge {
    /// Stops, limits, screening and missing knowledge: what no rule may soften.
    pub(super) fn walls(&self, facts: &Facts, places: &[Key], found: &mut Findings) {
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
}

fn subjects(facts: &Facts) -> [Key; 7] {
    [facts.payer, facts.merchant, facts.terminal, facts.device, facts.wallet, facts.acquirer, facts.corridor]
}

/// What was found while judging: hard findings stand, soft ones yield to an allowing rule.
#[derive(Default)]
pub(super) struct Findings {
    hard: Vec<(Decision, Reason)>,
    soft: Vec<(Decision, Reason)>,
    allowed: Option<u16>,
    pub(super) lacks: u8,
}

impl Findings {
    pub(super) fn hard(&mut self, decision: Decision, reason: Reason) {
        if decision != Decision::Approve {
            self.hard.push((decision, reason));
        }
    }

    pub(super) fn soft(&mut self, decision: Decision, reason: Reason) {
        if decision != Decision::Approve {
            self.soft.push((decision, reason));
        }
    }

    pub(super) fn allow(&mut self, rule: u16) {
        self.allowed = self.allowed.or(Some(rule));
    }

    pub(super) fn lack(&mut self, lack: Lack) {
        self.lacks |= lack as u8;
    }

    /// The highest severity decides. An allowing rule lifts review and step-up that rules or the model asked for.
    pub(super) fn weigh(mut self) -> (Decision, Vec<Reason>) {
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
