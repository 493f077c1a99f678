//! Names for places in the log: a record's sequence number and the hash that vouches for everything
//! before it. Knows neither files nor frames.

use std::fmt;

/// The number of a record: the first is 1, each next one more, without gaps. Also used for "the number the
/// next record will have".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sequence(pub u64);

impl Sequence {
    /// The number of the first record of every log.
    pub const FIRST: Sequence = Sequence(1);

    /// The number `records` further on, or nothing if numbers run out (damaged input only).
    pub(crate) fn after(self, records: u64) -> Option<Sequence> {
        self.0.checked_add(records).map(Sequence)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// BLAKE3 hash over the chain hash before a frame and the frame's bytes: two logs with the same chain hash
/// hold the same records.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// The chain hash of a log without records.
    pub const START: ChainHash = ChainHash([0; 32]);

    /// The chain hash after a frame made of `header` (its part before the chain hash) and `payload`.
    pub(crate) fn after(self, header: &[u8], payload: &[u8]) -> ChainHash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(header).update(payload);
        ChainHash(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// One record as it was appended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record<'a> {
    /// Its number.
    pub sequence: Sequence,
    /// Its bytes, exactly as they were appended.
    pub bytes: &'a [u8],
    /// Whether it is the last record of its batch, so that everything of one commit has now been seen.
    pub ends_batch: bool,
}
