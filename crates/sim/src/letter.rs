//! What travels: requests and answers, what the network asks of members, and what people carry or remember. Knows
//! neither how it travels nor what it leads to.

use std::fmt;
use std::sync::Arc;

use directory::{MemberId, Time};
use engine::delivery::{Awaits, Delivery, Lien};
use engine::{Input, Reply};
use money::Amount;
use switch::{CodeNumber, Effect, Event, Payment, PaymentId, Reference};

/// Where a letter goes to or comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Place {
    Network,
    Wallet(usize),
    Acquirer(usize),
    Provider(usize),
    Operator,
    Street,
    /// The receivables chain, and the link that reads it for the network.
    Chain,
}

/// One thing on its way.
#[derive(Clone, Debug)]
pub(crate) enum Letter {
    /// A member or the operator to the network. Call 0 expects no answer: it is itself one.
    Request { from: Place, call: u64, sent: Time, ask: Ask },
    /// The network's answer to the request of this call.
    Answer { call: u64, told: Told },
    /// The network asks or tells a member.
    Effect(Effect),
    /// Not a message: what somebody meant to do at this time, or shows somebody else across the counter.
    Wake(Wake),
}

/// What a request asks.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// Something for the engine.
    Engine(Input),
    /// What became of a payment.
    Payment { acquirer: MemberId, reference: Reference },
    /// What became of a refund.
    Refund { acquirer: MemberId, request_id: Arc<str> },
    /// What the chain is to be told.
    Deliveries,
}

/// What an answer says.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Reply(Reply),
    Payment(Option<Box<Payment>>),
    Refund(Option<(Box<Payment>, u16)>),
    Deliveries(Vec<Open>),
}

/// A delivery that is not over, what it awaits, and the lien it waits for.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) delivery: Delivery,
    pub(crate) awaits: Option<Awaits>,
    pub(crate) lien: Option<Lien>,
}

/// What somebody does without a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wake {
    /// Street: somebody goes shopping.
    Shop,
    /// Wallet: a payer wants codes, to show them to this acquirer's merchants.
    WantCode { customer: usize, till: usize },
    /// Acquirer: a payer shows a code.
    CodeShown { prefix: u32, code: CodeNumber },
    /// Acquirer: a merchant asks for an amount with a code of its own.
    Sell { standing_link: bool },
    /// Wallet: a payer scans an order.
    OrderSeen { customer: usize, payment: PaymentId, token: u64 },
    /// Wallet: a payer scans a merchant's standing code.
    StandingSeen { customer: usize, till: usize, amount: Amount },
    /// Wallet: scan, or scan again if nothing came back.
    Scan { session: usize, attempt: u32 },
    /// Wallet: confirm, or confirm again if nothing came back.
    Confirm { session: usize, attempt: u32 },
    /// Wallet: a payment that was answered with U is decided.
    Decide { payment: PaymentId },
    /// Wallet: tell the network what became of a payment, or tell it again.
    Tell { payment: PaymentId, attempt: u32 },
    /// Wallet: a refund that was never answered is given after all.
    GiveRefund { payment: PaymentId, refund: u16 },
    /// Acquirer: the pay request again, if nothing came back.
    PayAgain { sale: usize },
    /// Acquirer: the pay request again, with other content.
    PayChanged { sale: usize },
    /// Acquirer: ask what became of a sale.
    Poll { sale: usize },
    /// Acquirer: cancel a sale, or cancel it again if nothing came back.
    Cancel { sale: usize, attempt: u32 },
    /// Acquirer: ask for a refund, or ask again if nothing came back.
    Refund { sale: usize, wish: usize },
    /// Acquirer: ask what became of a refund.
    PollRefund { sale: usize, wish: usize },
    /// Acquirer: meddle with a payment of somebody else.
    Meddle { payment: PaymentId },
    /// Provider: push rates.
    Push,
    /// Operator: do something.
    Act,
    /// Operator: the screening desk looks whether somebody waits to be compared with the lists.
    Desk,
    /// Operator: do this again, if nothing came back.
    ActAgain { act: usize },
    /// Operator: a member takes out what it has.
    PayOut,
    /// Chain: the next block.
    Block,
    /// Chain: the link reads what is final and asks the network what it awaits.
    Link,
    /// Chain: somebody does something with a certificate or an advance.
    Trade,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Network => f.write_str("network"),
            Place::Wallet(index) => write!(f, "wallet {index}"),
            Place::Acquirer(index) => write!(f, "acquirer {index}"),
            Place::Provider(index) => write!(f, "provider {index}"),
            Place::Operator => f.write_str("operator"),
            Place::Street => f.write_str("street"),
            Place::Chain => f.write_str("chain"),
        }
    }
}

