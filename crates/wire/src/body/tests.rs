//! Bodies of the official SDK, every way to be refused, round trips of every body, and arbitrary bytes.

mod amounts;
mod answers;
mod operator;
mod refusals;
mod round_trips;
mod sdk;
