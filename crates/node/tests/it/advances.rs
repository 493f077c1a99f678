//! Advances to merchants, from outside: consent, score or a funder's own judgement, the draw, the lien's proof, the money,
//! and its repayment out of sales on days that have passed.

mod days;

use std::time::Instant;

use members::cast::ACQUIRERS;
use receivables::codec::{hex, unhex};
use receivables::event::LienPlaced;
use receivables::state::{Key, unit_id};
use receivables::transaction::{NewUnit, PlaceLien, RegisterUnits, SettleUnit, Transaction};
use receivables::{Event, Hash};
use serde_json::{Value, json};
use wire::signature::Scheme;

use crate::chain::{Chain, SETTLER, Who};
use crate::deliveries::{
    BANK, FUNDER, PAYEE, SPONSOR, found, listed, now_ms, only_reference, show, show_absence, standing,
};
use crate::town::{Town, say};
use crate::voice::Voice;

const MERCHANT: &str = ACQUIRERS[0].merchant;
/// The merchant on the chain.
const ON_CHAIN: Who = Who::Party(100, SPONSOR);

fn voice(town: &Town, client: &str) -> Voice {
    let identity = town.company.credentials[client].identity();
    Voice { identity, scheme: Scheme::Rfc9421, network: town.network.clone() }
}

async fn ask(town: &Town, client: &str, path: &str, body: &Value) -> Value {
    voice(town, client).answer(&format!("aps/api/v1/advances/{path}"), body).await
}

fn code(answer: &Value) -> &str {
    answer["result"]["resultCode"].as_str().expect("a code")
}

fn consult(consent: char) -> Value {
    let consent = consent.to_string().repeat(64);
    json!({ "referenceMerchantId": MERCHANT, "currency": "CNY", "consentHash": consent })
}

fn draw(offer: &Value, minor: &str) -> Value {
    json!({ "offerNumber": offer["offerNumber"], "amount": { "currency": "CNY", "value": minor } })
}

async fn lend(town: &Town) {
    let lending = json!({
        "lentMax": { "currency": "CNY", "value": "5000000" },
        "largest": "1000000",
        "smallest": "10000",
        "costPpm": "40000",
        "until": "2100-01-01T00:00:00Z",
    });
    town.operator.change(&format!("members/{FUNDER}/lending"), &lending).await.expect("terms");
}

fn hash_of(value: &Value) -> Hash {
    let bytes = unhex(value.as_str().expect("a text")).expect("hexadecimal");
    Hash::try_from(bytes).expect("32 bytes")
}

fn number(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).expect("a number")
}

/// The lien that the only open delivery waits for, as the merchant and its funder sign it.
async fn lien(town: &Town) -> PlaceLien {
    let listed = listed(town).await;
    let (open, terms) = (&listed[0], &listed[0]["lien"]);
    PlaceLien {
        merchant: ON_CHAIN.as_party(),
        funder: BANK,
        currency: money::Currency::parse("CNY").expect("a currency"),
        owed: number(&terms["owed"]),
        share_ppm: u32::try_from(number(&terms["sharePpm"])).expect("a share"),
        cap_per_day: number(&terms["capPerDay"]),
        end_day: u32::try_from(number(&terms["endDay"])).expect("a day"),
        consent: hash_of(&terms["consentHash"]),
        reference: hash_of(&open["reference"]),
    }
}

