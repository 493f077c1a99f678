//! The switch over a small network, as data.

mod clock;
mod codes;
mod lifecycle;
mod offers;
mod orders;
mod refunds;
mod repeats;
mod requests;
mod world;
