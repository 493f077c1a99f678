//! From a feasible table to the optimum: one held pair at a time is freed, and what blocks it is held instead. Least
//! index decides when progress stalls (Chang and Cottle 1980), so ties cannot make it circle.

use super::tableau::{Place, Tableau};

const PRICE_SLACK: f64 = 1e-12; // a price this wrong, in scaled units, is rounding
const RATE_MIN: f64 = 1e-11; // smaller entries of the scaled table are rounding
pub(crate) const CURVATURE_MIN: f64 = 1e-12; // along flatter directions the step is limited by bounds only

const FLAT_MIN: f64 = 1e6; // a free pair whose value moves so far for a price of one is nearly undetermined
const PRICE_PROMISE: f64 = 3e-11; // a price this wrong still passes verification

/// How a movement ended.
enum End {
    Full,
    Own(u8),
    Blocked(usize, u8),
}

impl Tableau {
    /// Descends to the optimum. It stops early only if rounding hides all progress; the certificate then tells.
    pub(crate) fn descend(&mut self) {
        for pair in 0..self.pairs() {
            if self.is_free(pair) && self.price[pair] != self.target(pair) {
                self.relax(pair);
            }
        }
        let mut idle = 0;
        let rounds_max = 200 + 40 * self.pairs();
        for _ in 0..rounds_max {
            let careful = idle > 2 * self.pairs();
            let Some((pair, direction)) = self.entering(careful) else { return };
            let length = self.enter(pair, direction, careful);
            idle = if length > 1e-13 { 0 } else { idle + 1 };
        }
    }

    /// The held pair whose freeing promises most, or the first that promises anything when `first`.
    fn entering(&self, first: bool) -> Option<(usize, f64)> {
        let mut best = None;
        let mut most = 0.0;
        for pair in 0..self.pairs() {
            let Place::At(point) = self.place[pair] else { continue };
            let breaks = &self.breaks[pair];
            let price = self.price[pair];
            let mut wrong = (0.0, 0.0);
            if point < breaks.last && price + breaks.slopes[usize::from(point == 1)] < -PRICE_SLACK {
                wrong = (price + breaks.slopes[usize::from(point == 1)], 1.0);
            } else if point > 0 && price + breaks.slopes[usize::from(point) - 1] > PRICE_SLACK {
                wrong = (price + breaks.slopes[usize::from(point) - 1], -1.0);
            }
            if wrong.1 != 0.0 {
                if first {
                    return Some((pair, wrong.1));
                }
                let promise = wrong.0 * wrong.0 / (self.table.at(pair, pair).abs() + 1e-6);
                if promise > most {
                    most = promise;
                    best = Some((pair, wrong.1));
                }
            }
        }
        best
    }

    /// Frees a held pair in a direction until its price fits, it reaches its next break point, or another blocks.
    pub(crate) fn enter(&mut self, pair: usize, direction: f64, careful: bool) -> f64 {
        let Place::At(point) = self.place[pair] else { return 0.0 };
        let segment = if direction > 0.0 { point } else { point - 1 };
        let next = if direction > 0.0 { point + 1 } else { point - 1 };
        let breaks = self.breaks[pair];
        let target = -breaks.slopes[usize::from(segment)];
        let curvature = self.table.at(pair, pair);
        let mut length = f64::INFINITY;
        let mut end = End::Full;
        if curvature > CURVATURE_MIN {
            length = (target - self.price[pair]) * direction / curvature;
        }
        let own = (breaks.points[usize::from(next)] - self.value[pair]).abs();
        if own <= length {
            (length, end) = (own, End::Own(next));
        }
        if let Some((room, other, at)) = self.blocking(pair, direction, length, careful) {
            (length, end) = (room, End::Blocked(other, at));
        }
        if length.is_infinite() {
            // Bounds of variables are finite, so this is a row without numbers; leave it held.
            return 0.0;
        }
        self.step(pair, direction * length);
        match end {
            End::Full => {
                self.exchange(pair);
                self.place[pair] = Place::In(segment);
                self.price[pair] = target;
            }
            End::Own(at) => self.hold_at(pair, at),
            End::Blocked(other, at) => {
                self.exchange_two(other, pair);
                self.place[pair] = Place::In(segment);
                self.hold_at(other, at);
                length += self.relax(pair);
            }
        }
        length
    }

    /// Brings the price of a free pair to its target, holding what blocks on the way.
    pub(crate) fn relax(&mut self, pair: usize) -> f64 {
        let mut moved = 0.0;
        for _ in 0..=self.pairs() {
            let wanted = self.target(pair) - self.price[pair];
            if !self.is_free(pair) || wanted == 0.0 {
                break;
            }
            let direction = wanted.signum();
            let blocking = self.blocking(pair, direction, wanted.abs(), false);
            let length = blocking.map_or(wanted.abs(), |b| b.0);
            moved += length * self.table.at(pair, pair).abs();
            self.step(pair, direction * length);
            match blocking {
                None => {
                    self.price[pair] = self.target(pair);
                    break;
                }
                Some((_, other, at)) => {
                    self.exchange(other);
                    self.hold_at(other, at);
                }
            }
        }
        moved
    }

    /// Holds the free variable whose value is least determined, where moving it to a break point costs less in its price
    /// than verification allows. Near-duplicates leave such variables, and their table is too flat to be refined.
    pub(crate) fn hold_flattest(&mut self) -> bool {
        let mut best: Option<(f64, usize, u8)> = None;
        for pair in 0..self.variables {
            let Place::In(segment) = self.place[pair] else { continue };
            let flat = self.table.at(pair, pair);
            if flat < FLAT_MIN {
                continue;
            }
            let breaks = &self.breaks[pair];
            for at in [segment, (segment + 1).min(breaks.last)] {
                let change = (breaks.points[usize::from(at)] - self.value[pair]) / flat;
                let least = best.map_or(PRICE_PROMISE, |(least, ..)| least.abs());
                if change.abs() < least {
                    best = Some((change, pair, at));
                }
            }
        }
        let Some((change, pair, at)) = best else { return false };
        let blocking = self.blocking(pair, change.signum(), change.abs(), false);
        if blocking.is_some_and(|(_, other, _)| other != pair) {
            return false;
        }
        self.step(pair, change);
        self.exchange(pair);
        self.hold_at(pair, at);
        true
    }

    /// The free pair that first meets a break point when the independent member of `pair` moves, within `limit`.
    fn blocking(&self, pair: usize, direction: f64, limit: f64, first: bool) -> Option<(f64, usize, u8)> {
        let mut best: Option<(f64, usize, u8)> = None;
        let (mut length, mut steepest) = (limit, 0.0);
        for other in 0..self.pairs() {
            let Place::In(segment) = self.place[other] else { continue };
            let rate = self.table.at(other, pair) * direction;
            if rate.abs() <= RATE_MIN || (self.table.at(other, other) <= 0.0 && self.is_free(pair)) {
                continue;
            }
            let breaks = &self.breaks[other];
            let at = if rate > 0.0 { (segment + 1).min(breaks.last) } else { segment };
            let room = ((breaks.points[usize::from(at)] - self.value[other]) / rate).max(0.0);
            let tie = best.is_some() && (room - length).abs() <= 1e-14 * (1.0 + length);
            let take = if tie { !first && rate.abs() > steepest } else { room < length };
            if take {
                best = Some((room, other, at));
                steepest = rate.abs();
                length = room;
            }
        }
        best
    }

    pub(crate) fn hold_at(&mut self, pair: usize, at: u8) {
        self.place[pair] = Place::At(at);
        self.value[pair] = self.breaks[pair].points[usize::from(at)];
    }
}
