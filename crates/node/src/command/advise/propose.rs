//! `sojourn advise propose`: one proposal, from one request document or from its parts in files.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use advice::Json;
use advice::calendar::Day;
use advice::cash::{Wallet, reserve_first};
use advice::model::{Bucket, Model, follow};
use advice::profile::RiskProfile;
use advice::proposal::{History, Request, answer, propose};
use advice::record::{Record, verify_trail};
use anyhow::{Context, bail};
use clap::Args;

use super::{shown, source, table};

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
    /// Model portfolio as JSON, from `optimise --model`. Given several times, the one for the profile's class and the
    /// goal's horizon is followed
    #[arg(long)]
    model: Vec<PathBuf>,
    /// Bucket the plan follows already: its most months, and since when, like `120,2025-06-30`; the glide path then
    /// takes one step at most each quarter
    #[arg(long, value_name = "MONTHS,DAY")]
    bucket: Option<String>,
    /// The client's mandate as JSON: {"turnover_year_bp", "signed", "managed", "funds", "revoked"}; what it does not
    /// allow is not proposed
    #[arg(long)]
    mandate: Option<PathBuf>,
    /// Turnover of the twelve months before, basis points of the plan, counted against the mandate
    #[arg(long, default_value_t = 0)]
    turnover_past_bp: i64,
    /// Payment wallet as JSON: {"balance_minor", "reserve_minor", "outflows_30_days_minor", "due_30_days_minor"}; what
    /// may be swept from it is added to the cash
    #[arg(long)]
    wallet: Option<PathBuf>,
    /// Emergency reserve wanted and held; it is filled from the wallet before the plan gets anything
    #[arg(long, value_parser = table::parse_money, num_args = 2, value_names = ["WANTED", "HELD"])]
    emergency: Option<Vec<i64>>,
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
        shown::proposal(&request, &propose(&request)?, self.chinese);
        Ok(())
    }

    fn assembled(&self) -> anyhow::Result<Request> {
        let need = |path: &Option<PathBuf>, what: &str| {
            path.clone().with_context(|| format!("give a request, or --{what} and the other parts"))
        };
        let prices = source::read_prices(&need(&self.prices, "prices")?)?.month_ends();
        let until = prices.dates.last().cloned().unwrap_or_default();
        let day = self.day.clone().unwrap_or(until.clone());
        let model = self.followed(&day)?;
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
            ("day", Json::text(day)),
            ("kind", Json::text(&self.kind)),
            ("profile", optional(&self.profile)?),
            ("products", source::read_json(&need(&self.products, "products")?)?),
            ("model", model),
            ("holdings", self.holdings()?),
            ("cash_minor", Json::Whole(self.cash + self.swept()?)),
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
            ("mandate", optional(&self.mandate)?),
            ("turnover_past_bp", Json::Whole(self.turnover_past_bp)),
        ]);
        Ok(Request::from_json(&document)?)
    }

    /// The one model, or the one of many that the plan follows today.
    fn followed(&self, day: &str) -> anyhow::Result<Json> {
        if let ([path], None) = (&self.model[..], &self.bucket) {
            return source::read_json(path);
        }
        let read = |path: &PathBuf| anyhow::Ok(Model::from_json(&source::read_json(path)?)?);
        let models = self.model.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
        let profile = self.profile.as_deref().context("the model follows from a --profile")?;
        let class = RiskProfile::from_json(&source::read_json(profile)?)?.class;
        let goal = self.goal.as_deref().context("the model follows from a --goal with its months")?;
        let months = source::read_json(goal)?.member("months").and_then(Json::as_whole);
        let held = self.bucket.as_deref().map(|text| {
            let (months, since) = text.split_once(',').context("--bucket is like 120,2025-06-30")?;
            let since = Day::parse(since.trim()).context("the day in --bucket")?;
            anyhow::Ok(Bucket { months_max: months.trim().parse().context("the months in --bucket")?, since })
        });
        let today = Day::parse(day).context("--day is no date")?;
        let months = months.context("the goal has no months")?;
        let (model, bucket) = follow(&models, class, months, today, held.transpose()?)?;
        eprintln!(
            "follows {} version {}, bucket up to {} months since {}",
            model.id, model.version, bucket.months_max, bucket.since
        );
        Ok(model.to_json())
    }

    /// What the wallet may give today, after the emergency reserve.
    fn swept(&self) -> anyhow::Result<i64> {
        let Some(path) = &self.wallet else { return Ok(0) };
        let wallet = Wallet::from_json(&source::read_json(path)?)?;
        let (wanted, held) = match self.emergency.as_deref() {
            Some([wanted, held]) => (*wanted, *held),
            _ => (0, 0),
        };
        let (reserve, plan) = reserve_first(wallet.sweep_minor(), held, wanted);
        eprintln!(
            "wallet: {} stays, {} to the emergency reserve, {} to the plan",
            table::money(wallet.kept_minor()),
            table::money(reserve),
            table::money(plan)
        );
        Ok(plan)
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
