//! One round of the link: read what is final, tell the network, look what it holds, ask the chain. A round may end
//! anywhere; the next one does what is left.

mod asking;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use receivables::Hash;
use receivables::codec::hex;
use receivables::link::{Ask, Asking, Reading, Seen, Tell};
use receivables::proof::Shown;

use super::home::LinkHome;
use super::metrics::{Counts, count};
use super::network::{Heard, Network};
use super::nodes::Nodes;
use super::say;
use crate::node::now_ms;

/// Events that are read at once.
const PAGE: u64 = 512;
/// How long a node waits for news: so often, too, the network is asked what it holds.
const NEWS_MS: u64 = 400;
/// A node without news for so long is compared with the others.
const SILENCE: Duration = Duration::from_secs(15);
/// A lock that the network refused, as of a member that it does not know yet, is told again so often and so long.
const ASIDE: Duration = Duration::from_secs(30);
const ASIDE_MAX: Duration = Duration::from_secs(1_800);
/// Locks that are told again.
const ASIDE_COUNT: usize = 1_000;
/// The log is read anew at most so often at first, and each time half as often as before: where that does not help,
/// somebody has to look.
const ANEW: Duration = Duration::from_secs(60);
/// How often that may be halved: every two days then.
const ANEW_HALVED_MAX: u32 = 12;

/// A running link.
pub(super) struct Link {
    home: LinkHome,
    nodes: Nodes,
    network: Network,
    reading: Reading,
    kept: u64,
    asking: Asking,
    /// Of deliveries whose time is over: the proof that it is.
    over: BTreeMap<Hash, (String, Shown)>,
    /// What the chain has finished while the network still waits: how often that was seen.
    puzzles: BTreeMap<Hash, u32>,
    /// Locks that the network refused: when that was first, and when last.
    aside: VecDeque<(Seen, Instant, Instant)>,
    strange: usize,
    /// When the log was last read anew, and how many times it was.
    anew: Option<(Instant, u32)>,
    news: Instant,
    blame: Blame,
    counts: Arc<Counts>,
}

/// Whom a round was asking when it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blame {
    Node,
    Network,
}

impl Link {
    pub(super) fn open(home: LinkHome, counts: Arc<Counts>) -> anyhow::Result<Link> {
        let nodes = Nodes::new(&home.settings, home.chain);
        let network = Network::new(&home.settings.network, &home.token);
        let reading = home.reading();
        Ok(Link {
            nodes,
            network,
            kept: reading.next(),
            reading,
            asking: Asking::default(),
            over: BTreeMap::new(),
            puzzles: BTreeMap::new(),
            aside: VecDeque::new(),
            strange: 0,
            anew: None,
            news: Instant::now(),
            blame: Blame::Node,
            counts,
            home,
        })
    }

    /// Who is linked.
    pub(super) fn introduction(&self) -> String {
        format!(
            "links chain {} by {} to {}; goes on at event {}; signs as {}",
            self.home.settings.chain,
            self.nodes.name(),
            self.home.settings.network,
            self.reading.next(),
            hex(&self.home.signer.key)
        )
    }

    /// Where it stands.
    pub(super) fn status(&self) -> String {
        let number = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        format!(
            "status: {} events read by {}, {} words told, {} refused, {} transactions asked, {} deliveries open",
            self.reading.next(),
            self.nodes.name(),
            number(&self.counts.told),
            number(&self.counts.refused),
            number(&self.counts.asked),
            number(&self.counts.open)
        )
    }

    /// Goes on after trouble: with another node, if it was a node's.
    pub(super) fn recover(&mut self) {
        count(&self.counts.troubles);
        if self.blame == Blame::Node {
            self.nodes.next();
        }
    }

