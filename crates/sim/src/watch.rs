//! Watches every turn: each fact must be allowed where its payment stands, the book must be what the facts make it,
//! and what is let out must be true and stay true. Knows the rulebook, not the switch's code.

mod delivered;
mod door;
mod gate;
mod lent;
mod rulebook;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use directory::Time;
use engine::{Engine, Fact, Input, read_record};
use switch::{
    Event, Judged, Kind, Opened, Outcome, PaymentId, RefundOpened, RefundStage, ScanTarget, Stage, Terms,
    clock,
};

use crate::books::Books;
use crate::coverage::Coverage;
pub(crate) use delivered::Delivered;
use door::Door;
use gate::Gate;
use rulebook::{arm, move_money, target};
pub(crate) use told::Memory;

/// A payment as the facts make it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) opened: Arc<Opened>,
    pub(crate) terms: Option<Arc<Terms>>,
    pub(crate) stage: Stage,
    confirmed: bool,
    pub(crate) judged: Option<Arc<Judged>>,
    sent_at: Option<Time>,
    succeeded_at: Option<Time>,
    acknowledged: bool,
    pub(crate) refunds: Vec<(RefundOpened, RefundStage)>,
}

/// Everything the watch remembers.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) payments: BTreeMap<PaymentId, Known>,
    pub(crate) books: Books,
    pub(crate) memory: Memory,
    funded: BTreeSet<Arc<str>>,
    door: Door,
    pub(crate) delivered: Delivered,
    pub(crate) gate: Gate,
    /// Payments that hold a reservation, and since when.
    holding: BTreeMap<PaymentId, Time>,
    pub(crate) facts: u64,
}

/// What came into a turn, as far as it explains facts.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    scanned: BTreeSet<PaymentId>,
    confirmed: BTreeSet<PaymentId>,
    unclear: BTreeSet<PaymentId>,
}

impl Causes {
    pub(crate) fn note(&mut self, input: &Input) {
        match input {
            Input::Switch(switch::Input::Scan(scan)) => {
                if let ScanTarget::Order { payment, .. } = scan.target {
                    self.scanned.insert(payment);
                }
            }
            Input::Switch(switch::Input::Confirm(confirm)) => {
                self.confirmed.insert(confirm.payment);
            }
            Input::Switch(switch::Input::WalletSaid { payment, outcome: Outcome::Unclear, .. }) => {
                self.unclear.insert(*payment);
            }
            _ => {}
        }
    }
}

impl Watch {
    pub(crate) fn was_funded(&self, request_id: &str) -> bool {
        self.funded.contains(request_id)
    }

    /// Takes one record that has become durable; returns the payment it is about.
    pub(crate) fn record(
        &mut self,
        bytes: &[u8],
        causes: &Causes,
        coverage: &mut Coverage,
    ) -> Result<Option<PaymentId>, String> {
        self.facts += 1;
        let (fact, at) = read_record(bytes).map_err(|error| format!("a record cannot be read: {error}"))?;
        match fact {
            Fact::Payment(event) => {
                self.event(&event, at, causes, coverage)?;
                Ok(event.payment())
            }
            Fact::Directory(change) => {
                let name = format!("{change:?}");
                coverage.saw("change", name.split([' ', '{']).next().unwrap_or_default());
                self.door.change(&change);
                Ok(None)
            }
            Fact::Funding(funding) => {
                coverage.saw("funding", format!("{:?}", funding.kind));
                if !self.funded.insert(funding.request_id.clone()) {
                    return Err(format!("funds were moved twice for {}", funding.request_id));
                }
                self.books.fund(&funding);
                Ok(None)
            }
            Fact::Risk(fact) => {
                self.gate.fact(&fact, coverage);
                Ok(None)
            }
            Fact::Delivery(event) => {
                self.delivered.event(&event, at, &mut self.books, coverage)?;
                Ok(None)
            }
        }
    }

