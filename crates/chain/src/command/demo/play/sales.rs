//! Two parts are sold: at a posted rate, while the network is killed between lock and payment, and by sealed auction, while
//! a validator and the link are.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use receivables::codec::{Codec as _, hex};
use receivables::event::{Entry, Event, Locked};
use receivables::hash::sha256;
use receivables::proof::Proof;
use receivables::transaction::{
    CommitBid, Offer, OpenAuction, PostRate, RateBand, RevealBid, TakeOffer, Transaction,
};
use receivables::{Hash, envelope};
use serde_json::{Value, json};

use super::{FACE, KEPT, Parts, Players, money};
use crate::cast::{HARBOUR, RIVERSIDE, currency};
use crate::node::now_ms;

/// How long a lock waits for its price.
const LOCK_MS: u64 = 60_000;
/// How long the network stays dead.
const DEAD: Duration = Duration::from_millis(500);

impl Players<'_> {
    pub(super) async fn posted_rate(&mut self, parts: &Parts) -> anyhow::Result<()> {
        let best = self.rates().await?;
        let take = TakeOffer {
            part: parts.kept,
            offer: Offer::Posted(best),
            price_min: KEPT * 98 / 100,
            until_ms: now_ms() + LOCK_MS,
        };
        let take = self.supplier.ask(&self.chain(), now_ms(), Transaction::TakeOffer(take), &[], Vec::new());
        let (Event::Locked(lock), index) =
            self.done(2, take, "the supplier takes the best: the part is locked").await?
        else {
            bail!("a lock is told otherwise")
        };
        // 60,000.00 at 6 % for 90 days of 360: 900.00.
        let what = format!("60,000.00 at 6.0 % for 90 days: the bank pays {}", money(lock.price));
        self.checks.hold(lock.price == 5_910_000 && lock.discount == 90_000, &what);
        self.money.kill_network().await?;
        println!("\n  the payment network is killed between lock and payment");
        tokio::time::sleep(DEAD).await;
        let took = self.money.start_network().await?;
        println!("  and comes back from its journal after {:.1} s", took.as_secs_f32());
        self.money.moved(lock.to, lock.agent, lock.price);
        self.settled("the price is with the seller's bank, the part the funder's").await?;
        self.owned(&parts.kept, HARBOUR).await?;
        self.lied_to(index).await?;
        println!();
        Ok(())
    }

    /// Two banks post rates; returns the best.
    async fn rates(&mut self) -> anyhow::Result<Hash> {
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
            let what = format!("bank {bank} posts {}.{} % a year", rate_ppm / 10_000, rate_ppm / 1_000 % 10);
            self.done(1, posted, &what).await?;
        }
        Ok(rates.iter().min().context("two rates")?.1)
    }

    /// Somebody with the network's token tells it what no validator signed: the same lock, dearer.
    async fn lied_to(&mut self, index: u64) -> anyhow::Result<()> {
        let proof = self.stage.client(0).text(&format!("/proof/event/{index}")).await?;
        let mut forged = Proof::parse(&proof).map_err(|flaw| anyhow!("a validator's proof: {flaw}"))?;
        let shown = forged.event.as_mut().context("a proof of an event")?;
        let mut entry = Entry::decode(&shown.entry).map_err(|malformed| anyhow!("an event: {malformed}"))?;
        if let Event::Locked(lock) = &mut entry.event {
            lock.price += 1;
            lock.key[0] ^= 1;
        }
        shown.entry = entry.encode();
        let forged = json!({ "proof": forged.to_json() });
        let heard = self.money.operator().change("deliveries/locks", &forged).await;
        let said = heard.as_ref().err().map(ToString::to_string).unwrap_or_default();
        self.checks.hold(heard.is_err(), &format!("the network is told of a lock that never was: {said}"));
        let again = self.money.operator().change("deliveries/locks", &json!({ "proof": proof })).await;
        self.checks.hold(again.is_ok(), "the true one, told again, changes nothing");
        self.settled("no money has moved").await
    }

    /// The chain says whose a part is.
    async fn owned(&mut self, part: &Hash, bank: u32) -> anyhow::Result<()> {
        let said = self.stage.client(0).text(&format!("/part/{}", hex(part))).await?;
        let record: Value = serde_json::from_str(&said).context("a part's record")?;
        self.checks.hold(record["holder"]["Member"] == bank, &format!("on the chain it is bank {bank}'s"));
        Ok(())
    }

    pub(super) async fn auction(&mut self, parts: &Parts) -> anyhow::Result<()> {
        let auction = self.bids(parts).await?;
        let take = TakeOffer {
            part: parts.passed,
            offer: Offer::Auction(auction),
            price_min: 1,
            until_ms: now_ms() + LOCK_MS,
        };
        let take = self.second.ask(&self.chain(), now_ms(), Transaction::TakeOffer(take), &[], Vec::new());
        let (Event::Locked(lock), _) = self.done(0, take, "the seller takes the best bid").await? else {
            bail!("a lock is told otherwise")
        };
        self.checks.hold(lock.to == RIVERSIDE, "the lowest rate won");
        self.killed(&lock, &parts.passed).await
    }

    /// Sealed bids, and then open ones; returns the auction.
    async fn bids(&mut self, parts: &Parts) -> anyhow::Result<Hash> {
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
            let what =
                format!("bank {bank} opens its bid: {}.{} %", rate_ppm / 10_000, rate_ppm / 1_000 % 10);
            self.done(2, reveal, &what).await?;
        }
        until(reveal_until_ms).await;
        Ok(auction)
    }

    /// A validator dies, and so does the link, as soon as the network holds the price.
    async fn killed(&mut self, lock: &Locked, part: &Hash) -> anyhow::Result<()> {
        let before = self.stage.client(0).height().await?;
        self.stage.kill(3)?;
        println!("\n  validator 4 is killed in the middle of its work");
        let held = self.money.held("SALE").await?;
        self.money.kill_link().await?;
        match held {
            Some(held) => {
                println!("  and so is the link, which asked it");
                let what = "meanwhile the network holds the price, neither the seller's nor the funder's";
                let amount = held["amount"].as_str().and_then(|text| text.parse().ok());
                self.checks.hold(amount == Some(lock.price), what);
            }
            None => println!("  and so is the link, which was faster: the price has moved"),
        }
        tokio::time::sleep(DEAD).await;
        self.money.start_link()?;
        self.money.moved(lock.to, lock.agent, lock.price);
        self.settled("a new link goes on by another validator: the price is with the seller's bank").await?;
        self.owned(part, RIVERSIDE).await?;
        let took = self.stage.reached(0, before + 10).await?;
        let what = format!("nothing stops: ten more blocks without it {:.1} s later", took.as_secs_f32());
        self.checks.hold(took < Duration::from_secs(15), &what);
        println!();
        Ok(())
    }
}

async fn until(time_ms: u64) {
    let rest = time_ms.saturating_sub(now_ms()) + 50;
    tokio::time::sleep(Duration::from_millis(rest)).await;
}
