//! A node of the receivables chain: pool, blocks, execution, proofs, HTTP and commands. Knows no consensus engine from
//! inside; the rules are `receivables`'.

#[macro_use]
extern crate outlet;

pub mod block;
pub mod cast;
pub mod client;
pub mod command;
mod explorer;
pub mod files;
pub mod leaves;
pub mod link;
pub mod node;
pub mod pool;
pub mod replica;
mod signatures;
pub mod simulation;
pub mod snapshot;
pub mod stage;

pub use replica::Replica;
