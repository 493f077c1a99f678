//! `sojourn advise backtest`: methods walked forward with the boring rows beside them.

use std::path::PathBuf;

use advice::backtest::{Walk, backtest};
use advice::picture::{self, Line};
use advice::strategy::Strategy;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::source::{self, Source};
use super::table;

/// Walk methods forward over history, costs paid, boring rows beside
#[derive(Args)]
pub(super) struct Backtest {
    #[command(flatten)]
    source: Source,
    /// Methods, by name; `--methods help` lists them
    #[arg(long, value_delimiter = ',', default_value = "blend,risk-parity,min-variance-lw")]
    methods: Vec<String>,
    /// Periods each fit sees
    #[arg(long, default_value_t = 504)]
    window: usize,
    /// Periods between fits
    #[arg(long, default_value_t = 63)]
    step: usize,
    /// Cost of what is traded, basis points
    #[arg(long, default_value_t = 10.0)]
    cost_bp: f64,
    /// Largest weight of an asset
    #[arg(long, default_value_t = 1.0)]
    cap: f64,
    /// Return of the deposit a year
    #[arg(long, default_value_t = 0.0)]
    free: f64,
    /// Asset that stands for shares in the 60/40 row
    #[arg(long, requires = "bonds")]
    stocks: Option<String>,
    /// Asset that stands for bonds in the 60/40 row
    #[arg(long, requires = "stocks")]
    bonds: Option<String>,
    /// Comparisons made before on the same data
    #[arg(long, default_value_t = 0)]
    comparisons_before: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a picture of the falls from the high
    #[arg(long)]
    svg: Option<PathBuf>,
}

impl Backtest {
    pub(super) fn run(self) -> anyhow::Result<()> {
        if self.methods.iter().any(|m| m == "help") {
            println!("{}", Strategy::NAMES.join("\n"));
            return Ok(());
        }
        let strategies = self.methods.iter().map(|m| Strategy::parse(m)).collect::<Result<Vec<_>, _>>()?;
        let periods = self.source.periods;
        let walk = Walk {
            window: self.window,
            step: self.step,
            cost: self.cost_bp / 10_000.0,
            cap: self.cap,
            periods_yearly: periods,
            free: self.free / periods,
            seed: 1,
            comparisons_before: self.comparisons_before,
        };
        let pair = self.stocks.as_deref().zip(self.bonds.as_deref());
        let bar = ProgressBar::new(0);
        bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} strategies, {elapsed}")?);
        // Gaps mean not listed, so the table is taken as it is.
        let result = backtest(&self.source.open()?, &strategies, pair, &walk, |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        let result = result?;
        if let Some(path) = &self.svg {
            let line = |row: &advice::backtest::Row| {
                let points =
                    picture::falls(&row.returns).into_iter().map(|(t, fall)| (t / periods, fall)).collect();
                Line { label: short(&row.name), points }
            };
            let lines: Vec<Line> = result.rows.iter().filter(|r| r.volatility > 0.0).map(line).collect();
            source::write(
                path,
                &picture::lines("Falls from the high", "years", "below the high, 1 = all", &lines, false),
            )?;
        }
        if self.json {
            print!("{}", result.to_json().pretty());
            return Ok(());
        }
        println!(
            "{} to {}, {} fits on {} periods each, {} bp a unit traded\n",
            result.dates.0, result.dates.1, result.fits, self.window, self.cost_bp
        );
        let rows: Vec<Vec<String>> = result
            .rows
            .iter()
            .map(|r| {
                vec![
                    r.name.clone(),
                    table::percent(r.mean),
                    table::percent(r.volatility),
                    format!("{:.2}", r.sharpe),
                    table::percent(-r.drawdown),
                    table::percent(r.turnover),
                    r.p_value.map_or("–".into(), |p| format!("{p:.4}")),
                    if r.kept > 0 {
                        format!("{} ({})", r.kept, r.kept_why.map_or("", |c| c.name()))
                    } else {
                        "–".into()
                    },
                ]
            })
            .collect();
        table::print(
            &[
                "strategy",
                "mean",
                "volatility",
                "Sharpe",
                "worst fall",
                "turnover/fit",
                "p against 1/N",
                "fits refused",
            ],
            &rows,
        );
        println!(
            "\n{} comparisons: a difference counts at 5 % only below p = {:.4} (Bonferroni). Past results of survivors; no forecast.",
            result.comparisons, result.p_needed
        );
        Ok(())
    }
}

fn short(name: &str) -> String {
    name.chars().take(24).collect()
}
