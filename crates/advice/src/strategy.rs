//! The methods by name, so that a back-test, a command and a record mean the same thing. Each sees a window of
//! returns and nothing after it.

use crate::moments::{Estimator, Moments, Trust};
use crate::portfolio::shortfall::minimum_shortfall;
use crate::portfolio::{self, LeafOrder, Limits, Linkage, Setting};
use crate::prices::Returns;
use crate::refusal::{Code, Refusal};

/// A method that turns a window of returns into weights.
#[derive(Debug, Clone, PartialEq)]
pub enum Strategy {
    /// The same weight for each.
    Equal,
    /// Fixed weights by asset name; assets without one get none.
    Fixed(String, Vec<(String, f64)>),
    /// Proportional to 1/volatility.
    InverseVolatility,
    /// Least variance of the estimate.
    MinimumVariance(Estimator),
    /// Half equal, half least Ledoit-Wolf variance.
    Blend,
    /// Equal shares of the Ledoit-Wolf variance.
    RiskParity,
    /// Hierarchical risk parity.
    Hierarchical(Linkage, LeafOrder),
    /// Largest Sharpe ratio of the estimate.
    MaximumSharpe(Estimator),
    /// Least CVaR at this confidence.
    MinimumShortfall(f64),
}

impl Strategy {
    /// Names that `parse` knows.
    pub const NAMES: [&'static str; 11] = [
        "equal",
        "inverse-volatility",
        "min-variance",
        "min-variance-lw",
        "blend",
        "risk-parity",
        "hrp",
        "hrp-tree",
        "hrp-turned",
        "max-sharpe",
        "min-cvar",
    ];

    /// A method by its name.
    pub fn parse(name: &str) -> Result<Strategy, Refusal> {
        Ok(match name {
            "equal" => Strategy::Equal,
            "inverse-volatility" => Strategy::InverseVolatility,
            "min-variance" => Strategy::MinimumVariance(Estimator::Sample),
            "min-variance-lw" => Strategy::MinimumVariance(Estimator::LedoitWolf),
            "blend" => Strategy::Blend,
            "risk-parity" => Strategy::RiskParity,
            "hrp" => Strategy::Hierarchical(Linkage::Ward, LeafOrder::Optimal),
            "hrp-tree" => Strategy::Hierarchical(Linkage::Single, LeafOrder::Tree),
            "hrp-turned" => Strategy::Hierarchical(Linkage::Ward, LeafOrder::Turned),
            "max-sharpe" => Strategy::MaximumSharpe(Estimator::Sample),
            "min-cvar" => Strategy::MinimumShortfall(0.95),
            other => {
                return Err(Refusal::new(Code::OutOfRange, "method", format!("There is no method {other}."))
                    .remedy(format!("Choose among {}.", Strategy::NAMES.join(", "))));
            }
        })
    }

    /// The name with its definition.
    pub fn name(&self) -> String {
        match self {
            Strategy::Equal => "1/N".into(),
            Strategy::Fixed(name, _) => name.clone(),
            Strategy::InverseVolatility => "inverse volatility".into(),
            Strategy::MinimumVariance(estimator) => format!("min variance, {}", estimator.name()),
            Strategy::Blend => "half 1/N, half Ledoit-Wolf min variance".into(),
            Strategy::RiskParity => "risk parity, Ledoit-Wolf".into(),
            Strategy::Hierarchical(linkage, order) => format!("HRP, {}, {}", linkage.name(), order.name()),
            Strategy::MaximumSharpe(estimator) => format!("max Sharpe, {}", estimator.name()),
            Strategy::MinimumShortfall(confidence) => format!("min CVaR {confidence}"),
        }
    }

    /// Weights from a window of returns, each at most `cap`.
    pub fn weights(&self, window: &Returns, cap: f64) -> Result<Vec<f64>, Refusal> {
        let n = window.assets();
        let limits = Limits { upper: vec![cap.max(1.0 / n as f64).min(1.0); n], ..Limits::long_only(n) };
        let estimate = |estimator| Moments::estimate(window, estimator, Trust::BARE);
        let portfolio = match self {
            Strategy::Equal => portfolio::equal(window.names()),
            Strategy::Fixed(name, weights) => {
                let of = |asset: &String| weights.iter().find(|(n, _)| n == asset).map_or(0.0, |(_, w)| *w);
                let list: Vec<f64> = window.names().iter().map(of).collect();
                portfolio::fixed(window.names(), &list, name.clone())?
            }
            Strategy::InverseVolatility => portfolio::inverse_volatility(&estimate(Estimator::Sample)?)?,
            Strategy::MinimumVariance(estimator) => {
                portfolio::minimum_variance(&Setting::new(&estimate(*estimator)?, &limits))?
            }
            Strategy::Blend => {
                portfolio::half_equal_half_minimum_variance(&estimate(Estimator::LedoitWolf)?, &limits)?
            }
            Strategy::RiskParity => portfolio::risk_parity(&estimate(Estimator::LedoitWolf)?, &vec![1.0; n])?,
            Strategy::Hierarchical(linkage, order) => {
                portfolio::hierarchical(&estimate(Estimator::Sample)?, *linkage, *order)?
            }
            Strategy::MaximumSharpe(estimator) => {
                portfolio::maximum_sharpe(&Setting::new(&estimate(*estimator)?, &limits), 0.0)?
            }
            Strategy::MinimumShortfall(confidence) => {
                minimum_shortfall(window, *confidence, &limits)?.portfolio
            }
        };
        Ok(portfolio.weights)
    }
}
