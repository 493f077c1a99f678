//! One step of the walk: past every kink that still leaves the way downhill, up to the first wall.

use super::{Held, Walk};
use crate::matrix::dot;

impl Walk<'_> {
    /// Moves along the freed direction to its lowest point and holds what stopped it.
    pub(super) fn step(&mut self, leaving: usize, direction: f64) -> f64 {
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
}
