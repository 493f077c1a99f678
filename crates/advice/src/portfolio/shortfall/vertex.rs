//! The linear programme of the conditional value at risk, walked from vertex to vertex in the space of the weights
//! and the value at risk. A step passes every scenario whose kink still leaves the way downhill.

use crate::matrix::{Matrix, dot};
use crate::portfolio::Limits;
use crate::prices::Returns;
use crate::quadratic::{Active, Certificate, Programme, Row, Side};
use crate::refusal::{Code, Refusal};

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

    /// Moves along the freed direction to its lowest point and holds what stopped it.
    fn step(&mut self, leaving: usize, direction: f64) -> f64 {
        let n = self.columns.len();
        let way: Vec<f64> = (0..=n).map(|i| self.inverse.at(i, leaving) * direction).collect();
        let mut rates = vec![-way[n]; self.admitted.len()];
        for (column, part) in self.columns.iter().zip(&way) {
            if part.abs() > 1e-15 {
                rates.iter_mut().zip(column).for_each(|(rate, r)| *rate -= part * r);
            }
        }
        let mut slope = dot(&self.gradient, &way);
        if let Held::Scenario(t) = self.held[leaving] {
            self.is_held[t] = false;
            self.in_tail[t] = direction > 0.0;
            if direction > 0.0 {
                slope += self.scenario_price;
                self.add_to_gradient(t, self.scenario_price);
            }
        }
        let (wall, stop) = self.wall(&way);
        let mut kinks: Vec<(f64, usize)> = Vec::new();
        for (t, rate) in rates.iter().enumerate() {
            let towards = if self.in_tail[t] { *rate < 0.0 } else { *rate > 0.0 };
            if towards && rate.abs() > 1e-13 && !self.is_held[t] && self.held[leaving] != Held::Scenario(t) {
                let room = (-self.excess[t] / rate).max(0.0);
                if room <= wall {
                    kinks.push((room, t));
                }
            }
        }
        let (length, stop) = self.pass(&mut kinks, &rates, slope, wall, stop);
        for (p, part) in self.point.iter_mut().zip(&way) {
            *p += length * part;
        }
        for (e, rate) in self.excess.iter_mut().zip(&rates) {
            *e += length * rate;
        }
        if let Some(stop) = stop {
            if let Held::Scenario(t) = stop {
                self.is_held[t] = true;
                self.excess[t] = 0.0;
                if self.in_tail[t] {
                    self.in_tail[t] = false;
                    self.add_to_gradient(t, -self.scenario_price);
                }
            }
            self.replace(leaving, stop);
        }
        length
    }

    /// Passes kinks in order until the way leads uphill; those passed change sides.
    fn pass(
        &mut self,
        kinks: &mut [(f64, usize)],
        rates: &[f64],
        mut slope: f64,
        wall: f64,
        stop: Option<Held>,
    ) -> (f64, Option<Held>) {
        // Only the nearest few matter: sort them in growing shares.
        let mut done = 0;
        let mut share = 32;
        while done < kinks.len() {
            let end = (done + share).min(kinks.len());
            let rest = &mut kinks[done..];
            let by = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if end - done < rest.len() {
                rest.select_nth_unstable_by(end - done, by);
            }
            rest[..end - done].sort_unstable_by(by);
            for (room, t) in &kinks[done..end] {
                slope += self.scenario_price * rates[*t].abs();
                if slope >= 0.0 {
                    return (*room, Some(Held::Scenario(*t)));
                }
                self.in_tail[*t] = !self.in_tail[*t];
                let price = if self.in_tail[*t] { self.scenario_price } else { -self.scenario_price };
                self.add_to_gradient(*t, price);
            }
            done = end;
            share *= 2;
        }
        (if wall.is_finite() { wall } else { 0.0 }, stop)
    }

    /// The first bound or row met on the way.
    fn wall(&self, way: &[f64]) -> (f64, Option<Held>) {
        let n = self.columns.len();
        let mut best = (f64::INFINITY, None);
        let mut meet = |rate: f64, value: f64, (low, high): (f64, f64), held: [Held; 2]| {
            let (end, held) = if rate > 0.0 { (high, held[1]) } else { (low, held[0]) };
            let room = ((end - value) / rate).max(0.0);
            if rate.abs() > 1e-11 && room < best.0 {
                best = (room, Some(held));
            }
        };
        let mut fixed = vec![false; n + self.programme.rows.len()];
        for held in &self.held {
            match held {
                Held::Lower(i) | Held::Upper(i) => fixed[*i] = true,
                Held::Row(r, _) => fixed[n + r] = true,
                Held::Scenario(_) => {}
            }
        }
        for i in 0..n {
            // A freed bound moves away from its own end, so it can only meet the other one.
            let ends = (self.programme.lower[i], self.programme.upper[i]);
            if !fixed[i] || way[i].abs() > 1e-9 {
                meet(way[i], self.point[i], ends, [Held::Lower(i), Held::Upper(i)]);
            }
        }
        for (r, row) in self.programme.rows.iter().enumerate() {
            let rate = dot(&row.coefficients, &way[..n]);
            let value = dot(&row.coefficients, &self.point[..n]);
            if row.lower < row.upper && (!fixed[n + r] || rate.abs() > 1e-9) {
                meet(rate, value, (row.lower, row.upper), [Held::Row(r, false), Held::Row(r, true)]);
            }
        }
        best
    }

    fn add_to_gradient(&mut self, t: usize, price: f64) {
        let n = self.columns.len();
        for (slope, column) in self.gradient.iter_mut().zip(&self.columns) {
            *slope -= price * column[t];
        }
        self.gradient[n] -= price;
    }

    /// Holds `new` in place of the functional number `leaving`.
    fn replace(&mut self, leaving: usize, new: Held) {
        let size = self.held.len();
        let row = self.functional(new);
        let mut along = vec![0.0; size];
        for (i, part) in row.iter().enumerate() {
            if *part != 0.0 {
                along.iter_mut().zip(self.inverse.row(i)).for_each(|(a, v)| *a += part * v);
            }
        }
        self.held[leaving] = new;
        let pivot = along[leaving];
        if pivot.abs() < 1e-12 {
            self.refresh();
            return;
        }
        for i in 0..size {
            let target = self.inverse.row_mut(i);
            let scaled = target[leaving] / pivot;
            if scaled != 0.0 {
                target.iter_mut().zip(&along).for_each(|(v, a)| *v -= scaled * a);
            }
            target[leaving] = scaled;
        }
    }

    /// The vertex with the dual bound that proves it: prices times levels.
    fn conclude(mut self, returns: &Returns) -> Vertex {
        self.refresh();
        let n = self.columns.len();
        let prices = self.prices();
        let mut bound = 0.0;
        let mut residual = 0.0f64;
        let mut active = Vec::new();
        for (held, price) in self.held.iter().zip(&prices) {
            let scale = self.objective.risk;
            let wrong = match held {
                Held::Lower(_) | Held::Row(_, false) => -price,
                Held::Upper(_) | Held::Row(_, true) => *price,
                Held::Scenario(_) => price.max(-price - self.scenario_price),
            };
            let equal = match held {
                Held::Lower(i) | Held::Upper(i) => self.programme.lower[*i] == self.programme.upper[*i],
                Held::Row(r, _) => self.programme.rows[*r].lower == self.programme.rows[*r].upper,
                Held::Scenario(_) => false,
            };
            if !equal {
                residual = residual.max(wrong / scale);
            }
            bound += price * self.level(*held);
            active.extend(described(self.programme, *held, equal, *price));
        }
        let weights: Vec<f64> =
            (0..n).map(|i| self.point[i].clamp(self.programme.lower[i], self.programme.upper[i])).collect();
        for row in &self.programme.rows {
            let value = dot(&row.coefficients, &weights);
            residual = residual.max(row.lower - value).max(value - row.upper);
        }
        let (_, risk) = super::conditional(returns, self.objective.confidence, &weights);
        let value = self.objective.risk * risk + dot(&self.objective.linear, &weights);
        let gap = (value - bound).max(0.0);
        let gap_relative = gap / value.abs().max(1e-12);
        Vertex {
            weights,
            certificate: Certificate { gap, gap_relative, residual: residual.max(0.0), active },
        }
    }
}

