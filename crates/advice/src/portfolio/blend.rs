//! The boring portfolios: equal, fixed, inverse volatility, and mixtures. They are always shown beside the others.

use super::efficient::mix;
use super::{Limits, Portfolio, Setting, minimum_variance};
use crate::moments::Moments;
use crate::refusal::{Code, Refusal};

/// The same weight for every asset.
pub fn equal(names: &[String]) -> Portfolio {
    let weight = 1.0 / names.len().max(1) as f64;
    plain("equal weights (1/N)".into(), names, vec![weight; names.len()])
}

/// Given weights, scaled to sum 1; refused when they sum to nothing or are not finite.
pub fn fixed(names: &[String], weights: &[f64], method: impl Into<String>) -> Result<Portfolio, Refusal> {
    let sum: f64 = weights.iter().sum();
    if names.len() != weights.len() || !(sum.is_finite() && sum > 0.0) {
        return Err(Refusal::new(
            Code::OutOfRange,
            "weights",
            "The weights do not sum to anything above zero.",
        ));
    }
    Ok(plain(method.into(), names, weights.iter().map(|w| w / sum).collect()))
}

/// Weights proportional to 1/volatility.
pub fn inverse_volatility(moments: &Moments) -> Result<Portfolio, Refusal> {
    let deviations = moments.volatilities();
    if let Some(still) = deviations.iter().position(|d| *d <= 0.0) {
        let message = format!("{} never moves.", moments.names[still]);
        return Err(
            Refusal::new(Code::CovarianceNotPd, "inverse volatility", message).remedy("Leave it out.")
        );
    }
    let inverse: Vec<f64> = deviations.iter().map(|d| 1.0 / d).collect();
    fixed(&moments.names, &inverse, format!("inverse volatility; {}", moments.estimator.name()))
}

/// `share` of the second portfolio and the rest of the first.
pub fn blend(first: &Portfolio, second: &Portfolio, share: f64) -> Portfolio {
    Portfolio {
        method: format!("{} % [{}] and the rest [{}]", share * 100.0, second.method, first.method),
        weights: mix(&first.weights, &second.weights, share),
        names: first.names.clone(),
        certificate: second.certificate.clone(),
        search_gap: 0.0,
    }
}

/// Half equal weights, half minimum variance under the limits: the house recipe inside an asset class.
pub fn half_equal_half_minimum_variance(moments: &Moments, limits: &Limits) -> Result<Portfolio, Refusal> {
    let quiet = minimum_variance(&Setting::new(moments, limits))?;
    Ok(blend(&equal(&moments.names), &quiet, 0.5))
}

fn plain(method: String, names: &[String], weights: Vec<f64>) -> Portfolio {
    Portfolio { method, names: names.to_vec(), weights, certificate: None, search_gap: 0.0 }
}
