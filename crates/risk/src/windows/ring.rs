//! Adds to and reads from the words of one entity's block. Does not know which entity it is.

use super::declare::NEVER_SECONDS;
use super::plan::{Ever, How, Layout, Measure, Moment, Ring, Set, Source, Span};

/// Greatest amount a sum takes from one event, so that no ring can overflow: 10 billion in cents.
const SUM_MAX: i64 = 1 << 40;
/// Greatest amount a square takes: larger ones count as this, so that squares of a month fit a word.
const SQUARE_MAX: i64 = 1 << 24;

/// Bucket numbers of one moment, by width number of one layout.
pub(super) fn bucket(at_ms: i64, width_ms: u32) -> u32 {
    u32::try_from(at_ms.max(0) / i64::from(width_ms)).unwrap_or(u32::MAX)
}

pub(super) fn wide(words: &[u32], at: usize) -> i64 {
    (u64::from(words[at]) | u64::from(words[at + 1]) << 32) as i64
}

fn put_wide(words: &mut [u32], at: usize, value: i64) {
    words[at] = value as u32;
    words[at + 1] = (value as u64 >> 32) as u32;
}

/// Moves every ring of the block to the moment of an event, then adds the event where its filters hold.
pub(super) fn observe(layout: &Layout, words: &mut [u32], slots: &[i64], at_ms: i64, hold: u64) {
    let seconds = u32::try_from(at_ms.max(0) / 1000).unwrap_or(u32::MAX);
    words[0] = words[0].max(seconds);
    for (index, width_ms) in layout.widths.iter().enumerate() {
        let (head, now) = (words[1 + index], bucket(at_ms, *width_ms));
        if now > head {
            for ring in layout.rings.iter().filter(|ring| ring.width == index) {
                advance(ring, words, head, now);
            }
            words[1 + index] = now;
        }
    }
    let holds = |filter: u16| hold >> filter & 1 == 1;
    for ring in layout.rings.iter().filter(|ring| holds(ring.filter)) {
        add(
            ring,
            words,
            words[1 + ring.width],
            bucket(at_ms, layout.widths[ring.width]),
            measured(ring.measure, slots),
        );
    }
    for ever in layout.evers.iter().filter(|ever| holds(ever.filter)) {
        put_wide(words, ever.at, wide(words, ever.at).wrapping_add(measured(ever.measure, slots)));
    }
    for moment in layout.moments.iter().filter(|moment| holds(moment.filter)) {
        mark(moment, words, at_ms);
    }
    for set in layout.sets.iter().filter(|set| holds(set.filter)) {
        insert(set, words, slots[usize::from(set.slot)] as u64, bucket(at_ms, set.bucket_ms));
    }
}

fn measured(measure: Measure, slots: &[i64]) -> i64 {
    match measure {
        Measure::Count => 1,
        Measure::Sum(slot) | Measure::Max(slot) => slots[usize::from(slot)].clamp(-SUM_MAX, SUM_MAX),
        Measure::Square(slot) => {
            let value = slots[usize::from(slot)].clamp(-SQUARE_MAX, SQUARE_MAX);
            value * value
        }
    }
}

fn cell(ring: &Ring, words: &[u32], bucket: u32) -> i64 {
    let index = (bucket % ring.cells) as usize;
    match ring.measure {
        Measure::Count => i64::from(words[ring.at + index]),
        _ => wide(words, ring.at + index * 2),
    }
}

fn put_cell(ring: &Ring, words: &mut [u32], bucket: u32, value: i64) {
    let index = (bucket % ring.cells) as usize;
    match ring.measure {
        Measure::Count => words[ring.at + index] = value as u32,
        _ => put_wide(words, ring.at + index * 2, value),
    }
}

fn advance(ring: &Ring, words: &mut [u32], head: u32, now: u32) {
    if !matches!(ring.measure, Measure::Max(_)) {
        for span in &ring.spans {
            let total = total(ring, span, words, head, now);
            put_wide(words, span.total, total);
        }
    }
    if now - head >= ring.cells {
        let end = ring.at + ring.cells as usize * ring.measure.words();
        words[ring.at..end].fill(0);
    } else {
        (head + 1..=now).for_each(|bucket| put_cell(ring, words, bucket, 0));
    }
}

fn add(ring: &Ring, words: &mut [u32], head: u32, bucket: u32, value: i64) {
    if head - bucket >= ring.cells {
        return; // older than anything the ring can still say
    }
    let before = cell(ring, words, bucket);
    if matches!(ring.measure, Measure::Max(_)) {
        put_cell(ring, words, bucket, before.max(value));
        return;
    }
    put_cell(ring, words, bucket, before.wrapping_add(value));
    for span in &ring.spans {
        let age = head - bucket;
        if age >= span.lag && age < span.lag + span.length {
            put_wide(words, span.total, wide(words, span.total).wrapping_add(value));
        }
    }
}

