//! The demo's advice: the pages of one wallet's user, and what the house offers, put in over the public API by two people:
//! products with made-up prices, models, a few users who answered. Nothing here exists.
#![allow(clippy::float_arithmetic, reason = "made-up prices")]

use advice::calendar::Day;
use advice::random::Random;
use anyhow::{Context, bail};
use hyper::Method;
use members::cast::WALLETS;
use members::{Line, Operator};
use money::Currency;
use pages::ClientPages;
use serde_json::{Map, Value, json};

use super::house::PERSONS;
use super::stage::Stage;

/// The user of the playground's first phone.
const VISITOR: &str = "visitor";
/// Month ends of prices: enough that projections can test themselves.
const MONTHS: i32 = 240;
/// Users of each wallet who have answered.
const ANSWERED: usize = 4;

/// Code, asset class, kind, grade, yearly mean, yearly volatility, share of the common movement, yearly cost in bp.
type Product = (&'static str, &'static str, &'static str, &'static str, f64, f64, f64, i64);

const PRODUCTS: [Product; 7] = [
    ("WORLD", "equity", "index", "R3", 0.060, 0.13, 0.90, 20),
    ("ASIA", "equity", "index", "R4", 0.065, 0.18, 0.70, 40),
    ("SMALL", "equity", "active", "R5", 0.070, 0.20, 0.80, 90),
    ("GOVT", "bond", "index", "R2", 0.028, 0.040, -0.20, 15),
    ("CORP", "bond", "index", "R2", 0.036, 0.050, 0.30, 25),
    ("SHORT", "bond", "index", "R1", 0.022, 0.008, 0.00, 15),
    ("MONEY", "cash", "money", "R1", 0.018, 0.001, 0.00, 10),
];

/// Product codes and their weights, basis points.
type Weights = &'static [(&'static str, i64)];

/// Name, class and weights in basis points.
const MODELS: [(&str, &str, Weights); 5] = [
    ("calm", "C1", &[("MONEY", 6_000), ("SHORT", 4_000)]),
    ("steady", "C2", &[("MONEY", 2_000), ("SHORT", 3_000), ("GOVT", 3_500), ("CORP", 1_500)]),
    ("middle", "C3", &[("WORLD", 3_500), ("GOVT", 3_500), ("CORP", 2_000), ("MONEY", 1_000)]),
    ("growth", "C4", &[("WORLD", 4_500), ("ASIA", 1_500), ("GOVT", 2_500), ("CORP", 1_000), ("MONEY", 500)]),
    ("bold", "C5", &[("WORLD", 5_000), ("ASIA", 2_500), ("SMALL", 1_000), ("GOVT", 1_500)]),
];

/// The advice pages of the visitor.
pub(super) fn pages(stage: &Stage) -> anyhow::Result<ClientPages> {
    let part = &WALLETS[0];
    Ok(ClientPages {
        line: stage.company.wallets[0].line().clone(),
        wallet: part.name.to_owned(),
        user: VISITOR.to_owned(),
        country: part.country.to_owned(),
        currency: Currency::parse(part.currency).context("the cast's currencies are ISO 4217's")?,
    })
}

/// Everything that putting the house in takes.
pub(super) struct Seeding {
    people: [Operator; 2],
    lines: Vec<Line>,
    seed: u64,
}

impl Seeding {
    /// The demo's two people, and its wallets' lines.
    pub(super) fn of(stage: &Stage, seed: u64) -> anyhow::Result<Seeding> {
        let base_url = stage.house.base_url();
        let person = |name| Ok::<_, anyhow::Error>(Operator::new(&base_url, &stage.house.token_of(name)?));
        let [maker, checker] = PERSONS;
        Ok(Seeding {
            people: [person(maker)?, person(checker)?],
            lines: stage.company.wallets.iter().map(|wallet| wallet.line().clone()).collect(),
            seed,
        })
    }

