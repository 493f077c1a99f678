//! The linear programme of the conditional value at risk, walked from vertex to vertex in the space of the weights
//! and the value at risk. A step passes every scenario whose kink still leaves the way downhill.

use crate::matrix::Matrix;
use crate::portfolio::Limits;
use crate::prices::Returns;
use crate::quadratic::{Certificate, Programme};
use crate::refusal::{Code, Refusal};

mod inverse;
mod proof;
mod step;

use inverse::inverted;

/// risk · CVaR + linear · w.
pub(super) struct Objective {
    pub(super) risk: f64,
    pub(super) linear: Vec<f64>,
    pub(super) confidence: f64,
}

/// An optimal vertex.
pub(super) struct Vertex {
    pub(super) weights: Vec<f64>,
    pub(super) certificate: Certificate,
}

const STEPS_MAX: usize = 200_000; // hundreds are usual; this only ends a walk that rounding keeps going
const SLACK: f64 = 1e-12; // prices this wrong, relative to the scenario price, are rounding

/// What holds the vertex: n + 1 of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Lower(usize),
    Upper(usize),
    Row(usize, bool),
    Scenario(usize),
}

pub(super) fn solve(
    returns: &Returns,
    limits: &Limits,
    mean: &[f64],
    objective: &Objective,
    _warm: Option<&Vertex>,
) -> Result<Vertex, Refusal> {
    let periods = returns.periods();
    let mass = (1.0 - objective.confidence) * periods as f64;
    if !(objective.confidence > 0.0 && objective.confidence < 1.0) || mass < 1.0 {
        let needed = 1.0 - 1.0 / periods as f64;
        return Err(Refusal::new(Code::OutOfRange, "confidence", "The tail holds less than one scenario.")
            .found(needed, objective.confidence)
            .nearest(needed)
            .remedy("Lower the confidence or bring a longer history."));
    }
    let n = returns.assets();
    let rows = limits.rows(n, mean)?;
    let flat = Matrix::zeros(n, n);
    let linear = if objective.risk > 0.0 { vec![0.0; n] } else { objective.linear.clone() };
    let programme = Programme {
        quadratic: &flat,
        linear,
        lower: limits.lower.clone(),
        upper: limits.upper.clone(),
        rows,
        costs: None,
    };
    if objective.risk <= 0.0 {
        let solution = programme.solve()?;
        return Ok(Vertex { weights: solution.x, certificate: solution.certificate });
    }
    let mut walk = Walk::start(returns, &programme, objective)?;
    loop {
        walk.descend();
        if !walk.admit_missed(returns) {
            break;
        }
    }
    Ok(walk.conclude(returns))
}

struct Walk<'a> {
    programme: &'a Programme<'a>,
    objective: &'a Objective,
    /// Price of each scenario in the tail: risk / ((1 − confidence) · T).
    scenario_price: f64,
    /// The scenarios admitted, by their numbers, and their returns, asset by asset.
    admitted: Vec<usize>,
    is_admitted: Vec<bool>,
    columns: Vec<Vec<f64>>,
    /// −r·w − ζ of each admitted scenario; exactly 0 for held ones.
    excess: Vec<f64>,
    in_tail: Vec<bool>,
    is_held: Vec<bool>,
    point: Vec<f64>, // weights, then ζ
    held: Vec<Held>,
    inverse: Matrix,    // columns: directions that move one held functional by 1 and no other
    gradient: Vec<f64>, // of the objective without the held scenarios
}

