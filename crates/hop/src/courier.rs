//! Calls a peer: signs the request, bounds the wait and the answer, and believes nothing that is not signed back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Method, Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use ring::rand::{SecureRandom, SystemRandom};
use wire::signature::{
    Freshness, Header, Headers, Identity, Moment, NoSigningKey, Nonce, OutgoingRequest, Refused, Responder,
    ResponseParts, Scheme, verify_response,
};
use wire::{ClientId, KeyVersion, PublicKey};

use crate::clock::now_ms;
use crate::tap::{self, Half, Tap};
use crate::tls;

/// The longest answer that is read; every body of the contract is far shorter.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Idle connections kept to one peer.
const IDLE_CONNECTIONS_MAX: usize = 256;
/// How long an idle connection is kept: less than our servers keep theirs.
const IDLE: Duration = Duration::from_secs(20);
/// Time to reach a peer at all.
const CONNECT: Duration = Duration::from_secs(3);

/// Finds a live public key of a peer.
pub type FindKey = Arc<dyn Fn(Scheme, KeyVersion) -> Option<PublicKey> + Send + Sync>;

/// Whom to call.
#[derive(Clone)]
pub struct Peer {
    /// The name it signs as.
    pub client_id: ClientId,
    /// Where it is, without a slash at the end.
    pub base_url: Arc<str>,
    /// How requests to it are signed, and so its answers.
    pub scheme: Scheme,
    /// Its keys.
    pub find_key: FindKey,
}

/// What to ask.
pub struct Call<'a> {
    /// Path and query.
    pub path: &'a str,
    /// The request id, if the call has one.
    pub idempotency_key: Option<&'a str>,
    /// How long we wait; told to the peer, which must answer sooner.
    pub deadline_ms: u32,
    /// JSON.
    pub body: Vec<u8>,
}

/// Why there is no answer that can be believed. What the peer did is unknown in every case but `NotSent`.
#[derive(Debug)]
pub enum CallFailed {
    /// Nothing was sent: the peer could not be reached, or the call could not be made.
    NotSent(String),
    /// No whole answer in time.
    TimedOut,
    /// The connection broke, or the answer was no HTTP.
    Broken(String),
    /// The answer is longer than [`ANSWER_BYTES_MAX`] or broke off.
    Unreadable(String),
    /// The answer is not signed as it must be.
    NotBelieved(Refused),
    /// Signed, but not 200: the peer refused the call as such.
    Status(u16),
}

impl std::fmt::Display for CallFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallFailed::NotSent(why) => write!(f, "not sent: {why}"),
            CallFailed::TimedOut => f.write_str("no answer in time"),
            CallFailed::Broken(why) => write!(f, "the connection broke: {why}"),
            CallFailed::Unreadable(why) => write!(f, "the answer could not be read: {why}"),
            CallFailed::NotBelieved(refused) => {
                write!(f, "the answer is not signed as it must be: {refused}")
            }
            CallFailed::Status(status) => write!(f, "answered with HTTP status {status}"),
        }
    }
}

impl std::error::Error for CallFailed {}

impl CallFailed {
    /// No whole answer arrived, believed or not.
    fn left_no_answer(&self) -> bool {
        match self {
            CallFailed::NotSent(_) | CallFailed::TimedOut => true,
            CallFailed::Broken(_) | CallFailed::Unreadable(_) => true,
            CallFailed::NotBelieved(_) | CallFailed::Status(_) => false,
        }
    }
}

/// A client that speaks HTTP/1.1, with or without TLS. Cheap to clone.
pub type Http = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client without an identity, for calls that bear another proof of who asks. Peers' certificates are checked against
/// the system's authorities.
pub fn client() -> Http {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    let https = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls::client_config())
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
        .build(https)
}

/// Makes signed calls under one identity. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    http: Http,
    identity: Arc<Identity>,
    random: SystemRandom,
    tap: Option<Tap>,
}

impl Courier {
    /// A courier that signs as `identity`. Peers' certificates are checked against the system's authorities.
    pub fn new(identity: Arc<Identity>) -> Courier {
        let http = client();
        Courier { http, identity, random: SystemRandom::new(), tap: None }
    }

    /// The same courier, overheard by a tap if there is one.
    #[must_use]
    pub fn with_tap(self, tap: Option<Tap>) -> Courier {
        Courier { tap, ..self }
    }

