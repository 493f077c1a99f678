//! The operator's API: who may use it, what it refuses, what its changes do at once and from a date on, and that they
//! are still there after the network was stopped and started.

use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use members::cast::{ACQUIRERS, WALLETS};
use members::{Acquirer, Order};
use serde_json::{Value, json};
use wire::KeyVersion;
use wire::body::amount::CurrencyCode;
use wire::signature::{Identity, Scheme};

use crate::town::{Town, credentials_of, token};
use crate::voice::{Heard, Voice, send};

const ACQUIRER: &str = ACQUIRERS[0].client_id;
const WALLET: &str = WALLETS[0].client_id;

/// Sends what the operator's tools would, with any token.
async fn ask(town: &Town, method: Method, path: &str, bearer: Option<&str>, body: &[u8]) -> Heard {
    let url = format!("{}/operator/v1/{path}", town.base_url);
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    headers.extend(bearer.map(|bearer| ("authorization".to_owned(), bearer.to_owned())));
    send(method, &url, &headers, body).await
}

/// Asks for a change; returns the status and the code of the result.
async fn change(town: &Town, path: &str, body: &Value) -> (u16, String) {
    let bearer = format!("Bearer {}", token(&town.directory));
    let heard = ask(town, Method::POST, path, Some(&bearer), body.to_string().as_bytes()).await;
    let answer: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
    (heard.status.as_u16(), answer["result"]["resultCode"].as_str().unwrap_or_default().to_owned())
}

/// Pays with a fresh code of a wallet; returns the code of the result.
async fn pay(town: &Town, wallet: usize, request_id: &str, minor: u64) -> String {
    let acquirer: &Acquirer = &town.company.acquirers[0];
    let codes = town.company.wallets[wallet].codes("user-1", 1).await.expect("the network is up");
    let order = Order {
        request_id: request_id.to_owned(),
        merchant: ACQUIRERS[0].merchant.to_owned(),
        store: None,
        description: "noodles".to_owned(),
        minor,
        currency: CurrencyCode::parse("CNY").expect("a currency"),
        notify_url: None,
        lives_ms: None,
        env: None,
    };
    let answer = acquirer.pay_with_code(&order, &codes[0].payment_code).await;
    answer.expect("the network is up").result.code.to_string()
}

