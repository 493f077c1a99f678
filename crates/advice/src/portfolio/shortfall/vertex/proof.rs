//! The dual bound of a vertex: prices times levels, checked on every scenario.

use super::{Held, Vertex, Walk};
use crate::matrix::dot;
use crate::prices::Returns;
use crate::quadratic::{Active, Certificate, Programme, Row, Side};

impl Walk<'_> {
    /// The vertex with the dual bound that proves it: prices times levels.
    pub(super) fn conclude(mut self, returns: &Returns) -> Vertex {
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
        let (_, risk) = super::super::conditional(returns, self.objective.confidence, &weights);
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
