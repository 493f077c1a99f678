//! The play itself, act by act. What is asked of the chain is asked by whoever may ask it; what moves money is the
//! payment network's book, told by final events alone.

use std::time::Duration;

use anyhow::{Context as _, bail};
use receivables::event::{Event, Locked};
use receivables::hash::sha256;
use receivables::identity::Party;
use receivables::transaction::{
    CertificateRef, CommitBid, Offer, OpenAuction, Pay, Payer, PostRate, RateBand, RevealBid, SettleLock,
    Split, TakeOffer, Transaction, Transfer,
};
use receivables::{Hash, envelope};

use super::checks::Checks;
use super::witness;
use crate::cast::{BUYER, HARBOUR, NETWORK, RIVERSIDE, Signer, currency};
use crate::client::{Client, Fate};
use crate::node::now_ms;
use crate::settlement::Settlement;
use crate::stage::Stage;

/// What the invoice is over, in minor units: 100,000.00.
const FACE: u64 = 10_000_000;
/// What the supplier keeps to sell.
const KEPT: u64 = 6_000_000;

type Asked = (Hash, Vec<u8>);

struct Players<'a> {
    stage: &'a mut Stage,
    checks: &'a mut Checks,
    book: Settlement,
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

pub(super) async fn play(stage: &mut Stage, checks: &mut Checks) -> anyhow::Result<()> {
    let mut book = Settlement::new(currency(), now_ms())?;
    let (supplier, second) = (stage.cast.supplier(1), stage.cast.supplier(2));
    for (party, amount) in [
        (Party::Member(BUYER), 2 * FACE),
        (Party::Member(HARBOUR), 2 * FACE),
        (Party::Member(RIVERSIDE), 2 * FACE),
        (supplier.party(), 0),
        (second.party(), 0),
    ] {
        book.fund(&party, amount, now_ms())?;
    }
    let mut players = Players { stage, checks, book, supplier, second, seen: 0 };
    let parts = players.certificate().await?;
    players.twice().await?;
    players.posted_rate(&parts).await?;
    let lock = players.auction(&parts).await?;
    players.killed(lock).await?;
    let redeemed = players.redeemed(&parts).await?;
    players.back().await?;
    witness::call(players.stage, players.checks, &redeemed).await
}

