//! Reads the declarations of entities and features from text, one a line. Does not know how they are stored.
//!
//! ```text
//! entity payer = payer hold 1000000
//! entity pair  = payer + merchant hold 2000000
//! feature payer_count_1d    payer count                 1d by 1h
//! feature payer_mean_30d    payer mean(amount_minor)    30d by 1d if event == "paid"
//! feature till_frauds_28d   till  count                 28d      if event == "fraud"
//! feature till_paid_28d     till  count                 28d lag 7d
//! feature device_payers_30d device distinct(payer)      30d cap 32
//! feature pair_age          pair  first
//! derived amount_over_mean = double(amount_minor) / payer_mean_30d
//! inputs  amount_minor payer_count_1d amount_over_mean
//! ```
//! Without `if`, a feature counts paid payments. `inputs` names what a model is trained on.

use crate::expression::{Kind, Schema};
use crate::{Error, Facts};

/// One entity: one or two facts that together name what windows are kept for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// Slots of the facts that name it.
    pub keys: Vec<u16>,
    /// How many are held; past that the one unseen for longest among a few is dropped.
    pub hold: u32,
}

/// How a feature aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Number of events.
    Count,
    /// Sum of a fact.
    Sum(u16),
    /// Mean of a fact, as double; zero where there is none.
    Mean(u16),
    /// Standard deviation of a fact, as double; zero where there are fewer than two.
    Spread(u16),
    /// Greatest value of a fact; zero where there is none.
    Max(u16),
    /// Number of different values of a fact, exact up to the cap and never above it.
    Distinct(u16),
    /// Seconds since the last event; [`NEVER_SECONDS`] where there is none.
    Since,
    /// Seconds since the first event; zero where there is none.
    First,
}

/// Ten years: what `since` reads where nothing was ever seen.
pub const NEVER_SECONDS: i64 = 315_360_000;

/// The span a feature looks back over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// All time.
    Ever,
    /// `length` buckets that end `lag` buckets ago. The newest bucket is part of it, so of a window of W with
    /// buckets of B everything of the last W - B and nothing older than W is counted.
    Buckets {
        /// Milliseconds a bucket.
        bucket_ms: u32,
        /// Buckets counted.
        length: u32,
        /// Buckets left out at the near end: the label delay.
        lag: u32,
    },
}

/// One declared feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Number of its entity.
    pub entity: usize,
    /// How it aggregates.
    pub aggregate: Aggregate,
    /// Over what.
    pub window: Window,
    /// Most different values held, for `distinct`.
    pub cap: u32,
    /// The filter's text.
    pub filter: String,
    /// Line of the declaration, from 1.
    pub line: usize,
}

/// One line of the declarations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Declared {
    Entity(Entity),
    Feature(Feature),
    Derived { name: String, text: String },
    Inputs(Vec<String>),
}

/// Most buckets one window may have: a year of days.
const BUCKETS_MAX: u32 = 400;
/// Most different values one `distinct` may hold.
const CAP_MAX: u32 = 64;
/// Default number of different values held.
const CAP: u32 = 32;
/// Default number of entities held.
const HOLD: u32 = 1 << 20;
const MINUTE_MS: u64 = 60_000;

pub(super) fn declare(text: &str) -> Result<Vec<(usize, Declared)>, Error> {
    let facts = Facts::schema();
    let mut entities: Vec<String> = Vec::new();
    let mut declared = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let body = line.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let (word, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        let one = match word {
            "entity" => {
                let entity = entity(rest, &facts).map_err(|what| Error::line(number, what))?;
                if entities.contains(&entity.name) {
                    return Err(Error::line(number, format!("entity {} is declared twice", entity.name)));
                }
                entities.push(entity.name.clone());
                Declared::Entity(entity)
            }
            "feature" => Declared::Feature(
                feature(rest, &facts, &entities, number).map_err(|what| Error::line(number, what))?,
            ),
            "derived" => match rest.split_once('=') {
                Some((name, text)) => {
                    let name = named(name.trim()).map_err(|what| Error::line(number, what))?;
                    Declared::Derived { name, text: text.trim().to_owned() }
                }
                None => return Err(Error::line(number, "derived NAME = EXPRESSION")),
            },
            "inputs" => Declared::Inputs(rest.split_whitespace().map(str::to_owned).collect()),
            other => {
                return Err(Error::line(
                    number,
                    format!("{other}: entity, feature, derived or inputs expected"),
                ));
            }
        };
        declared.push((number, one));
    }
    Ok(declared)
}

fn entity(text: &str, facts: &Schema) -> Result<Entity, String> {
    let (name, rest) = text.split_once('=').ok_or("entity NAME = FACT [+ FACT] [hold N]")?;
    let (keys, hold) = match rest.split_once(" hold ") {
        Some((keys, hold)) => {
            (keys, hold.trim().parse().map_err(|_| format!("{hold}: a number of entities expected"))?)
        }
        None => (rest, HOLD),
    };
    let keys: Vec<u16> = keys.split('+').map(|key| party(key.trim(), facts)).collect::<Result<_, _>>()?;
    if keys.len() > 2 {
        return Err("an entity is one fact or a pair".into());
    }
    if hold == 0 || hold > 1 << 26 {
        return Err(format!("hold {hold}: between 1 and {}", 1 << 26));
    }
    Ok(Entity { name: named(name.trim())?, keys, hold })
}

fn party(name: &str, facts: &Schema) -> Result<u16, String> {
    match facts.slot(name) {
        Some((slot, Kind::Text)) => Ok(slot),
        Some(_) => Err(format!("{name} is a number, not a party or code")),
        None => Err(format!("{name} is not a fact")),
    }
}

