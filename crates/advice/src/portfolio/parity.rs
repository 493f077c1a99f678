//! Risk parity: every asset carries its share of the variance. Newton's method on the convex form of Spinu (2013).

use super::Portfolio;
use crate::matrix::dot;
use crate::moments::Moments;
use crate::quadratic::Certificate;
use crate::refusal::{Code, Refusal};

const STEPS_MAX: usize = 200; // quadratic convergence needs about ten
const EXACT: f64 = 1e-14; // largest relative error of a risk share

/// Long-only weights whose shares of the variance are `budgets` (above zero; scaled to sum 1).
pub fn risk_parity(moments: &Moments, budgets: &[f64]) -> Result<Portfolio, Refusal> {
    let n = moments.assets();
    let total: f64 = budgets.iter().sum();
    if budgets.len() != n || budgets.iter().any(|b| !b.is_finite() || *b <= 0.0) {
        return Err(Refusal::new(
            Code::OutOfRange,
            "risk budgets",
            "Every asset needs a risk budget above zero.",
        ));
    }
    if let Some(still) = (0..n).find(|i| moments.covariance.at(*i, *i) <= 0.0) {
        let message = format!("{} never moves and cannot carry a share of the risk.", moments.names[still]);
        return Err(Refusal::new(Code::CovarianceNotPd, "risk parity", message).remedy("Leave it out."));
    }
    let budgets: Vec<f64> = budgets.iter().map(|b| b / total).collect();
    // In units of each asset's volatility the matrix is the correlation and the problem is well scaled.
    let correlation = moments.correlations();
    let deviations = moments.volatilities();
    let mut y: Vec<f64> = {
        let row_sum: Vec<f64> = (0..n).map(|i| correlation.row(i).iter().sum::<f64>().max(0.1)).collect();
        budgets.iter().zip(&row_sum).map(|(b, s)| (b / s).sqrt()).collect()
    };
    let mut error = f64::INFINITY;
    for _ in 0..STEPS_MAX {
        let pull = correlation.times(&y);
        let now = (0..n).map(|i| (y[i] * pull[i] / budgets[i] - 1.0).abs()).fold(0.0, f64::max);
        if now <= EXACT || (now < 1e-12 && now >= error) {
            error = now.min(error);
            break;
        }
        error = now;
        let mut hessian = correlation.clone();
        let mut gradient = vec![0.0; n];
        for i in 0..n {
            hessian.set(i, i, correlation.at(i, i) + budgets[i] / (y[i] * y[i]));
            gradient[i] = budgets[i] / y[i] - pull[i];
        }
        let factor = hessian.cholesky().map_err(|_| {
            Refusal::new(Code::CovarianceNotPd, "risk parity", "The covariance is not positive semidefinite.")
        })?;
        let step = factor.solve(&gradient);
        // The barrier is self-concordant for budgets scaled by their least: damped far away, full when near.
        let least = budgets.iter().fold(f64::INFINITY, |m, b| m.min(*b));
        let decrement = (dot(&step, &gradient).max(0.0) / least).sqrt();
        let length = if decrement > 0.25 { 1.0 / (1.0 + decrement) } else { 1.0 };
        for (y, s) in y.iter_mut().zip(&step) {
            *y = (*y + length * s).max(*y * 1e-3);
        }
    }
    if error > 1e-10 {
        let message = "Risk shares did not settle: some assets cancel each other's risk.";
        return Err(Refusal::new(Code::CovarianceNotPd, "risk parity", message).found(1e-10, error));
    }
    let raw: Vec<f64> = y.iter().zip(&deviations).map(|(y, d)| y / d).collect();
    let sum: f64 = raw.iter().sum();
    Ok(Portfolio {
        method: format!(
            "risk parity, long-only, shares of variance as budgeted; {}",
            moments.estimator.name()
        ),
        names: moments.names.clone(),
        weights: raw.iter().map(|w| w / sum).collect(),
        certificate: Some(Certificate {
            gap: error * error,
            gap_relative: error * error,
            residual: error,
            active: vec![],
        }),
        search_gap: 0.0,
    })
}
