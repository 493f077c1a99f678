//! Lays declared features out as words of one entity's block, sharing rings between features, and compiles filters
//! and derived features. Does not hold any entity.

use super::declare::{Aggregate, Declared, Entity, Feature, Window, declare};
use super::plain::Plain;
use crate::expression::{Kind, Program, Schema, compile};
use crate::{Error, Event, FACT_SLOTS, Facts};

/// Declared features, ready to be read: the one definition for the payment path, back-tests and training.
#[derive(Debug, Clone)]
pub struct Features {
    pub(super) entities: Vec<Layout>,
    pub(super) filters: Vec<Program>,
    /// By event: whether a filter that could hold for it reads features.
    pub(super) filters_read: [bool; Event::ALL.len()],
    /// Bucket widths in seconds.
    pub(super) widths: Vec<Turn>,
    pub(super) derived: Vec<(u16, Program)>,
    declared: Vec<(Feature, u16)>,
    inputs: Vec<String>,
    names: Vec<String>,
    schema: Schema,
    version: u64,
}

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
    numbers: usize,
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

/// Most different filters: one bit each in a word.
const FILTERS_MAX: usize = 64;
/// Most kinds of entity.
pub(super) const ENTITIES_MAX: usize = 16;
/// Most bucket widths; windows in practice fall on a handful.
pub(super) const WIDTHS_MAX: usize = 16;
/// Most different windows of one entity: what a read computes fits a kilobyte of stack.
pub(super) const NUMBERS_MAX: usize = 128;
/// Most different measures of one filter and bucket width.
pub(super) const LANES_MAX: usize = 16;
/// Words before the heads: when the entity was last seen, and its key.
pub(super) const FIRST_WORD: usize = 3;
/// Most features: keeps a payment's slots within a few cache lines.
const FEATURES_MAX: usize = 256;

