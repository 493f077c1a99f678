//! The play itself, act by act. What is asked of the chain is asked by whoever may ask it; money moves in the payment
//! network's book alone, which the link tells what is final.

mod advance;
mod sales;

use std::time::Duration;

use anyhow::{Context as _, bail};
use receivables::Hash;
use receivables::event::Event;
use receivables::transaction::{CertificateRef, Split, Transaction, Transfer};
use serde_json::json;
use wire::body::scalar::Instant;

use super::checks::Checks;
use super::money::Money;
use super::witness;
use crate::cast::{BUYER, HARBOUR, RIVERSIDE, Signer};
use crate::client::{Client, Fate};
use crate::node::now_ms;
use crate::stage::Stage;

/// What the invoice is over, in minor units: 100,000.00.
const FACE: u64 = 10_000_000;
/// What the supplier keeps to sell.
const KEPT: u64 = 6_000_000;
/// How long the buyer's bank waits for the chain to take its payment.
const PAYMENT_MS: u64 = 60_000;

type Asked = (Hash, Vec<u8>);

struct Players<'a> {
    stage: &'a mut Stage,
    checks: &'a mut Checks,
    money: &'a mut Money,
    supplier: Signer,
    second: Signer,
    /// The highest height at which something asked for became final.
    seen: u64,
}

/// A certificate's parts after the split.
struct Parts {
    certificate: Hash,
    kept: Hash,
    passed: Hash,
}

pub(super) async fn play(stage: &mut Stage, money: &mut Money, checks: &mut Checks) -> anyhow::Result<()> {
    let (supplier, second) = (stage.cast.supplier(1), stage.cast.supplier(2));
    let mut players = Players { stage, checks, money, supplier, second, seen: 0 };
    players.linked().await?;
    let parts = players.certificate().await?;
    players.twice().await?;
    players.posted_rate(&parts).await?;
    players.auction(&parts).await?;
    let redeemed = players.redeemed(&parts).await?;
    players.advance().await?;
    players.back().await?;
    players.books().await?;
    witness::call(players.stage, players.checks, &redeemed).await
}

