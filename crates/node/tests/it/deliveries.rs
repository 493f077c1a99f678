//! Money that moves with the receivables chain, from outside: what the chain's link tells and asks over the operator's
//! API, a network that is killed in between, and an acquirer that asks what its merchant could be advanced.

use members::cast::{ACQUIRERS, PROVIDERS};
use serde_json::{Value, json};
use wire::signature::Scheme;

use crate::town::Town;
use crate::voice::Voice;

const FUNDER: &str = PROVIDERS[0].client_id;
const PAYEE: &str = ACQUIRERS[0].client_id;

fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

fn lock(key: char, minor: &str) -> Value {
    json!({
        "key": hash(key),
        "part": hash('b'),
        "funder": FUNDER,
        "payee": PAYEE,
        "price": { "currency": "CNY", "value": minor },
        "until": "2100-01-01T00:00:00Z",
    })
}

fn word(key: char, to: &str, minor: &str) -> Value {
    let shares = json!([{ "to": to, "amount": minor, "of": hash('b') }]);
    json!({ "key": hash(key), "word": "FINAL", "shares": shares })
}

/// What is listed as open: number, stage and what it awaits.
async fn open(town: &Town) -> Vec<[String; 3]> {
    let listed = town.operator.look("deliveries").await.expect("the network is up");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |one: &Value| [text(&one["number"]), text(&one["stage"]), text(&one["awaits"])];
    listed["deliveries"].as_array().into_iter().flatten().map(one).collect()
}

/// What the payee has, and what is held of the funder, in CNY.
async fn standing(town: &Town) -> (i64, i64) {
    let positions = town.operator.look("positions").await.expect("the network is up");
    let of = |client: &str, field: fn(&Value) -> &Value| {
        let all = positions["positions"].as_array().expect("positions");
        let own = all.iter().find(|one| one["clientId"] == client && one["balance"]["currency"] == "CNY");
        field(own.expect("it has an account")).as_str().and_then(|text| text.parse().ok()).expect("a number")
    };
    (of(PAYEE, |one| &one["balance"]["value"]), of(FUNDER, |one| &one["reserved"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_paid_on_the_chains_word_across_a_kill() {
    let mut town = Town::found("deliveries").await;
    let (before, _) = standing(&town).await;
    assert!(open(&town).await.is_empty());
    for _ in 0..2 {
        town.operator.change("deliveries/locks", &lock('a', "98500")).await.expect("it is heard");
        assert_eq!(open(&town).await, [["1", "RESERVED", "PROOF"].map(str::to_owned)]);
        assert_eq!(standing(&town).await, (before, 98_500));
    }
    town.server.kill().await.expect("it dies");
    town.start().await.expect("it comes back");
    assert_eq!(open(&town).await, [["1", "RESERVED", "PROOF"].map(str::to_owned)]);
    let facts = town.facts().await;
    let mut wrong_key = lock('c', "1");
    wrong_key["key"] = json!("0x12");
    for (path, body) in [
        ("deliveries/locks", lock('a', "98501")),
        ("deliveries/locks", wrong_key),
        ("deliveries/locks", json!({ "key": hash('a') })),
        ("deliveries/words", word('a', PAYEE, "98499")),
        ("deliveries/words", word('a', FUNDER, "98500")),
        ("deliveries/words", word('d', PAYEE, "98500")),
        ("deliveries/words", word('a', "NOBODY", "98500")),
        ("deliveries/nothing", json!({})),
    ] {
        assert!(town.operator.change(path, &body).await.is_err(), "{path} {body}");
    }
    assert_eq!(town.facts().await, facts, "what is refused leaves no trace");
    for _ in 0..2 {
        town.operator.change("deliveries/words", &word('a', PAYEE, "98500")).await.expect("the chain's word");
        assert!(open(&town).await.is_empty());
        assert_eq!(standing(&town).await, (before + 98_500, 0));
    }
    // Another lock ends: nothing moves.
    town.operator.change("deliveries/locks", &lock('e', "5000")).await.expect("it is heard");
    let ended = json!({ "key": hash('e'), "word": "ENDED" });
    town.operator.change("deliveries/words", &ended).await.expect("the chain's word");
    assert_eq!(standing(&town).await, (before + 98_500, 0));
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_without_history_is_told_why() {
    let town = Town::found("advances").await;
    let identity = town.company.credentials[PAYEE].identity();
    let voice = Voice { identity, scheme: Scheme::Rfc9421, network: town.network.clone() };
    let merchant = ACQUIRERS[0].merchant;
    let consult = |merchant: &str| json!({ "referenceMerchantId": merchant, "currency": "CNY" });
    let consented = json!({
        "referenceMerchantId": merchant,
        "currency": "CNY",
        "consentHash": hash('1'),
    });
    let draw = json!({ "offerNumber": "1", "amount": { "currency": "CNY", "value": "1000" } });
    let ask = async |path: &str, body: &Value| {
        voice.code(&format!("aps/api/v1/{path}"), body.to_string().as_bytes()).await
    };
    assert_eq!(ask("advances/consult", &consented).await, "PROCESS_FAIL", "nobody lends");
    let lending = json!({
        "lentMax": { "currency": "CNY", "value": "5000000" },
        "largest": "1000000",
        "smallest": "10000",
        "costPpm": "40000",
        "until": "2100-01-01T00:00:00Z",
    });
    let path = format!("members/{FUNDER}/lending");
    town.operator.change(&path, &lending).await.expect("terms");
    let facts = town.facts().await;
    for (path, body, code) in [
        ("advances/consult", consult(merchant), "RISK_REJECT"),
        ("advances/consult", consented, "RISK_REJECT"),
        ("advances/consult", consult("M-UNKNOWN"), "PARAM_ILLEGAL"),
        ("advances/consult", json!({ "currency": "CNY" }), "PARAM_ILLEGAL"),
        ("advances/draw", draw, "PARAM_ILLEGAL"),
    ] {
        assert_eq!(ask(path, &body).await, code, "{path} {body}");
    }
    assert_eq!(town.facts().await, facts, "a refusal is no fact");
}
