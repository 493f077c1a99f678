//! `sojourn advise rebalance`: many plans of one model, screened on all cores, proposals where needed. The output is
//! the same whatever the number of threads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use advice::Json;
use advice::proposal::{Kind, Lot, Request, answer};
use advice::rebalance::{Screen, Seen};
use anyhow::{Context, bail};
use clap::Args;
use indicatif::ProgressBar;

use super::{source, table};

/// Screen many plans and propose for those that need it
#[derive(Args)]
pub(super) struct Rebalance {
    /// A request as JSON whose model, products, history and profile hold for all plans
    request: PathBuf,
    /// Plans as CSV: subject,code,bought,value; a line `subject,cash,,value` gives cash; lines of a plan together
    plans: PathBuf,
    /// Only screen
    #[arg(long)]
    dry_run: bool,
    /// Write the answers as JSON lines
    #[arg(long)]
    output: Option<PathBuf>,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

struct Plan {
    subject: String,
    lots: Vec<Lot>,
    cash: i64,
}

impl Rebalance {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let base = Request::from_json(&source::read_json(&self.request)?)?;
        let plans = read_plans(&source::read_text(&self.plans)?)?;
        let codes: Vec<String> = base.products.iter().map(|p| p.code.clone()).collect();
        let screen = Screen::try_new(&base.model, &base.products, &codes, &base.policy)?;
        let start = Instant::now();
        let seen: Vec<Seen> = plans.iter().map(|plan| look(&screen, &codes, &base, plan)).collect();
        let screened = start.elapsed();
        let flagged: Vec<(&Plan, Seen)> =
            plans.iter().zip(seen).filter(|(_, s)| !matches!(s, Seen::Quiet | Seen::Empty)).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let answers = if self.dry_run { Vec::new() } else { self.answers(&base, &flagged) };
        for recorded in &answers {
            let outcome =
                match recorded.member("refusal").and_then(|r| r.member("code")).and_then(Json::as_text) {
                    Some(code) => format!("refused: {code}"),
                    None => "proposed".into(),
                };
            *counts.entry(outcome).or_default() += 1;
        }
        if let Some(path) = &self.output {
            let lines: String = answers.iter().map(|a| a.canonical() + "\n").collect();
            source::write(path, &lines)?;
        }
        let took = start.elapsed();
        if self.json {
            let counts = counts.iter().map(|(name, count)| (name.clone(), Json::Whole(*count as i64)));
            let out = Json::object([
                ("screened", Json::Whole(plans.len() as i64)),
                ("flagged", Json::Whole(flagged.len() as i64)),
                ("outcomes", Json::object(counts)),
                ("screen_microseconds", Json::Whole(screened.as_micros() as i64)),
                ("microseconds", Json::Whole(took.as_micros() as i64)),
            ]);
            print!("{}", out.pretty());
            return Ok(());
        }
        let mut rows = vec![
            vec!["screened".into(), plans.len().to_string()],
            vec!["flagged".into(), flagged.len().to_string()],
        ];
        rows.extend(counts.iter().map(|(name, count)| vec![name.clone(), count.to_string()]));
        table::print(&["plans", "number"], &rows);
        println!("\nscreen {screened:.1?}, all {took:.1?}");
        Ok(())
    }

    fn answers(&self, base: &Request, flagged: &[(&Plan, Seen)]) -> Vec<Json> {
        let bar = ProgressBar::new(flagged.len() as u64);
        let threads = self.threads.clamp(1, 64);
        let mut answers = Vec::with_capacity(flagged.len());
        std::thread::scope(|scope| {
            let share = flagged.len().div_ceil(threads).max(1);
            let workers: Vec<_> = flagged
                .chunks(share)
                .map(|part| {
                    let bar = &bar;
                    scope.spawn(move || {
                        let each = |(plan, seen): &(&Plan, Seen)| {
                            bar.inc(1);
                            answer(&asked(base, plan, *seen))
                        };
                        part.iter().map(each).collect::<Vec<Json>>()
                    })
                })
                .collect();
            for worker in workers {
                answers.extend(worker.join().expect("a proposal does not panic"));
            }
        });
        bar.finish_and_clear();
        answers
    }
}

fn asked(base: &Request, plan: &Plan, seen: Seen) -> Request {
    Request {
        subject: plan.subject.clone(),
        kind: if seen == Seen::NewMoney { Kind::Deposit } else { Kind::Drift },
        holdings: plan.lots.clone(),
        cash_minor: plan.cash,
        ..base.clone()
    }
}

fn look(screen: &Screen, codes: &[String], base: &Request, plan: &Plan) -> Seen {
    let amount = |code: &String| plan.lots.iter().filter(|l| l.code == *code).map(|l| l.value_minor).sum();
    let amounts: Vec<i64> = codes.iter().map(amount).collect();
    screen.look(&amounts, plan.cash - base.reserve_minor)
}

fn read_plans(text: &str) -> anyhow::Result<Vec<Plan>> {
    let mut plans: Vec<Plan> = Vec::new();
    for (place, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [subject, code, bought, value] = cells[..] else {
            bail!("line {}: subject,code,bought,value expected", place + 1)
        };
        if place == 0 && value == "value" {
            continue;
        }
        let value_minor =
            table::parse_money(value).map_err(|why| anyhow::anyhow!("line {}: {why}", place + 1))?;
        if plans.last().is_none_or(|last| last.subject != subject) {
            plans.push(Plan { subject: subject.into(), lots: Vec::new(), cash: 0 });
        }
        let plan = plans.last_mut().expect("one was just added");
        if code == "cash" {
            plan.cash += value_minor;
        } else {
            let bought = advice::calendar::Day::parse(bought)
                .with_context(|| format!("line {}: no date", place + 1))?;
            plan.lots.push(Lot { code: code.into(), bought, value_minor });
        }
    }
    Ok(plans)
}
