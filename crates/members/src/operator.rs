//! The operator's side of the network, as its tools call it: JSON with a bearer token.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// The longest answer that is read: the list of all members with their keys.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// Calls the operator's API.
#[derive(Clone)]
pub struct Operator {
    http: Client<HttpConnector, Full<Bytes>>,
    base_url: String,
    token: String,
}

/// Why something the operator asked was not done.
#[derive(Debug)]
pub struct OperatorFailed(String);

impl std::fmt::Display for OperatorFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OperatorFailed {}

impl Operator {
    /// An operator of the network at this base URL (plain HTTP, on this machine).
    pub fn new(base_url: &str, token: &str) -> Operator {
        let http = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Operator { http, base_url: base_url.to_owned(), token: token.to_owned() }
    }

    /// Looks something up: `members`, `merchants`, `positions`, `corridors`.
    pub async fn look(&self, path: &str) -> Result<Value, OperatorFailed> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// Changes something.
    pub async fn change(&self, path: &str, body: &Value) -> Result<(), OperatorFailed> {
        let answer = self.call(Method::POST, path, Bytes::from(body.to_string())).await?;
        match answer["result"]["resultStatus"].as_str() {
            Some("S") => Ok(()),
            _ => Err(OperatorFailed(format!("{path}: {}", answer["result"]["resultMessage"]))),
        }
    }

    /// Posts to an endpoint that says by its status whether it was done, and returns its answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, OperatorFailed> {
        match self.exchange(Method::POST, path, Bytes::from(body.to_string())).await? {
            (200, answer) => Ok(answer),
            (status, answer) => Err(OperatorFailed(format!("{path}: {status} {}", answer["detail"]))),
        }
    }

    /// Proposes a change to risk control; the number by which another person confirms it.
    pub async fn propose(&self, change: &Value) -> Result<String, OperatorFailed> {
        let answer = self.call(Method::POST, "risk/changes", Bytes::from(change.to_string())).await?;
        let number = answer["proposalNumber"].as_str().map(str::to_owned);
        number.ok_or_else(|| OperatorFailed(format!("risk/changes: {}", answer["result"]["resultMessage"])))
    }

    async fn call(&self, method: Method, path: &str, body: Bytes) -> Result<Value, OperatorFailed> {
        self.exchange(method, path, body).await.map(|(_, answer)| answer)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<(u16, Value), OperatorFailed> {
        let failed = |error: &dyn std::fmt::Display| OperatorFailed(format!("{path}: {error}"));
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/operator/v1/{path}", self.base_url))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| failed(&error))?;
        let response = self.http.request(request).await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let bytes = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let bytes = bytes.map_err(|error| failed(&error))?.to_bytes();
        let answer = serde_json::from_slice(&bytes);
        let answer = answer.map_err(|_| failed(&String::from_utf8_lossy(&bytes).trim()))?;
        Ok((status, answer))
    }
}