    /// Puts the house in, and says so.
    pub(super) async fn run(self) {
        let said = match self.put_in().await {
            Ok(()) => "advice is offered: products, models and a few users are in".to_owned(),
            Err(error) => format!("advice is not offered as it should be: {error:#}"),
        };
        println!("{said}");
    }

    /// Lists products, prices and models, and lets some users answer; what is there already stays as it is.
    async fn put_in(&self) -> anyhow::Result<()> {
        let [maker, checker] = &self.people;
        let state = maker.look("advice/state").await?;
        let served: Vec<&str> = WALLETS.iter().map(|part| part.country).collect();
        if state["jurisdictions"] != json!(served) {
            put(maker, "jurisdictions", json!({ "served": served })).await?;
        }
        for (product, prices) in PRODUCTS.iter().zip(prices(self.seed)) {
            let known = found(&state["products"], |listing| listing["product"]["code"] == product.0);
            if known.is_null() {
                put(maker, "products", listing(product)).await?;
            }
            if known["last_price_day"].is_null() {
                put(maker, "prices", json!({ "product": product.0, "prices": prices })).await?;
            }
        }
        for (id, class, weights) in MODELS {
            let known = found(&state["models"], |model| model["id"] == id);
            if known.is_null() {
                let weights: Map<String, Value> =
                    weights.iter().map(|(code, bp)| ((*code).to_owned(), json!(bp))).collect();
                let model = json!({ "id": id, "version": 1, "class": class, "weights_bp": weights });
                put(maker, "models", json!({ "model": model })).await?;
            }
            for (name, person) in PERSONS.iter().zip([maker, checker]) {
                if found(&known["approvals"], |approval| approval == name).is_null() {
                    put(person, &format!("models/{id}/1/approve"), json!({})).await?;
                }
            }
        }
        let report = maker.look("advice/report").await?;
        if report["rebalance_runs"].as_array().is_none_or(|runs| runs.len() < self.lines.len()) {
            for (place, (line, part)) in self.lines.iter().zip(&WALLETS).enumerate() {
                users(line, part.country, place).await?;
            }
        }
        Ok(())
    }
}

/// The element of a list that is looked for; nothing if there is none.
fn found(list: &Value, is_it: impl Fn(&Value) -> bool) -> Value {
    list.as_array().into_iter().flatten().find(|one| is_it(one)).cloned().unwrap_or_default()
}

fn listing((code, class, kind, grade, .., cost): &Product) -> Value {
    let fees = if *kind == "money" { json!([]) } else { json!([[7, 150], [30, 50]]) };
    let product = json!({
        "code": code, "class": class, "kind": kind, "issuer_grade": grade, "own_grade": grade,
        "yearly_cost_bp": cost, "redemption_fees": fees, "minimum_minor": 100,
    });
    let conflict =
        if *kind == "active" { "Its manager pays us 20 bp a year for what clients hold." } else { "" };
    let mut listing = json!({ "product": product });
    if !conflict.is_empty() {
        listing["conflict"] = json!(conflict);
    }
    listing
}

/// Month ends, and yesterday, in minor units.
fn prices(seed: u64) -> Vec<Vec<Value>> {
    let mut random = Random::new(seed);
    let today = i32::try_from(hop::now_ms() / 86_400_000).unwrap_or(0);
    let yesterday = Day(today - 1);
    let mut values = [10_000.0; PRODUCTS.len()];
    let mut series = vec![Vec::new(); PRODUCTS.len()];
    for month in 0..=MONTHS {
        let day = yesterday.plus_months(month - MONTHS).to_string();
        let common = random.normal();
        for ((value, series), (.., mean, volatility, share, _)) in
            values.iter_mut().zip(&mut series).zip(&PRODUCTS)
        {
            let own = random.normal() * (1.0 - share * share).sqrt();
            // The last months are quiet, so that no proposal waits for a person from the start.
            let moved = if month + 2 > MONTHS { 0.0 } else { share * common + own };
            *value *= 1.0 + mean / 12.0 + volatility / 12f64.sqrt() * moved;
            series.push(json!([day, format!("{value:.4}")]));
        }
    }
    series
}

