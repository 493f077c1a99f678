//! Where the deterministic engine meets the world: the loop that turns it, the one door in, the one clock, and the
//! way out for effects. Knows no rule of payments and no HTTP.

mod clock;
mod gate;
mod recover;
mod run;
#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use gate::{Busy, Gate, INBOX_MAX, Observer};
pub use recover::{Fault, Found, recover};
pub use run::{BATCH_MAX, Loop, Outbox, start};
