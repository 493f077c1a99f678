//! Watches every turn: each fact must be allowed where its payment stands, the book must be what the facts make it,
//! and what is let out must be true and stay true. Knows the rulebook, not the switch's code.

mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use directory::Time;
use engine::{Engine, Fact, Input, read_record};
use switch::{
    Event, Kind, Opened, Outcome, PaymentId, RefundOpened, RefundStage, ScanTarget, Stage, Terms, clock,
};

use crate::books::Books;
use crate::coverage::Coverage;
pub(crate) use told::Memory;

/// A payment as the facts make it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) opened: Arc<Opened>,
    pub(crate) terms: Option<Arc<Terms>>,
    pub(crate) stage: Stage,
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
            Event::Opened(opened) => return self.opened(opened, coverage),
            Event::CodesIssued { .. } => {
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
        coverage.saw("arm", arm(known, event, causes));
        move_money(&mut self.books, known, event)?;
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

/// The stage a fact leads to, if the rulebook allows it where the payment stands.
fn target(known: &Known, event: &Event, at: Time) -> Option<Stage> {
    use Stage::*;
    let refund = |number: u16| known.refunds.get(usize::from(number)).map(|(_, stage)| *stage);
    let live = known.refunds.iter().any(|(_, stage)| stage.counts());
    Some(match (event, known.stage) {
        (Event::Quoted { .. }, CodeIssued | Quoted) => Quoted,
        (Event::Confirmed { .. }, Quoted) => Quoted,
        (Event::Reserved { .. }, Quoted) => Reserved,
        (Event::Rejected { .. }, Quoted) => Rejected,
        (Event::Sent { .. }, Reserved) => Sent,
        (Event::InDoubt { .. }, Sent) => InDoubt,
        (Event::Succeeded { .. }, Sent | InDoubt) => Succeeded,
        (Event::Failed { .. }, Sent | InDoubt) => Failed,
        (Event::Expired { .. }, CodeIssued | Quoted) => Expired,
        (Event::Cancelled { .. }, CodeIssued | Quoted | Sent | InDoubt) => Cancelled,
        (Event::Cancelled { .. }, Succeeded)
            if !live && known.succeeded_at.is_some_and(|paid| at <= clock::cancel_until(paid)) =>
        {
            Cancelled
        }
        (Event::CancelAcknowledged { .. }, Cancelled) if !known.acknowledged => Cancelled,
        (Event::LateSuccess { .. }, Cancelled) if known.sent_at.is_some() => Cancelled,
        (Event::NoticeTaken { .. }, stage) if stage.is_final() => stage,
        (Event::RefundOpened(_), Succeeded) => Succeeded,
        (Event::RefundSucceeded { refund: number, .. }, Succeeded)
        | (Event::RefundFailed { refund: number, .. }, Succeeded)
            if matches!(refund(*number), Some(RefundStage::Sent | RefundStage::Stuck)) =>
        {
            Succeeded
        }
        (Event::RefundStuck { refund: number, .. }, Succeeded)
            if refund(*number) == Some(RefundStage::Sent) =>
        {
            Succeeded
        }
        _ => return None,
    })
}

fn move_money(books: &mut Books, known: &Known, event: &Event) -> Result<(), String> {
    let Some(terms) = known.terms.as_deref() else { return Ok(()) };
    let opened = &known.opened;
    let refund = |number: u16| {
        let found = known.refunds.get(usize::from(number)).map(|(opened, _)| opened);
        found.ok_or(format!("a fact about refund {number} of {:?}", opened.payment))
    };
    match event {
        Event::Reserved { .. } => books.hold(opened, terms, 1),
        Event::Succeeded { .. } => {
            books.hold(opened, terms, -1);
            books.pay(opened, terms, 1);
        }
        Event::Failed { .. } => books.hold(opened, terms, -1),
        Event::Cancelled { .. } if known.stage.holds_reservation() => books.hold(opened, terms, -1),
        Event::Cancelled { .. } if known.stage == Stage::Succeeded => books.pay(opened, terms, -1),
        Event::RefundOpened(refund) => books.hold_refund(opened, terms, refund, 1),
        Event::RefundFailed { refund: number, .. } => {
            books.hold_refund(opened, terms, refund(*number)?, -1);
        }
        Event::RefundSucceeded { refund: number, .. } => {
            books.hold_refund(opened, terms, refund(*number)?, -1);
            books.refund(opened, terms, refund(*number)?);
        }
        _ => {}
    }
    Ok(())
}

impl Known {
    fn apply(&mut self, event: &Event, at: Time, to: Stage) {
        self.stage = to;
        match event {
            Event::Quoted { terms, .. } => self.terms = Some(terms.clone()),
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

    fn end_refund(&mut self, number: u16, stage: RefundStage) {
        self.refunds[usize::from(number)].1 = stage;
    }
}

/// The arm of the switch's table that a fact came from: the stage before, and what happened to it.
fn arm(known: &Known, event: &Event, causes: &Causes) -> String {
    let id = known.opened.payment;
    let consumer = known.opened.kind == Kind::ConsumerPresented;
    let refund = |number: u16| known.refunds.get(usize::from(number)).map(|(_, stage)| *stage);
    let cause = match event {
        Event::Quoted { .. } if consumer => "Pay",
        Event::Quoted { .. } if known.opened.request_id.is_none() && known.terms.is_none() => "Begun",
        Event::Quoted { .. } => match (causes.scanned.contains(&id), causes.confirmed.contains(&id)) {
            (true, false) => "Scanned",
            (false, true) => "Confirmed too late for its quote",
            _ => "Scanned or Confirmed",
        },
        Event::Confirmed { .. } => "Confirmed",
        Event::Reserved { .. } => "Funded",
        Event::Sent { .. } => "Sent",
        Event::Rejected { .. } => "Not funded",
        Event::InDoubt { .. } if causes.unclear.contains(&id) => "Said Unclear",
        Event::InDoubt { .. } => "Due",
        Event::Succeeded { .. } => "Said Done",
        Event::Failed { .. } => "Said Declined",
        Event::Expired { .. } => "Due",
        Event::Cancelled { by: switch::CancelledBy::Acquirer, .. } => "CancelAsked",
        Event::Cancelled { by: switch::CancelledBy::Limit, .. } => "Due",
        Event::CancelAcknowledged { .. } => "CancelTaken",
        Event::LateSuccess { .. } => "Said Done",
        Event::NoticeTaken { .. } => "NoticeTaken",
        Event::RefundOpened(_) => "Refund",
        Event::RefundSucceeded { refund: number, .. } => match refund(*number) {
            Some(RefundStage::Stuck) => "stuck RefundSaid Done",
            _ => "RefundSaid Done",
        },
        Event::RefundFailed { .. } => "RefundSaid Declined",
        Event::RefundStuck { .. } => "RefundDue",
        Event::CodesIssued { .. } | Event::Opened(_) => "",
        Event::CancelledUnseen { .. } | Event::Refused { .. } => "",
    };
    format!("{:?} {cause}", known.stage)
}
