//! The kill test: members pay without pause while the network is killed again and again. Afterwards everything that was
//! answered is still so, nothing is stuck, wallets and network agree, and every currency sums to zero.
//!
//! `SOJOURN_KILLS` asks for more kills than the usual, `SOJOURN_KILL_SEED` repeats the moments and payments of a run.

mod till;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use members::cast::{ACQUIRERS, WALLETS};
use serde_json::Value;
use tokio::runtime::Handle;

use crate::town::{Town, say};
use till::Till;

const KILLS: u32 = 12;
const TILLS: usize = 8;
/// The network is up for so long before it is killed.
const UP_MS: std::ops::Range<u64> = 30..1_200;
/// Every fourth time it is killed while it still recovers.
const RECOVERING_MS: std::ops::Range<u64> = 1..60;
/// A process that was killed lets go of its port and its journal within this many tries.
const STARTS_MAX: u32 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_answered_is_lost_when_the_network_is_killed() {
    let seed = number("SOJOURN_KILL_SEED").unwrap_or_else(hop::now_ms);
    let kills = number("SOJOURN_KILLS").map_or(KILLS, |kills| u32::try_from(kills).expect("a few kills"));
    let _told = ToldOnFailure(format!("repeat with SOJOURN_KILL_SEED={seed} SOJOURN_KILLS={kills}"));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut town = Town::found("kill").await;
    town.company.keep_pushing(seed);

    let closed = Arc::new(AtomicBool::new(false));
    let mut tills = Vec::new();
    // Each on a thread of its own.
    for place in 0..TILLS {
        let till = Till::new(&town, place, random.fork(), closed.clone());
        let operator = town.operator.clone();
        let work = move || {
            Handle::current().block_on(async {
                let mut till = till.sell().await;
                till.settle().await;
                let (taken, sold) = till.check(&operator).await;
                (till, taken, sold)
            })
        };
        tills.push(tokio::task::spawn_blocking(work));
    }
    for number in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.u64(UP_MS))).await;
        town.server.kill().await.expect("the process can be killed");
        if number % 4 == 3 {
            let moment = Duration::from_millis(random.u64(RECOVERING_MS));
            // Whoever is dropped on the way up is killed; whoever was faster is killed too.
            if let Ok(Ok(())) = tokio::time::timeout(moment, town.start()).await {
                town.server.kill().await.expect("the process can be killed");
            }
        }
        restart(&mut town).await;
    }
    tokio::time::sleep(Duration::from_millis(random.u64(UP_MS))).await;
    closed.store(true, Ordering::Relaxed);
    let (mut deals, mut successes) = (0, 0);
    let mut debited = [0; WALLETS.len()];
    for till in tills {
        let (till, taken, sold) = till.await.expect("a till");
        deals += till.deals.len();
        successes += sold;
        debited[till.wallet_number] += taken;
    }
    assert!(successes > u64::from(kills), "only {successes} payments succeeded between {kills} kills");
    for (wallet, expected) in town.company.wallets.iter().zip(debited) {
        assert_eq!(wallet.debited(), expected, "a wallet was debited for what nobody was told of");
    }
    check_positions(&town.operator.look("positions").await.expect("the network is up"));
    let report = town.stop_and_replay().await;
    check_replay(&report);
    say(&format!(
        "kill test: {deals} payments, {successes} successes, {kills} kills, {}",
        report["payments"]
    ));
}

/// Starts the network again. Offers are no facts: FX providers push anew at once.
async fn restart(town: &mut Town) {
    for _ in 1..STARTS_MAX {
        if town.start().await.is_ok() {
            break;
        }
    }
    assert!(town.server.is_running(), "the network does not recover");
    for (line, market) in &town.company.markets {
        market.push(line).await.expect("the network takes rates");
    }
}

fn check_positions(positions: &Value) {
    let rows = positions["positions"].as_array().expect("positions");
    assert!(rows.len() > ACQUIRERS.len() + WALLETS.len(), "{positions}");
    for row in rows {
        assert_eq!(row["reserved"], "0", "money is still reserved: {row}");
    }
    for sum in positions["sums"].as_array().expect("sums") {
        assert_eq!(sum["value"], "0", "a currency does not sum to zero: {sum}");
    }
}

fn check_replay(report: &Value) {
    for (stage, count) in report["payments"].as_object().expect("counts of payments") {
        let is_final = ["Succeeded", "Failed", "Rejected", "Expired", "Cancelled"].contains(&stage.as_str());
        assert!(is_final, "{count} payments are stuck: {stage}");
    }
    assert!(report["segments"].as_u64() >= Some(1), "{report}");
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// Says how to repeat a failure, wherever it happened.
struct ToldOnFailure(String);

impl Drop for ToldOnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            say(&self.0);
        }
    }
}
