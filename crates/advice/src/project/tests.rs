use super::*;
use crate::random::Random;

/// Months that keep their mood for a while, as markets do.
fn history(seed: u64, months: usize) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut mood = 0.0;
    (0..months)
        .map(|_| {
            mood = 0.7 * mood + 0.006 * random.normal();
            (0.006 + mood + 0.035 * random.normal()).max(-0.5)
        })
        .collect()
}

fn plan(months: usize) -> Plan {
    Plan {
        start_minor: 1_000_000,
        monthly_minor: 20_000,
        months,
        target_minor: None,
        required_probability: 0.8,
    }
}

#[test]
fn a_constant_history_projects_to_the_closed_form() {
    let projection = project(&[0.01; 400], &plan(30), &Method::default()).unwrap();
    let mut value = 1_000_000.0;
    for month in 1..=30 {
        value = value * 1.01 + 20_000.0;
        if month % 12 == 0 || month == 30 {
            for amount in projection.years[(month - 1) / 12] {
                assert!((amount as f64 - value).abs() <= 1.0, "{month}: {amount} {value}");
            }
        }
    }
}

#[test]
fn both_ways_of_walking_a_path_agree() {
    // The uncertainty of the mean switches to month-by-month steps; with no spread both must agree.
    let short = project(&[0.004; 100], &plan(120), &Method::default()).unwrap();
    let long = project(&[0.004; 400], &plan(120), &Method::default()).unwrap();
    assert!(short.mean_uncertain && !long.mean_uncertain);
    for (a, b) in short.years.iter().zip(&long.years) {
        assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1), "{a:?} {b:?}");
    }
}

#[test]
fn percentiles_ascend_and_repeat_bit_for_bit() {
    let history = history(1, 600);
    let first = project(&history, &plan(360), &Method::default()).unwrap();
    assert_eq!(first, project(&history, &plan(360), &Method::default()).unwrap());
    assert_ne!(
        first.years,
        project(&history, &plan(360), &Method { seed: 2, ..Method::default() }).unwrap().years
    );
    assert!(first.years.iter().all(|row| row.windows(2).all(|pair| pair[0] <= pair[1])));
    assert_eq!(first.years.len(), 30);
    let wide = project(&history, &plan(360), &Method { mean_uncertain: true, ..Method::default() }).unwrap();
    assert!(wide.years[29][4] - wide.years[29][0] > first.years[29][4] - first.years[29][0]);
}

#[test]
fn what_would_reach_the_goal_does_reach_it() {
    let history = history(2, 600);
    let plan = Plan { target_minor: Some(8_000_000), required_probability: 0.9, ..plan(120) };
    let projection = project(&history, &plan, &Method::default()).unwrap();
    let remedy = projection.remedy.unwrap();
    assert!(projection.refuse_unreachable(&plan).unwrap_err().remedy.contains("a month"));
    let reached = |plan: Plan| {
        let projection = project(&history, &plan, &Method::default()).unwrap();
        assert!(projection.refuse_unreachable(&plan).is_ok());
        projection.success.unwrap().0
    };
    assert!(reached(Plan { monthly_minor: remedy.monthly_minor, ..plan.clone() }) < 0.901);
    assert!(reached(Plan { start_minor: remedy.start_minor, ..plan.clone() }) < 0.901);
    // A longer horizon draws other paths; its probability is the same within their number.
    let later = Plan { months: remedy.months.unwrap(), ..plan.clone() };
    assert!(project(&history, &later, &Method::default()).unwrap().success.unwrap().0 > 0.88);
}

#[test]
fn intervals_hold_about_as_often_as_they_say_on_long_histories() {
    let (mut inside, mut spans) = (0, 0);
    for seed in 0..6 {
        let coverage = coverage(&history(seed, 900), &Method::default()).unwrap();
        inside += coverage.inside_90;
        spans += coverage.spans;
    }
    let share = inside as f64 / spans as f64;
    assert!((0.80..=0.97).contains(&share), "{share}");
    assert!(coverage(&history(1, 150), &Method::default()).is_none());
}

#[test]
fn unusable_plans_are_refused() {
    let history = history(1, 600);
    assert_eq!(
        project(&history[..59], &plan(12), &Method::default()).unwrap_err().code,
        Code::TooFewObservations
    );
    for bad in [
        plan(0),
        plan(721),
        Plan { start_minor: -1, ..plan(12) },
        Plan { required_probability: f64::NAN, ..plan(12) },
    ] {
        assert_eq!(project(&history, &bad, &Method::default()).unwrap_err().code, Code::OutOfRange);
    }
    assert_eq!(project(&[-1.0; 100], &plan(12), &Method::default()).unwrap_err().code, Code::NanOrInf);
}

/// Compared together, every portfolio has the very probability that it has alone.
#[test]
fn portfolios_drawn_together_come_to_the_same_bits() {
    let mut random = crate::random::Random::new(11);
    for months_known in [90, 400] {
        let portfolios: Vec<(Vec<f64>, Plan)> = (0..8)
            .map(|number| {
                let history = (0..months_known).map(|_| 0.006 + 0.04 * random.normal()).collect();
                let plan = Plan {
                    start_minor: 1_000_000 + number * 77_777,
                    monthly_minor: 9_000,
                    months: 103,
                    target_minor: (number != 3).then_some(2_600_000),
                    required_probability: 0.8,
                };
                (history, plan)
            })
            .collect();
        let method = Method { paths: 700, seed: 5, ..Method::default() };
        let together = successes(&portfolios, &method).unwrap();
        for ((history, plan), found) in portfolios.iter().zip(&together) {
            assert_eq!(project(history, plan, &method).unwrap().success, *found, "{months_known} months");
        }
        assert!(together.iter().flatten().any(|(p, _)| (0.05..0.95).contains(p)), "{together:?}");
    }
    let plan = Plan {
        start_minor: 1,
        monthly_minor: 1,
        months: 12,
        target_minor: Some(1),
        required_probability: 0.5,
    };
    let uneven = [(vec![0.01; 100], plan.clone()), (vec![0.01; 101], plan)];
    assert_eq!(successes(&uneven, &Method::default()).unwrap_err().code, Code::OutOfRange);
    assert_eq!(successes(&[], &Method::default()).unwrap(), Vec::new());
}
