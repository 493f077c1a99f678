//! Times each method on a CSV of prices and prints one JSON line each: milliseconds of this process's only thread
//! and the weights, for `benches/advice/compare.py`. It judges nothing.
#![allow(clippy::float_arithmetic, clippy::disallowed_macros)]

use std::time::Instant;

use advice::calendar::Day;
use advice::lots::{Lot, round};
use advice::model::Model;
use advice::moments::{Estimator, Moments, Trust};
use advice::portfolio::shortfall::minimum_shortfall;
use advice::portfolio::{self, Few, LeafOrder, Limits, Linkage, Setting, Trading};
use advice::prices::Returns;
use advice::project::{Method, Plan, successes};
use advice::random::Random;
use advice::rebalance::{Screen, Seen};
use advice::suitability::{Class, Policy, Product};
use advice::{Json, Refusal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: time PRICES.csv")?;
    let prices = advice::prices::Prices::parse_csv(&std::fs::read_to_string(path)?)?;
    let returns = prices.complete(advice::prices::Missing::Refuse)?.returns()?;
    let n = returns.assets();
    let limits = Limits::long_only(n);
    let capped = Limits { upper: vec![if n < 10 { 0.3 } else { 0.1 }; n], ..limits.clone() };
    let sample = |r: &Returns| Moments::estimate(r, Estimator::Sample, Trust::BARE);
    let moments = sample(&returns)?;
    let shrunk = || Moments::estimate(&returns, Estimator::LedoitWolf, Trust::BARE);

    show("min variance", || {
        weights(portfolio::minimum_variance(&Setting::new(&sample(&returns)?, &limits)))
    })?;
    show("min variance, capped", || {
        weights(portfolio::minimum_variance(&Setting::new(&sample(&returns)?, &capped)))
    })?;
    show("min variance, Ledoit-Wolf", || {
        weights(portfolio::minimum_variance(&Setting::new(&shrunk()?, &limits)))
    })?;
    show("max Sharpe", || {
        weights(portfolio::maximum_sharpe(&Setting::new(&sample(&returns)?, &limits), 0.0))
    })?;
    show("risk parity", || weights(portfolio::risk_parity(&sample(&returns)?, &vec![1.0; n])))?;
    show("HRP", || weights(portfolio::hierarchical(&sample(&returns)?, Linkage::Ward, LeafOrder::Turned)))?;
    show("HRP, single, tree order", || {
        weights(portfolio::hierarchical(&sample(&returns)?, Linkage::Single, LeafOrder::Tree))
    })?;
    show("frontier, 100 points", || {
        let frontier = portfolio::frontier(&Setting::new(&sample(&returns)?, &limits))?;
        Ok(frontier.points(100).concat())
    })?;
    show("min CVaR 95", || Ok(minimum_shortfall(&returns, 0.95, &limits)?.portfolio.weights))?;
    show("solve only: min variance", || {
        weights(portfolio::minimum_variance(&Setting::new(&moments, &limits)))
    })?;
    show("solve only: max Sharpe", || {
        weights(portfolio::maximum_sharpe(&Setting::new(&moments, &limits), 0.0))
    })?;
    show("solve only: risk parity", || weights(portfolio::risk_parity(&moments, &vec![1.0; n])))?;
    show("solve only: HRP", || weights(portfolio::hierarchical(&moments, Linkage::Ward, LeafOrder::Turned)))?;
    show("solve only: frontier, 100 points", || {
        Ok(portfolio::frontier(&Setting::new(&moments, &limits))?.points(100).concat())
    })?;
    let few = Few { assets_max: 5, weight_min: 0.0, nodes_max: 1_000_000 };
    show("solve only: 5 assets", || weights(portfolio::few_assets(&Setting::new(&moments, &limits), &few)))?;
    let costs = Trading { buy: vec![1e-4; n], sell: vec![1e-4; n], ..Trading::free(vec![1.0 / n as f64; n]) };
    let setting = Setting { trading: Some(&costs), ..Setting::new(&moments, &limits) };
    show("solve only: utility less costs", || weights(portfolio::maximum_utility(&setting, 5.0)))?;
    let least = Trading { turnover_max: Some(0.2), ..Trading::free(vec![1.0 / n as f64; n]) };
    let setting = Setting { trading: Some(&least), ..Setting::new(&moments, &limits) };
    show("solve only: total turnover 20 %", || weights(portfolio::minimum_variance(&setting)))?;
    over_time(&returns)?;
    screening()?;
    Ok(())
}

