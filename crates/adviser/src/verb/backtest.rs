//! `POST /advice/backtests`: walk-forward tests on the published prices, with compulsory benchmark rows. Every
//! comparison made before counts, whoever made it. No performance is shown before the matching.

use advice::backtest::Walk;
use advice::digest::sha256;
use advice::record::Record;
use advice::strategy::Strategy;
use advice::suitability::{Position, matching};
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::Fields;
use crate::house::note_newest;
use crate::record::Draft;
use crate::work::{Task, Work};

const FIELDS: &[&str] =
    &["request_id", "user", "products", "methods", "stocks", "bonds", "window", "step", "cost_bp", "cap_bp"];
const METHODS_MAX: usize = 8;
const PRODUCTS_MAX: usize = 50;

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "back-test", FIELDS)?;
    let subject = subject_in(call, &fields)?;
    let house = &adviser.house;
    house.refuse_stopped()?;
    let profile = adviser.investor(&subject)?.profile(now.day())?;
    let codes = fields.names("products")?;
    let names = fields.names("methods")?;
    if codes.is_empty() || codes.len() > PRODUCTS_MAX || names.len() > METHODS_MAX {
        let message = format!("1 to {PRODUCTS_MAX} products and up to {METHODS_MAX} methods are tested.");
        return Err(Refusal::new(Code::OutOfRange, "back-test", message));
    }
    let listed = codes.iter().map(|code| house.listing(code)).collect::<Result<Vec<_>, _>>()?;
    let even = |listing: &&crate::house::Listing| listing.product.clone();
    let products: Vec<_> = listed.iter().map(even).collect();
    // Each product must be one the user may buy; the mix is what is being tested.
    for product in &products {
        let position = Position { product, value_minor: 1, bought_minor: 1 };
        let opinion = matching(Some(profile), now.day(), &house.policy, &[position], None);
        let of_mix = [Code::SingleFundCap, Code::PortfolioAboveClass];
        match opinion.permit() {
            Err(refusal) if !of_mix.contains(&refusal.code) => return Err(refusal),
            _ => {}
        }
    }
    let pair = fields.optional_text("stocks")?.zip(fields.optional_text("bonds")?);
    let prices = house.market.month_ends(&codes)?;
    let walk = Walk {
        window: fields.optional_whole("window", 12..=600)?.unwrap_or(60) as usize,
        step: fields.optional_whole("step", 1..=120)?.unwrap_or(3) as usize,
        cost: fields.optional_whole("cost_bp", 0..=1_000)?.unwrap_or(10) as f64 / 10_000.0,
        cap: fields.optional_whole("cap_bp", 1..=10_000)?.unwrap_or(10_000) as f64 / 10_000.0,
        periods_yearly: 12.0,
        comparisons_before: house.comparisons,
        ..Walk::default()
    };
    let strategies = names.iter().map(|name| Strategy::parse(name)).collect::<Result<_, _>>()?;
    let pair = pair.map(|(stocks, bonds)| (stocks.to_owned(), bonds.to_owned()));
    let task = Task::Backtest { subject, prices, strategies, pair, walk };
    Ok(Step::Work(Box::new(Work { call: call.clone(), task })))
}

pub(super) fn finish(
    adviser: &Adviser,
    now: Moment,
    call: &Call,
    subject: &str,
    result: Json,
) -> Result<Step, Refusal> {
    let id = adviser.new_id("backtest-", 0);
    let hash = sha256(result.canonical().as_bytes());
    let facts = vec![
        ("id", Json::text(&id)),
        ("comparisons", result.member("comparisons").cloned().unwrap_or(Json::Null)),
        ("result_hash", Json::text(hash)),
    ];
    let Json::Object(mut answer) = result else { return Ok(Step::Answer(Json::Null)) };
    answer.insert("id".into(), Json::text(id));
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "backtest", facts, Json::Object(answer))]))
}

pub(super) fn apply(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let comparisons = usize::try_from(record.body.member("comparisons")?.as_whole()?).ok()?;
    // Two tests at the same time both count from where they began; the larger count stays.
    adviser.house.comparisons = adviser.house.comparisons.max(comparisons);
    let id = record.body.member("id")?.as_text()?;
    note_newest(&mut adviser.house.backtests, id);
    adviser.note_place(id, &record.subject, number);
    Some(())
}
