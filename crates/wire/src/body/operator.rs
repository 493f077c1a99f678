//! What the operator's tools send and read: members and their keys, merchants, agreements, funds. Every change is a
//! fact of the network like a payment, and is answered with the same `result`.

pub mod cases;
pub mod deliveries;
pub mod funds;
pub mod member;
pub mod merchant;
pub mod risk;
pub mod screening;
pub mod terms;

use super::Body;
use super::amount::Count;
use super::outcome::Outcome;
use super::scalar::Text;

object! {
    /// The answer to a change that has nothing more to say.
    pub struct ChangeAnswer {
        must {
            /// Whether it was made.
            result "result": Outcome,
        }
        may {
            /// The number of a change to risk control that waits for a second person.
            proposal_number "proposalNumber": Count<1, { u64::MAX }>,
        }
    }
}

impl Body for ChangeAnswer {}

object! {
    /// Whose bearer token was used.
    pub struct PersonAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The name beside the token; `operator` for a token that stands alone.
            name "name": Text<64>,
        }
    }
}

impl Body for PersonAnswer {}
