//! How the console asks the operator API: as any tool does, with the person's bearer token, but without leaving the
//! process.

use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use hop::{Received, Service};
use http_body_util::BodyExt;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use serde_json::Value;

/// An answer of the API.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Told {
    /// Why it was refused: code, sentence, remedy. None if it was done.
    pub(super) fn refusal(&self) -> Option<(String, String, String)> {
        if self.status == StatusCode::OK {
            return None;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let result = &self.body["result"];
        let (code, sentence) = match (&self.body, result.is_object()) {
            (_, true) => (text(&result["resultCode"]), text(&result["resultMessage"])),
            (Value::String(plain), _) => (self.status.as_u16().to_string(), plain.trim().to_owned()),
            _ => (text(&self.body["code"]), text(&self.body["detail"])),
        };
        Some((code, sentence, text(&self.body["remedy"])))
    }
}

/// Asks: looks where there is no body, changes where there is one.
pub(super) async fn ask(inside: &impl Service, token: &str, path: &str, body: Option<&Value>) -> Told {
    let mut headers = HeaderMap::new();
    let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {token}")) else {
        return Told { status: StatusCode::UNAUTHORIZED, body: Value::Null };
    };
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let path = format!("/operator/v1/{path}");
    let received = Received {
        method: if body.is_some() { Method::POST } else { Method::GET },
        target_uri: format!("http://127.0.0.1{path}"),
        path,
        query: query.map(str::to_owned),
        headers,
        body: body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string())),
        from: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    let answer = inside.answer(received).await;
    let status = answer.status();
    // The body of an answer cannot fail.
    let bytes = answer.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let plain = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
    Told { status, body: serde_json::from_slice(&bytes).unwrap_or_else(|_| plain()) }
}
