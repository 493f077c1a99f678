//! Risk control inside the turn: gathers the facts of a payment, has them judged, keeps the windows, cases and labels
//! that journaled facts make, and takes what operators ask. Does not know rules or models, nor what a wallet is told.

mod asked;

use std::collections::BTreeMap;

use directory::{Directory, Time};
use risk::cases::{CaseRecord, Cases, Evidence, Ruling};
use risk::screening::{Listed, Party, ScreeningRecord, Searched};
use risk::{Decision, Error, Event as Became, Facts, Features, Judge, Key, Outcome, Reason, Record};
use switch::{Decline, Event, Judged, Kind, Payment, PaymentId, Switch};

pub use asked::{RiskAsked, RiskFact};

use crate::{subject, worth};

/// Payments judged so far, by what was decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// By decision, in the order of [`Decision::ALL`].
    pub decided: [u64; 4],
    /// Of them not let through.
    pub refused: u64,
}

/// The judge, the cases and the labels.
pub struct Control {
    pub(crate) judge: Judge,
    pub(crate) cases: Cases,
    pub(crate) labelled: BTreeMap<PaymentId, bool>,
    tally: Tally,
}

impl Default for Control {
    fn default() -> Control {
        let features =
            Features::parse(risk::NETWORK_FEATURES).expect("tested with the crate that ships them");
        let judge = Judge::shipped(features, risk::NETWORK_RULES, risk::NETWORK_POLICY)
            .expect("tested with the crate that ships them");
        Control { judge, cases: Cases::default(), labelled: BTreeMap::new(), tally: Tally::default() }
    }
}

impl Control {
    /// What judges.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// What waits for a person.
    pub fn cases(&self) -> &Cases {
        &self.cases
    }

    /// What was said of a payment: whether it was fraud.
    pub fn label(&self, payment: PaymentId) -> Option<bool> {
        self.labelled.get(&payment).copied()
    }

    /// How many payments were judged, and how.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Judges a payment the payer has agreed to. Changes nothing that is counted.
    pub(crate) fn judgement(&mut self, payment: &Payment, directory: &Directory, now: Time) -> Judged {
        let facts = self.facts(payment, directory, now);
        let verdict = self.judge.judge_and_keep(&facts, &places(payment, directory));
        let screened = verdict.reasons.iter().any(|reason| matches!(reason, Reason::Screening(_)));
        let looked_at = verdict.decision == Decision::Review || screened;
        let case = looked_at.then(|| self.cases.number(&facts, &verdict)).flatten();
        // What a person should see and nobody could is not let through.
        let unseen = verdict.decision == Decision::Review && case.is_none();
        let passes = self.judge.policy().passes(verdict.decision, &facts) && !unseen;
        let refused = (!passes).then_some(match verdict.decision {
            Decision::StepUp => Decline::VerificationFailed,
            Decision::Approve | Decision::Review | Decision::Decline => Decline::RiskReject,
        });
        Judged { facts, verdict, refused, case }
    }

    fn facts(&self, payment: &Payment, directory: &Directory, now: Time) -> Facts {
        let opened = &payment.opened;
        let acquirer = directory.member(opened.acquirer);
        let acquirer_id = acquirer.map_or("", |member| &*member.client_id);
        let mut facts = Facts {
            at_ms: i64::try_from(now.0).unwrap_or(i64::MAX),
            amount_minor: worth::cents(opened.amount),
            acquirer: subject::member(acquirer_id),
            channel: Key::of(match opened.kind {
                Kind::ConsumerPresented => "payer_code",
                Kind::OrderCode => "order_code",
                Kind::EntryCode => "entry_code",
            }),
            ..Facts::default()
        };
        let merchant = directory.merchant(opened.merchant);
        if let Some(merchant) = merchant {
            facts.merchant = subject::merchant(acquirer_id, &merchant.reference);
            facts.merchant_country = Key::of(merchant.country.code());
            facts.merchant_class = Key::of(class(merchant.category, &mut [0; 4]));
            if let Some(store) = &opened.store {
                facts.terminal = subject::store(acquirer_id, &merchant.reference, store);
            }
        }
        let Some(terms) = &payment.terms else { return facts };
        facts.device = device(payment).map_or(Key::NONE, subject::device);
        facts.paid_minor = i64::try_from(terms.payer_amount.minor).unwrap_or(i64::MAX);
        facts.currency = Key::of(terms.payer_amount.currency.code());
        if let Some(wallet) = directory.member(terms.wallet) {
            facts.wallet = subject::member(&wallet.client_id);
            facts.payer = subject::payer(&wallet.client_id, &terms.customer);
            facts.payer_country = Key::of(wallet.country.code());
            if let Some(merchant) = merchant {
                facts.corridor = subject::corridor(wallet.country.code(), merchant.country.code());
            }
        }
        let parties = [facts.payer, facts.merchant, facts.wallet, facts.acquirer];
        facts.screening = self.judge.screening(&parties);
        facts
    }

