//! Switch, directory, book, funds, deliveries and risk control as one deterministic whole: turn, record, recover. Does not
//! know the outside.
//!
//! The same engine runs in production, in the simulation and in replay. It reads no clock, draws no random number,
//! opens no file: [`Engine::turn`] is given the time and the inputs, hands every fact to the log as bytes, and
//! collects replies and effects that the caller lets out once the log is safe.

mod check;
mod control;
pub mod delivery;
mod engine;
mod funding;
mod position;
mod record;
pub mod subject;
#[cfg(test)]
mod tests;
mod worth;

pub use check::Broken;
pub use control::{Control, RiskAsked, RiskFact, Tally, device};
pub use engine::{Engine, Input, Log, Reply, Token, Turn};
pub use funding::{Funding, FundingKind, FundingRefusal};
pub use position::Position;
pub use record::{Fact, Reader, Unreadable, Writer, read as read_record, write as write_record};