impl Players<'_> {
    fn chain(&self) -> Hash {
        self.stage.chain
    }

    /// Asks at a node and expects it to become final with effect; returns its first event.
    async fn done(&mut self, node: usize, asked: Asked, what: &str) -> anyhow::Result<Event> {
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
        let entry = client.entry(first + events.saturating_sub(1)).await?;
        Ok(entry.event)
    }

    async fn certificate(&mut self) -> anyhow::Result<Parts> {
        let (chain, now) = (self.chain(), now_ms());
        let programme = self.stage.cast.programme(&chain, now, 10 * FACE);
        self.done(0, programme, "the members agree on the buyer's programme").await?;
        let proposal = self.stage.cast.proposal(&chain, now, &self.supplier, FACE, "invoice 2026-001");
        let certificate = proposal.0;
        self.done(1, proposal, "a supplier proposes a certificate over 100,000.00").await?;
        let buyer = self.stage.cast.member(BUYER);
        let accept = Transaction::Accept(CertificateRef { certificate });
        let accept = buyer.ask(&chain, now_ms(), accept, &[], Vec::new());
        self.done(3, accept, "the buyer accepts: it owes, irrevocably").await?;
        let split = Transaction::Split(Split { part: certificate, amounts: vec![KEPT, FACE - KEPT] });
        let split = self.supplier.ask(&chain, now_ms(), split, &[], Vec::new());
        let Event::PartSplit(split) =
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

    async fn posted_rate(&mut self, parts: &Parts) -> anyhow::Result<()> {
        let chain = self.chain();
        let mut rates = Vec::new();
        for (bank, rate_ppm) in [(HARBOUR, 60_000), (RIVERSIDE, 72_000)] {
            let band =
                RateBand { buyer_class: 1, days_max: 180, amount_min: 1, amount_max: FACE, rate_ppm, fee: 0 };
            let table = PostRate {
                funder: bank,
                currency: currency(),
                bands: vec![band],
                budget: 2 * FACE,
                until_ms: now_ms() + 3_600_000,
                recourse: false,
                replaces: None,
            };
            let signer = self.stage.cast.member(bank);
            let posted = signer.ask(&chain, now_ms(), Transaction::PostRate(table), &[], Vec::new());
            rates.push((rate_ppm, posted.0));
            self.done(
                1,
                posted,
                &format!("bank {bank} posts {}.{} % a year", rate_ppm / 10_000, rate_ppm / 1_000 % 10),
            )
            .await?;
        }
        let best = rates.iter().min().context("two rates")?.1;
        let take = TakeOffer {
            part: parts.kept,
            offer: Offer::Posted(best),
            price_min: KEPT * 98 / 100,
            until_ms: now_ms() + 60_000,
        };
        let take = self.supplier.ask(&chain, now_ms(), Transaction::TakeOffer(take), &[], Vec::new());
        let Event::Locked(lock) =
            self.done(2, take, "the supplier takes the best: the part is locked").await?
        else {
            bail!("a lock is told otherwise")
        };
        // 60,000.00 at 6 % for 90 days of 360: 900.00.
        let what = format!("60,000.00 at 6.0 % for 90 days: the bank pays {}", money(lock.price));
        self.checks.hold(lock.price == 5_910_000 && lock.discount == 90_000, &what);
        self.pay_for(&lock, 0).await
    }

    /// Delivery against payment: money is reserved before the part moves, and posted only after.
    async fn pay_for(&mut self, lock: &Locked, node: usize) -> anyhow::Result<()> {
        let chain = self.chain();
        let reference = self.book.reserve(lock, now_ms())?;
        self.checks.tell(&format!("the network's book reserves {} for the seller", money(lock.price)));
        let registries = vec![sha256(&[b"the official registry knows no other"])];
        let settle = SettleLock { part: lock.part, key: lock.key, reference, registries };
        let network = self.stage.cast.member(NETWORK);
        let settle = network.ask(&chain, now_ms(), Transaction::SettleLock(settle), &[], Vec::new());
        self.done(node, settle, "the network proves it: the part is the bank's").await?;
        self.book.post(&lock.key, now_ms())?;
        self.checks.tell(&format!("the book posts it: the seller has {}", money_of(&self.book, &lock.from)));
        Ok(())
    }

    async fn auction(&mut self, parts: &Parts) -> anyhow::Result<Locked> {
        let chain = self.chain();
        let now = now_ms();
        let (commit_until_ms, reveal_until_ms) = (now + 2_000, now + 4_000);
        let open = OpenAuction {
            part: parts.passed,
            commit_until_ms,
            reveal_until_ms,
            rate_ppm_max: 90_000,
            recourse: false,
        };
        let open = self.second.ask(&chain, now, Transaction::OpenAuction(open), &[], Vec::new());
        let auction = open.0;
        self.done(3, open, "the second supplier asks for sealed bids on 40,000.00").await?;
        let bids = [(HARBOUR, 58_000), (RIVERSIDE, 55_000)];
        let salt = |bank: u32| sha256(&[b"salt", &bank.to_be_bytes()]);
        for (bank, rate) in bids {
            let commitment = envelope::bid_commitment(&chain, &auction, bank, rate, &salt(bank));
            let commit = Transaction::CommitBid(CommitBid { auction, bidder: bank, commitment });
            let commit = self.stage.cast.member(bank).ask(&chain, now_ms(), commit, &[], Vec::new());
            self.done(1, commit, &format!("bank {bank} hands in a sealed bid")).await?;
        }
        until(commit_until_ms).await;
        for (bank, rate_ppm) in bids {
            let reveal = RevealBid { auction, bidder: bank, rate_ppm, salt: salt(bank) };
            let reveal = Transaction::RevealBid(reveal);
            let reveal = self.stage.cast.member(bank).ask(&chain, now_ms(), reveal, &[], Vec::new());
            self.done(
                2,
                reveal,
                &format!("bank {bank} opens its bid: {}.{} %", rate_ppm / 10_000, rate_ppm / 1_000 % 10),
            )
            .await?;
        }
        until(reveal_until_ms).await;
        let take = TakeOffer {
            part: parts.passed,
            offer: Offer::Auction(auction),
            price_min: 1,
            until_ms: now_ms() + 60_000,
        };
        let take = self.second.ask(&chain, now_ms(), Transaction::TakeOffer(take), &[], Vec::new());
        let Event::Locked(lock) = self.done(0, take, "the seller takes the best bid").await? else {
            bail!("a lock is told otherwise")
        };
        self.checks.hold(lock.to == RIVERSIDE, "the lowest rate won");
        Ok(lock)
    }

    async fn killed(&mut self, lock: Locked) -> anyhow::Result<()> {
        let before = self.stage.client(0).height().await?;
        self.stage.kill(3)?;
        println!("\n  validator 4 is killed in the middle of its work");
        self.pay_for(&lock, 0).await?;
        let took = self.stage.reached(0, before + 10).await?;
        let what = format!("nothing stops: ten more blocks without it {:.1} s later", took.as_secs_f32());
        self.checks.hold(took < Duration::from_secs(15), &what);
        println!();
        Ok(())
    }

    async fn redeemed(&mut self, parts: &Parts) -> anyhow::Result<Hash> {
        let chain = self.chain();
        let buyer = Party::Member(BUYER);
        let reference = self.book.take_in(&buyer, &parts.certificate, FACE, now_ms())?;
        let pay = Pay {
            certificate: parts.certificate,
            payer: Payer::Buyer(()),
            principal: FACE,
            interest: 0,
            reference,
        };
        let network = self.stage.cast.member(NETWORK);
        let pay = network.ask(&chain, now_ms(), Transaction::Pay(pay), &[], Vec::new());
        let id = pay.0;
        let client = self.stage.client(1);
        self.stage.reached(1, self.seen).await?;
        let Fate::Applied(height, first, events) = client.settle(&pay).await? else {
            bail!("the payment failed")
        };
        self.checks.hold(true, &format!("the buyer pays 100,000.00 (final at height {height})"));
        let mut closed = false;
        for index in first..first + events {
            match client.entry(index).await?.event {
                Event::Paid(paid) => self.book.share_out(&paid, now_ms())?,
                Event::Closed(_) => closed = true,
                _ => {}
            }
        }
        self.checks.hold(closed, "the certificate is closed");
        for (bank, part) in [(HARBOUR, KEPT), (RIVERSIDE, FACE - KEPT)] {
            let has = self.book.balance(&Party::Member(bank));
            let earned = has > u128::from(2 * FACE) && has < u128::from(2 * FACE + part);
            self.checks
                .hold(earned, &format!("bank {bank} has its {} and {} earned", money(part), earned_by(has)));
        }
        self.checks.hold(self.book.is_settled(), "the book sums to zero and nothing is left in clearing");
        Ok(id)
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

async fn until(time_ms: u64) {
    let rest = time_ms.saturating_sub(now_ms()) + 50;
    tokio::time::sleep(Duration::from_millis(rest)).await;
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

fn money_of(book: &Settlement, party: &Party) -> String {
    money(u64::try_from(book.balance(party)).unwrap_or(u64::MAX))
}

fn earned_by(has: u128) -> String {
    money(u64::try_from(has.saturating_sub(u128::from(2 * FACE))).unwrap_or(u64::MAX))
}
