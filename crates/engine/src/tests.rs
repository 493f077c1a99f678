//! The engine, as data.

mod advance;
mod control;
mod currencies;
mod delivery;
mod example;
mod funding;
mod network;
mod record;
mod refused;
mod replay;
mod screening;
mod timers;
mod turn;
