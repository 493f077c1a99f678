//! `sojourn risk backtest`: what rules, model and policy would have done on a labelled history. Prints counts; the
//! judging is the payment path's own.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, ensure};
use clap::Args;
use risk::rules::Mode;
use risk::{Backtest as Found, Change, Decision, Judge, Key, Record};
use serde_json::json;

use super::history::Source;
use super::shown::{Table, progress};

/// What to play.
#[derive(Args)]
pub(super) struct Backtest {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    judges: Judges,
    /// Count payments from this day on, counted from the history's first; earlier ones only fill the windows
    #[arg(long, value_name = "DAY", default_value_t = 0)]
    from: u16,
    /// A second rule file: also show which payments it would newly stop or newly pass
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Rules, model, policy and lists to judge with.
#[derive(Args, Clone)]
pub(super) struct Judges {
    /// Rule file, or `wallet` or `network` for the built-in ones over the features of that name
    #[arg(long, value_name = "FILE", default_value = "wallet")]
    pub(super) rules: String,
    /// Model file; without one the rules judge alone
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// Policy file: score thresholds and what to do when something is missing
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
    /// Entries of a named list: NAME=FILE, one entry a line; may be repeated
    #[arg(long = "list", value_name = "NAME=FILE")]
    pub(super) lists: Vec<String>,
}

impl Judges {
    /// A judge to which the files were published as two persons would.
    pub(super) fn judge(&self, source: &Source, rules: &str) -> anyhow::Result<Judge> {
        let mut judge = Judge::new(source.features()?);
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
        };
        let text = match rules {
            "wallet" => risk::WALLET_RULES.to_owned(),
            "network" => risk::NETWORK_RULES.to_owned(),
            path => read(&PathBuf::from(path))?,
        };
        publish(&mut judge, Change::Rules(text)).with_context(|| format!("rules {rules}"))?;
        if let Some(path) = &self.policy {
            publish(&mut judge, Change::Policy(read(path)?))
                .with_context(|| format!("policy {}", path.display()))?;
        }
        if let Some(path) = &self.model {
            publish(&mut judge, Change::Shadow(read(path)?))
                .with_context(|| format!("model {}", path.display()))?;
            publish(&mut judge, Change::Promote)?;
        }
        for list in &self.lists {
            let (name, path) = list.split_once('=').with_context(|| format!("--list {list}: NAME=FILE"))?;
            ensure!(
                judge.rules().lists().iter().any(|known| known == name),
                "--list {list}: the rules name no list {name}"
            );
            let entries = read(&PathBuf::from(path))?;
            let keys = entries.lines().map(str::trim).filter(|line| !line.is_empty()).map(Key::of).collect();
            publish(&mut judge, Change::List { name: name.to_owned(), keys })?;
        }
        Ok(judge)
    }
}

fn publish(judge: &mut Judge, change: Change) -> anyhow::Result<()> {
    let proposed = judge.propose(change, "command line", 0)?;
    judge.apply(&proposed)?;
    if let Record::Proposed { id, .. } = proposed {
        let published = judge.confirm(id, "command line, second", 0)?;
        judge.apply(&published)?;
    }
    Ok(())
}

impl Backtest {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let payments = self.source.read()?;
        payments.must_be_labelled()?;
        let from_ms = payments.first_day_ms + i64::from(self.from) * 86_400_000;
        let play = |rules: &str| -> anyhow::Result<(Judge, Found, Vec<Decision>, f64)> {
            let mut judge = self.judges.judge(&self.source, rules)?;
            let bar = progress(payments.payments.len() as u64, "playing history");
            let mut decisions = Vec::new();
            let start = Instant::now();
            let found = judge.backtest(
                &payments.payments,
                self.source.label_delay_ms(),
                from_ms,
                |number, _, verdict| {
                    decisions.push(verdict.decision);
                    if number % 20_000 == 0 {
                        bar.set_position(number as u64);
                    }
                },
            );
            bar.finish_and_clear();
            Ok((judge, found, decisions, start.elapsed().as_secs_f64()))
        };
        let (judge, found, decisions, seconds) = play(&self.judges.rules)?;
        let days =
            (payments.payments[payments.payments.len() - 1].facts.at_ms - from_ms) as f64 / 86_400_000.0;
        let rules = rule_table(&judge, &found, days);
        let by_decision = decision_table(&found);
        let mut swaps = Table::new(&["swap", "payments", "frauds", "fraud amount"]);
        if let Some(path) = &self.against {
            let (_, _, other, _) = play(&path.display().to_string())?;
            let counted = payments.payments.iter().filter(|payment| payment.facts.at_ms >= from_ms);
            let held = |decision: &Decision| *decision >= Decision::Review;
            for (word, newly) in [("newly held", true), ("newly passed", false)] {
                let both = counted.clone().zip(decisions.iter().zip(&other));
                let moved = both
                    .filter(|(_, (old, new))| held(new) == newly && held(old) != newly)
                    .map(|(payment, _)| payment);
                let frauds: Vec<i64> =
                    moved.clone().filter(|one| one.scenario > 0).map(|one| one.facts.amount_minor).collect();
                let amount = money(frauds.iter().sum());
                swaps.row(vec![json!(word), json!(moved.count()), json!(frauds.len()), json!(amount)]);
            }
        }
        let rate = payments.payments.len() as f64 / seconds;
        if self.json {
            let whole = json!({"payments": found.all.payments, "frauds": found.all.frauds, "seconds": seconds, "per_second": rate,
                "rules": rules.json(), "decisions": by_decision.json(), "swaps": swaps.json()});
            println!("{whole:#}");
            return Ok(());
        }
        rules.print();
        println!();
        by_decision.print();
        if self.against.is_some() {
            println!();
            swaps.print();
        }
        println!("\n{} payments played in {seconds:.2} s, {rate:.0} a second", payments.payments.len());
        Ok(())
    }
}

fn rule_table(judge: &Judge, found: &Found, days: f64) -> Table {
    let heads = [
        "rule",
        "mode",
        "action",
        "hits",
        "alone",
        "frauds",
        "precision",
        "recall",
        "saved",
        "false",
        "a day",
        "errors",
    ];
    let mut table = Table::new(&heads);
    for (rule, tally) in judge.rules().rules().iter().zip(&found.rules) {
        let mode = match rule.mode {
            Mode::Live => "live",
            Mode::Shadow => "shadow",
            Mode::Off => "off",
        };
        table.row(vec![
            json!(rule.name),
            json!(mode),
            json!(rule.action.word()),
            json!(tally.hits.payments),
            json!(tally.alone.payments),
            json!(tally.hits.frauds),
            json!(tally.hits.precision()),
            json!(found.recall(&tally.hits)),
            json!(money(if rule.action == Decision::Approve { 0 } else { tally.hits.fraud_minor })),
            json!(tally.hits.genuine()),
            json!((tally.hits.payments as f64 / days.max(1.0)).round()),
            json!(tally.errors),
        ]);
    }
    table
}

fn decision_table(found: &Found) -> Table {
    let mut table =
        Table::new(&["decision", "payments", "frauds", "precision", "recall", "fraud amount", "genuine"]);
    for (decision, tally) in Decision::ALL.into_iter().zip(&found.decisions) {
        table.row(vec![
            json!(decision.word()),
            json!(tally.payments),
            json!(tally.frauds),
            json!(tally.precision()),
            json!(found.recall(tally)),
            json!(money(tally.fraud_minor)),
            json!(tally.genuine()),
        ]);
    }
    table
}

/// Minor units with their point.
fn money(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor.abs() % 100)
}
