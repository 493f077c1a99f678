//! Walk-forward only: weights from a window, earned on what follows, costs paid, assets taken only while they were
//! listed, and the boring rows always beside. It says how many comparisons were made and what that demands.

use crate::json::Json;
use crate::prices::Prices;
use crate::refusal::{Code, Refusal};
use crate::strategy::Strategy;

mod significance;

pub use significance::p_value;

/// How the walk is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// Periods of history each fit sees.
    pub window: usize,
    /// Periods between fits.
    pub step: usize,
    /// Cost of each unit traded (0.001 is ten basis points).
    pub cost: f64,
    /// Largest weight of an asset.
    pub cap: f64,
    /// Periods in a year.
    pub periods_yearly: f64,
    /// Return of the deposit for each period.
    pub free: f64,
    /// Seed of the significance test.
    pub seed: u64,
    /// Comparisons made before this run on the same data; they count too.
    pub comparisons_before: usize,
}

impl Default for Walk {
    fn default() -> Walk {
        Walk {
            window: 504,
            step: 63,
            cost: 0.001,
            cap: 1.0,
            periods_yearly: 252.0,
            free: 0.0,
            seed: 1,
            comparisons_before: 0,
        }
    }
}

/// One strategy's walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The strategy with its definition.
    pub name: String,
    /// Whether it is one of the compulsory comparisons.
    pub benchmark: bool,
    /// Mean yearly return after costs.
    pub mean: f64,
    /// Yearly volatility.
    pub volatility: f64,
    /// (Mean − deposit) / volatility.
    pub sharpe: f64,
    /// Deepest fall from a high.
    pub drawdown: f64,
    /// Mean Σ|new − held| at a refit, the first investment left out.
    pub turnover: f64,
    /// Refits at which the method refused and the holdings stayed, with the first reason.
    pub kept: usize,
    /// The first refusal's code, if any.
    pub kept_why: Option<Code>,
    /// Two-sided p of the difference in Sharpe ratio against the first benchmark.
    pub p_value: Option<f64>,
    /// Return of each period after costs.
    pub returns: Vec<f64>,
}

/// A finished back-test.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Benchmarks first.
    pub rows: Vec<Row>,
    /// First and last date of what was earned.
    pub dates: (String, String),
    /// Number of fits.
    pub fits: usize,
    /// All comparisons made on this data, this run's included.
    pub comparisons: usize,
    /// What p must be below for a difference to count at 5 % (Bonferroni).
    pub p_needed: f64,
}

/// Walks every strategy over the prices. `stocks_and_bonds`, where known, gives the 60/40 row; 1/N and the deposit
/// are always there. Missing prices mean not listed.
pub fn backtest(
    prices: &Prices,
    strategies: &[Strategy],
    stocks_and_bonds: Option<(&str, &str)>,
    walk: &Walk,
    mut progress: impl FnMut(usize, usize),
) -> Result<Backtest, Refusal> {
    refuse_unusable(prices, walk)?;
    let mut all = vec![(Strategy::Equal, true)];
    if let Some((stocks, bonds)) = stocks_and_bonds {
        for name in [stocks, bonds] {
            if !prices.names.iter().any(|n| n == name) {
                return Err(Refusal::new(
                    Code::BenchmarkMissing,
                    "60/40",
                    format!("There is no asset {name}."),
                )
                .remedy(format!("Choose among {}.", prices.names.join(", "))));
            }
        }
        all.push((Strategy::Fixed("60/40".into(), vec![(stocks.into(), 0.6), (bonds.into(), 0.4)]), true));
    }
    all.extend(strategies.iter().filter(|s| **s != Strategy::Equal).map(|s| (s.clone(), false)));
    let changes = changes(prices);
    let mut rows = Vec::with_capacity(all.len() + 1);
    for (done, (strategy, benchmark)) in all.iter().enumerate() {
        progress(done, all.len());
        rows.push(walked(prices, &changes, strategy, *benchmark, walk)?);
        if done == 0 {
            let deposit = vec![walk.free; rows[0].returns.len()];
            rows.push(measured("deposit".into(), true, deposit, walk));
        }
    }
    progress(all.len(), all.len());
    let reference = rows[0].returns.clone();
    let mut comparisons = walk.comparisons_before;
    for row in rows.iter_mut().skip(1).filter(|row| row.volatility > 0.0) {
        comparisons += 1;
        let block = (walk.periods_yearly / 12.0).round().max(1.0) as usize;
        row.p_value = Some(p_value(&reference, &row.returns, walk.free, block, walk.seed));
    }
    let fits = (prices.dates.len() - 1 - walk.window).div_ceil(walk.step);
    let dates = (prices.dates[walk.window + 1].clone(), prices.dates[prices.dates.len() - 1].clone());
    Ok(Backtest { rows, dates, fits, comparisons, p_needed: 0.05 / comparisons.max(1) as f64 })
}

impl Backtest {
    /// The whole result; curves as yearly points only.
    pub fn to_json(&self) -> Json {
        let row = |row: &Row| {
            Json::object([
                ("name", Json::text(&row.name)),
                ("benchmark", Json::Bool(row.benchmark)),
                ("mean_yearly", Json::Number(row.mean)),
                ("volatility_yearly", Json::Number(row.volatility)),
                ("sharpe", Json::Number(row.sharpe)),
                ("drawdown", Json::Number(row.drawdown)),
                ("turnover_per_fit", Json::Number(row.turnover)),
                ("fits_refused", Json::Whole(row.kept as i64)),
                ("first_refusal", row.kept_why.map_or(Json::Null, |code| Json::text(code.name()))),
                ("p_value", row.p_value.map_or(Json::Null, Json::Number)),
            ])
        };
        Json::object([
            ("from", Json::text(&self.dates.0)),
            ("to", Json::text(&self.dates.1)),
            ("fits", Json::Whole(self.fits as i64)),
            ("comparisons", Json::Whole(self.comparisons as i64)),
            ("p_needed", Json::Number(self.p_needed)),
            ("rows", Json::List(self.rows.iter().map(row).collect())),
        ])
    }
}

