//! The pivoting table of the complementary pairs (value, reduced price) of variables and rows. It keeps the table
//! consistent under exchanges and steps; which exchange to make is decided elsewhere.

use super::Programme;
use crate::matrix::{Matrix, dot};

/// Where the value of a pair stands among its break points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Held at break point number so-and-so; its price follows.
    At(u8),
    /// Free between this break point and the next; its price is given.
    In(u8),
}

/// Up to three break points with the cost slopes between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Breaks {
    pub(crate) points: [f64; 3],
    pub(crate) slopes: [f64; 2],
    pub(crate) last: u8,
}

/// One pair for each variable (x, gradient) and each row (activity, multiplier). The table gives the dependent
/// member of each pair from the independent ones.
#[derive(Debug, Clone)]
pub(crate) struct Tableau {
    /// Number of variables; pairs from here on are rows.
    pub(crate) variables: usize,
    /// Dependent = table · independent + constant.
    pub(crate) table: Matrix,
    pub(crate) value: Vec<f64>,
    pub(crate) price: Vec<f64>,
    pub(crate) place: Vec<Place>,
    pub(crate) breaks: Vec<Breaks>,
    /// Objective is divided by this, each row by its own, so that tolerances are plain numbers.
    pub(crate) objective_scale: f64,
    pub(crate) row_scale: Vec<f64>,
    scratch: Vec<f64>,
}

impl Tableau {
    /// Every variable at its lower bound, every row free: nothing has been reached yet.
    pub(crate) fn new(programme: &Programme) -> Tableau {
        let n = programme.linear.len();
        let pairs = n + programme.rows.len();
        let mut tableau = Tableau {
            variables: n,
            table: Matrix::zeros(pairs, pairs),
            value: vec![0.0; pairs],
            price: vec![0.0; pairs],
            place: vec![Place::At(0); pairs],
            breaks: Vec::with_capacity(pairs),
            objective_scale: objective_scale(programme),
            row_scale: programme.rows.iter().map(|row| largest(&row.coefficients)).collect(),
            scratch: vec![0.0; pairs],
        };
        for i in 0..n {
            tableau.breaks.push(variable_breaks(programme, i, tableau.objective_scale));
        }
        for (row, scale) in programme.rows.iter().zip(&tableau.row_scale) {
            let points = [row.lower / scale, row.upper / scale, f64::INFINITY];
            tableau.breaks.push(Breaks { points, slopes: [0.0; 2], last: u8::from(row.lower < row.upper) });
        }
        tableau.fill(programme);
        for pair in 0..pairs {
            tableau.value[pair] = if pair < n { programme.lower[pair] } else { 0.0 };
            tableau.place[pair] = if pair < n { Place::At(0) } else { Place::In(0) };
        }
        tableau.recompute(programme);
        tableau
    }

    /// Number of pairs.
    pub(crate) fn pairs(&self) -> usize {
        self.value.len()
    }

    /// Whether the pair's value is free.
    #[inline]
    pub(crate) fn is_free(&self, pair: usize) -> bool {
        matches!(self.place[pair], Place::In(_))
    }

    /// The smallest and largest value of a pair.
    #[inline]
    pub(crate) fn ends(&self, pair: usize) -> (f64, f64) {
        let breaks = &self.breaks[pair];
        (breaks.points[0], breaks.points[breaks.last as usize])
    }

    /// The price a free pair must have: minus the slope of its cost there.
    #[inline]
    pub(crate) fn target(&self, pair: usize) -> f64 {
        match self.place[pair] {
            Place::In(segment) => -self.breaks[pair].slopes[segment as usize],
            Place::At(_) => self.price[pair],
        }
    }

    /// Moves the independent member of a pair and everything that depends on it.
    pub(crate) fn step(&mut self, pair: usize, change: f64) {
        for other in 0..self.pairs() {
            let effect = self.table.at(other, pair) * change;
            match self.place[other] {
                Place::In(_) => self.value[other] += effect,
                Place::At(_) => self.price[other] += effect,
            }
        }
        match self.place[pair] {
            Place::In(_) => self.price[pair] += change,
            Place::At(_) => self.value[pair] += change,
        }
    }

