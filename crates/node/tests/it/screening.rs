//! Sanctions lists from outside: published and refused, a merchant that is listed while the network runs, two people who
//! clear and confirm, and lists kept in files.

use std::time::{Duration, Instant};

use hyper::Method;
use members::cast::{ACQUIRERS, WALLETS};
use serde_json::{Value, json};

use crate::risk::{CHECKER, ask, look, pay, post, restart, with_two_people};
use crate::town::Town;

/// The desk has long done its work by then.
const SCREENED_WITHIN: Duration = Duration::from_secs(10);

async fn publish(town: &Town, text: &str) -> (u16, Value) {
    post(town, CHECKER, "risk/lists/own", json!({ "format": "OWN", "text": text })).await
}

/// Waits until a party's status is this, and tells what is known of it.
async fn screened(town: &Town, subject: &str, status: &str) -> Value {
    let (path, begun) = (format!("risk/parties/{}", subject.replace('/', "%2F")), Instant::now());
    loop {
        let (_, seen) = ask(town, CHECKER, Method::GET, &path, &json!({})).await;
        if seen["status"] == status {
            return seen;
        }
        assert!(begun.elapsed() < SCREENED_WITHIN, "{subject} is not {status}: {seen}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn rule(town: &Town, people: [&str; 2], case: &str, ruling: &str) {
    for person in people {
        let claim = format!("risk/cases/{case}/claim");
        assert_eq!(post(town, person, &claim, json!({})).await.0, 200);
        let ruling = json!({ "ruling": ruling, "reason": "compared papers" });
        assert_eq!(post(town, person, &format!("risk/cases/{case}/ruling"), ruling).await.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_listed_while_the_network_runs_is_held_cleared_and_at_last_declined() {
    let (mut town, maker) = with_two_people("screening").await;
    let merchant = format!("{}/{}", ACQUIRERS[0].client_id, ACQUIRERS[0].merchant);
    let payer = format!("{}/user-1", WALLETS[0].client_id);
    let named = json!({ "subject": payer, "name": "Juan dela Cruz", "birthYear": "1980" });
    assert_eq!(post(&town, &maker, "risk/parties", named).await.0, 200);
    let (status, refused) = publish(&town, "1,Somebody Else\n2\n").await;
    let told = refused["result"]["resultMessage"].as_str().unwrap_or_default();
    assert!(status == 400 && told.contains("line 2"), "{refused}");
    let cut = json!({ "format": "UN", "text": "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>" });
    let (status, refused) = post(&town, &maker, "risk/lists/un", cut).await;
    let told = refused["result"]["resultMessage"].as_str().unwrap_or_default();
    assert!(status == 400 && told.contains("CONSOLIDATED_LIST/INDIVIDUALS"), "{refused}");
    assert_eq!(publish(&town, "1,Somebody Else\n").await.0, 200);
    screened(&town, &merchant, "CLEAR").await;
    screened(&town, &payer, "CLEAR").await;
    assert_eq!(pay(&town, "clear", 1_000).await.0, "SUCCESS");

    // Long enough to be no member's message, and taken from the operator alone.
    let others: String =
        (2..4_000).map(|number| format!("{number},Other Body Number{number} Of Many\n")).collect();
    let listed = format!("1,Somebody Else\n{others}9999,LOTUS NOODLE HOUSE;Lotus Noodles\n");
    assert!(listed.len() > 128 * 1024);
    let body = json!({ "format": "OWN", "text": listed });
    assert_eq!(ask(&town, "nobody's token", Method::POST, "risk/lists/own", &body).await.0, 413);
    assert_eq!(publish(&town, &listed).await.0, 200);
    let found = screened(&town, &merchant, "POSSIBLE").await;
    assert_eq!((&found["hits"][0]["entry"], &found["hits"][0]["milli"]), (&json!("9999"), &json!("1000")));
    let (code, payment) = pay(&town, "held", 1_000).await;
    assert_eq!(code, "RISK_REJECT");
    let verdict = &look(&town, &format!("risk/payments/{payment}")).await["verdict"];
    assert_eq!(
        (&verdict["decision"], &verdict["reasons"][0]["code"]),
        (&json!("REVIEW"), &json!("SCREENING"))
    );
    let queue = look(&town, "risk/cases").await;
    let cases = queue["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["partyName"] == ACQUIRERS[0].merchant_name).expect("its case");
    let number = case["number"].as_str().expect("a number").to_owned();
    assert_eq!(case["sanctions"], "true");
    assert_eq!(look(&town, &format!("risk/cases/{number}")).await["hits"][0]["list"], "own");

    rule(&town, [&maker, CHECKER], &number, "GENUINE").await;
    assert_eq!(pay(&town, "cleared", 1_000).await.0, "SUCCESS");
    restart(&mut town).await;
    assert_eq!(publish(&town, &format!("{listed}10000,One More Body\n")).await.0, 200);
    screened(&town, &merchant, "CLEAR").await;
    assert_eq!(pay(&town, "still-cleared", 1_000).await.0, "SUCCESS", "a cleared pair alerts nobody again");
    let lists = look(&town, "risk/lists").await;
    assert_eq!((&lists["lists"][0]["entryCount"], &lists["stale"]), (&json!("4001"), &json!("false")));

    // The payer is listed, under a spelling of its own, and confirmed by two.
    assert_eq!(publish(&town, &format!("{listed}10000,\"DELA CRUZ, Juan\",1980\n")).await.0, 200);
    screened(&town, &payer, "POSSIBLE").await;
    let queue = look(&town, "risk/cases").await;
    let cases = queue["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["partyName"] == "Juan dela Cruz").expect("its case");
    rule(&town, [CHECKER, &maker], case["number"].as_str().expect("a number"), "FRAUD").await;
    let (code, payment) = pay(&town, "listed", 1_000).await;
    assert_eq!(code, "RISK_REJECT");
    let verdict = &look(&town, &format!("risk/payments/{payment}")).await["verdict"];
    assert_eq!((&verdict["decision"], &verdict["reasons"][0]["code"]), (&json!("DECLINE"), &json!("LISTED")));
    let (status, refused) = publish(&town, "1,Somebody Else\n").await;
    let told = refused["result"]["resultMessage"].as_str().unwrap_or_default();
    assert!(status == 409 && told.contains("lost"), "a broken download: {refused}");
    town.stop_and_replay().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_in_files_are_published_at_the_start_or_it_does_not_start() {
    let (mut town, _) = with_two_people("screening-files").await;
    let file = town.directory.join("own.csv");
    std::fs::write(&file, "1,LOTUS NOODLE HOUSE\n").expect("the directory is ours");
    let config = town.directory.join("sojourn.toml");
    let mut text = std::fs::read_to_string(&config).expect("a configuration");
    text.push_str("\n[[lists]]\nname = \"own\"\nformat = \"OWN\"\nfile = \"own.csv\"\n");
    std::fs::write(&config, text).expect("the directory is ours");
    restart(&mut town).await;
    let merchant = format!("{}/{}", ACQUIRERS[0].client_id, ACQUIRERS[0].merchant);
    screened(&town, &merchant, "POSSIBLE").await;
    assert_eq!(pay(&town, "held", 1_000).await.0, "RISK_REJECT");
    town.server.stop().await.expect("the network stops when asked");
    std::fs::write(&file, "1,LOTUS NOODLE HOUSE\nno comma\n").expect("the directory is ours");
    assert!(town.start().await.is_err(), "a list that cannot be read is no list");
    let log = std::fs::read_to_string(town.directory.join("network.log")).expect("a log");
    assert!(log.contains("own.csv") && log.contains("line 2"), "{log}");
}
