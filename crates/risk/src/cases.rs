//! Cases for people: one open case a party, with the payments held and what was found of it on lists, what links it to
//! others, who works on it and what they ruled. Rulings become labels. Changed by records alone, like the judge; does not show anything.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::screening::Found;
use crate::{Decision, Error, Event, Facts, Key, Outcome, Verdict};

/// The cases that are open, and the last that were ruled on.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    cases: BTreeMap<u64, Case>,
    /// The open case of each party.
    open: FxHashMap<Key, u64>,
    /// Cases that were ruled on, oldest first.
    closed: BTreeMap<(i64, u64), ()>,
    raised: u64,
}

/// One party's held payments, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The payer, or whoever was found on a list.
    pub subject: Key,
    /// When it was raised, milliseconds since 1970.
    pub raised_ms: i64,
    /// By when somebody should have ruled.
    pub due_ms: i64,
    /// Whether a sanctions hit is part of it: then a ruling takes two persons.
    pub sanctions: bool,
    /// The payments, oldest first, at most [`EVIDENCE_MAX`].
    pub evidence: Vec<Evidence>,
    /// Entries of lists that the party may be, at most [`EVIDENCE_MAX`].
    pub hits: Vec<Found>,
    /// Who works on it, and until when nobody else may.
    pub claimed: Option<(String, i64)>,
    /// A sanctions ruling that waits for a second person.
    pub proposed: Option<(String, Ruling)>,
    /// How it ended: who ruled, what, why, when.
    pub ruled: Option<(String, Ruling, String, i64)>,
}

/// One payment of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The payment's number, as whoever raised it counts.
    pub payment: u64,
    /// What was known.
    pub facts: Facts,
    /// How it was judged.
    pub verdict: Verdict,
}

/// What a person found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// Fraud, or the listed party.
    Fraud,
    /// Genuine, or not the listed party.
    Genuine,
    /// Not to be told: gives no label.
    Unclear,
}

/// What people do with cases, for the journal. That a case was raised follows from a payment's verdict, or from a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseRecord {
    /// Somebody took a case.
    Claimed {
        /// The case.
        case: u64,
        /// Who.
        by: String,
        /// Until when it is theirs.
        until_ms: i64,
    },
    /// Somebody ruled; with sanctions the first of two.
    Ruled {
        /// The case.
        case: u64,
        /// Who.
        by: String,
        /// What.
        ruling: Ruling,
        /// Why.
        reason: String,
        /// When.
        at_ms: i64,
    },
}

/// Most payments a case keeps as evidence; a burst of thousands is told by a hundred.
pub const EVIDENCE_MAX: usize = 100;
/// Most cases that may be open: more than a desk of a hundred works off in a week.
pub const OPEN_MAX: usize = 10_000;
/// Most cases remembered after their ruling; the journal keeps the rest.
pub const CLOSED_MAX: usize = 10_000;
/// How long a claim lasts.
pub const CLAIM_MS: i64 = 30 * 60_000;
/// How long a case may wait: a working day.
pub const DUE_MS: i64 = 24 * 3_600_000;

impl Cases {
    /// The case that a payment which was judged belongs to: the payer's open one, or a new one. None for approvals, and
    /// none when [`OPEN_MAX`] cases are open.
    #[must_use]
    pub fn number(&self, facts: &Facts, verdict: &Verdict) -> Option<u64> {
        if verdict.decision < Decision::Review {
            return None;
        }
        match self.open.get(&facts.payer) {
            Some(open) => Some(*open),
            None if self.open.len() >= OPEN_MAX => None,
            None => Some(self.raised + 1),
        }
    }

    /// A payment was held: it joins its case, or opens it.
    pub fn raise(&mut self, case: u64, evidence: Evidence) {
        let found = self.opened(case, evidence.facts.payer, evidence.facts.at_ms);
        let screened = |reason: &crate::Reason| matches!(reason, crate::Reason::Screening(_));
        found.sanctions |= evidence.verdict.reasons.iter().any(screened);
        if found.evidence.len() < EVIDENCE_MAX {
            found.evidence.push(evidence);
        }
    }

