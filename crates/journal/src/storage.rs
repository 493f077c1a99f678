//! What the log asks of the thing it is stored on: named files that can be read, written, synced and
//! removed. Does not know what is in them.

mod files;
mod memory;

use std::{fs::TryLockError, io};

use crate::Sequence;

pub use files::Files;
pub use memory::{Fault, Loss, Memory};

/// A place that holds segments, each named by the number of its first record.
///
/// Nothing is durable before the matching sync returned: bytes and length of a segment by [`Storage::sync`],
/// that a segment exists or no longer exists by [`Storage::sync_names`].
pub trait Storage {
    /// What to call the place in messages, such as the path of a directory.
    fn place(&self) -> String;

    /// Takes the exclusive right to write until this value is dropped, making the place first if needed.
    /// Fails at once with [`TryLockError::WouldBlock`] if another has it.
    fn lock(&mut self) -> Result<(), TryLockError>;

    /// The segments there are, in ascending order.
    fn segments(&self) -> io::Result<Vec<Sequence>>;

    /// The length of a segment in bytes.
    fn length(&self, segment: Sequence) -> io::Result<u64>;

    /// Fills `buffer` from a segment, beginning `offset` bytes into it; returns how many bytes there were,
    /// fewer than asked only at the segment's end.
    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Makes an empty segment; fails if there is one of that name.
    fn create(&mut self, segment: Sequence) -> io::Result<()>;

    /// Writes all of `bytes` into a segment, beginning `offset` bytes into it, lengthening it if needed.
    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts a segment to `length` bytes.
    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()>;

    /// Removes a segment.
    fn remove(&mut self, segment: Sequence) -> io::Result<()>;

    /// Returns once everything written to the segment is on stable storage.
    fn sync(&mut self, segment: Sequence) -> io::Result<()>;

    /// Returns once it is on stable storage which segments there are.
    fn sync_names(&mut self) -> io::Result<()>;
}
