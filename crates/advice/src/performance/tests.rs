use super::*;
use crate::random::Random;

fn mark(day: i32, value_minor: i64, paid_minor: i64) -> Mark {
    Mark { day: Day(day), value_minor, paid_minor }
}

#[test]
fn the_textbook_case() {
    // Doubled on 100, then halved on 400: left alone nothing was gained, but the money was there for the fall.
    let measured = measure(&[mark(0, 0, 10_000), mark(365, 20_000, 20_000), mark(730, 20_000, 0)]).unwrap();
    assert!(measured.time_weighted.abs() < 1e-15);
    assert_eq!((measured.gain_minor, measured.gains_minor.as_slice()), (-10_000, &[10_000, -20_000][..]));
    // 100(1+r)² + 200(1+r) = 200 → 1 + r = √3 − 1.
    assert!((measured.money_weighted_yearly.unwrap() - (3f64.sqrt() - 2.0)).abs() < 1e-6);
    assert!((measured.drawdown - 0.5).abs() < 1e-15 && measured.reconciles());
}

#[test]
fn random_plans_reconcile_to_the_minor_unit() {
    let mut random = Random::new(8);
    for round in 0..500 {
        let mut marks = vec![mark(0, 0, 1 + random.below(1_000_000) as i64)];
        let mut day = 0;
        for _ in 0..1 + random.below(30) {
            let last = marks[marks.len() - 1];
            day += 1 + random.below(90) as i32;
            let value = ((last.value_minor + last.paid_minor) as f64 * (0.9 + 0.22 * random.unit())) as i64;
            let paid = random.below(40_000) as i64 - 10_000;
            marks.push(mark(day, value, paid.max(-value)));
        }
        let measured = measure(&marks).unwrap();
        assert_eq!(measured.gains_minor.iter().sum::<i64>(), measured.gain_minor, "{round}");
        assert!(measured.reconciles(), "{round} {measured:?}");
    }
}

#[test]
fn impossible_histories_are_refused() {
    for marks in [
        vec![mark(0, 0, 1)],
        vec![mark(1, 0, 1), mark(1, 1, 0)],
        vec![mark(0, 10, -11), mark(1, 0, 0)],
        vec![mark(0, 0, 0), mark(1, 5, 0)],
        vec![mark(0, i64::MAX, 1), mark(1, 5, 0)],
    ] {
        assert_eq!(measure(&marks).unwrap_err().code, Code::MalformedTable, "{marks:?}");
    }
}
