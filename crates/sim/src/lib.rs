//! Everybody else: wallets, acquirers, FX providers as small machines, the world they live in, and the checks that
//! must always hold.
//!
//! [`run`] plays one seed: the real engine over a real journal, simulated members, and between them ways that lose,
//! double, delay and reorder; the network's process dies at any point of a turn and comes back. One thread, virtual
//! time, every choice from the seed, so a failure is repeated by its seed alone.

mod acquirer;
mod books;
mod cast;
mod chain;
mod coverage;
mod crime;
mod hands;
mod host;
mod letter;
mod mail;
mod operator;
mod plan;
mod provider;
mod purse;
mod run;
mod street;
#[cfg(test)]
mod tests;
mod verdict;
mod wallet;
mod watch;
mod world;

pub use coverage::Coverage;
pub use run::{Failure, Report, run, trace};