impl Players<'_> {
    fn chain(&self) -> Hash {
        self.stage.chain
    }

    /// Asks at a node and expects it to become final with effect; returns its last event, and that event's index.
    async fn done(&mut self, node: usize, asked: Asked, what: &str) -> anyhow::Result<(Event, u64)> {
        let client = self.stage.client(node);
        // Another node may be a block behind, and would not know yet what this builds on.
        self.stage.reached(node, self.seen).await?;
        let begun = std::time::Instant::now();
        let fate = client.settle(&asked).await?;
        let took = begun.elapsed().as_millis();
        let Fate::Applied(height, first, events) = fate else { bail!("{what}: {fate:?}") };
        self.seen = height;
        self.checks.hold(true, &format!("{what} (final at height {height} after {took} ms)"));
        // Parties that take part for the first time come before the event itself.
        let index = first + events.saturating_sub(1);
        Ok((client.entry(index).await?.event, index))
    }

    async fn linked(&mut self) -> anyhow::Result<()> {
        let said = self.money.check_link().await;
        let what = match &said {
            Ok(_) => "network, link and validators belong together (`chain link --check`)".to_owned(),
            Err(why) => format!("network, link and validators belong together: {why:#}"),
        };
        self.checks.hold(said.is_ok(), &what);
        self.settled("three banks have paid 200,000.00 each into the network, and nothing has moved").await?;
        println!();
        Ok(())
    }

    async fn certificate(&mut self) -> anyhow::Result<Parts> {
        let (chain, now) = (self.chain(), now_ms());
        let programme = self.stage.cast.programme(&chain, now, 10 * FACE);
        self.done(0, programme, "the members agree on the buyer's programme").await?;
        let invoice = "invoice 2026-001";
        let proposal = self.stage.cast.proposal_by(RIVERSIDE, &chain, now, &self.supplier, FACE, invoice);
        let certificate = proposal.0;
        self.done(1, proposal, "a supplier proposes a certificate over 100,000.00").await?;
        let buyer = self.stage.cast.member(BUYER);
        let accept = Transaction::Accept(CertificateRef { certificate });
        let accept = buyer.ask(&chain, now_ms(), accept, &[], Vec::new());
        self.done(3, accept, "the buyer accepts: it owes, irrevocably").await?;
        let split = Transaction::Split(Split { part: certificate, amounts: vec![KEPT, FACE - KEPT] });
        let split = self.supplier.ask(&chain, now_ms(), split, &[], Vec::new());
        let (Event::PartSplit(split), _) =
            self.done(2, split, "the holder splits it into 60,000.00 and 40,000.00").await?
        else {
            bail!("a split is told otherwise")
        };
        let part =
            |amount| split.children.iter().find(|child| child.amount == amount).map(|child| child.part);
        let (kept, passed) = (part(KEPT), part(FACE - KEPT));
        let (kept, passed) = (kept.context("a child")?, passed.context("a child")?);
        let vouch = self.stage.cast.member(HARBOUR).vouch(&chain, HARBOUR, &self.second);
        let transfer =
            Transaction::Transfer(Transfer { part: passed, to: self.second.party(), recourse: false });
        let transfer = self.supplier.ask(&chain, now_ms(), transfer, &[], vec![vouch]);
        self.done(0, transfer, "and pays its own supplier with 40,000.00 of it").await?;
        Ok(Parts { certificate, kept, passed })
    }

    async fn twice(&mut self) -> anyhow::Result<()> {
        let chain = self.chain();
        let cheat = self.stage.cast.supplier(3);
        let again = self.stage.cast.proposal(&chain, now_ms(), &cheat, FACE, "invoice 2026-001");
        self.stage.reached(2, self.seen).await?;
        let fate = self.stage.client(2).settle(&again).await?;
        let refused = matches!(&fate, Fate::TurnedAway(why) if why.starts_with("AlreadyFinanced"));
        self.checks.hold(refused, &format!("the same invoice again is refused at the door: {}", told(&fate)));

        // Two at once, at two nodes that have not heard of each other's: the order of the chain decides.
        let (one, other) = (self.stage.cast.supplier(4), self.stage.cast.supplier(5));
        let first = self.stage.cast.proposal(&chain, now_ms(), &one, FACE, "invoice 2026-002");
        let second = self.stage.cast.proposal(&chain, now_ms(), &other, FACE, "invoice 2026-002");
        let (a, b) = (self.stage.client(0), self.stage.client(3));
        let (a, b) = tokio::join!(a.settle(&first), b.settle(&second));
        let (a, b) = (a?, b?);
        let financed = [&a, &b].iter().filter(|fate| matches!(fate, Fate::Applied(..))).count();
        let loser = if matches!(a, Fate::Applied(..)) { &b } else { &a };
        let what = format!("of two at once at two validators one stands; the other: {}", told(loser));
        self.checks.hold(financed == 1 && told(loser).contains("AlreadyFinanced"), &what);
        Ok(())
    }

    /// The buyer's bank pays the certificate in the network; the chain says who gets what.
    async fn redeemed(&mut self, parts: &Parts) -> anyhow::Result<Hash> {
        let from = self.stage.client(0).status("log_size").await?.parse()?;
        let until = json!(Instant(now_ms() + PAYMENT_MS));
        self.money.pay(&parts.certificate, FACE, until).await?;
        self.checks.tell("the buyer's bank pays 100,000.00: the network holds it, the link tells the chain");
        let (redeemed, paid, closed) = self.paid(from).await?;
        let shared: u64 = paid.shares.iter().map(|share| share.principal).sum();
        self.checks.hold(shared == FACE, &format!("the chain shares it among {} holders", paid.shares.len()));
        self.checks.hold(closed, "the certificate is closed");
        for share in &paid.shares {
            self.money.moved(BUYER, share.agent, share.principal);
        }
        self.settled("each holder has its share").await?;
        for (bank, part) in [(HARBOUR, KEPT), (RIVERSIDE, FACE - KEPT)] {
            let has = self.money.balance(bank).await?;
            let what =
                format!("bank {bank}, which bought {}: its position is {}", money(part), money_of(has));
            self.checks.tell(&what);
        }
        Ok(redeemed)
    }

    /// Follows the log until a payment is final: its transaction, what it says, and whether it closed the certificate.
    async fn paid(&mut self, mut from: u64) -> anyhow::Result<(Hash, receivables::event::Paid, bool)> {
        let client = self.stage.client(0);
        for _ in 0..30 {
            for leaf in client.events(from, 100, 1_000).await? {
                let entry = receivables::codec::Codec::decode(&leaf);
                let entry: receivables::Entry = entry.map_err(|malformed| anyhow::anyhow!("{malformed}"))?;
                from += 1;
                if let Event::Paid(paid) = entry.event {
                    let next = client.events(from, 1, 0).await?;
                    let next = next.first().map(|leaf| receivables::codec::Codec::decode(leaf));
                    let next: Option<receivables::Entry> = next.and_then(Result::ok);
                    let closed = next.is_some_and(|next| matches!(next.event, Event::Closed(_)));
                    return Ok((entry.transaction, paid, closed));
                }
            }
        }
        bail!("no payment became final")
    }

    /// Checks that the network's books are as they must be.
    async fn settled(&mut self, what: &str) -> anyhow::Result<()> {
        match self.money.settled().await? {
            Ok(took) => self.checks.hold(true, &format!("{what} ({} ms later)", took.as_millis())),
            Err(wrong) => {
                self.checks.hold(false, &format!("{what}: {wrong}"));
                self.checks.tell(&format!("the link said last:\n    {}", self.money.link_said()));
            }
        }
        Ok(())
    }

    async fn back(&mut self) -> anyhow::Result<()> {
        let height = self.stage.client(0).height().await?;
        self.stage.start(3)?;
        let took = self.stage.reached(3, height).await?;
        let what = format!("validator 4 is back and in step {:.1} s after its start", took.as_secs_f32());
        self.checks.hold(true, &what);
        let same = same_state(&self.stage.client(0), &self.stage.client(3)).await?;
        self.checks.hold(same, "its log has the same root as the others'");
        Ok(())
    }

    /// What the network's journal says after everything.
    async fn books(&mut self) -> anyhow::Result<()> {
        match self.money.replayed().await? {
            Ok(records) => self.checks.hold(
                true,
                &format!("the network's journal replays: {records} records, every currency sums to zero, nothing is left in clearing"),
            ),
            Err(wrong) => self.checks.hold(false, &format!("the network's journal: {wrong}")),
        }
        self.settled("and after a restart every bank has what it must have").await
    }
}

/// Whether two nodes have the same log, looked at until both have the same size.
pub(super) async fn same_state(one: &Client, other: &Client) -> anyhow::Result<bool> {
    for _ in 0..100 {
        let (a, b) = (one.status("log_size").await?, other.status("log_size").await?);
        if a == b {
            return Ok(one.status("log_root").await? == other.status("log_root").await?);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(false)
}

fn told(fate: &Fate) -> String {
    match fate {
        Fate::TurnedAway(why) => why.clone(),
        Fate::Refused(height, why) => format!("{why} (in block {height})"),
        Fate::Applied(height, ..) => format!("final at height {height}"),
    }
}

fn money(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn money_of(minor: i64) -> String {
    u64::try_from(minor).map_or_else(|_| format!("-{}", money(minor.unsigned_abs())), money)
}
