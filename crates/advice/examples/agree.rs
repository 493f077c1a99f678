//! Random quadratic programmes with groups, bounds, costs and every degeneracy we know; each solution is judged by its
//! certificate, each refusal by its name. With `dump N` it prints N problems for `benches/advice/agree.py`.
#![allow(clippy::float_arithmetic)]

use advice::quadratic::{Costs, Programme, Row};
use advice::random::Random;
use advice::{Code, Json, Matrix};

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dump = arguments.first().is_some_and(|a| a == "dump");
    let count: u64 = arguments.get(usize::from(dump)).and_then(|c| c.parse().ok()).unwrap_or(100_000);
    let first: u64 = arguments.get(usize::from(dump) + 1).and_then(|c| c.parse().ok()).unwrap_or(0);
    let mut tally = Tally::default();
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let n = 2 + random.below(if seed % 10 == 0 { 99 } else { 24 });
        let quadratic = covariance(&mut random, n);
        let programme = programme(&mut random, &quadratic);
        if dump {
            print_problem(&programme);
        } else {
            tally.judge(seed, &programme);
        }
    }
    if dump {
        return std::process::ExitCode::SUCCESS;
    }
    println!("{tally:?}");
    std::process::ExitCode::from(u8::from(tally.failed > 0))
}

#[derive(Debug, Default)]
struct Tally {
    solved: u64,
    refused_infeasible: u64,
    refused_not_finite: u64,
    failed: u64,
    largest_residual: f64,
    largest_relative_gap: f64,
}

impl Tally {
    fn judge(&mut self, seed: u64, programme: &Programme) {
        match programme.solve() {
            Ok(solution) => {
                self.solved += 1;
                let certificate = &solution.certificate;
                self.largest_residual = self.largest_residual.max(certificate.residual);
                self.largest_relative_gap = self.largest_relative_gap.max(certificate.gap_relative);
                if certificate.residual > 1e-10 || certificate.gap_relative > 1e-9 {
                    self.failed += 1;
                    println!(
                        "seed {seed}: residual {:e}, gap {:e}",
                        certificate.residual, certificate.gap_relative
                    );
                }
            }
            Err(refusal) if refusal.code == Code::Infeasible && refusal.nearest.is_some() => {
                self.refused_infeasible += 1;
            }
            Err(refusal) if refusal.code == Code::NanOrInf => self.refused_not_finite += 1,
            Err(refusal) => {
                self.failed += 1;
                println!("seed {seed}: {refusal}");
            }
        }
    }
}

/// Covariances of few or many draws; some assets repeat, some never move, some nearly repeat, one in a thousand has a
/// hole.
fn covariance(random: &mut Random, n: usize) -> Matrix {
    let observations = if random.below(3) == 0 { 2 + random.below(n) } else { n + random.below(4 * n) };
    let degenerate = random.below(2) == 0;
    let mut draws: Vec<Vec<f64>> = Vec::new();
    for i in 0..n {
        let scale = 0.001 + 0.04 * random.unit();
        let kind = if degenerate && i > 0 { random.below(12) } else { 11 };
        draws.push(match kind {
            0 => draws[random.below(i)].clone(),
            1 => vec![0.0; observations],
            2 => draws[random.below(i)].iter().map(|r| r + 1e-7 * random.normal()).collect(),
            3 => draws[random.below(i)].iter().map(|r| -0.5 * r).collect(),
            _ => (0..observations).map(|_| scale * random.normal()).collect(),
        });
    }
    let mut matrix = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = draws[i].iter().zip(&draws[j]).map(|(a, b)| a * b).sum();
            matrix.set(i, j, sum / observations as f64);
            matrix.set(j, i, sum / observations as f64);
        }
    }
    if random.below(1_000) == 0 {
        matrix.set(random.below(n), random.below(n), f64::NAN);
    }
    matrix
}

fn programme<'a>(random: &mut Random, quadratic: &'a Matrix) -> Programme<'a> {
    let n = quadratic.rows();
    let even = 1.0 / n as f64;
    let upper: Vec<f64> =
        (0..n).map(|_| if random.below(3) == 0 { (even + random.unit()).min(1.0) } else { 1.0 }).collect();
    let lower: Vec<f64> = (0..n)
        .map(|i| if random.below(5) == 0 { (0.8 * even * random.unit()).min(upper[i]) } else { 0.0 })
        .collect();
    let mut rows = vec![Row::equal("budget", vec![1.0; n], 1.0)];
    for group in 0..random.below(5) {
        let members: Vec<f64> = (0..n).map(|_| f64::from(u8::from(random.below(3) == 0))).collect();
        let least = if random.below(4) == 0 { 0.3 * random.unit() } else { 0.0 };
        rows.push(Row::between(format!("group {group}"), members, least, least + 0.7 * random.unit()));
    }
    let means: Vec<f64> = (0..n).map(|_| 1e-3 * random.normal()).collect();
    if random.below(5) == 0 {
        rows.push(Row::between("least mean", means.clone(), 5e-4 * random.unit(), f64::INFINITY));
    }
    let costs = (random.below(2) == 0).then(|| {
        let raw: Vec<f64> = (0..n).map(|_| if random.below(2) == 0 { 0.0 } else { random.unit() }).collect();
        let sum: f64 = raw.iter().sum::<f64>().max(1e-9);
        let rate = |random: &mut Random| if random.below(8) == 0 { 0.0 } else { 2e-4 * random.unit() };
        Costs {
            held: raw.iter().map(|w| w / sum).collect(),
            buy: (0..n).map(|_| rate(random)).collect(),
            sell: (0..n).map(|_| rate(random)).collect(),
        }
    });
    let linear = if random.below(2) == 0 { means.iter().map(|m| -0.2 * m).collect() } else { vec![0.0; n] };
    Programme { quadratic, linear, lower, upper, rows, costs }
}

fn print_problem(programme: &Programme) {
    let Ok(solution) = programme.solve() else { return };
    let number = |value: f64| if value.is_finite() { Json::Number(value) } else { Json::Null };
    let row = |row: &Row| {
        Json::object([
            ("coefficients", Json::numbers(&row.coefficients)),
            ("lower", number(row.lower)),
            ("upper", number(row.upper)),
        ])
    };
    let costs = programme.costs.as_ref().map_or(Json::Null, |c| {
        Json::object([
            ("held", Json::numbers(&c.held)),
            ("buy", Json::numbers(&c.buy)),
            ("sell", Json::numbers(&c.sell)),
        ])
    });
    let line = Json::object([
        ("quadratic", Json::numbers(programme.quadratic.values())),
        ("linear", Json::numbers(&programme.linear)),
        ("lower", Json::numbers(&programme.lower)),
        ("upper", Json::numbers(&programme.upper)),
        ("rows", Json::List(programme.rows.iter().map(row).collect())),
        ("costs", costs),
        ("x", Json::numbers(&solution.x)),
        ("objective", Json::Number(solution.objective)),
    ]);
    println!("{}", line.canonical());
}
