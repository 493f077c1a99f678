//! Records as they were once written, and what they tell: no later version may read them otherwise.
//!
//! `golden/` holds for each layout the journal of one journey in which every kind of record comes up, and the answers
//! that its state gave. The files are made once, with `GOLDEN=write cargo test -p adviser golden`, and never changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::journey::carry_out;
use super::*;
use crate::record::BODY_VERSION;

/// Layouts with a file each.
const LAYOUTS: i64 = 2;

/// Every kind that a journal of layout 1 may hold; later layouts add [`ADDED`].
const KINDS: &[&str] = &[
    "accept",
    "approval",
    "backtest",
    "calendar",
    "cash-move",
    "cash-rules",
    "complaint",
    "contradiction",
    "decline",
    "fill",
    "goal",
    "goal-change",
    "grade",
    "grade-notice",
    "jurisdictions",
    "mandate",
    "model",
    "policy",
    "prices",
    "product-listing",
    "profile",
    "proposal",
    "rebalance-run",
    "release",
    "revocation",
    "switch",
];

/// Layout 2: a fill says which lots it took and what it carried into others, and tax rules are published.
const ADDED: &[(i64, &str)] = &[(2, "tax-rules")];

#[test]
fn golden_records_are_read_as_ever() {
    assert_eq!(BODY_VERSION, LAYOUTS, "a new layout has a file of its own");
    for layout in 1..=LAYOUTS {
        let (records, answers) = (format!("records-{layout}.jsonl"), format!("answers-{layout}.jsonl"));
        let writes = std::env::var("GOLDEN").is_ok_and(|value| value == "write");
        if writes && layout == LAYOUTS && !golden(&records).exists() {
            let desk = journey();
            std::fs::write(golden(&records), desk.journal.join("\n") + "\n").unwrap();
            std::fs::write(golden(&answers), answers_of(desk)).unwrap();
        }
        read_as_ever(layout, &records, &answers);
    }
}

fn read_as_ever(layout: i64, records: &str, answers: &str) {
    let desk = read(records);
    let kinds: BTreeSet<String> = (1..=desk.journal.len()).map(|n| desk.record(n as u64).kind).collect();
    let added = ADDED.iter().filter(|(since, _)| *since <= layout).map(|(_, kind)| *kind);
    let expected: BTreeSet<String> = KINDS.iter().copied().chain(added).map(str::to_owned).collect();
    assert_eq!(kinds, expected, "every kind is in {records}");
    for number in 1..=desk.journal.len() as u64 {
        let record = desk.record(number);
        if let Some(computed) = record.body.member("computed").filter(|_| record.kind == "proposal") {
            advice::proposal::replay(computed).unwrap_or_else(|refusal| panic!("record {number}: {refusal}"));
        }
    }
    let kept = std::fs::read_to_string(golden(answers)).unwrap();
    let told = answers_of(desk);
    let told: BTreeMap<String, Json> = told.lines().map(by_what).collect();
    for (what, kept) in kept.lines().map(by_what) {
        assert!(
            still_told(&told[&what], &kept),
            "{what}: {}\nkept: {}",
            told[&what].canonical(),
            kept.canonical()
        );
    }
}

fn by_what(line: &str) -> (String, Json) {
    let line = Json::parse(line).unwrap();
    (text(&line, "what"), line.member("told").cloned().unwrap_or(Json::Null))
}

