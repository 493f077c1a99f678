//! Ten million random proposals through the suitability gate; it exits with failure on a single breach.

fn main() -> std::process::ExitCode {
    let count = std::env::args().nth(1).and_then(|c| c.parse().ok()).unwrap_or(10_000_000);
    let trial = advice::suitability::breaches(2026, count);
    println!("{} permitted, {} refused, {} breaches", trial.permitted, trial.refused, trial.breaches);
    std::process::ExitCode::from(u8::from(trial.breaches > 0))
}