    /// What becomes true when an operator asks this.
    pub(crate) fn decide(
        &self,
        asked: &RiskAsked,
        switch: &Switch,
        now: Time,
    ) -> Result<Vec<RiskFact>, Error> {
        let at_ms = i64::try_from(now.0).unwrap_or(i64::MAX);
        let case = |record| vec![RiskFact::Case(record)];
        let record = match asked {
            RiskAsked::Propose { by, change } => self.judge.propose(change.clone(), by, at_ms),
            RiskAsked::Confirm { by, proposal } => self.judge.confirm(*proposal, by, at_ms),
            RiskAsked::Withdraw { by, proposal } => self.judge.withdraw(*proposal, by, at_ms),
            RiskAsked::Stop { by, subject, reason } => self.judge.stop(*subject, by, reason, at_ms),
            RiskAsked::Screen { by, subject, status, reason } => {
                self.judge.screen(*subject, *status, by, reason, at_ms)
            }
            RiskAsked::ListsAreCurrent => Ok(Record::Health { at_ms, windows: true, lists_at_ms: at_ms }),
            RiskAsked::Label { by, payment, fraud, reason } => {
                return self.label_asked(by, *payment, *fraud, reason, switch).map(|fact| vec![fact]);
            }
            RiskAsked::Claim { by, case: number } => {
                return self.cases.claim(*number, by, at_ms).map(case);
            }
            RiskAsked::Rule { by, case: number, ruling, reason } => {
                return self.cases.rule(*number, by, *ruling, reason, at_ms).map(case);
            }
            RiskAsked::PublishList { .. } | RiskAsked::Name { .. } | RiskAsked::Searched(_) => {
                return self.screening_asked(asked, at_ms);
            }
        };
        record.map(|record| vec![RiskFact::Record(record)])
    }

    fn screening_asked(&self, asked: &RiskAsked, at_ms: i64) -> Result<Vec<RiskFact>, Error> {
        let register = self.judge.register();
        let records = match asked {
            RiskAsked::PublishList { parts } => {
                parts.first().map_or(Ok(()), |first| register.publish(first))?;
                let part = |part: &Listed| ScreeningRecord::Listed(Listed { at_ms, ..part.clone() });
                parts.iter().map(part).collect()
            }
            RiskAsked::Name { subject, party } => {
                register.name(*subject, party.clone(), at_ms)?.into_iter().collect()
            }
            RiskAsked::Searched(searched) => {
                vec![register.searched(Searched { at_ms, ..searched.clone() })?]
            }
            _ => Vec::new(),
        };
        Ok(records.into_iter().map(RiskFact::Screening).collect())
    }

    fn label_asked(
        &self,
        by: &str,
        payment: PaymentId,
        fraud: bool,
        reason: &str,
        switch: &Switch,
    ) -> Result<RiskFact, Error> {
        let refuse = |what: &str| Err(Error::Change(format!("payment {}: {what}", payment.0)));
        if switch.payment(payment).is_none_or(|known| known.judged.is_none()) {
            return refuse("there is none that was judged");
        }
        if self.label(payment) == Some(fraud) {
            return refuse("that was said before");
        }
        if by.trim().is_empty() || reason.trim().is_empty() {
            return refuse("a label needs a name and a reason");
        }
        Ok(RiskFact::Labelled { payment, by: by.to_owned(), fraud, reason: reason.to_owned() })
    }

    /// Takes a fact about a payment: what became of it is counted. `payment` is as it was before the fact.
    pub(crate) fn take(&mut self, payment: &Payment, event: &Event, at: Time) {
        let became = match event {
            Event::Judged { judged, .. } => {
                self.tally.decided[judged.verdict.decision as usize] += 1;
                self.tally.refused += u64::from(judged.refused.is_some());
                if let Some(case) = judged.case {
                    let (facts, verdict) = (judged.facts, judged.verdict.clone());
                    self.cases.raise(case, Evidence { payment: payment.id().0, facts, verdict });
                }
                let event = if judged.refused.is_some() { Became::Declined } else { Became::Asked };
                self.observe(&judged.facts, event, at);
                return;
            }
            Event::Succeeded { .. } => Became::Paid,
            Event::Failed { .. } => Became::Declined,
            _ => return,
        };
        if let Some(judged) = &payment.judged {
            self.observe(&judged.facts, became, at);
        }
    }

