//! Weights from moments under limits: each method exact, named, certified, and refused by name where it cannot be.
//! It knows no investor and no money.

mod blend;
mod cardinality;
mod efficient;
mod hierarchy;
mod parity;
pub mod shortfall;
mod turnover;
mod views;

use crate::json::Json;
use crate::matrix::dot;
use crate::moments::Moments;
use crate::quadratic::{Certificate, Costs, Programme, Row};
use crate::refusal::{Code, Refusal};

pub use blend::{blend, equal, fixed, half_equal_half_minimum_variance, inverse_volatility};
pub use cardinality::{Few, few_assets};
pub use efficient::{Frontier, frontier, maximum_return, maximum_sharpe};
pub use hierarchy::{LeafOrder, Linkage, hierarchical};
pub use parity::risk_parity;
pub use views::{Equilibrium, View, black_litterman};

/// Weights with the method that made them and what proves them.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// Method and definition, so that a name never hides which variant was meant.
    pub method: String,
    /// Asset names.
    pub names: Vec<String>,
    /// Weights, in the order of the names.
    pub weights: Vec<f64>,
    /// Gap, residual, active constraints; absent where the method is a formula without optimisation.
    pub certificate: Option<Certificate>,
    /// Proven distance from the optimum relative to it, 0 unless a search stopped early.
    pub search_gap: f64,
}

impl Portfolio {
    /// Mean return for each period.
    pub fn mean(&self, moments: &Moments) -> f64 {
        dot(&moments.mean, &self.weights)
    }

    /// Standard deviation for each period.
    pub fn volatility(&self, moments: &Moments) -> f64 {
        moments.covariance.quadratic(&self.weights).sqrt()
    }

    /// The portfolio as JSON, measures with `periods` a year.
    pub fn to_json(&self, moments: Option<&Moments>, periods: f64) -> Json {
        let weights = self.names.iter().cloned().zip(self.weights.iter().map(|w| Json::Number(*w)));
        let mut members = vec![
            ("method", Json::text(&self.method)),
            ("weights", Json::object(weights)),
            ("search_gap", Json::Number(self.search_gap)),
        ];
        if let Some(moments) = moments {
            let (mean, volatility) =
                (self.mean(moments) * periods, self.volatility(moments) * periods.sqrt());
            let ratio = if volatility > 0.0 { mean / volatility } else { 0.0 };
            members.push(("mean_yearly", Json::Number(mean)));
            members.push(("volatility_yearly", Json::Number(volatility)));
            members.push(("mean_over_volatility", Json::Number(ratio)));
        }
        if let Some(certificate) = &self.certificate {
            members.push(("certificate", certificate.to_json(&self.names)));
        }
        Json::object(members)
    }
}

/// What weights must obey. They always sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Smallest weight of each asset.
    pub lower: Vec<f64>,
    /// Largest weight of each asset.
    pub upper: Vec<f64>,
    /// Limits on sums of weights.
    pub groups: Vec<Group>,
    /// Least mean return for each period.
    pub mean_min: Option<f64>,
}

/// A limit on the sum of some weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The name used in certificates and refusals.
    pub name: String,
    /// Numbers of the member assets.
    pub members: Vec<usize>,
    /// Smallest sum.
    pub lower: f64,
    /// Largest sum.
    pub upper: f64,
}

impl Limits {
    /// No weight below 0 or above 1.
    pub fn long_only(assets: usize) -> Limits {
        Limits { lower: vec![0.0; assets], upper: vec![1.0; assets], groups: Vec::new(), mean_min: None }
    }

    /// The constraint rows in the order of their precedence.
    pub(crate) fn rows(&self, assets: usize, mean: &[f64]) -> Result<Vec<Row>, Refusal> {
        let mut rows = vec![Row::equal("sum of weights", vec![1.0; assets], 1.0)];
        for group in &self.groups {
            let mut coefficients = vec![0.0; assets];
            for member in &group.members {
                *coefficients.get_mut(*member).ok_or_else(|| {
                    let message = format!("Group {} names an asset that is not there.", group.name);
                    Refusal::new(Code::OutOfRange, group.name.as_str(), message)
                })? = 1.0;
            }
            rows.push(Row::between(group.name.as_str(), coefficients, group.lower, group.upper));
        }
        if let Some(least) = self.mean_min {
            rows.push(Row::between("least mean return", mean.to_vec(), least, f64::INFINITY));
        }
        Ok(rows)
    }
}

/// Where one starts and what moving costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Trading {
    /// Present weights.
    pub held: Vec<f64>,
    /// Cost of buying each asset, as a share of the amount, already spread over the holding period.
    pub buy: Vec<f64>,
    /// Cost of selling each asset, likewise.
    pub sell: Vec<f64>,
    /// Largest Σ|new − held| over all assets, if limited. (skfolio's `max_turnover` is for each asset; see below.)
    pub turnover_max: Option<f64>,
    /// Largest |new − held| of each single asset, if limited.
    pub turnover_each_max: Option<f64>,
}

