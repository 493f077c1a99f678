//! The shrinkage weight of Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional covariance
//! matrices", towards the identity times the mean variance.

use super::cross_products;
use crate::matrix::Matrix;

/// The shrunk covariance and the weight of the target, from centred columns.
pub(super) fn ledoit_wolf(centred: &[Vec<f64>]) -> (Matrix, f64) {
    let n = centred.len();
    let periods = centred[0].len() as f64;
    let mut covariance = cross_products(centred).scaled(1.0 / periods);
    let trace: f64 = (0..n).map(|i| covariance.at(i, i)).sum();
    let target = trace / n as f64;
    let squares: f64 = covariance.values().iter().map(|v| v * v).sum();
    // Mean of the fourth powers of the observations' lengths.
    let mut lengths = vec![0.0; centred[0].len()];
    for column in centred {
        for (length, r) in lengths.iter_mut().zip(column) {
            *length += r * r;
        }
    }
    let fourth = lengths.iter().map(|l| l * l).sum::<f64>() / periods;
    let distance = squares - n as f64 * target * target;
    let noise = ((fourth - squares) / periods).max(0.0).min(distance);
    let weight = if distance > 0.0 && noise > 0.0 { noise / distance } else { 0.0 };
    for i in 0..n {
        for j in 0..n {
            let pull = if i == j { weight * target } else { 0.0 };
            let value = (1.0 - weight) * covariance.at(i, j) + pull;
            covariance.set(i, j, value);
        }
    }
    (covariance, weight)
}
