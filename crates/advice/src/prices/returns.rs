//! Simple returns of several assets over the same periods, column by column. It knows nothing of prices' origin.

use super::Prices;
use crate::refusal::{Code, Refusal};

/// Returns of several assets over the same periods, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Returns {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Returns {
    /// Returns from columns; refused when lengths differ, a name repeats or a number is not finite or below −1.
    pub fn try_new(names: Vec<String>, columns: Vec<Vec<f64>>) -> Result<Returns, Refusal> {
        super::refuse_repeated(&names)?;
        let periods = columns.first().map_or(0, Vec::len);
        if names.is_empty() || names.len() != columns.len() || columns.iter().any(|c| c.len() != periods) {
            return Err(Refusal::new(
                Code::MalformedTable,
                "returns",
                "Columns differ in length or have no name.",
            ));
        }
        for (name, column) in names.iter().zip(&columns) {
            if let Some(t) = column.iter().position(|r| !r.is_finite() || *r < -1.0) {
                let message = format!("The return of {name} in period {} is no return.", t + 1);
                return Err(
                    Refusal::new(Code::NanOrInf, "returns", message).remedy("Complete or drop the asset.")
                );
            }
        }
        Ok(Returns { names, columns })
    }

    pub(super) fn from_prices(prices: &Prices) -> Result<Returns, Refusal> {
        let columns =
            prices.columns.iter().map(|c| c.windows(2).map(|p| p[1] / p[0] - 1.0).collect()).collect();
        Returns::try_new(prices.names.clone(), columns)
    }

    /// Asset names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// One list for each asset.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        self.names.len()
    }

    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.columns[0].len()
    }

    /// The periods from `start` up to but not including `end`, both clamped to what there is.
    pub fn window(&self, start: usize, end: usize) -> Returns {
        let end = end.min(self.periods());
        let start = start.min(end);
        let columns = self.columns.iter().map(|c| c[start..end].to_vec()).collect();
        Returns { names: self.names.clone(), columns }
    }

    /// The return of fixed weights in each period.
    pub fn portfolio(&self, weights: &[f64]) -> Vec<f64> {
        let mut total = vec![0.0; self.periods()];
        for (column, weight) in self.columns.iter().zip(weights) {
            if *weight != 0.0 {
                for (sum, r) in total.iter_mut().zip(column) {
                    *sum += weight * r;
                }
            }
        }
        total
    }
}
