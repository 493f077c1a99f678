//! What goes into a turn and what comes out of it. Knows no rule.

use std::sync::Arc;

use directory::{Change, Member, MemberId};
use switch::{Effect, Event, Offer, Payment, PaymentId, Refusal};

use crate::control::RiskAsked;
use crate::delivery::{self, Delivery, OfferAnswer};
use crate::funding::{Funding, FundingRefusal};

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