impl Features {
    /// Reads declarations.
    ///
    /// # Errors
    /// [`Error::Line`] with the declaration that cannot be taken.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut features = Self {
            entities: Vec::new(),
            filters: Vec::new(),
            filters_read: [false; Event::ALL.len()],
            widths: Vec::new(),
            derived: Vec::new(),
            declared: Vec::new(),
            inputs: Vec::new(),
            names: Vec::new(),
            schema: Facts::schema(),
            version: crate::Key::of(text).0,
        };
        let mut filter_texts: Vec<String> = Vec::new();
        for (line, declared) in declare(text)? {
            match declared {
                Declared::Entity(_) if features.entities.len() == ENTITIES_MAX => {
                    return Err(Error::line(line, format!("more than {ENTITIES_MAX} entities")));
                }
                Declared::Entity(entity) => features.entities.push(Layout::new(entity)),
                Declared::Feature(feature) => {
                    let filter = features.filter(&feature, &mut filter_texts)?;
                    features.feature(feature, filter)?;
                }
                Declared::Inputs(names) => {
                    let odd = |name: &&String| {
                        !matches!(features.schema.slot(name), Some((_, Kind::Int | Kind::Double)))
                            || features.inputs.contains(name)
                    };
                    if let Some(name) = names.iter().find(odd) {
                        return Err(Error::line(
                            line,
                            format!("{name} is no number declared above, or is an input already"),
                        ));
                    }
                    features.inputs.extend(names);
                }
                Declared::Derived { name, text } => {
                    let program = compile(&text, &features.schema).map_err(|error| error.on_line(line))?;
                    if !matches!(program.kind(), Kind::Double | Kind::Int) {
                        return Err(Error::line(line, format!("{name} must be a number")));
                    }
                    let slot = features.name(&name, program.kind(), line)?;
                    features.derived.push((slot, program));
                }
            }
        }
        for (filter, text) in features.filters.iter().zip(&filter_texts) {
            if filter.reads().iter().any(|slot| usize::from(*slot) >= FACT_SLOTS) {
                // A label says nothing of the moment in which it comes: features are those of the payment's.
                let events = [Event::Paid, Event::Declined, Event::Asked];
                let could = |event: &Event| only_for(text).is_none_or(|only| only == event.word());
                events
                    .into_iter()
                    .filter(could)
                    .for_each(|event| features.filters_read[event as usize] = true);
            }
        }
        features.entities.iter_mut().for_each(Layout::settle);
        features.mark_velocities();
        Ok(features)
    }

    /// The facts and features as expressions see them.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Names of the features, in slot order from [`FACT_SLOTS`].
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Names of what a model is to be trained on.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The key of the text these features were read from.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Bytes each entity's block takes, with the entity's name; the index takes 11 to 22 bytes more.
    pub fn bytes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entities.iter().map(|layout| (layout.entity.name.as_str(), layout.words * 4))
    }

    fn name(&mut self, name: &str, kind: Kind, line: usize) -> Result<u16, Error> {
        if self.schema.slot(name).is_some() {
            return Err(Error::line(line, format!("{name} is declared twice")));
        }
        if self.names.len() == FEATURES_MAX {
            return Err(Error::line(line, format!("more than {FEATURES_MAX} features")));
        }
        self.names.push(name.to_owned());
        Ok(self.schema.add(name, kind))
    }

    fn filter(&mut self, feature: &Feature, texts: &mut Vec<String>) -> Result<u16, Error> {
        if let Some(known) = texts.iter().position(|text| *text == feature.filter) {
            return Ok(known as u16);
        }
        let program = compile(&feature.filter, &self.schema).map_err(|error| error.on_line(feature.line))?;
        if program.kind() != Kind::Bool {
            return Err(Error::line(feature.line, "a filter must be bool"));
        }
        if texts.len() == FILTERS_MAX {
            return Err(Error::line(feature.line, format!("more than {FILTERS_MAX} different filters")));
        }
        texts.push(feature.filter.clone());
        self.filters.push(program);
        Ok((texts.len() - 1) as u16)
    }

    fn feature(&mut self, feature: Feature, filter: u16) -> Result<(), Error> {
        let kind = if matches!(feature.aggregate, Aggregate::Mean(_) | Aggregate::Spread(_)) {
            Kind::Double
        } else {
            Kind::Int
        };
        let slot = self.name(&feature.name, kind, feature.line)?;
        let window = feature.window;
        let width = match window {
            Window::Buckets { bucket_ms, .. } => self.width(bucket_ms / 1_000),
            Window::Ever => 0,
        };
        let layout = &mut self.entities[feature.entity];
        let mut number = |measure| layout.number(filter, measure, window, width);
        let how = match feature.aggregate {
            Aggregate::Count => How::Number(number(Measure::Count)),
            Aggregate::Sum(fact) => How::Number(number(Measure::Sum(fact))),
            Aggregate::Mean(fact) => {
                How::Mean { count: number(Measure::Count), sum: number(Measure::Sum(fact)) }
            }
            Aggregate::Spread(fact) => How::Spread {
                count: number(Measure::Count),
                sum: number(Measure::Sum(fact)),
                square: number(Measure::Square(fact)),
            },
            Aggregate::Max(_) if window == Window::Ever => {
                return Err(Error::line(feature.line, "max needs a window"));
            }
            Aggregate::Max(fact) => How::Number(number(Measure::Max(fact))),
            Aggregate::Distinct(fact) => match window {
                Window::Buckets { length, lag: 0, .. } => {
                    layout.sets.push(Set { filter, slot: fact, width, length, cap: feature.cap, at: 0 });
                    How::Distinct(layout.sets.len() - 1)
                }
                _ => return Err(Error::line(feature.line, "distinct needs a window without lag")),
            },
            Aggregate::Since => How::Since(layout.moment(filter, false)),
            Aggregate::First => How::First(layout.moment(filter, true)),
        };
        layout.reads.push(Read { slot, how });
        if layout.bands.iter().any(|band| band.sums.len() > LANES_MAX) {
            let what = format!("more than {LANES_MAX} measures of one filter and bucket width");
            return Err(Error::line(feature.line, what));
        }
        if layout.numbers > NUMBERS_MAX {
            let what = format!("more than {NUMBERS_MAX} windows of {}", layout.entity.name);
            return Err(Error::line(feature.line, what));
        }
        if self.widths.len() > WIDTHS_MAX {
            return Err(Error::line(feature.line, format!("more than {WIDTHS_MAX} bucket widths")));
        }
        self.declared.push((feature, slot));
        Ok(())
    }

    fn width(&mut self, seconds: u32) -> usize {
        self.widths.iter().position(|known| known.by == seconds).unwrap_or_else(|| {
            self.widths.push(Turn::new(seconds));
            self.widths.len() - 1
        })
    }

    /// The bucket numbers of a moment, by number of the width.
    pub(super) fn buckets(&self, at_ms: i64) -> [u32; WIDTHS_MAX] {
        let seconds = seconds(at_ms);
        let mut buckets = [0; WIDTHS_MAX];
        for (bucket, width) in buckets.iter_mut().zip(&self.widths) {
            *bucket = width.quotient(seconds);
        }
        buckets
    }

    /// Makes `velocity("payer", "count", "1d")` in a rule mean the first feature so declared over paid payments.
    fn mark_velocities(&mut self) {
        let fact = |slot: u16| crate::FIELDS.get(usize::from(slot)).map_or("", |(name, _)| *name);
        for (feature, slot) in &self.declared {
            let aggregate = match feature.aggregate {
                Aggregate::Count => "count".to_owned(),
                Aggregate::Sum(slot) => format!("sum({})", fact(slot)),
                Aggregate::Mean(slot) => format!("mean({})", fact(slot)),
                Aggregate::Max(slot) => format!("max({})", fact(slot)),
                Aggregate::Distinct(slot) => format!("distinct({})", fact(slot)),
                _ => continue,
            };
            let Window::Buckets { bucket_ms, length, lag: 0 } = feature.window else { continue };
            if feature.filter != "event == \"paid\"" {
                continue;
            }
            let seconds = u64::from(bucket_ms) * u64::from(length) / 1000;
            let entity = &self.entities[feature.entity].entity.name;
            for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m")] {
                if seconds.is_multiple_of(unit) {
                    let signature = format!("{entity} {aggregate} {}{name}", seconds / unit);
                    self.schema.add_velocity(signature, *slot);
                }
            }
        }
    }
}

