//! Risk control by the facts alone: whoever is stopped gets nothing through from the next fact on, and what is not let
//! through is told so in the contract's words. Shares no code with the judge.

use std::collections::BTreeSet;

use engine::RiskFact;
use risk::cases::CaseRecord;
use risk::screening::ScreeningRecord;
use risk::{Change, Decision, Facts, Features, Judge, Key, Reason, Record, Screening};
use switch::{Decline, Judged};

use super::Known;
use crate::coverage::Coverage;

/// Who is stopped, and what waits to be confirmed.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Knows what the shipped rules are called, and judges nobody here.
    shipped: Judge,
    stopped: BTreeSet<Key>,
    proposed: Vec<(u64, Change)>,
    /// Who was found on a list for the first time, and nobody has said anything since that could change it.
    found: BTreeSet<Key>,
    /// Every pair of party and entry that was ever found.
    pairs: BTreeSet<(Key, Key)>,
    pub(crate) judged: u64,
    pub(crate) refused: u64,
}

impl Default for Gate {
    fn default() -> Gate {
        let features = Features::parse(risk::NETWORK_FEATURES).expect("shipped");
        let shipped = Judge::shipped(features, risk::NETWORK_RULES, risk::NETWORK_POLICY).expect("shipped");
        Gate {
            shipped,
            stopped: BTreeSet::new(),
            proposed: Vec::new(),
            found: BTreeSet::new(),
            pairs: BTreeSet::new(),
            judged: 0,
            refused: 0,
        }
    }
}

impl Gate {
    pub(crate) fn fact(&mut self, fact: &RiskFact, coverage: &mut Coverage) {
        let name = format!("{fact:?}");
        let name = ["Record(", "Case(", "Screening("]
            .iter()
            .fold(&*name, |name, group| name.trim_start_matches(group));
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
            RiskFact::Screening(ScreeningRecord::Searched(searched)) => {
                for (subject, hit) in &searched.hits {
                    // A pair that was found before may have been cleared meanwhile.
                    if self.pairs.insert((hit.party_version, hit.entry_version)) {
                        self.found.insert(*subject);
                    }
                }
            }
            RiskFact::Screening(ScreeningRecord::Named { subject, .. }) => {
                self.found.remove(subject);
            }
            RiskFact::Screening(ScreeningRecord::Listed(_)) | RiskFact::Case(CaseRecord::Ruled { .. }) => {
                self.found.clear();
            }
            _ => {}
        }
    }

    pub(crate) fn judged(
        &mut self,
        known: &Known,
        judged: &Judged,
        coverage: &mut Coverage,
    ) -> Result<(), String> {
        let (id, verdict) = (known.opened.payment, &judged.verdict);
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
        let device = device(known);
        if judged.facts.device != device {
            return Err(format!("{id:?} is paid on {device:?} and judged by {:?}", judged.facts.device));
        }
        coverage.saw("device", if device == Key::NONE { "unknown" } else { "known" });
        let mut parties = parties(&judged.facts).into_iter().chain(placed(known));
        if let Some(stopped) = parties.find(|party| self.stopped.contains(party))
            && judged.refused.is_none()
        {
            return Err(format!("{id:?} is let through, though {stopped:?} is stopped"));
        }
        coverage.saw("screened", format!("{:?}", judged.facts.screening));
        let held = matches!(judged.facts.screening, Screening::Possible | Screening::Listed);
        if held && judged.refused.is_none() {
            return Err(format!("{id:?} is let through, though a party may be on a list"));
        }
        if let Some(found) = named(&judged.facts).into_iter().find(|party| self.found.contains(party))
            && !held
        {
            return Err(format!("{id:?} is judged as if {found:?} had not been found on a list"));
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

/// What the wallet said the payer pays on, else the buyer's device that the acquirer named.
fn device(known: &Known) -> Key {
    let told = known.terms.as_ref().and_then(|terms| terms.device.clone());
    let placed = &known.opened.placed;
    let bought = placed.device.clone().filter(|_| placed.by_buyer);
    told.or(bought).map_or(Key::NONE, |token| Key::of(&format!("device/{token}")))
}

/// The device by which an order was placed, whosever it is.
fn placed(known: &Known) -> Option<Key> {
    known.opened.placed.device.as_ref().map(|token| Key::of(&format!("device/{token}")))
}

fn named(facts: &Facts) -> [Key; 4] {
    [facts.payer, facts.merchant, facts.wallet, facts.acquirer]
}

fn parties(facts: &Facts) -> [Key; 7] {
    [facts.payer, facts.merchant, facts.terminal, facts.device, facts.wallet, facts.acquirer, facts.corridor]
}
