//! One turn at a time: inputs in, facts out to the log, replies and effects collected for the time after the sync.

use std::sync::Arc;

use directory::{Change, Directory, Member, MemberId, Time};
use ledger::{Account, AccountStatus, Book, Ledger, Transfer, TransferStatus};
use money::Currency;
use switch::funds::{self, Purpose};
use switch::{
    Context, Effect, Event, Moment, Offer, Payment, PaymentId, Rates, Reference, Refusal, Switch, postings,
};

use crate::control::{Control, RiskAsked, RiskFact};
use crate::delivery::{self, Deliveries, Delivery, OfferAnswer};
use crate::funding::{self, Funding, FundingBook, FundingRefusal};
use crate::record::{self, Fact, Unreadable};

/// What can reach the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// Something for a payment.
    Switch(switch::Input),
    /// An FX provider's offers. They are not facts: providers push anew after a restart.
    Rates {
        /// Whose.
        provider: MemberId,
        /// The offers, each replacing its last one for the pair.
        offers: Vec<Offer>,
    },
    /// The operator changes the directory.
    Change(Change),
    /// The operator moves members' funds.
    Fund(Funding),
    /// An operator asks something of risk control.
    Risk(RiskAsked),
    /// Something about money that moves with the receivables chain.
    Delivery(delivery::Asked),
}

/// What the one who sent an input is told, once its facts are safe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// The payment as it now is.
    Payment(Box<Payment>),
    /// A refund as it now is: the payment and which of its refunds.
    Refund(Box<Payment>, u16),
    /// Payment codes, of this wallet's prefix.
    Codes(Arc<Member>, Event),
    /// Done; there is nothing to tell.
    Done,
    /// The directory has the change; the numbers a new member or merchant got are in it.
    Changed,
    /// Refused; nothing was recorded.
    Refused(Refusal),
    /// The directory refused a change.
    ChangeRefused(directory::Refusal),
    /// Funds were not moved.
    FundingRefused(FundingRefusal),
    /// Risk control has it; the number a new proposal got is in it.
    Risk(Option<u64>),
    /// Risk control refused a change, a label or a ruling.
    RiskRefused(risk::Error),
    /// A delivery as it now is.
    Delivery(Box<Delivery>),
    /// What a merchant could be advanced, or why nothing.
    Offer(Box<OfferAnswer>),
    /// Something about deliveries was refused; nothing was recorded.
    DeliveryRefused(delivery::Refusal),
}

/// What the caller uses to find whom a reply is for.
pub type Token = u64;

/// What a turn brought, to be let out when its facts are safe.
#[derive(Debug, Default)]
pub struct Turn {
    /// One for each input, in order.
    pub replies: Vec<(Token, Reply)>,
    /// To be carried out.
    pub effects: Vec<Effect>,
    /// Payments whose result, or whose refund's result, may be new: those who wait for one look again.
    pub moved: Vec<PaymentId>,
    /// Facts recorded.
    pub facts: u64,
    /// Somebody joined, left or changed.
    pub directory_changed: bool,
    /// Parties wait to be compared with the lists: [`risk::screening::Register::task`] says which.
    pub to_screen: bool,
}

impl Turn {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.replies.clear();
        self.effects.clear();
        self.moved.clear();
        self.facts = 0;
        self.directory_changed = false;
        self.to_screen = false;
    }
}

