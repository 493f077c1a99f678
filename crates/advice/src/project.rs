//! What may become of a plan: months of the known history drawn again in blocks, never a bell curve. It prints how
//! often its own intervals held on the same history, and says when that history is short.

use crate::json::Json;
use crate::number::quantile;
use crate::refusal::{Code, Refusal};

mod coverage;
mod paths;

pub use coverage::{Coverage, coverage};
use paths::Paths;

/// A plan to be projected. Money in minor units, real if the history is real.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Invested at the start.
    pub start_minor: i64,
    /// Added at the end of each month.
    pub monthly_minor: i64,
    /// Months to the goal.
    pub months: usize,
    /// Amount wanted at the end, if there is a goal.
    pub target_minor: Option<i64>,
    /// Probability with which the goal must be reached, 0 to 1.
    pub required_probability: f64,
}

/// How the projection is made; all of it goes into the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Method {
    /// Number of paths.
    pub paths: usize,
    /// Mean length of a block of months (stationary bootstrap, Politis and Romano 1994).
    pub block_months: usize,
    /// Seed of the generator.
    pub seed: u64,
    /// Adds the uncertainty of the mean; always on below thirty years of history.
    pub mean_uncertain: bool,
}

impl Default for Method {
    fn default() -> Method {
        Method { paths: 10_000, block_months: 12, seed: 1, mean_uncertain: false }
    }
}

/// The percentiles shown for each year.
pub const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What may become of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// For the end of each year: the values at `SHARES`, minor units.
    pub years: Vec<[i64; 5]>,
    /// Probability of reaching the target, and its standard error from the number of paths.
    pub success: Option<(f64, f64)>,
    /// What would reach the target with the required probability, if the plan does not.
    pub remedy: Option<Remedy>,
    /// Months of history used.
    pub history_months: usize,
    /// Whether the uncertainty of the mean is included.
    pub mean_uncertain: bool,
    /// How often intervals made this way held in the history itself; none if it is too short to test.
    pub coverage: Option<Coverage>,
}

/// Three single changes, each of which reaches the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// Monthly amount instead of the plan's.
    pub monthly_minor: i64,
    /// Amount at the start instead of the plan's.
    pub start_minor: i64,
    /// Months instead of the plan's; none within sixty years.
    pub months: Option<usize>,
}

const HISTORY_MIN: usize = 60; // five years of months, below which a block of twelve has nothing to vary
const HISTORY_LONG: usize = 360; // thirty years, below which the mean itself is uncertain
const MONTHS_MAX: usize = 720;
const PATHS_MAX: usize = 200_000;

/// Projects a plan on a history of monthly returns.
pub fn project(history: &[f64], plan: &Plan, method: &Method) -> Result<Projection, Refusal> {
    refuse_unusable(history, plan, method)?;
    let mean_uncertain = method.mean_uncertain || history.len() < HISTORY_LONG;
    let method = Method { mean_uncertain, ..*method };
    let years = plan.months.div_ceil(12);
    let paths = Paths::draw(history, plan.months, &method);
    let mut rows = Vec::with_capacity(years);
    for year in 0..years {
        let mut values = paths.values(year, plan.start_minor as f64, plan.monthly_minor as f64);
        rows.push(percentiles(&mut values));
    }
    let mut projection = Projection {
        years: rows,
        success: None,
        remedy: None,
        history_months: history.len(),
        mean_uncertain,
        coverage: coverage(history, &method),
    };
    if let Some(target) = plan.target_minor {
        let probability = paths.share_reaching(years - 1, plan, target);
        let error = (probability * (1.0 - probability) / method.paths as f64).sqrt();
        projection.success = Some((probability, error));
        if probability < plan.required_probability {
            projection.remedy = Some(remedy(history, plan, &method, &paths, target));
        }
    }
    Ok(projection)
}

/// Only the probability of reaching each plan's target, and its standard error: for comparing portfolios. Histories are
/// of one length, and the plans of one span. `None` for a plan without target.
pub fn successes(
    portfolios: &[(Vec<f64>, Plan)],
    method: &Method,
) -> Result<Vec<Option<(f64, f64)>>, Refusal> {
    let Some((first, span)) = portfolios.first().map(|(history, plan)| (history.len(), plan.months)) else {
        return Ok(Vec::new());
    };
    for (history, plan) in portfolios {
        refuse_unusable(history, plan, method)?;
        if (history.len(), plan.months) != (first, span) {
            let message = "Portfolios are compared over one history and one span.";
            return Err(Refusal::new(Code::OutOfRange, "portfolios", message));
        }
    }
    let mean_uncertain = method.mean_uncertain || first < HISTORY_LONG;
    let histories: Vec<&[f64]> = portfolios.iter().map(|(history, _)| history.as_slice()).collect();
    let ends = paths::ends(&histories, span, &Method { mean_uncertain, ..*method });
    let reached = |ends: &[(f64, f64)], plan: &Plan| {
        let target = plan.target_minor? as f64;
        let (start, monthly) = (plan.start_minor as f64, plan.monthly_minor as f64);
        let reaching = ends.iter().filter(|(a, b)| a * start + b * monthly >= target).count();
        let probability = reaching as f64 / method.paths as f64;
        Some((probability, (probability * (1.0 - probability) / method.paths as f64).sqrt()))
    };
    Ok(ends.iter().zip(portfolios).map(|(ends, (_, plan))| reached(ends, plan)).collect())
}

