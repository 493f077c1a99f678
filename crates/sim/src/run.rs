//! One seed from its beginning to rest, and what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::coverage::Coverage;
use crate::world::{Tracer, World};

/// A seed that held everything that must hold.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Payments opened.
    pub payments: u64,
    /// Turns of the network.
    pub turns: u64,
    /// Facts in the journal.
    pub facts: u64,
    /// Letters sent between the network and its members.
    pub letters: u64,
    /// Deaths of the network's process.
    pub crashes: u64,
    /// Virtual time that passed, in milliseconds.
    pub virtual_ms: u64,
    /// The hash of the state at the end.
    pub state_hash: [u8; 32],
    /// What was come across.
    pub coverage: Coverage,
}

/// A seed that broke something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// Virtual time since the beginning, in milliseconds.
    pub at_ms: u64,
    /// What must not be.
    pub what: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {} after {} ms: {}", self.seed, self.at_ms, self.what)
    }
}

impl std::error::Error for Failure {}

/// Plays one seed.
pub fn run(seed: u64) -> Result<Report, Failure> {
    play(seed, None)
}

/// Plays one seed and hands out every letter and every fact as a line.
pub fn trace(seed: u64, line: &mut dyn FnMut(&str)) -> Result<Report, Failure> {
    play(seed, Some(line))
}

fn play(seed: u64, tracer: Tracer<'_>) -> Result<Report, Failure> {
    let failed = |at_ms, what| Failure { seed, at_ms, what };
    let mut world = caught(|| World::new(seed, tracer)).map_err(|what| failed(0, what))?;
    let played = caught(|| world.play().and_then(|()| world.verdict()));
    let virtual_ms = world.now.since_ms(world.plan.start);
    let state_hash = played.map_err(|what| failed(virtual_ms, what))?;
    Ok(Report {
        seed,
        payments: world.watch.payments.len() as u64,
        turns: world.turns,
        facts: world.watch.facts,
        letters: world.mail.sent,
        crashes: world.crashes,
        virtual_ms,
        state_hash,
        coverage: world.coverage,
    })
}

/// A broken assertion of the engine is a finding like any other.
fn caught<T>(play: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("without a word");
        Err(format!("a panic: {text}"))
    })
}
