//! The switch over a small network, as data.

mod lifecycle;
mod world;
