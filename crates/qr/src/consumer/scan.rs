//! Cuts BER-TLV bytes into objects, to full depth (EMV Book 3, Annex B). Knows no tag by meaning.

use crate::{Defect, LONGEST_BYTES};

/// One object. Objects lie in reading order; the objects inside a template follow it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) tag: u32,
    /// Whether the tag is constructed and its value was cut into objects too.
    pub(crate) template: bool,
    /// Byte offset of the tag.
    pub(crate) at: u16,
    pub(crate) start: u16,
    pub(crate) end: u16,
    /// Index of the first object that is not inside this one.
    pub(crate) next: u16,
}

/// Templates inside templates that are still opened; the standard uses two levels.
const DEPTH_MAX: usize = 6;

/// Cuts `bytes`. A template that cannot be cut is left whole: a till need not look into foreign or transparent ones.
/// Fails with the byte offset and the defect where the outermost level breaks.
pub(crate) fn scan(bytes: &[u8]) -> Result<Vec<Node>, (usize, Defect)> {
    if bytes.len() > LONGEST_BYTES {
        return Err((0, Defect::TooLong { longest: LONGEST_BYTES }));
    }
    let mut nodes = Vec::with_capacity(16);
    level(bytes, 0, bytes.len(), 0, &mut nodes)?;
    Ok(nodes)
}

fn level(
    bytes: &[u8],
    mut from: usize,
    to: usize,
    depth: usize,
    nodes: &mut Vec<Node>,
) -> Result<(), (usize, Defect)> {
    while from < to {
        // Zero bytes between objects mean nothing.
        if bytes[from] == 0 {
            from += 1;
            continue;
        }
        let (header, tag, declared) = header(&bytes[from..to]).ok_or((from, Defect::TagWrong))?;
        let start = from + header;
        let left = to - start;
        if declared > left {
            return Err((from, Defect::TagTruncated { tag, declared, left }));
        }
        let index = nodes.len();
        let end = start + declared;
        nodes.push(Node {
            tag,
            template: false,
            at: narrow(from),
            start: narrow(start),
            end: narrow(end),
            next: narrow(index + 1),
        });
        if is_constructed(bytes[from]) && depth < DEPTH_MAX {
            if level(bytes, start, end, depth + 1, nodes).is_ok() {
                nodes[index].template = true;
                nodes[index].next = narrow(nodes.len());
            } else {
                nodes.truncate(index + 1);
            }
        }
        from = end;
    }
    Ok(())
}

/// Length of tag and length field together, the tag and the length of the value.
fn header(bytes: &[u8]) -> Option<(usize, u32, usize)> {
    let mut tag = u32::from(*bytes.first()?);
    let mut used = 1;
    if tag & 0x1F == 0x1F {
        loop {
            let byte = *bytes.get(used)?;
            used += 1;
            tag = tag << 8 | u32::from(byte);
            if byte & 0x80 == 0 {
                break;
            }
            if used == 4 {
                return None;
            }
        }
    }
    let first = *bytes.get(used)?;
    used += 1;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x81 => {
            used += 1;
            usize::from(*bytes.get(used - 1)?)
        }
        0x82 => {
            used += 2;
            usize::from(u16::from_be_bytes([*bytes.get(used - 2)?, *bytes.get(used - 1)?]))
        }
        _ => return None,
    };
    Some((used, tag, length))
}

/// Whether the first byte of a tag says that the value consists of objects.
pub(crate) fn is_constructed(first: u8) -> bool {
    first & 0x20 != 0
}

/// Offsets and counts fit because the bytes are at most [`LONGEST_BYTES`].
fn narrow(offset: usize) -> u16 {
    u16::try_from(offset).expect("at most 8192 bytes have no larger offset")
}
