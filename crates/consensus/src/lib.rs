//! Orders blocks among validators of whom up to a third may lie: Simplex with Ed25519 certificates, delivery in order,
//! catch-up, and one engine per epoch. The only crate that names the engine's types. Knows neither what a block says
//! nor why: that is a [`Machine`]'s.

mod application;
mod archive;
mod block;
mod epochs;
mod executor;
mod gossip;
mod health;
mod live;
mod machine;
mod schemes;
pub mod simulation;
mod stack;

pub use archive::{Archive, Finalization};
pub use block::{BLOCK_BYTES_MAX, Parse, Parsed};
pub use health::Health;
pub use live::{Live, Started, run};
pub use machine::{Judgement, Machine, Peer, Round};
pub use stack::Settings;

/// 32 bytes of SHA-256.
pub type Hash = [u8; 32];
/// An Ed25519 public key.
pub type Key = [u8; 32];
/// An Ed25519 signature.
pub type Signature = [u8; 64];
