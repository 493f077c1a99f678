//! `sojourn risk evaluate`: the handbook's protocol on a labelled history, or a model's drift on a later one. Chooses
//! on validation weeks only; the test weeks are read once, at the end.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use risk::model::drift::{ACT, WARN};
use risk::model::protocol::{History, Result as Found, Round};
use risk::model::train::{Options, train};
use risk::model::{Model, Row, bins};
use serde_json::json;

use super::history::Source;
use super::picture;
use super::shown::{Table, progress};

/// What to measure.
#[derive(Args)]
pub(super) struct Evaluate {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    recipe: Recipe,
    /// First day of the four test weeks, counted from the history's first; weeks to choose on lie before it
    #[arg(long, value_name = "DAY", default_value_t = 129)]
    test_from: u16,
    /// Report how far this model's inputs and scores have drifted on the history's last week, instead
    #[arg(long, value_name = "FILE")]
    drift: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
    /// Write pictures (ROC, precision-recall, or drift) as SVG into this folder
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,
}

/// How to train.
#[derive(Args, Clone, Copy)]
pub(super) struct Recipe {
    /// Days of training before the label delay
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(super) train_days: u16,
    /// Try several settings and keep the best on the validation weeks
    #[arg(long)]
    pub(super) choose: bool,
    /// Number of trees
    #[arg(long, default_value_t = 200)]
    trees: usize,
    /// Depth of each tree
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Learning rate, thousandths
    #[arg(long, default_value_t = 50)]
    rate_milli: u32,
    /// Share of the inputs each tree may use, thousandths
    #[arg(long, default_value_t = 1000)]
    columns_milli: u32,
    /// Share of the genuine payments each tree sees, thousandths
    #[arg(long, default_value_t = 1000)]
    rows_milli: u32,
}

impl Recipe {
    pub(super) fn options(self) -> Options {
        Options {
            trees: self.trees,
            depth: self.depth,
            rate_milli: self.rate_milli,
            columns_milli: self.columns_milli,
            rows_milli: self.rows_milli,
            ..Options::default()
        }
    }
}

/// The four rounds whose tests begin on `test_from`, and the four before them that choose.
pub(super) fn rounds(test_from: u16, train_days: u16) -> anyhow::Result<([Round; 4], [Round; 4])> {
    ensure!(
        test_from >= 35 + 14 + train_days.max(7),
        "--test-from {test_from} leaves no room for training and choosing"
    );
    let round = |test: u16| Round::weeks(test - 14).longer(train_days);
    Ok(([0, 7, 14, 21].map(|on| round(test_from + on)), [14, 21, 28, 35].map(|back| round(test_from - back))))
}

/// Settings tried by `--choose`: trees, depth, rate and share of inputs a tree may use, both in thousandths.
const TRIED: [(usize, usize, u32, u32); 8] = [
    (100, 3, 100, 1000),
    (200, 3, 50, 500),
    (200, 4, 50, 1000),
    (200, 4, 50, 500),
    (200, 5, 50, 1000),
    (200, 6, 50, 1000),
    (200, 6, 50, 500),
    (400, 5, 25, 1000),
];