impl Projection {
    /// Refuses a goal that the plan does not reach, with what would.
    pub fn refuse_unreachable(&self, plan: &Plan) -> Result<(), Refusal> {
        let (Some((probability, _)), Some(remedy)) = (self.success, self.remedy) else { return Ok(()) };
        let months =
            remedy.months.map_or("no later date within sixty years".into(), |m| format!("{m} months"));
        Err(Refusal::new(
            Code::GoalUnreachable,
            "required probability",
            "The plan reaches its goal too rarely.",
        )
        .found(plan.required_probability, probability)
        .nearest(probability)
        .remedy(format!(
            "Any one of: {} a month, {} at the start, or {months} (minor units).",
            remedy.monthly_minor, remedy.start_minor
        )))
    }

    /// The projection as it is recorded and shown.
    pub fn to_json(&self) -> Json {
        let row = |row: &[i64; 5]| Json::List(row.iter().map(|v| Json::Whole(*v)).collect());
        let success = self.success.map_or(Json::Null, |(probability, error)| {
            Json::object([
                ("probability", Json::Number(probability)),
                ("standard_error", Json::Number(error)),
            ])
        });
        let remedy = self.remedy.map_or(Json::Null, |r| {
            Json::object([
                ("monthly_minor", Json::Whole(r.monthly_minor)),
                ("start_minor", Json::Whole(r.start_minor)),
                ("months", r.months.map_or(Json::Null, |m| Json::Whole(m as i64))),
            ])
        });
        Json::object([
            ("shares", Json::numbers(&SHARES)),
            ("years", Json::List(self.years.iter().map(row).collect())),
            ("success", success),
            ("remedy", remedy),
            ("history_months", Json::Whole(self.history_months as i64)),
            ("mean_uncertain", Json::Bool(self.mean_uncertain)),
            ("coverage", self.coverage.as_ref().map_or(Json::Null, Coverage::to_json)),
            ("note", Json::text(self.note())),
        ])
    }

    /// What must stand beside the picture.
    pub fn note(&self) -> String {
        let mean = if self.mean_uncertain {
            "The history is short, so the uncertainty of the mean is included. "
        } else {
            ""
        };
        match &self.coverage {
            Some(coverage) => format!(
                "{mean}Made only from what was known at the time, its 90 % interval held in {} of {} overlapping spans of {} months; a sanity check, not a promise.",
                coverage.inside_90, coverage.spans, coverage.months
            ),
            None => format!("{mean}The history is too short to test how often such intervals hold."),
        }
    }
}

fn refuse_unusable(history: &[f64], plan: &Plan, method: &Method) -> Result<(), Refusal> {
    if history.len() < HISTORY_MIN {
        return Err(Refusal::new(
            Code::TooFewObservations,
            "months of history",
            "The history is too short to project.",
        )
        .found(HISTORY_MIN as f64, history.len() as f64)
        .nearest(HISTORY_MIN as f64));
    }
    if history.iter().any(|r| !r.is_finite() || *r <= -0.999) {
        return Err(Refusal::new(Code::NanOrInf, "history", "A monthly return is missing or a total loss."));
    }
    let sane = (1..=MONTHS_MAX).contains(&plan.months)
        && (100..=PATHS_MAX).contains(&method.paths)
        && (1..=history.len()).contains(&method.block_months)
        && (0.0..=1.0).contains(&plan.required_probability)
        && plan.start_minor >= 0
        && plan.monthly_minor >= 0
        && plan.target_minor.is_none_or(|t| t >= 0);
    if sane {
        return Ok(());
    }
    let message = format!(
        "A plan spans 1 to {MONTHS_MAX} months, amounts are not below zero, paths 100 to {PATHS_MAX}."
    );
    Err(Refusal::new(Code::OutOfRange, "plan", message))
}

/// Sorts only as far as the five places need.
fn percentiles(values: &mut [f64]) -> [i64; 5] {
    let last = values.len() - 1;
    let mut from = 0;
    SHARES.map(|share| {
        let place = share * last as f64;
        let below = place.floor() as usize;
        if below >= from {
            values[from..].select_nth_unstable_by(below - from, f64::total_cmp);
            from = below;
        }
        let next = values[(below + 1).min(last)..].iter().copied().fold(f64::INFINITY, f64::min);
        let low = values[below];
        (low + (next - low) * (place - below as f64)).floor() as i64
    })
}

fn remedy(history: &[f64], plan: &Plan, method: &Method, paths: &Paths, target: i64) -> Remedy {
    let last = plan.months.div_ceil(12) - 1;
    let wanted = plan.required_probability;
    // Each path's final value is a·start + b·monthly, so what each path needs is known exactly.
    let needed = |fixed: f64, own: &dyn Fn(usize) -> (f64, f64)| {
        let mut list: Vec<f64> = (0..method.paths)
            .map(|p| {
                let (given, factor) = own(p);
                ((target as f64 - given * fixed) / factor).max(0.0)
            })
            .collect();
        list.sort_by(f64::total_cmp);
        let place = ((wanted * method.paths as f64).ceil() as usize).clamp(1, method.paths) - 1;
        list[place].ceil() as i64
    };
    let start = plan.start_minor as f64;
    let monthly_minor = needed(start, &|p| paths.factors(last, p));
    let start_minor = needed(plan.monthly_minor as f64, &|p| {
        let (a, b) = paths.factors(last, p);
        (b, a)
    });
    let longer = Paths::draw(history, MONTHS_MAX, method);
    let months = (last + 1..MONTHS_MAX / 12)
        .find(|year| longer.share_reaching(*year, plan, target) >= wanted)
        .map(|year| (year + 1) * 12);
    Remedy { monthly_minor, start_minor, months }
}

/// The quantile of final growth at each share, for the coverage test.
pub(crate) fn growth_interval(growth: &mut [f64], shares: [f64; 4]) -> [f64; 4] {
    growth.sort_by(f64::total_cmp);
    shares.map(|share| quantile(growth, share))
}

#[cfg(test)]
mod tests;
