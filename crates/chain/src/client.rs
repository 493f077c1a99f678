//! A client of a node: sends transactions, waits for what becomes of them, asks for proofs. Knows no rules.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode};
use receivables::codec::{Codec as _, hex, unhex};
use receivables::{Entry, Hash};

/// Longest wait for any answer.
const PATIENCE: Duration = Duration::from_secs(25);
/// Longest wait for a snapshot, which waits for a checkpoint itself.
const SNAPSHOT_PATIENCE: Duration = Duration::from_secs(300);

/// Speaks to one node.
#[derive(Clone)]
pub struct Client {
    http: hop::Http,
    base: String,
}

/// What became of a transaction that a node was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not taken in, and why.
    TurnedAway(String),
    /// Final without effect, and why.
    Refused(u64, String),
    /// Final: height, index of its first event, how many events.
    Applied(u64, u64, u64),
}

impl Client {
    /// A client of the node at this address, such as `http://127.0.0.1:7001`.
    pub fn new(base: &str) -> Self {
        Self { http: hop::client(), base: base.trim_end_matches('/').to_owned() }
    }

    /// Sends transactions; a line for each tells whether it waits or why not.
    pub async fn send<B: AsRef<[u8]>>(&self, transactions: &[B]) -> anyhow::Result<Vec<String>> {
        let mut body = Vec::new();
        for transaction in transactions {
            let bytes = transaction.as_ref();
            body.extend_from_slice(&u32::try_from(bytes.len()).context("a transaction")?.to_be_bytes());
            body.extend_from_slice(bytes);
        }
        let (status, text) = self.ask(Method::POST, "/transactions", Bytes::from(body)).await?;
        if status != StatusCode::OK {
            bail!("{}: {status} {text}", self.base);
        }
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Sends one transaction and waits until it is final.
    pub async fn settle(&self, (id, bytes): &(Hash, Vec<u8>)) -> anyhow::Result<Fate> {
        let lines = self.send(&[bytes]).await?;
        let line = lines.first().context("a node that answers nothing")?;
        match line.strip_prefix("- refused ") {
            Some(why) => Ok(Fate::TurnedAway(why.to_owned())),
            None => self.fate(id).await,
        }
    }

    /// Waits until a transaction is final.
    pub async fn fate(&self, id: &Hash) -> anyhow::Result<Fate> {
        let (status, text) = self.read(&format!("/transactions/{}?wait_ms=20000", hex(id))).await?;
        if status != StatusCode::OK {
            bail!("{}: {}", self.base, text.trim());
        }
        let mut words = text.trim().splitn(3, ' ');
        let (what, height, rest) = (words.next(), words.next(), words.next().unwrap_or_default());
        let height = height.and_then(|height| height.parse().ok()).context("a height")?;
        match what {
            Some("applied") => {
                let mut numbers = rest.split(' ').map(str::parse);
                let mut next = || numbers.next().and_then(Result::ok).context("a number");
                Ok(Fate::Applied(height, next()?, next()?))
            }
            Some("refused") => Ok(Fate::Refused(height, rest.to_owned())),
            _ => bail!("{}: {text}", self.base),
        }
    }

    /// An event of the log.
    pub async fn entry(&self, index: u64) -> anyhow::Result<Entry> {
        let (status, text) = self.read(&format!("/events/{index}")).await?;
        let bytes = unhex(text.trim()).filter(|_| status == StatusCode::OK);
        let bytes = bytes.with_context(|| format!("event {index}: {}", text.trim()))?;
        Entry::decode(&bytes).map_err(|malformed| anyhow!("event {index}: {malformed}"))
    }

    /// Canonical bytes of events from an index on, in order; waits so long for the first if it is to come.
    pub async fn events(&self, from: u64, max: u64, wait_ms: u64) -> anyhow::Result<Vec<Vec<u8>>> {
        let text = self.text(&format!("/events?from={from}&max={max}&wait_ms={wait_ms}")).await?;
        let read = |(index, line): (u64, &str)| {
            let (number, bytes) = line.split_once(' ')?;
            unhex(bytes).filter(|_| number.parse() == Ok(index))
        };
        let entries =
            (from..).zip(text.lines().filter(|line| !line.is_empty())).map(read).collect::<Option<Vec<_>>>();
        entries.with_context(|| format!("{} lists no events from {from} on", self.base))
    }

    /// Where the node stands, by name.
    pub async fn status(&self, name: &str) -> anyhow::Result<String> {
        let (_, text) = self.read("/status").await?;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map(str::to_owned).with_context(|| format!("{} tells no {name}", self.base))
    }

    /// The node's height.
    pub async fn height(&self) -> anyhow::Result<u64> {
        Ok(self.status("height").await?.parse()?)
    }

    /// Whatever a path gives, if it gives something.
    pub async fn text(&self, path: &str) -> anyhow::Result<String> {
        let (status, text) = self.read(path).await?;
        if status == StatusCode::OK { Ok(text) } else { bail!("{}{path}: {}", self.base, text.trim()) }
    }

    /// The bytes of something large that is made when asked for.
    pub async fn bytes(&self, path: &str) -> anyhow::Result<Bytes> {
        let (status, bytes) = self.ask_bytes(Method::GET, path, Bytes::new(), SNAPSHOT_PATIENCE).await?;
        if status == StatusCode::OK {
            return Ok(bytes);
        }
        bail!("{}{path}: {}", self.base, String::from_utf8_lossy(&bytes).trim())
    }

    async fn read(&self, path: &str) -> anyhow::Result<(StatusCode, String)> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    async fn ask(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<(StatusCode, String)> {
        let (status, bytes) = self.ask_bytes(method, path, body, PATIENCE).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn ask_bytes(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        patience: Duration,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let uri = format!("{}{path}", self.base);
        let request = Request::builder().method(method).uri(&uri).body(Full::new(body))?;
        let answered = async {
            let answer = self.http.request(request).await?;
            let status = answer.status();
            let bytes = answer.into_body().collect().await?.to_bytes();
            anyhow::Ok((status, bytes))
        };
        let answered = tokio::time::timeout(patience, answered).await;
        answered.map_err(|_| anyhow!("{uri} does not answer"))?.with_context(|| format!("asking {uri}"))
    }
}
