//! The nodes that a link asks, one at a time. What a node gives is believed only with a proof that is checked here.

use anyhow::{Context as _, anyhow, bail, ensure};
use receivables::Hash;
use receivables::codec::{Codec as _, hex};
use receivables::link::Seen;
use receivables::proof::{self, Proof, Shown};
use receivables::state::{Key, NonceRecord};

use super::home::Settings;
use crate::client::Client;
use crate::replica::verify;

/// Nodes of one chain.
pub(super) struct Nodes {
    chain: Hash,
    names: Vec<String>,
    clients: Vec<Client>,
    current: usize,
}

/// What a node said to a transaction.
pub(super) enum Taken {
    /// It waits for its block.
    Waits,
    /// It was not taken in: reason as one word, and as a sentence.
    Refused(String, String),
}

impl Nodes {
    pub(super) fn new(settings: &Settings, chain: Hash) -> Nodes {
        let clients = settings.nodes.iter().map(|node| Client::new(node)).collect();
        Nodes { chain, names: settings.nodes.clone(), clients, current: 0 }
    }

    /// The node that is asked now.
    pub(super) fn name(&self) -> &str {
        &self.names[self.current]
    }

    /// From now on another is asked, if there is one.
    pub(super) fn next(&mut self) {
        self.current = (self.current + 1) % self.clients.len();
    }

    /// Events from an index on, as the node gives them.
    pub(super) async fn events(&self, from: u64, max: u64, wait_ms: u64) -> anyhow::Result<Vec<Vec<u8>>> {
        self.client().events(from, max, wait_ms).await
    }

    /// A proof of the event with this index, and what it shows.
    pub(super) async fn proof_at(&self, index: u64) -> anyhow::Result<(String, Shown)> {
        self.proof(&format!("/proof/event/{index}")).await
    }

    /// A proof of an event that was read: of that one and no other.
    pub(super) async fn proof_of(&self, seen: &Seen) -> anyhow::Result<String> {
        let (text, _) = self.proof_at(seen.index).await?;
        let parsed = Proof::parse(&text).map_err(|flaw| anyhow!("{}: {flaw}", self.name()))?;
        ensure!(seen.is_shown_by(&parsed), "{} proves another event than {}", self.name(), seen.index);
        Ok(text)
    }

    /// A proof of a record, or of its absence, and what it shows.
    pub(super) async fn state(&self, key: &Key) -> anyhow::Result<(String, Shown)> {
        let bytes = key.encode();
        let (text, shown) = self.proof(&format!("/state/{}", hex(&bytes))).await?;
        let asked = shown.state.as_ref().is_some_and(|(shown, _)| *shown == bytes);
        ensure!(asked, "{} proves another record than was asked for", self.name());
        Ok((text, shown))
    }

    /// A nonce that this key has not used, odd.
    pub(super) async fn fresh_nonce(&self, key: &[u8; 32]) -> anyhow::Result<u64> {
        let (_, shown) = self.state(&Key::Nonce(*key)).await?;
        let Some((_, Some(bytes))) = shown.state else { return Ok(1) };
        let record = NonceRecord::decode(&bytes).map_err(|malformed| anyhow!("a record: {malformed}"))?;
        Ok((record.highest + 1) | 1)
    }

    /// Hands a transaction in.
    pub(super) async fn submit(&self, bytes: &[u8]) -> anyhow::Result<Taken> {
        let lines = self.client().send(&[bytes]).await?;
        let line = lines.first().context("a node that answers nothing")?;
        Ok(match line.strip_prefix("- refused ").and_then(|why| why.split_once(": ")) {
            Some((name, sentence)) => Taken::Refused(name.to_owned(), sentence.to_owned()),
            None => Taken::Waits,
        })
    }

    /// Another node that has more events than were read, by its own word.
    pub(super) async fn one_ahead(&mut self, read: u64) -> bool {
        for place in (0..self.clients.len()).filter(|place| *place != self.current) {
            let said = self.clients[place].status("log_size").await;
            if said.is_ok_and(|size| size.parse::<u64>().is_ok_and(|size| size > read)) {
                self.current = place;
                return true;
            }
        }
        false
    }

    /// What there is to be said about each node. Fails if one is of another chain or none answers.
    pub(super) async fn check(&self, settler: &[u8; 32]) -> anyhow::Result<Vec<String>> {
        let mut lines = Vec::new();
        for (name, client) in self.names.iter().zip(&self.clients) {
            let said = match client.status("chain").await {
                Ok(chain) if chain == hex(&self.chain) => "of this chain".to_owned(),
                Ok(chain) => bail!("{name} is of chain {chain}, not of {}", hex(&self.chain)),
                Err(error) => format!("does not answer ({error:#})"),
            };
            lines.push(format!("node {name}: {said}"));
        }
        let (_, shown) = self.state(&Key::Nonce(*settler)).await?;
        let height = shown.header.height;
        lines.push(format!("chain {}: a record was proven at height {height}", hex(&self.chain)));
        Ok(lines)
    }

    fn client(&self) -> &Client {
        &self.clients[self.current]
    }

    async fn proof(&self, path: &str) -> anyhow::Result<(String, Shown)> {
        let text = self.client().text(path).await?;
        let shown = proof::verify(&text, &self.chain, &verify);
        let shown = shown.map_err(|flaw| anyhow!("{} gives a bad proof: {flaw}", self.name()))?;
        Ok((text, shown))
    }
}
