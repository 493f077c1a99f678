//! Risk control by the facts alone: whoever is stopped gets nothing through from the next fact on, and what is not let
//! through is told so in the contract's words. Shares no code with the judge.

use std::collections::BTreeSet;

use engine::RiskFact;
use risk::{Change, Decision, Facts, Features, Judge, Key, Reason, Record};
use switch::{Decline, Judged, PaymentId};

use crate::coverage::Coverage;

/// Who is stopped, and what waits to be confirmed.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Knows what the shipped rules are called, and judges nobody here.
    shipped: Judge,
    stopped: BTreeSet<Key>,
    proposed: Vec<(u64, Change)>,
    pub(crate) judged: u64,
    pub(crate) refused: u64,
}

impl Default for Gate {
    fn default() -> Gate {
        let features = Features::parse(risk::NETWORK_FEATURES).expect("shipped");
        let shipped = Judge::shipped(features, risk::NETWORK_RULES, risk::NETWORK_POLICY).expect("shipped");
        Gate { shipped, stopped: BTreeSet::new(), proposed: Vec::new(), judged: 0, refused: 0 }
    }
}

impl Gate {
    pub(crate) fn fact(&mut self, fact: &RiskFact, coverage: &mut Coverage) {
        let name = format!("{fact:?}");
        let name = name.trim_start_matches("Record(");
        coverage.saw("risk", name.split([' ', '{', '(']).next().unwrap_or_default());
        match fact {
            RiskFact::Record(Record::Stopped { subject, .. }) => {
                self.stopped.insert(*subject);
            }
            RiskFact::Record(Record::Proposed { id, change, .. }) => {
                self.proposed.push((*id, change.clone()));
            }
            RiskFact::Record(Record::Published { id, .. }) => {
                for (_, change) in self.proposed.extract_if(.., |(known, _)| known == id) {
                    if let Change::Resume { subject } = change {
                        self.stopped.remove(&subject);
                    }
                }
            }
            RiskFact::Record(Record::Withdrawn { id, .. }) => self.proposed.retain(|(known, _)| known != id),
            _ => {}
        }
    }

    pub(crate) fn judged(
        &mut self,
        id: PaymentId,
        judged: &Judged,
        coverage: &mut Coverage,
    ) -> Result<(), String> {
        let verdict = &judged.verdict;
        coverage.saw("verdict", format!("{:?}", verdict.decision));
        for reason in &verdict.reasons {
            if !matches!(reason, Reason::Rule { .. })
                || verdict.versions.rules == self.shipped.rules().version()
            {
                coverage.saw("reason", self.shipped.told(*reason).0);
            }
        }
        self.judged += 1;
        self.refused += u64::from(judged.refused.is_some());
        if let Some(stopped) = parties(&judged.facts).into_iter().find(|party| self.stopped.contains(party))
            && judged.refused.is_none()
        {
            return Err(format!("{id:?} is let through, though {stopped:?} is stopped"));
        }
        let told_rightly = match (verdict.decision, judged.refused) {
            (Decision::Approve, refused) => refused.is_none(),
            (Decision::StepUp, refused) => refused.is_none_or(|why| why == Decline::VerificationFailed),
            (Decision::Review, refused) => refused.is_none_or(|why| why == Decline::RiskReject),
            (Decision::Decline, refused) => refused == Some(Decline::RiskReject),
        };
        if !told_rightly {
            return Err(format!("{id:?} is judged {:?} and refused {:?}", verdict.decision, judged.refused));
        }
        if verdict.decision == Decision::Review && judged.refused.is_none() && judged.case.is_none() {
            return Err(format!("{id:?} goes through to be reviewed, and nobody is to look at it"));
        }
        Ok(())
    }
}

fn parties(facts: &Facts) -> [Key; 7] {
    [facts.payer, facts.merchant, facts.terminal, facts.device, facts.wallet, facts.acquirer, facts.corridor]
}