fn feature(text: &str, facts: &Schema, entities: &[String], line: usize) -> Result<Feature, String> {
    let (head, filter) = match text.split_once(" if ") {
        Some((head, filter)) => (head, filter.trim().to_owned()),
        None => (text, "event == \"paid\"".to_owned()),
    };
    let mut words = head.split_whitespace();
    let name = named(words.next().ok_or("a name is missing")?)?;
    let entity = words.next().ok_or("an entity is missing")?;
    let entity = entities
        .iter()
        .position(|known| known == entity)
        .ok_or(format!("entity {entity} is not declared"))?;
    let aggregate = aggregate(words.next().ok_or("an aggregate is missing")?, facts)?;
    let rest: Vec<&str> = words.collect();
    let option = |word: &str| {
        rest.iter().position(|found| *found == word).map(|at| rest.get(at + 1).copied().unwrap_or(""))
    };
    let known = |word: &&str| matches!(*word, "by" | "lag" | "cap");
    let options = rest.iter().filter(|word| known(word)).count();
    let lead = rest.first().filter(|word| !known(word)).copied();
    if rest.len() != options * 2 + usize::from(lead.is_some()) {
        return Err("after the aggregate: WINDOW [by BUCKET] [lag DELAY] [cap N] [if FILTER]".into());
    }
    let moment = matches!(aggregate, Aggregate::Since | Aggregate::First);
    let window = match lead {
        None if moment => Window::Ever,
        Some(_) if moment => return Err("since and first have no window".into()),
        Some("ever") if !matches!(aggregate, Aggregate::Distinct(_) | Aggregate::Max(_)) && options == 0 => {
            Window::Ever
        }
        Some(window) => buckets(window, option("by"), option("lag"))?,
        None => return Err("a window is missing (as 30m, 24h, 7d or ever)".into()),
    };
    let cap = match option("cap") {
        Some(cap) => cap
            .parse()
            .ok()
            .filter(|cap| (2..=CAP_MAX).contains(cap))
            .ok_or(format!("cap between 2 and {CAP_MAX}"))?,
        None => CAP,
    };
    Ok(Feature { name, entity, aggregate, window, cap, filter, line })
}

fn aggregate(word: &str, facts: &Schema) -> Result<Aggregate, String> {
    let Some((name, fact)) = word.split_once('(') else {
        return match word {
            "count" => Ok(Aggregate::Count),
            "since" => Ok(Aggregate::Since),
            "first" => Ok(Aggregate::First),
            _ => Err(format!(
                "{word}: count, sum(), mean(), spread(), max(), distinct(), since or first expected"
            )),
        };
    };
    let fact = fact.strip_suffix(')').ok_or(format!("{word}: ) is missing"))?;
    if name == "distinct" {
        return Ok(Aggregate::Distinct(party(fact, facts)?));
    }
    let slot = match facts.slot(fact) {
        Some((slot, Kind::Int)) => slot,
        Some(_) => return Err(format!("{fact} is not a number")),
        None => return Err(format!("{fact} is not a fact")),
    };
    match name {
        "sum" => Ok(Aggregate::Sum(slot)),
        "mean" => Ok(Aggregate::Mean(slot)),
        "spread" => Ok(Aggregate::Spread(slot)),
        "max" => Ok(Aggregate::Max(slot)),
        _ => Err(format!("{name}() is not an aggregate")),
    }
}

fn buckets(window: &str, by: Option<&str>, lag: Option<&str>) -> Result<Window, String> {
    let window_ms = duration_ms(window)?;
    let bucket_ms = match by {
        Some(by) => duration_ms(by)?,
        None => [(60, 5), (24 * 60, 60), (7 * 24 * 60, 360)]
            .into_iter()
            .find(|(most, _)| window_ms <= most * MINUTE_MS)
            .map_or(24 * 60 * MINUTE_MS, |(_, by)| by * MINUTE_MS),
    };
    let lag_ms = lag.map_or(Ok(0), duration_ms)?;
    if window_ms % bucket_ms != 0 || lag_ms % bucket_ms != 0 {
        return Err(format!("window and lag must be whole buckets of {}s", bucket_ms / 1000));
    }
    let (length, lag) = (window_ms / bucket_ms, lag_ms / bucket_ms);
    if length + lag > u64::from(BUCKETS_MAX) {
        return Err(format!("{} buckets, the bound is {BUCKETS_MAX}: take a longer bucket", length + lag));
    }
    let bucket_ms = u32::try_from(bucket_ms).map_err(|_| "a bucket is at most 49 days".to_owned())?;
    Ok(Window::Buckets { bucket_ms, length: length as u32, lag: lag as u32 })
}

fn duration_ms(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?}: a duration as 5m, 24h or 30d expected");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let scale = match unit {
        's' => 1_000,
        'm' => MINUTE_MS,
        'h' => 60 * MINUTE_MS,
        'd' => 24 * 60 * MINUTE_MS,
        _ => return Err(wrong()),
    };
    let count: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    if count == 0 || count > 1_000_000 {
        return Err(wrong());
    }
    Ok(count * scale)
}

fn named(name: &str) -> Result<String, String> {
    let first = name.chars().next().is_some_and(|char| char.is_ascii_lowercase());
    if first
        && name.len() <= 64
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Ok(name.to_owned());
    }
    Err(format!("{name:?}: a name is lower-case letters, digits and _, at most 64"))
}