async fn restart(town: &mut Town) {
    town.server.stop().await.expect("the network stops when asked");
    town.start().await.expect("the network starts again");
    // Offers are no facts.
    for (line, market) in &town.company.markets {
        market.push(line).await.expect("the network takes rates");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_token_opens_it() {
    let town = Town::found("token").await;
    let facts = town.facts().await;
    let token = token(&town.directory);
    let (longer, shorter) = (format!("Bearer {token}0"), format!("Bearer {}", &token[1..]));
    let (basic, lower) = (format!("Basic {token}"), format!("Bearer  {token}"));
    let body = json!({ "standing": "SUSPENDED" }).to_string();
    let standing = format!("members/{ACQUIRER}/standing");
    for bearer in [
        None,
        Some(""),
        Some("Bearer "),
        Some(&token),
        Some(&longer),
        Some(&shorter),
        Some(&basic),
        Some(&lower),
    ] {
        let calls = [
            (Method::GET, "members"),
            (Method::GET, "positions"),
            (Method::GET, "nothing"),
            (Method::POST, &*standing),
            (Method::DELETE, "members"),
        ];
        for (method, path) in calls {
            let heard = ask(&town, method.clone(), path, bearer, body.as_bytes()).await;
            assert_eq!(heard.status.as_u16(), 401, "{method} {path} with {bearer:?}");
            assert!(
                heard.headers.iter().any(|(name, value)| name == "www-authenticate" && value == "Bearer")
            );
            assert!(!heard.text().contains(&token));
        }
    }
    assert_eq!(town.facts().await, facts);
    let heard = ask(&town, Method::GET, "members", Some(&format!("Bearer {token}")), b"").await;
    assert_eq!(heard.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_refuses_changes_nothing() {
    let town = Town::found("refusals").await;
    let facts = town.facts().await;
    let mut wrong = Vec::new();
    for (path, body, (status, code)) in wrong_changes() {
        let seen = change(&town, &path, &body).await;
        if seen != (status, code.to_owned()) {
            wrong.push(format!("{path} {body}: {seen:?}, expected {status} {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(town.facts().await, facts, "a refused change was recorded");
}

/// Path, body, and the status and code that refuse it.
fn wrong_changes() -> Vec<(String, Value, (u16, &'static str))> {
    let key = |number: u8| {
        let pem = credentials_of("X", number).ed25519.public().to_pem();
        pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()
    };
    let member = |client_id: &str| json!({ "clientId": client_id, "role": "WALLET", "name": "A wallet", "country": "SG" });
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    let limit =
        |least: &str, most: &str| json!({ "currency": "CNY", "paymentMin": least, "paymentMax": most });
    let terms = |limits: Value| json!({ "limits": limits, "settlementCurrency": "CNY" });
    let of = |name: &str| format!("members/{ACQUIRER}/{name}");
    let funding = |value: &str| {
        json!({
            "fundingRequestId": "wrong",
            "direction": "IN",
            "amount": { "currency": "PHP", "value": value },
        })
    };
    let merchant = |reference: &str, mcc: &str| {
        json!({
            "referenceMerchantId": reference,
            "merchantName": "Shop",
            "merchantMCC": mcc,
            "country": "CN",
            "city": "SHANGHAI",
        })
    };
    let illegal = (400, "PARAM_ILLEGAL");
    let conflict = (409, "PROCESS_FAIL");
    let unknown = (404, "PARAM_ILLEGAL");
    vec![
        ("members".into(), json!(null), illegal),
        ("members".into(), json!([]), illegal),
        ("members".into(), json!({}), illegal),
        ("members".into(), with(member("NEW"), "role", json!("BANK")), illegal),
        ("members".into(), with(member("NEW"), "country", json!("Singapore")), illegal),
        ("members".into(), with(member("NEW"), "name", json!("")), illegal),
        ("members".into(), with(member("NEW"), "codePrefix", json!("28")), illegal),
        ("members".into(), with(member("NEW"), "endpoint", json!("somewhere")), illegal),
        ("members".into(), with(member("two words"), "name", json!("A wallet")), illegal),
        (
            "members".into(),
            with(with(member("NEW"), "role", json!("ACQUIRER")), "codePrefix", json!("289001")),
            illegal,
        ),
        ("members".into(), member(WALLET), conflict),
        ("members".into(), with(member("NEW"), "codePrefix", json!(WALLETS[0].code_prefix)), conflict),
        ("members/NOBODY/standing".into(), json!({ "standing": "ACTIVE" }), unknown),
        (of("standing"), json!({ "standing": "GONE" }), illegal),
        (of("nothing"), json!({}), unknown),
        (of("keys"), json!({ "version": "2", "publicKey": "MFkw" }), illegal),
        (of("keys"), json!({ "version": "0", "publicKey": key(50) }), illegal),
        (of("keys"), json!({ "version": "1", "publicKey": key(50) }), conflict),
        (of("keys/7/end"), json!({ "algorithm": "ED25519" }), conflict),
        (of("keys/x/end"), json!({ "algorithm": "ED25519" }), unknown),
        (of("agreements"), terms(json!([])), illegal),
        (of("agreements"), terms(json!([limit("2", "1")])), illegal),
        (of("agreements"), terms(json!([limit("1", "2"), limit("1", "2")])), illegal),
        (of("agreements"), with(terms(json!([limit("1", "2")])), "interchangePercent", json!("-1")), illegal),
        (
            of("agreements"),
            with(terms(json!([limit("1", "2")])), "from", json!("2001-01-01T00:00:00Z")),
            conflict,
        ),
        (of("merchants"), merchant("M-2", "12"), illegal),
        (of("merchants"), merchant(ACQUIRERS[0].merchant, "5812"), conflict),
        (format!("members/{WALLET}/merchants"), merchant("M-2", "5812"), conflict),
        (of("merchants/M-NOBODY/stores"), json!({ "referenceStoreId": "S", "storeName": "S" }), unknown),
        ("corridors".into(), json!({ "paymentCurrency": "CNY", "payToCurrency": "PHP" }), illegal),
        (format!("members/{WALLET}/funding"), funding("0"), illegal),
        (format!("members/{WALLET}/funding"), funding("-5"), illegal),
        (format!("members/{WALLET}/funding"), funding("1.5"), illegal),
        (
            format!("members/{WALLET}/funding"),
            with(funding("99999999999"), "direction", json!("OUT")),
            conflict,
        ),
        ("".into(), json!({}), unknown),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_rotated_while_both_live_and_then_ended() {
    let mut town = Town::found("rotation").await;
    let voice = |version: &str, number: u8| {
        let (version, keys) =
            (KeyVersion::parse(version).expect("a number"), credentials_of(ACQUIRER, number));
        let identity = Identity::new(keys.client_id.clone()).with(version, keys.ed25519);
        Voice { identity: Arc::new(identity), scheme: Scheme::Rfc9421, network: town.network.clone() }
    };
    let key = |version: &str, number: u8| {
        let pem = credentials_of(ACQUIRER, number).ed25519.public().to_pem();
        json!({ "version": version, "publicKey": pem.lines().filter(|line| !line.starts_with('-')).collect::<String>() })
    };
    let keys = format!("members/{ACQUIRER}/keys");
    // The cast gives its members keys by their place: the first acquirer comes after the wallets.
    let own = u8::try_from(WALLETS.len() + 1).expect("a few wallets");
    let (old, new, newest) = (voice("1", own), voice("2", 60), voice("3", 61));
    let inquiry = br#"{"paymentRequestId":"never"}"#;
    let path = "aps/api/v1/payments/inquiryPayment";
    let (good, refused) = ("ORDER_NOT_EXIST", "INVALID_SIGNATURE");
    assert_eq!([old.code(path, inquiry).await, new.code(path, inquiry).await], [good, refused]);
    assert_eq!(change(&town, &keys, &key("2", 60)).await, (200, "SUCCESS".into()));
    assert_eq!([old.code(path, inquiry).await, new.code(path, inquiry).await], [good, good]);
    assert_eq!(change(&town, &keys, &key("3", 61)).await, (409, "PROCESS_FAIL".into()), "a third live key");
    let end = json!({ "algorithm": "ED25519" });
    assert_eq!(change(&town, &format!("{keys}/1/end"), &end).await, (200, "SUCCESS".into()));
    assert_eq!([old.code(path, inquiry).await, new.code(path, inquiry).await], [refused, good]);
    restart(&mut town).await;
    assert_eq!([old.code(path, inquiry).await, new.code(path, inquiry).await], [refused, good]);
    assert_eq!(change(&town, &keys, &key("3", 61)).await, (200, "SUCCESS".into()));
    assert_eq!([new.code(path, inquiry).await, newest.code(path, inquiry).await], [good, good]);
    assert_eq!(change(&town, &keys, &key("1", 62)).await.0, 409, "a version is never used again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn terms_hold_from_their_date_and_corridors_at_once() {
    let mut town = Town::found("terms").await;
    let from = wire::body::scalar::Instant(hop::now_ms() + 2_500);
    let mut terms = json!({
        "limits": [{ "currency": "CNY", "paymentMin": "1", "paymentMax": "1000" }],
        "settlementCurrency": "CNY",
        "interchangePercent": "0.60",
        "networkFeePercent": "0.10",
    });
    terms["from"] = serde_json::to_value(from).expect("an instant");
    let agreements = format!("members/{ACQUIRER}/agreements");
    assert_eq!(change(&town, &agreements, &terms).await, (200, "SUCCESS".into()));
    assert_eq!(pay(&town, 0, "before", 1_200).await, "SUCCESS");

    let corridor = |open: &str| json!({ "paymentCurrency": "CNY", "payToCurrency": "PHP", "open": open });
    assert_eq!(change(&town, "corridors", &corridor("false")).await, (200, "SUCCESS".into()));
    assert_eq!(pay(&town, 0, "closed", 800).await, "CURRENCY_NOT_SUPPORT");
    assert_eq!(pay(&town, 1, "another-corridor", 800).await, "SUCCESS");
    restart(&mut town).await;
    assert_eq!(pay(&town, 0, "still-closed", 800).await, "CURRENCY_NOT_SUPPORT");
    assert_eq!(change(&town, "corridors", &corridor("true")).await, (200, "SUCCESS".into()));
    assert_eq!(pay(&town, 0, "open-again", 800).await, "SUCCESS");

    while hop::now_ms() <= from.0 + 50 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(pay(&town, 0, "after", 1_200).await, "PAYMENT_AMOUNT_EXCEED_LIMIT");
    assert_eq!(pay(&town, 0, "within", 1_000).await, "SUCCESS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn funds_count_once_and_everything_survives() {
    let mut town = Town::found("funds").await;
    let path = format!("members/{WALLET}/funding");
    let funding = |id: &str, direction: &str, value: &str| {
        json!({
            "fundingRequestId": id,
            "direction": direction,
            "amount": { "currency": "PHP", "value": value },
            "bankReference": "B-1",
        })
    };
    let deposit = i128::from(WALLETS[0].deposit);
    assert_eq!(balance(&town).await, deposit);
    for _ in 0..3 {
        assert_eq!(change(&town, &path, &funding("in-1", "IN", "500")).await, (200, "SUCCESS".into()));
        assert_eq!(balance(&town).await, deposit + 500);
    }
    let other = change(&town, &path, &funding("in-1", "IN", "501")).await;
    assert_eq!(other.0, 409, "the same id with another amount");
    assert_eq!(change(&town, &path, &funding("out-1", "OUT", "200")).await, (200, "SUCCESS".into()));
    assert_eq!(balance(&town).await, deposit + 300);

    let merchants = format!("members/{ACQUIRER}/merchants");
    let merchant = json!({
        "referenceMerchantId": "M-NEW",
        "merchantName": "Tea House",
        "merchantMCC": "5812",
        "country": "CN",
        "city": "SHANGHAI",
    });
    assert_eq!(change(&town, &merchants, &merchant).await, (200, "SUCCESS".into()));
    let store = json!({ "referenceStoreId": "S-NEW", "storeName": "First", "terminalIds": ["T1"] });
    assert_eq!(change(&town, &format!("{merchants}/M-NEW/stores"), &store).await, (200, "SUCCESS".into()));
    let before = everything(&town).await;
    restart(&mut town).await;
    assert_eq!(everything(&town).await, before);
    assert_eq!(change(&town, &path, &funding("in-1", "IN", "500")).await, (200, "SUCCESS".into()));
    assert_eq!(balance(&town).await, deposit + 300, "a repeat after a restart counted again");
}

async fn everything(town: &Town) -> Vec<Value> {
    let merchants = format!("members/{ACQUIRER}/merchants");
    let mut all = Vec::new();
    for path in ["members", &merchants, "corridors", "positions"] {
        all.push(town.operator.look(path).await.expect("the network is up"));
    }
    all
}

/// What the first wallet has with the network, in minor units.
async fn balance(town: &Town) -> i128 {
    let positions = town.operator.look("positions").await.expect("the network is up");
    let rows = positions["positions"].as_array().expect("positions");
    let row = rows.iter().find(|row| row["clientId"] == WALLET).expect("the wallet has a position");
    assert_eq!(row["balance"]["currency"], "PHP");
    row["available"].as_str().and_then(|value| value.parse().ok()).expect("a number")
}
