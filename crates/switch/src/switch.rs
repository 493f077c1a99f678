//! All payments together: `decide` says what becomes true, `apply` makes it true and is the only mutation.

mod apply;
mod lookups;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use directory::{Directory, MemberId, Time};
use ledger::Ledger;
use rustc_hash::FxHashMap;

use crate::clock::{self, UNSEEN_CANCEL_MS};
use crate::code::{Codes, IssuedCode};
use crate::effect::Effect;
use crate::event::Event;
use crate::input::{Input, Outcome, Pay, Reference, RefundAsked, ScanTarget};
use crate::lifecycle::{self, Step};
use crate::open;
use crate::payment::{CodeNumber, Payment, PaymentId, Stage};
use crate::quote::Rates;
use crate::refund::{self, RefundStage};
use crate::refusal::Refusal;
use crate::refused::{Asked, Refused};
use crate::scan;

/// What deciding may look at besides the payments.
pub struct Context<'a> {
    /// The instant of this turn.
    pub now: Time,
    /// Who takes part, on what terms.
    pub directory: &'a Directory,
    /// What the FX providers offer.
    pub rates: &'a Rates,
    /// What members can spend.
    pub book: &'a dyn Ledger,
}

/// When a fact became one, and where in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The instant of the turn.
    pub at: Time,
    /// The number of the record: decides the settlement window.
    pub commit: u64,
}

type RequestKey = (MemberId, Arc<str>);

/// Every payment the network answers for.
#[derive(Debug, Default)]
pub struct Switch {
    payments: FxHashMap<PaymentId, Box<Payment>>,
    /// How many payments are in each stage, in the order of [`Stage::ALL`].
    by_stage: [u64; Stage::ALL.len()],
    opened: u64,
    requests: FxHashMap<RequestKey, PaymentId>,
    refunds: FxHashMap<RequestKey, (PaymentId, u16)>,
    codes: Codes,
    unseen: FxHashMap<RequestKey, Time>,
    unseen_order: VecDeque<(Time, RequestKey)>,
    pub(crate) refused: Refused,
    /// When payments are to be looked at, each at most once.
    due: BTreeSet<(Time, PaymentId)>,
}

impl Switch {
    /// Makes room for so many payments in all, so that growing does not interrupt later.
    pub fn reserve(&mut self, payments: usize) {
        self.payments.reserve(payments.saturating_sub(self.payments.len()));
        self.requests.reserve(payments.saturating_sub(self.requests.len()));
    }

    /// What becomes true when this input comes, or why nothing does. Changes nothing.
    pub fn decide(&self, ctx: &Context<'_>, input: &Input) -> Result<Vec<Event>, Refusal> {
        match input {
            Input::IssueCodes(asked) => self.codes.issue(ctx, asked),
            Input::Pay(pay) => self.decide_pay(ctx, pay),
            Input::Scan(asked) => match &asked.target {
                ScanTarget::Order { payment, token } => {
                    let payment = self.payments.get(payment).filter(|known| scan::has_seen(known, *token));
                    lifecycle::next(payment.ok_or(Refusal::InvalidCode)?, &Step::Scanned(asked), ctx)
                }
                ScanTarget::Standing { .. } => scan::begin(self, ctx, asked),
            },
            Input::Confirm(confirm) => self.step(confirm.payment, &Step::Confirmed(confirm), ctx),
            Input::Cancel { acquirer, reference } => self.decide_cancel(ctx, *acquirer, reference),
            Input::Refund(asked) => self.decide_refund(ctx, asked),
            Input::WalletSaid { wallet, payment, outcome } => {
                let known = self.payments.get(payment).ok_or(Refusal::UnknownPayment)?;
                if known.terms.as_ref().is_none_or(|terms| terms.wallet != *wallet) {
                    return Err(Refusal::UnknownPayment);
                }
                lifecycle::next(known, &Step::Said(*outcome), ctx)
            }
            Input::CancelTaken { payment } => self.step(*payment, &Step::CancelTaken, ctx),
            Input::RefundSaid { payment, refund, outcome } => {
                self.decide_refund_said(*payment, *refund, *outcome)
            }
            Input::Judged { payment, judged } => self.step(*payment, &Step::Judged(judged), ctx),
            Input::Funded { payment, shortage } => self.step(*payment, &Step::Funded(*shortage), ctx),
            Input::NoticeTaken { payment } => {
                let known = self.payments.get(payment).ok_or(Refusal::UnknownPayment)?;
                Ok(if known.notice_owed { vec![Event::NoticeTaken { payment: *payment }] } else { vec![] })
            }
            Input::Due { payment } => {
                let known = self.payments.get(payment).ok_or(Refusal::UnknownPayment)?;
                let mut events = lifecycle::next(known, &Step::Due, ctx)?;
                events.extend(stuck_refunds(known, ctx.now));
                Ok(events)
            }
        }
    }