    /// Makes the independent member of a pair dependent and the reverse. The caller sets the new place.
    pub(crate) fn exchange(&mut self, pair: usize) {
        self.exchange_entry(pair, pair);
    }

    /// Exchanges two pairs at once, where one alone would divide by nothing.
    pub(crate) fn exchange_two(&mut self, a: usize, b: usize) {
        self.exchange_entry(a, b);
        self.exchange_entry(b, a);
        let pairs = self.pairs();
        for column in 0..pairs {
            let (x, y) = (self.table.at(a, column), self.table.at(b, column));
            self.table.set(a, column, y);
            self.table.set(b, column, x);
        }
        for row in 0..pairs {
            self.table.row_mut(row).swap(a, b);
        }
    }

    fn exchange_entry(&mut self, row: usize, column: usize) {
        let inverse = 1.0 / self.table.at(row, column);
        self.scratch.clear();
        self.scratch.extend(self.table.row(row).iter().map(|v| -v * inverse));
        self.scratch[column] = inverse;
        for other in 0..self.value.len() {
            let target = self.table.row_mut(other);
            let factor = target[column];
            if other == row {
                target.copy_from_slice(&self.scratch);
            } else if factor != 0.0 {
                target[column] = 0.0;
                for (t, s) in target.iter_mut().zip(&self.scratch) {
                    *t += factor * s;
                }
            }
        }
    }

    /// The segment between break points in which a value lies.
    pub(crate) fn segment(&self, pair: usize, value: f64) -> u8 {
        let breaks = &self.breaks[pair];
        u8::from(breaks.last == 2 && value >= breaks.points[1])
    }

    /// Builds the table anew from the original numbers with the same places, against the drift of many exchanges.
    pub(crate) fn rebuild(&mut self, programme: &Programme) {
        let pairs = self.pairs();
        self.fill(programme);
        let n = self.variables;
        // The pairs to exchange: free variables and held rows. Take the largest available entry each time.
        let mut waiting: Vec<usize> = (0..pairs).filter(|p| self.is_free(*p) == (*p < n)).collect();
        while !waiting.is_empty() {
            let mut best = (0.0, 0, 0);
            for (i, a) in waiting.iter().enumerate() {
                let diagonal = self.table.at(*a, *a).abs();
                // A diagonal entry exchanges one pair and is preferred unless tiny.
                if diagonal * 8.0 > best.0 {
                    best = (diagonal * 8.0, i, i);
                }
                for (j, b) in waiting.iter().enumerate().skip(i + 1) {
                    if self.table.at(*a, *b).abs() > best.0 {
                        best = (self.table.at(*a, *b).abs(), i, j);
                    }
                }
            }
            if best.0 == 0.0 {
                break;
            }
            let (a, b) = (waiting[best.1], waiting[best.2]);
            if a == b {
                self.exchange(a);
            } else {
                self.exchange_two(a, b);
            }
            waiting.retain(|p| *p != a && *p != b);
        }
        for pair in 0..pairs {
            self.snap(pair);
        }
        self.recompute(programme);
        self.refine(programme);
    }

    /// Corrects values and prices by their residuals in the original numbers: the table is the inverse needed.
    pub(crate) fn refine(&mut self, programme: &Programme) {
        for _ in 0..2 {
            let (value_error, price_error) = self.errors(programme);
            for pair in 0..self.pairs() {
                let free = self.is_free(pair);
                let mut correction = 0.0;
                for other in 0..self.pairs() {
                    // Errors of given members; the dependent ones of held pairs are simply recomputed below.
                    let error = if self.is_free(other) { price_error[other] } else { value_error[other] };
                    if error != 0.0 {
                        correction += self.table.at(pair, other) * error;
                    }
                }
                if free {
                    self.value[pair] -= correction;
                } else {
                    self.price[pair] -= correction;
                }
            }
            for pair in 0..self.pairs() {
                self.snap(pair);
                if self.is_free(pair) {
                    self.price[pair] = self.target(pair);
                }
            }
        }
        self.recompute(programme);
    }

