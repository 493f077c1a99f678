//! `sojourn advise project`: a plan projected on the history of a portfolio.

use std::path::PathBuf;

use advice::picture;
use advice::project::{Method, Plan, project};
use anyhow::Context;
use clap::Args;

use super::source::{self, Source};
use super::table;

/// What may become of a plan, with its own coverage test
#[derive(Args)]
pub(super) struct Project {
    #[command(flatten)]
    source: Source,
    /// Weights `A=0.6,B=0.4`, kept by rebalancing each month; equal if none are given
    #[arg(long, value_delimiter = ',')]
    weights: Vec<String>,
    /// Invested at the start
    #[arg(long, value_parser = table::parse_money, default_value = "10000")]
    start: i64,
    /// Added at the end of each month
    #[arg(long, value_parser = table::parse_money, default_value = "0")]
    monthly: i64,
    /// Years to the goal
    #[arg(long, default_value_t = 10)]
    years: usize,
    /// Amount wanted at the end
    #[arg(long, value_parser = table::parse_money)]
    target: Option<i64>,
    /// Probability with which it is wanted
    #[arg(long, default_value_t = 0.8)]
    probability: f64,
    /// Paths drawn
    #[arg(long, default_value_t = 10_000)]
    paths: usize,
    /// Mean length of the blocks drawn, months
    #[arg(long, default_value_t = 12)]
    block: usize,
    /// Seed of the drawing
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write the fan chart
    #[arg(long)]
    svg: Option<PathBuf>,
}

impl Project {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let returns = self.source.whole()?.month_ends().returns()?;
        let mut weights = vec![0.0; returns.assets()];
        for entry in &self.weights {
            let (name, weight) = source::named_number(entry)?;
            let place = returns.names().iter().position(|n| *n == name);
            weights[place.with_context(|| format!("the table has no asset {name}"))?] = weight;
        }
        if self.weights.is_empty() {
            weights.fill(1.0 / returns.assets() as f64);
        }
        let history = returns.portfolio(&weights);
        let plan = Plan {
            start_minor: self.start,
            monthly_minor: self.monthly,
            months: self.years * 12,
            target_minor: self.target,
            required_probability: self.probability,
        };
        let method =
            Method { paths: self.paths, block_months: self.block, seed: self.seed, mean_uncertain: false };
        let projection = project(&history, &plan, &method)?;
        if let Some(path) = &self.svg {
            let years: Vec<[f64; 5]> =
                projection.years.iter().map(|row| row.map(|v| v as f64 / 100.0)).collect();
            let target = self.target.map(|t| t as f64 / 100.0);
            let svg = picture::fan(
                "What may become of the plan",
                self.start as f64 / 100.0,
                &years,
                target,
                &projection.note(),
            );
            source::write(path, &svg)?;
        }
        if self.json {
            print!("{}", projection.to_json().pretty());
            return Ok(());
        }
        let rows: Vec<Vec<String>> = projection
            .years
            .iter()
            .enumerate()
            .map(|(year, row)| {
                std::iter::once((year + 1).to_string()).chain(row.iter().map(|v| table::money(*v))).collect()
            })
            .collect();
        table::print(&["year", "5 % below", "25 % below", "middle", "25 % above", "5 % above"], &rows);
        if let Some((probability, error)) = projection.success {
            println!(
                "\ngoal reached in {} of paths, give or take {}",
                table::percent(probability),
                table::percent(error)
            );
        }
        if let Some(remedy) = projection.remedy {
            let later = remedy
                .months
                .map_or("no later date within sixty years".into(), |m| format!("{} years", m / 12));
            println!(
                "to reach it with {}: {} a month, or {} at the start, or {later}",
                table::percent(self.probability),
                table::money(remedy.monthly_minor),
                table::money(remedy.start_minor)
            );
        }
        println!("\n{} months of history. {}", projection.history_months, projection.note());
        Ok(())
    }
}