impl Trading {
    /// Present weights, nothing costs and nothing limits.
    pub fn free(held: Vec<f64>) -> Trading {
        let zeros = vec![0.0; held.len()];
        Trading { held, buy: zeros.clone(), sell: zeros, turnover_max: None, turnover_each_max: None }
    }
}

/// Moments, limits and costs together: what every optimising method needs.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Means and covariances.
    pub moments: &'a Moments,
    /// What weights must obey.
    pub limits: &'a Limits,
    /// Where one starts, if trading costs or is limited.
    pub trading: Option<&'a Trading>,
}

/// Least ½w'Σw plus trading costs.
pub fn minimum_variance(setting: &Setting) -> Result<Portfolio, Refusal> {
    let programme = setting.programme(vec![0.0; setting.moments.assets()])?;
    setting.solved(&programme, "minimum variance".into())
}

/// Most w'μ − ½·aversion·w'Σw less trading costs; the aversion is above zero.
pub fn maximum_utility(setting: &Setting, aversion: f64) -> Result<Portfolio, Refusal> {
    if !(aversion.is_finite() && aversion > 0.0) {
        let message = "The risk aversion must be above zero.";
        return Err(Refusal::new(Code::OutOfRange, "risk aversion", message).found(0.0, aversion));
    }
    // Divided by the aversion, so that the covariance is shared and not copied.
    let linear = setting.moments.mean.iter().map(|m| -m / aversion).collect();
    let mut programme = setting.programme(linear)?;
    if let Some(costs) = &mut programme.costs {
        costs.buy.iter_mut().chain(&mut costs.sell).for_each(|c| *c /= aversion);
    }
    setting.solved(&programme, format!("maximum utility, risk aversion {aversion}"))
}

/// Least ½(w − m)'Σ(w − m) plus trading costs: as close to the model `m` as costs allow.
pub fn track(setting: &Setting, model: &[f64]) -> Result<Portfolio, Refusal> {
    if model.len() != setting.moments.assets() {
        return Err(Refusal::new(Code::OutOfRange, "model", "The model has another number of assets."));
    }
    let linear = setting.moments.covariance.times(model).iter().map(|pull| -pull).collect();
    let programme = setting.programme(linear)?;
    setting.solved(&programme, "tracking of the model portfolio after costs".into())
}

impl<'a> Setting<'a> {
    /// Moments and limits without trading.
    pub fn new(moments: &'a Moments, limits: &'a Limits) -> Setting<'a> {
        Setting { moments, limits, trading: None }
    }

    pub(crate) fn programme(&self, linear: Vec<f64>) -> Result<Programme<'a>, Refusal> {
        let moments = self.moments;
        let (mut lower, mut upper) = (self.limits.lower.clone(), self.limits.upper.clone());
        let mut costs = None;
        if let Some(trading) = self.trading {
            if trading.held.len() != moments.assets() {
                return Err(Refusal::new(
                    Code::OutOfRange,
                    "held",
                    "Holdings differ in number from the assets.",
                ));
            }
            if let Some(most) = trading.turnover_each_max {
                for (i, held) in trading.held.iter().enumerate().take(lower.len().min(upper.len())) {
                    lower[i] = lower[i].max(held - most);
                    upper[i] = upper[i].min(held + most);
                    if lower[i] > upper[i] {
                        let name = format!("turnover of {}", moments.names[i]);
                        let needed = (self.limits.lower[i] - held).max(held - self.limits.upper[i]);
                        return Err(Refusal::new(
                            Code::Infeasible,
                            name,
                            "The bound lies beyond the turnover limit.",
                        )
                        .found(most, needed)
                        .nearest(needed)
                        .remedy("Raise the turnover limit of the asset or widen its bound."));
                    }
                }
            }
            let (held, buy, sell) = (trading.held.clone(), trading.buy.clone(), trading.sell.clone());
            costs = Some(Costs { held, buy, sell });
        }
        let rows = self.limits.rows(moments.assets(), &moments.mean)?;
        Ok(Programme { quadratic: &moments.covariance, linear, lower, upper, rows, costs })
    }

    pub(crate) fn solved(&self, programme: &Programme, method: String) -> Result<Portfolio, Refusal> {
        let most = self.trading.and_then(|t| t.turnover_max);
        let solution = match most {
            Some(most) => turnover::solve_within(programme, most)?,
            None => programme.solve()?,
        };
        Ok(Portfolio {
            method: format!("{method}; {}", self.moments.estimator.name()),
            names: self.moments.names.clone(),
            weights: solution.x,
            certificate: Some(solution.certificate),
            search_gap: 0.0,
        })
    }
}

#[cfg(test)]
mod tests;
