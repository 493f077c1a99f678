//! The batch being collected, laid out as it will be written: frame after frame in one buffer. Does not know
//! where it will be written.

use crate::frame::{self, FrameHeader, LENGTH_BYTES, RECORD_BYTES_MAX};
use crate::{ChainHash, Error, Sequence};

/// The most bytes of one batch, frames included: a batch is held in memory and never spans segments.
pub const BATCH_BYTES_MAX: usize = 256 << 20;

/// What the buffer keeps after a large batch, so that one of them does not hold memory for ever.
const BUFFER_BYTES_KEPT: usize = 8 << 20;

pub(crate) struct Batch {
    /// A frame is closed before its records have more bytes than this.
    frame_bytes_max: usize,
    bytes: Vec<u8>,
    frames: Vec<Span>,
    records: u64,
}

/// A frame of the batch: where it begins and how many records it has.
struct Span {
    start: usize,
    records: u32,
}

impl Batch {
    pub(crate) fn new(frame_bytes_max: usize) -> Batch {
        Batch { frame_bytes_max, bytes: Vec::new(), frames: Vec::new(), records: 0 }
    }

    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn push(&mut self, record: &[u8]) -> Result<(), Error> {
        if record.len() > RECORD_BYTES_MAX {
            return Err(Error::RecordTooLarge { bytes: record.len() });
        }
        let added = frame::HEADER_BYTES + LENGTH_BYTES + record.len();
        if self.bytes.len() + added > BATCH_BYTES_MAX {
            return Err(Error::BatchTooLarge { bytes: self.bytes.len() + added });
        }
        let fits = self.frames.last().is_some_and(|span| {
            self.bytes.len() - span.start + LENGTH_BYTES + record.len()
                <= frame::HEADER_BYTES + self.frame_bytes_max
        });
        if !fits {
            self.frames.push(Span { start: self.bytes.len(), records: 0 });
            self.bytes.resize(self.bytes.len() + frame::HEADER_BYTES, 0);
        }
        let length = u32::try_from(record.len()).expect("it is not over RECORD_BYTES_MAX");
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(record);
        self.frames.last_mut().expect("one was pushed if there was none").records += 1;
        self.records += 1;
        Ok(())
    }

    /// Completes the headers of a batch whose first record is `first`, after a log with this chain hash; returns
    /// the chain hash after it.
    pub(crate) fn seal(&mut self, first: Sequence, mut chain: ChainHash) -> ChainHash {
        let mut next = first;
        let mut rest = self.bytes.as_mut_slice();
        let mut spans = self.frames.iter().peekable();
        while let Some(span) = spans.next() {
            let following = spans.peek().map(|following| following.start - span.start);
            let (frame, behind) = rest.split_at_mut(following.unwrap_or(rest.len()));
            chain = FrameHeader::seal(frame, following.is_some(), span.records, (next, first), chain);
            next = Sequence(next.0 + u64::from(span.records));
            rest = behind;
        }
        chain
    }

    /// Puts zeros behind a sealed batch, to be written with it.
    pub(crate) fn add_zeros(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap_or(0);
        self.bytes.resize(self.bytes.len() + count, 0);
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(BUFFER_BYTES_KEPT);
        self.frames.clear();
        self.records = 0;
    }
}