impl Evaluate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        if let Some(model) = &self.drift {
            return self.drifted(model);
        }
        let features = self.source.features()?;
        let payments = self.source.read()?;
        payments.must_be_labelled()?;
        let (tests, validations) = rounds(self.test_from, self.recipe.train_days)?;
        let last = payments.day(&payments.payments[payments.payments.len() - 1]);
        ensure!(
            last + 1 >= self.test_from + 28,
            "the history ends on day {last}, the test weeks on {}",
            self.test_from + 27
        );
        let first = validations[3].train.min(tests[0].train);
        let history =
            payments.featured(&features, self.source.label_delay_ms(), first..self.test_from + 28)?;
        let mut choice = Table::new(&["trees", "depth", "rate", "inputs", "validation AP"]);
        let options = if self.recipe.choose {
            choose(&history, features.inputs(), &validations, &mut choice)?
        } else {
            self.recipe.options()
        };
        let bar = progress(4, "test weeks");
        let mut found = Vec::new();
        let (mut scores, mut frauds) = (Vec::new(), Vec::new());
        for round in tests {
            let (rows, scored) = play(&history, features.inputs(), round, options)?;
            found.push(history.judge(&rows, &scored));
            frauds.extend(history.labels(&rows));
            scores.extend(scored);
            bar.inc(1);
        }
        bar.finish_and_clear();
        if let Some(folder) = &self.svg {
            picture::curves(folder, &scores, &frauds)?;
        }
        self.show(&found, options, &choice);
        Ok(())
    }

    fn show(&self, found: &[Found], options: Options, choice: &Table) {
        let mut weeks = Table::new(&["test from", "AUC", "AP", "CP@100"]);
        for (week, one) in found.iter().enumerate() {
            let day = usize::from(self.test_from) + week * 7;
            weeks.row(vec![
                json!(day),
                json!(one.auc),
                json!(one.average_precision),
                json!(one.card_precision),
            ]);
        }
        let columns: [fn(&Found) -> f64; 3] =
            [|one| one.auc, |one| one.average_precision, |one| one.card_precision];
        let spreads = columns.map(|column| spread(&found.iter().map(column).collect::<Vec<_>>()));
        let mut scenarios = Table::new(&["scenario", "frauds", "found among as many"]);
        for kind in 1..=u8::MAX {
            let of = found.iter().flat_map(|one| &one.scenarios).filter(|(one, ..)| *one == kind);
            let (all, caught) = of.fold((0, 0.0), |(all, caught), (_, count, share)| {
                (all + count, caught + *count as f64 * share)
            });
            if all > 0 {
                scenarios.row(vec![json!(kind), json!(all), json!(caught / all as f64)]);
            }
        }
        let recipe = format!(
            "{} trees of depth {}, rate {}",
            options.trees,
            options.depth,
            f64::from(options.rate_milli) / 1e3
        );
        if self.json {
            let [auc, ap, cp] = spreads.map(|(mean, deviation)| json!({"mean": mean, "sd": deviation}));
            let whole = json!({"recipe": recipe, "train_days": self.recipe.train_days, "single": weeks.json()[0],
                "auc": auc, "ap": ap, "cp_100": cp, "weeks": weeks.json(), "scenarios": scenarios.json(), "choice": choice.json()});
            println!("{whole:#}");
            return;
        }
        if self.recipe.choose {
            choice.print();
            println!();
        }
        println!(
            "{recipe}; trained on {} days, labels after {}; settings {}",
            self.recipe.train_days,
            self.source.label_delay,
            if self.recipe.choose {
                "chosen on weeks before the tests"
            } else {
                "as given, nothing was chosen"
            }
        );
        weeks.print();
        let [auc, ap, cp] = spreads.map(|(mean, deviation)| format!("{mean:.4} (sd {deviation:.4})"));
        println!("prequential: AUC {auc}, AP {ap}, CP@100 {cp}\n");
        scenarios.print();
    }

    fn drifted(&self, path: &PathBuf) -> anyhow::Result<()> {
        let model = read_model(path)?;
        let features = self.source.features()?;
        model
            .bind(features.schema(), features.version())
            .with_context(|| format!("model {}", path.display()))?;
        let payments = self.source.read()?;
        let last = payments.day(&payments.payments[payments.payments.len() - 1]);
        let history =
            payments.featured(&features, self.source.label_delay_ms(), last.saturating_sub(6)..last + 1)?;
        ensure!(features.inputs() == model.inputs, "the declarations' inputs are not the model's");
        let scores: Vec<f32> = scored(&model, &history, &(0..history.len()).collect::<Vec<_>>())
            .iter()
            .map(|s| *s as f32)
            .collect();
        let mut indices: Vec<(String, f64)> = vec![("score".into(), model.profile.scores.index(&scores))];
        for ((name, column), tenths) in model.inputs.iter().zip(&history.columns).zip(&model.profile.inputs) {
            indices.push((name.clone(), tenths.index(column)));
        }
        indices[1..].sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let mut table = Table::new(&["input", "stability index", "say"]);
        for (name, index) in &indices {
            let say = if *index >= ACT {
                "act"
            } else if *index >= WARN {
                "look"
            } else {
                ""
            };
            table.row(vec![json!(name), json!(index), json!(say)]);
        }
        if let Some(folder) = &self.svg {
            picture::drift(folder, &indices)?;
        }
        if self.json {
            println!("{:#}", table.json());
        } else {
            println!("days {} to {last}, {} payments", last.saturating_sub(6), history.len());
            table.print();
        }
        Ok(())
    }
}

pub(super) fn read_model(path: &PathBuf) -> anyhow::Result<Model> {
    let file = std::fs::read_to_string(path).with_context(|| format!("reading model {}", path.display()))?;
    Model::parse(&file).with_context(|| format!("model {}", path.display()))
}

/// The best of the settings tried, by mean average precision over the validation rounds.
pub(super) fn choose(
    history: &History,
    names: &[String],
    validations: &[Round; 4],
    table: &mut Table,
) -> anyhow::Result<Options> {
    let bar = progress(TRIED.len() as u64 * 4, "choosing on validation");
    let mut best = (f64::MIN, Options::default());
    for (trees, depth, rate_milli, columns_milli) in TRIED {
        let options = Options { trees, depth, rate_milli, columns_milli, ..Options::default() };
        let mut sum = 0.0;
        for round in validations {
            let (rows, scores) = play(history, names, *round, options)?;
            sum += history.judge(&rows, &scores).average_precision / 4.0;
            bar.inc(1);
        }
        table.row(vec![
            json!(trees),
            json!(depth),
            json!(f64::from(rate_milli) / 1e3),
            json!(f64::from(columns_milli) / 1e3),
            json!(sum),
        ]);
        if sum > best.0 {
            best = (sum, options);
        }
    }
    bar.finish_and_clear();
    Ok(best.1)
}

/// Trains on a round's training days and scores its test rows.
pub(super) fn play(
    history: &History,
    names: &[String],
    round: Round,
    options: Options,
) -> anyhow::Result<(Vec<usize>, Vec<i64>)> {
    let rows = history.training(round);
    let labels = history.labels(&rows);
    let binned = bins::bin(&history.pick(&rows), &labels);
    let model = train(names, &binned, &labels, options, |_| {})?;
    let test = history.test(round);
    let scores = scored(&model, history, &test);
    Ok((test, scores))
}

pub(super) fn scored(model: &Model, history: &History, rows: &[usize]) -> Vec<i64> {
    let mut row: Row = [0.0; risk::model::INPUTS];
    let score = |at: &usize| {
        row.iter_mut().zip(&history.columns).for_each(|(to, column)| *to = column[*at]);
        model.score(&row)
    };
    rows.iter().map(score).collect()
}

fn spread(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
    (mean, variance.sqrt())
}
