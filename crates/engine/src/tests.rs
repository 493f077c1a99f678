//! The engine, as data.

mod currencies;
mod example;
mod funding;
mod network;
mod record;
mod refused;
mod replay;
mod timers;
mod turn;
