//! Tells a write that a crash tore from bytes that were whole once. Does not know what is done about either.
//!
//! A torn batch is always the last thing in the log, because the next batch is written only after the sync of
//! the one before returned. So a damaged frame was whole once, and is refused, if
//! 1. the header of a frame of a *later batch* follows it anywhere in the segment, or
//! 2. putting back one single byte makes it whole, chain hash included, and the sector around that byte did
//!    reach the disk: then it is no torn write, which loses whole sectors, but one rotten byte.
//!
//! The limit: damage to two or more bytes of the last batch, with nothing written behind it, looks like a torn
//! write and is cut. It is reported, unless the whole batch became zero, which looks like space prepared for it;
//! and it is refused if the caller knew of the records ([`crate::Options::known_before`]). Bytes in a record that imitate a later frame's header can only make a
//! torn tail be refused; text cannot, because frames begin with a byte that UTF-8 does not have. Everything here takes time linear in the bytes behind the damage.

use crate::frame::{self, FrameHeader};
use crate::walk::{Damage, Position, Walk, Window};
use crate::{Error, Storage};

/// The smallest piece of a write that a disk writes wholly or not at all.
const SECTOR_BYTES: u64 = 512;

/// So many bytes, not zero and right, cannot stand in a sector by chance that was never written.
const WITNESS_BYTES: usize = 8;

/// How many ways to mend one byte are tried: in the longest frame about every fourth wrong checksum points at a
/// byte by chance, so more than a few never happen unless somebody wants to waste time.
const CANDIDATES_MAX: usize = 8;

/// Returns if the damaged frame at the walk's position may be the torn end of the log; fails if it was whole
/// once.
pub(crate) fn judge<S: Storage>(walk: &mut Walk<'_, S>, damage: &Damage) -> Result<(), Error> {
    let position = walk.position;
    match damage {
        Damage::Incomplete => {}
        Damage::Header => find_rotten_header_byte(&mut walk.window, &position)?,
        Damage::Payload(header) => find_rotten_payload_byte(&mut walk.window, &position, header)?,
    }
    match find_later_batch(&mut walk.window, &position)? {
        None => Ok(()),
        Some((offset, header)) => {
            let expected = format!("a whole frame that begins with record {}", position.next);
            let found = format!(
                "{}; it was whole once, for record {} of a later batch follows at byte {offset}",
                damage.found(),
                header.first
            );
            Err(walk.window.corrupt(position.offset, &expected, &found))
        }
    }
}

/// The first header behind `position` of a frame of a later batch. Also inside the frame as long as its header says
/// it is: bytes may have gone missing.
fn find_later_batch<S: Storage>(
    window: &mut Window<'_, S>,
    position: &Position,
) -> Result<Option<(u64, FrameHeader)>, Error> {
    let batch = position.batch.unwrap_or(position.next);
    let mut offset = position.offset + 1;
    loop {
        let ahead = window.ahead(offset, frame::HEADER_BYTES)?;
        let Some(last) = ahead.len().checked_sub(frame::HEADER_BYTES) else { return Ok(None) };
        for start in 0..=last {
            if ahead[start] != frame::MAGIC[0] {
                continue;
            }
            let Some(header) = FrameHeader::parse(&ahead[start..]) else { continue };
            let at = offset + start as u64;
            if header.batch > batch {
                return Ok(Some((at, header)));
            }
        }
        offset += last as u64 + 1;
    }
}

/// Fails if the frame at `position` is whole but for one byte of its header.
fn find_rotten_header_byte<S: Storage>(window: &mut Window<'_, S>, position: &Position) -> Result<(), Error> {
    let Some(found) = window.bytes(position.offset, frame::HEADER_BYTES)?.map(<[u8]>::to_vec) else {
        return Ok(());
    };
    let (covered, checksum) = found.split_at(frame::HEADER_BYTES - 4);
    let difference = crc32c::crc32c(covered).to_le_bytes();
    let mut candidates = candidates(covered.len(), checksum, difference);
    candidates.extend((0..4).filter(|&at| checksum[at] != difference[at]).map(|at| {
        // The checksum itself may be the damaged thing.
        (covered.len() + at, checksum[at] ^ difference[at])
    }));
    for (at, flipped) in candidates {
        let mut header = found.clone();
        header[at] ^= flipped;
        let Some(parsed) = FrameHeader::parse(&header).filter(|parsed| position.expects(parsed)) else {
            continue;
        };
        let Some(frame) = window.bytes(position.offset, parsed.frame_bytes())? else { continue };
        let mut mended = frame.to_vec();
        mended[at] ^= flipped;
        if parsed.checks(&mended) && parsed.chains(&mended, position.chain) {
            refuse_rotten_byte(window, position, &mended, (at, flipped))?;
        }
    }
    Ok(())
}

