//! One turn at a time: inputs in, facts out to the log, replies and effects collected for the time after the sync.

mod answer;
mod apply;
mod exchange;

use std::sync::Arc;

use directory::{Directory, Time};
use ledger::{Book, Transfer, TransferStatus};
use switch::{Context, Effect, Event, Payment, PaymentId, Rates, Refusal, Switch, postings};

use crate::control::{Control, RiskFact};
use crate::delivery::Deliveries;
use crate::funding::FundingBook;
use crate::record::{self, Fact, Unreadable};
pub use exchange::{Input, Log, Reply, Token, Turn};

/// The whole network's state.
#[derive(Default)]
pub struct Engine {
    pub(crate) directory: Directory,
    pub(crate) switch: Switch,
    pub(crate) book: Book,
    pub(crate) funding: FundingBook,
    pub(crate) control: Control,
    pub(crate) deliveries: Deliveries,
    rates: Rates,
    /// Records applied so far: the commit number of the last.
    pub(crate) commit: u64,
    /// The latest instant seen; time never runs backwards here, whatever the clock does.
    pub(crate) now: Time,
    transfers: Vec<Transfer>,
    statuses: Vec<TransferStatus>,
    record: Vec<u8>,
    effects: Vec<Effect>,
}

impl Engine {
    /// A network without members.
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Makes room for so many payments in all, so that growing does not interrupt later.
    pub fn reserve(&mut self, payments: u32) {
        self.switch.reserve(payments as usize);
        self.book.reserve(0, payments.saturating_mul(switch::postings::TRANSFERS_A_PAYMENT));
    }

    /// Reads one record of the log back. To be followed by [`Engine::resume`] when all are read.
    pub fn replay(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        let (fact, at) = record::read(bytes)?;
        self.now = self.now.max(at);
        let whole = Unreadable { what: "change of risk control that still holds", found: 0, at: bytes.len() };
        self.apply(&fact, at).map_err(|_| whole)
    }

    /// After replay: everything that awaits something asks again in the next turn.
    pub fn resume(&mut self) {
        self.switch.ask_again();
        self.deliveries.look_again();
    }

    /// Takes all inputs in order and every limit that has passed. Nothing in `turn` may leave before the log is safe.
    pub fn turn(
        &mut self,
        now: Time,
        inputs: impl Iterator<Item = (Token, Input)>,
        log: Log<'_>,
        turn: &mut Turn,
    ) {
        self.now = self.now.max(now);
        for (token, input) in inputs {
            let reply = self.take(input, log, turn);
            turn.replies.push((token, reply));
        }
        while let Some(payment) = self.switch.pop_due(self.now) {
            let due = switch::Input::Due { payment };
            // A limit that no longer applies is refused; that is all right.
            let _ = self.decide(&due, log, turn);
            self.settle(payment, log, turn);
        }
        self.look_at_deliveries(log, turn);
        self.bring_up_to_date(turn);
        turn.to_screen = self.control.judge().register().waits();
        assert!(self.book.is_balanced(), "the book no longer sums to zero; nothing of this turn may leave");
    }

    /// What a later input or limit of the same turn has overtaken must not leave: no wallet is asked for money that is
    /// no longer held, and nobody is told what is no longer so.
    fn bring_up_to_date(&self, turn: &mut Turn) {
        turn.effects.retain(|effect| match effect {
            Effect::Judge(_) | Effect::Reserve(_) => false,
            Effect::AskToPay(told) | Effect::AskWhatBecame(told) | Effect::AskToCancel(told) => {
                self.switch.payment(told.id()).is_some_and(|now| {
                    now.stage == told.stage && now.cancel_acknowledged == told.cancel_acknowledged
                })
            }
            Effect::TellResult(told) => self
                .switch
                .payment(told.id())
                .is_some_and(|now| now.stage == told.stage && now.notice_owed == told.notice_owed),
            Effect::AskToRefund(told, number) => {
                let refund = |payment: &Payment| payment.refunds.get(usize::from(*number)).map(|r| r.stage);
                self.switch.payment(told.id()).is_some_and(|now| refund(now) == refund(told))
            }
        });
        for (_, reply) in &mut turn.replies {
            if let Reply::Payment(told) | Reply::Refund(told, _) = reply
                && let Some(now) = self.switch.payment(told.id())
                && (now.stage != told.stage || now.terms != told.terms || now.refunds != told.refunds)
            {
                (**told).clone_from(now);
            }
            if let Reply::Delivery(told) = reply
                && let Some(now) = self.deliveries.delivery(told.begun.number)
            {
                (**told).clone_from(now);
            }
        }
    }

