//! A framed, checksummed, hash-chained append-only log over a `Storage` trait. Does not know what the bytes mean,
//! what time it is, or who waits for them.
//!
//! A log is a row of segments, files named by the number of their first record. A segment begins with a header
//! (version, first record, chain hash before it) and so can be verified, and archived, by itself. A commit is one
//! batch: one frame, or a few if it is large, each with a CRC-32C of header and payload and the BLAKE3 hash over
//! the chain hash before it and its bytes. A batch is recovered as a whole or not at all.
//! Behind the last batch of the last segment there may be zeros, prepared for the next.
//!
//! The rule of recovery: what a crash can have torn is cut and reported; everything else that is not as it was
//! written is refused with the file, the byte and what was expected. How the two are told apart, and the limit of
//! it, is written in `damage.rs`. What no log can know from itself, that its last records were taken away whole,
//! the caller tells with [`Options::known_before`].

mod batch;
mod damage;
mod error;
mod frame;
mod journal;
mod reader;
mod recovery;
mod replay;
mod segment;
mod sequence;
mod storage;
mod walk;

pub use batch::BATCH_BYTES_MAX;
pub use error::Error;
pub use frame::{FRAME_BYTES_MAX, RECORD_BYTES_MAX};
pub use journal::{Committed, Journal, Options};
pub use reader::{Reader, verify};
pub use recovery::{Recovery, Torn};
pub use sequence::{ChainHash, Record, Sequence};
pub use storage::{Fault, Files, Loss, Memory, Storage};

#[cfg(test)]
mod tests;