/// Places the lien on the chain. Returns its proof.
fn place(chain: &mut Chain, wish: PlaceLien) -> (LienPlaced, String) {
    let events = chain.act(Transaction::PlaceLien(wish), &[Who::Member(BANK), ON_CHAIN]).expect("a lien");
    let placed = events.into_iter().find_map(|event| match event {
        Event::LienPlaced(placed) => Some(placed),
        _ => None,
    });
    (placed.expect("it was placed"), chain.event(|event| matches!(event, Event::LienPlaced(_))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_without_history_is_told_why_and_a_funder_may_think_otherwise() {
    let (mut chain, mut town) = found("advances").await;
    let bare = json!({ "referenceMerchantId": MERCHANT, "currency": "CNY" });
    let answer = ask(&town, PAYEE, "consult", &consult('1')).await;
    assert_eq!(code(&answer), "PROCESS_FAIL", "nobody lends");
    lend(&town).await;
    let facts = town.facts().await;
    let unknown = json!({ "offerNumber": "1", "amount": { "currency": "CNY", "value": "1000" } });
    for (path, body, expected) in [
        ("consult", bare, "RISK_REJECT"),
        ("consult", consult('1'), "RISK_REJECT"),
        ("consult", json!({ "referenceMerchantId": "M-UNKNOWN", "currency": "CNY" }), "PARAM_ILLEGAL"),
        ("consult", json!({ "currency": "CNY" }), "PARAM_ILLEGAL"),
        ("draw", unknown, "PARAM_ILLEGAL"),
    ] {
        assert_eq!(code(&ask(&town, PAYEE, path, &body).await), expected, "{path} {body}");
    }
    let own = |field: &str, value: Value| {
        let mut body = json!({
            "acquirer": PAYEE, "referenceMerchantId": MERCHANT, "consentHash": "1".repeat(64),
            "limit": { "currency": "CNY", "value": "200000" }, "costPpm": "30000", "sharePpm": "150000",
            "capPerDay": "50000",
        });
        body[field] = value;
        body
    };
    for (body, expected) in [
        (own("acquirer", json!("GHOST")), "PARAM_ILLEGAL"),
        (own("referenceMerchantId", json!("M-UNKNOWN")), "PARAM_ILLEGAL"),
        (own("consentHash", json!("1")), "PARAM_ILLEGAL"),
        (own("sharePpm", json!("0")), "PARAM_ILLEGAL"),
        (own("limit", json!({ "currency": "CNY", "value": "1000001" })), "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        (own("limit", json!({ "currency": "USD", "value": "1" })), "PROCESS_FAIL"),
    ] {
        assert_eq!(code(&ask(&town, FUNDER, "offer", &body).await), expected, "{body}");
    }
    let good = own("costPpm", json!("30000"));
    assert_eq!(code(&ask(&town, PAYEE, "offer", &good).await), "PROCESS_FAIL", "it lends nothing");
    assert_eq!(town.facts().await, facts, "a refusal is no fact");
    // A person at the funder has looked again; the acquirer sees it under the same consent, and no other.
    let offered = ask(&town, FUNDER, "offer", &good).await;
    assert_eq!(ask(&town, FUNDER, "offer", &good).await, offered, "once");
    let other = own("costPpm", json!("30001"));
    assert_eq!(code(&ask(&town, FUNDER, "offer", &other).await), "REPEAT_REQ_INCONSISTENT");
    let seen = ask(&town, PAYEE, "consult", &consult('1')).await;
    assert_eq!((code(&seen), &seen["offer"]), ("SUCCESS", &offered["offer"]));
    assert_eq!(seen["offer"]["score"], "0");
    assert_eq!(code(&ask(&town, PAYEE, "consult", &consult('2')).await), "RISK_REJECT");
    let before = standing(&town, PAYEE).await.0;
    let drawn = ask(&town, PAYEE, "draw", &draw(&seen["offer"], "100000")).await;
    assert_eq!((code(&drawn), &drawn["stage"]), ("SUCCESS", &json!("HELD")));
    assert_eq!(standing(&town, FUNDER).await.1, 100_000);
    let wish = lien(&town).await;
    assert_eq!(wish.owed, 103_000);
    // A lien on other terms secures nothing; so on the chain its money is known and yet not paid.
    let mut elsewhere = Chain::new("elsewhere", now_ms(), &[BANK, SPONSOR], BANK, "CNY");
    let (_, foreign) = place(&mut elsewhere, wish.clone());
    let refused = show(&town, &[&foreign]).await.expect_err("of another chain");
    assert!(refused.contains("of another chain"), "{refused}");
    let (_, proof) = place(&mut chain, wish);
    for _ in 0..2 {
        show(&town, &[&proof]).await.expect("the lien stands");
        assert_eq!(standing(&town, PAYEE).await.0, before + 100_000);
        assert_eq!(standing(&town, FUNDER).await.1, 0);
    }
    let drawn = ask(&town, PAYEE, "draw", &draw(&seen["offer"], "100000")).await;
    assert_eq!((&drawn["stage"], &drawn["owed"]), (&json!("PAID_OUT"), &json!("103000")));
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lien_on_other_terms_pays_nothing_and_silence_releases() {
    let (mut chain, mut town) = found("liens").await;
    lend(&town).await;
    let own = json!({
        "acquirer": PAYEE, "referenceMerchantId": MERCHANT, "consentHash": "1".repeat(64),
        "limit": { "currency": "CNY", "value": "200000" }, "costPpm": "30000", "sharePpm": "150000",
        "capPerDay": "50000",
    });
    let offered = ask(&town, FUNDER, "offer", &own).await;
    let drawn = ask(&town, PAYEE, "draw", &draw(&offered["offer"], "100000")).await;
    assert_eq!(drawn["stage"], "HELD");
    let wish = lien(&town).await;
    let (_, proof) = place(&mut chain, PlaceLien { owed: wish.owed - 1, ..wish });
    let facts = town.facts().await;
    let refused = show(&town, &[&proof]).await.expect_err("less is owed than was drawn");
    assert!(refused.contains("The lien on the chain has other terms than were drawn on"), "{refused}");
    assert_eq!(town.facts().await, facts);
    assert_eq!(standing(&town, FUNDER).await.1, 100_000, "it is held, for people to look at");
    // Another advance's lien never comes: when its time is over, the chain's silence releases the money.
    let mut second = own.clone();
    second["consentHash"] = json!("2".repeat(64));
    let offered = ask(&town, FUNDER, "offer", &second).await;
    let drawn = ask(&town, PAYEE, "draw", &draw(&offered["offer"], "50000")).await;
    assert_eq!((&drawn["stage"], standing(&town, FUNDER).await.1), (&json!("HELD"), 150_000));
    let open = listed(&town).await.remove(1);
    chain.pass_to(now_ms() + 11 * 60_000);
    let header = chain.header();
    let absent = chain.record(&Key::Reference(hash_of(&open["reference"])));
    show_absence(&town, open["key"].as_str().expect("a key"), &[&header, &absent]).await.expect("silence");
    assert_eq!(standing(&town, FUNDER).await.1, 100_000);
    let drawn = ask(&town, PAYEE, "draw", &draw(&offered["offer"], "50000")).await;
    assert_eq!(drawn["stage"], "RELEASED");
    town.stop_and_replay().await;
}

/// Seven months of sales are in the journal; then the merchant consents, and has the money; and repays it out of what it
/// sells on the next days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_has_its_money_in_seconds_and_repays_out_of_its_sales() {
    let (mut chain, mut town) = found("merchant").await;
    lend(&town).await;
    town.server.stop().await.expect("it stops");
    days::sell_for_months(&town.directory);
    town.start().await.expect("it comes back");
    let before = standing(&town, PAYEE).await.0;
    let begun = Instant::now();
    let answer = ask(&town, PAYEE, "consult", &consult('7')).await;
    let offer_ms = begun.elapsed().as_millis();
    assert_eq!(code(&answer), "SUCCESS", "{answer}");
    let offer = &answer["offer"];
    assert!(number(&offer["score"]) > 0, "{offer}");
    let minor = number(&offer["limit"]["value"]).min(100_000);
    let drawn = ask(&town, PAYEE, "draw", &draw(offer, &minor.to_string())).await;
    assert_eq!(drawn["stage"], "HELD", "{drawn}");
    let wish = lien(&town).await;
    chain.pass_to(u64::from(wish.end_day - 360) * 86_400_000);
    let (placed, proof) = place(&mut chain, wish);
    show(&town, &[&proof]).await.expect("the lien stands");
    assert_eq!(standing(&town, PAYEE).await.0, before + i64::try_from(minor).expect("small"));
    let money_ms = begun.elapsed().as_millis();
    say(&format!("offer after {offer_ms} ms, money after {money_ms} ms, the test chain's finality aside"));
    assert!(offer_ms <= 1_000 && money_ms <= 10_000, "{offer_ms} ms, {money_ms} ms");
    // The next day sells; the day after, its share is asked for, taken on the chain, and paid.
    town.server.stop().await.expect("it stops");
    days::sell_a_day(&town.directory, 90_000);
    town.start().await.expect("it comes back");
    let reference = only_reference(&town).await;
    let open = listed(&town).await.remove(0);
    assert_eq!((&open["kind"], &open["stage"]), (&json!("UNIT"), &json!("RESERVED")), "{open}");
    let net = number(&open["netSales"]);
    chain.pass_to(chain.time_ms + 2 * 86_400_000);
    let (registrar, merchant, day) = (SPONSOR, ON_CHAIN.as_party(), chain.day());
    let unit = NewUnit { scheme: 1, currency: placed.terms.currency, day, amount: net, fixed: true };
    let id = unit_id(registrar, &merchant, &unit);
    let wish = RegisterUnits { registrar, merchant, units: vec![unit] };
    chain.act(Transaction::RegisterUnits(wish), &[Who::Member(SPONSOR)]).expect("sales");
    let wish = SettleUnit { unit: id, reference };
    let events = chain.act(Transaction::SettleUnit(wish), &[Who::Member(SETTLER)]).expect("they are paid");
    let Event::UnitSettled(settled) = &events[0] else { panic!("{events:?}") };
    let taken = settled.liens[0].amount;
    assert!(taken > 0 && taken == number(&open["amount"]), "{settled:?} {open}");
    let lender = standing(&town, FUNDER).await.0;
    let proof = chain.event(|event| matches!(event, Event::UnitSettled(_)));
    for _ in 0..2 {
        show(&town, &[&proof]).await.expect("the chain's word");
        assert_eq!(standing(&town, FUNDER).await.0, lender + i64::try_from(taken).expect("small"));
    }
    let drawn = ask(&town, PAYEE, "draw", &draw(offer, &minor.to_string())).await;
    assert_eq!(number(&drawn["owed"]), placed.terms.owed - taken, "{}", hex(&placed.advance));
    assert!(listed(&town).await.is_empty());
    town.stop_and_replay().await;
}