    /// Given members against what the original numbers say: rows held elsewhere than their activity, free
    /// variables with another gradient than given.
    fn errors(&self, programme: &Programme) -> (Vec<f64>, Vec<f64>) {
        let n = self.variables;
        let (mut value_error, mut price_error) = (vec![0.0; self.pairs()], vec![0.0; self.pairs()]);
        let x = &self.value[..n];
        for (pair, error) in price_error.iter_mut().enumerate().take(n) {
            if self.is_free(pair) {
                *error = self.gradient(programme, pair) - self.target(pair);
            }
        }
        for (r, row) in programme.rows.iter().enumerate() {
            if !self.is_free(n + r) {
                value_error[n + r] = dot(&row.coefficients, x) / self.row_scale[r] - self.value[n + r];
            }
        }
        (value_error, price_error)
    }

    fn gradient(&self, programme: &Programme, variable: usize) -> f64 {
        let n = self.variables;
        let mut gradient = (dot(programme.quadratic.row(variable), &self.value[..n])
            + programme.linear[variable])
            / self.objective_scale;
        for (r, row) in programme.rows.iter().enumerate() {
            gradient -= self.price[n + r] * (row.coefficients[variable] / self.row_scale[r]);
        }
        gradient
    }

    /// Recomputes what depends directly on the original numbers: gradients of held variables, activities of free
    /// rows.
    pub(crate) fn recompute(&mut self, programme: &Programme) {
        let n = self.variables;
        for (r, row) in programme.rows.iter().enumerate() {
            if self.is_free(n + r) {
                self.value[n + r] = dot(&row.coefficients, &self.value[..n]) / self.row_scale[r];
                self.price[n + r] = 0.0;
            }
        }
        for variable in 0..n {
            if !self.is_free(variable) {
                self.price[variable] = self.gradient(programme, variable);
            }
        }
    }

    /// Puts a held pair exactly on its break point.
    fn snap(&mut self, pair: usize) {
        if let Place::At(point) = self.place[pair] {
            self.value[pair] = self.breaks[pair].points[point as usize];
        }
    }

    fn fill(&mut self, programme: &Programme) {
        let n = self.variables;
        for i in 0..n {
            let target = self.table.row_mut(i);
            for (t, q) in target.iter_mut().zip(programme.quadratic.row(i)) {
                *t = q / self.objective_scale;
            }
        }
        for (r, row) in programme.rows.iter().enumerate() {
            for (i, coefficient) in row.coefficients.iter().enumerate() {
                let scaled = coefficient / self.row_scale[r];
                self.table.set(n + r, i, scaled);
                self.table.set(i, n + r, -scaled);
            }
            for other in 0..programme.rows.len() {
                self.table.set(n + r, n + other, 0.0);
            }
        }
    }
}

fn variable_breaks(programme: &Programme, i: usize, scale: f64) -> Breaks {
    let (lower, upper) = (programme.lower[i], programme.upper[i]);
    let slopes = programme.costs.as_ref().map(|c| (c.held[i], -c.sell[i] / scale, c.buy[i] / scale));
    match slopes {
        Some((held, below, above)) if held > lower && held < upper => {
            Breaks { points: [lower, held, upper], slopes: [below, above], last: 2 }
        }
        Some((held, below, above)) => {
            let slope = if held <= lower { above } else { below };
            Breaks { points: [lower, upper, upper], slopes: [slope; 2], last: u8::from(lower < upper) }
        }
        None => Breaks { points: [lower, upper, upper], slopes: [0.0; 2], last: u8::from(lower < upper) },
    }
}

fn objective_scale(programme: &Programme) -> f64 {
    let n = programme.linear.len();
    let trace: f64 = (0..n).map(|i| programme.quadratic.at(i, i)).sum();
    if trace > 0.0 { trace / n as f64 } else { largest(&programme.linear) }
}

fn largest(values: &[f64]) -> f64 {
    let size = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if size > 0.0 { size } else { 1.0 }
}
