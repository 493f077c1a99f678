//! The engine, as data.

mod example;
mod network;