    fn step(&self, payment: PaymentId, step: &Step<'_>, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        lifecycle::next(self.payments.get(&payment).ok_or(Refusal::UnknownPayment)?, step, ctx)
    }

    fn decide_pay(&self, ctx: &Context<'_>, pay: &Pay) -> Result<Vec<Event>, Refusal> {
        let key = (pay.acquirer, pay.request_id.clone());
        if let Some(known) = self.requests.get(&key) {
            let same = open::is_repeat(&self.payments[known], pay, ctx);
            return if same { Ok(vec![]) } else { Err(Refusal::RepeatInconsistent) };
        }
        if self.is_cancelled_unseen(&key, ctx.now) {
            return Err(Refusal::Closed);
        }
        if let Some(why) = self.refused.find(Asked::Payment, pay.acquirer, &pay.request_id, ctx.now) {
            return Err(why);
        }
        open::pay(self, ctx, pay)
    }

    fn decide_cancel(
        &self,
        ctx: &Context<'_>,
        acquirer: MemberId,
        reference: &Reference,
    ) -> Result<Vec<Event>, Refusal> {
        match (self.find(acquirer, reference), reference) {
            (Some(payment), _) => lifecycle::next(payment, &Step::CancelAsked, ctx),
            // The cancel overtook its payment: should that still come, it must not be made.
            (None, Reference::Request(request_id)) => {
                if self.is_cancelled_unseen(&(acquirer, request_id.clone()), ctx.now) {
                    return Err(Refusal::UnknownPayment);
                }
                Ok(vec![Event::CancelledUnseen { acquirer, request_id: request_id.clone() }])
            }
            (None, Reference::Payment(_)) => Err(Refusal::UnknownPayment),
        }
    }

    /// Whether a cancel came before the payment of this key and is still remembered at `now`.
    fn is_cancelled_unseen(&self, key: &RequestKey, now: Time) -> bool {
        self.unseen.get(key).is_some_and(|since| now <= since.plus_ms(UNSEEN_CANCEL_MS))
    }

    fn decide_refund(&self, ctx: &Context<'_>, asked: &RefundAsked) -> Result<Vec<Event>, Refusal> {
        let payment = self.find(asked.acquirer, &asked.reference).ok_or(Refusal::UnknownPayment)?;
        if let Some((known, number)) = self.refunds.get(&(asked.acquirer, asked.request_id.clone())) {
            let same = *known == payment.id() && payment.refunds[usize::from(*number)].amount == asked.amount;
            return if same { Ok(vec![]) } else { Err(Refusal::RepeatInconsistent) };
        }
        if asked.amount.is_zero() {
            return Err(Refusal::AmountZero);
        }
        if let Some(why) = self.refused.find(Asked::Refund, asked.acquirer, &asked.request_id, ctx.now) {
            return Err(why);
        }
        refund::open(payment, asked, ctx.now, ctx.book)
    }

    fn decide_refund_said(
        &self,
        id: PaymentId,
        number: u16,
        outcome: Outcome,
    ) -> Result<Vec<Event>, Refusal> {
        let payment = self.payments.get(&id).ok_or(Refusal::UnknownPayment)?;
        let refund = payment.refunds.get(usize::from(number)).ok_or(Refusal::UnknownPayment)?;
        Ok(match (refund.stage, outcome) {
            (RefundStage::Sent | RefundStage::Stuck, Outcome::Done) => {
                vec![Event::RefundSucceeded { payment: id, refund: number }]
            }
            (RefundStage::Sent | RefundStage::Stuck, Outcome::Declined(decline)) => {
                vec![Event::RefundFailed { payment: id, refund: number, decline }]
            }
            (RefundStage::Sent | RefundStage::Stuck, Outcome::Unclear) => vec![],
            (RefundStage::Succeeded | RefundStage::Failed, _) => vec![],
        })
    }

