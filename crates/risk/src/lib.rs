//! Judges one payment from facts: features over windows, rules, a learned model, screening, stops. Does not know how
//! payments live, and has no clock, no randomness and no thread.
#![allow(
    clippy::float_arithmetic,
    reason = "ratios and models only: money enters as integers and never leaves as a float"
)]

mod error;
pub mod expression;
mod facts;
pub mod instant;
pub mod model;
pub mod rules;
mod verdict;
mod windows;

pub use error::Error;
pub use facts::{Event, FACT_SLOTS, FIELDS, Facts, Key, Outcome, Screening};
pub use verdict::{Contribution, Decision, Lack, REASONS_MAX, Reason, Verdict, Versions};
pub use windows::{Aggregate, Entity, Feature, Features, NEVER_SECONDS, Window, Windows};
