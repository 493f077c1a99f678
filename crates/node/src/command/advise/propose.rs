//! `sojourn advise propose`: one proposal, from one request document or from its parts in files.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use advice::Json;
use advice::calendar::Day;
use advice::proposal::{History, Proposal, Request, answer, propose};
use advice::record::{Record, verify_trail};
use anyhow::{Context, bail};
use clap::Args;

use super::{source, table};

/// A proposal with orders, alternatives and explanation
#[derive(Args)]
pub(super) struct Propose {
    /// The whole request as JSON; the other files below are then not needed
    request: Option<PathBuf>,
    /// CSV of prices, one column for each product
    #[arg(long)]
    prices: Option<PathBuf>,
    /// Product list as JSON
    #[arg(long)]
    products: Option<PathBuf>,
    /// Risk profile as JSON, from `profile --output`
    #[arg(long)]
    profile: Option<PathBuf>,
    /// Model portfolio as JSON, from `optimise --model`
    #[arg(long)]
    model: Option<PathBuf>,
    /// Holdings as CSV: code,bought,value
    #[arg(long)]
    holdings: Option<PathBuf>,
    /// Cash of the plan, new money included
    #[arg(long, value_parser = table::parse_money, default_value = "0")]
    cash: i64,
    /// Part of the cash that stays
    #[arg(long, value_parser = table::parse_money, default_value = "0")]
    reserve: i64,
    /// Money wanted out
    #[arg(long, value_parser = table::parse_money, default_value = "0")]
    withdraw: i64,
    /// Goal as JSON: {"name", "months", "monthly_minor", "target_minor", "required_bp"}
    #[arg(long)]
    goal: Option<PathBuf>,
    /// initial, deposit, withdrawal, drift, glide, profile-change, model-change or grade-change
    #[arg(long, default_value = "initial")]
    kind: String,
    /// Day of the proposal; the day of the last price if left out
    #[arg(long)]
    day: Option<String>,
    /// Whom it is about
    #[arg(long, default_value = "me")]
    subject: String,
    /// Products not wanted
    #[arg(long, value_delimiter = ',')]
    exclude: Vec<String>,
    /// Limits in force as JSON; what it leaves out has the default
    #[arg(long)]
    policy: Option<PathBuf>,
    /// Append the answer to this trail of JSON lines, made if it is not there
    #[arg(long)]
    trail: Option<PathBuf>,
    /// Explain in Simplified Chinese
    #[arg(long)]
    chinese: bool,
    /// Print the whole answer as JSON
    #[arg(long)]
    json: bool,
}

impl Propose {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let request = match &self.request {
            Some(path) => Request::from_json(&source::read_json(path)?)?,
            None => self.assembled()?,
        };
        let recorded = answer(&request);
        if let Some(path) = &self.trail {
            append(path, &request, recorded.clone())?;
        }
        if self.json {
            print!("{}", recorded.pretty());
            return Ok(());
        }
        show(&request, &propose(&request)?, self.chinese);
        Ok(())
    }

    fn assembled(&self) -> anyhow::Result<Request> {
        let need = |path: &Option<PathBuf>, what: &str| {
            path.clone().with_context(|| format!("give a request, or --{what} and the other parts"))
        };
        let prices = source::read_prices(&need(&self.prices, "prices")?)?.month_ends();
        let model = source::read_json(&need(&self.model, "model")?)?;
        let until = prices.dates.last().cloned().unwrap_or_default();
        let returns = prices.complete(advice::prices::Missing::Refuse)?.returns()?;
        let history = History {
            codes: returns.names().to_vec(),
            returns: returns.columns().to_vec(),
            until: Day::parse(&until).context("the prices need dates")?,
        };
        let optional = |path: &Option<PathBuf>| path.as_deref().map_or(Ok(Json::Null), source::read_json);
        let columns = history.codes.iter().cloned().zip(history.returns.iter().map(|r| Json::numbers(r)));
        let policy = optional(&self.policy)?;
        let document = Json::object([
            ("subject", Json::text(&self.subject)),
            ("day", Json::text(self.day.clone().unwrap_or(until))),
            ("kind", Json::text(&self.kind)),
            ("profile", optional(&self.profile)?),
            ("products", source::read_json(&need(&self.products, "products")?)?),
            ("model", model),
            ("holdings", self.holdings()?),
            ("cash_minor", Json::Whole(self.cash)),
            ("reserve_minor", Json::Whole(self.reserve)),
            ("withdraw_minor", Json::Whole(self.withdraw)),
            ("goal", optional(&self.goal)?),
            (
                "history",
                Json::object([
                    ("returns", Json::object(columns)),
                    ("until", Json::text(history.until.to_string())),
                ]),
            ),
            ("excluded", Json::texts(&self.exclude)),
            ("policy", policy),
        ]);
        Ok(Request::from_json(&document)?)
    }

    fn holdings(&self) -> anyhow::Result<Json> {
        let Some(path) = &self.holdings else { return Ok(Json::List(Vec::new())) };
        let mut lots = Vec::new();
        for (place, line) in
            source::read_text(path)?.lines().enumerate().filter(|(_, l)| !l.trim().is_empty())
        {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let [code, bought, value] = cells[..] else {
                bail!("line {}: code,bought,value expected", place + 1)
            };
            if place == 0 && Day::parse(bought).is_none() {
                continue;
            }
            let value =
                table::parse_money(value).map_err(|why| anyhow::anyhow!("line {}: {why}", place + 1))?;
            lots.push(Json::object([
                ("code", Json::text(code)),
                ("bought", Json::text(bought)),
                ("value_minor", Json::Whole(value)),
            ]));
        }
        Ok(Json::List(lots))
    }
}

