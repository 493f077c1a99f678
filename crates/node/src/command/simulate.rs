//! `sojourn simulate`: plays the whole network with simulated members under virtual time, seed after seed, with faults
//! and crashes. A seed that breaks something ends the run and says how it is repeated.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use anyhow::bail;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use sim::{Coverage, Failure, Report};

/// Plays the network and its members from seeds: messages are lost, doubled, delayed and reordered, members are silent,
/// late or lie, the process dies at any point and comes back from its journal; every invariant is checked on the way.
///
/// A failure prints the one command that repeats it. The exit status is 0 only if every seed held.
#[derive(clap::Args)]
pub(crate) struct Simulate {
    /// Seeds to play, the last one excluded; one number is one seed
    #[arg(long, value_name = "A..B", value_parser = seeds, default_value = "0..1000")]
    seeds: Range<u64>,

    /// Seeds played at a time [default: the processors there are]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,

    /// Print every message and every fact, one seed after the other
    #[arg(long)]
    trace: bool,

    /// Print what was come across, and how often
    #[arg(long)]
    coverage: bool,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Reads `A..B`, or `A` for `A..A+1`.
fn seeds(text: &str) -> Result<Range<u64>, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is no seed"));
    match text.split_once("..") {
        None => {
            let seed = number(text)?;
            Ok(seed..seed.checked_add(1).ok_or("the largest seed is one less")?)
        }
        Some((first, end)) => match (number(first)?, number(end)?) {
            (first, end) if first < end => Ok(first..end),
            (first, end) => Err(format!("there is no seed from {first} to {end}")),
        },
    }
}

/// What all seeds together came to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    payments: u64,
    turns: u64,
    facts: u64,
    letters: u64,
    crashes: u64,
    virtual_ms: u64,
    coverage: Coverage,
    /// The lowest seed that failed.
    failure: Option<Failure>,
}

impl Sum {
    fn add(&mut self, played: Result<Report, Failure>) {
        self.seeds += 1;
        match played {
            Ok(report) => {
                self.payments += report.payments;
                self.turns += report.turns;
                self.facts += report.facts;
                self.letters += report.letters;
                self.crashes += report.crashes;
                self.virtual_ms += report.virtual_ms;
                self.coverage.add(&report.coverage);
            }
            Err(failure) if self.failure.as_ref().is_none_or(|known| failure.seed < known.seed) => {
                self.failure = Some(failure);
            }
            Err(_) => {}
        }
    }
}

impl Simulate {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let sum = if self.trace { self.trace_all() } else { self.play_all() };
        self.print(&sum, begun);
        match sum.failure {
            None => Ok(()),
            Some(Failure { seed, .. }) => {
                bail!(
                    "seed {seed} failed; repeat it with: sojourn simulate --seeds {seed}..{} --trace",
                    seed + 1
                )
            }
        }
    }

    fn trace_all(&self) -> Sum {
        let mut sum = Sum::default();
        for seed in self.seeds.clone() {
            sum.add(sim::trace(seed, &mut |line| println!("{line}")));
            if sum.failure.is_some() {
                break;
            }
        }
        sum
    }

    /// Each seed is alone in one thread; several are played side by side. After a failure no new seed is begun.
    fn play_all(&self) -> Sum {
        let style = "{bar:40} {pos}/{len} seeds, {per_sec}, {eta} left";
        let style = ProgressStyle::with_template(style).expect("the template is well formed");
        let length = self.seeds.end - self.seeds.start;
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(5));
        let bar = bar.with_style(style);
        let (next, failed) = (AtomicU64::new(self.seeds.start), AtomicBool::new(false));
        let sum = Mutex::new(Sum::default());
        let player = || {
            while !failed.load(Ordering::Relaxed) {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= self.seeds.end {
                    return;
                }
                let played = sim::run(seed);
                failed.fetch_or(played.is_err(), Ordering::Relaxed);
                sum.lock().unwrap_or_else(|broken| broken.into_inner()).add(played);
                bar.inc(1);
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.unwrap_or(threads).clamp(1, 256) {
                scope.spawn(player);
            }
        });
        bar.finish_and_clear();
        sum.into_inner().unwrap_or_else(|broken| broken.into_inner())
    }

    fn print(&self, sum: &Sum, begun: Instant) {
        let seconds = begun.elapsed().as_secs_f64();
        if self.json {
            let mut coverage: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
            for (group, name, count) in sum.coverage.all() {
                coverage.entry(group).or_default().insert(name, count);
            }
            let failure = sum
                .failure
                .as_ref()
                .map(|failure| json!({ "seed": failure.seed, "atMs": failure.at_ms, "what": failure.what }));
            let report = json!({
                "firstSeed": self.seeds.start,
                "seeds": sum.seeds,
                "payments": sum.payments,
                "turns": sum.turns,
                "facts": sum.facts,
                "messages": sum.letters,
                "crashes": sum.crashes,
                "virtualMs": sum.virtual_ms,
                "coverage": coverage,
                "failure": failure,
                "seconds": seconds,
            });
            println!("{report}");
            return;
        }
        println!(
            "{} seeds: {} payments, {} facts in {} turns, {} messages, {} crashes, {} virtual hours, {seconds:.1} s",
            sum.seeds,
            sum.payments,
            sum.facts,
            sum.turns,
            sum.letters,
            sum.crashes,
            sum.virtual_ms / 3_600_000,
        );
        if self.coverage {
            for (group, name, count) in sum.coverage.all() {
                println!("{count:>12} {group}: {name}");
            }
        }
        match &sum.failure {
            None => println!("everything that must hold held in every seed"),
            Some(failure) => println!("{failure}"),
        }
    }
}
