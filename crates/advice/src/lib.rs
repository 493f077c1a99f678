//! Investment advice that can be recomputed: suitability, construction, projection, explanation. Knows neither HTTP nor storage.
//!
//! Same inputs give the same bits: sums run in one written order, no fused multiply-add, no system
//! mathematics, no clock, no threads, own generator with its seed in the record.
#![allow(clippy::float_arithmetic)]

pub mod backtest;
pub mod calendar;
pub mod cash;
pub mod digest;
pub mod json;
pub mod lots;
pub mod mandate;
pub mod matrix;
pub mod model;
pub mod moments;
pub mod number;
pub mod optimise;
pub mod performance;
pub mod picture;
pub mod portfolio;
pub mod prices;
pub mod profile;
pub mod project;
pub mod proposal;
pub mod quadratic;
pub mod random;
pub mod rebalance;
pub mod record;
pub mod refusal;
pub mod strategy;
pub mod suitability;
pub mod tax;

pub use json::Json;
pub use matrix::Matrix;
pub use refusal::{Code, Refusal};
