//! The proof beside a solution: computed from the original numbers alone, so that it does not trust the method.

use super::tableau::{Place, Tableau};
use super::{Programme, Solution};
use crate::json::Json;
use crate::matrix::dot;

/// How far from optimal a solution can be, and what holds it there.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Upper bound on objective − optimum, in units of the objective (Fenchel gap of the stated prices).
    pub gap: f64,
    /// The gap relative to the objective, or to a hundredth of the mean variance where that is larger.
    pub gap_relative: f64,
    /// Largest violation of a Karush-Kuhn-Tucker condition, objective in mean variances, rows in largest
    /// coefficients.
    pub residual: f64,
    /// The bounds and rows that hold the solution.
    pub active: Vec<Active>,
}

/// One bound or row that holds the solution.
#[derive(Debug, Clone, PartialEq)]
pub struct Active {
    /// The variable's number, if a bound or present holding holds it.
    pub variable: Option<usize>,
    /// The row's name, if a row does.
    pub row: Option<String>,
    /// Which end holds.
    pub side: Side,
    /// Change of the optimal objective for each unit the end is moved up.
    pub price: f64,
}

/// Which end of a constraint holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The smallest value.
    Lower,
    /// The present holding: trading costs more than it brings.
    Held,
    /// The largest value.
    Upper,
    /// Both ends are the same.
    Equal,
}

impl Side {
    /// The word used in records.
    pub fn name(self) -> &'static str {
        match self {
            Side::Lower => "lower",
            Side::Held => "held",
            Side::Upper => "upper",
            Side::Equal => "equal",
        }
    }
}

impl Certificate {
    /// The certificate as JSON, variables by their names.
    pub fn to_json(&self, names: &[String]) -> Json {
        let active = self.active.iter().map(|active| {
            let name = match (&active.row, active.variable) {
                (Some(row), _) => row.clone(),
                (None, Some(variable)) => {
                    names.get(variable).cloned().unwrap_or_else(|| format!("#{variable}"))
                }
                (None, None) => String::new(),
            };
            Json::object([
                ("name", Json::Text(name)),
                ("kind", Json::text(if active.row.is_some() { "row" } else { "bound" })),
                ("side", Json::text(active.side.name())),
                ("price", Json::Number(active.price)),
            ])
        });
        Json::object([
            ("gap", Json::Number(self.gap)),
            ("gap_relative", Json::Number(self.gap_relative)),
            ("residual", Json::Number(self.residual)),
            ("active", Json::List(active.collect())),
        ])
    }
}

pub(super) fn certify(programme: &Programme, tableau: &Tableau) -> Solution {
    let n = programme.linear.len();
    let scale = tableau.objective_scale;
    let x: Vec<f64> =
        (0..n).map(|i| tableau.value[i].clamp(programme.lower[i], programme.upper[i])).collect();
    let multipliers: Vec<f64> = (0..programme.rows.len())
        .map(|r| if tableau.is_free(n + r) { 0.0 } else { tableau.price[n + r] / tableau.row_scale[r] })
        .collect();
    let (mut residual, mut gap) = (0.0f64, 0.0);
    let mut active = Vec::new();
    for i in 0..n {
        let mut gradient = (dot(programme.quadratic.row(i), &x) + programme.linear[i]) / scale;
        for (row, y) in programme.rows.iter().zip(&multipliers) {
            gradient -= y * row.coefficients[i];
        }
        let (wrong, loss) = pair_violation(tableau, i, x[i], gradient);
        residual = residual.max(wrong);
        gap += loss;
        if let Place::At(point) = tableau.place[i] {
            active.push(Active {
                variable: Some(i),
                row: None,
                side: side(tableau, i, point),
                price: gradient * scale,
            });
        }
    }
    for (r, row) in programme.rows.iter().enumerate() {
        let value = dot(&row.coefficients, &x) / tableau.row_scale[r];
        let price = multipliers[r] * tableau.row_scale[r];
        let (wrong, loss) = pair_violation(tableau, n + r, value, price);
        residual = residual.max(wrong);
        gap += loss;
        if let Place::At(point) = tableau.place[n + r] {
            let side = side(tableau, n + r, point);
            active.push(Active {
                variable: None,
                row: Some(row.name.clone()),
                side,
                price: multipliers[r] * scale,
            });
        }
    }
    let objective = programme.objective(&x);
    let gap = gap.max(0.0) * scale;
    let gap_relative = gap / objective.abs().max(1e-2 * scale);
    Solution { x, objective, certificate: Certificate { gap, gap_relative, residual, active } }
}

/// How wrong a (value, price) pair is, and what it adds to the gap: cost + conjugate + value · price.
fn pair_violation(tableau: &Tableau, pair: usize, value: f64, price: f64) -> (f64, f64) {
    let breaks = &tableau.breaks[pair];
    let last = usize::from(breaks.last);
    let outside = (breaks.points[0] - value).max(value - breaks.points[last]).max(0.0);
    // The cost at a point, counted from the first break point that is finite.
    let origin = if breaks.points[0].is_finite() { 0 } else { last };
    let cost = |at: f64| {
        let from = breaks.points[origin];
        if last < 2 || !from.is_finite() {
            return if from.is_finite() { breaks.slopes[0] * (at - from) } else { 0.0 };
        }
        let kink = breaks.points[1];
        breaks.slopes[0] * (at.min(kink) - from) + breaks.slopes[1] * (at - kink).max(0.0)
    };
    // The best value at this price is at a break point; the loss against it is the Fenchel gap of the pair.
    let mut best = f64::INFINITY;
    let mut wrong_sign = 0.0f64;
    for (number, point) in breaks.points.iter().enumerate().take(last + 1) {
        if point.is_finite() {
            best = best.min(cost(*point) + price * point);
        } else if number == 0 {
            wrong_sign = wrong_sign.max(price + breaks.slopes[0]);
        } else {
            wrong_sign = wrong_sign.max(-(price + breaks.slopes[0]));
        }
    }
    let loss = if best.is_finite() { (cost(value) + price * value - best).max(0.0) } else { 0.0 };
    // A price wrong at a break point only matters as far as the value could move.
    let stationary = distance_to_stationary(breaks, value, price);
    (outside.max(wrong_sign).max(stationary), loss)
}

/// Distance of −price from the subdifferential of the cost at `value`.
fn distance_to_stationary(breaks: &super::tableau::Breaks, value: f64, price: f64) -> f64 {
    const NEAR: f64 = 1e-12; // a value this close to a break point counts as on it
    let last = usize::from(breaks.last);
    if last == 0 {
        return 0.0;
    }
    let at = (0..=last).find(|k| (breaks.points[*k] - value).abs() <= NEAR * (1.0 + value.abs()));
    let (below, above) = match at {
        Some(point) => (
            if point == 0 { f64::NEG_INFINITY } else { breaks.slopes[point - 1] },
            if point == last { f64::INFINITY } else { breaks.slopes[usize::from(point == 1)] },
        ),
        None => {
            let slope = breaks.slopes[usize::from(last == 2 && value > breaks.points[1])];
            (slope, slope)
        }
    };
    (below + price).max(-(above + price)).max(0.0)
}

fn side(tableau: &Tableau, pair: usize, point: u8) -> Side {
    match (tableau.breaks[pair].last, point) {
        (0, _) => Side::Equal,
        (_, 0) => Side::Lower,
        (2, 1) => Side::Held,
        _ => Side::Upper,
    }
}