fn refuse_unusable(prices: &Prices, walk: &Walk) -> Result<(), Refusal> {
    let earned = prices.dates.len().saturating_sub(walk.window + 1);
    if walk.window < 2
        || walk.step == 0
        || !(walk.cost >= 0.0 && walk.periods_yearly > 0.0 && walk.free.is_finite())
    {
        return Err(Refusal::new(
            Code::OutOfRange,
            "walk",
            "Window, step, cost or periods are out of range.",
        ));
    }
    if (earned as f64) < walk.periods_yearly {
        return Err(Refusal::new(
            Code::PerformanceTooShort,
            "length of the walk",
            "Less than a year would be shown.",
        )
        .found(walk.periods_yearly, earned as f64)
        .nearest(walk.periods_yearly)
        .remedy("Bring a longer history or a shorter window."));
    }
    Ok(())
}

/// Returns of each asset; not a number where a price at either end is missing.
fn changes(prices: &Prices) -> Vec<Vec<f64>> {
    prices.columns.iter().map(|c| c.windows(2).map(|p| p[1] / p[0] - 1.0).collect()).collect()
}

fn walked(
    prices: &Prices,
    changes: &[Vec<f64>],
    strategy: &Strategy,
    benchmark: bool,
    walk: &Walk,
) -> Result<Row, Refusal> {
    let periods = prices.dates.len() - 1;
    let mut held = vec![0.0; changes.len()];
    let mut returns = Vec::with_capacity(periods - walk.window);
    let (mut traded, mut kept, mut kept_why, mut fits) = (0.0, 0, None, 0);
    let mut at = walk.window;
    while at < periods {
        let listed: Vec<usize> = (0..changes.len())
            .filter(|i| changes[*i][at - walk.window..at].iter().all(|r| r.is_finite()))
            .collect();
        let mut wanted = held.clone();
        match fit(prices, changes, &listed, strategy, at, walk) {
            Ok(weights) => {
                wanted.fill(0.0);
                listed.iter().zip(&weights).for_each(|(i, w)| wanted[*i] = *w);
            }
            Err(refusal) => {
                kept += 1;
                kept_why = kept_why.or(Some(refusal.code));
            }
        }
        let turnover: f64 = wanted.iter().zip(&held).map(|(a, b)| (a - b).abs()).sum();
        traded += if fits > 0 { turnover } else { 0.0 };
        fits += 1;
        let mut fee = walk.cost * turnover;
        held = wanted;
        for t in at..(at + walk.step).min(periods) {
            let mut earned = 0.0;
            for (weight, change) in held.iter_mut().zip(changes) {
                // A price that ends leaves its last value until the next fit sells it.
                let change = if change[t].is_finite() { change[t] } else { 0.0 };
                earned += *weight * change;
                *weight *= 1.0 + change;
            }
            let invested: f64 = held.iter().sum();
            let uninvested = if invested == 0.0 { walk.free } else { 0.0 };
            if invested > 0.0 {
                held.iter_mut().for_each(|w| *w /= invested);
            }
            returns.push((1.0 + earned + uninvested) * (1.0 - fee) - 1.0);
            fee = 0.0;
        }
        at += walk.step;
    }
    let mut row = measured(strategy.name(), benchmark, returns, walk);
    row.turnover = if fits > 1 { traded / (fits - 1) as f64 } else { 0.0 };
    row.kept = kept;
    row.kept_why = kept_why;
    Ok(row)
}

fn fit(
    prices: &Prices,
    changes: &[Vec<f64>],
    listed: &[usize],
    strategy: &Strategy,
    at: usize,
    walk: &Walk,
) -> Result<Vec<f64>, Refusal> {
    let names = listed.iter().map(|i| prices.names[*i].clone()).collect();
    let columns = listed.iter().map(|i| changes[*i][at - walk.window..at].to_vec()).collect();
    strategy.weights(&crate::prices::Returns::try_new(names, columns)?, walk.cap)
}

fn measured(name: String, benchmark: bool, returns: Vec<f64>, walk: &Walk) -> Row {
    let count = returns.len() as f64;
    let mean = crate::matrix::sum(&returns) / count;
    let squares: f64 = returns.iter().map(|r| (r - mean) * (r - mean)).sum();
    let volatility = (squares / (count - 1.0).max(1.0)).sqrt();
    let (mut value, mut peak, mut drawdown) = (1.0f64, 1.0f64, 0.0f64);
    for r in &returns {
        value *= 1.0 + r;
        peak = peak.max(value);
        drawdown = drawdown.max(1.0 - value / peak);
    }
    let sharpe =
        if volatility > 1e-15 { (mean - walk.free) / volatility * walk.periods_yearly.sqrt() } else { 0.0 };
    let volatility = if volatility > 1e-15 { volatility * walk.periods_yearly.sqrt() } else { 0.0 };
    Row {
        name,
        benchmark,
        mean: mean * walk.periods_yearly,
        volatility,
        sharpe,
        drawdown,
        turnover: 0.0,
        kept: 0,
        kept_why: None,
        p_value: None,
        returns,
    }
}

#[cfg(test)]
mod tests;
