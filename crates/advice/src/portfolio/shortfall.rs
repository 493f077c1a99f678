//! Mean and conditional value at risk (Rockafellar and Uryasev 2000), solved to the vertex of the linear programme
//! on the scenarios that can matter and verified on all of them.

use super::efficient::mix;
use super::{Limits, Portfolio};
use crate::matrix::dot;
use crate::prices::Returns;
use crate::quadratic::Certificate;
use crate::refusal::{Code, Refusal};

mod vertex;

use vertex::{Objective, Vertex};

/// A portfolio with its shortfall.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortfall {
    /// Weights and certificate.
    pub portfolio: Portfolio,
    /// Value at risk for one period: the loss exceeded in the share 1 − confidence of the scenarios.
    pub value_at_risk: f64,
    /// Conditional value at risk: the mean loss beyond it.
    pub conditional: f64,
}

/// Least conditional value at risk at `confidence` (0.95: the worst twentieth) under the limits.
pub fn minimum_shortfall(returns: &Returns, confidence: f64, limits: &Limits) -> Result<Shortfall, Refusal> {
    let mean = means(returns);
    let objective = Objective { risk: 1.0, linear: vec![0.0; returns.assets()], confidence };
    let found = vertex::solve(returns, limits, &mean, &objective, None)?;
    Ok(finish(returns, confidence, format!("minimum CVaR {confidence}"), found.weights, found.certificate))
}

/// Most mean return with a conditional value at risk of at most `limit`.
pub fn maximum_return_within(
    returns: &Returns,
    confidence: f64,
    limit: f64,
    limits: &Limits,
) -> Result<Shortfall, Refusal> {
    let mean = means(returns);
    let n = returns.assets();
    let method = format!("maximum return, CVaR {confidence} at most {limit}");
    let quiet = minimum_shortfall(returns, confidence, limits)?;
    if quiet.conditional > limit + 1e-15 {
        return Err(Refusal::new(
            Code::LossLimitExceeded,
            "largest CVaR",
            "No admissible portfolio loses this little.",
        )
        .found(limit, quiet.conditional)
        .nearest(quiet.conditional)
        .remedy("Raise the limit, or admit quieter assets."));
    }
    let gain = |w: &[f64]| dot(&mean, w);
    let at = |risk: f64, warm: Option<&Vertex>| {
        let objective = Objective { risk, linear: mean.iter().map(|m| -m).collect(), confidence };
        vertex::solve(returns, limits, &mean, &objective, warm)
    };
    // With no price on risk: the most return there is.
    let most = at(0.0, None)?;
    let mut bold = (most.weights.clone(), conditional(returns, confidence, &most.weights).1);
    if bold.1 <= limit {
        return Ok(finish(returns, confidence, method, most.weights, most.certificate));
    }
    let mut calm = (quiet.portfolio.weights.clone(), quiet.conditional);
    let mut certificate = quiet.portfolio.certificate.clone();
    // The two vertices around the limit define the next price of risk; no new vertex there means both are optimal.
    for _ in 0..200 {
        let price = (gain(&bold.0) - gain(&calm.0)) / (bold.1 - calm.1);
        if !(price.is_finite() && price > 0.0) {
            break;
        }
        let next = at(price, None)?;
        let risk = conditional(returns, confidence, &next.weights).1;
        let value = gain(&next.weights) - price * risk;
        let known = gain(&bold.0) - price * bold.1;
        certificate = Some(next.certificate.clone());
        if value <= known + 1e-13 * (1e-3 + known.abs()) {
            break;
        }
        if risk > limit {
            bold = (next.weights, risk);
        } else {
            calm = (next.weights, risk);
        }
    }
    let share = ((limit - calm.1) / (bold.1 - calm.1)).clamp(0.0, 1.0);
    let weights = mix(&calm.0, &bold.0, share);
    let certificate =
        certificate.unwrap_or(Certificate { gap: 0.0, gap_relative: 0.0, residual: 0.0, active: vec![] });
    debug_assert_eq!(weights.len(), n);
    Ok(finish(returns, confidence, method, weights, certificate))
}

/// Value at risk and conditional value at risk of fixed weights: the mean of the worst share, its last scenario
/// counted in part.
pub fn conditional(returns: &Returns, confidence: f64, weights: &[f64]) -> (f64, f64) {
    conditional_of(returns.portfolio(weights), confidence)
}

/// The same from a list of returns.
pub fn conditional_of(portfolio: Vec<f64>, confidence: f64) -> (f64, f64) {
    let mut losses: Vec<f64> = portfolio.into_iter().map(|r| -r).collect();
    losses.sort_by(|a, b| b.total_cmp(a));
    let mass = ((1.0 - confidence) * losses.len() as f64).max(f64::MIN_POSITIVE);
    let whole = (mass.floor() as usize).min(losses.len());
    let edge = losses.get(whole).or(losses.last()).copied().unwrap_or(0.0);
    let worst: f64 = losses[..whole].iter().sum();
    (edge, (worst + (mass - whole as f64).max(0.0) * edge) / mass)
}

fn means(returns: &Returns) -> Vec<f64> {
    returns.columns().iter().map(|c| crate::matrix::sum(c) / returns.periods() as f64).collect()
}

fn finish(
    returns: &Returns,
    confidence: f64,
    method: String,
    weights: Vec<f64>,
    certificate: Certificate,
) -> Shortfall {
    let (value_at_risk, conditional) = conditional(returns, confidence, &weights);
    let portfolio = Portfolio {
        method: format!("{method}, {} equally likely scenarios", returns.periods()),
        names: returns.names().to_vec(),
        weights,
        certificate: Some(certificate),
        search_gap: 0.0,
    };
    Shortfall { portfolio, value_at_risk, conditional }
}
