//! Black and Litterman: equilibrium returns implied by reference weights, moved by views in proportion to their
//! confidence (He and Litterman 1999).

use crate::matrix::{Matrix, dot};
use crate::moments::Moments;
use crate::refusal::{Code, Refusal};

/// Where expected returns start from.
#[derive(Debug, Clone, PartialEq)]
pub struct Equilibrium {
    /// Reference weights, usually by capitalisation.
    pub weights: Vec<f64>,
    /// Risk aversion of the market: implied excess mean = aversion · Σ · weights.
    pub aversion: f64,
    /// Risk-free return for each period, added to every implied mean.
    pub free: f64,
    /// Uncertainty of the equilibrium as a share of Σ; 0.05 is usual.
    pub tau: f64,
}

/// A belief about the return of a mixture of assets for each period.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// One coefficient for each asset: 1 for an absolute view, 1 and −1 for "A beats B".
    pub coefficients: Vec<f64>,
    /// Expected return of that mixture.
    pub mean: f64,
    /// Between 0 (ignored) and 1 (certain) after Idzorek (2005): the view's variance is τ·p'Σp·(1 − c)/c. At 0.5 it
    /// is the variance He and Litterman use.
    pub confidence: f64,
}

/// The moments after the views: mean and covariance of the predictive distribution, Σ + M. Without views the mean is
/// the equilibrium's and the covariance (1 + τ)Σ.
pub fn black_litterman(
    moments: &Moments,
    equilibrium: &Equilibrium,
    views: &[View],
) -> Result<Moments, Refusal> {
    let n = moments.assets();
    let sigma = &moments.covariance;
    let range = |what: &str, message: &str| Err(Refusal::new(Code::OutOfRange, what, message));
    if equilibrium.weights.len() != n || views.iter().any(|v| v.coefficients.len() != n) {
        return range("views", "Weights and views need one entry for each asset.");
    }
    if !(equilibrium.aversion > 0.0 && equilibrium.tau > 0.0 && equilibrium.free.is_finite()) {
        return range("equilibrium", "Risk aversion and uncertainty must be above zero.");
    }
    let mut result = moments.clone();
    let pull = sigma.times(&equilibrium.weights);
    result.mean = pull.iter().map(|p| equilibrium.free + equilibrium.aversion * p).collect();
    result.covariance = sigma.clone().scaled(1.0 + equilibrium.tau);
    let views: Vec<&View> = views.iter().filter(|v| v.confidence > 0.0).collect();
    if views.iter().any(|v| !(v.confidence <= 1.0 && v.mean.is_finite())) {
        return range("views", "A confidence lies between 0 and 1.");
    }
    if views.is_empty() {
        return Ok(result);
    }
    // Columns τΣp of the views, and the matrix P τΣ P' + Ω.
    let columns: Vec<Vec<f64>> = views
        .iter()
        .map(|v| sigma.times(&v.coefficients).iter().map(|x| equilibrium.tau * x).collect())
        .collect();
    let mut uncertain = Matrix::zeros(views.len(), views.len());
    for (i, view) in views.iter().enumerate() {
        for (j, column) in columns.iter().enumerate() {
            let own = if i == j { (1.0 - view.confidence) / view.confidence } else { 0.0 };
            let shared = dot(&view.coefficients, column);
            uncertain.set(i, j, shared * (1.0 + own));
        }
    }
    let factor = uncertain.cholesky().map_err(|_| {
        Refusal::new(
            Code::CovarianceNotPd,
            "views",
            "Two certain views say the same or contradict each other.",
        )
        .remedy("Lower a confidence or drop one of the views.")
    })?;
    let surprise: Vec<f64> = views.iter().map(|v| v.mean - dot(&v.coefficients, &result.mean)).collect();
    let weights = factor.solve(&surprise);
    for (column, weight) in columns.iter().zip(&weights) {
        for (mean, c) in result.mean.iter_mut().zip(column) {
            *mean += weight * c;
        }
    }
    // Σ + M with M = τΣ − τΣP'(PτΣP' + Ω)⁻¹PτΣ.
    for j in 0..n {
        let right: Vec<f64> = columns.iter().map(|c| c[j]).collect();
        let solved = factor.solve(&right);
        for i in 0..n {
            let learned: f64 = columns.iter().zip(&solved).map(|(c, s)| c[i] * s).sum();
            let value = result.covariance.at(i, j) - learned;
            result.covariance.set(i, j, value);
        }
    }
    for i in 0..n {
        for j in 0..i {
            let middle = 0.5 * (result.covariance.at(i, j) + result.covariance.at(j, i));
            result.covariance.set(i, j, middle);
            result.covariance.set(j, i, middle);
        }
    }
    Ok(result)
}
