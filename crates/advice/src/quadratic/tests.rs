use super::*;
use crate::random::Random;

/// A random covariance from `observations` draws; some assets repeat, some never move.
fn covariance(random: &mut Random, n: usize, observations: usize, degenerate: bool) -> Matrix {
    let mut draws: Vec<Vec<f64>> = Vec::new();
    for i in 0..n {
        let scale = 0.002 + 0.03 * random.unit();
        let column = if degenerate && i > 0 && random.below(5) == 0 {
            draws[random.below(i)].clone()
        } else if degenerate && random.below(9) == 0 {
            vec![0.0; observations]
        } else {
            (0..observations).map(|_| scale * random.normal()).collect()
        };
        draws.push(column);
    }
    let mut matrix = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let sum: f64 = draws[i].iter().zip(&draws[j]).map(|(a, b)| a * b).sum();
            matrix.set(i, j, sum / observations as f64);
        }
    }
    matrix
}

fn programme<'a>(random: &mut Random, quadratic: &'a Matrix) -> Programme<'a> {
    let n = quadratic.rows();
    let upper_low = 1.5 / n as f64;
    let upper: Vec<f64> = (0..n).map(|_| (upper_low + random.unit()).min(1.0)).collect();
    let lower: Vec<f64> =
        (0..n).map(|_| if random.below(4) == 0 { 0.5 / n as f64 * random.unit() } else { 0.0 }).collect();
    let mut rows = vec![Row::equal("budget", vec![1.0; n], 1.0)];
    for group in 0..random.below(4) {
        let members: Vec<f64> = (0..n).map(|_| f64::from(u8::from(random.below(3) == 0))).collect();
        rows.push(Row::between(format!("group {group}"), members, 0.0, 0.3 + 0.7 * random.unit()));
    }
    let costs = (random.below(3) == 0).then(|| Costs {
        held: (0..n)
            .map(|_| if random.below(2) == 0 { 0.0 } else { 2.0 / n as f64 * random.unit() })
            .collect(),
        buy: (0..n).map(|_| 1e-4 * random.unit()).collect(),
        sell: (0..n).map(|_| 1e-4 * random.unit()).collect(),
    });
    let linear = (0..n).map(|_| if random.below(2) == 0 { 1e-3 * random.normal() } else { 0.0 }).collect();
    Programme { quadratic, linear, lower, upper, rows, costs }
}

#[test]
fn random_problems_are_optimal_by_their_own_certificate_or_refused_by_name() {
    let mut random = Random::new(1);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..1500 {
        let n = 2 + random.below(if round % 20 == 0 { 60 } else { 14 });
        let observations = 2 + random.below(3 * n);
        let degenerate = round % 2 == 0;
        let quadratic = covariance(&mut random, n, observations, degenerate);
        let programme = programme(&mut random, &quadratic);
        match programme.solve() {
            Ok(solution) => {
                solved += 1;
                assert!(solution.certificate.residual <= 1e-10, "{round}: {:?}", solution.certificate);
                assert!(solution.certificate.gap_relative <= 1e-9, "{round}: {:?}", solution.certificate);
            }
            Err(refusal) => {
                refused += 1;
                assert_eq!(refusal.code, Code::Infeasible, "{round}: {refusal}");
                assert!(refusal.nearest.is_some());
            }
        }
    }
    assert!(solved > 1000 && refused > 0, "{solved} {refused}");
}

/// Every combination of lower, upper, free for each variable: the least feasible stationary point is the optimum.
fn enumerated(programme: &Programme) -> Option<(f64, Vec<f64>)> {
    let n = programme.linear.len();
    let mut best: Option<(f64, Vec<f64>)> = None;
    for code in 0..3usize.pow(n as u32) {
        let state = |i: usize| code / 3usize.pow(i as u32) % 3;
        let free: Vec<usize> = (0..n).filter(|i| state(*i) == 2).collect();
        let mut x: Vec<f64> =
            (0..n).map(|i| if state(i) == 1 { programme.upper[i] } else { programme.lower[i] }).collect();
        free.iter().for_each(|i| x[*i] = 0.0);
        let left = 1.0 - x.iter().sum::<f64>();
        if !free.is_empty() {
            let Ok(factor) = programme.quadratic.part(&free).cholesky() else { continue };
            let pull = programme.quadratic.times(&x);
            let right: Vec<f64> = free.iter().map(|i| -(programme.linear[*i] + pull[*i])).collect();
            let (a, b) = (factor.solve(&right), factor.solve(&vec![1.0; free.len()]));
            let y = (left - a.iter().sum::<f64>()) / b.iter().sum::<f64>();
            free.iter().enumerate().for_each(|(k, i)| x[*i] = a[k] + y * b[k]);
        } else if left.abs() > 1e-12 {
            continue;
        }
        let inside = (0..n).all(|i| x[i] >= programme.lower[i] - 1e-12 && x[i] <= programme.upper[i] + 1e-12);
        if inside {
            let value = programme.objective(&x);
            if best.as_ref().is_none_or(|b| value < b.0) {
                best = Some((value, x));
            }
        }
    }
    best
}

