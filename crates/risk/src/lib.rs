//! Judges one payment from facts: features over windows, rules, a learned model, screening, stops. Does not know how
//! payments live, and has no clock, no randomness and no thread.
#![allow(
    clippy::float_arithmetic,
    reason = "ratios and models only: money enters as integers and never leaves as a float"
)]

mod backtest;
pub mod cases;
mod error;
pub mod expression;
mod facts;
pub mod instant;
mod judge;
pub mod model;
mod policy;
mod record;
mod replay;
pub mod rules;
pub mod screening;
mod verdict;
mod windows;

pub use backtest::{Backtest, RuleTally, Tally};
pub use error::Error;
pub use facts::{Event, FACT_SLOTS, FIELDS, Facts, Key, Outcome, Screening};
pub use judge::{Judge, Proposal};
pub use policy::Policy;
pub use record::{Change, FACTS_BYTES, Record};
pub use replay::{Labelled, replay};
pub use verdict::{Contribution, Decision, Lack, REASONS_MAX, Reason, Verdict, Versions};
pub use windows::{Aggregate, Entity, Feature, Features, NEVER_SECONDS, Window, Windows};

/// The features of the Fraud-Detection-Handbook, for comparison with its tables.
pub const HANDBOOK_FEATURES: &str = include_str!("../features/handbook.features");
/// The features for wallet payments.
pub const WALLET_FEATURES: &str = include_str!("../features/wallet.features");
/// Rules for wallet payments, each with its cases: an example to begin from.
pub const WALLET_RULES: &str = include_str!("../features/wallet.rules");

/// The features a payment network starts with: what it can know by itself.
pub const NETWORK_FEATURES: &str = include_str!("../features/network.features");
/// The rules a payment network starts with.
pub const NETWORK_RULES: &str = include_str!("../features/network.rules");
/// The policy a payment network starts with.
pub const NETWORK_POLICY: &str = include_str!("../features/network.policy");
