//! Signing in: what opens the console, what does not, and what a browser is made to remember. The API behind it is one
//! that knows two tokens.

use std::cell::Cell;

use hop::Service;
use http_body_util::BodyExt;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, LOCATION, ORIGIN, SET_COOKIE};
use hyper::{HeaderMap, Response};

use super::session::IDLE_MS;
use super::*;

thread_local! { static NOW_MS: Cell<u64> = const { Cell::new(1_000_000_000) }; }

/// Answers as the operator API does.
struct Known;

impl Service for Known {
    async fn answer(&self, received: Received) -> Answer {
        let name = match site::header(&received.headers, AUTHORIZATION) {
            "Bearer token-of-ana" => "ana",
            "Bearer token-of-ben" => "ben",
            _ => return plain(StatusCode::UNAUTHORIZED, "the operator's bearer token is missing or wrong"),
        };
        let body = match received.path.as_str() {
            "/operator/v1/person" => serde_json::json!({ "name": name }),
            _ => serde_json::json!({}),
        };
        Response::new(http_body_util::Full::new(body.to_string().into()).boxed_unsync())
    }
}

fn office() -> Office<Known> {
    Office { now_ms: || NOW_MS.get(), ..Office::new(Arc::new(Known), None) }
}

#[derive(Clone)]
struct Asked {
    method: Method,
    path: &'static str,
    host: &'static str,
    origin: Option<&'static str>,
    content_type: &'static str,
    cookie: Option<String>,
    body: &'static str,
}

fn look(path: &'static str, cookie: Option<&str>) -> Asked {
    Asked {
        method: Method::GET,
        path,
        host: "127.0.0.1:8090",
        origin: None,
        content_type: "",
        cookie: cookie.map(str::to_owned),
        body: "",
    }
}

fn post(path: &'static str, cookie: Option<&str>, body: &'static str) -> Asked {
    Asked {
        method: Method::POST,
        origin: Some("http://127.0.0.1:8090"),
        content_type: "application/x-www-form-urlencoded",
        body,
        ..look(path, cookie)
    }
}

struct Heard {
    status: u16,
    location: String,
    cookie: String,
    text: String,
}

async fn ask(office: &Office<Known>, asked: Asked) -> Heard {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_static(asked.host));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asked.content_type));
    if let Some(origin) = asked.origin {
        headers.insert(ORIGIN, HeaderValue::from_static(origin));
    }
    if let Some(cookie) = &asked.cookie {
        headers.insert(hyper::header::COOKIE, cookie.parse().expect("a header's value"));
    }
    let (path, query) =
        asked.path.split_once('?').map_or((asked.path, None), |(path, query)| (path, Some(query)));
    let answer = office
        .answer(Received {
            method: asked.method,
            target_uri: format!("http://{}{}", asked.host, asked.path),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            headers,
            body: asked.body.into(),
            from: ([127, 0, 0, 1], 1).into(),
        })
        .await;
    let of = |name| site::header(answer.headers(), name).to_owned();
    let (status, location, cookie) = (answer.status().as_u16(), of(LOCATION), of(SET_COOKIE));
    assert!(
        site::header(answer.headers(), "content-security-policy".parse().expect("a name")).contains("'none'")
    );
    let bytes = answer.into_body().collect().await.expect("a whole body").to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains("token-of-"), "a token is on a page");
    Heard { status, location, cookie, text }
}