    /// Reads, tells, looks, asks.
    pub(super) async fn round(&mut self) -> anyhow::Result<()> {
        self.blame = Blame::Node;
        self.read().await?;
        self.tell().await?;
        self.tell_again().await?;
        self.blame = Blame::Network;
        let (open, strange) = self.network.open().await?;
        if strange != self.strange {
            say(&format!(
                "{strange} open deliveries cannot be understood; is this program older than the network?"
            ));
            self.strange = strange;
        }
        self.counts.open.store(open.len() as u64, Ordering::Relaxed);
        self.over.retain(|key, _| open.iter().any(|one| one.key == *key));
        self.puzzles.retain(|key, _| open.iter().any(|one| one.key == *key));
        let mut failed = None;
        for ask in self.asking.due(&open, &self.reading, now_ms()) {
            self.blame = Blame::Node;
            let (key, asked) = match ask {
                Ask::Submit(wish) => (wish.key, self.submit(&wish).await),
                Ask::ShowAbsent(absence) => (absence.key, self.show_absent(&absence).await),
            };
            let Err(error) = asked else { continue };
            self.asking.forget(&key);
            // One that cannot be asked holds up no other; a node that is gone is not asked for all of them.
            if failed.replace(error).is_some() {
                break;
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.counts.well_at.store(now_ms() / 1_000, Ordering::Relaxed);
        Ok(())
    }

    /// Reads what is final now, and believes it only when a final header agrees with all of it.
    async fn read(&mut self) -> anyhow::Result<()> {
        let from = self.reading.next();
        let leaves = self.nodes.events(from, PAGE, NEWS_MS).await?;
        if leaves.is_empty() {
            if self.news.elapsed() > SILENCE {
                self.news = Instant::now();
                if self.nodes.one_ahead(from).await {
                    say(&format!("goes on with {}, which has more", self.nodes.name()));
                }
            }
            return Ok(());
        }
        self.news = Instant::now();
        let mut ahead = self.reading.clone();
        take_in(&mut ahead, &leaves, self.nodes.name())?;
        let (_, shown) = self.nodes.proof_at(ahead.next() - 1).await?;
        while ahead.next() < shown.header.log_size {
            let left = (shown.header.log_size - ahead.next()).min(PAGE);
            let leaves = self.nodes.events(ahead.next(), left, 0).await?;
            ensure!(!leaves.is_empty(), "{} lists fewer events than are final", self.nodes.name());
            take_in(&mut ahead, &leaves, self.nodes.name())?;
        }
        if !ahead.agrees(&shown.header) {
            bail!(
                "{} lists other events from {from} to {} than are final at height {}",
                self.nodes.name(),
                ahead.next(),
                shown.header.height
            );
        }
        self.reading = ahead;
        self.counts.read.store(self.reading.next(), Ordering::Relaxed);
        Ok(())
    }

    /// Tells the network what it has not heard, in the chain's order.
    async fn tell(&mut self) -> anyhow::Result<()> {
        while let Some(tell) = self.reading.tell().cloned() {
            self.blame = Blame::Node;
            let (what, heard) = match &tell {
                Tell::Lock(seen) => {
                    let proof = self.nodes.proof_of(seen).await?;
                    self.blame = Blame::Network;
                    let heard = self.network.lock(&proof).await?;
                    if heard != Heard::Yes && self.aside.len() < ASIDE_COUNT {
                        self.aside.push_back((*seen, Instant::now(), Instant::now()));
                    }
                    (format!("lock of event {}", seen.index), heard)
                }
                Tell::Word(all) => {
                    let mut proofs = Vec::new();
                    for seen in all {
                        proofs.push(self.nodes.proof_of(seen).await?);
                    }
                    self.blame = Blame::Network;
                    let indices: Vec<String> = all.iter().map(|seen| seen.index.to_string()).collect();
                    let what = format!("word of event {}", indices.join(" and "));
                    (what, self.network.word(&proofs, None).await?)
                }
            };
            self.heard(&what, &heard);
            self.reading.heard();
        }
        // Losing a position costs only time, so it is kept now and then.
        if self.reading.next() != self.kept
            && let Some(position) = self.reading.position()
        {
            self.home.keep(&position)?;
            self.kept = self.reading.next();
        }
        Ok(())
    }

    /// Tells a lock that was refused again, in case the network knows its members by now.
    async fn tell_again(&mut self) -> anyhow::Result<()> {
        let Some((seen, first, last)) = self.aside.front().copied() else { return Ok(()) };
        if last.elapsed() < ASIDE {
            return Ok(());
        }
        self.aside.pop_front();
        self.blame = Blame::Node;
        let proof = self.nodes.proof_of(&seen).await?;
        self.blame = Blame::Network;
        let heard = self.network.lock(&proof).await?;
        if heard == Heard::Yes {
            self.heard(&format!("lock of event {}", seen.index), &heard);
        } else if first.elapsed() < ASIDE_MAX {
            self.aside.push_back((seen, first, Instant::now()));
        }
        Ok(())
    }

    fn heard(&self, what: &str, heard: &Heard) {
        match heard {
            Heard::Yes => {
                count(&self.counts.told);
                say(&format!("told the network: {what}"));
            }
            Heard::Refused(why) => {
                count(&self.counts.refused);
                say(&format!("the network refuses the {what}: {why}"));
            }
        }
    }
}

fn take_in(reading: &mut Reading, leaves: &[Vec<u8>], node: &str) -> anyhow::Result<()> {
    for leaf in leaves {
        let read = reading.read(leaf);
        read.map_err(|malformed| anyhow::anyhow!("{node} lists no event: {malformed}"))?;
    }
    Ok(())
}
