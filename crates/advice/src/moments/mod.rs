//! Means and covariances of returns by named estimators, with the least history each may be trusted with.

mod product;
mod shrinkage;

use crate::json::Json;
use crate::matrix::{Matrix, sum};
use crate::prices::Returns;
use crate::refusal::{Code, Refusal};

pub(crate) use product::cross_products;

/// How means and covariances are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimator {
    /// Sample mean and covariance with T − 1 in the denominator.
    Sample,
    /// Weights that halve every `half_life` periods, normalised to 1; no further correction.
    Exponential {
        /// Periods after which an observation counts half; above zero.
        half_life: f64,
    },
    /// Ledoit and Wolf (2004), "A well-conditioned estimator", shrunk to a multiple of the identity; T in the
    /// denominator.
    LedoitWolf,
}

impl Estimator {
    /// The name used in records.
    pub fn name(self) -> String {
        match self {
            Estimator::Sample => "sample".into(),
            Estimator::Exponential { half_life } => format!("exponential, half-life {half_life}"),
            Estimator::LedoitWolf => "Ledoit-Wolf, scaled identity".into(),
        }
    }
}

/// The least history an estimate may rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    /// Periods at least.
    pub periods_min: usize,
    /// Periods at least for each asset.
    pub periods_per_asset_min: usize,
}

impl Trust {
    /// What proposals use: 250 periods and three for each asset.
    pub const ADVICE: Trust = Trust { periods_min: 250, periods_per_asset_min: 3 };
    /// What the bare optimiser uses on the asker's own responsibility.
    pub const BARE: Trust = Trust { periods_min: 2, periods_per_asset_min: 0 };

    fn check(self, returns: &Returns) -> Result<(), Refusal> {
        let needed = self.periods_min.max(self.periods_per_asset_min * returns.assets()).max(2);
        if returns.periods() >= needed {
            return Ok(());
        }
        let message = format!("{} periods for {} assets are too few.", returns.periods(), returns.assets());
        Err(Refusal::new(Code::TooFewObservations, "least history", message)
            .found(needed as f64, returns.periods() as f64)
            .nearest(needed as f64)
            .remedy("Bring a longer history or fewer assets."))
    }
}

/// Means and covariances for each period.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Asset names.
    pub names: Vec<String>,
    /// Mean return of each asset for each period.
    pub mean: Vec<f64>,
    /// Covariance for each period.
    pub covariance: Matrix,
    /// Periods it rests on.
    pub periods: usize,
    /// The estimator.
    pub estimator: Estimator,
    /// Weight of the shrinkage target, 0 where none is used.
    pub shrinkage: f64,
}

impl Moments {
    /// Estimates from returns.
    pub fn estimate(returns: &Returns, estimator: Estimator, trust: Trust) -> Result<Moments, Refusal> {
        trust.check(returns)?;
        let periods = returns.periods();
        let mut shrinkage = 0.0;
        let (mean, covariance) = match estimator {
            Estimator::Sample => {
                let (mean, centred) = centre(returns);
                (mean, cross_products(&centred).scaled(1.0 / (periods as f64 - 1.0)))
            }
            Estimator::LedoitWolf => {
                let (mean, centred) = centre(returns);
                let (covariance, weight) = shrinkage::ledoit_wolf(&centred);
                shrinkage = weight;
                (mean, covariance)
            }
            Estimator::Exponential { half_life } => exponential(returns, half_life)?,
        };
        let names = returns.names().to_vec();
        Ok(Moments { names, mean, covariance, periods, estimator, shrinkage })
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        self.names.len()
    }

    /// Standard deviation of each asset.
    pub fn volatilities(&self) -> Vec<f64> {
        (0..self.assets()).map(|i| self.covariance.at(i, i).max(0.0).sqrt()).collect()
    }

    /// Correlations; 0 beside an asset that never moves, 1 on the diagonal.
    pub fn correlations(&self) -> Matrix {
        let deviations = self.volatilities();
        let n = self.assets();
        let mut matrix = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                let size = deviations[i] * deviations[j];
                let ratio = if size > 0.0 { self.covariance.at(i, j) / size } else { 0.0 };
                matrix.set(i, j, if i == j { 1.0 } else { ratio.clamp(-1.0, 1.0) });
            }
        }
        matrix
    }

    /// What a record says about the estimate.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("assets", Json::texts(&self.names)),
            ("periods", Json::Whole(self.periods as i64)),
            ("estimator", Json::text(self.estimator.name())),
            ("shrinkage", Json::Number(self.shrinkage)),
            ("mean", Json::numbers(&self.mean)),
            ("volatility", Json::numbers(&self.volatilities())),
        ])
    }
}

/// Means, and the returns without them.
fn centre(returns: &Returns) -> (Vec<f64>, Vec<Vec<f64>>) {
    let periods = returns.periods() as f64;
    let mean: Vec<f64> = returns.columns().iter().map(|c| sum(c) / periods).collect();
    let centred =
        returns.columns().iter().zip(&mean).map(|(c, m)| c.iter().map(|r| r - m).collect()).collect();
    (mean, centred)
}

fn exponential(returns: &Returns, half_life: f64) -> Result<(Vec<f64>, Matrix), Refusal> {
    if !(half_life.is_finite() && half_life > 0.0) {
        return Err(Refusal::new(Code::OutOfRange, "half-life", "The half-life must be above zero.")
            .found(0.0, half_life));
    }
    let decay = crate::number::exponential(-std::f64::consts::LN_2 / half_life);
    let mut weights = vec![0.0; returns.periods()];
    let mut weight = 1.0;
    for w in weights.iter_mut().rev() {
        *w = weight;
        weight *= decay;
    }
    let total = sum(&weights);
    weights.iter_mut().for_each(|w| *w /= total);
    let mean: Vec<f64> = returns.columns().iter().map(|c| crate::matrix::dot(c, &weights)).collect();
    let centred: Vec<Vec<f64>> = returns
        .columns()
        .iter()
        .zip(&mean)
        .map(|(c, m)| c.iter().zip(&weights).map(|(r, w)| (r - m) * w.sqrt()).collect())
        .collect();
    Ok((mean, cross_products(&centred)))
}

#[cfg(test)]
mod tests;
