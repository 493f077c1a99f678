//! What is refused of proofs, and why, as a table; and that nothing of it leaves a trace.

use receivables::Event;
use receivables::codec::hex;
use receivables::state::Key;
use serde_json::{Value, json};

use super::{
    BANK, DAY_MS, DEBTOR, GHOST, SPONSOR, UNMAPPED, chain, found, is_locked, only_reference, settle_lock,
    show, show_lock,
};
use crate::chain::Who;
use crate::town::Town;

/// Between two places of a proof at which a byte is changed.
const STRIDE: usize = 29;

async fn refused(town: &Town, path: &str, body: &Value) -> String {
    town.operator.change(path, body).await.expect_err("it is refused").to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_proof_does_not_show_is_refused() {
    let (mut chain, mut town) = found("refusals").await;
    let rate = chain.rate(BANK, "CNY");
    let mut lock_of = |number, sponsor| {
        let holder = Who::Party(number, sponsor);
        let part = chain.certificate(DEBTOR, holder, 10_000);
        let (key, _) = chain.lock(part, holder, rate, DAY_MS);
        (part, key, chain.event(is_locked))
    };
    let (_, _, unmapped) = lock_of(11, UNMAPPED);
    let (_, _, ghost) = lock_of(12, GHOST);
    let (unheard_part, unheard_key, _) = lock_of(13, SPONSOR);
    let (part, key, locked) = lock_of(14, SPONSOR);
    show_lock(&town, &locked).await.expect("it is heard");
    let reference = only_reference(&town).await;
    let silence = (chain.header(), chain.record(&Key::Reference(reference)));
    settle_lock(&mut chain, unheard_part, unheard_key, [9; 32]);
    let is_sold = |event: &Event| matches!(event, Event::Sold(_));
    let unheard = chain.event(is_sold);
    settle_lock(&mut chain, part, key, reference);
    let (sold, not_final) = (chain.event(is_sold), chain.not_final(is_sold));
    let rate_posted = chain.event(|event| matches!(event, Event::RatePosted(_)));
    let record = chain.record(&Key::Reference([1; 32]));
    let mut other = self::chain("another");
    let rate = other.rate(BANK, "CNY");
    let elsewhere = other.certificate(DEBTOR, Who::Party(14, SPONSOR), 10_000);
    other.lock(elsewhere, Who::Party(14, SPONSOR), rate, DAY_MS);
    let foreign = other.event(is_locked);
    let facts = town.facts().await;
    let one = |proof: &str| json!({ "proof": proof });
    let words = |proofs: &[&str]| json!({ "proofs": proofs });
    let absence = |key: &str| json!({ "proofs": [&sold, &record], "key": key });
    let key = hex(&key);
    for (path, body, told) in [
        ("locks", json!({ "key": key }), "proof is missing"),
        ("locks", one("{}"), "Proof 1: not the written form of a proof"),
        ("locks", one(&foreign), "Proof 1: of another chain"),
        ("locks", one(&chain.not_final(is_locked)), "Proof 1: the header is not shown to be final"),
        ("locks", one(&sold), "Proof 1 shows Sold, not Locked"),
        ("locks", one(&record), "Proof 1 shows no event"),
        ("locks", one(&unmapped), "Member 8 of the chain is none of ours"),
        ("locks", one(&ghost), "Member 9 of the chain is GHOST here, who is no member"),
        ("words", json!({ "key": key }), "proofs is missing"),
        ("words", words(&[]), "proofs is empty"),
        ("words", words(&[&sold, &sold, &sold]), "a list of more than 2"),
        ("words", words(&[&foreign]), "Proof 1: of another chain"),
        ("words", words(&[&not_final]), "Proof 1: the header is not shown to be final"),
        ("words", words(&[&locked]), "Proof 1 shows Locked, not Sold"),
        ("words", words(&[&rate_posted]), "Proof 1 shows RatePosted, not Sold"),
        ("words", words(&[&record]), "Proof 1 shows no event"),
        ("words", words(&[&unheard]), "No delivery is known by this yet"),
        ("words", words(&[&sold, &locked]), "Proof 1 shows Sold, not Paid"),
        ("words", json!({ "proofs": [&sold], "key": key }), "with key, two"),
        ("words", json!({ "proofs": [&sold, &sold], "key": key }), "Proof 2 shows nothing of the state"),
        ("words", json!({ "proofs": [&sold, &foreign], "key": key }), "Proof 2: of another chain"),
        ("words", absence("0x12"), "key is not 64 small hexadecimal digits"),
        ("words", absence(&key), "Proof 2 is of another record"),
        ("nothing", json!({}), "There is no such path"),
    ] {
        let said = refused(&town, &format!("deliveries/{path}"), &body).await;
        assert!(said.contains(told), "{path} {told:?}: {said}");
    }
    // A lock does not end because nothing is known of its money.
    let body = json!({ "proofs": [silence.0, silence.1], "key": key });
    let said = refused(&town, "deliveries/words", &body).await;
    assert!(said.contains("No absence ends this, only the chain's own event"), "{said}");
    // No byte of a proof can change.
    for place in (0..sold.len()).step_by(STRIDE) {
        let mut bytes = sold.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("it was ASCII");
        let said = refused(&town, "deliveries/words", &words(&[&changed])).await;
        assert!(said.contains("Proof 1: "), "byte {place}: {said}");
    }
    // The longest proof is read and refused; what is longer is not read.
    let long = "x".repeat(receivables::proof::FILE_BYTES_MAX);
    let said = refused(&town, "deliveries/words", &words(&[&long, &long])).await;
    assert!(said.contains("Proof 1: not the written form"), "{said}");
    let said = refused(&town, "deliveries/locks", &one(&format!("{long}x"))).await;
    assert!(said.contains("is longer than 4194304 characters"), "{said}");
    let said = refused(&town, "deliveries/words", &words(&[&long, &format!("{long}{long}")])).await;
    assert!(!said.contains("Proof"), "{said}");
    assert_eq!(town.facts().await, facts, "what is refused leaves no trace");
    show(&town, &[&sold]).await.expect("the chain's word");
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_chain_no_proof_is_taken() {
    let mut town = Town::found("chainless").await;
    for (path, body) in [("locks", json!({ "proof": "{}" })), ("words", json!({ "proofs": ["{}"] }))] {
        let said = refused(&town, &format!("deliveries/{path}"), &body).await;
        assert!(said.contains("No receivables chain is configured"), "{said}");
    }
    town.stop_and_replay().await;
}