/// Where facts go as they come to be. They are safe only when the log has been synced.
pub type Log<'a> = &'a mut dyn FnMut(&[u8]);

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

    pub(crate) fn fact(&mut self, fact: Fact, log: Log<'_>, turn: &mut Turn) {
        self.record.clear();
        record::write(&fact, self.now, &mut self.record);
        log(&self.record);
        turn.facts += 1;
        self.apply(&fact, self.now).expect("risk control takes what it has just decided");
    }

    /// Makes a fact true: in the book first, while the payment is as it was before.
    fn apply(&mut self, fact: &Fact, at: Time) -> Result<(), risk::Error> {
        self.commit += 1;
        match fact {
            Fact::Payment(event) => {
                if let Some(payment) = event.payment().and_then(|id| self.switch.payment(id)) {
                    postings::of_event(payment, event, &self.book, &mut self.transfers);
                    self.control.take(payment, event, at);
                    self.deliveries.sold(payment, event, at);
                    self.post(at);
                    if let Event::Quoted { terms, .. } = event {
                        self.rates.take(&terms.quote, terms.payer_amount);
                    }
                }
                self.switch.apply(Moment { at, commit: self.commit }, event);
            }
            Fact::Directory(change) => {
                self.directory.apply(change);
                self.control.registered(change, &self.directory);
                if let Change::AgreementAdded { member, agreement } = change {
                    let currencies: Vec<Currency> =
                        agreement.limits.iter().map(|limit| limit.currency).collect();
                    self.open_accounts(*member, &currencies, at);
                }
            }
            Fact::Funding(act) => {
                self.transfers.push(funding::transfer(act));
                self.post(at);
                self.funding.apply(act);
            }
            Fact::Risk(fact) => self.control.apply(fact, &self.switch, at)?,
            Fact::Delivery(event) => {
                if let Some(delivery) = self.deliveries.of_event(event) {
                    delivery::of_event(delivery, event, &mut self.transfers);
                    self.post(at);
                }
                self.deliveries.apply(event, at);
            }
        }
        Ok(())
    }

    fn post(&mut self, at: Time) {
        if self.transfers.is_empty() {
            return;
        }
        self.book.create_transfers(at.as_ns(), &self.transfers, &mut self.statuses);
        for (status, transfer) in self.statuses.iter().zip(&self.transfers) {
            assert!(
                *status == TransferStatus::Created,
                "the book refused ({status:?}) a transfer that was decided: {transfer:?}"
            );
        }
        self.transfers.clear();
    }

    fn open_accounts(&mut self, member: MemberId, currencies: &[Currency], at: Time) {
        let mut accounts: Vec<Account> = Vec::with_capacity(currencies.len() * 5);
        for currency in currencies {
            accounts.push(funds::account(member, *currency, Purpose::Position));
            accounts.push(funds::account(member, *currency, Purpose::CreditLine));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Position));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Bank));
            accounts.push(funds::account(MemberId::NETWORK, *currency, Purpose::Clearing));
        }
        let mut statuses = Vec::with_capacity(accounts.len());
        self.book.create_accounts(at.as_ns(), &accounts, &mut statuses);
        for status in statuses {
            let fine = matches!(status, AccountStatus::Created | AccountStatus::Exists);
            assert!(fine, "the book refused an account of the chart: {status:?}");
        }
    }

    /// The payment an input is about when it brought no fact.
    fn meant(&self, input: &switch::Input) -> Option<PaymentId> {
        let find = |acquirer, reference| self.switch.find(acquirer, reference).map(|payment| payment.id());
        match input {
            switch::Input::Pay(pay) => find(pay.acquirer, &Reference::Request(pay.request_id.clone())),
            switch::Input::Cancel { acquirer, reference } => find(*acquirer, reference),
            switch::Input::Refund(asked) => find(asked.acquirer, &asked.reference),
            switch::Input::Confirm(confirm) => Some(confirm.payment),
            switch::Input::Scan(scan) => match &scan.target {
                switch::ScanTarget::Order { payment, .. } => Some(*payment),
                switch::ScanTarget::Standing { .. } => None,
            },
            switch::Input::IssueCodes(_) => None,
            switch::Input::WalletSaid { payment, .. }
            | switch::Input::CancelTaken { payment }
            | switch::Input::RefundSaid { payment, .. }
            | switch::Input::Judged { payment, .. }
            | switch::Input::Funded { payment, .. }
            | switch::Input::NoticeTaken { payment }
            | switch::Input::Due { payment } => Some(*payment),
        }
    }

    fn reply(&self, input: &switch::Input, touched: Option<PaymentId>) -> Reply {
        let payment = touched.and_then(|id| self.switch.payment(id));
        match (input, payment) {
            (switch::Input::Refund(asked), _) => self.refund_reply(asked.acquirer, &asked.request_id),
            (switch::Input::Cancel { .. }, None) => Reply::Refused(Refusal::UnknownPayment),
            (_, Some(payment)) => Reply::Payment(Box::new(payment.clone())),
            (_, None) => Reply::Done,
        }
    }

    fn refund_reply(&self, acquirer: MemberId, request_id: &Arc<str>) -> Reply {
        match self.switch.find_refund(acquirer, request_id) {
            Some((payment, number)) => Reply::Refund(Box::new(payment.clone()), number),
            None => Reply::Refused(Refusal::UnknownPayment),
        }
    }

    fn codes_reply(&self, event: Event) -> Reply {
        let Event::CodesIssued { wallet, .. } = &event else { return Reply::Done };
        match self.directory.member(*wallet) {
            Some(member) => Reply::Codes(member.clone(), event),
            None => Reply::Refused(Refusal::NotAllowed),
        }
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