async fn signed_in(office: &Office<Known>) -> String {
    let heard = ask(office, post(SIGN_IN, None, "token=token-of-ana")).await;
    assert_eq!((heard.status, heard.location.as_str()), (303, CASES));
    heard.cookie.split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn a_token_opens_it_and_the_cookie_is_kept_from_scripts_and_other_sites() {
    let office = office();
    let heard = ask(&office, post(SIGN_IN, None, "token=token-of-ana")).await;
    for part in ["; Path=/console", "; HttpOnly", "; SameSite=Strict", "; Max-Age=28800"] {
        assert!(heard.cookie.contains(part), "{}", heard.cookie);
    }
    assert!(!heard.cookie.contains("Secure"), "plain HTTP on this machine");
    let cookie = signed_in(&office).await;
    let heard = ask(&office, look(CASES, Some(&cookie))).await;
    assert_eq!(heard.status, 200);
    assert!(heard.text.contains("Signed in as <b>ana</b>"), "{}", heard.text);
    let other = ask(&office, look("/console/cases?lang=zh", Some(&cookie))).await;
    assert!(other.text.contains("lang=\"zh-CN\"") && other.cookie.starts_with("sojourn-language=zh;"));
    let proxied = Office { proxied: Some("console.example".into()), ..self::office() };
    let through = Asked {
        host: "console.example",
        origin: Some("https://console.example"),
        ..post(SIGN_IN, None, "token=token-of-ben")
    };
    assert!(ask(&proxied, through).await.cookie.contains("; Secure"));
}

#[tokio::test]
async fn nothing_else_opens_it() {
    let office = office();
    let cookie = signed_in(&office).await;
    let post_as = |origin| Asked { origin, ..post(SIGN_IN, None, "token=token-of-ana") };
    let cases: Vec<(&str, Asked, u16)> = vec![
        ("no session", look(CASES, None), 303),
        ("another session", look(CASES, Some("sojourn-console=00")), 303),
        ("wrong token", post(SIGN_IN, None, "token=token-of-eve"), 401),
        ("no token", post(SIGN_IN, None, ""), 401),
        ("token with a line break", post(SIGN_IN, None, "token=a%0Ab"), 401),
        ("form of another site", post_as(Some("https://evil.example")), 403),
        ("form of another port", post_as(Some("http://127.0.0.1:8089")), 403),
        ("form that hides its origin", post_as(Some("null")), 403),
        ("form without an origin", post_as(None), 403),
        (
            "form of another site, signed in",
            Asked {
                origin: Some("https://evil.example"),
                ..post("/console/control/stop", Some(&cookie), "subject=X")
            },
            403,
        ),
        ("JSON", Asked { content_type: "application/json", ..post(SIGN_IN, None, "{}") }, 400),
        ("a field twice", post(SIGN_IN, None, "token=a&token=b"), 400),
        ("not UTF-8", post(SIGN_IN, None, "token=%FF"), 400),
        ("another host", Asked { host: "evil.example", ..look(CASES, Some(&cookie)) }, 421),
        ("another method", Asked { method: Method::DELETE, ..look(CASES, Some(&cookie)) }, 405),
        ("no such page", look("/console/nothing", Some(&cookie)), 404),
        ("no such form", post("/console/nothing", Some(&cookie), ""), 404),
    ];
    for (name, asked, status) in cases {
        let heard = ask(&office, asked).await;
        assert_eq!(heard.status, status, "{name}: {}", heard.text);
        assert!(status != 303 || heard.location == SIGN_IN, "{name}");
        assert!(!heard.cookie.starts_with(COOKIE), "{name} opened it");
    }
}

#[tokio::test]
async fn sessions_end() {
    let office = office();
    let cookie = signed_in(&office).await;
    let heard = ask(&office, post("/console/sign-out", Some(&cookie), "")).await;
    assert!(heard.cookie.contains("Max-Age=0"));
    assert_eq!(ask(&office, look(CASES, Some(&cookie))).await.location, SIGN_IN, "signed out");
    let cookie = signed_in(&office).await;
    NOW_MS.set(NOW_MS.get() + IDLE_MS);
    assert_eq!(ask(&office, look(CASES, Some(&cookie))).await.location, SIGN_IN, "expired");
}

#[tokio::test]
async fn guessing_is_slow() {
    let office = office();
    for _ in 0..10 {
        assert_eq!(ask(&office, post(SIGN_IN, None, "token=token-of-eve")).await.status, 401);
    }
    assert_eq!(ask(&office, post(SIGN_IN, None, "token=token-of-ana")).await.status, 429);
    NOW_MS.set(NOW_MS.get() + 60_000);
    assert_eq!(ask(&office, post(SIGN_IN, None, "token=token-of-ana")).await.status, 303);
}
