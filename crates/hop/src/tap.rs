//! Overhearing signed hops: every message as it goes over the wire, for those who want to look. Changes nothing, and
//! never sees a request that carries no signature: bearer tokens stay unseen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::HeaderMap;
use hyper::header::HeaderValue;

use crate::clock::now_ms;
use crate::serve::{Answer, Received, Service};

/// One half of a hop.
#[derive(Clone, Debug)]
pub struct Overheard {
    /// The same for a request and its answer.
    pub hop: u64,
    /// When, unix milliseconds.
    pub at_ms: u64,
    /// Which half.
    pub half: Half,
}

/// A request, or what came of it.
#[derive(Clone, Debug)]
pub enum Half {
    /// A request.
    Request {
        /// Whom we ask; nothing when we are asked.
        peer: Option<String>,
        /// The method.
        method: String,
        /// The absolute URI.
        target_uri: String,
        /// Header fields, in order.
        headers: Vec<(String, String)>,
        /// The body.
        body: Bytes,
    },
    /// An answer.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Header fields, in order.
        headers: Vec<(String, String)>,
        /// The body.
        body: Bytes,
    },
    /// No whole answer.
    NoAnswer {
        /// Why.
        why: String,
    },
}

/// Called with every message. Must not block.
pub type Tap = Arc<dyn Fn(Overheard) + Send + Sync>;

static HOPS: AtomicU64 = AtomicU64::new(1);

/// A number for a hop that begins.
pub(crate) fn next_hop() -> u64 {
    HOPS.fetch_add(1, Ordering::Relaxed)
}

/// Tells a tap of a half that was just seen.
pub(crate) fn tell(tap: &Tap, hop: u64, half: Half) {
    tap(Overheard { hop, at_ms: now_ms(), half });
}

/// Header fields as text; what is no text is shown as such.
pub(crate) fn fields(headers: &HeaderMap<HeaderValue>) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// A service whose signed requests and answers a tap sees.
pub struct Tapped<S> {
    service: Arc<S>,
    tap: Option<Tap>,
}

impl<S: Service> Tapped<S> {
    /// The same service, overheard if there is a tap.
    pub fn new(service: Arc<S>, tap: Option<Tap>) -> Tapped<S> {
        Tapped { service, tap }
    }
}

impl<S: Service> Service for Tapped<S> {
    fn body_bytes_max(&self, path: &str, headers: &HeaderMap<HeaderValue>) -> usize {
        self.service.body_bytes_max(path, headers)
    }

    async fn answer(&self, received: Received) -> Answer {
        let signed = received.headers.contains_key("signature");
        let Some(tap) = self.tap.as_ref().filter(|_| signed) else {
            return self.service.answer(received).await;
        };
        let hop = next_hop();
        let request = Half::Request {
            peer: None,
            method: received.method.to_string(),
            target_uri: received.target_uri.clone(),
            headers: fields(&received.headers),
            body: received.body.clone(),
        };
        tell(tap, hop, request);
        let (head, body) = self.service.answer(received).await.into_parts();
        let body = body.collect().await.unwrap_or_else(|never| match never {}).to_bytes();
        let answer =
            Half::Answer { status: head.status.as_u16(), headers: fields(&head.headers), body: body.clone() };
        tell(tap, hop, answer);
        Answer::from_parts(head, Full::new(body).boxed_unsync())
    }
}
