//! The payment network's link API (`/operator/v1/deliveries`), as the link calls it. Knows what the network answers, not
//! why.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode};
use money::Currency;
use receivables::Hash;
use receivables::codec::{hex, unhex};
use receivables::link::{Awaits, Open, Sales, What};
use receivables::transaction::Payer;
use serde_json::{Value, json};
use wire::body::certificate::PayerKind;
use wire::body::operator::deliveries::{DeliveriesAnswer, DeliveryAwaits, DeliveryKind, DeliveryView};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer: a hundred thousand open deliveries.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// The network, with the link's token.
pub(super) struct Network {
    http: hop::Http,
    base: String,
    token: String,
}

/// What the network said to what it was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is so, or was so already.
    Yes,
    /// It changes nothing, and why.
    Refused(String),
}

impl Network {
    pub(super) fn new(base: &str, token: &str) -> Network {
        Network { http: hop::client(), base: base.trim_end_matches('/').to_owned(), token: token.to_owned() }
    }

    /// Deliveries that are not over, and how many of those listed cannot be understood.
    pub(super) async fn open(&self) -> anyhow::Result<(Vec<Open>, usize)> {
        let (status, bytes) = self.call(Method::GET, "deliveries", Bytes::new()).await?;
        if status != StatusCode::OK {
            bail!("{}: {status} {}", self.base, said(&bytes));
        }
        let answer: DeliveriesAnswer =
            wire::body::parse(&bytes).map_err(|malformed| anyhow!("{}: {malformed}", self.base))?;
        let views: Vec<&DeliveryView> = answer.deliveries.iter().flat_map(|list| list.iter()).collect();
        let known: Vec<Open> = views.iter().filter_map(|view| open(view)).collect();
        let strange = views.len() - known.len();
        Ok((known, strange))
    }

    /// A part waits for its price.
    pub(super) async fn lock(&self, proof: &str) -> anyhow::Result<Heard> {
        self.tell("deliveries/locks", &json!({ "proof": proof })).await
    }

    /// The chain's final word on a delivery. With a key, the proofs show that its time is over and nothing came.
    pub(super) async fn word(&self, proofs: &[String], key: Option<&Hash>) -> anyhow::Result<Heard> {
        let mut body = json!({ "proofs": proofs });
        if let Some(key) = key {
            body["key"] = json!(hex(key));
        }
        self.tell("deliveries/words", &body).await
    }

    async fn tell(&self, path: &str, body: &Value) -> anyhow::Result<Heard> {
        let (status, bytes) = self.call(Method::POST, path, Bytes::from(body.to_string())).await?;
        match status {
            StatusCode::OK => Ok(Heard::Yes),
            // What is wrong with the token or the network passes; what it says of the words themselves does not.
            StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::CONFLICT
            | StatusCode::UNPROCESSABLE_ENTITY => Ok(Heard::Refused(said(&bytes))),
            _ => bail!("{} {path}: {status} {}", self.base, said(&bytes)),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<(StatusCode, Bytes)> {
        let uri = format!("{}/operator/v1/{path}", self.base);
        let request = Request::builder()
            .method(method)
            .uri(&uri)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let answered = async {
            let answer = self.http.request(request).await?;
            let status = answer.status();
            let bytes = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
            let bytes = bytes.map_err(|error| anyhow!("{error}"))?.to_bytes();
            anyhow::Ok((status, bytes))
        };
        let answered = tokio::time::timeout(PATIENCE, answered).await;
        answered.map_err(|_| anyhow!("{uri} does not answer"))?.with_context(|| format!("asking {uri}"))
    }
}

/// The sentence in an answer, or its text.
fn said(bytes: &[u8]) -> String {
    let answer: Option<Value> = serde_json::from_slice(bytes).ok();
    let sentence = answer.and_then(|answer| answer["result"]["resultMessage"].as_str().map(str::to_owned));
    sentence.unwrap_or_else(|| String::from_utf8_lossy(bytes).trim().chars().take(200).collect())
}

/// A delivery as the network lists it; nothing if something in it is missing.
fn open(view: &DeliveryView) -> Option<Open> {
    let hash = |text: &str| unhex(text).and_then(|bytes| Hash::try_from(bytes).ok());
    let subject = || hash(view.subject.as_ref()?.as_str());
    let what = match view.kind {
        DeliveryKind::Sale => What::Sale { part: subject()? },
        DeliveryKind::Redemption => {
            let interest = view.interest.map_or(0, |interest| interest.units());
            let payer = match view.payer? {
                PayerKind::Buyer => Payer::Buyer(()),
                PayerKind::Guarantor => Payer::Guarantor(()),
                PayerKind::Recourse => Payer::Recourse(hash(view.part.as_ref()?.as_str())?),
            };
            let principal = view.amount.units().checked_sub(interest)?;
            What::Redemption { certificate: subject()?, payer, principal, interest }
        }
        DeliveryKind::Advance => What::Advance,
        DeliveryKind::Unit => {
            let ids = view.advances.iter().flat_map(|list| list.iter());
            What::Unit(Sales {
                advances: ids.filter_map(|id| hash(id.as_str())).collect(),
                currency: Currency::parse(view.currency.as_str()).ok()?,
                net: view.net_sales?.units(),
            })
        }
    };
    let awaits = view.awaits.map(|awaits| match awaits {
        DeliveryAwaits::Proof => Awaits::Proof,
        DeliveryAwaits::End => Awaits::End,
    });
    Some(Open {
        number: view.number.number(),
        key: hash(view.key.as_str())?,
        reference: hash(view.reference.as_str())?,
        what,
        awaits,
        until_ms: view.until.map(|until| until.0),
    })
}
