//! HTTP for a node's own clients: transactions in, outcomes, proofs and pages out. One line of [`Edge::answer`] shows
//! each path. Knows no rules.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use consensus::Started;
use hop::{Answer, Received, Service};
use http_body_util::{BodyExt as _, Full};
use hyper::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Response, StatusCode};
use receivables::Hash;
use receivables::codec::{hex, unhex};

use super::pages;
use super::queries::{Asked, Queries};
use super::{metrics, now_ms, proofs, snapshots, text, tiles};
use crate::explorer::{Asking, Language};
use crate::files::{Home, public_key};
use crate::replica::{Refused, Replica};

/// Transactions of one request.
pub const BATCH_MAX: usize = 512;
/// Events of one answer.
const EVENTS_MAX: u64 = 512;
/// The first byte of a fingerprint's key in the state.
const FINGERPRINT: u8 = 9;
/// Longest time that a request waits for news.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// A node's answers.
pub(super) struct Edge {
    pub(super) replica: Arc<Replica>,
    pub(super) started: Started,
    pub(super) directory: PathBuf,
    seed: [u8; 32],
    may_vote: bool,
    /// Whether there are pages for people.
    explorer: bool,
    queries: Queries,
    /// One snapshot at a time: each holds the whole state once more.
    snapshot: tokio::sync::Mutex<()>,
}

impl Edge {
    pub(super) fn new(
        replica: Arc<Replica>,
        started: Started,
        home: &Home,
        may_vote: bool,
    ) -> io::Result<Self> {
        let queries = Queries::open(&home.directory, home.config.fingerprint_queries_per_minute)?;
        Ok(Self {
            replica,
            started,
            directory: home.directory.clone(),
            seed: home.seed,
            may_vote,
            explorer: home.config.explorer,
            queries,
            snapshot: tokio::sync::Mutex::default(),
        })
    }

    /// The node's public key.
    pub(super) fn key(&self) -> [u8; 32] {
        public_key(&self.seed)
    }

    /// Questions for fingerprints so far.
    pub(super) fn asked(&self) -> Asked {
        self.queries.asked(now_ms())
    }

    /// Whether this node votes in the epoch that runs.
    pub(super) fn votes(&self) -> bool {
        let (key, epoch) = (self.key(), self.replica.epoch());
        let named =
            |state: &receivables::State| state.validators(epoch).iter().any(|validator| validator.key == key);
        self.may_vote && self.replica.look(named)
    }

    async fn page(&self, path: &[&str], query: &str, received: &Received) -> Answer {
        let accepted = received.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let asking = Asking {
            replica: &self.replica,
            health: self.started.health(),
            key: self.key(),
            now_ms: now_ms(),
            asked: self.asked(),
            language: Language::of(text_of(query, "lang"), accepted.unwrap_or_default()),
            who: text_of(query, "who").unwrap_or_default(),
        };
        pages::answer(asking.show(path, &self.started.archive).await)
    }

    async fn snapshot(&self) -> Answer {
        let Ok(_alone) = self.snapshot.try_lock() else {
            return reply(StatusCode::SERVICE_UNAVAILABLE, "another snapshot is being taken");
        };
        match snapshots::take(&self.replica, &self.started.archive).await {
            Ok(snapshot) => binary(snapshot.encode()),
            Err(missing) => reply(StatusCode::SERVICE_UNAVAILABLE, missing),
        }
    }

    fn submit(&self, body: &[u8]) -> Answer {
        let Some(transactions) = split(body) else {
            return reply(
                StatusCode::BAD_REQUEST,
                "a body is transactions, each after its length in four bytes\n",
            );
        };
        let mut lines = String::new();
        for taken in self.replica.admit_all(&transactions, now_ms()) {
            let line = match taken {
                Ok(id) => format!("{} waits\n", hex(&id)),
                Err(refused) => turned_away(refused),
            };
            lines.push_str(&line);
        }
        reply(StatusCode::OK, &lines)
    }