/// What goes on: walks through the history, projections, rounding.
fn over_time(returns: &Returns) -> Result<(), Box<dyn std::error::Error>> {
    let n = returns.assets();
    let limits = Limits::long_only(n);
    let sample = |r: &Returns| Moments::estimate(r, Estimator::Sample, Trust::BARE);
    show("walk-forward min variance", || {
        walk(returns, |window| {
            portfolio::minimum_variance(&Setting::new(&sample(window)?, &limits)).map(|p| p.weights)
        })
    })?;
    show("walk-forward risk parity", || {
        walk(returns, |window| portfolio::risk_parity(&sample(window)?, &vec![1.0; n]).map(|p| p.weights))
    })?;
    show("walk-forward min CVaR 95", || {
        walk(returns, |window| minimum_shortfall(window, 0.95, &limits).map(|s| s.portfolio.weights))
    })?;
    show("projection, 10,000 paths of 360 months", || {
        let history = returns.portfolio(&vec![1.0 / n as f64; n]);
        let months: Vec<f64> = history.chunks(21).map(|days| days.iter().sum()).collect();
        let plan = Plan {
            start_minor: 1_000_000,
            monthly_minor: 10_000,
            months: 360,
            target_minor: Some(10_000_000),
            required_probability: 0.8,
        };
        let found = successes(&[(months, plan)], &Method::default())?;
        Ok(found.into_iter().flatten().map(|(probability, _)| probability).collect())
    })?;
    show("rounding, 20 holdings", || {
        let lot = |i: i64| Lot {
            price_minor: 1_000 + 777 * i,
            held: 0,
            target_minor: 500_000,
            fee_fixed_minor: 0,
            fee_bp: 5,
            trade_min: 1,
        };
        let lots: Vec<Lot> = (0..20).map(lot).collect();
        let rounded = round(&lots, 10_000_000, 0, 100_000)?;
        Ok(vec![rounded.distance_minor as f64])
    })?;
    Ok(())
}

/// A million plans of eight products through the screen; milliseconds for all of them.
fn screening() -> Result<(), Box<dyn std::error::Error>> {
    const PLANS: usize = 1_000_000;
    let codes: Vec<String> = (0..8).map(|i| format!("P{i}")).collect();
    let product = |(i, code): (usize, &String)| {
        let class = ["equity", "bond", "cash"][i % 3];
        let text = format!(r#"{{"code":"{code}","class":"{class}","issuer_grade":"R1","own_grade":"R1"}}"#);
        Product::from_json(&Json::parse(&text)?)
    };
    let products = codes.iter().enumerate().map(product).collect::<Result<Vec<_>, _>>()?;
    let model = Model {
        id: "even".into(),
        version: 1,
        class: Class::C5,
        horizon_months_max: 720,
        weights_bp: codes.iter().map(|code| (code.clone(), 1_250)).collect(),
        approvals: vec!["a".into(), "b".into()],
        from: Day(0),
        until: None,
    };
    let screen = Screen::try_new(&model, &products, &codes, &Policy::default())?;
    let mut random = Random::new(3);
    let amounts: Vec<[i64; 8]> =
        (0..PLANS).map(|_| std::array::from_fn(|_| 90_000 + random.below(20_000) as i64)).collect();
    show("screen a million plans of 8 products", || {
        let flagged = amounts.iter().filter(|plan| !matches!(screen.look(&plan[..], 0), Seen::Quiet)).count();
        Ok(vec![flagged as f64 / PLANS as f64])
    })
}

/// Refits every 63 periods on the 504 before; the mean out-of-sample return of each refit, last.
fn walk(returns: &Returns, fit: impl Fn(&Returns) -> Result<Vec<f64>, Refusal>) -> Result<Vec<f64>, Refusal> {
    let (mut at, mut sum, mut count) = (504, 0.0, 0.0);
    while at + 63 <= returns.periods() {
        let weights = fit(&returns.window(at - 504, at))?;
        for r in returns.window(at, at + 63).portfolio(&weights) {
            sum += r;
            count += 1.0;
        }
        at += 63;
    }
    Ok(vec![sum / count])
}

fn weights(portfolio: Result<portfolio::Portfolio, Refusal>) -> Result<Vec<f64>, Refusal> {
    portfolio.map(|p| p.weights)
}

/// Best of several runs, at least a third of a second in all.
fn show(name: &str, run: impl Fn() -> Result<Vec<f64>, Refusal>) -> Result<(), Box<dyn std::error::Error>> {
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    let mut result = Vec::new();
    while begin.elapsed().as_secs_f64() < 0.33 {
        let start = Instant::now();
        result = match run() {
            Ok(result) => result,
            Err(refusal) => {
                println!(
                    "{}",
                    Json::object([("name", Json::text(name)), ("refusal", refusal.to_json())]).canonical()
                );
                return Ok(());
            }
        };
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let line = Json::object([
        ("name", Json::text(name)),
        ("milliseconds", Json::Number(best)),
        ("weights", Json::numbers(&result)),
    ]);
    println!("{}", line.canonical());
    Ok(())
}
