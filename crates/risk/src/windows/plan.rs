//! Declared features, compiled: filters, derived features, and for each entity the layout they need. Does not hold any
//! entity, nor know where words lie.

use super::declare::{Aggregate, Declared, Feature, Window, declare};
use super::layout::{How, LANES_MAX, Layout, Measure, NUMBERS_MAX, Read, Set, Turn};
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

/// Most different filters: one bit each in a word.
const FILTERS_MAX: usize = 64;
/// Most kinds of entity.
pub(super) const ENTITIES_MAX: usize = 16;
/// Most bucket widths; windows in practice fall on a handful.
pub(super) const WIDTHS_MAX: usize = 16;
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

/// The one event for which a filter of the form `event == "asked" && …` can hold.
fn only_for(filter: &str) -> Option<&str> {
    let (event, _) = filter.strip_prefix("event == \"")?.split_once("\" &&")?;
    (!filter.contains("||") && !filter.contains('?')).then_some(event)
}
