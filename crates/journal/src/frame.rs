//! The bytes of one frame: a header that can be trusted or refused by itself, and a payload of records. Does
//! not know files.

use crate::segment::{little_u32, little_u64};
use crate::{ChainHash, Sequence};

/// The most bytes of records in one frame: what reading a log holds in memory at a time.
pub const FRAME_BYTES_MAX: usize = 4 << 20;

/// The longest record: it must fit a frame with its length before it.
pub const RECORD_BYTES_MAX: usize = FRAME_BYTES_MAX - LENGTH_BYTES;

/// Length of a frame's header in bytes.
pub(crate) const HEADER_BYTES: usize = 72;

/// Bytes before each record that say how long it is.
pub(crate) const LENGTH_BYTES: usize = 4;

/// How every frame begins; recovery searches for it. The first byte never occurs in UTF-8.
pub(crate) const MAGIC: [u8; 4] = *b"\xffSJF";

/// The part of a header that the chain hash covers, together with the payload.
const CHAINED: std::ops::Range<usize> = 0..32;

/// What a frame says before its payload: magic, kind, payload length, record count, first record, first record
/// of the batch, chain hash after the frame, CRC-32C of the payload, CRC-32C of this header; little-endian.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FrameHeader {
    /// Whether more frames of the same batch follow.
    pub(crate) continued: bool,
    pub(crate) payload_bytes: u32,
    pub(crate) records: u32,
    pub(crate) first: Sequence,
    /// First record of the batch: tells a frame of the same write from a frame of a later one.
    pub(crate) batch: Sequence,
    pub(crate) chain: ChainHash,
    pub(crate) payload_checksum: u32,
}

impl FrameHeader {
    /// Writes the header of the frame whose payload follows `HEADER_BYTES` into `frame`; returns the chain hash
    /// after the frame.
    pub(crate) fn seal(
        frame: &mut [u8],
        continued: bool,
        records: u32,
        (first, batch): (Sequence, Sequence),
        chain: ChainHash,
    ) -> ChainHash {
        let (header, payload) = frame.split_at_mut(HEADER_BYTES);
        let payload_bytes = u32::try_from(payload.len()).expect("a frame is not longer than FRAME_BYTES_MAX");
        header[0..4].copy_from_slice(&MAGIC);
        header[4..8].copy_from_slice(&u32::from(continued).to_le_bytes());
        header[8..12].copy_from_slice(&payload_bytes.to_le_bytes());
        header[12..16].copy_from_slice(&records.to_le_bytes());
        header[16..24].copy_from_slice(&first.0.to_le_bytes());
        header[24..32].copy_from_slice(&batch.0.to_le_bytes());
        let chain = chain.after(&header[CHAINED], payload);
        header[32..64].copy_from_slice(&chain.0);
        header[64..68].copy_from_slice(&crc32c::crc32c(payload).to_le_bytes());
        let checksum = crc32c::crc32c(&header[..68]);
        header[68..72].copy_from_slice(&checksum.to_le_bytes());
        chain
    }

    /// The header at the beginning of `bytes`, or nothing if they are not a whole, undamaged and possible header.
    pub(crate) fn parse(bytes: &[u8]) -> Option<FrameHeader> {
        let bytes = bytes.get(..HEADER_BYTES)?;
        if bytes[0..4] != MAGIC || crc32c::crc32c(&bytes[..68]) != little_u32(bytes, 68) {
            return None;
        }
        let mut chain = [0; 32];
        chain.copy_from_slice(&bytes[32..64]);
        let header = FrameHeader {
            continued: little_u32(bytes, 4) == 1,
            payload_bytes: little_u32(bytes, 8),
            records: little_u32(bytes, 12),
            first: Sequence(little_u64(bytes, 16)),
            batch: Sequence(little_u64(bytes, 24)),
            chain: ChainHash(chain),
            payload_checksum: little_u32(bytes, 64),
        };
        let possible = little_u32(bytes, 4) <= 1
            && header.payload_bytes as usize <= FRAME_BYTES_MAX
            && header.records > 0
            && header.batch <= header.first
            && header.first.after(u64::from(header.records)).is_some();
        possible.then_some(header)
    }

    /// Length of the frame in bytes, header and payload.
    pub(crate) fn frame_bytes(&self) -> usize {
        HEADER_BYTES + self.payload_bytes as usize
    }

    /// The record after the last of this frame.
    pub(crate) fn next(&self) -> Sequence {
        Sequence(self.first.0 + u64::from(self.records))
    }

    /// Whether the payload of `frame` is the one this header was made for, by its CRC-32C.
    pub(crate) fn checks(&self, frame: &[u8]) -> bool {
        crc32c::crc32c(&frame[HEADER_BYTES..]) == self.payload_checksum
    }

    /// Whether the whole `frame` follows a log with the chain hash `before`.
    pub(crate) fn chains(&self, frame: &[u8], before: ChainHash) -> bool {
        before.after(&frame[CHAINED], &frame[HEADER_BYTES..]) == self.chain
    }
}

/// The records of a payload, in order; ends early if the lengths do not fit the payload.
pub(crate) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    pub(crate) fn of(payload: &'a [u8]) -> Records<'a> {
        Records { rest: payload }
    }

    /// Whether the payload is made of exactly `count` records.
    pub(crate) fn are(mut self, count: u32) -> bool {
        let found = self.by_ref().count();
        self.rest.is_empty() && found == count as usize
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.rest.split_at_checked(LENGTH_BYTES)?;
        let (record, rest) = rest.split_at_checked(little_u32(length, 0) as usize)?;
        self.rest = rest;
        Some(record)
    }
}