/// One line a letter, for traces.
impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Letter::Request { from, call, ask, .. } => write!(f, "from {from} #{call} {ask}"),
            Letter::Answer { call, told } => write!(f, "answer to #{call} {told}"),
            Letter::Effect(effect) => effect_line(effect, f),
            Letter::Wake(wake) => write!(f, "{wake:?}"),
        }
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ask::Engine(Input::Switch(input)) => write!(f, "{input:?}"),
            Ask::Engine(Input::Rates { provider, offers }) => {
                write!(f, "Rates of {} ({} pairs)", provider.0, offers.len())
            }
            Ask::Engine(input) => write!(f, "{input:?}"),
            Ask::Payment { reference, .. } => write!(f, "Inquire {reference:?}"),
            Ask::Refund { request_id, .. } => write!(f, "InquireRefund {request_id}"),
            Ask::Deliveries => f.write_str("Deliveries"),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Reply(Reply::Payment(payment)) | Told::Payment(Some(payment)) => payment_line(payment, f),
            Told::Reply(Reply::Refund(payment, number)) | Told::Refund(Some((payment, number))) => {
                payment_line(payment, f)?;
                let stage = payment.refunds.get(usize::from(*number)).map(|refund| refund.stage);
                write!(f, " refund {number} {stage:?}")
            }
            Told::Reply(Reply::Codes(_, Event::CodesIssued { codes, .. })) => write!(f, "codes {codes:?}"),
            Told::Reply(reply) => write!(f, "{reply:?}"),
            Told::Payment(None) => f.write_str("no such payment"),
            Told::Refund(None) => f.write_str("no such refund"),
            Told::Deliveries(open) => {
                write!(f, "open deliveries:")?;
                let begun = |one: &Open| (one.delivery.begun.number, one.delivery.stage, one.awaits);
                open.iter().try_for_each(|one| write!(f, " {:?}", begun(one)))
            }
        }
    }
}

fn effect_line(effect: &Effect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (name, payment) = match effect {
        Effect::Judge(payment) => return write!(f, "Judge {}", payment.0),
        Effect::Reserve(payment) => return write!(f, "Reserve {}", payment.0),
        Effect::AskToPay(payment) => ("AskToPay", payment),
        Effect::AskWhatBecame(payment) => ("AskWhatBecame", payment),
        Effect::AskToCancel(payment) => ("AskToCancel", payment),
        Effect::TellResult(payment) => ("TellResult", payment),
        Effect::AskToRefund(payment, number) => {
            write!(f, "AskToRefund {number} ")?;
            return payment_line(payment, f);
        }
    };
    write!(f, "{name} ")?;
    payment_line(payment, f)
}

fn payment_line(payment: &Payment, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "payment {} {:?}", payment.id().0, payment.stage)?;
    match (&payment.terms, payment.decline) {
        (_, Some(decline)) => write!(f, " ({decline:?})"),
        (Some(terms), None) => {
            write!(f, " {} at quote {} {}", terms.payer_amount, terms.quote.number, terms.quote.rate)
        }
        (None, None) => write!(f, " {}", payment.opened.amount),
    }
}
