//! An open load: payments begin at their intended times whether or not earlier ones have ended, and what could not
//! begin is counted, not hidden.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressStyle};
use members::{Acquirer, Order};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use wire::body::amount::CurrencyCode;

/// Payments under way at most; one that finds no place is missed.
const IN_FLIGHT_MAX: usize = 2_000;
/// The longest latency told apart.
const LATENCY_US_MAX: u64 = 60_000_000;

/// What is offered.
#[derive(Clone, Copy)]
pub(crate) struct Offer {
    /// Payments per second.
    pub(crate) rate: u32,
    /// For so long.
    pub(crate) seconds: u32,
}

impl Offer {
    pub(crate) fn count(&self) -> usize {
        self.rate as usize * self.seconds as usize
    }
}

/// Who is paid in a load.
#[derive(Clone)]
pub(crate) struct Till {
    pub(crate) merchant: String,
    pub(crate) store: String,
    pub(crate) currency: CurrencyCode,
    /// Smallest bill, and how many there are above it, in minor units.
    pub(crate) bill: (u64, u64),
    /// Distinguishes the request ids of this phase.
    pub(crate) run: String,
}

/// What one phase came to.
pub(crate) struct Measured {
    latencies_us: Histogram<u64>,
    results: BTreeMap<String, u64>,
    pub(crate) missed: u64,
    cpu_us: u64,
}

impl Measured {
    pub(crate) fn with_cpu(self, cpu_us: u64) -> Measured {
        Measured { cpu_us, ..self }
    }

    fn completed(&self) -> u64 {
        self.results.get("SUCCESS").copied().unwrap_or(0)
    }

    pub(crate) fn failed(&self) -> u64 {
        self.results.iter().filter(|(result, _)| *result != "SUCCESS").map(|(_, count)| count).sum()
    }

    #[allow(clippy::float_arithmetic, reason = "a measurement, not money")]
    pub(crate) fn cpu_us_each(&self) -> f64 {
        self.cpu_us as f64 / self.completed().max(1) as f64
    }

    #[allow(clippy::float_arithmetic, reason = "a measurement, not money")]
    fn ms(&self, quantile: f64) -> f64 {
        self.latencies_us.value_at_quantile(quantile) as f64 / 1_000.0
    }

    /// For people, without the processor time of a network that is somebody else's.
    pub(crate) fn sentences(&self) -> String {
        let results: Vec<String> =
            self.results.iter().map(|(result, count)| format!("{count} {result}")).collect();
        format!(
            "{}; {} not begun\nlatency in ms: p50 {:.1}, p90 {:.1}, p99 {:.1}, p99.9 {:.1}, max {:.1}",
            results.join(", "),
            self.missed,
            self.ms(0.5),
            self.ms(0.9),
            self.ms(0.99),
            self.ms(0.999),
            self.ms(1.0),
        )
    }

    pub(crate) fn row(&self) -> String {
        let others = self.results.iter().filter(|(result, _)| *result != "SUCCESS");
        let others: Vec<String> = others.map(|(result, count)| format!("{count} {result}")).collect();
        format!(
            "{:>9} {:>7} {:>7} {:>12.1} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2}  {}",
            self.completed(),
            self.failed(),
            self.missed,
            self.cpu_us_each(),
            self.ms(0.5),
            self.ms(0.9),
            self.ms(0.99),
            self.ms(0.999),
            self.ms(1.0),
            others.join(", "),
        )
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "completed": self.completed(),
            "results": self.results,
            "missed": self.missed,
            "cpuMicrosecondsPerPayment": (self.cpu_us > 0).then(|| self.cpu_us_each()),
            "latencyMs": {
                "p50": self.ms(0.5), "p90": self.ms(0.9), "p99": self.ms(0.99),
                "p999": self.ms(0.999), "max": self.ms(1.0),
            },
        })
    }
}

/// Pays with one code after the other, each at its time.
pub(crate) async fn run(
    offer: &Offer,
    acquirer: &Arc<Acquirer>,
    till: &Till,
    codes: Vec<String>,
) -> anyhow::Result<Measured> {
    let room = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let (ended, mut endings) = mpsc::unbounded_channel();
    let bar = ProgressBar::new(codes.len() as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} payments").expect("the template is well formed"),
    );
    let begun = Instant::now();
    let pace = Duration::from_secs(1) / offer.rate.max(1);
    let mut missed = 0;
    for (number, code) in codes.into_iter().enumerate() {
        let intended = begun + pace * u32::try_from(number).context("a bounded count")?;
        tokio::time::sleep_until(intended).await;
        let Ok(place) = room.clone().try_acquire_owned() else {
            missed += 1;
            continue;
        };
        let (acquirer, ended, order) = (acquirer.clone(), ended.clone(), order(till, number));
        tokio::spawn(async move {
            let result = match acquirer.pay_with_code(&order, &code).await {
                Ok(answer) => answer.result.code.to_string(),
                Err(failed) => failed.to_string(),
            };
            drop(place);
            // The receiver lives until every sender is gone.
            let _ = ended.send((intended.elapsed(), result));
        });
    }
    drop(ended);
    let mut latencies_us =
        Histogram::new_with_bounds(1, LATENCY_US_MAX, 3).context("bounds of a histogram")?;
    let mut results: BTreeMap<String, u64> = BTreeMap::new();
    while let Some((latency, result)) = endings.recv().await {
        bar.inc(1);
        latencies_us.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(LATENCY_US_MAX));
        *results.entry(result).or_default() += 1;
    }
    bar.finish_and_clear();
    Ok(Measured { latencies_us, results, missed, cpu_us: 0 })
}

fn order(till: &Till, number: usize) -> Order {
    Order {
        request_id: format!("{}-{number}", till.run),
        merchant: till.merchant.clone(),
        store: Some(till.store.clone()),
        description: "Noodles, large, and tea".to_owned(),
        minor: till.bill.0 + number as u64 % till.bill.1,
        currency: till.currency,
        notify_url: None,
        lives_ms: None,
        env: None,
    }
}
