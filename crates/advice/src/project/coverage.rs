//! How often intervals made in the past, from what was known then, held afterwards. It uses the method it tests.

use super::paths::Paths;
use super::{Method, growth_interval};
use crate::json::Json;

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Overlapping spans tested.
    pub spans: usize,
    /// Length of each in months.
    pub months: usize,
    /// Spans whose growth fell inside the 90 % interval.
    pub inside_90: usize,
    /// Spans inside the 50 % interval.
    pub inside_50: usize,
    /// Spans below the 5 % line.
    pub below_5: usize,
}

impl Coverage {
    /// The result as it is shown.
    pub fn to_json(&self) -> Json {
        let whole = |value: usize| Json::Whole(value as i64);
        Json::object([
            ("spans", whole(self.spans)),
            ("months", whole(self.months)),
            ("inside_90", whole(self.inside_90)),
            ("inside_50", whole(self.inside_50)),
            ("below_5", whole(self.below_5)),
        ])
    }
}

const PATHS: usize = 1_000; // enough to place a 5 % line within a point
const SPAN_MAX: usize = 120;
const KNOWN_MIN: usize = 120; // nobody should project from less than ten years

/// Tests spans of ten years, or of a third of what follows the first ten years of a shorter history; none if that
/// leaves less than two years.
pub fn coverage(history: &[f64], method: &Method) -> Option<Coverage> {
    let months = SPAN_MAX.min(history.len().saturating_sub(KNOWN_MIN) / 3 / 12 * 12);
    if months < 24 {
        return None;
    }
    let known_min = if history.len() >= 480 { 240 } else { KNOWN_MIN };
    let mut result = Coverage { spans: 0, months, inside_90: 0, inside_50: 0, below_5: 0 };
    let mut start = known_min;
    while start + months <= history.len() {
        let known = &history[..start];
        let method = Method { paths: PATHS, seed: method.seed ^ start as u64, ..*method };
        let paths = Paths::draw(known, months, &method);
        let mut growth = paths.values(months / 12 - 1, 1.0, 0.0);
        let [low_90, low_50, high_50, high_90] = growth_interval(&mut growth, [0.05, 0.25, 0.75, 0.95]);
        let actual = history[start..start + months].iter().fold(1.0, |v, r| v * (1.0 + r));
        result.spans += 1;
        result.inside_90 += usize::from((low_90..=high_90).contains(&actual));
        result.inside_50 += usize::from((low_50..=high_50).contains(&actual));
        result.below_5 += usize::from(actual < low_90);
        start += 6;
    }
    Some(result)
}