/// Whole seconds since 1970; what lies before counts as 1970 and what lies after 2106 as then.
pub(super) fn seconds(at_ms: i64) -> u32 {
    u32::try_from(at_ms.max(0) / 1_000).unwrap_or(u32::MAX)
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
    fn new(entity: Entity) -> Self {
        let (bands, sets, moments) = (Vec::new(), Vec::new(), Vec::new());
        Self { entity, bands, sets, moments, evers: Vec::new(), reads: Vec::new(), numbers: 0, words: 0 }
    }

    /// The number that a measure over a window is computed as.
    fn number(&mut self, filter: u16, measure: Measure, window: Window, width: usize) -> usize {
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

    fn moment(&mut self, filter: u16, first: bool) -> usize {
        self.moments.iter().position(|known| known.filter == filter && known.first == first).unwrap_or_else(
            || {
                self.moments.push(Moment { filter, first, at: 0 });
                self.moments.len() - 1
            },
        )
    }

    /// Gives every part its words: heads and totals first, because every read needs them, cells behind.
    fn settle(&mut self) {
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

/// The one event for which a filter of the form `event == "asked" && …` can hold.
fn only_for(filter: &str) -> Option<&str> {
    let (event, _) = filter.strip_prefix("event == \"")?.split_once("\" &&")?;
    (!filter.contains("||") && !filter.contains('?')).then_some(event)
}
