//! Adds to and reads from the words of one entity's block. Does not know which entity it is.

use super::declare::NEVER_SECONDS;
use super::plan::{Band, How, Lane, Layout, Measure, Moment, NUMBERS_MAX, Set, Span, seconds};

/// Greatest amount a sum takes from one event, so that no ring can overflow: 10 billion in cents.
const SUM_MAX: i64 = 1 << 40;
/// Greatest amount a square takes: larger ones count as this, so that squares of a month fit a word.
const SQUARE_MAX: i64 = 1 << 24;

fn wide(words: &[u32], at: usize) -> i64 {
    (u64::from(words[at]) | u64::from(words[at + 1]) << 32) as i64
}

fn put_wide(words: &mut [u32], at: usize, value: i64) {
    words[at] = value as u32;
    words[at + 1] = (value as u64 >> 32) as u32;
}

impl Lane {
    fn value(&self, words: &[u32], at: usize) -> i64 {
        if self.measure == Measure::Count { i64::from(words[at]) } else { wide(words, at) }
    }

    fn put(&self, words: &mut [u32], at: usize, value: i64) {
        if self.measure == Measure::Count {
            words[at] = value as u32;
        } else {
            put_wide(words, at, value);
        }
    }
}

/// Where a band stands at one moment.
#[derive(Clone, Copy)]
struct Place {
    /// Buckets since the newest one the band holds.
    moved: u32,
    /// Number of the cell of the moment's bucket.
    cell: u32,
}

impl Band {
    /// The word of the cell that a bucket falls on: what an event of now will touch.
    pub(super) fn word(&self, bucket: u32) -> usize {
        self.at + self.turn.rest(bucket) as usize * self.stride
    }

    fn place(&self, words: &[u32], buckets: &[u32]) -> Place {
        let head = words[self.head];
        let now = buckets[self.width].max(head);
        Place { moved: now - head, cell: self.turn.rest(now) }
    }

    /// The word of the cell that is `age` buckets old; ages run up to twice the band.
    fn cell(&self, place: Place, age: u32) -> usize {
        let cells = self.turn.by;
        let mut at = place.cell + 2 * cells - age;
        while at >= cells {
            at -= cells;
        }
        self.at + at as usize * self.stride
    }

    /// Folds the cells of the ages from `from` to before `to` that the band still holds.
    fn fold(
        &self,
        lane: &Lane,
        words: &[u32],
        place: Place,
        (from, to): (u32, u32),
        mut take: impl FnMut(i64),
    ) {
        let (from, to) = (from.max(place.moved), to.min(place.moved.saturating_add(self.turn.by)));
        if from >= to {
            return;
        }
        let end = self.at + lane.offset;
        let mut at = self.cell(place, from) + lane.offset;
        for _ in from..to {
            take(lane.value(words, at));
            // Older cells lie before newer ones; before the first comes the last.
            at = if at == end { end + (self.turn.by as usize - 1) * self.stride } else { at - self.stride };
        }
    }

    fn sum(&self, lane: &Lane, words: &[u32], place: Place, ages: (u32, u32)) -> i64 {
        let mut sum = 0i64;
        self.fold(lane, words, place, ages, |value| sum = sum.wrapping_add(value));
        sum
    }

    /// The span's total as of the moment, from the running total as of the band's newest bucket: what left is taken off
    /// and what came out of the lag is added, or all is added up anew where that is shorter.
    fn total(&self, lane: &Lane, span: &Span, words: &[u32], place: Place) -> i64 {
        let (moved, near, far) = (place.moved, span.lag, span.lag + span.length);
        if moved == 0 {
            return lane.value(words, span.total);
        }
        if moved >= far {
            return 0; // nothing the band knows is recent enough
        }
        if 2 * moved > span.length {
            return self.sum(lane, words, place, (near, far));
        }
        let running = lane.value(words, span.total);
        let entered = if near == 0 { 0 } else { self.sum(lane, words, place, (near, near + moved)) };
        running.wrapping_add(entered).wrapping_sub(self.sum(lane, words, place, (far, far + moved)))
    }

    fn greatest(&self, lane: &Lane, span: &Span, words: &[u32], place: Place) -> i64 {
        let mut most = None;
        let ages = (span.lag, span.lag + span.length);
        self.fold(lane, words, place, ages, |value| {
            most = Some(most.map_or(value, |most: i64| most.max(value)))
        });
        most.unwrap_or(0)
    }