    fn take(&mut self, input: Input, log: Log<'_>, turn: &mut Turn) -> Reply {
        match input {
            Input::Switch(input) => self.take_payment(&input, log, turn),
            Input::Rates { provider, offers } => {
                offers.into_iter().for_each(|offer| self.rates.push(provider, offer));
                Reply::Done
            }
            Input::Change(change) => match self.directory.check(self.now, &change) {
                Ok(()) => {
                    self.fact(Fact::Directory(change), log, turn);
                    turn.directory_changed = true;
                    Reply::Changed
                }
                Err(refusal) => Reply::ChangeRefused(refusal),
            },
            Input::Fund(asked) => match self.funding.decide(&asked, &self.directory, &self.book, self.now) {
                Ok(act) => {
                    act.into_iter().for_each(|act| self.fact(Fact::Funding(act), log, turn));
                    Reply::Done
                }
                Err(refusal) => Reply::FundingRefused(refusal),
            },
            Input::Risk(asked) => match self.control.decide(&asked, &self.switch, self.now) {
                Ok(facts) => {
                    let number = facts.iter().find_map(RiskFact::proposal);
                    facts.into_iter().for_each(|fact| self.fact(Fact::Risk(fact), log, turn));
                    Reply::Risk(number)
                }
                Err(refusal) => Reply::RiskRefused(refusal),
            },
            Input::Delivery(asked) => self.take_delivery(&asked, log, turn),
        }
    }

    fn take_payment(&mut self, input: &switch::Input, log: Log<'_>, turn: &mut Turn) -> Reply {
        let touched = match self.decide(input, log, turn) {
            Ok(Decided::Codes(event)) => return self.codes_reply(event),
            Ok(Decided::About(payment)) => payment,
            Ok(Decided::Nothing) => None,
            Err(refusal) => return self.refuse(input, refusal, log, turn),
        };
        let touched = touched.or_else(|| self.meant(input));
        if let Some(payment) = touched {
            self.settle(payment, log, turn);
        }
        self.reply(input, touched)
    }

    /// Refuses an input, and records it if a copy of it could be accepted later.
    fn refuse(&mut self, input: &switch::Input, why: Refusal, log: Log<'_>, turn: &mut Turn) -> Reply {
        let ctx = Context { now: self.now, directory: &self.directory, rates: &self.rates, book: &self.book };
        if let Some(refused) = self.switch.refusal_to_remember(&ctx, input, why) {
            self.fact(Fact::Payment(refused), log, turn);
        }
        Reply::Refused(why)
    }

    /// Decides one input, records what becomes true and makes it true.
    fn decide(&mut self, input: &switch::Input, log: Log<'_>, turn: &mut Turn) -> Result<Decided, Refusal> {
        let ctx = Context { now: self.now, directory: &self.directory, rates: &self.rates, book: &self.book };
        let events = self.switch.decide(&ctx, input)?;
        let mut decided = Decided::Nothing;
        for event in events {
            decided = match (event.payment(), &event) {
                (None, Event::CodesIssued { .. }) => Decided::Codes(event.clone()),
                (payment, _) => Decided::About(payment),
            };
            self.fact(Fact::Payment(event), log, turn);
        }
        Ok(decided)
    }

    /// Lets a payment ask for what it now awaits; risk control and the book answer at once, others in a later turn.
    fn settle(&mut self, id: PaymentId, log: Log<'_>, turn: &mut Turn) {
        let mut effects = std::mem::take(&mut self.effects);
        loop {
            self.switch.take_effects(id, self.now, &mut effects);
            let mut answer = None;
            for effect in effects.drain(..) {
                match effect {
                    Effect::Judge(payment) => answer = self.judged(payment),
                    Effect::Reserve(payment) => answer = Some(self.funded(payment)),
                    effect => turn.effects.push(effect),
                }
            }
            let Some(answer) = answer else { break };
            self.decide(&answer, log, turn).expect("a payment takes the answer that it awaits");
        }
        self.effects = effects;
        turn.moved.push(id);
    }

    /// Risk control's answer, before any money is asked for.
    fn judged(&mut self, payment: PaymentId) -> Option<switch::Input> {
        let known = self.switch.payment(payment)?;
        let judged = Arc::new(self.control.judgement(known, &self.directory, self.now));
        Some(switch::Input::Judged { payment, judged })
    }

    /// The book's answer to a reservation.
    fn funded(&self, payment: PaymentId) -> switch::Input {
        let known = self.switch.payment(payment);
        let shortage = known.and_then(|payment| postings::shortage(payment, &self.book));
        switch::Input::Funded { payment, shortage }
    }

    /// When the next turn is due even without an input.
    pub fn next_due(&self) -> Option<Time> {
        self.switch.next_due().into_iter().chain(self.deliveries.next_due()).min()
    }

    /// Who takes part.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Every payment.
    pub fn switch(&self) -> &Switch {
        &self.switch
    }

    /// The book.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Money that moves with the receivables chain.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// Risk control.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The FX providers' offers.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// Facts applied so far.
    pub fn commit(&self) -> u64 {
        self.commit
    }

    /// The latest instant seen.
    pub fn now(&self) -> Time {
        self.now
    }
}

/// What deciding an input came to.
enum Decided {
    Nothing,
    About(Option<PaymentId>),
    Codes(Event),
}
