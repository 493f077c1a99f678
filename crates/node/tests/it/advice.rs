//! The advisory service from outside: signed calls of members in both schemes, the house with two people, and the kill
//! test: whatever was answered before a kill is answered the same after it, byte for byte.

#![allow(clippy::float_arithmetic)] // made-up prices

mod tax;

use std::time::Duration;

use hyper::Method;
use members::cast::{ACQUIRERS, WALLETS};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};
use wire::signature::{
    Freshness, Moment, Nonce, OutgoingRequest, Responder, ResponseParts, Scheme, verify_response,
};

use crate::town::{Town, say, token};
use crate::voice::{Heard, SCHEMES, Voice, send};

/// What the second person needs.
const SECOND: &str = "the-second-person-approves-with-another-token";
const KILLS: usize = 4;

/// A town that offers advice, with a house of two people: `ana` has the town's token, `bo` the second one.
async fn open_town(name: &str) -> (Town, String) {
    let mut town = Town::found(name).await;
    let first = token(&town.directory);
    let people = format!("ana {first}\nbo {SECOND}\n");
    std::fs::write(town.directory.join("operator.token"), people).expect("the directory is ours");
    let config = town.directory.join("sojourn.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration");
    assert!(text.contains("# [advice]\n"), "the sample has an advice section");
    let text = text.replace("# [advice]\n", "[advice]\ndirectory = \"advice\"\nsegment_mib = 1\n");
    std::fs::write(&config, text).expect("the directory is ours");
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts with its advice section");
    (town, first)
}

fn voice(town: &Town, client_id: &str, scheme: Scheme) -> Voice {
    Voice { identity: town.company.credentials[client_id].identity(), scheme, network: town.network.clone() }
}

/// Asks as a member; the answer's signature is checked.
async fn ask(voice: &Voice, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let heard = heard(voice, method, path, body).await;
    (heard.status.as_u16(), serde_json::from_slice(&heard.body).expect("JSON"))
}

/// The same, as the bytes that came.
async fn heard(voice: &Voice, method: Method, path: &str, body: &Value) -> Heard {
    let body =
        if method == Method::GET || method == Method::DELETE { Vec::new() } else { body.to_string().into() };
    let url = format!("{}/advice/{path}", voice.network.base_url);
    let outgoing = OutgoingRequest {
        method: method.as_str(),
        target_uri: &url,
        idempotency_key: None,
        deadline_ms: None,
        body: &body,
    };
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("random bytes");
    let signed = voice.identity.sign_request(voice.scheme, &outgoing, hop::now_ms(), &Nonce::new(bytes));
    let signed = signed.expect("a key of each kind");
    let heard = send(method, &url, &signed.headers, &body).await;
    let parts = ResponseParts { status: heard.status.as_u16(), headers: &heard.headers, body: &heard.body };
    let find = |scheme, version| voice.network.key(scheme, version);
    let responder = Responder { client_id: &voice.network.client_id, find_key: &find };
    let moment = Moment { now_ms: hop::now_ms(), freshness: Freshness::default() };
    let believed = verify_response(&signed.exchange, &parts, responder, moment);
    believed.unwrap_or_else(|refused| panic!("{path}: {}: {refused}", heard.text()));
    heard
}