    /// Moves the band to a later moment: totals first, which need the cells that are then emptied.
    fn advance(&self, words: &mut [u32], place: Place) {
        for lane in self.lanes.iter().filter(|lane| !matches!(lane.measure, Measure::Max(_))) {
            for span in &lane.spans {
                let total = self.total(lane, span, words, place);
                lane.put(words, span.total, total);
            }
        }
        let (cells, moved) = (self.turn.by, place.moved);
        let whole = &mut words[self.at..self.at + cells as usize * self.stride];
        if moved >= cells {
            whole.fill(0);
            return;
        }
        // The cells of the buckets since, up to the moment's own.
        let (to, stride) = (place.cell as usize + 1, self.stride);
        let before = to.saturating_sub(moved as usize);
        whole[before * stride..to * stride].fill(0);
        let wrapped = (moved as usize).saturating_sub(to);
        whole[(cells as usize - wrapped) * stride..].fill(0);
    }

    fn add(&self, words: &mut [u32], slots: &[i64], buckets: &[u32]) {
        let place = self.place(words, buckets);
        if place.moved > 0 {
            words[self.head] += place.moved;
            self.advance(words, place);
        }
        let age = words[self.head] - buckets[self.width];
        if age >= self.turn.by {
            return; // older than anything the band can still say
        }
        let at = self.cell(Place { moved: 0, ..place }, age);
        for lane in &self.lanes {
            let (at, value) = (at + lane.offset, measured(lane.measure, slots));
            let before = lane.value(words, at);
            if matches!(lane.measure, Measure::Max(_)) {
                lane.put(words, at, before.max(value));
                continue;
            }
            lane.put(words, at, before.wrapping_add(value));
            for span in lane.spans.iter().filter(|span| age >= span.lag && age < span.lag + span.length) {
                let total = lane.value(words, span.total).wrapping_add(value);
                lane.put(words, span.total, total);
            }
        }
    }
}

/// Adds an event where its filters hold.
pub(super) fn observe(
    layout: &Layout,
    words: &mut [u32],
    slots: &[i64],
    (at_ms, buckets): (i64, &[u32]),
    hold: u64,
) {
    words[0] = words[0].max(seconds(at_ms));
    let holds = |filter: u16| hold >> filter & 1 == 1;
    for band in layout.bands.iter().filter(|band| holds(band.filter)) {
        band.add(words, slots, buckets);
    }
    for ever in layout.evers.iter().filter(|ever| holds(ever.filter)) {
        put_wide(words, ever.at, wide(words, ever.at).wrapping_add(measured(ever.measure, slots)));
    }
    for moment in layout.moments.iter().filter(|moment| holds(moment.filter)) {
        mark(moment, words, at_ms);
    }
    for set in layout.sets.iter().filter(|set| holds(set.filter)) {
        insert(set, words, slots[usize::from(set.slot)] as u64, buckets[set.width]);
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

/// Reads one entity's features into their slots, doubles as their bits. `numbers` is room to compute in.
pub(super) fn read(
    layout: &Layout,
    words: &[u32],
    (at_ms, buckets): (i64, &[u32]),
    numbers: &mut [i64; NUMBERS_MAX],
    slots: &mut [i64],
) {
    for band in &layout.bands {
        let place = band.place(words, buckets);
        for lane in &band.lanes {
            let greatest = matches!(lane.measure, Measure::Max(_));
            for span in &lane.spans {
                numbers[span.number] = match greatest {
                    true => band.greatest(lane, span, words, place),
                    false => band.total(lane, span, words, place),
                };
            }
        }
    }
    for ever in &layout.evers {
        numbers[ever.number] = wide(words, ever.at);
    }
    let since = |index: usize, never: i64| match wide(words, layout.moments[index].at) {
        0 => never,
        seen => (at_ms.saturating_sub(seen) / 1000).clamp(0, NEVER_SECONDS),
    };
    for read in &layout.reads {
        slots[usize::from(read.slot)] = match read.how {
            How::Number(number) => numbers[number],
            How::Mean { count, sum } => mean(numbers[count], numbers[sum]).to_bits() as i64,
            How::Spread { count, sum, square } => {
                spread(numbers[count], numbers[sum], numbers[square]).to_bits() as i64
            }
            How::Distinct(index) => {
                let set = &layout.sets[index];
                let oldest = buckets[set.width].saturating_sub(set.length - 1).max(1);
                let entries = words[set.at..set.at + set.cap as usize * 2].chunks_exact(2);
                entries.filter(|entry| entry[1] >= oldest).count() as i64
            }
            How::Since(index) => since(index, NEVER_SECONDS),
            How::First(index) => since(index, 0),
        };
    }
}

/// Writes what every feature reads for an entity that was never seen.
pub(super) fn unseen(layout: &Layout, slots: &mut [i64]) {
    for read in &layout.reads {
        let never = matches!(read.how, How::Since(_));
        slots[usize::from(read.slot)] = if never { NEVER_SECONDS } else { 0 };
    }
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
