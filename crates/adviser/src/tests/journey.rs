//! From the first question to a withdrawal, and everything a user may look at on the way.

use super::*;

/// Reports every open order of a plan as carried out at the last price, and returns what was paid out.
pub(super) fn carry_out(desk: &mut Desk, goal: &str) -> i64 {
    let portfolio = desk.member(Verb::Portfolio, &[goal], "{}").unwrap();
    let mut paid = 0;
    for order in portfolio.member("orders_open").unwrap().elements() {
        let code = text(order, "product");
        let amount = whole(order, "amount_minor");
        let price = desk.adviser.house.market.series(&code).unwrap().price_millionths;
        let units = i128::from(amount) * 1_000_000_000_000 / i128::from(price);
        let body = format!(
            r#"{{"carried_out":true,"units_millionths":{units},"amount_minor":{amount},"fee_minor":0,"day":"{TODAY}"}}"#
        );
        let told = desk.member(Verb::Fill, &[&text(order, "id")], &body).unwrap();
        paid += whole(&told, "payout_minor");
    }
    paid
}

fn propose(desk: &mut Desk, goal: &str, kind: &str, amount: i64) -> Json {
    let body = format!(r#"{{"goal":"{goal}","kind":"{kind}","amount_minor":{amount}}}"#);
    desk.member(Verb::Propose, &[], &body).unwrap_or_else(|refusal| panic!("{kind}: {refusal}"))
}

#[test]
fn from_questions_to_a_withdrawal() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let proposal = propose(&mut desk, &goal, "initial", 1_000_000);
    let id = text(&proposal, "id");
    let rows = proposal.member("proposal").unwrap().member("alternatives").unwrap().elements().len();
    assert_eq!(rows, 5, "ours, 1/N, 60/40, money fund, do nothing");
    assert_eq!(desk.member(Verb::Replay, &[&id], "{}").unwrap(), Json::Bool(true));
    let accepted = desk.member(Verb::Accept, &[&id], r#"{"confirmed":true}"#).unwrap();
    assert_eq!(accepted.member("orders").unwrap().elements().len(), 3);
    assert_eq!(text(&desk.member(Verb::Proposal, &[&id], "{}").unwrap(), "state"), "accepted");
    carry_out(&mut desk, &goal);
    let portfolio = desk.member(Verb::Portfolio, &[&goal], "{}").unwrap();
    let value = whole(&portfolio, "value_minor");
    assert!((999_000..=1_000_000).contains(&value), "{value}");
    let drift = desk.member(Verb::Drift, &[&goal], "{}").unwrap();
    assert!(
        drift
            .member("classes")
            .unwrap()
            .elements()
            .iter()
            .all(|c| c.member("broken") == Some(&Json::Bool(false)))
    );
    assert_eq!(desk.member(Verb::Lots, &[&goal], "{}").unwrap().member("lots").unwrap().elements().len(), 3);
    let performance = desk.member(Verb::Performance, &[&goal], "{}").unwrap();
    assert_eq!(whole(&performance, "paid_in_minor"), 1_000_000);
    assert_eq!(text(performance.member("rates_withheld").unwrap(), "code"), "PERFORMANCE_TOO_SHORT");
    let projection = desk.member(Verb::Projection, &[&goal], r#"{"monthly":"60000","years":"5"}"#).unwrap();
    assert_eq!((whole(&projection, "months"), whole(&projection, "monthly_minor")), (60, 60_000));
    desk.now = at("2026-03-04");
    let out = propose(&mut desk, &goal, "withdrawal", 300_000);
    desk.member(Verb::Accept, &[&text(&out, "id")], r#"{"confirmed":true}"#).unwrap();
    assert_eq!(
        carry_out(&mut desk, &goal),
        300_000,
        "what was asked for goes out when the last order is done"
    );
    let after = desk.member(Verb::Portfolio, &[&goal], "{}").unwrap();
    assert!(
        (value - 301_000..=value - 299_990).contains(&whole(&after, "value_minor")),
        "{}",
        after.canonical()
    );
    desk.check();
}

#[test]
fn a_request_id_is_answered_once() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let body = format!(r#"{{"goal":"{goal}","kind":"initial","amount_minor":500000,"request_id":"same"}}"#);
    let first = desk.member(Verb::Propose, &[], &body).unwrap();
    let records = desk.journal.len();
    assert_eq!(desk.member(Verb::Propose, &[], &body).unwrap(), first);
    assert_eq!(desk.journal.len(), records, "a repeat records nothing");
    let other = body.replace("500000", "500001");
    assert_eq!(desk.member(Verb::Propose, &[], &other).unwrap_err().code.name(), "IDEMPOTENCY_CONFLICT");
    // After a month it is a new request.
    desk.now = at("2026-03-07");
    desk.member(Verb::Complain, &[], r#"{"user":"u1","text":"too slow"}"#).unwrap();
    assert_eq!(desk.member(Verb::Propose, &[], &body).unwrap(), first);
    desk.check();
}

#[test]
fn a_run_screens_all_and_proposes_to_those_out_of_their_bands() {
    let mut desk = open_house();
    for user in ["u1", "u2", "u3"] {
        let goal = settle(&mut desk, user);
        if user == "u3" {
            continue;
        }
        let proposal = propose(&mut desk, &goal, "initial", 1_000_000);
        desk.member(Verb::Accept, &[&text(&proposal, "id")], r#"{"confirmed":true}"#).unwrap();
        if user == "u1" {
            carry_out(&mut desk, &goal);
        }
    }
    let dry = desk.member(Verb::Rebalance, &[], r#"{"dry_run":true}"#).unwrap();
    assert_eq!((whole(&dry, "plans_screened"), whole(&dry, "plans_flagged")), (3, 0));
    let skipped = dry.member("skipped").unwrap();
    assert_eq!((whole(skipped, "within its bands"), whole(skipped, "UNSETTLED")), (1, 1));
    // Shares rise by nearly half within the month: u1 is out of its band.
    let last = desk.adviser.house.market.series("SHARES").unwrap().price_millionths;
    let risen = format!("{}.{:06}", last * 149 / 100 / 1_000_000, last * 149 / 100 % 1_000_000);
    let body = format!(r#"{{"product":"SHARES","prices":[["2026-03-01","{risen}"]]}}"#);
    desk.person("ana", Verb::PublishPrices, &[], &body).unwrap();
    desk.now = at("2026-03-12");
    for code in ["BONDS", "MONEY", "SHARES"] {
        let last = desk.adviser.house.market.series(code).unwrap().price_millionths;
        let same = format!("{}.{:06}", last / 1_000_000, last % 1_000_000);
        let body = format!(r#"{{"product":"{code}","prices":[["2026-03-11","{same}"]]}}"#);
        desk.person("ana", Verb::PublishPrices, &[], &body).unwrap();
    }
    let run = desk.member(Verb::Rebalance, &[], "{}").unwrap();
    assert_eq!(whole(&run, "plans_flagged"), 1, "{}", run.canonical());
    let made = &run.member("proposals").unwrap().elements()[0];
    let id = text(made, "proposal");
    let proposal = desk.member(Verb::Proposal, &[&id], "{}").unwrap();
    assert!(proposal.member("proposal").is_some_and(|p| p.member("orders").is_some()));
    assert_eq!(desk.member(Verb::LookRebalance, &[&text(&run, "id")], "{}").unwrap(), run);
    // Such a move goes to a person first, and only a person can let it pass.
    let accept = desk.member(Verb::Accept, &[&id], r#"{"confirmed":true}"#);
    assert_eq!(accept.unwrap_err().code.name(), "REVIEW_PENDING");
    assert!(desk.ask(Who::Operator, Verb::Release, &[&id], r#"{"why":"looked"}"#).is_err());
    desk.person("bo", Verb::Release, &[&id], r#"{"why":"the move is real"}"#).unwrap();
    desk.member(Verb::Accept, &[&id], r#"{"confirmed":true}"#).unwrap();
    desk.check();
}

#[test]
fn cash_moves_follow_the_rules() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let rules = format!(
        r#"{{"user":"u1","goal":"{goal}","sweep":true,"round_up_step_minor":100,"wallet_reserve_minor":10000,"emergency_minor":5000,"minimum_minor":50}}"#
    );
    desk.member(Verb::SetCashRules, &[], &rules).unwrap();
    let mut check = |body: &str, expected: [i64; 4]| {
        let told = desk.member(Verb::MoveCash, &[], body).unwrap();
        let keys =
            ["round_up_minor", "round_ups_waiting_minor", "move_to_emergency_minor", "move_to_goal_minor"];
        assert_eq!(keys.map(|key| whole(&told, key)), expected, "{body}");
    };
    check(r#"{"user":"u1","paid_minor":1270,"balance_minor":10000}"#, [0, 0, 0, 0]);
    check(r#"{"user":"u1","paid_minor":1270,"balance_minor":10040}"#, [30, 30, 0, 0]);
    check(r#"{"user":"u1","refunded_minor":1280,"balance_minor":10000}"#, [0, 10, 0, 0]);
    check(r#"{"user":"u1","balance_minor":14010}"#, [0, 10, 4000, 0]);
    check(r#"{"user":"u1","balance_minor":20000,"due_30_days_minor":12000}"#, [0, 10, 5000, 2990]);
    desk.check();
}

#[test]
fn the_export_verifies_without_us() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    settle(&mut desk, "u2");
    for _ in 0..21 {
        let body = format!(r#"{{"goal":"{goal}","kind":"initial","amount_minor":500000}}"#);
        desk.member(Verb::Propose, &[], &body).unwrap();
    }
    let first = desk.member(Verb::Records, &[], r#"{"user":"u1"}"#).unwrap();
    assert_eq!(whole(&first, "next"), 21);
    let second = desk.member(Verb::Records, &[], r#"{"user":"u1","from":"21"}"#).unwrap();
    let mut lines = String::new();
    for record in [first, second].iter().flat_map(|page| page.member("records").unwrap().elements()) {
        lines.push_str(&record.canonical());
        lines.push('\n');
    }
    let trail = verify_trail(&lines).unwrap();
    assert_eq!(trail.len(), 24);
    for record in trail.iter().filter(|record| record.kind == "proposal") {
        advice::proposal::replay(record.body.member("computed").unwrap()).unwrap();
    }
    assert!(verify_trail(&lines.replacen("500000", "500001", 1)).is_err());
}

#[test]
fn back_tests_count_every_comparison() {
    let mut desk = open_house();
    settle(&mut desk, "u1");
    let body = r#"{"user":"u1","products":["SHARES","BONDS"],"methods":["risk-parity"],"stocks":"SHARES","bonds":"BONDS"}"#;
    let first = desk.member(Verb::Backtest, &[], body).unwrap();
    let second = desk.member(Verb::Backtest, &[], body).unwrap();
    assert!(whole(&second, "comparisons") == 2 * whole(&first, "comparisons"), "{}", second.canonical());
    assert_eq!(desk.member(Verb::LookBacktest, &[&text(&first, "id")], "{}").unwrap(), first);
    desk.check();
}
