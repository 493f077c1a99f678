//! `sojourn load`: complete consumer-presented payments over signed HTTP, at a steady rate, against a network of its own;
//! and the same hops through a relay that decides and stores nothing, as the floor. Bounded in count and time.

mod engine_alone;
mod floor;
mod offer;
mod process;
mod site;
mod visit;

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::{Value, json};
use wire::signature::Scheme;

use offer::{Measured, Offer};
use site::Site;
use visit::Visit;

pub(crate) use floor::Relay;
pub(crate) use site::Wallets;

/// Loads a network of its own with complete payments and prints rate, latency and processor time per payment.
///
/// Generator, wallets and network are separate processes on 127.0.0.1. Latency counts from the intended start of each
/// payment, so that waiting is not hidden. In turn with the network, a relay makes the same signed hops and decides and
/// stores nothing: the ratio of the two is what deciding and remembering costs. Read the ratio, not the times.
#[derive(clap::Args)]
pub(crate) struct Load {
    /// Payments per second
    #[arg(long, default_value_t = 300)]
    rate: u32,

    /// Seconds of each phase, 1 to 50: payment codes live for a minute
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=50))]
    seconds: u32,

    /// How many times network and relay are measured, in turn
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,

    /// How messages are signed
    #[arg(long, value_enum, default_value_t = SchemeName::Rfc9421)]
    scheme: SchemeName,

    /// Payments to measure the engine alone with, on real files; 0 leaves it out
    #[arg(long, value_name = "COUNT", default_value_t = 200_000)]
    engine: u64,

    /// Instead, load a network that runs already, as members of `demo --write-credentials FILE`; no relay, one round
    #[arg(long, value_name = "FILE")]
    at: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SchemeName {
    /// RFC 9421 with Ed25519
    Rfc9421,
    /// Alipay+ message signing with RSA
    Alipay,
}

impl SchemeName {
    fn scheme(self) -> Scheme {
        match self {
            SchemeName::Rfc9421 => Scheme::Rfc9421,
            SchemeName::Alipay => Scheme::Alipay,
        }
    }
}

impl Load {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let outcome = runtime.block_on(self.measure());
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        outcome
    }

    async fn measure(self) -> anyhow::Result<()> {
        if let Some(file) = &self.at {
            return self.visit(file).await;
        }
        let alone = match self.engine {
            0 => None,
            count => {
                eprintln!("engine alone: {count} payments on real files");
                Some(tokio::task::spawn_blocking(move || engine_alone::measure(count)).await??)
            }
        };
        let site = Site::open(self.scheme.scheme()).await?;
        let offer = self.offer();
        let (mut network, mut relay) = (Vec::new(), Vec::new());
        for round in 1..=self.rounds {
            eprintln!("round {round} of {}: network", self.rounds);
            network.push(site.load_network(&offer).await?);
            eprintln!("round {round} of {}: relay", self.rounds);
            relay.push(site.load_relay(&offer).await?);
        }
        let facts = site.close().await?;
        let report = Report { alone, network, relay, facts };
        if self.json {
            println!("{}", report.json());
        } else {
            report.print(&offer);
        }
        match report.failed() {
            0 => Ok(()),
            failed => bail!("{failed} payments did not succeed"),
        }
    }
}

impl Load {
    fn offer(&self) -> Offer {
        Offer { rate: self.rate, seconds: self.seconds }
    }

    /// Pays at somebody else's network.
    async fn visit(&self, file: &Path) -> anyhow::Result<()> {
        let measured = Visit::read(file, self.scheme.scheme())?.load(&self.offer()).await?;
        match self.json {
            true => println!("{}", measured.json()),
            false => println!("{}", measured.sentences()),
        }
        match measured.failed() + measured.missed {
            0 => Ok(()),
            failed => bail!("{failed} payments did not succeed"),
        }
    }
}

/// Everything measured.
struct Report {
    alone: Option<engine_alone::Alone>,
    network: Vec<Measured>,
    relay: Vec<Measured>,
    facts: site::Facts,
}

impl Report {
    fn failed(&self) -> u64 {
        self.network.iter().chain(&self.relay).map(|measured| measured.failed() + measured.missed).sum()
    }

    /// The median over rounds of network over relay, each round's two neighbours compared.
    #[allow(clippy::float_arithmetic, reason = "a measurement, not money")]
    fn ratio(&self) -> f64 {
        let pairs = self.network.iter().zip(&self.relay);
        median(pairs.map(|(network, relay)| network.cpu_us_each() / relay.cpu_us_each()).collect())
    }

    fn print(&self, offer: &Offer) {
        println!("offered: {} payments/s for {} s, {} rounds", offer.rate, offer.seconds, self.network.len());
        println!(
            "{:<10} {:>9} {:>7} {:>7} {:>12} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "",
            "completed",
            "failed",
            "missed",
            "CPU µs each",
            "p50 ms",
            "p90 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms"
        );
        for (name, measured) in [("network", &self.network), ("relay", &self.relay)] {
            measured.iter().for_each(|measured| println!("{name:<10} {}", measured.row()));
        }
        println!(
            "processor time per payment, network over relay: {:.2} (median of rounds; aim 1.30)",
            self.ratio()
        );
        println!(
            "journal: {} bytes a payment, {:.1} facts a sync",
            self.facts.bytes_each(),
            self.facts.facts_a_sync()
        );
        if let Some(alone) = &self.alone {
            println!("engine alone, one core, real files: {}", alone.line());
        }
    }

    fn json(&self) -> Value {
        let rows = |measured: &[Measured]| measured.iter().map(Measured::json).collect::<Vec<_>>();
        json!({
            "network": rows(&self.network),
            "relay": rows(&self.relay),
            "networkOverRelay": self.ratio(),
            "journalBytesPerPayment": self.facts.bytes_each(),
            "factsPerSync": self.facts.facts_a_sync(),
            "engineAlone": self.alone.as_ref().map(engine_alone::Alone::json),
        })
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
