//! Where the words of one entity's block lie: rings shared between features, running totals, sets and moments. Does not
//! know how features are declared in text, and holds no entity.

use super::declare::{Entity, Window};
use super::plain::Plain;

/// Most different windows of one entity: what a read computes fits a kilobyte of stack.
pub(super) const NUMBERS_MAX: usize = 128;
/// Most different measures of one filter and bucket width.
pub(super) const LANES_MAX: usize = 16;
/// Words before the heads: when the entity was last seen, and its key.
pub(super) const FIRST_WORD: usize = 3;

/// Where one entity's words lie.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) entity: Entity,
    pub(super) bands: Vec<Band>,
    pub(super) sets: Vec<Set>,
    pub(super) moments: Vec<Moment>,
    pub(super) evers: Vec<Ever>,
    pub(super) reads: Vec<Read>,
    /// How many numbers a read computes, each once however many features use it.
    pub(super) numbers: usize,
    pub(super) words: usize,
}

/// A row of buckets that every measure of one filter and one bucket width shares, so that an event touches one place.
#[derive(Debug, Clone)]
pub(super) struct Band {
    pub(super) filter: u16,
    /// Number of the bucket width among the features'.
    pub(super) width: usize,
    pub(super) turn: Turn,
    /// The word of the newest bucket's number.
    pub(super) head: usize,
    /// The first cell's word; each cell takes `stride` words.
    pub(super) at: usize,
    pub(super) stride: usize,
    /// What adds up.
    pub(super) sums: Vec<Lane>,
    /// What does not: the greatest values.
    pub(super) maxima: Vec<Lane>,
    pub(super) spans: Vec<Span>,
    pub(super) shape: Shape,
    /// The word of a count over the whole band: where it is 0, all cells are empty.
    pub(super) counted: Option<usize>,
    /// Whether it is of the kind that nearly all are.
    pub(super) plain: Option<Plain>,
}

/// One measure of a band.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub(super) measure: Measure,
    /// Words from the beginning of a cell.
    pub(super) offset: usize,
}

/// Bands that nearly all features make are added up by loops of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Count,
    CountAndSum,
    Any,
}

/// The part of a band that one window counts.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) length: u32,
    pub(super) lag: u32,
    /// Running totals of what adds up.
    pub(super) totals: Vec<Total>,
    /// Lanes among the maxima, and the numbers that they are read as.
    pub(super) greatest: Vec<(usize, usize)>,
}

/// The running total of one lane over a span.
#[derive(Debug, Clone, Copy)]
pub(super) struct Total {
    pub(super) lane: usize,
    pub(super) word: usize,
    pub(super) number: usize,
}

/// Divides by a number that is only known when features are declared, by one product instead of a division (Lemire,
/// Kaser and Kurz 2019: exact for every 32-bit number).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) by: u32,
    inverse: u64,
}

impl Turn {
    pub(super) fn new(by: u32) -> Self {
        let by = by.max(1);
        Self { by, inverse: (u64::MAX / u64::from(by)).wrapping_add(1) }
    }

    pub(super) fn quotient(self, of: u32) -> u32 {
        if self.by == 1 { of } else { ((u128::from(self.inverse) * u128::from(of)) >> 64) as u32 }
    }

    pub(super) fn rest(self, of: u32) -> u32 {
        let part = self.inverse.wrapping_mul(u64::from(of));
        ((u128::from(part) * u128::from(self.by)) >> 64) as u32
    }
}

#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) filter: u16,
    pub(super) slot: u16,
    pub(super) width: usize,
    pub(super) length: u32,
    pub(super) cap: u32,
    pub(super) at: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) filter: u16,
    pub(super) first: bool,
    pub(super) at: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Ever {
    pub(super) filter: u16,
    pub(super) measure: Measure,
    pub(super) at: usize,
    pub(super) number: usize,
}

/// What an event adds to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Count,
    Sum(u16),
    Square(u16),
    Max(u16),
}

impl Measure {
    /// Counts take one word, the rest two.
    pub(super) fn words(self) -> usize {
        if self == Self::Count { 1 } else { 2 }
    }
}

/// How one feature is read, from the numbers computed for its entity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) slot: u16,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Number(usize),
    Mean { count: usize, sum: usize },
    Spread { count: usize, sum: usize, square: usize },
    Distinct(usize),
    Since(usize),
    First(usize),
}