    /// Somebody was found on a list. Never left out, however many cases are open.
    pub fn found(&mut self, subject: Key, hit: &Found, at_ms: i64) {
        let case = self.open.get(&subject).copied().unwrap_or(self.raised + 1);
        let found = self.opened(case, subject, at_ms);
        found.sanctions = true;
        // Whoever has ruled has not seen it: two people begin again.
        found.proposed = None;
        if found.hits.len() < EVIDENCE_MAX {
            found.hits.push(hit.clone());
        }
    }

    fn opened(&mut self, case: u64, subject: Key, at_ms: i64) -> &mut Case {
        self.raised = self.raised.max(case);
        self.open.insert(subject, case);
        self.cases.entry(case).or_insert_with(|| Case::new(subject, at_ms))
    }

    /// Takes a case for half an hour.
    ///
    /// # Errors
    /// [`Error::Change`] when it is not open or somebody else has it.
    pub fn claim(&self, case: u64, by: &str, at_ms: i64) -> Result<CaseRecord, Error> {
        let open = self.open(case)?;
        if let Some((who, until_ms)) =
            open.claimed.as_ref().filter(|(who, until_ms)| who != by && *until_ms > at_ms)
        {
            return Err(Error::Change(format!(
                "case {case} is {who}'s for {} more minutes",
                (until_ms - at_ms) / 60_000 + 1
            )));
        }
        Ok(CaseRecord::Claimed { case, by: by.to_owned(), until_ms: at_ms + CLAIM_MS })
    }

    /// Rules on a case.
    ///
    /// # Errors
    /// [`Error::Change`] without a claim or a reason, or when the second person of a sanctions case is the first.
    pub fn rule(
        &self,
        case: u64,
        by: &str,
        ruling: Ruling,
        reason: &str,
        at_ms: i64,
    ) -> Result<CaseRecord, Error> {
        let open = self.open(case)?;
        let refuse = |what: &str| Err(Error::Change(format!("case {case}: {what}")));
        if !open.claimed.as_ref().is_some_and(|(who, until_ms)| who == by && *until_ms > at_ms) {
            return refuse("claim it first");
        }
        if reason.trim().is_empty() {
            return refuse("a ruling needs a reason");
        }
        match &open.proposed {
            Some((who, _)) if who == by => return refuse("a sanctions ruling needs a second person"),
            _ => {}
        }
        Ok(CaseRecord::Ruled { case, by: by.to_owned(), ruling, reason: reason.to_owned(), at_ms })
    }

    /// Applies a record and returns the labels that follow from it, to be observed by the judge.
    pub fn apply(&mut self, record: &CaseRecord) -> Vec<Outcome> {
        match record {
            CaseRecord::Claimed { case, by, until_ms } => {
                if let Some(found) = self.cases.get_mut(case) {
                    found.claimed = Some((by.clone(), *until_ms));
                }
                Vec::new()
            }
            CaseRecord::Ruled { case, by, ruling, reason, at_ms } => match self.cases.get_mut(case) {
                Some(found) => {
                    let labels = found.ruled(by, *ruling, reason, *at_ms);
                    if found.ruled.is_some() {
                        self.open.remove(&found.subject);
                        self.closed.insert((*at_ms, *case), ());
                        self.forget();
                    }
                    labels
                }
                None => Vec::new(),
            },
        }
    }

    fn forget(&mut self) {
        while self.closed.len() > CLOSED_MAX
            && let Some(((_, oldest), ())) = self.closed.pop_first()
        {
            self.cases.remove(&oldest);
        }
    }

    /// How many cases are open.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    /// All that are remembered, by number.
    pub fn all(&self) -> impl Iterator<Item = (u64, &Case)> {
        self.cases.iter().map(|(id, case)| (*id, case))
    }

