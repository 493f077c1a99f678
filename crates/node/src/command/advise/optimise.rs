//! `sojourn advise optimise`: one portfolio from prices.

use std::path::PathBuf;

use advice::moments::{Estimator, Moments, Trust};
use advice::portfolio::shortfall::{maximum_return_within, minimum_shortfall};
use advice::portfolio::{
    self, Equilibrium, Few, Group, LeafOrder, Limits, Linkage, Portfolio, Setting, Trading, View,
};
use advice::prices::Returns;
use advice::{Json, picture};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::source::{self, Source};
use super::table;

/// Weights from prices under limits, with the certificate that proves them
#[derive(Args)]
pub(super) struct Optimise {
    #[command(flatten)]
    source: Source,
    /// How to build the portfolio
    #[arg(long, value_enum, default_value_t = Method::MinVariance)]
    method: Method,
    /// Moments: `sample`, `lw` (Ledoit-Wolf) or `exp:HALFLIFE`
    #[arg(long, default_value = "lw")]
    estimator: String,
    /// Largest weight of every asset
    #[arg(long, default_value_t = 1.0)]
    cap: f64,
    /// Smallest weight of every asset
    #[arg(long, default_value_t = 0.0)]
    floor: f64,
    /// A limit on a sum of weights: `NAME:A+B+C:LOWEST:HIGHEST`; may be given several times
    #[arg(long)]
    group: Vec<String>,
    /// Least mean return a year
    #[arg(long)]
    return_min: Option<f64>,
    /// Largest volatility a year (method max-return)
    #[arg(long)]
    volatility_max: Option<f64>,
    /// Largest CVaR for one period (method max-return-cvar)
    #[arg(long)]
    cvar_max: Option<f64>,
    /// Confidence of the CVaR
    #[arg(long, default_value_t = 0.95)]
    confidence: f64,
    /// Risk-free return a year
    #[arg(long, default_value_t = 0.0)]
    free: f64,
    /// Risk aversion (methods utility and views)
    #[arg(long, default_value_t = 3.0)]
    aversion: f64,
    /// Assets at most (method few)
    #[arg(long, default_value_t = 5)]
    assets_max: usize,
    /// Least weight of an asset that is held (method few)
    #[arg(long, default_value_t = 0.0)]
    weight_min: f64,
    /// A view for method views: `A>B=0.02:0.5` (A beats B by 2 % a year, confidence 0.5) or `A=0.05:0.5`
    #[arg(long)]
    view: Vec<String>,
    /// Present weights `A=0.5`; with them costs and turnover count
    #[arg(long, value_delimiter = ',')]
    held: Vec<String>,
    /// Cost of each unit traded, in basis points of it for each period held
    #[arg(long, default_value_t = 0.0)]
    cost_bp: f64,
    /// Largest sum of all |new − held|
    #[arg(long)]
    turnover_max: Option<f64>,
    /// Largest |new − held| of each asset
    #[arg(long)]
    turnover_each_max: Option<f64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a picture of the weights
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Write the weights as a model portfolio for `propose`
    #[arg(long, requires = "approved_by")]
    model: Option<PathBuf>,
    /// Name of the model
    #[arg(long, default_value = "own")]
    model_name: String,
    /// Class the model is made for
    #[arg(long, default_value = "C3")]
    class: String,
    /// Who approves the model; two people are needed before it is used
    #[arg(long)]
    approved_by: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Least variance
    MinVariance,
    /// Largest Sharpe ratio
    MaxSharpe,
    /// Most return within a volatility
    MaxReturn,
    /// Return less risk
    Utility,
    /// Black-Litterman with equal reference weights
    Views,
    /// Equal shares of the risk
    RiskParity,
    /// Hierarchical risk parity, Ward, optimal leaf order
    Hrp,
    /// Hierarchical risk parity, Ward, leaf order as SciPy and skfolio
    HrpTurned,
    /// Hierarchical risk parity, single linkage, tree order as PyPortfolioOpt
    HrpTree,
    /// Least mean loss of the tail
    MinCvar,
    /// Most return within a CVaR
    MaxReturnCvar,
    /// Least variance with few assets
    Few,
    /// Half equal, half least variance
    Blend,
    /// The same weight for each
    Equal,
    /// Proportional to 1/volatility
    InverseVolatility,
}

