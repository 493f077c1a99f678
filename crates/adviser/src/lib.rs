//! The advisory service as one deterministic state: a call comes in, records come out, and applying a record is the
//! only way the state changes. Knows neither HTTP, storage, clock nor threads; what takes long is handed out as work.
//!
//! Each subject (a member's user, a member, the house) has a hash chain of its own, so that a client's export is one
//! trail that `sojourn advise replay` verifies without us. A record's body holds what was asked and what was answered.

mod adviser;
mod call;
mod fields;
mod house;
mod investor;
#[allow(clippy::float_arithmetic)] // returns of products, not money
mod market;
mod plan;
mod record;
mod tax;
#[cfg(test)]
#[allow(clippy::float_arithmetic)]
mod tests;
mod verb;
mod work;

pub use adviser::{Adviser, Step, Unreadable};
pub use call::{Access, Call, Moment, Verb, Who};
pub use record::{Draft, outcome};
pub use work::{Done, Work};
