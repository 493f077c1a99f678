//! The operator's console of a running network: what opens it, what does not, that a restart signs everybody out, and
//! that no token gets into a page or the log.

use hyper::Method;

use crate::town::{Town, free_port, token};
use crate::voice::{Heard, send};

const FORM: &str = "application/x-www-form-urlencoded";

/// A console's address, and what a browser sends there.
struct Browser {
    origin: String,
}

impl Browser {
    async fn look(&self, path: &str, cookie: &str) -> Heard {
        send(Method::GET, &format!("{}{path}", self.origin), &[("cookie", cookie)], b"").await
    }

    async fn post(&self, path: &str, origin: &str, content_type: &str, body: &str) -> Heard {
        let headers = [("origin", origin), ("content-type", content_type)];
        send(Method::POST, &format!("{}{path}", self.origin), &headers, body.as_bytes()).await
    }
}

fn header<'a>(heard: &'a Heard, name: &str) -> &'a str {
    heard.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_opens_the_console_and_nothing_else_does() {
    let mut town = Town::found("console").await;
    let port = free_port();
    let config = town.directory.join("sojourn.toml");
    let settings = std::fs::read_to_string(&config).expect("init wrote a configuration");
    let settings = format!("{settings}\n[console]\nhttp = \"127.0.0.1:{port}\"\n");
    std::fs::write(&config, settings).expect("a temporary file");
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts again");
    let browser = Browser { origin: format!("http://127.0.0.1:{port}") };
    let token = token(&town.directory);
    let (good, wrong) = (format!("token={token}"), "token=no-such-token-but-long-enough");
    for (origin, content_type, body, status) in [
        (browser.origin.as_str(), FORM, wrong, 401),
        ("https://evil.example", FORM, good.as_str(), 403),
        ("null", FORM, good.as_str(), 403),
        (browser.origin.as_str(), "application/json", "{}", 400),
        (browser.origin.as_str(), FORM, "token=%FF", 400),
    ] {
        let heard = browser.post("/console/sign-in", origin, content_type, body).await;
        assert_eq!(heard.status.as_u16(), status, "{origin} {content_type} {body}");
        assert!(header(&heard, "set-cookie").is_empty() && !heard.text().contains(&token));
    }
    let opened = browser.post("/console/sign-in", &browser.origin, FORM, &good).await;
    assert_eq!((opened.status.as_u16(), header(&opened, "location")), (303, "/console/cases"));
    let cookie = header(&opened, "set-cookie").split(';').next().expect("a cookie").to_owned();
    for path in ["/console/cases", "/console/control"] {
        let page = browser.look(path, &cookie).await;
        assert_eq!(page.status.as_u16(), 200, "{path}: {}", page.text());
        assert!(page.text().contains("Signed in as") && !page.text().contains(&token), "{path}");
    }
    // This network offers no advice; its pages say so and do not fail.
    assert_eq!(browser.look("/console/advice", &cookie).await.status.as_u16(), 404);
    assert_eq!(browser.look("/console/cases/999", &cookie).await.status.as_u16(), 404);
    let api = browser.look("/operator/v1/members", &cookie).await;
    assert_eq!(api.status.as_u16(), 404, "there is no API behind a cookie");
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts again");
    assert_eq!(header(&browser.look("/console/cases", &cookie).await, "location"), "/console/sign-in");
    let log = std::fs::read_to_string(town.directory.join("network.log")).expect("the network's log");
    assert!(!log.contains(&token) && !log.contains("no-such-token"), "a token is in the log");
}