fn described(programme: &Programme, held: Held, equal: bool, price: f64) -> Option<Active> {
    let side = |upper: bool| match (equal, upper) {
        (true, _) => Side::Equal,
        (false, true) => Side::Upper,
        (false, false) => Side::Lower,
    };
    let named = |row: &Row| Some(row.name.clone());
    Some(match held {
        Held::Lower(i) => Active { variable: Some(i), row: None, side: side(false), price },
        Held::Upper(i) => Active { variable: Some(i), row: None, side: side(true), price },
        Held::Row(r, upper) => {
            Active { variable: None, row: named(&programme.rows[r]), side: side(upper), price }
        }
        Held::Scenario(_) => return None,
    })
}

/// The inverse by Gauss-Jordan with row exchanges; `None` if singular.
fn inverted(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.rows();
    let mut work = matrix.clone();
    let mut inverse = Matrix::diagonal(&vec![1.0; n]);
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if work.at(i, k).abs() > work.at(pivot, k).abs() {
                pivot = i;
            }
        }
        if work.at(pivot, k).abs() < 1e-13 {
            return None;
        }
        for matrix in [&mut work, &mut inverse] {
            if pivot != k {
                let (a, b) = (matrix.row(k).to_vec(), matrix.row(pivot).to_vec());
                matrix.row_mut(k).copy_from_slice(&b);
                matrix.row_mut(pivot).copy_from_slice(&a);
            }
        }
        let scale = 1.0 / work.at(k, k);
        work.row_mut(k).iter_mut().for_each(|v| *v *= scale);
        inverse.row_mut(k).iter_mut().for_each(|v| *v *= scale);
        let (work_row, inverse_row) = (work.row(k).to_vec(), inverse.row(k).to_vec());
        for i in (0..n).filter(|i| *i != k) {
            let factor = work.at(i, k);
            if factor != 0.0 {
                work.row_mut(i).iter_mut().zip(&work_row).for_each(|(v, w)| *v -= factor * w);
                inverse.row_mut(i).iter_mut().zip(&inverse_row).for_each(|(v, w)| *v -= factor * w);
            }
        }
    }
    Some(inverse)
}
