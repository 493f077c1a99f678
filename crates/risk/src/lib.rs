//! Judges one payment from facts: features over windows, rules, a learned model, screening, stops. Does not know how
//! payments live, and has no clock, no randomness and no thread.
#![allow(
    clippy::float_arithmetic,
    reason = "ratios and models only: money enters as integers and never leaves as a float"
)]

mod error;
pub mod expression;
mod facts;

pub use error::Error;
pub use facts::{Event, FACT_SLOTS, FIELDS, Facts, Key, Outcome, Screening};