/// Some users of a wallet who answered, one of whom invests; a back-test and a rebalancing run.
async fn users(line: &Line, country: &str, wallet: usize) -> anyhow::Result<()> {
    let form = ask(line, Method::GET, "questionnaire", None).await?;
    for number in 0..ANSWERED {
        let user = format!("saver-{number}");
        for asked in 0..2 {
            let body = json!({
                "request_id": format!("answers-{user}-{asked}"), "user": user, "jurisdiction": country,
                "age_years": 24 + 11 * number, "full_capacity": true, "questionnaire": form["version"],
                "answers": answers(&form, number + wallet),
            });
            // Answers that contradict each other are asked once again.
            if line.advise(Method::POST, "profiles", Some(&body)).await?.0 == 200 {
                break;
            }
        }
    }
    invest(line, "saver-2").await?;
    let test = json!({
        "request_id": "test", "user": "saver-2", "products": ["WORLD", "GOVT", "MONEY"],
        "stocks": "WORLD", "bonds": "GOVT",
        "methods": ["min-variance", "risk-parity"],
    });
    ask(line, Method::POST, "backtests", Some(&test)).await?;
    ask(line, Method::POST, "rebalance-runs", Some(&json!({ "request_id": "run", "dry_run": true }))).await?;
    Ok(())
}

async fn invest(line: &Line, user: &str) -> anyhow::Result<()> {
    let mandate = json!({ "request_id": "mandate", "user": user, "turnover_year_bp": 15_000 });
    ask(line, Method::POST, "mandates", Some(&mandate)).await?;
    let today = Day(i32::try_from(hop::now_ms() / 86_400_000).unwrap_or(0));
    let goal = json!({
        "request_id": "goal", "user": user, "kind": "home", "name": "A flat",
        "until": today.plus_months(120).to_string(), "target_minor": 90_000_000, "monthly_minor": 400_000,
    });
    let goal = ask(line, Method::POST, "goals", Some(&goal)).await?;
    let wish =
        json!({ "request_id": "first", "goal": goal["id"], "kind": "initial", "amount_minor": 25_000_000 });
    let proposal = ask(line, Method::POST, "proposals", Some(&wish)).await?;
    let path = format!("proposals/{}/accept", proposal["id"].as_str().unwrap_or_default());
    let accept = json!({ "request_id": "accept", "confirmed": true });
    ask(line, Method::POST, &path, Some(&accept)).await?;
    Ok(())
}

/// Answers from cautious to bold.
fn answers(form: &Value, boldness: usize) -> Map<String, Value> {
    let questions = form["questions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let chosen = questions.iter().map(|question| {
        let most = question["choices"].as_array().map_or(0, |choices| choices.len().saturating_sub(1));
        (
            question["id"].as_str().unwrap_or_default().to_owned(),
            json!((most * (boldness % 5)).div_ceil(4).min(most)),
        )
    });
    chosen.collect()
}

async fn put(person: &Operator, path: &str, mut body: Value) -> anyhow::Result<()> {
    let words = [
        path,
        body["product"]["code"].as_str().or(body["product"].as_str()).unwrap_or_default(),
        body["model"]["id"].as_str().unwrap_or_default(),
    ];
    body["request_id"] = json!(words.join("-").replace('/', "-"));
    person.post(&format!("advice/{path}"), &body).await?;
    Ok(())
}

async fn ask(line: &Line, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
    let (status, body) = line.advise(method, path, body).await.with_context(|| path.to_owned())?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status != 200 {
        bail!("{path}: {} {}", answer["code"], answer["detail"]);
    }
    Ok(answer)
}
