//! Lays declared features out as words of one entity's block, sharing rings between features, and compiles filters
//! and derived features. Does not hold any entity.

use super::declare::{Aggregate, Declared, Entity, Feature, Window, declare};
use crate::expression::{Kind, Program, Schema, compile};
use crate::{Error, FACT_SLOTS, Facts};

/// Declared features, ready to be read: the one definition for the payment path, back-tests and training.
#[derive(Debug, Clone)]
pub struct Features {
    pub(super) entities: Vec<Layout>,
    pub(super) filters: Vec<Program>,
    pub(super) filters_read_features: bool,
    pub(super) reads: Vec<Read>,
    pub(super) derived: Vec<(u16, Program)>,
    declared: Vec<Feature>,
    inputs: Vec<String>,
    names: Vec<String>,
    schema: Schema,
    version: u64,
}

/// Where one entity's words lie.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) entity: Entity,
    /// Bucket widths; the head bucket of width `n` is word `1 + n`.
    pub(super) widths: Vec<u32>,
    pub(super) rings: Vec<Ring>,
    pub(super) sets: Vec<Set>,
    pub(super) moments: Vec<Moment>,
    pub(super) evers: Vec<Ever>,
    pub(super) words: usize,
}

/// A row of buckets and the running totals over parts of it.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    pub(super) filter: u16,
    pub(super) measure: Measure,
    pub(super) width: usize,
    pub(super) cells: u32,
    pub(super) at: usize,
    pub(super) spans: Vec<Span>,
}

/// The part of a ring that one window counts, and the word of its running total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) length: u32,
    pub(super) lag: u32,
    pub(super) total: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) filter: u16,
    pub(super) slot: u16,
    pub(super) bucket_ms: u32,
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

/// Where a number comes from within a block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Ring { ring: usize, span: usize },
    Ever(usize),
}

/// How one feature is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) slot: u16,
    pub(super) entity: usize,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Number(Source),
    Mean { count: Source, sum: Source },
    Spread { count: Source, sum: Source, square: Source },
    Max { ring: usize, span: usize },
    Distinct(usize),
    Since(usize),
    First(usize),
}

/// Most different filters: one bit each in a word.
const FILTERS_MAX: usize = 64;
/// Most kinds of entity.
pub(super) const ENTITIES_MAX: usize = 16;
/// Most bucket widths one entity may use; windows in practice fall on a handful.
pub(super) const WIDTHS_MAX: usize = 8;
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
            filters_read_features: false,
            reads: Vec::new(),
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
        features.filters_read_features = features
            .filters
            .iter()
            .any(|filter| filter.reads().iter().any(|slot| usize::from(*slot) >= FACT_SLOTS));
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

    /// Bytes each entity's block takes, with the entity's name; the index takes about 28 bytes more.
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
        let layout = &mut self.entities[feature.entity];
        let window = feature.window;
        let how = match feature.aggregate {
            Aggregate::Count => How::Number(layout.source(filter, Measure::Count, window)),
            Aggregate::Sum(fact) => How::Number(layout.source(filter, Measure::Sum(fact), window)),
            Aggregate::Mean(fact) => How::Mean {
                count: layout.source(filter, Measure::Count, window),
                sum: layout.source(filter, Measure::Sum(fact), window),
            },
            Aggregate::Spread(fact) => How::Spread {
                count: layout.source(filter, Measure::Count, window),
                sum: layout.source(filter, Measure::Sum(fact), window),
                square: layout.source(filter, Measure::Square(fact), window),
            },
            Aggregate::Max(fact) => match layout.source(filter, Measure::Max(fact), window) {
                Source::Ring { ring, span } => How::Max { ring, span },
                Source::Ever(_) => return Err(Error::line(feature.line, "max needs a window")),
            },
            Aggregate::Distinct(fact) => match window {
                Window::Buckets { bucket_ms, length, lag: 0 } => {
                    layout.sets.push(Set { filter, slot: fact, bucket_ms, length, cap: feature.cap, at: 0 });
                    How::Distinct(layout.sets.len() - 1)
                }
                _ => return Err(Error::line(feature.line, "distinct needs a window without lag")),
            },
            Aggregate::Since => How::Since(layout.moment(filter, false)),
            Aggregate::First => How::First(layout.moment(filter, true)),
        };
        if layout.widths.len() > WIDTHS_MAX {
            return Err(Error::line(
                feature.line,
                format!("more than {WIDTHS_MAX} bucket widths for one entity"),
            ));
        }
        self.reads.push(Read { slot, entity: feature.entity, how });
        self.declared.push(feature);
        Ok(())
    }

    /// Makes `velocity("payer", "count", "1d")` in a rule mean the first feature so declared over paid payments.
    fn mark_velocities(&mut self) {
        let fact = |slot: u16| crate::FIELDS.get(usize::from(slot)).map_or("", |(name, _)| *name);
        for (feature, read) in self.declared.iter().zip(&self.reads) {
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
                    self.schema.add_velocity(signature, read.slot);
                }
            }
        }
    }
}

impl Layout {
    fn new(entity: Entity) -> Self {
        let (widths, rings, sets) = (Vec::new(), Vec::new(), Vec::new());
        Self { entity, widths, rings, sets, moments: Vec::new(), evers: Vec::new(), words: 0 }
    }

    fn source(&mut self, filter: u16, measure: Measure, window: Window) -> Source {
        let Window::Buckets { bucket_ms, length, lag } = window else {
            let known = self.evers.iter().position(|ever| ever.filter == filter && ever.measure == measure);
            return Source::Ever(known.unwrap_or_else(|| {
                self.evers.push(Ever { filter, measure, at: 0 });
                self.evers.len() - 1
            }));
        };
        let width = self.widths.iter().position(|known| *known == bucket_ms).unwrap_or_else(|| {
            self.widths.push(bucket_ms);
            self.widths.len() - 1
        });
        let same = |ring: &Ring| ring.filter == filter && ring.measure == measure && ring.width == width;
        let ring = self.rings.iter().position(same).unwrap_or_else(|| {
            self.rings.push(Ring { filter, measure, width, cells: 0, at: 0, spans: Vec::new() });
            self.rings.len() - 1
        });
        let found = &mut self.rings[ring];
        found.cells = found.cells.max(length + lag);
        let span =
            found.spans.iter().position(|span| span.length == length && span.lag == lag).unwrap_or_else(
                || {
                    found.spans.push(Span { length, lag, total: 0 });
                    found.spans.len() - 1
                },
            );
        Source::Ring { ring, span }
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
        let mut next = 1 + self.widths.len();
        let mut take = |words: usize| {
            let at = next;
            next += words;
            at
        };
        for span in self
            .rings
            .iter_mut()
            .filter(|ring| !matches!(ring.measure, Measure::Max(_)))
            .flat_map(|ring| &mut ring.spans)
        {
            span.total = take(2);
        }
        self.moments.iter_mut().for_each(|moment| moment.at = take(2));
        self.evers.iter_mut().for_each(|ever| ever.at = take(2));
        for ring in &mut self.rings {
            ring.at = take(ring.cells as usize * ring.measure.words());
        }
        self.sets.iter_mut().for_each(|set| set.at = take(set.cap as usize * 2));
        self.words = next.next_multiple_of(16);
    }
}
