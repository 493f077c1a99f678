//! Where the deterministic engine meets the world: the loop that turns it, the one door in, the one clock, and the
//! way out for effects. Knows no rule of payments: there is no match on a stage that decides anything.

mod advising;
mod clock;
mod gate;
mod recover;

mod dispatch;
mod keyring;
pub mod number;
mod run;
mod screening;
#[cfg(test)]
mod tests;
pub mod wording;

pub use advising::{AdviserFault, Advising, Desk, recover_adviser, start_advising};
pub use clock::Clock;
pub use dispatch::{Dispatch, path};
pub use gate::{Busy, Gate, INBOX_MAX, Observer};
pub use keyring::{KeyRing, algorithm_of, scheme_for};
pub use recover::{Fault, Found, recover};
pub use run::{BATCH_MAX, Loop, Outbox, Released, start};
pub use screening::{publish, screen};