    /// Takes a fact about risk control itself.
    pub(crate) fn apply(&mut self, fact: &RiskFact, switch: &Switch, at: Time) -> Result<(), Error> {
        match fact {
            RiskFact::Record(record) => return self.judge.apply(record),
            RiskFact::Labelled { payment, fraud, .. } => {
                let judged = switch.payment(*payment).and_then(|known| known.judged.clone());
                if let Some(judged) = judged {
                    self.said(*payment, *fraud, &judged.facts, at);
                }
            }
            RiskFact::Case(record) => self.worked_on(record, at),
            RiskFact::Screening(record) => {
                let at_ms = i64::try_from(at.0).unwrap_or(i64::MAX);
                for (subject, hit) in self.judge.screen_by(record) {
                    self.cases.found(subject, &hit, at_ms);
                }
            }
        }
        Ok(())
    }

    /// A case was claimed or ruled on: payments get their labels, and what was found of a party is settled.
    fn worked_on(&mut self, record: &CaseRecord, at: Time) {
        let labels = self.cases.apply(record);
        let CaseRecord::Ruled { case, ruling, .. } = record else { return };
        let Some(case) = self.cases.case(*case).filter(|case| case.ruled.is_some()) else { return };
        let (subject, hits) = (case.subject, !case.hits.is_empty());
        let evidence: Vec<_> = case.evidence.iter().map(|one| (PaymentId(one.payment), one.facts)).collect();
        for ((payment, facts), label) in evidence.iter().zip(labels) {
            self.said(*payment, label.event == Became::Fraud, facts, at);
        }
        match ruling {
            Ruling::Fraud if hits => self.judge.ruled(subject, true),
            Ruling::Genuine if hits => self.judge.ruled(subject, false),
            _ => {}
        }
    }

    /// A member or merchant is called so: it is compared with the lists like everybody who is known by name.
    pub(crate) fn registered(&mut self, change: &directory::Change, directory: &Directory) {
        let (subject, name) = match change {
            directory::Change::MemberAdded { client_id, name, .. } => (subject::member(client_id), name),
            directory::Change::MerchantAdded { acquirer, reference, name, .. } => {
                let Some(member) = directory.member(*acquirer) else { return };
                (subject::merchant(&member.client_id, reference), name)
            }
            _ => return,
        };
        self.judge.named(subject, Party { name: name.to_string(), birth: None });
    }

    /// Counts a label once, however many say it.
    fn said(&mut self, payment: PaymentId, fraud: bool, facts: &Facts, at: Time) {
        if self.labelled.insert(payment, fraud) != Some(fraud) {
            self.observe(facts, if fraud { Became::Fraud } else { Became::Genuine }, at);
        }
    }

    fn observe(&mut self, facts: &Facts, event: Became, at: Time) {
        let at_ms = i64::try_from(at.0).unwrap_or(i64::MAX);
        self.judge.observe(&Outcome { at_ms, event, facts: *facts });
    }
}

/// Token of the device the payer pays on: by the wallet's word, else by the acquirer's where the order was placed on the
/// buyer's own. Nothing where nobody knows.
pub fn device(payment: &Payment) -> Option<&str> {
    let told = payment.terms.as_ref().and_then(|terms| terms.device.as_deref());
    let placed = &payment.opened.placed;
    told.or(placed.device.as_deref().filter(|_| placed.by_buyer))
}

/// What can be stopped or limited beside the parties of the facts: the terminal, and the device the order was placed on.
fn places(payment: &Payment, directory: &Directory) -> [Key; 2] {
    let opened = &payment.opened;
    let terminal = opened.placed.terminal.as_deref().and_then(|terminal| {
        let merchant = directory.merchant(opened.merchant)?;
        let acquirer = directory.member(opened.acquirer)?;
        let store = opened.store.as_deref().unwrap_or("");
        Some(subject::terminal(&acquirer.client_id, &merchant.reference, store, terminal))
    });
    let device = opened.placed.device.as_deref().map(subject::device);
    [terminal.unwrap_or(Key::NONE), device.unwrap_or(Key::NONE)]
}

/// Four digits of a merchant category (ISO 18245).
fn class(category: u16, digits: &mut [u8; 4]) -> &str {
    let mut left = category;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
    }
    std::str::from_utf8(digits).expect("digits")
}
