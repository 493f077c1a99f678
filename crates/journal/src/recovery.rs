//! Reads a whole log before it is used: what is in it, where its last whole batch ends, and whether it must be
//! refused. Changes nothing.

use std::ops::Range;

use crate::damage;
use crate::segment::{FRAMES_START, file_name};
use crate::walk::{Damage, Position, Step, Walk, path};
use crate::{ChainHash, Error, Sequence, Storage};

/// What was found in a log, from the first segment that was read on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// The oldest segment that was read begins with this record.
    pub first: Sequence,
    /// The number the next record will get.
    pub next: Sequence,
    /// The chain hash after the last record.
    pub chain: ChainHash,
    /// Segments that were read.
    pub segments: u64,
    /// Whole batches.
    pub batches: u64,
    /// Frames of whole batches.
    pub frames: u64,
    /// Records of whole batches.
    pub records: u64,
    /// Bytes of the segments up to the end of their last whole batch.
    pub bytes: u64,
    /// What follows the last whole batch and is not one: a batch whose commit had not returned.
    pub torn: Option<Torn>,
}

/// The remains of a batch whose write was cut off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Torn {
    /// The file.
    pub file: String,
    /// Where it begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// How long it is in bytes.
    pub bytes: u64,
}

/// A recovery, with what reading and repairing the log needs to know.
pub(crate) struct Survey {
    pub(crate) found: Recovery,
    /// Each segment with the end of its last whole batch.
    pub(crate) extents: Vec<(Sequence, u64)>,
    /// A last segment that was made but never reached: it goes.
    pub(crate) unreached: Option<Sequence>,
    /// The last whole batch: its segment, and where it is in it.
    pub(crate) last_batch: Option<(Sequence, Range<u64>)>,
    /// Whether there are bytes in the last segment behind that end, torn or prepared.
    pub(crate) has_tail: bool,
    /// The last segment is full from this many bytes on.
    pub(crate) full_bytes: u64,
}

/// Where the segments read so far end, and whether the last of them is full.
struct End {
    segment: Sequence,
    position: Position,
    full: bool,
}

impl Survey {
    /// Reads the segment that holds `needed_from` and everything behind it.
    pub(crate) fn take<S: Storage>(storage: &S, needed_from: Sequence) -> Result<Survey, Error> {
        let mut segments = lengths(storage)?;
        // A last segment without frames is read last: whether it belongs to the log, the one before it says.
        let empty_last = segments.pop_if(|(_, length)| *length <= FRAMES_START);
        let begin = segments.iter().rposition(|(first, _)| *first <= needed_from);
        if let (None, Some((first, _))) = (begin, segments.first().or(empty_last.as_ref()))
            && *first > needed_from
        {
            return Err(missing(storage, needed_from, Some(*first)));
        }
        let mut survey = Survey::nothing();
        let mut end = None;
        let mut rest = segments.get(begin.unwrap_or(0)..).unwrap_or_default().iter().peekable();
        while let Some(segment) = rest.next() {
            end = Some(survey.read(storage, *segment, end.as_ref(), rest.peek().is_none())?);
        }
        survey.settle(storage, empty_last, end)?;
        Ok(survey)
    }

    fn nothing() -> Survey {
        let found = Recovery {
            first: Sequence::FIRST,
            next: Sequence::FIRST,
            chain: ChainHash::START,
            segments: 0,
            batches: 0,
            frames: 0,
            records: 0,
            bytes: 0,
            torn: None,
        };
        Survey {
            found,
            extents: Vec::new(),
            unreached: None,
            last_batch: None,
            has_tail: false,
            full_bytes: 0,
        }
    }

