//! `sojourn risk train`: chooses on validation weeks, reports on test weeks, trains on the newest labels and writes the
//! model. Refuses unlabelled and leaking histories.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, ensure};
use clap::Args;
use risk::model::calibration::Calibration;
use risk::model::drift::{Profile, Tenths};
use risk::model::protocol::{History, Round};
use risk::model::{bins, leak, train::train};
use serde_json::json;

use super::evaluate::{Recipe, choose, play, rounds, scored};
use super::history::Source;
use super::shown::{Table, progress};

/// What to train on.
#[derive(Args)]
pub(super) struct Train {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    recipe: Recipe,
    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Use the history up to this day only, counted from its first
    #[arg(long, value_name = "DAY")]
    until: Option<u16>,
    /// Train although an input separates the labels alone
    #[arg(long)]
    allow_leak: bool,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

impl Train {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let features = self.source.features()?;
        let payments = self.source.read()?;
        payments.must_be_labelled()?;
        let last = payments.day(&payments.payments[payments.payments.len() - 1]);
        let until = self.until.unwrap_or(last + 1).min(last + 1);
        let days = self.recipe.train_days;
        ensure!(
            until >= 28 + 49 + days.max(7),
            "{until} days are too few: {} are needed",
            28 + 49 + days.max(7)
        );
        let (tests, validations) = rounds(until - 28, days)?;
        let first = validations[3].train.min(tests[0].train);
        let history = payments.featured(&features, self.source.label_delay_ms(), first..until)?;
        let names = features.inputs();
        let mut tried = Table::new(&["trees", "depth", "rate", "inputs", "validation AP"]);
        let options = if self.recipe.choose {
            choose(&history, names, &validations, &mut tried)?
        } else {
            self.recipe.options()
        };
        let mut weeks = Table::new(&["test from", "AUC", "AP", "CP@100"]);
        let mut calibration = Calibration::default();
        for round in tests {
            let (rows, scores) = play(&history, names, round, options)?;
            let found = history.judge(&rows, &scores);
            weeks.row(vec![
                json!(round.test_from()),
                json!(found.auc),
                json!(found.average_precision),
                json!(found.card_precision),
            ]);
            // The newest week that a model has not seen says what its scores are worth.
            calibration = Calibration::fit(&scores, &history.labels(&rows));
        }
        let newest = Round {
            train: until - self.source.label_delay.min(until) - days,
            length: days,
            delay: 0,
            test: 0,
        };
        let rows = history.training(newest);
        let labels = history.labels(&rows);
        let columns = history.pick(&rows);
        if !self.allow_leak {
            leak::refuse(names, &columns, &labels).context("leave it out or pass --allow-leak")?;
        }
        let bar = progress(options.trees as u64, "training");
        let start = Instant::now();
        let mut model = train(names, &bins::bin(&columns, &labels), &labels, options, |trees| {
            bar.set_position(trees as u64)
        })?;
        let seconds = start.elapsed().as_secs_f64();
        bar.finish_and_clear();
        model.features = features.version();
        model.calibration = calibration;
        model.profile = profile(&model, &columns, &history, &rows);
        let frauds = labels.iter().filter(|label| **label).count();
        model.notes = vec![
            format!(
                "rows {} frauds {frauds} days {} to {}",
                rows.len(),
                newest.train,
                newest.train + days - 1
            ),
            format!("trees {} depth {} rate {}/1000", options.trees, options.depth, options.rate_milli),
        ];
        std::fs::write(&self.out, model.write())
            .with_context(|| format!("writing {}", self.out.display()))?;
        if self.json {
            let whole = json!({"model": self.out, "rows": rows.len(), "frauds": frauds, "seconds": seconds,
                "trees": options.trees, "depth": options.depth, "tests": weeks.json(), "tried": tried.json()});
            println!("{whole:#}");
        } else {
            if self.recipe.choose {
                println!("chosen on weeks before the tests:");
                tried.print();
            }
            println!("weeks that training and choosing never saw:");
            weeks.print();
            println!("{}; {}; {seconds:.2} s", model.notes[0], model.notes[1]);
            println!("wrote {}", self.out.display());
        }
        Ok(())
    }
}

fn profile(model: &risk::model::Model, columns: &[Vec<f32>], history: &History, rows: &[usize]) -> Profile {
    let scores: Vec<f32> = scored(model, history, rows).iter().map(|score| *score as f32).collect();
    Profile { inputs: columns.iter().map(|column| Tenths::of(column)).collect(), scores: Tenths::of(&scores) }
}
