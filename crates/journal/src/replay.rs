//! Hands out the records of a log that has been surveyed, verifying every byte again. Knows neither locks nor
//! writing.

use std::ops::ControlFlow;

use crate::walk::{Damage, Step, Walk, path};
use crate::{Error, Record, Sequence, Storage};

/// Calls `each` with every record from `from` on, as far as the extents reach; returns the number after the last
/// one handed out. Memory stays bounded by one frame.
pub(crate) fn replay<S: Storage>(
    storage: &S,
    extents: &[(Sequence, u64)],
    from: Sequence,
    each: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
) -> Result<Sequence, Error> {
    let from = from.max(Sequence::FIRST);
    let begin = match extents.iter().rposition(|(first, _)| *first <= from) {
        Some(begin) => begin,
        None => match extents.first() {
            Some(&(oldest, _)) => return Err(Error::NotKept { asked: from, oldest }),
            None => return Ok(from),
        },
    };
    let mut next = from;
    let mut before = None;
    for &(segment, length) in &extents[begin..] {
        let mut walk = Walk::begin(storage, segment, length)?;
        if before.is_some_and(|chain| chain != walk.header.chain) {
            return Err(Error::Corrupt {
                file: path(storage, segment),
                offset: 32,
                expected: "the chain hash where the segment before ends".to_owned(),
                found: format!("chain hash {}", walk.header.chain),
            });
        }
        loop {
            let (header, records) = match walk.step()? {
                Step::End => break,
                Step::Damaged(damage) => return Err(walk.refuse(&damage)),
                Step::Frame(header, records) => (header, records),
            };
            let last = header.next();
            for (sequence, bytes) in (header.first.0..).map(Sequence).zip(records) {
                if sequence < from {
                    continue;
                }
                next = Sequence(sequence.0 + 1);
                let ends_batch = next == last && !header.continued;
                if each(Record { sequence, bytes, ends_batch }).is_break() {
                    return Ok(next);
                }
            }
        }
        if walk.position.batch.is_some() {
            return Err(walk.refuse(&Damage::Incomplete));
        }
        before = Some(walk.position.chain);
    }
    Ok(next)
}
