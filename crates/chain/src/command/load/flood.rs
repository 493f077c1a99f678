//! One member floods its node over HTTP with all it can sign; another asks for something small at another node, again
//! and again. What the other waits is measured, and it must not be starved.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use hdrhistogram::Histogram;
use receivables::transaction::{PostRate, RateBand, Transaction};

use super::offer::propose;
use crate::cast::{RIVERSIDE, currency};
use crate::client::Fate;
use crate::node::now_ms;
use crate::stage::Stage;

/// How long the flood lasts.
const LASTS: Duration = Duration::from_secs(12);
/// Senders of the flood, each with one request under way.
const SENDERS: u64 = 4;
/// Number of the first sender among the suppliers: no other load has it.
const FIRST_SUPPLIER: u64 = 1_000_000;
/// Transactions of a request.
const BATCH: usize = 256;
/// Pause between the other member's wishes.
const PAUSE: Duration = Duration::from_millis(100);
/// Longest that the other member may ever wait.
const STARVED: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Flood {
    over: AtomicBool,
    sent: AtomicU64,
    turned_away: AtomicU64,
}

pub(super) async fn measure(stage: &Stage) -> anyhow::Result<()> {
    let flood = Arc::new(Flood::default());
    let mut senders = tokio::task::JoinSet::new();
    for number in 0..SENDERS {
        let (flood, client, chain) = (flood.clone(), stage.client(1), stage.chain);
        let supplier = stage.cast.supplier(FIRST_SUPPLIER + number);
        let first = stage.cast.proposal(&chain, now_ms(), &supplier, 1, &format!("flood {number}"));
        let fate = client.settle(&first).await?;
        ensure!(matches!(fate, Fate::Applied(..)), "a supplier is introduced: {fate:?}");
        let mut proposals = (0_u64..).map(move |place| {
            let wish = propose(&supplier, 1, &format!("flood {number} {place}"));
            supplier.ask(&chain, now_ms(), Transaction::Propose(wish), &[], Vec::new()).1
        });
        senders.spawn(async move {
            while !flood.over.load(Ordering::Relaxed) {
                let batch: Vec<Vec<u8>> = proposals.by_ref().take(BATCH).collect();
                flood.sent.fetch_add(BATCH as u64, Ordering::Relaxed);
                let lines = client.send(&batch).await?;
                let busy = lines.iter().filter(|line| line.contains("MemberBusy")).count() as u64;
                flood.turned_away.fetch_add(busy, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    let mut waited = Histogram::<u64>::new_with_max(120_000, 3)?;
    let (begun, client, bank) = (Instant::now(), stage.client(2), stage.cast.member(RIVERSIDE));
    while begun.elapsed() < LASTS {
        let asked = bank.ask(&stage.chain, now_ms(), small_wish(), &[], Vec::new());
        let sent = Instant::now();
        let fate = client.settle(&asked).await?;
        ensure!(matches!(fate, Fate::Applied(..)), "while another member floods: {fate:?}");
        ensure!(sent.elapsed() < STARVED, "starved for {:.1?} by another member's flood", sent.elapsed());
        waited.saturating_record(u64::try_from(sent.elapsed().as_millis())?);
        tokio::time::sleep(PAUSE).await;
    }
    flood.over.store(true, Ordering::Relaxed);
    while let Some(done) = senders.join_next().await {
        done??;
    }
    stage.rested().await?;
    println!(
        "flood: one member sends {} in {LASTS:?}, {} turned away; another's {} wishes are all final, p50 {} p99 {} max {} ms",
        flood.sent.load(Ordering::Relaxed),
        flood.turned_away.load(Ordering::Relaxed),
        waited.len(),
        waited.value_at_quantile(0.5),
        waited.value_at_quantile(0.99),
        waited.max()
    );
    Ok(())
}

fn small_wish() -> Transaction {
    let band =
        RateBand { buyer_class: 1, days_max: 90, amount_min: 1, amount_max: 1_000, rate_ppm: 60_000, fee: 0 };
    Transaction::PostRate(PostRate {
        funder: RIVERSIDE,
        currency: currency(),
        bands: vec![band],
        budget: 1,
        until_ms: now_ms() + 3_600_000,
        recourse: false,
        replaces: None,
    })
}