    async fn executed(&self, query: &str) -> Answer {
        let after = number(query, "after").unwrap_or_else(|| self.replica.standing().height);
        let wait = Duration::from_millis(number(query, "wait_ms").unwrap_or(0)).min(WAIT_MAX);
        let mut heights = self.replica.heights();
        // In time or not, what there is is told.
        let _ = tokio::time::timeout(wait, heights.wait_for(|height| *height > after)).await;
        reply(StatusCode::OK, &text::executed(&self.replica.executed_since(after)))
    }

    async fn outcome(&self, id: &str, query: &str) -> Answer {
        let Some(id) = hash(id) else { return reply(StatusCode::BAD_REQUEST, "an id has 64 digits\n") };
        let wait = Duration::from_millis(number(query, "wait_ms").unwrap_or(0)).min(WAIT_MAX);
        let mut heights = self.replica.heights();
        let known = heights.wait_for(|_| self.replica.outcome(&id).is_some());
        let _ = tokio::time::timeout(wait, known).await;
        match self.replica.outcome(&id) {
            Some((height, outcome)) => reply(StatusCode::OK, &text::outcome(height, &outcome)),
            None => reply(StatusCode::NOT_FOUND, "not executed, or long ago\n"),
        }
    }

    async fn proof(&self, id: &str, query: &str) -> Answer {
        let Some(id) = hash(id) else { return reply(StatusCode::BAD_REQUEST, "an id has 64 digits\n") };
        let event = number(query, "event").unwrap_or(0);
        match proofs::of_event(&self.replica, &self.started.archive, &id, event).await {
            Ok(proof) => json(proof.to_json()),
            Err(missing) => reply(StatusCode::NOT_FOUND, &format!("{missing}\n")),
        }
    }

    async fn proof_at(&self, index: &str) -> Answer {
        let Ok(index) = index.parse() else {
            return reply(StatusCode::BAD_REQUEST, "an index is a number\n");
        };
        match proofs::of_entry(&self.replica, &self.started.archive, index).await {
            Ok(proof) => json(proof.to_json()),
            Err(missing) => reply(StatusCode::NOT_FOUND, &format!("{missing}\n")),
        }
    }

    /// Events from an index on, waiting for the first of them if it is to come: a line each, index and bytes.
    async fn events(&self, query: &str) -> Answer {
        let from = number(query, "from").unwrap_or(0);
        let count = number(query, "max").unwrap_or(EVENTS_MAX).min(EVENTS_MAX);
        let wait = Duration::from_millis(number(query, "wait_ms").unwrap_or(0)).min(WAIT_MAX);
        let mut heights = self.replica.heights();
        let there = heights.wait_for(|_| self.replica.entry(from).is_some());
        let _ = tokio::time::timeout(wait, there).await;
        if self.replica.entry(from).is_none() && from < self.replica.standing().log_size {
            return reply(StatusCode::GONE, "this node begins with a snapshot after that event\n");
        }
        let entries = (from..from.saturating_add(count)).map_while(|index| {
            let entry = self.replica.entry(index)?;
            Some(format!("{index} {}\n", hex(&entry)))
        });
        reply(StatusCode::OK, &entries.collect::<String>())
    }

    async fn state(&self, key: &str, from: IpAddr) -> Answer {
        let Some(key) = unhex(key) else { return reply(StatusCode::BAD_REQUEST, "a key is hexadecimal\n") };
        if key.first() == Some(&FINGERPRINT) {
            match self.queries.admit(&key, from, now_ms()) {
                Ok(true) => {}
                Ok(false) => {
                    return reply(StatusCode::TOO_MANY_REQUESTS, "too many questions for fingerprints\n");
                }
                // What cannot be written down is not answered.
                Err(_) => {
                    return reply(StatusCode::SERVICE_UNAVAILABLE, "questions cannot be written down\n");
                }
            }
        }
        match proofs::of_state(&self.replica, &self.started.archive, &key).await {
            Ok(proof) => json(proof.to_json()),
            Err(missing) => reply(StatusCode::NOT_FOUND, &format!("{missing}\n")),
        }
    }
}

