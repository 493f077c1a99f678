//! The rules seen from outside: a small chain of seven members is asked for things and either does them or says why
//! not. Signatures are a stand-in here, a hash; real ones are in `proofs`.

#![allow(clippy::unwrap_used, reason = "a test's own words may fail the test")]

mod admission;
mod financing;
mod governance;
mod invariants;
mod life;
mod model;
mod proofs;
mod story;
mod units;
mod vectors;
mod world;
