use super::*;
use crate::random::Random;

fn prices(seed: u64, assets: usize, days: usize) -> Prices {
    let mut random = Random::new(seed);
    let columns = (0..assets)
        .map(|i| {
            let mut price = 100.0;
            (0..days)
                .map(|_| {
                    price *= 1.0 + 0.0004 + 0.004 * (1 + i) as f64 * random.normal();
                    price
                })
                .collect()
        })
        .collect();
    let dates = (0..days).map(|t| crate::calendar::Day(t as i32).to_string()).collect();
    Prices { names: (0..assets).map(|i| format!("A{i}")).collect(), dates, columns }
}

fn run(prices: &Prices, strategies: &[Strategy], walk: &Walk) -> Backtest {
    backtest(prices, strategies, None, walk, |_, _| ()).unwrap()
}

#[test]
fn nothing_after_a_date_changes_what_was_earned_before_it() {
    let whole = prices(1, 4, 1_500);
    let mut other = whole.clone();
    for column in &mut other.columns {
        column[1_200..].iter_mut().for_each(|p| *p *= 3.0);
    }
    let strategies = [Strategy::MinimumVariance(crate::moments::Estimator::Sample), Strategy::RiskParity];
    let (a, b) = (run(&whole, &strategies, &Walk::default()), run(&other, &strategies, &Walk::default()));
    for (x, y) in a.rows.iter().zip(&b.rows) {
        let known = 1_199 - 504;
        assert_eq!(x.returns[..known], y.returns[..known], "{}", x.name);
        assert!(x.benchmark || x.returns[known..] != y.returns[known..]);
    }
}

#[test]
fn benchmarks_are_compulsory_and_comparisons_are_counted() {
    let prices = prices(2, 3, 900);
    let walk = Walk { comparisons_before: 70, ..Walk::default() };
    let strategies = [Strategy::Equal, Strategy::RiskParity];
    let result = backtest(&prices, &strategies, Some(("A2", "A0")), &walk, |_, _| ()).unwrap();
    let names: Vec<&str> = result.rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names[..3], ["1/N", "deposit", "60/40"]);
    assert_eq!((result.comparisons, result.rows[0].p_value), (72, None));
    assert!((result.p_needed - 0.05 / 72.0).abs() < 1e-15);
    let missing = backtest(&prices, &[], Some(("gold", "A0")), &walk, |_, _| ()).unwrap_err();
    assert_eq!(missing.code, Code::BenchmarkMissing);
    let short = backtest(&prices, &[], None, &Walk { window: 700, ..walk }, |_, _| ()).unwrap_err();
    assert_eq!(short.code, Code::PerformanceTooShort);
}

#[test]
fn costs_are_paid_on_what_is_traded() {
    let prices = prices(3, 3, 900);
    let free = run(&prices, &[Strategy::RiskParity], &Walk { cost: 0.0, ..Walk::default() });
    let dear = run(&prices, &[Strategy::RiskParity], &Walk { cost: 0.01, ..Walk::default() });
    let growth = |r: &Row| r.returns.iter().fold(1.0, |v, x| v * (1.0 + x));
    for (a, b) in free.rows.iter().zip(&dear.rows).filter(|(a, _)| a.name != "deposit") {
        assert_eq!(a.turnover.to_bits(), b.turnover.to_bits());
        let paid = (0.99f64).powi(1) * (1.0 - 0.01 * a.turnover).powi(dear.fits as i32 - 1);
        assert!((growth(b) / growth(a) / paid - 1.0).abs() < 1e-4, "{}", a.name);
    }
}

#[test]
fn assets_take_part_only_while_listed() {
    let mut prices = prices(4, 3, 1_200);
    prices.columns[2][..700].fill(f64::NAN);
    prices.columns[1][1_000..].fill(f64::NAN);
    let result =
        run(&prices, &[Strategy::MinimumVariance(crate::moments::Estimator::Sample)], &Walk::default());
    assert!(result.rows.iter().all(|r| r.returns.iter().all(|x| x.is_finite())));
    // Before the third asset has a whole window, 1/N is halves of the other two.
    let first = result.rows[0].returns[1];
    let change = |i: usize| prices.columns[i][506] / prices.columns[i][505] - 1.0;
    let before = |i: usize| prices.columns[i][505] / prices.columns[i][504];
    let weight = before(0) / (before(0) + before(1));
    assert!((first - (weight * change(0) + (1.0 - weight) * change(1))).abs() < 1e-12);
}

#[test]
fn equal_series_do_not_differ_and_shifted_ones_do() {
    let mut random = Random::new(5);
    let a: Vec<f64> = (0..2_000).map(|_| 0.01 * random.normal()).collect();
    let b: Vec<f64> = a.iter().map(|r| r + 0.001 * random.normal()).collect();
    let c: Vec<f64> = a.iter().map(|r| r + 0.002).collect();
    assert!(p_value(&a, &b, 0.0, 21, 1) > 0.05);
    assert!(p_value(&a, &c, 0.0, 21, 1) < 0.001);
    assert_eq!(p_value(&a, &[0.0; 2_000], 0.0, 21, 1), 1.0);
}