/// Whether everything that was told is told as it was; later versions may tell more.
fn still_told(told: &Json, kept: &Json) -> bool {
    match (told, kept) {
        (Json::Object(told), Json::Object(kept)) => {
            kept.iter().all(|(key, kept)| told.get(key).is_some_and(|told| still_told(told, kept)))
        }
        (Json::List(told), Json::List(kept)) => {
            told.len() == kept.len() && told.iter().zip(kept).all(|(told, kept)| still_told(told, kept))
        }
        _ => told == kept,
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// The service that a kept journal gives, on the day after the journey.
fn read(name: &str) -> Desk {
    let lines = std::fs::read_to_string(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut desk = Desk::new();
    desk.journal = lines.lines().map(str::to_owned).collect();
    desk.adviser = desk.recovered();
    desk
}

/// Everything that can be looked at without changing anything, a line each.
fn answers_of(mut desk: Desk) -> String {
    desk.now = at("2026-03-20");
    let mut told = String::new();
    let mut tell = |what: String, answer: Result<Json, Refusal>| {
        let answer = answer.unwrap_or_else(|refusal| refusal.to_json());
        told += &Json::object([("what", Json::text(what)), ("told", answer)]).canonical();
        told.push('\n');
    };
    tell("house".into(), desk.person("ana", Verb::HouseState, &[], "{}"));
    let subjects: Vec<String> = desk.adviser.investors.keys().cloned().collect();
    for subject in subjects {
        let user = crate::adviser::user_of(&subject).to_owned();
        let asked = format!(r#"{{"user":"{user}"}}"#);
        tell(format!("models for {user}"), desk.member(Verb::Models, &[], &asked));
        let investor = desk.adviser.investors[&subject].clone();
        for id in investor.offers.keys() {
            let state =
                desk.member(Verb::Proposal, &[id], "{}").map(|offer| Json::text(text(&offer, "state")));
            tell(format!("state of {id}"), state);
        }
        for goal in investor.plans.keys() {
            for verb in [Verb::Portfolio, Verb::Performance, Verb::Drift] {
                tell(format!("{} of {goal}", verb.name()), desk.member(verb, &[goal], "{}"));
            }
            tell(format!("lots of {goal}"), desk.member(Verb::Lots, &[goal], "{}"));
            tell(format!("tax of {goal}"), desk.member(Verb::Tax, &[goal], "{}"));
        }
        let cash = format!(
            r#"{{"request_id":"looked at {user}","user":"{user}","paid_minor":1270,"balance_minor":20000}}"#
        );
        tell(format!("cash of {user}"), desk.member(Verb::MoveCash, &[], &cash));
    }
    told
}

/// A journey on which every kind of record is written.
fn journey() -> Desk {
    let mut desk = open_house();
    let house = |desk: &mut Desk, verb, names: &[&str], body: &str| {
        desk.person("ana", verb, names, body).unwrap_or_else(|refusal| panic!("{verb:?}: {refusal}"))
    };
    house(&mut desk, Verb::SetPolicy, &[], r#"{"policy":{"proposal_days":9}}"#);
    house(&mut desk, Verb::SetCalendar, &[], r#"{"closed_days":["2026-03-06"]}"#);
    house(&mut desk, Verb::Switch, &[], r#"{"stopped":true,"why":"prices are looked at"}"#);
    house(&mut desk, Verb::Switch, &[], r#"{"stopped":false,"why":"prices are right"}"#);
    let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
    let torn =
        answers("u2", &form, 2).replace("\"aim\":2", "\"aim\":3").replace("\"worst\":2", "\"worst\":0");
    assert_eq!(desk.member(Verb::Assess, &[], &torn).unwrap_err().code.name(), "PROFILE_CONTRADICTORY");
    let first = settle(&mut desk, "u1");
    let second = settle(&mut desk, "u2");
    invest(&mut desk, &first, "initial", 1_000_000);
    carry_out(&mut desk, &first);
    let declined = offer(&mut desk, &second, "initial", 400_000);
    desk.member(Verb::Decline, &[&declined], r#"{"reason":"not now"}"#).unwrap();
    desk.member(Verb::ChangeGoal, &[&second], r#"{"monthly_minor":70000}"#).unwrap();
    let rules = format!(
        r#"{{"user":"u1","goal":"{first}","sweep":true,"round_up_step_minor":100,"wallet_reserve_minor":10000}}"#
    );
    desk.member(Verb::SetCashRules, &[], &rules).unwrap();
    desk.member(Verb::MoveCash, &[], r#"{"user":"u1","paid_minor":1270,"balance_minor":10040}"#).unwrap();
    let test = r#"{"user":"u1","products":["SHARES","BONDS"],"methods":["risk-parity"],"stocks":"SHARES","bonds":"BONDS"}"#;
    desk.member(Verb::Backtest, &[], test).unwrap();
    desk.member(Verb::Complain, &[], r#"{"user":"u1","text":"too slow"}"#).unwrap();
    house(&mut desk, Verb::GradeProduct, &["SHARES"], r#"{"grade":"R5","why":"it swings more"}"#);
    house(&mut desk, Verb::GradeProduct, &["SHARES"], r#"{"grade":"R4","why":"it swings less again"}"#);
    let last = desk.adviser.house.market.series("SHARES").unwrap().price_millionths * 149 / 100;
    let risen = format!(
        r#"{{"product":"SHARES","prices":[["2026-03-01","{}.{:06}"]]}}"#,
        last / 1_000_000,
        last % 1_000_000
    );
    house(&mut desk, Verb::PublishPrices, &[], &risen);
    desk.now = at("2026-03-12");
    for code in ["BONDS", "MONEY", "SHARES"] {
        let last = desk.adviser.house.market.series(code).unwrap().price_millionths;
        let same = format!(
            r#"{{"product":"{code}","prices":[["2026-03-11","{}.{:06}"]]}}"#,
            last / 1_000_000,
            last % 1_000_000
        );
        house(&mut desk, Verb::PublishPrices, &[], &same);
    }
    let run = desk.member(Verb::Rebalance, &[], "{}").unwrap();
    let flagged = text(&run.member("proposals").unwrap().elements()[0], "proposal");
    desk.person("bo", Verb::Release, &[&flagged], r#"{"why":"the move is real"}"#).unwrap();
    desk.member(Verb::Accept, &[&flagged], r#"{"confirmed":true}"#).unwrap();
    carry_out(&mut desk, &first);
    let out = offer(&mut desk, &first, "withdrawal", 300_000);
    desk.person("bo", Verb::Release, &[&out], r#"{"why":"the client asked"}"#).unwrap();
    desk.member(Verb::Accept, &[&out], r#"{"confirmed":true}"#).unwrap();
    carry_out(&mut desk, &first);
    let mandate = desk.adviser.investors[&format!("{WALLET}/u2")].mandate.clone().unwrap().0;
    desk.member(Verb::Revoke, &[&mandate], "{}").unwrap();
    taxed(&mut desk);
    desk.check();
    desk
}

/// A client whose losses are put off: sold by one goal, bought back by the other.
fn taxed(desk: &mut Desk) {
    desk.person("ana", Verb::Serve, &[], r#"{"served":["CN","PH","US"]}"#).unwrap();
    let rules = r#"{"rules":{"jurisdiction":"PH","version":"2026","source":"a letter","taxed":true,"order":"pool","rebuy_days":10}}"#;
    desk.person("ana", Verb::SetTaxRules, &[], rules).unwrap();
    let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
    let answers = answers("u3", &form, 2).replace("\"CN\"", "\"US\"");
    desk.member(Verb::Assess, &[], &answers).unwrap();
    desk.member(Verb::SignMandate, &[], r#"{"user":"u3","managed":false,"turnover_year_bp":20000}"#).unwrap();
    let mut goals = Vec::new();
    for name in ["A flat", "A boat"] {
        let goal = format!(
            r#"{{"user":"u3","kind":"home","name":"{name}","until":"2036-03-01","monthly_minor":50000,"target_minor":20000000}}"#
        );
        goals.push(text(&desk.member(Verb::SetGoal, &[], &goal).unwrap(), "id"));
    }
    let traded = |desk: &mut Desk, goal: &str, kind: &str, amount: i64| {
        let id = offer(desk, goal, kind, amount);
        desk.person("bo", Verb::Release, &[&id], r#"{"why":"looked at"}"#).unwrap();
        desk.member(Verb::Accept, &[&id], r#"{"confirmed":true}"#).unwrap();
        carry_out(desk, goal);
    };
    traded(desk, &goals[0], "initial", 1_000_000);
    let last = desk.adviser.house.market.series("SHARES").unwrap().price_millionths * 9 / 10;
    let fallen = format!("{}.{:06}", last / 1_000_000, last % 1_000_000);
    let prices = format!(r#"{{"product":"SHARES","prices":[["2026-03-12","{fallen}"]]}}"#);
    desk.person("ana", Verb::PublishPrices, &[], &prices).unwrap();
    traded(desk, &goals[0], "withdrawal", 600_000);
    traded(desk, &goals[1], "initial", 300_000);
}

fn offer(desk: &mut Desk, goal: &str, kind: &str, amount: i64) -> String {
    let body = format!(r#"{{"goal":"{goal}","kind":"{kind}","amount_minor":{amount}}}"#);
    text(&desk.member(Verb::Propose, &[], &body).unwrap_or_else(|refusal| panic!("{kind}: {refusal}")), "id")
}

fn invest(desk: &mut Desk, goal: &str, kind: &str, amount: i64) {
    let id = offer(desk, goal, kind, amount);
    desk.member(Verb::Accept, &[&id], r#"{"confirmed":true}"#).unwrap();
}
