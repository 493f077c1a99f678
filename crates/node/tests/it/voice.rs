//! A member's voice without a member's manners: signs any bytes in either scheme, spoils the message on its way if it is
//! told to, and checks that what comes back is signed.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use members::Network;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;
use wire::signature::{
    Freshness, Identity, Moment, Nonce, OutgoingRequest, Responder, ResponseParts, Scheme, SignedHeaders,
    verify_response,
};

pub(crate) const SCHEMES: [Scheme; 2] = [Scheme::Alipay, Scheme::Rfc9421];

/// What came back.
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Heard {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends any request at all.
pub(crate) async fn send(
    method: Method,
    url: &str,
    headers: &[(impl AsRef<str>, impl AsRef<str>)],
    body: &[u8],
) -> Heard {
    let http: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(name.as_ref(), value.as_ref());
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body))).expect("a request");
    let response = http.request(request).await.expect("the network answers");
    let (head, body) = response.into_parts();
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    Heard { status: head.status, headers, body: body.collect().await.expect("a whole answer").to_bytes() }
}

/// Who speaks, in which scheme.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) identity: Arc<Identity>,
    pub(crate) scheme: Scheme,
    pub(crate) network: Network,
}

/// How a signed message is spoilt.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spoilt<'a> {
    /// Signed so long ago.
    pub(crate) age_ms: u64,
    /// Signed so far ahead.
    pub(crate) ahead_ms: u64,
    /// These header fields are taken out.
    pub(crate) without: &'a [&'a str],
    /// This field is set to something else.
    pub(crate) with: Option<(&'static str, &'a str)>,
    /// Another body is sent than was signed.
    pub(crate) body: Option<&'a [u8]>,
}

impl Voice {
    /// Asks as a member should and returns the code of the result; the answer is signed, or the test fails.
    pub(crate) async fn code(&self, path: &str, body: &[u8]) -> String {
        self.spoilt(path, body, Spoilt::default()).await
    }

    /// The same, and returns the whole answer.
    pub(crate) async fn answer(&self, path: &str, body: &Value) -> Value {
        let answer = self.heard(path, body.to_string().as_bytes(), Spoilt::default()).await;
        answer.expect("an answer of status 200")
    }

    /// The same with a message that is spoilt after it was signed: the code of the result, or the status.
    pub(crate) async fn spoilt(&self, path: &str, body: &[u8], spoilt: Spoilt<'_>) -> String {
        match self.heard(path, body, spoilt).await {
            Ok(answer) => answer["result"]["resultCode"].as_str().expect("a result code").to_owned(),
            Err(status) => status,
        }
    }

    async fn heard(&self, path: &str, body: &[u8], spoilt: Spoilt<'_>) -> Result<Value, String> {
        let (signed, url) = self.sign(path, body, spoilt);
        let heard = send(Method::POST, &url, &signed.headers, spoilt.body.unwrap_or(body)).await;
        if heard.status != StatusCode::OK {
            return Err(heard.status.as_u16().to_string());
        }
        let parts =
            ResponseParts { status: heard.status.as_u16(), headers: &heard.headers, body: &heard.body };
        let find = |scheme, version| self.network.key(scheme, version);
        let responder = Responder { client_id: &self.network.client_id, find_key: &find };
        let moment = Moment { now_ms: hop::now_ms(), freshness: Freshness::default() };
        let believed = verify_response(&signed.exchange, &parts, responder, moment);
        believed.unwrap_or_else(|refused| panic!("{}: {refused}", heard.text()));
        let answer: Value = serde_json::from_slice(&heard.body).expect("JSON");
        let result = &answer["result"];
        let code = result["resultCode"].as_str().expect("a result code");
        assert!(result["resultMessage"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
        assert_eq!(result["resultStatus"] == "S", code == "SUCCESS", "{answer}");
        Ok(answer)
    }

    pub(crate) fn sign(
        &self,
        path: &str,
        body: &[u8],
        spoilt: Spoilt<'_>,
    ) -> (wire::signature::Signed, String) {
        let url = format!("{}/{path}", self.network.base_url);
        let outgoing = OutgoingRequest {
            method: "POST",
            target_uri: &url,
            idempotency_key: None,
            deadline_ms: Some(8_000),
            body,
        };
        let mut bytes = [0; 16];
        SystemRandom::new().fill(&mut bytes).expect("random bytes");
        let now_ms = hop::now_ms() + spoilt.ahead_ms - spoilt.age_ms;
        let signed = self.identity.sign_request(self.scheme, &outgoing, now_ms, &Nonce::new(bytes));
        let mut signed = signed.expect("a key of each kind");
        spoil(&mut signed.headers, spoilt);
        (signed, url)
    }
}

fn spoil(headers: &mut SignedHeaders, spoilt: Spoilt<'_>) {
    headers.retain(|(name, _)| !spoilt.without.contains(name));
    if let Some((name, value)) = spoilt.with {
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value.to_owned()));
    }
}