    /// Appends everything a ruling could depend on: equal cases, equal bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let text = |out: &mut Vec<u8>, text: &str| {
            out.extend_from_slice(&(text.len() as u64).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        };
        out.extend_from_slice(&self.raised.to_le_bytes());
        for (id, case) in &self.cases {
            out.extend_from_slice(&id.to_le_bytes());
            out.extend_from_slice(&case.subject.0.to_le_bytes());
            out.extend_from_slice(&case.raised_ms.to_le_bytes());
            out.push(u8::from(case.sanctions));
            out.extend_from_slice(&(case.evidence.len() as u64).to_le_bytes());
            for one in &case.evidence {
                out.extend_from_slice(&one.payment.to_le_bytes());
                one.facts.encode(out);
                one.verdict.encode(out);
            }
            for hit in &case.hits {
                out.extend_from_slice(&hit.entry_version.0.to_le_bytes());
            }
            let claimed = case.claimed.as_ref();
            out.extend_from_slice(&claimed.map_or(i64::MIN, |(_, until_ms)| *until_ms).to_le_bytes());
            text(out, claimed.map_or("", |(who, _)| who));
            let proposed = case.proposed.as_ref();
            out.push(proposed.map_or(u8::MAX, |(_, ruling)| *ruling as u8));
            text(out, proposed.map_or("", |(who, _)| who));
            let ruled = case.ruled.as_ref();
            out.push(ruled.map_or(u8::MAX, |(_, ruling, ..)| *ruling as u8));
            text(out, ruled.map_or("", |(who, ..)| who));
        }
    }

    /// Open cases: overdue ones first, then by expected loss, greatest first.
    #[must_use]
    pub fn queue(&self, at_ms: i64) -> Vec<u64> {
        let mut open: Vec<(u64, &Case)> = self
            .cases
            .iter()
            .filter(|(_, case)| case.ruled.is_none())
            .map(|(id, case)| (*id, case))
            .collect();
        open.sort_by_key(|(id, case)| {
            (case.due_ms > at_ms, std::cmp::Reverse(case.expected_loss_minor()), *id)
        });
        open.into_iter().map(|(id, _)| id).collect()
    }

    /// Other cases that share a device, merchant or terminal with this one, and what they share.
    #[must_use]
    pub fn linked(&self, case: u64) -> Vec<(u64, Key)> {
        let parties = |case: &Case| -> Vec<Key> {
            let of = |one: &Evidence| [one.facts.device, one.facts.merchant, one.facts.terminal];
            case.evidence.iter().flat_map(of).filter(|key| *key != Key::NONE).collect()
        };
        let Some(own) = self.cases.get(&case).map(parties) else { return Vec::new() };
        let others = self.cases.iter().filter(|(id, _)| **id != case);
        let shared = others.filter_map(|(id, other)| {
            parties(other).into_iter().find(|key| own.contains(key)).map(|key| (*id, key))
        });
        shared.collect()
    }

    /// A case by its number.
    #[must_use]
    pub fn case(&self, case: u64) -> Option<&Case> {
        self.cases.get(&case)
    }

    fn open(&self, case: u64) -> Result<&Case, Error> {
        let open = self.cases.get(&case).filter(|found| found.ruled.is_none());
        open.ok_or_else(|| Error::Change(format!("case {case} is not open")))
    }
}

impl Case {
    fn new(subject: Key, at_ms: i64) -> Self {
        Self {
            subject,
            raised_ms: at_ms,
            due_ms: at_ms.saturating_add(DUE_MS),
            sanctions: false,
            evidence: Vec::new(),
            hits: Vec::new(),
            claimed: None,
            proposed: None,
            ruled: None,
        }
    }

    /// Probability of fraud times amount, over the payments, minor units of the reference currency.
    #[must_use]
    pub fn expected_loss_minor(&self) -> i64 {
        let loss = |one: &Evidence| {
            i128::from(one.facts.amount_minor) * i128::from(one.verdict.score_ppm) / 1_000_000
        };
        self.evidence.iter().map(loss).sum::<i128>().clamp(0, i128::from(i64::MAX)) as i64
    }

    /// How long it has been open, milliseconds.
    #[must_use]
    pub fn age_ms(&self, at_ms: i64) -> i64 {
        at_ms.saturating_sub(self.raised_ms)
    }

    fn ruled(&mut self, by: &str, ruling: Ruling, reason: &str, at_ms: i64) -> Vec<Outcome> {
        // Two persons who disagree start again: the second ruling becomes the one that waits.
        let agreed = self.proposed.as_ref().is_some_and(|(who, first)| who != by && *first == ruling);
        if self.sanctions && !agreed {
            self.proposed = Some((by.to_owned(), ruling));
            self.claimed = None;
            return Vec::new();
        }
        self.ruled = Some((by.to_owned(), ruling, reason.to_owned(), at_ms));
        let event = match ruling {
            Ruling::Fraud => Event::Fraud,
            Ruling::Genuine => Event::Genuine,
            Ruling::Unclear => return Vec::new(),
        };
        self.evidence.iter().map(|one| Outcome { at_ms, event, facts: one.facts }).collect()
    }
}

#[cfg(test)]
mod tests;