impl<'a> Walk<'a> {
    fn start(
        returns: &Returns,
        programme: &'a Programme,
        objective: &'a Objective,
    ) -> Result<Walk<'a>, Refusal> {
        let n = returns.assets();
        let tableau = programme.start()?;
        let mut held = Vec::with_capacity(n + 1);
        for pair in 0..tableau.pairs() {
            if let crate::quadratic::Place::At(point) = tableau.place[pair] {
                held.push(match (pair < n, point) {
                    (true, 0) => Held::Lower(pair),
                    (true, _) => Held::Upper(pair),
                    (false, at) => Held::Row(pair - n, at > 0),
                });
            }
        }
        let mut point: Vec<f64> = tableau.value[..n].to_vec();
        let periods = returns.periods();
        let mass = (1.0 - objective.confidence) * periods as f64;
        // Admit what hurts the vertex, equal weights or the single assets' mixtures most; the rest is checked later.
        let start_losses: Vec<f64> = returns.portfolio(&point).iter().map(|r| -r).collect();
        let equal = returns.portfolio(&vec![1.0 / n as f64; n]);
        let wanted = ((mass * 2.5) as usize + 4 * n + 20).min(periods);
        let mut is_admitted = vec![false; periods];
        for list in [&start_losses, &equal.iter().map(|r| -r).collect::<Vec<_>>()] {
            let mut ranked: Vec<usize> = (0..periods).collect();
            if wanted < periods {
                ranked.select_nth_unstable_by(wanted, |a, b| list[*b].total_cmp(&list[*a]).then(a.cmp(b)));
            }
            ranked[..wanted].iter().for_each(|t| is_admitted[*t] = true);
        }
        let mut ranked: Vec<usize> = (0..periods).collect();
        ranked.sort_unstable_by(|a, b| start_losses[*b].total_cmp(&start_losses[*a]).then(a.cmp(b)));
        let edge = ranked[(mass.floor() as usize).min(periods - 1)];
        point.push(start_losses[edge]);
        is_admitted[edge] = true;
        let mut walk = Walk {
            programme,
            objective,
            scenario_price: objective.risk / mass,
            admitted: Vec::new(),
            is_admitted: vec![false; periods],
            columns: vec![Vec::new(); n],
            excess: Vec::new(),
            in_tail: Vec::new(),
            is_held: Vec::new(),
            point,
            held,
            inverse: Matrix::zeros(0, 0),
            gradient: Vec::new(),
        };
        for t in (0..periods).filter(|t| is_admitted[*t]) {
            walk.admit(returns, t);
        }
        let edge = walk.admitted.iter().position(|t| *t == edge).expect("the edge was admitted above");
        walk.held.push(Held::Scenario(edge));
        walk.is_held[edge] = true;
        walk.refresh();
        Ok(walk)
    }

    fn admit(&mut self, returns: &Returns, t: usize) {
        let n = self.columns.len();
        let mut excess = -self.point[n];
        for ((column, source), weight) in self.columns.iter_mut().zip(returns.columns()).zip(&self.point) {
            column.push(source[t]);
            excess -= weight * source[t];
        }
        self.admitted.push(t);
        self.is_admitted[t] = true;
        self.excess.push(excess);
        self.in_tail.push(excess > 0.0);
        self.is_held.push(false);
    }

    /// Admits scenarios left out that lie in the tail after all; false when there are none.
    fn admit_missed(&mut self, returns: &Returns) -> bool {
        let n = self.columns.len();
        let losses = returns.portfolio(&self.point[..n]);
        let edge = self.point[n];
        let missed: Vec<usize> =
            (0..losses.len()).filter(|t| !self.is_admitted[*t] && -losses[*t] - edge > 0.0).collect();
        for t in &missed {
            self.admit(returns, *t);
        }
        if !missed.is_empty() {
            self.refresh();
        }
        !missed.is_empty()
    }

    /// The gradient of one held functional in the space of weights and ζ.
    fn functional(&self, held: Held) -> Vec<f64> {
        let n = self.columns.len();
        let mut row = vec![0.0; n + 1];
        match held {
            Held::Lower(i) | Held::Upper(i) => row[i] = 1.0,
            Held::Row(r, _) => row[..n].copy_from_slice(&self.programme.rows[r].coefficients),
            Held::Scenario(t) => {
                for (target, column) in row.iter_mut().zip(&self.columns) {
                    *target = -column[t];
                }
                row[n] = -1.0;
            }
        }
        row
    }

    fn level(&self, held: Held) -> f64 {
        match held {
            Held::Lower(i) => self.programme.lower[i],
            Held::Upper(i) => self.programme.upper[i],
            Held::Row(r, true) => self.programme.rows[r].upper,
            Held::Row(r, false) => self.programme.rows[r].lower,
            Held::Scenario(_) => 0.0,
        }
    }

    /// Recomputes inverse, point, excesses and gradient from the held functionals alone.
    fn refresh(&mut self) {
        let size = self.held.len();
        let mut rows = Matrix::zeros(size, size);
        for (k, held) in self.held.iter().enumerate() {
            rows.row_mut(k).copy_from_slice(&self.functional(*held));
        }
        if let Some(inverse) = inverted(&rows) {
            let levels: Vec<f64> = self.held.iter().map(|h| self.level(*h)).collect();
            let mut point = inverse.times(&levels);
            let missing: Vec<f64> = rows.times(&point).iter().zip(&levels).map(|(v, l)| l - v).collect();
            for (p, c) in point.iter_mut().zip(inverse.times(&missing)) {
                *p += c;
            }
            self.point = point;
            self.inverse = inverse;
        }
        let n = self.columns.len();
        let mut excess = vec![-self.point[n]; self.admitted.len()];
        for (column, weight) in self.columns.iter().zip(&self.point) {
            if *weight != 0.0 {
                excess.iter_mut().zip(column).for_each(|(e, r)| *e -= weight * r);
            }
        }
        self.gradient = self.objective.linear.clone();
        self.gradient.push(self.objective.risk);
        for (t, e) in excess.iter_mut().enumerate() {
            if self.is_held[t] {
                *e = 0.0;
            }
            self.in_tail[t] = *e > 0.0;
        }
        self.excess = excess;
        for (slope, column) in self.gradient.iter_mut().zip(&self.columns) {
            let tail: f64 = column.iter().zip(&self.in_tail).filter(|(_, tail)| **tail).map(|(r, _)| r).sum();
            *slope -= self.scenario_price * tail;
        }
        let count = self.in_tail.iter().filter(|tail| **tail).count();
        self.gradient[n] -= self.scenario_price * count as f64;
    }

    fn descend(&mut self) {
        let mut idle = 0;
        for step in 1..=STEPS_MAX {
            let Some((leaving, direction)) = self.leaving(idle > 40) else {
                // Rounding may hide what is left; look once more with fresh numbers.
                self.refresh();
                if self.leaving(idle > 40).is_none() {
                    return;
                }
                continue;
            };
            let length = self.step(leaving, direction);
            idle = if length > 1e-14 { 0 } else { idle + 1 };
            if step % 64 == 0 {
                self.refresh();
            }
        }
    }

    /// Prices of the held functionals.
    fn prices(&self) -> Vec<f64> {
        let size = self.held.len();
        let mut prices = vec![0.0; size];
        for (i, slope) in self.gradient.iter().enumerate() {
            if *slope != 0.0 {
                prices.iter_mut().zip(self.inverse.row(i)).for_each(|(p, v)| *p += slope * v);
            }
        }
        prices
    }

    /// The held functional to let go and the direction in which it goes: steepest, or the first when stalled.
    fn leaving(&self, first: bool) -> Option<(usize, f64)> {
        let size = self.held.len();
        let mut lengths = vec![1e-300; size];
        for i in 0..size {
            lengths.iter_mut().zip(self.inverse.row(i)).for_each(|(l, v)| *l += v * v);
        }
        let slack = SLACK * self.objective.risk.max(1e-9);
        let mut best = None;
        let mut steepest = 0.0;
        for (k, price) in self.prices().into_iter().enumerate() {
            let (up, down) = match self.held[k] {
                Held::Lower(i) | Held::Upper(i) if self.programme.lower[i] == self.programme.upper[i] => {
                    (0.0, 0.0)
                }
                Held::Row(r, _) if self.programme.rows[r].lower == self.programme.rows[r].upper => (0.0, 0.0),
                Held::Lower(_) | Held::Row(_, false) => (-price, 0.0),
                Held::Upper(_) | Held::Row(_, true) => (0.0, price),
                Held::Scenario(_) => (-price - self.scenario_price, price),
            };
            let (fall, direction) = if up > down { (up, 1.0) } else { (down, -1.0) };
            if fall <= slack {
                continue;
            }
            if first {
                return Some((k, direction));
            }
            let steep = fall * fall / lengths[k];
            if steep > steepest {
                steepest = steep;
                best = Some((k, direction));
            }
        }
        best
    }
}