/// Verifies the trail so far and adds the answer to it.
fn append(path: &Path, request: &Request, body: Json) -> anyhow::Result<()> {
    let before = if path.exists() { source::read_text(path)? } else { String::new() };
    let trail = verify_trail(&before)?;
    let record = Record::after(trail.last(), request.day, &request.subject, "proposal", body);
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{}", record.to_json().canonical())?;
    eprintln!("recorded as number {} in {}", record.sequence, path.display());
    Ok(())
}

fn show(request: &Request, proposal: &Proposal, chinese: bool) {
    let explanation = &proposal.explanation;
    println!("{}\n", if chinese { &explanation.chinese } else { &explanation.english });
    println!("{}\n", explanation.would_change[usize::from(chinese)]);
    let orders = &proposal.orders;
    let rows: Vec<Vec<String>> = orders
        .holdings
        .iter()
        .map(|(code, after)| {
            let signed: i64 = orders
                .list
                .iter()
                .filter(|o| o.code == *code)
                .map(|o| {
                    if o.side == advice::proposal::OrderSide::Buy { o.amount_minor } else { -o.amount_minor }
                })
                .sum();
            let fee: i64 = orders.list.iter().filter(|o| o.code == *code).map(|o| o.fee_minor).sum();
            let grade = request.product(code).map_or("", |p| p.grade().name());
            vec![
                code.clone(),
                grade.into(),
                table::money(request.held_minor(code)),
                table::money(signed),
                table::money(fee),
                table::money(*after),
            ]
        })
        .collect();
    table::print(&["product", "grade", "before", "order", "fee", "after"], &rows);
    println!(
        "cash after {}, of it reserve {}",
        table::money(orders.cash_minor),
        table::money(request.reserve_minor)
    );
    for skip in &orders.skipped {
        let days = skip.days_left.map_or(String::new(), |d| {
            format!(", {d} days left, fee avoided {}", table::money(skip.fee_avoided_minor))
        });
        println!(
            "not done: {} {} ({}{days})",
            skip.code,
            table::money(skip.amount_minor),
            skip.reason.name()
        );
    }
    println!();
    let rows: Vec<Vec<String>> = proposal
        .alternatives
        .iter()
        .map(|a| {
            let goal = a.goal_bp.map_or("–".into(), |(p, e)| {
                format!("{:.1} ± {:.1} %", p as f64 / 100.0, e as f64 / 100.0)
            });
            vec![
                a.name.into(),
                a.grade.name().into(),
                if a.permitted { "yes" } else { "no" }.into(),
                table::money(a.fees_minor),
                table::basis_points(Some(a.yearly_cost_bp)),
                table::basis_points(a.loss_bp),
                table::basis_points(a.worst_bp),
                goal,
            ]
        })
        .collect();
    table::print(
        &[
            "alternative",
            "grade",
            "permitted",
            "fees now",
            "cost a year",
            "worst 1/20 of years",
            "worst 12 months",
            "goal reached",
        ],
        &rows,
    );
    println!("\nchecks passed: {}", proposal.matching.checks.len());
    if let Some(why) = &proposal.review {
        println!("A person must look at this first: {why}.");
    }
    println!("can be accepted until {}; past returns say nothing certain about the future", proposal.expires);
}
