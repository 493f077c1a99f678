//! The life of every payment, as one table. Knows neither HTTP nor JSON nor which ledger.
//!
//! [`Switch::decide`] turns an [`Input`] into [`Event`]s, [`Switch::apply`] makes them true, [`Payment::awaits`] says
//! what is needed from outside, and [`postings`] says what a fact does to the book.

mod switch;

mod lifecycle;

mod confirm;
mod open;
mod refund;
mod scan;

mod code;
mod fee;
mod legs;
mod purse;
mod quote;
mod terms;

mod effect;
mod event;
mod input;
mod judged;
mod payment;
mod refusal;
mod refused;

pub mod clock;
pub mod funds;
pub mod postings;

#[cfg(test)]
mod tests;

pub use code::{CODES_MAX, IssuedCode};
pub use effect::Effect;
pub use event::{CancelledBy, Event, RefundOpened};
pub use fee::{Prices, price};
pub use input::{Confirm, Input, IssueCodes, Outcome, Pay, PayHow, Reference, RefundAsked, Scan, ScanTarget};
pub use judged::Judged;
pub use payment::{
    CodeNumber, Considered, Decline, Kind, OfferOutcome, Opened, Payment, PaymentId, Placed, Quote, Stage,
    Terms,
};
pub use quote::{CONSIDERED_MAX, Offer, Rates};
pub use refund::{REFUNDS_MAX, Refund, RefundStage};
pub use refusal::Refusal;
pub use refused::Asked;
pub use switch::{Context, Moment, Switch};
