//! Risk control from outside: a stop holds from the next payment on, a change takes two people, what is reviewed becomes
//! a case, a ruling a label, and all of it is still so after the network was stopped and started.

use hyper::Method;
use members::Order;
use members::cast::{ACQUIRERS, WALLETS};
use serde_json::{Value, json};
use wire::body::amount::CurrencyCode;
use wire::body::confirm::ConfirmRequest;
use wire::body::party::Env;
use wire::body::scalar::{Id, Text};
use wire::body::scan::ScanRequest;

use crate::town::{Town, token};
use crate::voice::send;

/// What a second person needs.
pub(crate) const CHECKER: &str = "the-second-person-has-a-token-of-his-own";

/// Reviews what is worth more than ten dollars.
const RULES: &str = "
rule above_ten_dollars
  when  amount_minor > 1000
  then  review ABOVE_TEN
  say   More than ten dollars
  owner risk desk
  hit   amount_minor = 1001
  miss  amount_minor = 1000
";

pub(crate) async fn ask(town: &Town, bearer: &str, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/operator/v1/{path}", town.base_url);
    let headers = [
        ("content-type".to_owned(), "application/json".to_owned()),
        ("authorization".to_owned(), format!("Bearer {bearer}")),
    ];
    let heard = send(method, &url, &headers, body.to_string().as_bytes()).await;
    (heard.status.as_u16(), serde_json::from_slice(&heard.body).unwrap_or_default())
}

pub(crate) async fn post(town: &Town, bearer: &str, path: &str, body: Value) -> (u16, Value) {
    ask(town, bearer, Method::POST, path, &body).await
}

