//! What a link counts, as Prometheus reads it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use hop::{Answer, Received, Service, Serving};
use hyper::StatusCode;
use tokio::net::TcpListener;

/// Counted since the link started.
#[derive(Default)]
pub(super) struct Counts {
    /// Events read and agreed to by a final header.
    pub(super) read: AtomicU64,
    /// Words that the network has heard.
    pub(super) told: AtomicU64,
    /// Words that it refused.
    pub(super) refused: AtomicU64,
    /// Transactions handed in.
    pub(super) asked: AtomicU64,
    /// Rounds that ended in trouble.
    pub(super) troubles: AtomicU64,
    /// Deliveries open at the last look.
    pub(super) open: AtomicU64,
    /// When a round last ended well, in seconds since 1970.
    pub(super) well_at: AtomicU64,
}

/// Adds one.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

struct Page(Arc<Counts>);

pub(super) async fn serve(address: SocketAddr, counts: Arc<Counts>) -> anyhow::Result<Serving> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("listening for metrics on {address}"))?;
    hop::serve(listener, None, Arc::new(Page(counts))).context("serving metrics")
}

impl Service for Page {
    async fn answer(&self, received: Received) -> Answer {
        match received.path.as_str() {
            "/metrics" => hop::plain(StatusCode::OK, &self.0.text()),
            _ => hop::plain(StatusCode::NOT_FOUND, "no such path"),
        }
    }
}

impl Counts {
    fn text(&self) -> String {
        let mut text = String::new();
        for (name, kind, counter) in [
            ("events_read", "gauge", &self.read),
            ("told_total", "counter", &self.told),
            ("refused_total", "counter", &self.refused),
            ("asked_total", "counter", &self.asked),
            ("troubles_total", "counter", &self.troubles),
            ("deliveries_open", "gauge", &self.open),
            ("well_at_seconds", "gauge", &self.well_at),
        ] {
            let value = counter.load(Ordering::Relaxed);
            text.push_str(&format!("# TYPE sojourn_link_{name} {kind}\nsojourn_link_{name} {value}\n"));
        }
        text
    }
}