    /// Reads one segment that has frames.
    fn read<S: Storage>(
        &mut self,
        storage: &S,
        (segment, length): (Sequence, u64),
        before: Option<&End>,
        is_last: bool,
    ) -> Result<End, Error> {
        let mut walk = enter(storage, (segment, length), before)?;
        let mut end = walk.position;
        let mut frames = 0;
        let mut seen_damaged = None;
        loop {
            let damage = match walk.step()? {
                Step::End if end.offset == length => break,
                Step::End => Damage::Incomplete,
                Step::Damaged(damage) => damage,
                Step::Frame(header, _) => {
                    frames += 1;
                    if !header.continued {
                        self.found.batches += 1;
                        self.found.frames += frames;
                        self.found.records += walk.position.next.0 - end.next.0;
                        self.last_batch = Some((segment, end.offset..walk.position.offset));
                        end = walk.position;
                        frames = 0;
                    }
                    continue;
                }
            };
            if is_last && end.offset < walk.header.full_bytes {
                match damage::judge(&mut walk, &damage) {
                    Ok(()) => {
                        self.pass_tail(&mut walk, end)?;
                        break;
                    }
                    // Another process may just have been writing here: then the frame is whole by now.
                    Err(_) if seen_damaged != Some(walk.position.offset) => {
                        seen_damaged = Some(walk.position.offset);
                        walk.window.forget();
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            return Err(walk.refuse(&damage));
        }
        let full = end.offset >= walk.header.full_bytes;
        self.add(&walk, end);
        Ok(End { segment, position: end, full })
    }

    /// Notes what is behind the last whole batch: nothing but zeros was prepared, anything else was torn.
    fn pass_tail<S: Storage>(&mut self, walk: &mut Walk<'_, S>, end: Position) -> Result<(), Error> {
        self.has_tail = true;
        if !walk.window.is_zero_from(end.offset)? {
            let bytes = walk.window.length - end.offset;
            self.found.torn = Some(Torn { file: walk.window.file(), offset: end.offset, bytes });
        }
        Ok(())
    }

    /// Decides about a last segment without frames, now that it is known where the others end.
    fn settle<S: Storage>(
        &mut self,
        storage: &S,
        empty_last: Option<(Sequence, u64)>,
        end: Option<End>,
    ) -> Result<(), Error> {
        let Some((last, length)) = empty_last else {
            return match end {
                Some(end) if end.full => expect_unlisted(storage, end.position.next),
                _ => Ok(()),
            };
        };
        // The next segment is made before the batch is written that fills the one before it, and the first one
        // before there are any: one that was not reached yet may be in any state.
        let reached = end.as_ref().map_or(last != Sequence::FIRST, |end| end.full);
        // Once it is reached it has a header, which another process may have written after it was measured.
        let length = if reached { measure(storage, last)?.min(FRAMES_START) } else { length };
        match enter(storage, (last, length), end.as_ref().filter(|_| reached)) {
            Ok(walk) if reached || end.is_none() => self.add(&walk, walk.position),
            Err(error) if reached || !matches!(error, Error::Corrupt { .. }) => return Err(error),
            Ok(_) | Err(_) => self.unreached = Some(last),
        }
        Ok(())
    }

    fn add<S: Storage>(&mut self, walk: &Walk<'_, S>, end: Position) {
        if self.extents.is_empty() {
            self.found.first = walk.header.first;
        }
        self.extents.push((walk.header.first, end.offset));
        self.full_bytes = walk.header.full_bytes;
        self.found.segments += 1;
        self.found.bytes += end.offset;
        self.found.next = end.next;
        self.found.chain = end.chain;
    }
}

/// Begins to read a segment that must continue the one before it.
fn enter<'a, S: Storage>(
    storage: &'a S,
    (segment, length): (Sequence, u64),
    before: Option<&End>,
) -> Result<Walk<'a, S>, Error> {
    let Some(End { segment: previous, position: end, full }) = before else {
        return Walk::begin(storage, segment, length);
    };
    if segment > end.next && *full {
        return Err(missing(storage, end.next, Some(segment)));
    }
    if segment > end.next {
        return Err(Error::Corrupt {
            file: path(storage, *previous),
            offset: end.offset,
            expected: format!("a frame that begins with record {}", end.next),
            found: format!("the end of the file, although {} follows", file_name(segment)),
        });
    }
    let walk = Walk::begin(storage, segment, length)?;
    if segment < end.next {
        let expected = format!("first record {}, where the segment before ends", end.next);
        return Err(walk.window.corrupt(12, &expected, &format!("first record {segment}")));
    }
    if walk.header.chain != end.chain {
        let expected = format!("chain hash {}, where the segment before ends", end.chain);
        return Err(walk.window.corrupt(32, &expected, &format!("chain hash {}", walk.header.chain)));
    }
    Ok(walk)
}

/// Every segment with its length. Lengths are taken from the last to the first, so that a segment that another
/// process fills meanwhile is never seen shorter than its successor needs.
fn lengths<S: Storage>(storage: &S) -> Result<Vec<(Sequence, u64)>, Error> {
    let mut lengths = Vec::new();
    for segment in list(storage)?.into_iter().rev() {
        lengths.push((segment, measure(storage, segment)?));
    }
    lengths.reverse();
    Ok(lengths)
}

fn list<S: Storage>(storage: &S) -> Result<Vec<Sequence>, Error> {
    let failed = |source| Error::Storage { doing: "listing", file: storage.place(), source };
    storage.segments().map_err(failed)
}

fn measure<S: Storage>(storage: &S, segment: Sequence) -> Result<u64, Error> {
    let failed = |source| Error::Storage { doing: "measuring", file: path(storage, segment), source };
    storage.length(segment).map_err(failed)
}

/// Fails unless the segment that must follow a full one was only made, by another process, after listing.
fn expect_unlisted<S: Storage>(storage: &S, next: Sequence) -> Result<(), Error> {
    if list(storage)?.contains(&next) { Ok(()) } else { Err(missing(storage, next, None)) }
}

fn missing<S: Storage>(storage: &S, expected: Sequence, found: Option<Sequence>) -> Error {
    Error::MissingSegment { file: path(storage, expected), expected, found }
}
