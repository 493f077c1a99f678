//! What operators ask of risk control, and the facts about risk control itself. Decides nothing.

use std::sync::Arc;

use risk::cases::{CaseRecord, Ruling};
use risk::screening::{Listed, Party, ScreeningRecord, Searched};
use risk::{Change, Key, Record, Screening};
use switch::PaymentId;

/// What an operator asks of risk control. Who asks has been proven at the door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RiskAsked {
    /// A change that another person is to confirm.
    Propose {
        /// Who.
        by: Arc<str>,
        /// What.
        change: Change,
    },
    /// Confirms somebody else's change: it holds from the next payment on.
    Confirm {
        /// Who.
        by: Arc<str>,
        /// Which proposal.
        proposal: u64,
    },
    /// Takes a change back before it is confirmed.
    Withdraw {
        /// Who.
        by: Arc<str>,
        /// Which proposal.
        proposal: u64,
    },
    /// Stops a party or corridor: from the next payment on, by one person.
    Stop {
        /// Who.
        by: Arc<str>,
        /// What is stopped.
        subject: Key,
        /// Why.
        reason: Arc<str>,
    },
    /// Says what screening found of a party.
    Screen {
        /// Who.
        by: Arc<str>,
        /// The party.
        subject: Key,
        /// What was found.
        status: Screening,
        /// Why.
        reason: Arc<str>,
    },
    /// Says that the lists were compared with their publishers' just now.
    ListsAreCurrent,
    /// Publishes a sanctions list: what is different in it, compared with the version it names.
    PublishList {
        /// One part, or several of a long list.
        parts: Vec<Listed>,
    },
    /// Says what a party is called, so that it is compared with the lists.
    Name {
        /// The party.
        subject: Key,
        /// Its name.
        party: Party,
    },
    /// What the desk found of those it was asked to search.
    Searched(Searched),
    /// Says that a payment was fraud, or was not.
    Label {
        /// Who.
        by: Arc<str>,
        /// Which payment.
        payment: PaymentId,
        /// Fraud or genuine.
        fraud: bool,
        /// Why.
        reason: Arc<str>,
    },
    /// Takes a case, for half an hour.
    Claim {
        /// Who.
        by: Arc<str>,
        /// Which case.
        case: u64,
    },
    /// Rules on a case.
    Rule {
        /// Who.
        by: Arc<str>,
        /// Which case.
        case: u64,
        /// What.
        ruling: Ruling,
        /// Why.
        reason: Arc<str>,
    },
}

/// One fact about risk control itself; how a payment was judged is a fact of the payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RiskFact {
    /// How payments are judged was changed, or is to be, or a party was stopped or screened.
    Record(Record),
    /// Somebody said what a payment was.
    Labelled {
        /// Which payment.
        payment: PaymentId,
        /// Who says so.
        by: String,
        /// Fraud or genuine.
        fraud: bool,
        /// Why.
        reason: String,
    },
    /// Somebody took a case, or ruled on it.
    Case(CaseRecord),
    /// A list was published, a party named, or parties were searched against the lists.
    Screening(ScreeningRecord),
}

impl RiskFact {
    /// The number of the proposal it makes, if it makes one.
    pub(crate) fn proposal(&self) -> Option<u64> {
        match self {
            RiskFact::Record(Record::Proposed { id, .. }) => Some(*id),
            _ => None,
        }
    }
}