/// Fails if the frame at `position` is whole but for one byte of its payload.
fn find_rotten_payload_byte<S: Storage>(
    window: &mut Window<'_, S>,
    position: &Position,
    header: &FrameHeader,
) -> Result<(), Error> {
    let Some(frame) = window.bytes(position.offset, header.frame_bytes())? else { return Ok(()) };
    let mut mended = frame.to_vec();
    let payload = &mended[frame::HEADER_BYTES..];
    let stored = header.payload_checksum.to_le_bytes();
    for (at, flipped) in candidates(payload.len(), &stored, crc32c::crc32c(payload).to_le_bytes()) {
        let at = frame::HEADER_BYTES + at;
        mended[at] ^= flipped;
        if header.chains(&mended, position.chain) {
            refuse_rotten_byte(window, position, &mended, (at, flipped))?;
        }
        mended[at] ^= flipped;
    }
    Ok(())
}

/// Fails, naming the byte, unless the sector around it may never have reached the disk.
fn refuse_rotten_byte<S: Storage>(
    window: &Window<'_, S>,
    position: &Position,
    mended: &[u8],
    (at, flipped): (usize, u8),
) -> Result<(), Error> {
    let offset = position.offset + at as u64;
    let sector = |index: &usize| (position.offset + *index as u64) / SECTOR_BYTES;
    let witnesses = (0..mended.len())
        .filter(|index| sector(index) == sector(&at) && *index != at && mended[*index] != 0)
        .count();
    let found = mended[at] ^ flipped;
    let cut_short = found == 0 && mended[at + 1..].iter().all(|&byte| byte == 0);
    if witnesses < WITNESS_BYTES || cut_short {
        return Ok(());
    }
    let expected = format!("{:#04x}, by the checksum and the chain hash of the frame", mended[at]);
    Err(window.corrupt(offset, &expected, &format!("{found:#04x}")))
}

/// Every single byte that, changed by the given bits, turns bytes with the CRC-32C `computed` into bytes with the
/// CRC-32C `stored`: (index, changed bits).
///
/// A checksum is linear: a change of one byte changes it by that byte's table entry, moved on by as many zero
/// bytes as follow. So the difference is moved back byte by byte, until what is left fits in one byte.
fn candidates(length: usize, stored: &[u8], computed: [u8; 4]) -> Vec<(usize, u8)> {
    let mut difference = [0; 4];
    difference.copy_from_slice(stored);
    let mut difference = u32::from_le_bytes(difference) ^ u32::from_le_bytes(computed);
    let mut found = Vec::new();
    for index in (0..length).rev() {
        let table_index = TABLES.by_top_byte[(difference >> 24) as usize];
        difference = ((difference ^ TABLES.entries[table_index as usize]) << 8) | u32::from(table_index);
        if let Ok(flipped @ 1..) = u8::try_from(difference) {
            found.push((index, flipped));
            if found.len() == CANDIDATES_MAX {
                break;
            }
        }
    }
    found
}

/// The table of CRC-32C (Castagnoli polynomial, reflected) and which entry has which top byte: each one once.
struct Tables {
    entries: [u32; 256],
    by_top_byte: [u8; 256],
}

const TABLES: Tables = {
    let mut tables = Tables { entries: [0; 256], by_top_byte: [0; 256] };
    let mut index = 0;
    while index < 256 {
        let mut entry = index as u32;
        let mut bit = 0;
        while bit < 8 {
            entry = if entry & 1 == 1 { (entry >> 1) ^ 0x82f6_3b78 } else { entry >> 1 };
            bit += 1;
        }
        tables.entries[index] = entry;
        tables.by_top_byte[(entry >> 24) as usize] = index as u8;
        index += 1;
    }
    tables
};
