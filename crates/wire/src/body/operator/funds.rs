//! Members' funds at the network: what was paid in or out at a bank, and how everybody stands.

use crate::body::Body;
use crate::body::amount::{Amount, Balance, SignedMinor};
use crate::body::outcome::Outcome;
use crate::body::scalar::{Id, List, Text};
use crate::key::ClientId;

words! {
    /// Which way money went at the bank.
    pub enum FundingDirection {
        /// The member paid in.
        In = "IN",
        /// The member was paid out.
        Out = "OUT",
    }
}

object! {
    /// Records that a member paid in or was paid out at a settlement bank.
    pub struct Funding {
        must {
            /// The operator's id of the request: the same id never counts twice.
            funding_request_id "fundingRequestId": Id<64>,
            /// Which way.
            direction "direction": FundingDirection,
            /// How much.
            amount "amount": Amount,
        }
        may {
            /// The bank's reference.
            bank_reference "bankReference": Text<140>,
        }
    }
}

impl Body for Funding {}

words! {
    /// Which way a net debit cap moves.
    pub enum CreditDirection {
        /// The member may owe more.
        Raise = "RAISE",
        /// The member may owe less.
        Lower = "LOWER",
    }
}

object! {
    /// Raises or lowers a member's net debit cap: what it may owe the network without having paid in.
    pub struct CreditChange {
        must {
            /// The operator's id of the request: the same id never counts twice.
            credit_request_id "creditRequestId": Id<64>,
            /// Which way.
            change "change": CreditDirection,
            /// By how much.
            amount "amount": Amount,
        }
        may {}
    }
}

impl Body for CreditChange {}

object! {
    /// How one member stands in one currency.
    pub struct Position {
        must {
            /// The member's client id; `NETWORK` for the network itself.
            client_id "clientId": ClientId,
            /// What it has with the network.
            balance "balance": Balance,
            /// How much of it is held for payments under way, in minor units.
            reserved "reserved": SignedMinor,
            /// How much it can still use, in minor units.
            available "available": SignedMinor,
        }
        may {}
    }
}

object! {
    /// How everybody stands, and the sum of it, which is zero in every currency.
    pub struct PositionsAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// By member and currency.
            positions "positions": List<Position, 1_000_000>,
            /// By currency, over all members, the network and what it has at banks.
            sums "sums": List<Balance, 200>,
        }
    }
}

impl Body for PositionsAnswer {}