/// The span's total as of bucket `now`, from the running total as of bucket `head`.
fn total(ring: &Ring, span: &Span, words: &[u32], head: u32, now: u32) -> i64 {
    let moved = now - head;
    let running = wide(words, span.total);
    if moved == 0 {
        return running;
    }
    if moved >= span.lag + span.length {
        return 0; // nothing the ring knows is recent enough
    }
    if moved >= span.length {
        return (0..span.length)
            .filter_map(|age| known(ring, words, head, now, span.lag + age))
            .fold(0, i64::wrapping_add);
    }
    // Buckets are named by their age at `now`; those that entered lie at the near end, those that left past the far end.
    let entered = (0..moved).filter_map(|step| known(ring, words, head, now, span.lag + step));
    let left = (0..moved).filter_map(|step| known(ring, words, head, now, span.lag + span.length + step));
    let grown = if span.lag == 0 { running } else { entered.fold(running, i64::wrapping_add) };
    left.fold(grown, i64::wrapping_sub)
}

/// The cell that is `age` buckets old at `now`, if it is one the ring has already been at and still holds.
fn known(ring: &Ring, words: &[u32], head: u32, now: u32, age: u32) -> Option<i64> {
    let bucket = now.checked_sub(age)?;
    (bucket <= head && head - bucket < ring.cells).then(|| cell(ring, words, bucket))
}

fn mark(moment: &Moment, words: &mut [u32], at_ms: i64) {
    let (before, at_ms) = (wide(words, moment.at), at_ms.max(1));
    let value = match (before, moment.first) {
        (0, _) => at_ms,
        (_, true) => before.min(at_ms),
        (_, false) => before.max(at_ms),
    };
    put_wide(words, moment.at, value);
}

/// Keeps the most recently seen values: where the cap is full, the one unseen for longest gives way.
fn insert(set: &Set, words: &mut [u32], key: u64, bucket: u32) {
    if key == 0 {
        return;
    }
    let print = ((key >> 32) as u32 ^ key as u32).max(1);
    let entries = &mut words[set.at..set.at + set.cap as usize * 2];
    let mut oldest = 0;
    for entry in 0..set.cap as usize {
        if entries[entry * 2] == print {
            entries[entry * 2 + 1] = entries[entry * 2 + 1].max(bucket);
            return;
        }
        if entries[entry * 2 + 1] < entries[oldest * 2 + 1] {
            oldest = entry;
        }
    }
    if entries[oldest * 2] == 0 || entries[oldest * 2 + 1] <= bucket {
        entries[oldest * 2] = print;
        entries[oldest * 2 + 1] = bucket;
    }
}

/// Reads one feature at bucket numbers `now`, doubles as their bits.
pub(super) fn read(layout: &Layout, words: &[u32], how: How, at_ms: i64, now: &[u32]) -> i64 {
    let number = |source: Source| match source {
        Source::Ever(index) => wide(words, ever(layout, index).at),
        Source::Ring { ring, span } => {
            let ring = &layout.rings[ring];
            let head = words[1 + ring.width];
            total(ring, &ring.spans[span], words, head, now[ring.width].max(head))
        }
    };
    match how {
        How::Number(source) => number(source),
        How::Mean { count, sum } => mean(number(count), number(sum)).to_bits() as i64,
        How::Spread { count, sum, square } => {
            spread(number(count), number(sum), number(square)).to_bits() as i64
        }
        How::Max { ring, span } => {
            let ring = &layout.rings[ring];
            let span = ring.spans[span];
            let head = words[1 + ring.width];
            let now = now[ring.width].max(head);
            (span.lag..span.lag + span.length)
                .filter_map(|age| known(ring, words, head, now, age))
                .max()
                .unwrap_or(0)
        }
        How::Distinct(index) => {
            let set = &layout.sets[index];
            let oldest = bucket(at_ms, set.bucket_ms).saturating_sub(set.length - 1).max(1);
            words[set.at..set.at + set.cap as usize * 2]
                .chunks_exact(2)
                .filter(|entry| entry[1] >= oldest)
                .count() as i64
        }
        How::Since(index) => match wide(words, layout.moments[index].at) {
            0 => NEVER_SECONDS,
            seen => (at_ms.saturating_sub(seen) / 1000).clamp(0, NEVER_SECONDS),
        },
        How::First(index) => match wide(words, layout.moments[index].at) {
            0 => 0,
            seen => (at_ms.saturating_sub(seen) / 1000).clamp(0, NEVER_SECONDS),
        },
    }
}

/// What a feature reads for an entity that was never seen.
pub(super) fn unseen(how: How) -> i64 {
    if matches!(how, How::Since(_)) { NEVER_SECONDS } else { 0 }
}

fn ever(layout: &Layout, index: usize) -> &Ever {
    &layout.evers[index]
}

fn mean(count: i64, sum: i64) -> f64 {
    if count == 0 { 0.0 } else { sum as f64 / count as f64 }
}

fn spread(count: i64, sum: i64, square: i64) -> f64 {
    if count < 2 {
        return 0.0;
    }
    let mean = sum as f64 / count as f64;
    (square as f64 / count as f64 - mean * mean).max(0.0).sqrt()
}