    fn event(
        &mut self,
        event: &Event,
        at: Time,
        causes: &Causes,
        coverage: &mut Coverage,
    ) -> Result<(), String> {
        match event {
            Event::Opened(opened) => {
                self.door.opened(opened, at)?;
                return self.opened(opened, coverage);
            }
            Event::CodesIssued { .. } => {
                self.door.codes_issued(event);
                coverage.saw("arm", "codes issued");
                return Ok(());
            }
            Event::CancelledUnseen { .. } => {
                coverage.saw("arm", "unseen CancelAsked");
                return Ok(());
            }
            Event::Refused { asked, .. } => {
                coverage.saw("arm", format!("{asked:?} refused"));
                return Ok(());
            }
            _ => {}
        }
        let id = event.payment().ok_or("a fact about no payment")?;
        let known = self.payments.get_mut(&id).ok_or(format!("a fact about {id:?}, which is not open"))?;
        let from = known.stage;
        let to = target(known, event, at).ok_or(format!("{event:?} in stage {from:?} of {id:?}"))?;
        match (event, &known.terms) {
            (Event::Quoted { terms, .. }, _) => self.door.quoted(&known.opened, terms)?,
            (Event::Confirmed { .. }, Some(terms)) => self.door.confirmed(&known.opened, terms, at)?,
            (Event::Confirmed { .. }, None) => return Err(format!("{id:?} was confirmed without a price")),
            (Event::Judged { judged, .. }, _) => self.gate.judged(known, judged, coverage)?,
            _ => {}
        }
        coverage.saw("arm", arm(known, event, causes));
        move_money(&mut self.books, known, event)?;
        self.delivered.lent.paid(known, event, at);
        known.apply(event, at, to);
        if to != from {
            coverage.saw("stage", format!("{to:?}"));
            match to.holds_reservation() {
                true => self.holding.insert(id, known.sent_at.unwrap_or(at)),
                false => self.holding.remove(&id),
            };
        }
        if let Event::Failed { decline, .. }
        | Event::Rejected { decline, .. }
        | Event::RefundFailed { decline, .. } = event
        {
            coverage.saw("decline", format!("{decline:?}"));
        }
        if let Event::Quoted { terms, .. } = event {
            for considered in &terms.quote.considered {
                coverage.saw("offer", format!("{:?}", considered.outcome));
            }
        }
        Ok(())
    }

    fn opened(&mut self, opened: &Arc<Opened>, coverage: &mut Coverage) -> Result<(), String> {
        coverage.saw("stage", "CodeIssued");
        coverage.saw("arm", format!("opened {:?}", opened.kind));
        let next = self.payments.last_key_value().map_or(1, |(last, _)| last.0 + 1);
        if opened.payment.0 != next {
            return Err(format!("payment {} was opened after {}", opened.payment.0, next - 1));
        }
        let known = Known {
            opened: opened.clone(),
            terms: None,
            stage: Stage::CodeIssued,
            confirmed: false,
            judged: None,
            sent_at: None,
            succeeded_at: None,
            acknowledged: true,
            refunds: Vec::new(),
        };
        self.payments.insert(opened.payment, known);
        Ok(())
    }

    /// What must hold between turns. Of a turn without facts only the clock can have broken something.
    pub(crate) fn after_turn(&self, engine: &Engine, had_facts: bool) -> Result<(), String> {
        self.nothing_is_held_too_long(engine)?;
        if !had_facts {
            return Ok(());
        }
        engine.check().map_err(|broken| broken.to_string())?;
        if engine.commit() != self.facts {
            return Err(format!("the engine counts {} facts, the log has {}", engine.commit(), self.facts));
        }
        match self.books.difference(engine) {
            Some(difference) => Err(difference),
            None => Ok(()),
        }
    }

    fn nothing_is_held_too_long(&self, engine: &Engine) -> Result<(), String> {
        for (id, sent_at) in &self.holding {
            if engine.now().since_ms(*sent_at) >= clock::SENT_LIMIT_MS {
                return Err(format!("{id:?} holds a reservation since {sent_at:?}, at {:?}", engine.now()));
            }
        }
        Ok(())
    }

    /// Whether nothing is reserved.
    pub(crate) fn holds_nothing(&self) -> bool {
        self.holding.is_empty()
    }
}

impl Known {
    fn apply(&mut self, event: &Event, at: Time, to: Stage) {
        self.stage = to;
        match event {
            Event::Quoted { terms, .. } => self.terms = Some(terms.clone()),
            Event::Confirmed { .. } => self.confirmed = true,
            Event::Judged { judged, .. } => self.judged = Some(judged.clone()),
            Event::Sent { .. } => self.sent_at = Some(at),
            Event::Succeeded { .. } => self.succeeded_at = Some(at),
            Event::Cancelled { .. } => self.acknowledged = self.sent_at.is_none(),
            Event::CancelAcknowledged { .. } => self.acknowledged = true,
            Event::LateSuccess { .. } => self.acknowledged = false,
            Event::RefundOpened(opened) => self.refunds.push((opened.clone(), RefundStage::Sent)),
            Event::RefundSucceeded { refund, .. } => self.end_refund(*refund, RefundStage::Succeeded),
            Event::RefundFailed { refund, .. } => self.end_refund(*refund, RefundStage::Failed),
            Event::RefundStuck { refund, .. } => self.end_refund(*refund, RefundStage::Stuck),
            _ => {}
        }
    }

    /// The payer has shown a code, or confirmed the price.
    fn is_agreed(&self) -> bool {
        self.opened.kind == Kind::ConsumerPresented || self.confirmed
    }

    fn end_refund(&mut self, number: u16, stage: RefundStage) {
        self.refunds[usize::from(number)].1 = stage;
    }
}