impl Optimise {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let returns = self.source.whole()?.returns()?;
        let moments = Moments::estimate(&returns, self.estimator()?, Trust::BARE)?;
        if returns.periods() < 250 || returns.periods() < 3 * returns.assets() {
            eprintln!(
                "note: {} periods for {} assets are little; advice would refuse",
                returns.periods(),
                returns.assets()
            );
        }
        let limits = self.limits(&returns)?;
        let portfolio = self.build(&returns, &moments, &limits)?;
        let periods = self.source.periods;
        if let Some(path) = &self.svg {
            let bars: Vec<(String, f64)> =
                portfolio.names.iter().cloned().zip(portfolio.weights.clone()).collect();
            source::write(path, &picture::bars(&portfolio.method, &bars))?;
        }
        if let Some(path) = &self.model {
            source::write(path, &self.model_json(&portfolio).pretty())?;
        }
        if self.json {
            print!("{}", portfolio.to_json(Some(&moments), periods).pretty());
            return Ok(());
        }
        show(&portfolio, &moments, periods);
        Ok(())
    }

    fn estimator(&self) -> anyhow::Result<Estimator> {
        Ok(match self.estimator.split_once(':') {
            None if self.estimator == "sample" => Estimator::Sample,
            None if self.estimator == "lw" => Estimator::LedoitWolf,
            Some(("exp", half)) => {
                Estimator::Exponential { half_life: half.parse().context("exp:HALFLIFE")? }
            }
            _ => bail!("--estimator is sample, lw or exp:HALFLIFE"),
        })
    }

    fn limits(&self, returns: &Returns) -> anyhow::Result<Limits> {
        let n = returns.assets();
        let mut limits = Limits {
            lower: vec![self.floor; n],
            upper: vec![self.cap; n],
            groups: Vec::new(),
            mean_min: self.return_min.map(|r| r / self.source.periods),
        };
        for group in &self.group {
            let parts: Vec<&str> = group.split(':').collect();
            let [name, members, lower, upper] = parts[..] else {
                bail!("{group:?} is not like NAME:A+B:0.1:0.5")
            };
            let members = members.split('+').map(|m| place(returns, m)).collect::<anyhow::Result<_>>()?;
            limits.groups.push(Group {
                name: name.into(),
                members,
                lower: lower.parse().context("lowest sum")?,
                upper: upper.parse().context("highest sum")?,
            });
        }
        Ok(limits)
    }

    fn trading(&self, returns: &Returns) -> anyhow::Result<Option<Trading>> {
        if self.held.is_empty() {
            return Ok(None);
        }
        let mut held = vec![0.0; returns.assets()];
        for entry in &self.held {
            let (name, weight) = source::named_number(entry)?;
            held[place(returns, &name)?] = weight;
        }
        let cost = vec![self.cost_bp / 10_000.0; held.len()];
        Ok(Some(Trading {
            buy: cost.clone(),
            sell: cost,
            turnover_max: self.turnover_max,
            turnover_each_max: self.turnover_each_max,
            ..Trading::free(held)
        }))
    }

    fn build(&self, returns: &Returns, moments: &Moments, limits: &Limits) -> anyhow::Result<Portfolio> {
        let trading = self.trading(returns)?;
        let setting = Setting { moments, limits, trading: trading.as_ref() };
        let periods = self.source.periods;
        Ok(match self.method {
            Method::MinVariance => portfolio::minimum_variance(&setting)?,
            Method::MaxSharpe => portfolio::maximum_sharpe(&setting, self.free / periods)?,
            Method::MaxReturn => {
                let limit = self.volatility_max.context("max-return needs --volatility-max")?;
                portfolio::maximum_return(&setting, limit / periods.sqrt())?
            }
            Method::Utility => portfolio::maximum_utility(&setting, self.aversion)?,
            Method::Views => {
                let after = self.views(returns, moments)?;
                portfolio::maximum_utility(&Setting { moments: &after, ..setting }, self.aversion)?
            }
            Method::RiskParity => portfolio::risk_parity(moments, &vec![1.0; moments.assets()])?,
            Method::Hrp => portfolio::hierarchical(moments, Linkage::Ward, LeafOrder::Optimal)?,
            Method::HrpTurned => portfolio::hierarchical(moments, Linkage::Ward, LeafOrder::Turned)?,
            Method::HrpTree => portfolio::hierarchical(moments, Linkage::Single, LeafOrder::Tree)?,
            Method::MinCvar => minimum_shortfall(returns, self.confidence, limits)?.portfolio,
            Method::MaxReturnCvar => {
                let limit = self.cvar_max.context("max-return-cvar needs --cvar-max")?;
                maximum_return_within(returns, self.confidence, limit, limits)?.portfolio
            }
            Method::Few => {
                let few =
                    Few { assets_max: self.assets_max, weight_min: self.weight_min, nodes_max: 2_000_000 };
                portfolio::few_assets(&setting, &few)?
            }
            Method::Blend => portfolio::half_equal_half_minimum_variance(moments, limits)?,
            Method::Equal => portfolio::equal(returns.names()),
            Method::InverseVolatility => portfolio::inverse_volatility(moments)?,
        })
    }

    fn views(&self, returns: &Returns, moments: &Moments) -> anyhow::Result<Moments> {
        let n = returns.assets();
        let mut views = Vec::new();
        for view in &self.view {
            let (what, confidence) = view.rsplit_once(':').context("a view ends with :CONFIDENCE")?;
            let (assets, mean) = source::named_number(what)?;
            let mut coefficients = vec![0.0; n];
            let (first, second) =
                assets.split_once('>').map_or((assets.as_str(), None), |(a, b)| (a, Some(b)));
            coefficients[place(returns, first)?] = 1.0;
            if let Some(second) = second {
                coefficients[place(returns, second)?] = -1.0;
            }
            let confidence = confidence.parse().context("confidence")?;
            views.push(View { coefficients, mean: mean / self.source.periods, confidence });
        }
        let equilibrium = Equilibrium {
            weights: vec![1.0 / n as f64; n],
            aversion: self.aversion,
            free: self.free / self.source.periods,
            tau: 0.05,
        };
        Ok(portfolio::black_litterman(moments, &equilibrium, &views)?)
    }

    fn model_json(&self, portfolio: &Portfolio) -> Json {
        let parts: Vec<i64> = portfolio.weights.iter().map(|w| (w * 1e9).round() as i64).collect();
        let shares = advice::lots::share_out(10_000, &parts);
        let weights = portfolio.names.iter().cloned().zip(shares).filter(|(_, w)| *w > 0);
        Json::object([
            ("id", Json::text(&self.model_name)),
            ("version", Json::Whole(1)),
            ("class", Json::text(&self.class)),
            ("weights_bp", Json::object(weights.map(|(name, w)| (name, Json::Whole(w))))),
            ("approvals", Json::texts(&self.approved_by)),
        ])
    }
}

