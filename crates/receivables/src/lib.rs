//! Financing of receivables on a chain run by the members: what may be asked, what becomes true, and how anybody can
//! check it offline. Pure: time comes from the block, signatures are checked by a function the caller gives. Knows no
//! consensus, network, clock or storage.

pub mod codec;
pub mod envelope;
pub mod event;
pub mod genesis;
pub mod hash;
pub mod identity;
pub mod link;
pub mod log;
pub mod price;
pub mod proof;
mod refusal;
pub mod score;
pub mod state;
pub mod transaction;
pub mod tree;

pub use envelope::Signed;
pub use event::{Entry, Event};
pub use genesis::Genesis;
pub use hash::Hash;
pub use refusal::Refusal;
pub use state::{Block, State};
pub use transaction::Transaction;