#[test]
fn small_problems_equal_their_enumeration() {
    let mut random = Random::new(2);
    let mut compared = 0;
    for _ in 0..200 {
        let n = 2 + random.below(5);
        let quadratic = covariance(&mut random, n, 40, false);
        let mut programme = programme(&mut random, &quadratic);
        programme.rows.truncate(1);
        programme.costs = None;
        if let (Ok(solution), Some((best, x))) = (programme.solve(), enumerated(&programme)) {
            compared += 1;
            assert!((solution.objective - best).abs() <= 1e-14, "{} {best}", solution.objective);
            assert!(solution.x.iter().zip(&x).all(|(a, b)| (a - b).abs() <= 1e-10), "{:?} {x:?}", solution.x);
        }
    }
    assert!(compared > 150);
}

#[test]
fn conflicting_limits_are_named_with_the_nearest_value() {
    let quadratic = Matrix::diagonal(&[1.0, 1.0, 1.0]);
    let mut programme = Programme {
        quadratic: &quadratic,
        linear: vec![0.0; 3],
        lower: vec![0.0; 3],
        upper: vec![0.6; 3],
        rows: vec![
            Row::equal("budget", vec![1.0; 3], 1.0),
            Row::between("shares", vec![1.0, 1.0, 0.0], 0.0, 0.5),
            Row::between("target return", vec![0.09, 0.05, 0.01], 0.09, f64::INFINITY),
        ],
        costs: None,
    };
    let refusal = programme.solve().unwrap_err();
    assert_eq!((refusal.code, refusal.rule.as_str()), (Code::Infeasible, "target return"));
    assert!(
        (refusal.nearest.unwrap() - 0.05).abs() < 1e-12 && refusal.message.contains("shares"),
        "{refusal}"
    );
    programme.rows[2].lower = refusal.nearest.unwrap();
    let solution = programme.solve().unwrap();
    assert!((solution.x[0] - 0.5).abs() < 1e-9, "the nearest value is feasible: {:?}", solution.x);
    programme.upper = vec![0.2; 3];
    let refusal = programme.solve().unwrap_err();
    assert_eq!(refusal.rule, "budget");
    assert!((refusal.nearest.unwrap() - 0.6).abs() < 1e-12);
    programme.linear[1] = f64::NAN;
    assert_eq!(programme.solve().unwrap_err().code, Code::NanOrInf);
}

#[test]
fn the_critical_line_equals_single_solutions_between_its_corners() {
    let mut random = Random::new(3);
    for round in 0..150 {
        let n = 2 + random.below(20);
        let quadratic = covariance(&mut random, n, 3 * n, round % 3 == 0);
        let mut programme = programme(&mut random, &quadratic);
        programme.linear = vec![0.0; n];
        let direction: Vec<f64> = (0..n).map(|_| 1e-3 * random.normal()).collect();
        let Ok((_, corners)) = trace(&programme, &direction, |_, _| false) else { continue };
        let last = corners.last().unwrap();
        let mut ends = programme.clone();
        let zero = Matrix::zeros(n, n);
        ends.quadratic = &zero;
        ends.linear = direction.iter().map(|d| -d).collect();
        if programme.costs.is_none() {
            let best = -ends.solve().unwrap().objective;
            let reached = crate::matrix::dot(&direction, &last.x);
            assert!((best - reached).abs() < 1e-12, "{round}: line ends at {reached}, most is {best}");
        }
        for pair in corners.windows(2) {
            let lambda = 0.5 * (pair[0].lambda + pair[1].lambda);
            let mut single = programme.clone();
            single.linear = direction.iter().map(|d| -lambda * d).collect();
            let value = single.solve().unwrap().objective;
            let middle: Vec<f64> = pair[0].x.iter().zip(&pair[1].x).map(|(a, b)| 0.5 * (a + b)).collect();
            let on_line = single.objective(&middle);
            assert!((value - on_line).abs() < 1e-9 * (1e-4 + value.abs()), "{round}: {value} {on_line}");
        }
    }
}
