//! Adds to and reads from the words of one entity's block. Does not know which entity it is.

use super::declare::NEVER_SECONDS;
use super::layout::{Band, How, LANES_MAX, Lane, Layout, Measure, Moment, NUMBERS_MAX, Set, Shape, Span};
use super::plan::seconds;

/// Greatest amount a sum takes from one event, so that no ring can overflow: 10 billion in cents.
const SUM_MAX: i64 = 1 << 40;
/// Greatest amount a square takes: larger ones count as this, so that squares of a month fit a word.
const SQUARE_MAX: i64 = 1 << 24;

pub(super) fn wide(words: &[u32], at: usize) -> i64 {
    joined(words[at], words[at + 1])
}

pub(super) fn joined(low: u32, high: u32) -> i64 {
    (u64::from(low) | u64::from(high) << 32) as i64
}

pub(super) fn put_wide(words: &mut [u32], at: usize, value: i64) {
    words[at] = value as u32;
    words[at + 1] = (value as u64 >> 32) as u32;
}

impl Lane {
    fn value(self, words: &[u32], at: usize) -> i64 {
        if self.measure == Measure::Count { i64::from(words[at]) } else { wide(words, at) }
    }

    fn put(self, words: &mut [u32], at: usize, value: i64) {
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

/// One number for each lane that adds up.
type Sums = [i64; LANES_MAX];

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

    /// The words of the cells of the ages from `from` to before `to`, which are within the band: two runs, because the
    /// cell before the first is the last.
    fn runs(&self, place: Place, (from, to): (u32, u32)) -> [std::ops::Range<usize>; 2] {
        let (cells, count) = (self.turn.by, to - from);
        let mut newest = place.cell + 2 * cells - from;
        while newest >= cells {
            newest -= cells;
        }
        let run =
            |from: u32, to: u32| self.at + from as usize * self.stride..self.at + to as usize * self.stride;
        match (newest + 1).checked_sub(count) {
            Some(oldest) => [run(oldest, newest + 1), 0..0],
            None => [run(0, newest + 1), run(cells + newest + 1 - count, cells)],
        }
    }

    /// The same, of those ages that the band still holds.
    fn held(&self, place: Place, (from, to): (u32, u32)) -> [std::ops::Range<usize>; 2] {
        let (from, to) = (from.max(place.moved), to.min(place.moved.saturating_add(self.turn.by)));
        if from < to { self.runs(place, (from, to)) } else { [0..0, 0..0] }
    }

    /// Whether every cell is empty, as far as the band can tell without looking at them.
    fn is_empty(&self, words: &[u32]) -> bool {
        self.counted.is_some_and(|word| words[word] == 0)
    }

    /// Adds what the cells of these ages hold, lane by lane.
    fn sum(&self, words: &[u32], place: Place, ages: (u32, u32), sums: &mut Sums) {
        for run in self.held(place, ages) {
            let run = &words[run];
            match self.shape {
                Shape::Count => sums[0] += run.iter().map(|count| i64::from(*count)).sum::<i64>(),
                Shape::CountAndSum => {
                    let [mut counts, mut sum] = [0; 2];
                    for [count, low, high] in run.as_chunks().0 {
                        counts += i64::from(*count);
                        sum = joined(*low, *high).wrapping_add(sum);
                    }
                    sums[0] += counts;
                    sums[1] = sums[1].wrapping_add(sum);
                }
                Shape::Any => {
                    for cell in run.chunks_exact(self.stride) {
                        for (lane, sum) in self.sums.iter().zip(&mut *sums) {
                            *sum = sum.wrapping_add(lane.value(cell, lane.offset));
                        }
                    }
                }
            }
        }
    }

    /// A span's totals as of the moment, lane by lane, from the running totals as of the band's newest bucket: what left
    /// is taken off and what came out of the lag is added, or all is added up anew where that is shorter.
    fn totals(&self, span: &Span, words: &[u32], place: Place) -> Sums {
        let (moved, near, far) = (place.moved, span.lag, span.lag + span.length);
        let mut totals = [0; LANES_MAX];
        if 2 * moved > span.length {
            self.sum(words, place, (near, far), &mut totals);
            return totals;
        }
        self.sum(words, place, (far, far + moved), &mut totals);
        for (lane, total) in totals.iter_mut().enumerate().take(self.sums.len()) {
            let running = span.totals.iter().find(|known| known.lane == lane);
            let running = running.map_or(0, |known| self.sums[lane].value(words, known.word));
            *total = running.wrapping_sub(*total);
        }
        if near > 0 {
            self.sum(words, place, (near, near + moved), &mut totals);
        }
        totals
    }

    /// Reads a span's numbers as of the moment.
    fn read(&self, span: &Span, words: &[u32], place: Place, numbers: &mut [i64; NUMBERS_MAX]) {
        if place.moved == 0 {
            for total in &span.totals {
                numbers[total.number] = self.sums[total.lane].value(words, total.word);
            }
        } else if place.moved >= span.lag + span.length || self.is_empty(words) {
            span.totals.iter().for_each(|total| numbers[total.number] = 0);
        } else if !span.totals.is_empty() {
            let totals = self.totals(span, words, place);
            span.totals.iter().for_each(|total| numbers[total.number] = totals[total.lane]);
        }
        for (lane, number) in &span.greatest {
            numbers[*number] = self.greatest(self.maxima[*lane], span, words, place);
        }
    }

    fn greatest(&self, lane: Lane, span: &Span, words: &[u32], place: Place) -> i64 {
        let runs = self.held(place, (span.lag, span.lag + span.length));
        let cells = runs.into_iter().flat_map(|run| words[run].chunks_exact(self.stride));
        cells.map(|cell| lane.value(cell, lane.offset)).max().unwrap_or(0)
    }

    /// Moves the band to a later moment: totals first, which need the cells that are then emptied.
    fn advance(&self, words: &mut [u32], place: Place) {
        if self.is_empty(words) {
            return;
        }
        let emptied = self.runs(place, (0, place.moved.min(self.turn.by)));
        match self.spans[..] {
            // What leaves a window over the whole band are the very cells that are emptied.
            [ref span] if span.lag == 0 && span.length == self.turn.by => {
                emptied.into_iter().for_each(|run| self.roll(span, words, run));
            }
            _ => {
                for span in &self.spans {
                    let gone = place.moved >= span.lag + span.length;
                    let totals = if gone { [0; LANES_MAX] } else { self.totals(span, words, place) };
                    for total in &span.totals {
                        self.sums[total.lane].put(words, total.word, totals[total.lane]);
                    }
                }
                emptied.into_iter().for_each(|run| words[run].fill(0));
            }
        }
    }

    /// Empties cells and takes what they held off the only span's totals.
    fn roll(&self, span: &Span, words: &mut [u32], run: std::ops::Range<usize>) {
        let mut left = [0; LANES_MAX];
        let cells = &mut words[run];
        match self.shape {
            Shape::Count => {
                for count in cells {
                    left[0] += i64::from(std::mem::take(count));
                }
            }
            Shape::CountAndSum => {
                for cell in cells.as_chunks_mut::<3>().0 {
                    let [count, low, high] = std::mem::take(cell);
                    left[0] += i64::from(count);
                    left[1] = joined(low, high).wrapping_add(left[1]);
                }
            }
            Shape::Any => {
                for cell in cells.chunks_exact_mut(self.stride) {
                    for (lane, left) in self.sums.iter().zip(&mut left) {
                        *left = left.wrapping_add(lane.value(cell, lane.offset));
                    }
                    cell.fill(0);
                }
            }
        }
        for total in &span.totals {
            let lane = self.sums[total.lane];
            lane.put(words, total.word, lane.value(words, total.word).wrapping_sub(left[total.lane]));
        }
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
        let [cell, _] = self.runs(place, (age, age + 1));
        for (number, lane) in self.sums.iter().enumerate() {
            let (at, value) = (cell.start + lane.offset, measured(lane.measure, slots));
            lane.put(words, at, lane.value(words, at).wrapping_add(value));
            for span in self.spans.iter().filter(|span| age >= span.lag && age < span.lag + span.length) {
                if let Some(total) = span.totals.iter().find(|total| total.lane == number) {
                    lane.put(words, total.word, lane.value(words, total.word).wrapping_add(value));
                }
            }
        }
        for lane in &self.maxima {
            let at = cell.start + lane.offset;
            lane.put(words, at, lane.value(words, at).max(measured(lane.measure, slots)));
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
        match band.plain {
            Some(plain) => plain.add(band, words, slots, buckets[band.width]),
            None => band.add(words, slots, buckets),
        }
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

pub(super) fn measured(measure: Measure, slots: &[i64]) -> i64 {
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
        if let Some(plain) = band.plain {
            plain.read(band, words, buckets[band.width], numbers);
            continue;
        }
        let place = band.place(words, buckets);
        band.spans.iter().for_each(|span| band.read(span, words, place, numbers));
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
