//! Pages as HTTP answers: what they may load, and nothing else. Knows no page.

use bytes::Bytes;
use hop::Answer;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderName, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};

use super::edge::typed;
use crate::explorer::Shown;

/// Style and script from this node alone, nothing inline, no frame around.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
const HTML: &str = "text/html; charset=utf-8";

/// A page, an asset of pages, or a file to be kept.
pub(super) fn answer(shown: Shown) -> Answer {
    let mut answer = match shown {
        Shown::Page(page) => typed(HTML, page),
        Shown::Asset(content_type, text) => typed(content_type, text),
        Shown::File(name, text) => {
            let mut file = typed(HTML, text);
            if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
                file.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            file
        }
        Shown::Missing(page) => {
            let mut answer = typed(HTML, page);
            *answer.status_mut() = StatusCode::NOT_FOUND;
            answer
        }
    };
    let headers = answer.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// From the root to the explorer.
pub(super) fn moved() -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()).boxed_unsync());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    answer.headers_mut().insert(LOCATION, HeaderValue::from_static("/explorer"));
    answer
}
