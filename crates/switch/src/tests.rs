//! The switch over a small network, as data.

mod clock;
mod lifecycle;
mod world;
