//! Reading what the tasks work on: price tables and JSON documents. It judges no content.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use advice::Json;
use advice::prices::{Missing, Prices};
use anyhow::{Context, bail};
use clap::Args;
use indicatif::ProgressBar;

/// A table of prices and how to read it
#[derive(Args)]
pub(super) struct Source {
    /// Prices as CSV, gzip or Parquet: a header of names, dates in the first column
    prices: PathBuf,
    /// Use only these assets, in this order
    #[arg(long, value_delimiter = ',')]
    assets: Vec<String>,
    /// What to do with missing prices: `refuse`, `drop` the date, or `carry:N` the last price over at most N dates
    #[arg(long, default_value = "refuse")]
    missing: String,
    /// Refuse prices that move by more than this share from one date to the next
    #[arg(long)]
    jump_max: Option<f64>,
    /// Periods in a year (252 for trading days, 12 for months)
    #[arg(long, default_value_t = 252.0)]
    pub(super) periods: f64,
}

impl Source {
    /// The table as it is, gaps left open.
    pub(super) fn open(&self) -> anyhow::Result<Prices> {
        let prices = read_prices(&self.prices)?;
        let prices = if self.assets.is_empty() { prices } else { prices.select(&self.assets)? };
        if let Some(share) = self.jump_max {
            prices.refuse_jumps(share)?;
        }
        Ok(prices)
    }

    /// The table with its gaps dealt with.
    pub(super) fn whole(&self) -> anyhow::Result<Prices> {
        let missing = match self.missing.split_once(':') {
            None if self.missing == "refuse" => Missing::Refuse,
            None if self.missing == "drop" => Missing::DropDate,
            Some(("carry", most)) => Missing::Carry(most.parse().context("carry:N needs a whole number")?),
            _ => bail!("--missing is refuse, drop or carry:N"),
        };
        Ok(self.open()?.complete(missing)?)
    }
}

/// Reads prices: CSV, plain or gzip, and Parquet where that is built in, told apart by the first bytes; `-` is CSV on
/// standard input.
pub(super) fn read_prices(path: &Path) -> anyhow::Result<Prices> {
    let mut text = String::new();
    if path == Path::new("-") {
        text = read_text(path)?;
    } else {
        let mut lines = crate::table::open(path, &ProgressBar::hidden())?;
        lines.read_to_string(&mut text).with_context(|| format!("reading {}", path.display()))?;
    }
    Ok(Prices::parse_csv(&text)?)
}

/// Reads a text file, `-` for standard input.
pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        return std::io::read_to_string(std::io::stdin()).context("reading standard input");
    }
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// Reads a JSON document.
pub(super) fn read_json(path: &Path) -> anyhow::Result<Json> {
    Json::parse(&read_text(path)?).with_context(|| format!("reading {}", path.display()))
}

/// Writes a file and says so on standard error.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// Splits `A=0.6` into its name and number.
pub(super) fn named_number(text: &str) -> anyhow::Result<(String, f64)> {
    let (name, number) = text.rsplit_once('=').with_context(|| format!("{text:?} is not like NAME=0.5"))?;
    Ok((name.trim().to_owned(), number.trim().parse().with_context(|| format!("{number:?} is no number"))?))
}