fn place(returns: &Returns, name: &str) -> anyhow::Result<usize> {
    let name = name.trim();
    returns.names().iter().position(|n| n == name).with_context(|| format!("the table has no asset {name}"))
}

fn show(portfolio: &Portfolio, moments: &Moments, periods: f64) {
    println!("{}\n", portfolio.method);
    let pull = moments.covariance.times(&portfolio.weights);
    let variance = moments.covariance.quadratic(&portfolio.weights);
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    for (i, name) in portfolio.names.iter().enumerate().filter(|(i, _)| portfolio.weights[*i].abs() >= 5e-6) {
        let share = if variance > 0.0 { portfolio.weights[i] * pull[i] / variance } else { 0.0 };
        let row = vec![name.clone(), table::percent(portfolio.weights[i]), table::percent(share)];
        rows.push((portfolio.weights[i], row));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    table::print(&["asset", "weight", "of the risk"], &rows.into_iter().map(|r| r.1).collect::<Vec<_>>());
    println!(
        "\nmean {} a year, volatility {} a year (past, not a forecast)",
        table::percent(portfolio.mean(moments) * periods),
        table::percent(portfolio.volatility(moments) * periods.sqrt())
    );
    if portfolio.search_gap > 0.0 {
        println!("search stopped early: at most {} from the optimum", table::percent(portfolio.search_gap));
    }
    let Some(certificate) = &portfolio.certificate else { return };
    println!("certificate: gap {:.1e}, KKT residual {:.1e}", certificate.gap, certificate.residual);
    for active in certificate.active.iter().filter(|a| a.row.is_some()) {
        let name = active.row.as_deref().unwrap_or_default();
        println!("  held by {name} ({}), price {:.3e}", active.side.name(), active.price);
    }
}
