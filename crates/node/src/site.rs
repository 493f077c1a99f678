//! Everything one network serves on one socket: the API, the contract's document, the status page. Composes, and
//! decides nothing.

use std::sync::Arc;

use api::Api;
use console::{STYLE, STYLE_PATH, Status, status};
use hop::{Answer, Received, Service, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{HeaderMap, Method, Response, StatusCode};
use runtime::Gate;

/// What is served where members connect.
pub(crate) struct Site {
    api: Arc<Api>,
    gate: Gate,
    /// Positions are members' business: the page is shown only where the operator wants it.
    status_page: bool,
}

impl Site {
    pub(crate) fn new(api: Arc<Api>, gate: Gate, status_page: bool) -> Site {
        Site { api, gate, status_page }
    }

    async fn status(&self) -> Answer {
        match self.gate.ask(Status::of).await {
            Ok(seen) => page(status(&seen)),
            Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
        }
    }
}

impl Service for Site {
    fn body_bytes_max(&self, path: &str, headers: &HeaderMap) -> usize {
        self.api.body_bytes_max(path, headers)
    }

    async fn answer(&self, received: Received) -> Answer {
        match (&received.method, received.path.as_str()) {
            (&Method::GET, "/health") => match self.gate.ask(|engine| engine.commit()).await {
                Ok(facts) => plain(StatusCode::OK, &format!("up; {facts} facts")),
                Err(busy) => plain(StatusCode::SERVICE_UNAVAILABLE, &busy.to_string()),
            },
            (&Method::GET, "/openapi.json") => {
                typed("application/json", wire::openapi::document().to_string())
            }
            (&Method::GET, "/") if self.status_page => self.status().await,
            (&Method::GET, STYLE_PATH) if self.status_page => {
                typed("text/css; charset=utf-8", STYLE.to_owned())
            }
            _ => self.api.answer(received).await,
        }
    }
}

fn typed(content_type: &'static str, text: String) -> Answer {
    let mut answer = Response::new(Full::new(bytes::Bytes::from(text)).boxed_unsync());
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// A page, with headers that let it load nothing but our own style sheet and be framed by nobody.
fn page(text: String) -> Answer {
    let mut answer = typed("text/html; charset=utf-8", text);
    let policy =
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    let headers = answer.headers_mut();
    headers.insert(HeaderName::from_static("content-security-policy"), HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