    /// Makes a fact true. What follows from it, [`Switch::take_effects`] tells.
    pub fn apply(&mut self, moment: Moment, event: &Event) {
        let at = moment.at;
        match event {
            Event::CodesIssued { wallet, customer, device, codes, until } => {
                let (customer, device) = (customer.clone(), device.clone());
                let code = IssuedCode { wallet: *wallet, customer, device, until: *until, used: false };
                self.codes.add(at, &code, codes);
            }
            Event::Opened(opened) => {
                self.opened = opened.payment.0;
                opened.code.into_iter().for_each(|code| self.codes.use_up(code));
                if let Some(request_id) = &opened.request_id {
                    self.requests.insert((opened.acquirer, request_id.clone()), opened.payment);
                }
                let payment = Box::new(Payment::new(opened.clone(), at));
                self.by_stage[payment.stage as usize] += 1;
                self.payments.insert(opened.payment, payment);
            }
            Event::CancelledUnseen { acquirer, request_id } => {
                self.remember_unseen(at, (*acquirer, request_id.clone()));
            }
            Event::Refused { asked, acquirer, request_id, why } => {
                self.refused.remember(at, (*asked, *acquirer, request_id.clone()), *why);
            }
            Event::RefundOpened(opened) => {
                let payment = self.known(opened.payment);
                payment.add_refund(at, opened);
                let number = u16::try_from(payment.refunds.len() - 1).expect("REFUNDS_MAX is small");
                let key = (payment.opened.acquirer, opened.request_id.clone());
                self.refunds.insert(key, (opened.payment, number));
            }
            _ => {
                let id = event.payment().expect("every other event is about a payment");
                let payment = self.known(id);
                let before = payment.stage;
                payment.apply(moment, event);
                let after = payment.stage;
                self.by_stage[before as usize] -= 1;
                self.by_stage[after as usize] += 1;
            }
        }
    }

    fn known(&mut self, id: PaymentId) -> &mut Payment {
        self.payments.get_mut(&id).expect("a fact is about a payment that was opened")
    }

    fn remember_unseen(&mut self, at: Time, key: RequestKey) {
        while let Some((since, old)) = self.unseen_order.front()
            && since.plus_ms(UNSEEN_CANCEL_MS) < at
        {
            self.unseen.remove(old);
            self.unseen_order.pop_front();
        }
        self.unseen.insert(key.clone(), at);
        self.unseen_order.push_back((at, key));
    }

    /// What a payment asks of the outside at `now`, each thing once until its next time comes. To be called whenever
    /// facts about it were applied; from here on it is watched until its next limit.
    pub fn take_effects(&mut self, id: PaymentId, now: Time, effects: &mut Vec<Effect>) {
        if let Some(payment) = self.payments.get_mut(&id) {
            payment.take_effects(now, effects);
            watch(&mut self.due, payment);
        }
    }

    /// After a restart: every open payment is to ask again for what it awaits, and its limits are watched.
    pub fn ask_again(&mut self) {
        for payment in self.payments.values_mut() {
            payment.ask_again();
            watch(&mut self.due, payment);
        }
    }

    /// A payment that must be looked at now, if there is one. Each call names another; it is watched again once its
    /// effects are taken.
    pub fn pop_due(&mut self, now: Time) -> Option<PaymentId> {
        let (_, id) = self.due.first().copied().filter(|(at, _)| *at <= now)?;
        self.due.pop_first();
        self.known(id).watched = None;
        Some(id)
    }

    /// When the next payment must be looked at.
    pub fn next_due(&self) -> Option<Time> {
        self.due.first().map(|(at, _)| *at)
    }

    /// The number the next payment will have.
    pub(crate) fn next_payment(&self) -> PaymentId {
        PaymentId(self.opened + 1)
    }

    /// A code, if it was issued and is not forgotten.
    pub(crate) fn code(&self, number: CodeNumber) -> Option<&IssuedCode> {
        self.codes.find(number)
    }
}

/// Keeps the one entry a payment has among those to be looked at in step with it.
fn watch(due: &mut BTreeSet<(Time, PaymentId)>, payment: &mut Payment) {
    let next = payment.next_due();
    if next != payment.watched {
        if let Some(at) = payment.watched {
            due.remove(&(at, payment.id()));
        }
        due.extend(next.map(|at| (at, payment.id())));
        payment.watched = next;
    }
}

fn stuck_refunds(payment: &Payment, now: Time) -> Vec<Event> {
    let mut events = Vec::new();
    for (number, refund) in payment.refunds.iter().enumerate() {
        let limit = refund.opened_at.plus_ms(clock::REFUND_LIMIT_MS);
        if refund.stage == RefundStage::Sent && limit <= now {
            let refund = u16::try_from(number).expect("REFUNDS_MAX is small");
            events.push(Event::RefundStuck { payment: payment.id(), refund });
        }
    }
    events
}
