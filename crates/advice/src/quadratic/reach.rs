//! The first feasible vertex: each row in turn is driven to its limits while those before it stay met. A row that
//! cannot be met is refused by name with the best value it can have beside the others.

use super::tableau::{Place, Tableau};
use super::{Programme, Row};
use crate::refusal::{Code, Refusal};

const RATE_MIN: f64 = 1e-11; // smaller entries of the scaled table are rounding
const SLACK: f64 = 1e-12; // a limit missed by less, in scaled units, is met

impl Tableau {
    /// Drives every row into its limits, in the order given.
    pub(crate) fn reach(&mut self, programme: &Programme) -> Result<(), Refusal> {
        let n = self.variables;
        for row in 0..programme.rows.len() {
            let pair = n + row;
            let (lower, upper) = self.ends(pair);
            let value = self.value[pair];
            let reached = if value < lower {
                self.drive(pair, lower, 1.0, row)
            } else if value > upper {
                self.drive(pair, upper, -1.0, row)
            } else {
                true
            };
            if !reached {
                return Err(self.conflict(programme, row));
            }
            if lower == upper && self.is_free(pair) {
                self.fix(pair, row);
            }
        }
        self.settle();
        Ok(())
    }

    /// Moves a free pair's value towards `goal` in direction `sign`; false when nothing helps any more.
    fn drive(&mut self, pair: usize, goal: f64, sign: f64, rows_before: usize) -> bool {
        let mut idle = 0;
        loop {
            if sign * (goal - self.value[pair]) <= SLACK * (1.0 + goal.abs()) {
                return true;
            }
            let Some((entering, direction)) = self.helper(pair, sign, rows_before, idle > 20) else {
                return false;
            };
            let rate = self.table.at(pair, entering) * direction;
            let mut length = (goal - self.value[pair]) / rate;
            let mut blocking = Some((pair, goal));
            let own_end = if direction > 0.0 { self.ends(entering).1 } else { self.ends(entering).0 };
            let own = (own_end - self.value[entering]).abs();
            if own < length {
                (length, blocking) = (own, None);
            }
            for other in 0..self.variables + rows_before {
                let rate = self.table.at(other, entering) * direction;
                if !self.is_free(other) || rate.abs() <= RATE_MIN {
                    continue;
                }
                let end = if rate > 0.0 { self.ends(other).1 } else { self.ends(other).0 };
                let room = ((end - self.value[other]) / rate).max(0.0);
                if room < length {
                    (length, blocking) = (room, Some((other, end)));
                }
            }
            idle = if length > SLACK { 0 } else { idle + 1 };
            self.step(entering, direction * length);
            match blocking {
                None => self.hold(entering, own_end),
                Some((other, end)) => {
                    self.exchange_two(other, entering);
                    self.place[entering] = Place::In(0);
                    self.hold(other, end);
                    if other == pair {
                        return true;
                    }
                }
            }
        }
    }

    /// A held pair whose movement brings the driven one closer: the steepest, or the first when progress stalls.
    fn helper(&self, pair: usize, sign: f64, rows_before: usize, first: bool) -> Option<(usize, f64)> {
        let mut best = None;
        let mut steepest = RATE_MIN;
        for other in 0..self.variables + rows_before {
            let Place::At(point) = self.place[other] else { continue };
            let breaks = &self.breaks[other];
            let rate = self.table.at(pair, other) * sign;
            let direction = if rate > 0.0 { 1.0 } else { -1.0 };
            let blocked = if rate > 0.0 { point == breaks.last } else { point == 0 };
            if !blocked && rate.abs() > steepest {
                best = Some((other, direction));
                if first {
                    return best;
                }
                steepest = rate.abs();
            }
        }
        best
    }

    /// Holds an equation that happens to be met: some held variable takes its freedom, or the row depends on
    /// those before it and needs no holding.
    fn fix(&mut self, pair: usize, rows_before: usize) {
        let mut best = (RATE_MIN, None);
        for other in 0..self.variables + rows_before {
            let (low, high) = self.ends(other);
            let entry = self.table.at(pair, other).abs();
            if !self.is_free(other) && low < high && entry > best.0 {
                best = (entry, Some(other));
            }
        }
        if let Some(other) = best.1 {
            self.exchange_two(pair, other);
            self.place[other] = Place::In(0);
            let (lower, _) = self.ends(pair);
            self.hold(pair, lower);
        }
    }

    fn hold(&mut self, pair: usize, end: f64) {
        let breaks = &self.breaks[pair];
        let point = (0..=breaks.last).find(|p| breaks.points[*p as usize] == end).unwrap_or(0);
        self.value[pair] = end;
        self.place[pair] = Place::At(point);
    }

    /// After the last row: every free pair gets its segment and the price belonging to it.
    pub(crate) fn settle(&mut self) {
        for pair in 0..self.pairs() {
            if self.is_free(pair) {
                self.place[pair] = Place::In(self.segment(pair, self.value[pair]));
            }
        }
    }

    fn conflict(&self, programme: &Programme, row: usize) -> Refusal {
        let n = self.variables;
        let pair = n + row;
        let refused: &Row = &programme.rows[row];
        let best = self.value[pair] * self.row_scale[row];
        let (limit, word) =
            if best < refused.lower { (refused.lower, "above") } else { (refused.upper, "below") };
        let with: Vec<&str> = (0..row)
            .filter(|r| !self.is_free(n + r) && self.table.at(pair, n + r).abs() > RATE_MIN)
            .map(|r| programme.rows[r].name.as_str())
            .collect();
        let beside =
            if with.is_empty() { "the bounds".into() } else { format!("the bounds and {}", with.join(", ")) };
        Refusal::new(
            Code::Infeasible,
            refused.name.as_str(),
            format!("{} of {limit} is {word} the best reachable {best} beside {beside}.", refused.name),
        )
        .found(limit, best)
        .nearest(best)
        .remedy(format!("Move the limit of {} to {best} or relax {beside}.", refused.name))
    }
}