async fn good(voice: &Voice, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = ask(voice, method, path, &body).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// Asks as a person of the house.
async fn house(town: &Town, bearer: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/operator/v1/advice/{path}", town.base_url);
    let headers =
        [("content-type", "application/json".to_owned()), ("authorization", format!("Bearer {bearer}"))];
    let method = if body.is_null() { Method::GET } else { Method::POST };
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let heard = send(method, &url, &headers, &bytes).await;
    (heard.status.as_u16(), serde_json::from_slice(&heard.body).unwrap_or_default())
}

/// Month ends of ten years, and yesterday.
fn prices(code: &str, drift: f64, swing: f64) -> Value {
    let today = i32::try_from(hop::now_ms() / 86_400_000).expect("a day");
    let yesterday = advice::calendar::Day(today - 1);
    let mut price = 100.0;
    let mut list = Vec::new();
    for step in 0..=120 {
        let day = yesterday.plus_months(step - 120);
        price *=
            1.0 + drift + swing * ((f64::from(step) * 1.7).sin() + (f64::from(step) * 0.61 + drift).cos());
        list.push(json!([day.to_string(), format!("{price:.4}")]));
    }
    json!({ "request_id": format!("prices-{code}"), "product": code, "prices": list })
}

async fn furnish(town: &Town, ana: &str) {
    let check = |(status, answer): (u16, Value)| assert_eq!(status, 200, "{answer}");
    let served = json!({ "request_id": "serve", "served": ["PH", "HK"] });
    check(house(town, ana, "jurisdictions", &served).await);
    for (code, class, grade, kind, drift, swing) in [
        ("SHARES", "equity", "R4", "index", 0.006, 0.03),
        ("BONDS", "bond", "R2", "index", 0.003, 0.006),
        ("MONEY", "cash", "R1", "money", 0.001, 0.0001),
    ] {
        let product =
            json!({ "code": code, "class": class, "kind": kind, "issuer_grade": grade, "own_grade": "R1" });
        let listing = json!({ "request_id": format!("list-{code}"), "product": product });
        check(house(town, ana, "products", &listing).await);
        check(house(town, ana, "prices", &prices(code, drift, swing)).await);
    }
    let weights = json!({ "SHARES": 4000, "BONDS": 4000, "MONEY": 2000 });
    let model = json!({ "id": "middle", "version": 1, "class": "C4", "weights_bp": weights });
    check(house(town, ana, "models", &json!({ "request_id": "model", "model": model })).await);
    for (number, (bearer, status)) in [(ana, 200), (ana, 422), (SECOND, 200)].into_iter().enumerate() {
        let approval = json!({ "request_id": format!("approve-{number}") });
        assert_eq!(house(town, bearer, "models/middle/1/approve", &approval).await.0, status);
    }
}

/// Answers of somebody who is well off and knows what a fund is.
fn answers(form: &Value, user: &str) -> Value {
    let chosen = form["questions"].as_array().expect("questions").iter().map(|question| {
        let points: Vec<i64> = question["choices"]
            .as_array()
            .expect("choices")
            .iter()
            .filter_map(|c| c["points"].as_i64())
            .collect();
        let known = points.iter().all(|p| [0, 100].contains(p));
        let right = points.iter().position(|p| known && *p == 100).unwrap_or(2);
        (question["id"].as_str().expect("an id").to_owned(), json!(right))
    });
    let chosen: serde_json::Map<String, Value> = chosen.collect();
    json!({ "request_id": format!("answers-{user}"), "user": user, "jurisdiction": "PH", "age_years": 40,
        "full_capacity": true, "questionnaire": form["version"], "answers": chosen })
}

/// A user with a profile, a mandate and a goal; returns the goal's id.
async fn settle(wallet: &Voice, user: &str) -> String {
    let form = good(wallet, Method::GET, "questionnaire", Value::Null).await;
    good(wallet, Method::POST, "profiles", answers(&form, user)).await;
    let mandate = json!({ "request_id": format!("mandate-{user}"), "user": user, "turnover_year_bp": 10000 });
    good(wallet, Method::POST, "mandates", mandate).await;
    let goal = json!({ "request_id": format!("goal-{user}"), "user": user, "kind": "home", "name": "A flat",
        "until": "2040-01-01", "target_minor": 20_000_000, "monthly_minor": 20_000 });
    text(&good(wallet, Method::POST, "goals", goal).await, "id")
}

fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_else(|| panic!("no {key} in {answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_questionnaire_to_booked_orders() {
    let (mut town, ana) = open_town("advice").await;
    furnish(&town, &ana).await;
    let wallet = voice(&town, WALLETS[0].client_id, Scheme::Rfc9421);
    let (status, early) = ask(&wallet, Method::GET, "models?user=u1", &Value::Null).await;
    assert_eq!((status, early["code"].as_str()), (422, Some("STRATEGY_BEFORE_PROFILE")));
    let goal = settle(&wallet, "u1").await;
    let asked = json!({ "request_id": "first", "goal": goal, "kind": "initial", "amount_minor": 1_000_000 });
    let begun = std::time::Instant::now();
    let proposal = good(&wallet, Method::POST, "proposals", asked.clone()).await;
    say(&format!("advice: a proposal over HTTP took {} ms", begun.elapsed().as_millis()));
    assert_eq!(proposal["proposal"]["alternatives"].as_array().map(Vec::len), Some(5), "{proposal}");
    let id = text(&proposal, "id");
    for scheme in SCHEMES {
        let again =
            good(&voice(&town, WALLETS[0].client_id, scheme), Method::POST, "proposals", asked.clone()).await;
        assert_eq!(again, proposal, "a repeat gets the same answer in {scheme:?}");
    }
    let replayed = good(&wallet, Method::POST, &format!("replay/{id}"), json!({})).await;
    assert_eq!(replayed["equal"], true, "{replayed}");
    let accept = json!({ "request_id": "accept", "confirmed": true });
    let accepted = good(&wallet, Method::POST, &format!("proposals/{id}/accept"), accept).await;
    assert_eq!(accepted["orders"].as_array().map(Vec::len), Some(3));
    let projection =
        good(&wallet, Method::GET, &format!("goals/{goal}/projection?years=5"), Value::Null).await;
    assert_eq!(projection["years"].as_array().map(Vec::len), Some(5), "{projection}");
    strangers(&town, &goal, &id).await;
    rubbish(&wallet, &goal).await;
    let stop = json!({ "request_id": "stop", "stopped": true, "why": "a wrong price" });
    assert_eq!(house(&town, SECOND, "switch", &stop).await.0, 200);
    let (status, stopped) = ask(
        &wallet,
        Method::POST,
        "proposals",
        &json!({ "request_id": "late", "goal": goal, "kind": "drift" }),
    )
    .await;
    assert_eq!((status, stopped["code"].as_str()), (503, Some("KILL_SWITCH")));
    let portfolio = good(&wallet, Method::GET, &format!("portfolios/{goal}"), Value::Null).await;
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts again");
    assert_eq!(good(&wallet, Method::GET, &format!("portfolios/{goal}"), Value::Null).await, portfolio);
    assert_eq!(good(&wallet, Method::POST, "proposals", asked).await, proposal, "after a restart too");
}

/// Others see nothing, and learn nothing from how they are refused.
async fn strangers(town: &Town, goal: &str, proposal: &str) {
    let other = voice(town, WALLETS[1].client_id, Scheme::Rfc9421);
    for path in [
        format!("portfolios/{goal}"),
        format!("portfolios/{goal}/lots"),
        format!("proposals/{proposal}"),
        "portfolios/goal-999".to_owned(),
        "records?user=u1".to_owned(),
    ] {
        let (status, answer) = ask(&other, Method::GET, &path, &Value::Null).await;
        assert_eq!((status, answer["code"].as_str()), (404, Some("NOT_KNOWN")), "{path}");
    }
    let acquirer = voice(town, ACQUIRERS[0].client_id, Scheme::Rfc9421);
    assert_eq!(ask(&acquirer, Method::GET, "questionnaire", &Value::Null).await.0, 403);
    let bare: [(&str, &str); 0] = [];
    let unsigned = send(Method::GET, &format!("{}/advice/questionnaire", town.base_url), &bare, b"").await;
    assert!([400, 401].contains(&unsigned.status.as_u16()), "{}", unsigned.text());
    assert_eq!(house(town, "no-such-token-but-long-enough", "state", &Value::Null).await.0, 401);
}

/// What is wrong with a call is said by its status and code.
async fn rubbish(wallet: &Voice, goal: &str) {
    let initial =
        |amount: Value| json!({ "request_id": "x", "goal": goal, "kind": "initial", "amount_minor": amount });
    let cases: Vec<(Method, &str, Value, u16, &str)> = vec![
        (Method::POST, "proposals", json!([1]), 400, "MALFORMED_TABLE"),
        (Method::POST, "proposals", json!({ "goal": goal, "kind": "initial" }), 400, "MALFORMED_TABLE"),
        (Method::POST, "proposals", initial(json!(-5)), 422, "OUT_OF_RANGE"),
        (Method::POST, "proposals", initial(json!("much")), 400, "MALFORMED_TABLE"),
        (
            Method::POST,
            "proposals",
            json!({ "request_id": "first", "goal": goal, "kind": "drift" }),
            409,
            "IDEMPOTENCY_CONFLICT",
        ),
        (
            Method::POST,
            "proposals",
            json!({ "request_id": "y", "goal": "goal-0", "kind": "drift" }),
            404,
            "NOT_KNOWN",
        ),
        (Method::POST, "optimise", json!({ "returns": {} }), 422, "OUT_OF_RANGE"),
        (Method::POST, "nothing", json!({}), 404, "NO_SUCH_PATH"),
        (Method::PATCH, "proposals", json!({}), 405, "NO_SUCH_PATH"),
        (Method::GET, "goals/x/projection?years=1&years=2", Value::Null, 400, "MALFORMED_TABLE"),
        (Method::GET, "records?user=u1&from=0", Value::Null, 422, "OUT_OF_RANGE"),
        (Method::DELETE, "mandates/none?request_id=z", Value::Null, 404, "NOT_KNOWN"),
    ];
    for (method, path, body, status, code) in cases {
        let (found, answer) = ask(wallet, method.clone(), path, &body).await;
        assert_eq!(
            (found, answer["code"].as_str()),
            (status, Some(code)),
            "{method} {path} {body}: {answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_when_the_adviser_is_killed() {
    let (mut town, ana) = open_town("advice-kill").await;
    furnish(&town, &ana).await;
    let wallet = voice(&town, WALLETS[0].client_id, Scheme::Rfc9421);
    let goal = settle(&wallet, "u1").await;
    let mut answered: Vec<(String, Value, Value)> = Vec::new();
    for kill in 0..KILLS {
        let (speaker, goal) = (wallet.clone(), goal.clone());
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let talking = tokio::spawn(async move {
            for number in 0.. {
                let (path, body) = asked(kill, number, &goal);
                let (status, answer) = ask(&speaker, Method::POST, &path, &body).await;
                assert_eq!(status, 200, "{answer}");
                let _ = tell.send((path, body, answer));
            }
        });
        tokio::time::sleep(Duration::from_millis(150 + 130 * kill as u64)).await;
        town.server.kill().await.expect("the process can be killed");
        // The speaker stumbles over the broken connection; that is how it ends.
        assert!(talking.await.is_err());
        while let Ok(pair) = told.try_recv() {
            answered.push(pair);
        }
        for _ in 0..20 {
            if town.start().await.is_ok() {
                break;
            }
        }
    }
    assert!(answered.len() > 2 * KILLS, "only {} answers between {KILLS} kills", answered.len());
    let mut replays = 0;
    for (path, body, answer) in &answered {
        assert_eq!(good(&wallet, Method::POST, path, body.clone()).await, *answer, "{body}");
        if path == "proposals" && replays < 5 {
            replays += 1;
            let replay = format!("replay/{}", text(answer, "id"));
            assert_eq!(good(&wallet, Method::POST, &replay, json!({})).await["equal"], true);
        }
    }
    export(&wallet, answered.len()).await;
    say(&format!("advice kill test: {} answers kept over {KILLS} kills", answered.len()));
}

fn asked(kill: usize, number: usize, goal: &str) -> (String, Value) {
    let request_id = format!("k{kill}-{number}");
    match number % 3 {
        0 => {
            let amount = 100_000 + number;
            let body =
                json!({ "request_id": request_id, "goal": goal, "kind": "initial", "amount_minor": amount });
            ("proposals".to_owned(), body)
        }
        _ => ("complaints".to_owned(), json!({ "request_id": request_id, "user": "u1", "text": "slow" })),
    }
}

/// The whole export is one trail, and it holds at least what was answered.
async fn export(wallet: &Voice, answered: usize) {
    let mut lines = String::new();
    let mut from = Some(1);
    while let Some(first) = from {
        let path = format!("records?user=u1&from={first}");
        // Read by the adviser's own reader: it alone promises every number's last bit.
        let page =
            advice::Json::parse(&heard(wallet, Method::GET, &path, &Value::Null).await.text()).expect("JSON");
        for record in page.member("records").expect("records").elements() {
            lines.push_str(&record.canonical());
            lines.push('\n');
        }
        from = page.member("next").and_then(advice::Json::as_whole);
    }
    let trail = advice::record::verify_trail(&lines).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(trail.len() >= answered, "{} records for {answered} answers", trail.len());
}
