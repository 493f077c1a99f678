//! `sojourn advise example`: made-up prices, products and answers, so that every other command can be tried at once.

use std::fmt::Write as _;
use std::path::PathBuf;

use advice::calendar::Day;
use advice::random::Random;
use clap::Args;

use super::source;

/// Make up a small example: prices, products, answers (made-up data, for trying the other commands)
#[derive(Args)]
pub(super) struct Example {
    /// Directory to write to
    directory: PathBuf,
    /// Seed of the prices
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Code, class, kind, grade, yearly mean, yearly volatility, share of the common movement, yearly cost bp.
type Made = (&'static str, &'static str, &'static str, &'static str, f64, f64, f64, i64);

const PRODUCTS: [Made; 8] = [
    ("WORLD", "equity", "index", "R4", 0.065, 0.16, 0.95, 20),
    ("CHINA", "equity", "index", "R4", 0.060, 0.24, 0.60, 40),
    ("SMALL", "equity", "active", "R5", 0.070, 0.22, 0.80, 90),
    ("GOVT", "bond", "index", "R2", 0.028, 0.045, -0.20, 15),
    ("CORP", "bond", "index", "R2", 0.036, 0.060, 0.30, 25),
    ("SHORT", "bond", "index", "R1", 0.022, 0.012, 0.00, 15),
    ("GOLD", "commodity", "index", "R4", 0.035, 0.15, 0.05, 40),
    ("MONEY", "cash", "money", "R1", 0.018, 0.001, 0.00, 10),
];

impl Example {
    pub(super) fn run(self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.directory)?;
        source::write(&self.directory.join("prices.csv"), &self.prices())?;
        source::write(&self.directory.join("products.json"), &products())?;
        source::write(&self.directory.join("answers.json"), ANSWERS)?;
        println!(
            "All of this is made up. Next: sojourn advise optimise {}/prices.csv",
            self.directory.display()
        );
        Ok(())
    }

    /// Sixteen years of working days.
    fn prices(&self) -> String {
        let mut random = Random::new(self.seed);
        let mut values = [100.0; PRODUCTS.len()];
        let mut out = String::from("date");
        PRODUCTS.iter().for_each(|p| out += &format!(",{}", p.0));
        out.push('\n');
        let first = Day::parse("2010-01-04").expect("a date of the calendar");
        for day in 0..16 * 365 {
            // Day 0 is a Monday.
            if day % 7 > 4 {
                continue;
            }
            let common = random.normal();
            let _ = write!(out, "{}", Day(first.0 + day));
            for (value, (.., mean, volatility, share, _)) in values.iter_mut().zip(&PRODUCTS) {
                let own = random.normal() * (1.0 - share * share).sqrt();
                *value *= 1.0 + mean / 261.0 + volatility / 261f64.sqrt() * (share * common + own);
                let _ = write!(out, ",{value:.4}");
            }
            out.push('\n');
        }
        out
    }
}

fn products() -> String {
    let lines: Vec<String> = PRODUCTS
        .iter()
        .map(|(code, class, kind, grade, .., cost)| {
            let fees = if *kind == "money" { "[]" } else { "[[7, 150], [30, 50]]" };
            format!(
                "  {{\"code\": \"{code}\", \"class\": \"{class}\", \"kind\": \"{kind}\", \"issuer_grade\": \"{grade}\", \"own_grade\": \"{grade}\", \"yearly_cost_bp\": {cost}, \"redemption_fees\": {fees}, \"minimum_minor\": 1000}}"
            )
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

const ANSWERS: &str = r#"{
  "chosen": {
    "income": 2, "reserve": 2, "share": 2, "debts": 2, "dependants": 2, "horizon": 3, "need": 2,
    "drop": 2, "worst": 3, "aim": 2, "choice": 2,
    "spread": 1, "bonds": 1, "past": 1
  },
  "age_years": 38,
  "full_capacity": true
}
"#;
