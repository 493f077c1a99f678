//! A model from labelled payments to live: trained by the command, published by two, scoring in shadow beside the rules,
//! promoted by two, deciding with a score and what it came from; and its drift.

use std::path::Path;
use std::process::Command;

use hyper::Method;
use serde_json::{Value, json};

use crate::risk::{CHECKER, ask, look, pay, post, with_two_people};
use crate::town::{SOJOURN, Town};

/// Ninety days in which strangers who pay much are frauds; those who are known pay much as well, and strangers little.
fn history() -> String {
    let mut random = fastrand::Rng::with_seed(11);
    let mut rows: Vec<(u64, String, u64, u8)> = Vec::new();
    for day in 0..90_u64 {
        let moment = |random: &mut fastrand::Rng| day * 86_400 + random.u64(0..86_000);
        let (small, large) = (500..3_000, 30_000..60_000);
        for known in 0..60 {
            let cents = if known % 6 == 0 { random.u64(large.clone()) } else { random.u64(small.clone()) };
            rows.push((moment(&mut random), format!("known-{known}"), cents, 0));
        }
        for stranger in 0..4 {
            rows.push((moment(&mut random), format!("new-{day}-{stranger}"), random.u64(small.clone()), 0));
            rows.push((moment(&mut random), format!("thief-{day}-{stranger}"), random.u64(large.clone()), 1));
        }
    }
    rows.sort();
    let line = |(at, payer, cents, fraud): (u64, String, u64, u8)| {
        format!("{at},{payer},shop-{},{cents},{fraud}\n", at % 5)
    };
    rows.into_iter().map(line).fold("t,payer,merchant,cents,fraud\n".to_owned(), |text, line| text + &line)
}

fn sojourn(arguments: &[&str], directory: &Path) -> Value {
    let output =
        Command::new(SOJOURN).args(arguments).current_dir(directory).output().expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("--json prints JSON")
}

async fn by_two(town: &Town, maker: &str, change: Value) {
    let (status, proposed) = post(town, maker, "risk/changes", change).await;
    assert_eq!(status, 200, "{proposed}");
    let path = format!("risk/changes/{}/confirm", proposed["proposalNumber"].as_str().expect("a number"));
    assert_eq!(post(town, CHECKER, &path, json!({})).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_goes_from_history_to_shadow_to_live_and_explains_itself() {
    let (mut town, maker) = with_two_people("model").await;
    std::fs::write(town.directory.join("history.csv"), history()).expect("the directory is ours");
    let trained =
        ["risk", "train", "--history", "history.csv", "--features", "network", "--out", "first.model"];
    let recipe = ["--trees", "60", "--depth", "3", "--json"];
    sojourn(&[&trained[..], &recipe[..]].concat(), &town.directory);
    let drift = ["risk", "evaluate", "--history", "history.csv", "--features", "network"];
    let drift = sojourn(&[&drift[..], &["--drift", "first.model", "--json"]].concat(), &town.directory);
    assert!(drift.to_string().contains("amount_minor"), "{drift}");

    let text = std::fs::read_to_string(town.directory.join("first.model")).expect("train wrote it");
    by_two(&town, &maker, json!({ "kind": "MODEL", "text": text })).await;
    let control = look(&town, "risk").await;
    assert!(control["shadowVersion"].is_string() && control["versions"][2] == "0000000000000000");
    let verdict = async |request_id: &str, minor| {
        let (_, payment) = pay(&town, request_id, minor).await;
        look(&town, &format!("risk/payments/{payment}")).await["verdict"].clone()
    };
    let number = |value: &Value| value.as_str().expect("a number").parse::<u64>().expect("a number");
    // CNY 2,800.00 is about 392 dollars, from a payer whom the network has never seen.
    let shadow = verdict("in-shadow", 280_000).await;
    assert_eq!((&shadow["scorePpm"], &shadow["decision"]), (&json!("0"), &json!("APPROVE")));
    assert!(number(&shadow["shadowScorePpm"]) > 500_000, "{shadow}");

    by_two(&town, &maker, json!({ "kind": "PROMOTE_MODEL" })).await;
    assert_eq!(look(&town, "risk").await["versions"][2], control["shadowVersion"]);
    let (code, payment) = pay_as_stranger(&town, 280_000).await;
    let live = look(&town, &format!("risk/payments/{payment}")).await["verdict"].clone();
    assert!(number(&live["scorePpm"]) > 500_000, "{live}");
    assert!(live["decision"] == "REVIEW" || live["decision"] == "DECLINE", "{live}");
    assert_eq!(live["reasons"][0]["code"], "SCORE");
    assert!(live["decision"] != "DECLINE" || code == "RISK_REJECT");
    let moved = live["contributions"].as_array().expect("why");
    assert!(moved.iter().any(|one| one["feature"] == "amount_minor"), "{moved:?}");
    assert_eq!(verdict("small", 1_000).await["decision"], "APPROVE");

    let (status, refused) =
        post(&town, &maker, "risk/changes", json!({ "kind": "MODEL", "text": format!("{text}x") })).await;
    assert_eq!(status, 409, "a model that was tampered with: {refused}");
    by_two(&town, &maker, json!({ "kind": "MODEL", "text": text })).await;
    assert_eq!(ask(&town, &maker, Method::GET, "risk", &json!({})).await.0, 200);
    town.stop_and_replay().await;
}

async fn pay_as_stranger(town: &Town, minor: u64) -> (String, String) {
    crate::risk::pay_as(town, "stranger", "stranger", minor, None).await
}
