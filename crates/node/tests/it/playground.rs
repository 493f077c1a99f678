//! The playground from outside, as a browser uses it: the page, what can be done on it, the stream of what changes; and
//! what it must not do for anybody else.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use crate::town::SOJOURN;

/// What a page says when everybody holds the same to be true.
const AGREED: &str = "All agree, and no money is out of place.";

/// A demo with its playground.
struct Demo {
    child: Child,
    directory: PathBuf,
    base_url: String,
    network: String,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Demo {
    fn start(name: &str) -> Demo {
        let directory = std::env::temp_dir().join(format!("sojourn-{name}-{}", std::process::id()));
        let mut child = Command::new(SOJOURN)
            .args([
                "demo",
                "--payments",
                "0",
                "--port",
                "0",
                "--play-port",
                "0",
                "--console-port",
                "0",
                "--data",
            ])
            .arg(&directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let (mut base_url, mut network) = (None, None);
        for line in lines.map_while(Result::ok) {
            let page =
                line.strip_prefix("playground, for a browser: ").and_then(|url| url.strip_suffix("/play"));
            base_url = base_url.or(page.map(str::to_owned));
            let up = line.strip_prefix("the network stays up for payments from outside: ");
            network = up.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
            if network.is_some() {
                break;
            }
        }
        let base_url = base_url.expect("the demo says where its playground is");
        let network = network.expect("the demo says where its network is");
        let http = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Demo { child, directory, base_url, network, http }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> (u16, String, Response<()>) {
        let (head, body) = self.http.request(request).await.expect("the playground answers").into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        // Amounts keep together with a blank that does not break.
        let text = String::from_utf8_lossy(&body).replace('\u{a0}', " ");
        (head.status.as_u16(), text, Response::from_parts(head, ()))
    }

    fn request(&self, method: Method, path: &str) -> hyper::http::request::Builder {
        Request::builder().method(method).uri(format!("{}{path}", self.base_url))
    }

    async fn page(&self, path: &str) -> String {
        let request = self.request(Method::GET, path).body(Full::default()).expect("a request");
        let (status, body, _) = self.send(request).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn act(&self, action: &str, fields: serde_json::Value) -> u16 {
        let request = self
            .request(Method::POST, &format!("/play/do/{action}"))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(fields.to_string())))
            .expect("a request");
        self.send(request).await.0
    }

    async fn done(&self, action: &str, fields: serde_json::Value) {
        assert_eq!(self.act(action, fields.clone()).await, 204, "{action} {fields}");
    }

    /// Waits until the page says something.
    async fn says(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let page = self.page("/play?lang=en").await;
            if page.contains(text) {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_secs(40), "{text:?} never appeared on\n{page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the payment that is looked at has ended, everybody agreeing.
    async fn agrees(&self, payment: u64, stage: &str) -> String {
        let begun = Instant::now();
        loop {
            let page = self.page(&format!("/play?lang=en&payment=P{payment:018}")).await;
            let life = element(&page, "life");
            if life.contains(AGREED) && life.contains(stage) {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_secs(90), "payment {payment} is not {stage}:\n{life}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everything the stream has told, growing.
    fn listen(&self) -> Arc<Mutex<String>> {
        let heard = Arc::new(Mutex::new(String::new()));
        let (http, told) = (self.http.clone(), heard.clone());
        let request = self.request(Method::GET, "/play/events?lang=zh").body(Full::default());
        tokio::spawn(async move {
            let answer = http.request(request.expect("a request")).await.expect("the stream opens");
            let mut body = answer.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                if let Ok(data) = frame.into_data() {
                    told.lock().expect("nobody panics").push_str(&String::from_utf8_lossy(&data));
                }
            }
        });
        heard
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// The element with this id. Elements of its kind are not nested in it.
fn element<'a>(page: &'a str, id: &str) -> &'a str {
    let inside = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} on\n{page}"));
    let from = page[..inside].rfind('<').expect("an id stands in a tag");
    let kind: String = page[from + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
    let rest = &page[from..];
    &rest[..rest.find(&format!("</{kind}>")).unwrap_or(rest.len())]
}

#[tokio::test]
async fn a_person_pays_refunds_and_breaks_things() {
    let demo = Demo::start("play");
    let heard = demo.listen();

    // The payer shows a code; the wallet asks before it pays.
    demo.done("phone/show-code", json!({ "wallet": "BAYANI" })).await;
    demo.done("till/charge", json!({ "till": "BUND-ACQ", "amount": "100.00", "wallet": "BAYANI" })).await;
    let asked = demo.says("action=\"/play/do/phone/pay\"").await;
    let phone = element(&asked, "phone-BAYANI");
    for shown in ["CNY 100.00", "PHP 8", "Harbour FX", "Interchange", "Bund Acquiring"] {
        assert!(phone.contains(shown), "before it is paid the phone shows {shown}:\n{phone}");
    }
    demo.done("phone/pay", json!({ "wallet": "BAYANI" })).await;
    let page = demo.agrees(1, "Succeeded").await;
    let ladder = element(&page, "steps");
    for shown in ["getPaymentCode", "pay", "P1", "P2", "F1", "F2", "F3", "F4", "SUCCESS"] {
        assert!(ladder.contains(shown), "the ladder shows {shown}:\n{ladder}");
    }

    // A message, opened: its bytes, header fields and the check of its signature.
    let opened = demo.page("/play/message/1?lang=en").await;
    for shown in ["signature-input", "content-digest", "Ed25519", "getPaymentCode", "visitor"] {
        assert!(opened.contains(shown), "the message shows {shown}:\n{opened}");
    }

    // Back again: a part, then the rest, then nothing more.
    let refund =
        |amount: &str| json!({ "till": "BUND-ACQ", "payment": "P000000000000000001", "amount": amount });
    demo.done("till/refund", refund("33.33")).await;
    demo.says("66.67").await;
    demo.done("till/refund", refund("")).await;
    let page = demo.page("/play?lang=en&payment=P000000000000000001").await;
    assert!(element(&page, "steps").contains("R2"), "the ladder shows refunds");
    demo.done("till/refund", refund("0.01")).await;
    demo.says("This is no amount that can be paid").await;

    // The merchant shows a code; the payer refuses one and pays another.
    scan(&demo, "1500").await;
    demo.done("phone/refuse", json!({ "wallet": "HANOK" })).await;
    demo.done("till/cancel", json!({ "till": "SUMIDA-ACQ" })).await;
    demo.agrees(2, "Cancelled").await;
    scan(&demo, "1500").await;
    demo.done("phone/pay", json!({ "wallet": "HANOK" })).await;
    demo.agrees(3, "Succeeded").await;

    // The wallet says no, and says yes twice; one FX provider goes.
    demo.done("break/mood", json!({ "wallet": "CHAOPHRAYA", "mood": "declines" })).await;
    charge(&demo, "CHAOPHRAYA", "BUND-ACQ", "12").await;
    demo.agrees(4, "Failed").await;
    demo.done("break/mood", json!({ "wallet": "CHAOPHRAYA", "mood": "twice" })).await;
    demo.done("break/provider", json!({ "provider": "HARBOUR-FX", "on": "false" })).await;
    charge(&demo, "CHAOPHRAYA", "BUND-ACQ", "12").await;
    let page = demo.agrees(5, "Succeeded").await;
    assert!(element(&page, "life").contains("Meridian FX"), "the other provider's rate was taken");
    demo.done("break/provider", json!({ "provider": "HARBOUR-FX", "on": "true" })).await;

    // The network is killed while the wallet asks its user, and comes back to the same payment.
    demo.done("break/crash-next", json!({})).await;
    charge(&demo, "BAYANI", "SUMIDA-ACQ", "900").await;
    demo.says("Crashes survived</dt><dd class=\"number\">1</dd>").await;
    demo.done("phone/pay", json!({ "wallet": "BAYANI" })).await;
    demo.agrees(6, "Succeeded").await;
    let heard = heard.lock().expect("nobody panics").clone();
    assert!(heard.contains("event: step") && heard.contains("成功"), "{heard}");
}

/// A till shows a code for an order, and a phone scans it.
async fn scan(demo: &Demo, amount: &str) {
    demo.done("till/home", json!({ "till": "SUMIDA-ACQ" })).await;
    demo.done("till/show", json!({ "till": "SUMIDA-ACQ", "amount": amount })).await;
    demo.done("phone/home", json!({ "wallet": "HANOK" })).await;
    demo.done("phone/scan", json!({ "wallet": "HANOK" })).await;
    demo.done("phone/read", json!({ "wallet": "HANOK", "till": "SUMIDA-ACQ" })).await;
}

/// A phone shows a code, and a till charges it.
async fn charge(demo: &Demo, wallet: &str, till: &str, amount: &str) {
    demo.done("phone/home", json!({ "wallet": wallet })).await;
    demo.done("phone/show-code", json!({ "wallet": wallet })).await;
    demo.done("till/home", json!({ "till": till })).await;
    demo.done("till/charge", json!({ "till": till, "amount": amount, "wallet": wallet })).await;
}

#[tokio::test]
async fn nobody_else_is_served_and_nothing_bad_is_taken() {
    let demo = Demo::start("guard");
    let request = demo.request(Method::GET, "/play").header("host", "sojourn.example").body(Full::default());
    assert_eq!(demo.send(request.expect("a request")).await.0, 421, "a name that is not this machine's");
    let post = |header: &str, value: &str, kind: &str| {
        demo.request(Method::POST, "/play/do/break/crash")
            .header(header, value)
            .header("content-type", kind)
            .body(Full::new(Bytes::from_static(b"{}")))
            .expect("a request")
    };
    assert_eq!(demo.send(post("origin", "http://evil.example", "application/json")).await.0, 403);
    assert_eq!(demo.send(post("accept", "*/*", "text/plain")).await.0, 403, "a form of another site");
    let table = [
        ("phone/dance", json!({ "wallet": "BAYANI" }), 404),
        ("phone/pay", json!({ "wallet": "NOBODY" }), 404),
        ("phone/pay", json!({ "wallet": "BAYANI" }), 409),
        ("phone/refuse", json!({ "wallet": "BAYANI" }), 409),
        ("phone/amount", json!({ "wallet": "BAYANI", "amount": "1" }), 409),
        ("phone/read", json!({ "wallet": "BAYANI", "till": "BUND-ACQ" }), 409),
        ("till/charge", json!({ "till": "BUND-ACQ", "amount": "1", "wallet": "BAYANI" }), 409),
        ("till/cancel", json!({ "till": "BUND-ACQ" }), 409),
        ("till/refund", json!({ "till": "BUND-ACQ", "payment": "P1", "amount": "" }), 409),
        ("break/mood", json!({ "wallet": "BAYANI", "mood": "cheerful" }), 404),
        ("break/provider", json!({ "provider": "NOBODY", "on": "true" }), 404),
        ("phone/pay", json!(["BAYANI"]), 400),
        ("phone/pay", json!({ "wallet": 7 }), 404),
    ];
    for (action, fields, status) in table {
        assert_eq!(demo.act(action, fields.clone()).await, status, "{action} {fields}");
    }
    for amount in ["", "0", "-1", "1.005", "1e3", "999999999999999999999", "１"] {
        demo.done("till/show", json!({ "till": "BUND-ACQ", "amount": amount })).await;
        let page = demo.page("/play?lang=en").await;
        assert!(
            element(&page, "till-BUND-ACQ").contains("This is no amount that can be paid"),
            "{amount:?} on\n{page}"
        );
    }
    for picture in ["", "AAAA", "%%%"] {
        demo.done("phone/read", json!({ "wallet": "BAYANI", "text": "", "picture": picture })).await;
        demo.says("There is no payment code in this").await;
    }
    for text in ["hello", "00020101021102", "https://example.com/pay/1", "<script>alert(1)</script>"] {
        demo.done("phone/read", json!({ "wallet": "BAYANI", "text": text })).await;
        let page = demo.page("/play?lang=en").await;
        assert!(!page.contains("<script>alert"), "what was typed is text");
    }
    let request = demo.request(Method::GET, "/play").header("accept-language", "zh-CN,zh;q=0.9");
    let (_, page, head) = demo.send(request.body(Full::default()).expect("a request")).await;
    assert!(page.contains("lang=\"zh-Hans\"") || page.contains("lang=\"zh-CN\""), "the browser's language");
    let policy = head.headers().get("content-security-policy").and_then(|value| value.to_str().ok());
    assert!(
        policy.is_some_and(|policy| policy.starts_with("default-src 'none'") && !policy.contains("unsafe"))
    );
    let token = std::fs::read_to_string(demo.directory.join("operator.token")).expect("the demo has one");
    assert!(!page.contains(token.trim()) && !page.contains("PRIVATE KEY"), "no secret is on the page");
}

#[tokio::test]
async fn a_demo_that_is_killed_leaves_no_network_behind() {
    let mut demo = Demo::start("orphan");
    assert!(members::facts(&demo.network).await.is_some(), "the network is up");
    demo.child.kill().expect("the demo runs");
    demo.child.wait().expect("it was ours");
    let begun = Instant::now();
    while members::facts(&demo.network).await.is_some() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the network outlives its demo");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