impl Service for Edge {
    async fn answer(&self, received: Received) -> Answer {
        let query = received.query.clone().unwrap_or_default();
        let path: Vec<&str> = received.path.split('/').filter(|part| !part.is_empty()).collect();
        match (&received.method, path.as_slice()) {
            (&Method::POST, ["transactions"]) => self.submit(&received.body),
            (&Method::GET, ["transactions", id]) => self.outcome(id, &query).await,
            (&Method::GET, ["executed"]) => self.executed(&query).await,
            (&Method::GET, ["proof", "event", index]) => self.proof_at(index).await,
            (&Method::GET, ["proof", id]) => self.proof(id, &query).await,
            (&Method::GET, ["state", key]) => self.state(key, received.from.ip()).await,
            (&Method::GET, []) if self.explorer => pages::moved(),
            (&Method::GET, ["explorer", rest @ ..]) if self.explorer => {
                self.page(rest, &query, &received).await
            }
            (&Method::GET, ["snapshot"]) => self.snapshot().await,
            (&Method::GET, ["checkpoint"]) => {
                typed("text/plain; charset=utf-8", tiles::checkpoint(&self.replica, &self.seed))
            }
            (&Method::GET, ["checkpoint", "key"]) => {
                typed("text/plain; charset=utf-8", tiles::note_key(self.replica.chain(), &self.key()))
            }
            (&Method::GET, ["tile", rest @ ..]) => {
                match tiles::Asked::parse(rest).and_then(|asked| asked.tile(&self.replica)) {
                    Some(tile) => binary(tile),
                    None => reply(StatusCode::NOT_FOUND, "no such tile"),
                }
            }
            (&Method::GET, ["validators"]) => {
                let epoch = number(&query, "epoch").unwrap_or_else(|| self.replica.epoch());
                reply(StatusCode::OK, &text::validators(&self.replica, epoch))
            }
            (&Method::GET, ["status"]) => reply(StatusCode::OK, &text::status(&self.replica, &self.key())),
            (&Method::GET, ["part", id]) => match hash(id).and_then(|id| text::part(&self.replica, &id)) {
                Some(part) => reply(StatusCode::OK, &part),
                None => reply(StatusCode::NOT_FOUND, "no such part\n"),
            },
            (&Method::GET, ["events"]) => self.events(&query).await,
            (&Method::GET, ["events", index]) => {
                match index.parse().ok().and_then(|index| self.replica.entry(index)) {
                    Some(entry) => reply(StatusCode::OK, &hex(&entry)),
                    None => reply(StatusCode::NOT_FOUND, "no such event\n"),
                }
            }
            (&Method::GET, ["metrics"]) => typed("text/plain; version=0.0.4", metrics::text(self)),
            _ => reply(StatusCode::NOT_FOUND, "no such path\n"),
        }
    }
}

/// Takes a body apart: each transaction after its length.
fn split(body: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut transactions, mut rest) = (Vec::new(), body);
    while !rest.is_empty() {
        let (length, after) = rest.split_at_checked(4)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let (transaction, after) = after.split_at_checked(length)?;
        transactions.push(transaction);
        rest = after;
    }
    (transactions.len() <= BATCH_MAX).then_some(transactions)
}

fn turned_away(refused: Refused) -> String {
    format!("- refused {}: {}\n", refused.name(), refused.text())
}

fn number(query: &str, name: &str) -> Option<u64> {
    text_of(query, name)?.parse().ok()
}

fn text_of<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn hash(text: &str) -> Option<Hash> {
    unhex(text)?.try_into().ok()
}

fn reply(status: StatusCode, text: &str) -> Answer {
    hop::plain(status, text.trim_end_matches('\n'))
}

fn json(text: String) -> Answer {
    typed("application/json", text)
}

fn binary(bytes: Vec<u8>) -> Answer {
    typed("application/octet-stream", bytes)
}

pub(super) fn typed(content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()).boxed_unsync());
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
