//! `chain load`: figures of a chain of four on this machine, with the machine's load told beside them: finality, one
//! validator killed, catch-up, all restarted, proofs, memory. Bounded in time.

mod flood;
mod joined;
mod offer;

use std::time::Instant;

use anyhow::Context as _;
use receivables::codec::{Codec as _, hex};
use receivables::proof;
use receivables::state::Key;

use crate::cast::fingerprint;
use crate::replica::verify;
use crate::stage::{NODES, Stage};
use offer::{Offer, Phase};

/// How often proofs are checked to tell the time of one.
const CHECKS: u32 = 200;
/// A rate is held if 99 of 100 transactions are final within this time.
const HELD_MS: u64 = 500;
/// Seconds of each rate in the search for the highest.
const SEARCH_SECONDS: u64 = 8;

/// Measures four validators on this machine under a steady load of proposals, with all rules, log and state root.
///
/// Latency counts from the client's send to the execution of the final, durable block at the validator that was asked.
/// Client and validators share the machine: read the figures with its load, which is printed.
#[derive(clap::Args)]
pub(super) struct Load {
    /// Transactions per second
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    /// Seconds of each phase
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(5..=60))]
    seconds: u64,
    /// Also look for the highest rate that is final within 500 ms for 99 of 100
    #[arg(long)]
    highest: bool,
}

impl Load {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut stage = Stage::open(7, None).await?;
        println!("{NODES} validators, {} processors, machine load {}", processors(), machine_load());
        let mut offer = Offer::prepare(&stage).await?;
        offer.run(&stage, self.rate, 3).await?;

        let phase = offer.run(&stage, self.rate, self.seconds).await?;
        tell("steady", self.rate, &phase);
        println!("  memory per validator {:?} MiB", memory(&stage));
        if self.highest {
            highest(&stage, &mut offer).await?;
        }
        self.killed(&mut stage, &mut offer).await?;
        self.emptied(&mut stage, &mut offer).await?;
        all_restarted(&mut stage).await?;
        joined::measure(&mut stage).await?;
        flood::measure(&stage).await?;
        proofs(&stage, &offer).await?;
        println!("  records in the state {}", stage.client(0).status("records").await?);
        println!("  memory per validator {:?} MiB, machine load {}", memory(&stage), machine_load());
        Ok(())
    }

    async fn killed(&self, stage: &mut Stage, offer: &mut Offer) -> anyhow::Result<()> {
        stage.kill(NODES - 1)?;
        offer.leave_out(NODES - 1);
        let early = offer.run(stage, self.rate, 8).await?;
        tell("one killed, first 8 s", self.rate, &early);
        let late = offer.run(stage, self.rate, self.seconds).await?;
        tell("one killed, then", self.rate, &late);
        let (there, before) = (stage.client(0).height().await?, stage.client(0).status("applied").await?);
        let begun = Instant::now();
        stage.start(NODES - 1)?;
        stage.reached(NODES - 1, there).await?;
        println!(
            "  back in step {:.1} s after its start: {there} blocks, {before} transactions executed anew",
            begun.elapsed().as_secs_f32()
        );
        offer.take_in(NODES - 1);
        Ok(())
    }

    async fn emptied(&self, stage: &mut Stage, offer: &mut Offer) -> anyhow::Result<()> {
        let last = NODES - 1;
        stage.kill(last)?;
        stage.lose_disk(last)?;
        let there = stage.client(0).height().await?;
        let begun = Instant::now();
        stage.start(last)?;
        stage.reached(last, there).await?;
        println!(
            "  with an emptied disk in step after {:.1} s: {there} blocks fetched and executed",
            begun.elapsed().as_secs_f32()
        );
        let after = offer.run(stage, self.rate, 5).await?;
        tell("all four again", self.rate, &after);
        Ok(())
    }
}

async fn all_restarted(stage: &mut Stage) -> anyhow::Result<()> {
    let there = stage.client(0).height().await?;
    for node in 0..NODES {
        stage.kill(node)?;
    }
    let begun = Instant::now();
    for node in 0..NODES {
        stage.start(node)?;
    }
    for node in 0..NODES {
        stage.reached(node, there + 1).await?;
    }
    println!("  all four killed and started: the next block after {:.1} s", begun.elapsed().as_secs_f32());
    Ok(())
}

async fn proofs(stage: &Stage, offer: &Offer) -> anyhow::Result<()> {
    let client = stage.client(0);
    let id = offer.last_applied().context("nothing was applied")?;
    let absent = Key::Fingerprint(fingerprint("never financed")).encode();
    for (what, path) in
        [("an event", format!("/proof/{}", hex(&id))), ("absence", format!("/state/{}", hex(&absent)))]
    {
        // After a restart old outcomes are known again only when their blocks were executed again, which they were.
        let begun = Instant::now();
        let text = client.text(&path).await?;
        let made = begun.elapsed();
        let begun = Instant::now();
        for _ in 0..CHECKS {
            proof::verify(&text, &stage.chain, &verify).map_err(|flaw| anyhow::anyhow!("{what}: {flaw}"))?;
        }
        let checked = begun.elapsed() / CHECKS;
        println!("  proof of {what}: {} bytes, made in {made:.1?}, checked in {checked:.1?}", text.len());
    }
    Ok(())
}

async fn highest(stage: &Stage, offer: &mut Offer) -> anyhow::Result<()> {
    let mut held = None;
    for rate in [1_500, 2_000, 3_000, 4_000, 6_000, 8_000] {
        let phase = offer.run(stage, rate, SEARCH_SECONDS).await?;
        stage.rested().await?;
        tell("search", rate, &phase);
        if phase.latency_ms.value_at_quantile(0.99) > HELD_MS || phase.applied * 100 < phase.sent * 99 {
            break;
        }
        held = Some(rate);
    }
    match held {
        Some(rate) => println!("  highest rate held: {rate}/s with 99 of 100 final within {HELD_MS} ms"),
        None => println!("  no rate of the search was held"),
    }
    Ok(())
}

fn tell(what: &str, rate: u64, phase: &Phase) {
    let at = |quantile| phase.latency_ms.value_at_quantile(quantile);
    println!(
        "{what:<22} {rate}/s offered: {} of {} applied, {:.0}/s, {:.1} blocks/s, final p50 {} p95 {} p99 {} max {} ms; \
         machine load {}",
        phase.applied,
        phase.sent,
        phase.rate(),
        phase.blocks_per_second(),
        at(0.5),
        at(0.95),
        at(0.99),
        phase.latency_ms.max(),
        machine_load()
    );
}

fn memory(stage: &Stage) -> Vec<u64> {
    (0..NODES).map(|node| stage.memory_kib(node).unwrap_or(0) / 1_024).collect()
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}

fn machine_load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}