pub(crate) async fn look(town: &Town, path: &str) -> Value {
    let (status, answer) = ask(town, CHECKER, Method::GET, path, &json!({})).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// Pays with a payer's code; the code of the result and the payment's number.
pub(crate) async fn pay(town: &Town, request_id: &str, minor: u64) -> (String, String) {
    pay_as(town, "user-1", request_id, minor, None).await
}

pub(crate) async fn pay_as(
    town: &Town,
    user: &str,
    request_id: &str,
    minor: u64,
    env: Option<Env>,
) -> (String, String) {
    let codes = town.company.wallets[0].codes(user, 1).await.expect("the network is up");
    let order = order(request_id, minor, env);
    let answer = town.company.acquirers[0].pay_with_code(&order, &codes[0].payment_code).await;
    let answer = answer.expect("the network is up");
    (answer.result.code.to_string(), answer.payment_id.map(|id| id.as_str().to_owned()).unwrap_or_default())
}

/// Scans a code made for an order and confirms; the code of the result and its sentence.
async fn scan(town: &Town, user: &str, request_id: &str) -> (String, String) {
    let shown = town.company.acquirers[0].order_code(&order(request_id, 1_000, None)).await;
    let form = shown.expect("the network is up").order_code_form.expect("a code to scan");
    let code = Text::try_new(form.code_details[0].code_value.as_str()).expect("a short text");
    let wallet = &town.company.wallets[0];
    let scanned = wallet.scan(&ScanRequest::new(code, Id::try_new(user).expect("short"))).await;
    let payment_id = scanned.expect("the network is up").payment_id.expect("the code is good");
    let confirmed = wallet.confirm(user, "noodles", &ConfirmRequest::new(payment_id)).await;
    let result = confirmed.expect("the network is up").result;
    (result.code.to_string(), result.message.map(|message| message.to_string()).unwrap_or_default())
}

fn order(request_id: &str, minor: u64, env: Option<Env>) -> Order {
    Order {
        request_id: request_id.to_owned(),
        merchant: ACQUIRERS[0].merchant.to_owned(),
        store: None,
        description: "noodles".to_owned(),
        minor,
        currency: CurrencyCode::parse("CNY").expect("a currency"),
        notify_url: None,
        lives_ms: None,
        env,
    }
}

/// A town whose operator has two people: the first has the town's token.
pub(crate) async fn with_two_people(name: &str) -> (Town, String) {
    let mut town = Town::found(name).await;
    let maker = token(&town.directory);
    let people = format!("maker {maker}\nchecker {CHECKER}\n");
    std::fs::write(town.directory.join("operator.token"), people).expect("the directory is ours");
    restart(&mut town).await;
    (town, maker)
}

pub(crate) async fn restart(town: &mut Town) {
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts again");
    // Offers are no facts.
    for (line, market) in &town.company.markets {
        market.push(line).await.expect("the network takes rates");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_holds_from_the_next_payment_on_and_two_lift_it() {
    let (mut town, maker) = with_two_people("risk-stop").await;
    assert_eq!(pay(&town, "before", 1_000).await.0, "SUCCESS");
    let merchant = format!("{}/{}", ACQUIRERS[0].client_id, ACQUIRERS[0].merchant);
    let stop = json!({ "subject": merchant, "reason": "a ring" });
    assert_eq!(post(&town, &maker, "risk/stops", stop).await.0, 200);
    let (code, payment) = pay(&town, "stopped", 1_000).await;
    assert_eq!(code, "RISK_REJECT");
    let verdict = &look(&town, &format!("risk/payments/{payment}")).await["verdict"];
    assert_eq!(verdict["decision"], "DECLINE");
    assert_eq!(verdict["letThrough"], "false");
    assert_eq!(verdict["reasons"][0]["code"], "STOPPED");
    assert_eq!(verdict["merchant"], Value::from(merchant.clone()));
    assert_eq!(verdict["payer"], Value::from(format!("{}/user-1", WALLETS[0].client_id)));
    restart(&mut town).await;
    assert_eq!(pay(&town, "still-stopped", 1_000).await.0, "RISK_REJECT");
    assert_eq!(look(&town, "risk").await["stops"][0]["subject"], Value::from(merchant.clone()));

    let resume = json!({ "kind": "RESUME", "subject": merchant });
    let (status, proposed) = post(&town, &maker, "risk/changes", resume).await;
    assert_eq!((status, proposed["proposalNumber"].as_str()), (200, Some("1")));
    let (status, refused) = post(&town, &maker, "risk/changes/1/confirm", json!({})).await;
    assert_eq!(status, 409, "the maker is not the checker: {refused}");
    assert_eq!(pay(&town, "proposed-only", 1_000).await.0, "RISK_REJECT");
    assert_eq!(post(&town, CHECKER, "risk/changes/1/confirm", json!({})).await.0, 200);
    assert_eq!(pay(&town, "lifted", 1_000).await.0, "SUCCESS");
    town.stop_and_replay().await;
}

/// The wallet names the payer's phone, the acquirer the till or the buyer's browser: each can be stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_device_pays_no_more_whoever_holds_it() {
    let (mut town, maker) = with_two_people("risk-device").await;
    let wallet = &town.company.wallets[0];
    wallet.set_phone("user-1", "d41d8cd98f00b204");
    wallet.set_phone("user-2", "d41d8cd98f00b204");
    wallet.set_phone("user-3", "another");
    assert_eq!(pay_as(&town, "user-1", "before", 1_000, None).await.0, "SUCCESS");
    let stop = |device: &str| json!({ "subject": format!("device/{device}"), "reason": "a stolen phone" });
    assert_eq!(post(&town, &maker, "risk/stops", stop("d41d8cd98f00b204")).await.0, 200);
    for user in ["user-1", "user-2"] {
        let (code, payment) = pay_as(&town, user, &format!("stopped-{user}"), 1_000, None).await;
        assert_eq!(code, "RISK_REJECT", "{user}");
        let verdict = &look(&town, &format!("risk/payments/{payment}")).await["verdict"];
        assert_eq!(verdict["reasons"][0]["code"], "STOPPED");
        assert_eq!(verdict["device"], "device/d41d8cd98f00b204");
    }
    let (code, refused) = scan(&town, "user-2", "scanned").await;
    assert_eq!(code, "RISK_REJECT", "{refused}: by a merchant's code too");
    assert_eq!(pay_as(&town, "user-3", "another-phone", 1_000, None).await.0, "SUCCESS");
    assert_eq!(post(&town, &maker, "risk/stops", stop("till-7")).await.0, 200);
    let till = Env { device_token_id: Text::try_new("till-7").ok(), ..Env::new() };
    assert_eq!(pay_as(&town, "user-3", "stopped-till", 1_000, Some(till)).await.0, "RISK_REJECT");
    assert_eq!(pay_as(&town, "user-3", "another-till", 1_000, None).await.0, "SUCCESS");
    restart(&mut town).await;
    let payer = format!("{}/user-3", WALLETS[0].client_id);
    assert_eq!(post(&town, &maker, "risk/stops", json!({ "subject": payer, "reason": "r" })).await.0, 200);
    let unseen = json!({ "subject": "device/never-seen", "reason": "r" });
    assert_eq!(post(&town, &maker, "risk/stops", unseen).await.0, 200);
    let stops = look(&town, "risk").await["stops"].clone();
    let mut stopped: Vec<&str> =
        stops.as_array().expect("stops").iter().filter_map(|stop| stop["subject"].as_str()).collect();
    stopped.sort_by_key(|name| !name.contains('/'));
    let (named, keys) = stopped.split_at(3);
    for name in ["device/d41d8cd98f00b204", "device/till-7", &payer] {
        assert!(named.contains(&name), "{name} in {named:?}");
    }
    assert!(keys[0].len() == 16, "who was never seen here has no name: {keys:?}");
    assert_eq!(pay_as(&town, "user-2", "still-stopped", 1_000, None).await.0, "RISK_REJECT");
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_reviewed_is_worked_off_and_learned_from() {
    let (mut town, maker) = with_two_people("risk-case").await;
    let rules = json!({ "kind": "RULES", "text": RULES });
    assert_eq!(post(&town, &maker, "risk/changes", rules).await.0, 200);
    assert_eq!(look(&town, "risk").await["proposals"][0]["maker"], "maker");
    assert_eq!(post(&town, CHECKER, "risk/changes/1/confirm", json!({})).await.0, 200);
    let control = look(&town, "risk").await;
    assert_eq!(control["rules"][0]["code"], "ABOVE_TEN");
    assert_eq!(pay(&town, "small", 1_000).await.0, "SUCCESS");
    let (code, payment) = pay(&town, "large", 10_000).await;
    assert_eq!(code, "SUCCESS", "let through, and looked at afterwards");
    let queue = look(&town, "risk/cases").await;
    assert_eq!(queue["openCount"], "1");
    assert_eq!(queue["cases"][0]["paymentCount"], "1");
    let case = look(&town, "risk/cases/1").await;
    assert_eq!(case["evidence"][0]["paymentId"], Value::from(payment.clone()));
    assert_eq!(case["evidence"][0]["reasons"][0]["say"], "More than ten dollars");

    let ruling = || json!({ "ruling": "FRAUD", "reason": "the payer called" });
    assert_eq!(post(&town, &maker, "risk/cases/1/ruling", ruling()).await.0, 409, "unclaimed");
    assert_eq!(post(&town, &maker, "risk/cases/1/claim", json!({})).await.0, 200);
    assert_eq!(post(&town, CHECKER, "risk/cases/1/claim", json!({})).await.0, 409, "it is the maker's");
    assert_eq!(post(&town, &maker, "risk/cases/1/ruling", ruling()).await.0, 200);
    restart(&mut town).await;
    let case = look(&town, "risk/cases/1").await;
    assert_eq!(case["case"]["ruledBy"], "maker");
    assert_eq!(case["evidence"][0]["label"], "FRAUD");
    let label = json!({ "label": "GENUINE", "reason": "a mistake" });
    let path = format!("risk/payments/{payment}/label");
    assert_eq!(post(&town, CHECKER, &path, label.clone()).await.0, 200);
    assert_eq!(post(&town, CHECKER, &path, label).await.0, 409, "that was said before");
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_refuses_says_why_and_changes_nothing() {
    let (town, maker) = with_two_people("risk-refusals").await;
    let facts = town.facts().await;
    let rules = |text: &str| json!({ "kind": "RULES", "text": text });
    for (path, body, status, told) in [
        ("risk/changes", rules("rule x\n  when  amount\n"), 409, "line 2"),
        ("risk/changes", rules("nonsense"), 409, "nonsense"),
        ("risk/changes", json!({ "kind": "RULES" }), 400, "text"),
        ("risk/changes", json!({ "kind": "MODEL", "text": "no model" }), 409, "line 1"),
        ("risk/changes", json!({ "kind": "PROMOTE_MODEL" }), 409, "no model is in shadow"),
        ("risk/changes", json!({ "kind": "RESUME", "subject": "nobody" }), 409, "not stopped"),
        ("risk/changes", json!({ "kind": "SOMETHING" }), 400, "kind"),
        ("risk/changes/7/confirm", json!({}), 409, "not waiting"),
        ("risk/changes/x/confirm", json!({}), 404, "number"),
        ("risk/stops", json!({ "subject": "somebody" }), 400, "reason"),
        (
            "risk/screenings",
            json!({ "subject": "somebody", "status": "UNKNOWN", "reason": "r" }),
            400,
            "status",
        ),
        ("risk/cases/1/claim", json!({}), 409, "not open"),
        ("risk/payments/1/label", json!({ "label": "FRAUD", "reason": "r" }), 404, "payment"),
        ("risk/nothing", json!({}), 404, "no such path"),
    ] {
        let (seen, answer) = post(&town, &maker, path, body).await;
        let message = answer["result"]["resultMessage"].as_str().unwrap_or_default();
        assert!(seen == status && message.contains(told), "{path}: {seen} {answer}");
    }
    assert_eq!(town.facts().await, facts);
    for path in ["risk/cases/9", "risk/cases/x", "risk/payments/x"] {
        assert_eq!(ask(&town, &maker, Method::GET, path, &json!({})).await.0, 404, "{path}");
    }
}
