//! Exact convex quadratic programmes: ½x'Qx + c'x plus proportional costs around present holdings, under bounds
//! and named rows. A symmetric pivoting method that ends at the vertex of its active set; it knows no finance.

mod certificate;
mod descent;
mod frontier;
mod reach;
mod tableau;

use crate::matrix::Matrix;
use crate::refusal::{Code, Refusal};

pub use certificate::{Active, Certificate, Side};
pub use frontier::{Corner, trace};
pub(crate) use tableau::{Place, Tableau};

/// Minimise ½x'Qx + c'x + Σ costs, with every x between its bounds and every row's value between its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme<'a> {
    /// Q: symmetric, positive semidefinite.
    pub quadratic: &'a Matrix,
    /// c, one entry for each variable.
    pub linear: Vec<f64>,
    /// Smallest values; finite.
    pub lower: Vec<f64>,
    /// Largest values; finite.
    pub upper: Vec<f64>,
    /// Linear constraints in the order of their precedence: the first that cannot be met is the one refused.
    pub rows: Vec<Row>,
    /// Proportional costs around present holdings, if any.
    pub costs: Option<Costs>,
}

/// A named linear constraint: lower ≤ coefficients · x ≤ upper; equal ends make an equation.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The name used in certificates and refusals.
    pub name: String,
    /// One coefficient for each variable.
    pub coefficients: Vec<f64>,
    /// Smallest value; may be minus infinity.
    pub lower: f64,
    /// Largest value; may be infinity.
    pub upper: f64,
}

impl Row {
    /// A row that must equal `value`.
    pub fn equal(name: impl Into<String>, coefficients: Vec<f64>, value: f64) -> Row {
        Row { name: name.into(), coefficients, lower: value, upper: value }
    }

    /// A row between two values.
    pub fn between(name: impl Into<String>, coefficients: Vec<f64>, lower: f64, upper: f64) -> Row {
        Row { name: name.into(), coefficients, lower, upper }
    }
}

/// What it costs to move each variable away from where it is, for each unit moved; not negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// Present values.
    pub held: Vec<f64>,
    /// Cost of each unit above.
    pub buy: Vec<f64>,
    /// Cost of each unit below.
    pub sell: Vec<f64>,
}

/// The optimum with what proves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The minimiser.
    pub x: Vec<f64>,
    /// The value of the objective there.
    pub objective: f64,
    /// Gap, residual and active constraints with their prices.
    pub certificate: Certificate,
}

impl Programme<'_> {
    /// The exact optimum, or the constraint that cannot be met and the nearest value it could have.
    pub fn solve(&self) -> Result<Solution, Refusal> {
        let mut tableau = self.start()?;
        tableau.descend();
        self.conclude(&mut tableau)
    }

    /// A feasible vertex to descend from.
    pub(crate) fn start(&self) -> Result<Tableau, Refusal> {
        self.refuse_malformed()?;
        let mut tableau = Tableau::new(self);
        tableau.reach(self)?;
        Ok(tableau)
    }

    /// Refines the tableau's optimum against the original numbers and certifies it.
    pub(crate) fn conclude(&self, tableau: &mut Tableau) -> Result<Solution, Refusal> {
        for attempt in 0..4 {
            tableau.refine(self);
            let solution = certificate::certify(self, tableau);
            if solution.certificate.residual <= RESIDUAL_AIM || attempt == 3 {
                if solution.certificate.residual <= RESIDUAL_MAX {
                    return Ok(solution);
                }
                return Err(Refusal::new(
                    Code::ResidualTooLarge,
                    "certificate",
                    "The solution did not pass its own verification; the numbers differ too much in size.",
                )
                .found(RESIDUAL_MAX, solution.certificate.residual)
                .remedy("Bring assets and limits to comparable sizes, or remove near-duplicates."));
            }
            tableau.rebuild(self);
            tableau.descend();
            if attempt > 0 {
                tableau.hold_flattest();
            }
        }
        unreachable!("the last attempt always returns")
    }

    /// The value of the objective at `x`, costs included.
    pub fn objective(&self, x: &[f64]) -> f64 {
        let mut value = 0.5 * self.quadratic.quadratic(x) + crate::matrix::dot(&self.linear, x);
        if let Some(costs) = &self.costs {
            for (i, xi) in x.iter().enumerate() {
                let moved = xi - costs.held[i];
                value += if moved > 0.0 { costs.buy[i] * moved } else { -costs.sell[i] * moved };
            }
        }
        value
    }

    fn refuse_malformed(&self) -> Result<(), Refusal> {
        let n = self.linear.len();
        let shape = |what: &str| {
            Err(Refusal::new(Code::OutOfRange, what, "The lists of the problem differ in length.")
                .remedy("Give one entry for each asset."))
        };
        if n == 0 || self.quadratic.rows() != n || self.quadratic.columns() != n {
            return shape("covariance");
        }
        if self.lower.len() != n || self.upper.len() != n {
            return shape("bounds");
        }
        if self.rows.iter().any(|row| row.coefficients.len() != n) {
            return shape("rows");
        }
        let mut lists = vec![self.quadratic.values(), &self.linear, &self.lower, &self.upper];
        lists.extend(self.rows.iter().map(|row| row.coefficients.as_slice()));
        if let Some(costs) = &self.costs {
            if costs.held.len() != n || costs.buy.len() != n || costs.sell.len() != n {
                return shape("costs");
            }
            if costs.buy.iter().chain(&costs.sell).any(|c| *c < 0.0) {
                return Err(
                    Refusal::new(Code::OutOfRange, "costs", "A trading cost is below zero.").nearest(0.0)
                );
            }
            lists.extend([costs.held.as_slice(), &costs.buy, &costs.sell]);
        }
        let ends = self.rows.iter().any(|row| row.lower.is_nan() || row.upper.is_nan());
        if ends || lists.iter().any(|list| list.iter().any(|v| !v.is_finite())) {
            return Err(Refusal::new(
                Code::NanOrInf,
                "numbers",
                "A number of the problem is missing or not finite.",
            )
            .remedy("Remove the asset or complete its data."));
        }
        for i in 0..n {
            if self.lower[i] > self.upper[i] {
                return Err(crossed(&format!("bounds of variable {}", i + 1), self.lower[i], self.upper[i]));
            }
            if self.quadratic.at(i, i) < 0.0 {
                return Err(Refusal::new(Code::CovarianceNotPd, "covariance", "A variance is below zero.")
                    .found(0.0, self.quadratic.at(i, i)));
            }
        }
        match self.rows.iter().find(|row| row.lower > row.upper) {
            Some(row) => Err(crossed(&row.name, row.lower, row.upper)),
            None => Ok(()),
        }
    }
}

const RESIDUAL_AIM: f64 = 1e-13; // after refinement nearly every problem is below this
const RESIDUAL_MAX: f64 = 1e-10; // the promise made for every solution

fn crossed(name: &str, lower: f64, upper: f64) -> Refusal {
    Refusal::new(Code::Infeasible, name, format!("The smallest value of {name} is above its largest."))
        .found(upper, lower)
        .nearest(upper)
        .remedy("Lower the minimum or raise the maximum.")
}

#[cfg(test)]
mod tests;
