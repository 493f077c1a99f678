//! The whole critical line: the optimum of ½x'Qx + c'x − λ·d'x for every λ ≥ 0, which is straight between corners.

use super::descent::CURVATURE_MIN;
use super::tableau::{Place, Tableau};
use super::{Programme, Solution};
use crate::refusal::Refusal;

/// A point where the line bends.
#[derive(Debug, Clone, PartialEq)]
pub struct Corner {
    /// The weight of the direction here.
    pub lambda: f64,
    /// The optimum here.
    pub x: Vec<f64>,
}

/// Walks λ upwards from the optimum at 0. `enough` sees every two neighbours and may stop the walk; the corners
/// end where x no longer changes or where it was stopped. The solution is the one at λ = 0.
pub fn trace(
    programme: &Programme,
    direction: &[f64],
    mut enough: impl FnMut(&Corner, &Corner) -> bool,
) -> Result<(Solution, Vec<Corner>), Refusal> {
    let mut tableau = programme.start()?;
    tableau.descend();
    let first = programme.conclude(&mut tableau)?;
    let mut corners = vec![Corner { lambda: 0.0, x: first.x.clone() }];
    let slope: Vec<f64> = direction.iter().map(|d| d / tableau.objective_scale).collect();
    let size = slope.iter().fold(0.0f64, |m, s| m.max(s.abs()));
    let mut moved = programme.clone();
    let (mut lambda, mut idle) = (0.0, 0);
    for round in 1..=60 * (tableau.pairs() + 5) {
        let Some((length, event)) = tableau.next_event(&slope, size) else { break };
        lambda += length;
        tableau.advance(&slope, size, length);
        if round % 8 == 0 {
            for (m, (c, d)) in moved.linear.iter_mut().zip(programme.linear.iter().zip(direction)) {
                *m = c - lambda * d;
            }
            tableau.refine(&moved);
        }
        if note(&mut corners, lambda, tableau.portfolio(programme), &mut enough) {
            break;
        }
        let mut jumped = tableau.apply(event);
        idle = if length > 1e-12 * (1.0 + lambda) { 0 } else { idle + 1 };
        if idle > 3 * tableau.pairs() {
            // Ties have made the walk circle: step over them and descend there.
            let leap = 1e-9 * (1.0 + lambda);
            lambda += leap;
            tableau.shift(&slope, leap);
            (idle, jumped) = (0, true);
        }
        if jumped && note(&mut corners, lambda, tableau.portfolio(programme), &mut enough) {
            break;
        }
    }
    Ok((first, corners))
}

/// Adds a corner; a third one with the same optimum moves the second. True when the walk may stop.
fn note(
    corners: &mut Vec<Corner>,
    lambda: f64,
    x: Vec<f64>,
    enough: &mut impl FnMut(&Corner, &Corner) -> bool,
) -> bool {
    let same = |corner: &Corner| x.iter().zip(&corner.x).all(|(a, b)| (a - b).abs() <= 1e-14);
    if let [.., a, b] = corners.as_mut_slice()
        && same(a)
        && same(b)
    {
        b.lambda = lambda;
        return false;
    }
    let corner = Corner { lambda, x };
    let stop = enough(&corners[corners.len() - 1], &corner);
    corners.push(corner);
    stop
}

enum Event {
    Hits(usize, u8),
    Turns(usize, f64),
}

impl Tableau {
    /// How values of free pairs and prices of held ones change for each unit of λ.
    fn rates(&self, slope: &[f64]) -> Vec<f64> {
        let mut rates = vec![0.0; self.pairs()];
        for (pair, rate) in rates.iter_mut().enumerate() {
            let row = self.table.row(pair);
            let mut sum = 0.0;
            for (k, s) in slope.iter().enumerate() {
                if self.is_free(k) {
                    sum += row[k] * s;
                } else if k == pair {
                    sum -= s;
                }
            }
            *rate = sum;
        }
        rates
    }

    fn next_event(&self, slope: &[f64], size: f64) -> Option<(f64, Event)> {
        let rates = self.rates(slope);
        let negligible = 1e-11 * size;
        let mut best: Option<(f64, Event)> = None;
        let mut shortest = f64::INFINITY;
        for (pair, rate) in rates.iter().enumerate() {
            if rate.abs() <= negligible {
                continue;
            }
            let breaks = &self.breaks[pair];
            let (length, event) = match self.place[pair] {
                Place::In(segment) => {
                    let at = if *rate > 0.0 { (segment + 1).min(breaks.last) } else { segment };
                    ((breaks.points[usize::from(at)] - self.value[pair]) / rate, Event::Hits(pair, at))
                }
                Place::At(point) if *rate < 0.0 && point < breaks.last => {
                    let price = self.price[pair] + breaks.slopes[usize::from(point == 1)];
                    (price / -rate, Event::Turns(pair, 1.0))
                }
                Place::At(point) if *rate > 0.0 && point > 0 => {
                    let price = self.price[pair] + breaks.slopes[usize::from(point) - 1];
                    (-price / rate, Event::Turns(pair, -1.0))
                }
                Place::At(_) => continue,
            };
            if length.max(0.0) < shortest {
                shortest = length.max(0.0);
                best = Some((shortest, event));
            }
        }
        best
    }

    fn advance(&mut self, slope: &[f64], size: f64, length: f64) {
        let negligible = 1e-13 * size;
        for (pair, rate) in self.rates(slope).into_iter().enumerate() {
            if rate.abs() <= negligible {
                continue;
            }
            match self.place[pair] {
                Place::In(_) => self.value[pair] += rate * length,
                Place::At(_) => self.price[pair] += rate * length,
            }
        }
    }

    /// Exchanges what the event asks for; true when the optimum jumped along a direction without curvature.
    fn apply(&mut self, event: Event) -> bool {
        match event {
            Event::Hits(pair, at) => {
                self.exchange(pair);
                self.hold_at(pair, at);
                false
            }
            Event::Turns(pair, direction) if self.table.at(pair, pair) > CURVATURE_MIN => {
                let Place::At(point) = self.place[pair] else { return false };
                let segment = if direction > 0.0 { point } else { point - 1 };
                self.exchange(pair);
                self.place[pair] = Place::In(segment);
                self.price[pair] = self.target(pair);
                false
            }
            Event::Turns(pair, direction) => self.enter(pair, direction, false) > 0.0,
        }
    }

    /// Moves λ by `leap` without assuming that the places stay.
    fn shift(&mut self, slope: &[f64], leap: f64) {
        for (variable, s) in slope.iter().enumerate() {
            self.price[variable] -= s * leap;
        }
        self.descend();
    }

    fn portfolio(&self, programme: &Programme) -> Vec<f64> {
        (0..self.variables).map(|i| self.value[i].clamp(programme.lower[i], programme.upper[i])).collect()
    }
}
