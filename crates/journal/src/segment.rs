//! The name and the first bytes of a segment: enough to verify it without its neighbours. Does not know
//! frames.

use crate::{ChainHash, Sequence};

/// The newest format version; segments of a later one are refused.
pub(crate) const VERSION: u32 = 1;

/// Length of a segment's header in bytes.
pub(crate) const HEADER_BYTES: usize = 68;

/// `HEADER_BYTES` as an offset in a file: where the first frame begins.
pub(crate) const FRAMES_START: u64 = HEADER_BYTES as u64;

const MAGIC: [u8; 8] = *b"SJNJRNL\n";
const EXTENSION: &str = ".journal";
/// Decimal digits of the largest sequence, so that names sort as numbers do.
const NAME_DIGITS: usize = 20;

/// What a segment says about itself at its beginning: magic, version, first record, size, chain hash, CRC-32C,
/// all numbers little-endian. Magic, version and the checksum's place are the same in every version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SegmentHeader {
    pub(crate) version: u32,
    pub(crate) first: Sequence,
    /// The segment is full, and a next one exists, from this many bytes on.
    pub(crate) full_bytes: u64,
    /// The chain hash before the first record.
    pub(crate) chain: ChainHash,
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&self.version.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.first.0.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.full_bytes.to_le_bytes());
        bytes[32..64].copy_from_slice(&self.chain.0);
        let checksum = crc32c::crc32c(&bytes[..64]);
        bytes[64..68].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The header in `bytes`, or nothing if they are not a whole, undamaged header.
    pub(crate) fn parse(bytes: &[u8]) -> Option<SegmentHeader> {
        let bytes: &[u8; HEADER_BYTES] = bytes.try_into().ok()?;
        if bytes[0..8] != MAGIC || crc32c::crc32c(&bytes[..64]) != little_u32(bytes, 64) {
            return None;
        }
        let mut chain = [0; 32];
        chain.copy_from_slice(&bytes[32..64]);
        Some(SegmentHeader {
            version: little_u32(bytes, 8),
            first: Sequence(little_u64(bytes, 12)),
            full_bytes: little_u64(bytes, 20),
            chain: ChainHash(chain),
        })
    }
}

/// The file name of the segment whose first record is `first`.
pub(crate) fn file_name(first: Sequence) -> String {
    format!("{:0NAME_DIGITS$}{EXTENSION}", first.0)
}

/// The first record of the segment with this file name, or nothing if the file is not a segment.
pub(crate) fn parse_file_name(name: &str) -> Option<Sequence> {
    let digits = name.strip_suffix(EXTENSION)?;
    let canonical = digits.len() == NAME_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    if canonical { digits.parse().ok().map(Sequence) } else { None }
}

pub(crate) fn little_u32(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

pub(crate) fn little_u64(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}