    /// Who signs.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// Calls a peer and returns the body of its believed answer.
    pub async fn call(&self, peer: &Peer, call: Call<'_>) -> Result<Bytes, CallFailed> {
        match self.ask(peer, Method::POST, call).await? {
            (200, body) => Ok(body),
            (status, _) => Err(CallFailed::Status(status)),
        }
    }

    /// Asks a peer in any method and returns the status and body of its believed answer, whatever the status.
    pub async fn ask(&self, peer: &Peer, method: Method, call: Call<'_>) -> Result<(u16, Bytes), CallFailed> {
        let deadline = Duration::from_millis(u64::from(call.deadline_ms));
        let hop = tap::next_hop();
        let answer = match tokio::time::timeout(deadline, self.exchange(hop, peer, method, call)).await {
            Ok(answer) => answer,
            Err(_) => Err(CallFailed::TimedOut),
        };
        if let (Some(tap), Err(failed)) = (&self.tap, &answer)
            && failed.left_no_answer()
        {
            tap::tell(tap, hop, Half::NoAnswer { why: failed.to_string() });
        }
        answer
    }

    async fn exchange(
        &self,
        hop: u64,
        peer: &Peer,
        method: Method,
        call: Call<'_>,
    ) -> Result<(u16, Bytes), CallFailed> {
        let target_uri = format!("{}{}", peer.base_url, call.path);
        let uri: Uri =
            target_uri.parse().map_err(|_| CallFailed::NotSent(format!("{target_uri} is no URI")))?;
        let outgoing = OutgoingRequest {
            method: method.as_str(),
            target_uri: &target_uri,
            idempotency_key: call.idempotency_key,
            deadline_ms: Some(call.deadline_ms),
            body: &call.body,
        };
        let signed = self.identity.sign_request(peer.scheme, &outgoing, now_ms(), &self.nonce()?).map_err(
            |NoSigningKey(scheme)| CallFailed::NotSent(format!("no key of ours signs {scheme:?}")),
        )?;
        let mut request = Request::builder().method(method.clone()).uri(uri);
        for (name, value) in &signed.headers {
            request = request.header(*name, value);
        }
        let body = Bytes::from(call.body);
        let request =
            request.body(Full::new(body.clone())).map_err(|error| CallFailed::NotSent(error.to_string()))?;
        if let Some(tap) = &self.tap {
            let (method, headers) = (request.method().to_string(), tap::fields(request.headers()));
            let peer = Some(peer.client_id.as_str().to_owned());
            tap::tell(
                tap,
                hop,
                Half::Request { peer, method, target_uri: target_uri.clone(), headers, body },
            );
        }
        let response = self.http.request(request).await.map_err(|error| match error.is_connect() {
            true => CallFailed::NotSent(describe(&error)),
            false => CallFailed::Broken(describe(&error)),
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| CallFailed::Unreadable(error.to_string()))?.to_bytes();
        if let Some(tap) = &self.tap {
            let headers = tap::fields(&head.headers);
            tap::tell(tap, hop, Half::Answer { status: head.status.as_u16(), headers, body: body.clone() });
        }
        let headers = Fields(&head.headers);
        let parts = ResponseParts { status: head.status.as_u16(), headers: &headers, body: &body };
        let responder = Responder { client_id: &peer.client_id, find_key: &*peer.find_key };
        let moment = Moment { now_ms: now_ms(), freshness: Freshness::default() };
        verify_response(&signed.exchange, &parts, responder, moment).map_err(CallFailed::NotBelieved)?;
        Ok((head.status.as_u16(), body))
    }

    fn nonce(&self) -> Result<Nonce, CallFailed> {
        let mut bytes = [0; 16];
        let filled = self.random.fill(&mut bytes);
        filled.map_err(|_| CallFailed::NotSent("the system gave no random bytes".into()))?;
        Ok(Nonce::new(bytes))
    }
}

/// An error with its causes: hyper's own words say little.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Header fields as the signature schemes read them.
pub(crate) struct Fields<'a>(pub(crate) &'a HeaderMap<HeaderValue>);

impl Headers for Fields<'_> {
    fn find(&self, name: &str) -> Header<'_> {
        let mut values = self.0.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Header::Absent,
            (Some(value), None) => Header::read(value.as_bytes()),
            (Some(_), Some(_)) => Header::Repeated,
        }
    }
}
