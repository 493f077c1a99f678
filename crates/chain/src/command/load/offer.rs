//! A steady offer of proposals from known suppliers to all validators in turn, and what became of them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use hdrhistogram::Histogram;
use receivables::Hash;
use receivables::codec::unhex;
use receivables::hash::sha256;
use receivables::state::DAY_MS;
use receivables::transaction::{Propose, Transaction};
use rustc_hash::FxHashMap;

use crate::cast::{PROGRAMME, Signer, fingerprint};
use crate::client::Fate;
use crate::node::now_ms;
use crate::stage::{NODES, Stage};

/// Suppliers, each with its own nonces.
const SUPPLIERS: u64 = 256;
/// How often transactions leave.
const TICK: Duration = Duration::from_millis(10);
/// Latencies above this are told as this.
const LATENCY_MS_MAX: u64 = 120_000;
/// How long the last transactions of a phase may take.
const TAIL: Duration = Duration::from_secs(8);

/// Suppliers that the chain knows, and the validators that are asked.
pub(super) struct Offer {
    suppliers: Vec<Signer>,
    asked: Vec<usize>,
    sent: u64,
    last_applied: Option<Hash>,
}

/// What a phase came to.
pub(super) struct Phase {
    pub(super) sent: u64,
    pub(super) applied: u64,
    pub(super) latency_ms: Histogram<u64>,
    blocks: u64,
    lasted: Duration,
}

impl Phase {
    pub(super) fn rate(&self) -> f32 {
        ratio(self.applied, self.lasted)
    }

    pub(super) fn blocks_per_second(&self) -> f32 {
        ratio(self.blocks, self.lasted)
    }
}

impl Offer {
    /// Agrees on a programme and introduces the suppliers.
    pub(super) async fn prepare(stage: &Stage) -> anyhow::Result<Self> {
        let client = stage.client(0);
        let programme = stage.cast.programme(&stage.chain, now_ms(), 1 << 52);
        let fate = client.settle(&programme).await?;
        ensure!(matches!(fate, Fate::Applied(..)), "the programme: {fate:?}");
        let suppliers: Vec<Signer> = (0..SUPPLIERS).map(|number| stage.cast.supplier(number)).collect();
        let first = suppliers.iter().enumerate().map(|(number, supplier)| {
            stage.cast.proposal(&stage.chain, now_ms(), supplier, 10_000, &format!("first of {number}"))
        });
        let first: Vec<_> = first.collect();
        client.send(&first.iter().map(|(_, bytes)| bytes).collect::<Vec<_>>()).await?;
        let last = first.last().context("a supplier")?;
        let fate = client.fate(&last.0).await?;
        ensure!(matches!(fate, Fate::Applied(..)), "the last supplier: {fate:?}");
        Ok(Self { suppliers, asked: (0..NODES).collect(), sent: 0, last_applied: None })
    }

    /// Asks this validator no more.
    pub(super) fn leave_out(&mut self, node: usize) {
        self.asked.retain(|asked| *asked != node);
    }

    /// Asks this validator again.
    pub(super) fn take_in(&mut self, node: usize) {
        self.asked.push(node);
    }

    /// A transaction that was applied of late.
    pub(super) fn last_applied(&self) -> Option<Hash> {
        self.last_applied
    }

    /// Offers a rate for so many seconds and waits for the last of it.
    pub(super) async fn run(&mut self, stage: &Stage, rate: u64, seconds: u64) -> anyhow::Result<Phase> {
        let clients: Vec<_> = self.asked.iter().map(|node| stage.client(*node)).collect();
        let mut heights = Vec::new();
        for client in &clients {
            heights.push(client.height().await?);
        }
        let mut sent: Vec<FxHashMap<Hash, u64>> = clients.iter().map(|_| FxHashMap::default()).collect();
        let (begun, mut offered, mut turn) = (Instant::now(), 0, 0);
        let mut sending = tokio::task::JoinSet::new();
        let mut tick = tokio::time::interval(TICK);
        while begun.elapsed() < Duration::from_secs(seconds) {
            tick.tick().await;
            let due = rate * u64::try_from(begun.elapsed().as_millis())? / 1_000;
            let mut batch = Vec::new();
            while offered + (batch.len() as u64) < due && batch.len() < crate::node::BATCH_MAX / 2 {
                batch.push(self.proposal(&stage.chain));
            }
            if batch.is_empty() {
                continue;
            }
            offered += batch.len() as u64;
            let at = now_ms();
            sent[turn].extend(batch.iter().map(|(id, _)| (*id, at)));
            let client = clients[turn].clone();
            sending.spawn(async move {
                client.send(&batch.iter().map(|(_, bytes)| bytes).collect::<Vec<_>>()).await
            });
            turn = (turn + 1) % clients.len();
        }
        let lasted = begun.elapsed();
        let blocks = clients[0].height().await?.saturating_sub(heights[0]);
        while let Some(done) = sending.join_next().await {
            done??;
        }
        let mut phase = Phase {
            sent: offered,
            applied: 0,
            latency_ms: Histogram::new_with_max(LATENCY_MS_MAX, 3)?,
            blocks,
            lasted,
        };
        let waiting = Instant::now();
        while sent.iter().any(|waits| !waits.is_empty()) && waiting.elapsed() < TAIL {
            for (number, client) in clients.iter().enumerate() {
                let text = client.text(&format!("/executed?after={}", heights[number])).await?;
                heights[number] = self.read(&text, &mut sent[number], &mut phase)?.max(heights[number]);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(phase)
    }

    fn read(
        &mut self,
        text: &str,
        waits: &mut FxHashMap<Hash, u64>,
        phase: &mut Phase,
    ) -> anyhow::Result<u64> {
        let (mut height, mut at) = (0, 0_u64);
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("block") => {
                    height = words.next().context("a height")?.parse()?;
                    at = words.next().context("a time")?.parse()?;
                }
                Some(id) => {
                    let id: Option<Hash> = unhex(id).and_then(|bytes| bytes.try_into().ok());
                    let Some(sent) = id.and_then(|id| waits.remove(&id)) else { continue };
                    if words.next() == Some("applied") {
                        phase.applied += 1;
                        phase.latency_ms.saturating_record(at.saturating_sub(sent));
                        self.last_applied = id;
                    }
                }
                None => {}
            }
        }
        Ok(height)
    }

    fn proposal(&mut self, chain: &Hash) -> (Hash, Vec<u8>) {
        self.sent += 1;
        let supplier = &self.suppliers[usize::try_from(self.sent % SUPPLIERS).unwrap_or(0)];
        let wish = propose(supplier, 10_000 + self.sent, &format!("invoice {}", self.sent));
        supplier.ask(chain, now_ms(), Transaction::Propose(wish), &[], Vec::new())
    }
}

/// A proposal of 90 days over an invoice.
pub(super) fn propose(supplier: &Signer, face: u64, invoice: &str) -> Propose {
    let today = u32::try_from(now_ms() / DAY_MS).unwrap_or(u32::MAX);
    Propose {
        programme: PROGRAMME,
        supplier: supplier.party(),
        face,
        issue_day: today,
        due_day: today + 90,
        tenor_reason: None,
        fingerprints: vec![fingerprint(invoice)],
        document: sha256(&[b"document", invoice.as_bytes()]),
    }
}

#[expect(clippy::float_arithmetic, reason = "a figure for people")]
fn ratio(count: u64, lasted: Duration) -> f32 {
    count as f32 / lasted.as_secs_f32()
}
