//! What every page's server needs: who may ask from where, what a page may load, the language, answers. A page of
//! another site can neither read ours nor make the browser act on them.

use bytes::Bytes;
use console::Language;
use hop::{Answer, Received, plain};
use http_body_util::{BodyExt, Full};
use hyper::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, LOCATION, ORIGIN,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{HeaderMap, Response, StatusCode};

use crate::form::Form;

/// What a page may load: its own scripts, styles and pictures, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Remembers the language that was chosen.
const LANGUAGE: &str = "sojourn-language";

/// Puts the headers on an answer that keep a page to itself. The referrer stays within the site, because a browser that
/// may not tell it does not tell a form's origin either.
pub(crate) fn guarded(answer: Answer) -> Answer {
    kept_to_itself(answer, POLICY, "same-origin")
}

/// Puts the headers on an answer that keep a page to itself: what it may load (Content Security Policy level 3), and
/// whom it tells where a visitor came from (Referrer Policy). What says nothing of caches is not kept in one.
pub fn kept_to_itself(mut answer: Answer, policy: &'static str, referrer: &'static str) -> Answer {
    let headers = answer.headers_mut();
    for (name, value) in [
        ("content-security-policy", policy),
        ("referrer-policy", referrer),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Whether the request names this machine, or the host that a proxy in front of it is reached by. A page elsewhere that
/// resolves to this machine names itself.
pub fn is_ours(headers: &HeaderMap, proxied: Option<&str>) -> bool {
    let host = header(headers, HOST);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") || proxied.is_some_and(|proxied| proxied == host)
}

/// Whether a form was sent by a page of ours: every browser says where a form comes from.
pub(crate) fn is_own_form(headers: &HeaderMap) -> bool {
    let host = header(headers, HOST);
    let origin = header(headers, ORIGIN).split_once("://").map(|(_, from)| from);
    !host.is_empty() && origin == Some(host)
}

/// A header field's text; empty where there is none.
pub fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The value of a name in the query, if it needs no decoding.
pub fn query<'a>(received: &'a Received, name: &str) -> Option<&'a str> {
    let mut pairs = received.query.as_deref()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The value of a name in the query, decoded as a form's is.
pub(crate) fn decoded_query(received: &Received, name: &str) -> Option<String> {
    let form = Form::parse(received.query.as_deref()?).ok()?;
    Some(form.text(name).to_owned()).filter(|value| !value.is_empty())
}

/// The language asked for by name, else the one chosen before, else the one the browser prefers.
pub(crate) fn language(received: &Received) -> Language {
    let chosen = query(received, "lang").or_else(|| cookie(&received.headers, LANGUAGE));
    language_named(&received.headers, chosen)
}

/// The language of a name, else the one the browser prefers.
pub fn language_named(headers: &HeaderMap, name: Option<&str>) -> Language {
    let first = header(headers, ACCEPT_LANGUAGE).split([',', ';']).next().unwrap_or_default();
    let chinese = name.map_or(first.trim().to_ascii_lowercase().starts_with("zh"), |name| name == "zh");
    if chinese { Language::Chinese } else { Language::English }
}

/// Remembers the language if it was asked for by name.
pub(crate) fn remember_language(answer: &mut Answer, received: &Received) {
    if query(received, "lang").is_some() {
        let short = language(received).short();
        put_cookie(answer, &format!("{LANGUAGE}={short}; Path=/; SameSite=Strict; Max-Age=31536000"));
    }
}

pub(crate) fn put_cookie(answer: &mut Answer, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(SET_COOKIE, value);
    }
}

/// An answer of this media type.
pub fn typed(status: StatusCode, content_type: &'static str, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)).boxed_unsync());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// A page.
pub fn html(status: StatusCode, page: String) -> Answer {
    typed(status, "text/html; charset=utf-8", page)
}

/// Sends the browser to another page of ours, which it gets.
pub fn moved(to: &str) -> Answer {
    let mut answer = plain(StatusCode::SEE_OTHER, to);
    if let Ok(value) = HeaderValue::from_str(to) {
        answer.headers_mut().insert(LOCATION, value);
    }
    answer
}

/// A style sheet or script of the pages.
pub(crate) fn asset(path: &str) -> Option<Answer> {
    let (_, content_type, text) = console::assets().find(|(name, ..)| *name == path)?;
    Some(typed(StatusCode::OK, content_type, text.to_owned()))
}

/// A text as one part of a path or value of a query (RFC 3986 section 2.3).
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
