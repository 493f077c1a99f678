//! One round of the link: read what is final, tell the network, look what it holds, ask the chain. A round may end
//! anywhere; the next one does what is left.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use receivables::codec::{Codec as _, hex};
use receivables::link::{Absence, Ask, Asking, Reading, Seen, Tell, Wish};
use receivables::proof::Shown;
use receivables::{Hash, Signed, Transaction};

use super::home::LinkHome;
use super::metrics::{Counts, count};
use super::network::{Heard, Network};
use super::nodes::{Nodes, Taken};
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
/// The log is read anew at most so often.
const ANEW: Duration = Duration::from_secs(60);

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
    anew: Option<Instant>,
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
        for ask in self.asking.due(&open, now_ms()) {
            self.blame = Blame::Node;
            let key = match &ask {
                Ask::Submit(wish) => about(&open, wish.number),
                Ask::ShowAbsent(absence) => Some(absence.key),
            };
            let asked = match ask {
                Ask::Submit(wish) => self.submit(&wish, key).await,
                Ask::ShowAbsent(absence) => self.show_absent(&absence).await,
            };
            if let (Err(_), Some(key)) = (&asked, key) {
                self.asking.forget(&key);
            }
            asked?;
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

    /// Hands a transaction in. A nonce out of the window is replaced; whatever else stands against it is said, and passes
    /// or is the network's to hear.
    async fn submit(&mut self, wish: &Wish, key: Option<Hash>) -> anyhow::Result<()> {
        let mut nonce = wish.nonce;
        for _ in 0..2 {
            let (id, bytes) = self.signed(wish, nonce);
            let what = format!("{} of delivery {}", name(&wish.transaction), wish.number);
            let Taken::Refused(word, sentence) = self.nodes.submit(&bytes).await? else {
                count(&self.counts.asked);
                say(&format!("asked the chain: {what}, transaction {}", hex(&id)));
                return Ok(());
            };
            match word.as_str() {
                "Duplicate" => return Ok(()),
                "Replayed" if nonce == wish.nonce => {
                    nonce = self.nodes.fresh_nonce(&self.home.signer.key).await?;
                }
                "NotLocked" | "ReferenceUsed" | "WrongStage" => {
                    if let Some(key) = key {
                        self.puzzled(key);
                    }
                    return Ok(());
                }
                _ => {
                    say(&format!("the chain refuses the {what}: {sentence}"));
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn signed(&self, wish: &Wish, nonce: u64) -> (Hash, Vec<u8>) {
        let signer = &self.home.signer;
        let mut signed = Signed {
            transaction: wish.transaction.clone(),
            sender: signer.key,
            nonce,
            expires_ms: wish.expires_ms,
            vouches: Vec::new(),
            signatures: Vec::new(),
        };
        let bytes = signed.signing_bytes(&self.home.chain);
        signed.sign(signer.key, signer.signature(&bytes));
        (signed.id(&self.home.chain), signed.encode())
    }

    /// Shows the network that a delivery's time is over on the chain and nothing of it came: two proofs, the second of a
    /// state that is younger than the first.
    async fn show_absent(&mut self, absence: &Absence) -> anyhow::Result<()> {
        let (text, shown) = self.nodes.state(&absence.record()).await?;
        if shown.state.as_ref().is_some_and(|(_, value)| value.is_some()) {
            self.puzzled(absence.key);
            return Ok(());
        }
        let Some((first, over)) = self.over.get(&absence.key) else {
            if absence.is_over(&shown) {
                self.over.insert(absence.key, (text, shown));
            }
            return Ok(());
        };
        if !absence.is_shown(over, &shown) {
            return Ok(());
        }
        let proofs = [first.clone(), text];
        self.blame = Blame::Network;
        let heard = self.network.word(&proofs, Some(&absence.key)).await?;
        self.heard(&format!("end of delivery {}, which the chain never took", absence.number), &heard);
        self.over.remove(&absence.key);
        Ok(())
    }

    /// The chain has finished what the network still waits for. Usually the word is on its way; if it was told to a
    /// network that forgot it, as after a restoration, only reading everything again helps.
    fn puzzled(&mut self, key: Hash) {
        let seen = self.puzzles.entry(key).or_default();
        *seen += 1;
        let long_ago = self.anew.is_none_or(|at| at.elapsed() > ANEW);
        if *seen >= 3 && self.reading.waiting() == 0 && long_ago {
            say("the network waits for what the chain finished long ago: reads everything again");
            self.anew = Some(Instant::now());
            self.reading = Reading::default();
            self.puzzles.clear();
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

fn about(open: &[receivables::link::Open], number: u64) -> Option<Hash> {
    open.iter().find(|one| one.number == number).map(|one| one.key)
}

fn name(transaction: &Transaction) -> &'static str {
    match transaction {
        Transaction::SettleLock(_) => "settlement of a lock",
        Transaction::Pay(_) => "payment on a certificate",
        Transaction::SettleUnit(_) => "settlement of a unit",
        Transaction::ExpireLock(_) => "end of a lock",
        _ => "transaction",
    }
}
