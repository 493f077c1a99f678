//! Bad input: bodies with a field missing, of another kind, or far out of range never panic, are never taken for good
//! and leave no record of a change.

use advice::random::Random;

use super::*;

/// A value of another kind or size.
fn odd(random: &mut Random) -> Json {
    match random.below(12) {
        0 => Json::Null,
        1 => Json::Bool(random.below(2) == 0),
        2 => Json::Whole(-1),
        3 => Json::Whole(i64::MAX),
        4 => Json::Whole(i64::MIN),
        5 => Json::Number(1e300),
        6 => Json::text(""),
        7 => Json::text("x".repeat(5_000)),
        8 => Json::text("\u{0}\n'\"; drop"),
        9 => Json::List(vec![Json::Null, Json::Whole(1), Json::text("a")]),
        10 => Json::object([("a", Json::Whole(1))]),
        _ => Json::text("2026-02-30"),
    }
}

fn spoil(json: &Json, random: &mut Random) -> Json {
    match json {
        Json::Object(members) if !members.is_empty() => {
            let chosen = random.below(members.len());
            let mut spoiled = members.clone();
            let key = members.keys().nth(chosen).unwrap().clone();
            match random.below(4) {
                0 => drop(spoiled.remove(&key)),
                1 => drop(spoiled.insert(format!("{key}x"), Json::Whole(1))),
                2 => drop(spoiled.insert(key.clone(), spoil(&members[&key], random))),
                _ => drop(spoiled.insert(key, odd(random))),
            }
            Json::Object(spoiled)
        }
        Json::List(list) if !list.is_empty() => {
            let mut spoiled = list.clone();
            let chosen = random.below(list.len());
            spoiled[chosen] = spoil(&list[chosen], random);
            Json::List(spoiled)
        }
        _ => odd(random),
    }
}

#[test]
fn spoiled_calls_are_refused_or_mean_what_they_say() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
    let good = [
        (Verb::Assess, answers("u2", &form, 2)),
        (
            Verb::SetGoal,
            r#"{"user":"u1","kind":"home","name":"x","until":"2030-01-01","target_minor":5}"#.into(),
        ),
        (Verb::ChangeGoal, r#"{"monthly_minor":5,"excluded":["A"]}"#.into()),
        (Verb::Propose, format!(r#"{{"goal":"{goal}","kind":"initial","amount_minor":100000}}"#)),
        (
            Verb::Fill,
            r#"{"carried_out":true,"units_millionths":1,"amount_minor":1,"fee_minor":0,"day":"2026-03-02"}"#
                .into(),
        ),
        (Verb::SignMandate, r#"{"user":"u1","managed":true,"funds":["A"],"turnover_year_bp":1}"#.into()),
        (Verb::SetCashRules, format!(r#"{{"user":"u1","goal":"{goal}","sweep":true,"minimum_minor":1}}"#)),
        (
            Verb::MoveCash,
            r#"{"user":"u1","paid_minor":5,"balance_minor":100,"outflows_30_days_minor":[1,2]}"#.into(),
        ),
        (Verb::Complain, r#"{"user":"u1","text":"x"}"#.into()),
        (
            Verb::Backtest,
            r#"{"user":"u1","products":["BONDS"],"methods":["equal"],"window":24,"step":12}"#.into(),
        ),
        (Verb::Rebalance, r#"{"dry_run":true,"after":"u"}"#.into()),
        (
            Verb::Optimise,
            r#"{"returns":{"A":[0.1,0.2,0.0],"B":[0.0,0.1,0.3]},"objective":"utility","cap":0.9}"#.into(),
        ),
        (Verb::Records, r#"{"user":"u1","from":"2"}"#.into()),
        (Verb::Projection, r#"{"monthly":"5","years":"2"}"#.into()),
        (
            Verb::ListProduct,
            r#"{"product":{"code":"Z","class":"c","issuer_grade":"R1","own_grade":"R1"},"conflict":""}"#
                .into(),
        ),
        (Verb::PublishPrices, r#"{"product":"MONEY","prices":[["2026-03-01","1"]],"checked":true}"#.into()),
        (
            Verb::RegisterModel,
            r#"{"model":{"id":"m","version":1,"class":"C1","weights_bp":{"MONEY":10000}}}"#.into(),
        ),
        (Verb::Switch, r#"{"stopped":false,"why":"x"}"#.into()),
        (Verb::Serve, r#"{"served":["CN"]}"#.into()),
        (Verb::SetPolicy, r#"{"policy":{"knowledge_bar":50}}"#.into()),
        (Verb::SetCalendar, r#"{"closed_days":["2026-10-01"]}"#.into()),
    ];
    let mut random = Random::new(8);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..1_500 {
        let (verb, body) = &good[round % good.len()];
        let mut body = Json::parse(body).unwrap();
        if let Json::Object(members) = &mut body {
            members.insert("request_id".into(), Json::text(format!("x{round}")));
        }
        for _ in 0..1 + random.below(2) {
            body = spoil(&body, &mut random);
        }
        let looks = matches!(verb.access(), crate::Access::MemberLook | crate::Access::MemberChange);
        let who = if looks { Who::Member(WALLET.into()) } else { Who::Person("ana".into()) };
        let names = vec![[goal.as_str(), "order-1-0", "", "MONEY"][random.below(4)].to_owned()];
        let records = desk.journal.len();
        match desk.call(&Call { who, verb: *verb, names, body }) {
            Ok(_) => taken += 1,
            Err(refusal) => {
                refused += 1;
                assert!(!refusal.message.is_empty());
                let last = desk.journal.len();
                assert!(last == records || desk.record(last as u64).body.member("refusal").is_some());
            }
        }
        // What was taken may have stopped the service, or served nobody: the next round needs it open.
        if round % 50 == 0 {
            desk.person("ana", Verb::Switch, &[], r#"{"stopped":false,"why":"x"}"#).unwrap();
            desk.person("ana", Verb::Serve, &[], r#"{"served":["CN"]}"#).unwrap();
        }
    }
    assert!(refused > 800 && taken > 50, "{taken} taken, {refused} refused");
    desk.check();
}