impl Band {
    /// The lane of a measure, among the sums or the maxima.
    fn lane(&mut self, measure: Measure) -> usize {
        let lanes = if matches!(measure, Measure::Max(_)) { &mut self.maxima } else { &mut self.sums };
        lanes.iter().position(|lane| lane.measure == measure).unwrap_or_else(|| {
            lanes.push(Lane { measure, offset: self.stride });
            self.stride += measure.words();
            lanes.len() - 1
        })
    }

    fn span(&mut self, length: u32, lag: u32) -> &mut Span {
        let same = |span: &Span| span.length == length && span.lag == lag;
        let at = self.spans.iter().position(same).unwrap_or_else(|| {
            self.spans.push(Span { length, lag, totals: Vec::new(), greatest: Vec::new() });
            self.spans.len() - 1
        });
        &mut self.spans[at]
    }

    fn counted(&self) -> Option<usize> {
        let whole = |span: &&Span| span.lag == 0 && span.length == self.turn.by;
        let count = |total: &&Total| self.sums[total.lane].measure == Measure::Count;
        Some(self.spans.iter().find(whole)?.totals.iter().find(count)?.word)
    }

    fn shaped(&self) -> Shape {
        let alone = self.maxima.is_empty();
        match self.sums[..] {
            [Lane { measure: Measure::Count, .. }] if alone => Shape::Count,
            [Lane { measure: Measure::Count, .. }, Lane { offset: 1, .. }] if alone => Shape::CountAndSum,
            _ => Shape::Any,
        }
    }
}

impl Layout {
    pub(super) fn new(entity: Entity) -> Self {
        let (bands, sets, moments) = (Vec::new(), Vec::new(), Vec::new());
        Self { entity, bands, sets, moments, evers: Vec::new(), reads: Vec::new(), numbers: 0, words: 0 }
    }

    /// The number that a measure over a window is computed as.
    pub(super) fn number(&mut self, filter: u16, measure: Measure, window: Window, width: usize) -> usize {
        let next = self.numbers;
        let Window::Buckets { length, lag, .. } = window else {
            let known = self.evers.iter().find(|ever| ever.filter == filter && ever.measure == measure);
            if let Some(known) = known {
                return known.number;
            }
            self.numbers += 1;
            self.evers.push(Ever { filter, measure, at: 0, number: next });
            return next;
        };
        let same = |band: &Band| band.filter == filter && band.width == width;
        let band = self.bands.iter().position(same).unwrap_or_else(|| {
            let turn = Turn::new(1);
            self.bands.push(Band {
                filter,
                width,
                turn,
                head: 0,
                at: 0,
                stride: 0,
                sums: Vec::new(),
                maxima: Vec::new(),
                spans: Vec::new(),
                shape: Shape::Any,
                counted: None,
                plain: None,
            });
            self.bands.len() - 1
        });
        let band = &mut self.bands[band];
        band.turn = Turn::new(band.turn.by.max(length + lag));
        let lane = band.lane(measure);
        let span = band.span(length, lag);
        let number = match measure {
            Measure::Max(_) => span.greatest.iter().find(|(known, _)| *known == lane).map(|(_, n)| *n),
            _ => span.totals.iter().find(|total| total.lane == lane).map(|total| total.number),
        };
        if let Some(number) = number {
            return number;
        }
        self.numbers += 1;
        match measure {
            Measure::Max(_) => span.greatest.push((lane, next)),
            _ => span.totals.push(Total { lane, word: 0, number: next }),
        }
        next
    }

    pub(super) fn moment(&mut self, filter: u16, first: bool) -> usize {
        self.moments.iter().position(|known| known.filter == filter && known.first == first).unwrap_or_else(
            || {
                self.moments.push(Moment { filter, first, at: 0 });
                self.moments.len() - 1
            },
        )
    }

    /// Gives every part its words: heads and totals first, because every read needs them, cells behind.
    pub(super) fn settle(&mut self) {
        let mut next = FIRST_WORD;
        let mut take = |words: usize| {
            let at = next;
            next += words;
            at
        };
        for band in &mut self.bands {
            band.head = take(1);
            band.shape = band.shaped();
            for total in band.spans.iter_mut().flat_map(|span| &mut span.totals) {
                total.word = take(band.sums[total.lane].measure.words());
            }
            band.counted = band.counted();
        }
        self.moments.iter_mut().for_each(|moment| moment.at = take(2));
        self.evers.iter_mut().for_each(|ever| ever.at = take(2));
        for band in &mut self.bands {
            band.at = take(band.turn.by as usize * band.stride);
            band.plain = Plain::of(band);
        }
        self.sets.iter_mut().for_each(|set| set.at = take(set.cap as usize * 2));
        self.words = next.next_multiple_of(16);
    }
}
