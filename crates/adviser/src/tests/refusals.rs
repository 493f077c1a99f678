//! Each rule refuses by its own code, where a proposal is made and where it is booked, and nobody sees another's.

use super::*;

fn code(result: Result<Json, Refusal>) -> String {
    match result {
        Ok(answer) => answer.canonical(),
        Err(refusal) => refusal.code.name().to_owned(),
    }
}

fn offered(desk: &mut Desk, goal: &str) -> String {
    let body = format!(r#"{{"goal":"{goal}","kind":"initial","amount_minor":1000000}}"#);
    text(&desk.member(Verb::Propose, &[], &body).unwrap(), "id")
}

#[test]
fn members_see_only_their_own_users() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let proposal = offered(&mut desk, &goal);
    let other = || Who::Member("WALLET-B".into());
    let profile = text(&desk.member(Verb::Profile, &["profile-11"], "{}").unwrap(), "id");
    for (verb, name, body) in [
        (Verb::Profile, profile.as_str(), "{}"),
        (Verb::ChangeGoal, &goal, r#"{"monthly_minor":1}"#),
        (Verb::Projection, &goal, "{}"),
        (Verb::Proposal, &proposal, "{}"),
        (Verb::Accept, &proposal, r#"{"confirmed":true}"#),
        (Verb::Decline, &proposal, "{}"),
        (Verb::Portfolio, &goal, "{}"),
        (Verb::Performance, &goal, "{}"),
        (Verb::Drift, &goal, "{}"),
        (Verb::Lots, &goal, "{}"),
        (Verb::Replay, &proposal, "{}"),
        (Verb::Revoke, "mandate-12", "{}"),
        (Verb::Records, "", r#"{"user":"u1"}"#),
        (Verb::Complain, "", r#"{"user":"u1","text":"x"}"#),
        (Verb::HouseState, "", "{}"),
        (Verb::Switch, "", r#"{"stopped":true,"why":"x"}"#),
    ] {
        let mine = desk.ask(other(), verb, &[name], body);
        assert_eq!(code(mine), "NOT_KNOWN", "{verb:?}");
    }
    // A member whose name begins like another's is still another.
    let near = desk.ask(Who::Member("WALLET".into()), Verb::Portfolio, &[&goal], "{}");
    assert_eq!(code(near), "NOT_KNOWN");
    assert_eq!(whole(&desk.ask(other(), Verb::Rebalance, &[], "{}").unwrap(), "plans_screened"), 0);
    assert_eq!(
        code(desk.person("ana", Verb::Portfolio, &[&goal], "{}")),
        "NOT_KNOWN",
        "the house is no member"
    );
    desk.check();
}

#[test]
fn no_strategy_before_a_profile_and_contradictions_are_asked_again() {
    let mut desk = open_house();
    for (verb, names) in [(Verb::Models, vec![]), (Verb::Product, vec!["MONEY"])] {
        assert_eq!(code(desk.member(verb, &names, r#"{"user":"u1"}"#)), "STRATEGY_BEFORE_PROFILE");
    }
    let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
    let good = answers("u1", &form, 2);
    let torn = good.replace("\"aim\":2", "\"aim\":3").replace("\"worst\":2", "\"worst\":0");
    assert_eq!(code(desk.member(Verb::Assess, &[], &torn)), "PROFILE_CONTRADICTORY");
    let cautious = desk.member(Verb::Assess, &[], &torn).unwrap();
    assert!(
        !cautious.member("contradictions").unwrap().elements().is_empty(),
        "asked again, the cautious answer counts"
    );
    desk.member(Verb::Assess, &[], &good).unwrap();
    assert_eq!(code(desk.member(Verb::Assess, &[], &good)), "PROFILE_ATTEMPTS");
    assert_eq!(
        desk.member(Verb::Models, &[], r#"{"user":"u1"}"#)
            .unwrap()
            .member("models")
            .unwrap()
            .elements()
            .len(),
        1
    );
    for (from, to, expected) in [
        ("\"CN\"", "\"US\"", "JURISDICTION_NOT_SERVED"),
        ("2026-1\"", "2025-1\"", "ANSWER_UNKNOWN"),
        ("\"aim\":2", "\"aim\":9", "ANSWER_UNKNOWN"),
        ("\"aim\":2", "\"aim\":\"2\"", "ANSWER_UNKNOWN"),
        ("\"age_years\":40", "\"age_years\":400", "OUT_OF_RANGE"),
        ("\"u1\"", "\"a/b\"", "MALFORMED_TABLE"),
        ("\"age_years\"", "\"age\"", "MALFORMED_TABLE"),
    ] {
        let body = good.replace("\"u1\"", "\"u9\"").replace(&from.replace("u1", "u9"), to);
        assert_eq!(code(desk.member(Verb::Assess, &[], &body)), expected, "{from} {to}");
    }
    desk.check();
}

#[test]
fn suitability_is_asked_again_where_orders_are_booked() {
    let accept = r#"{"confirmed":true}"#;
    let check = |change: &dyn Fn(&mut Desk, &str), expected: &str| {
        let mut desk = open_house();
        let goal = settle(&mut desk, "u1");
        let proposal = offered(&mut desk, &goal);
        change(&mut desk, &goal);
        let records = desk.journal.len();
        assert_eq!(code(desk.member(Verb::Accept, &[&proposal], accept)), expected);
        assert_eq!(desk.journal.len(), records + 1, "{expected} is recorded");
        let open = desk.member(Verb::Portfolio, &[&goal], "{}").unwrap();
        assert!(open.member("orders_open").unwrap().elements().is_empty() && whole(&open, "cash_minor") == 0);
        desk.check();
    };
    let house = |verb, names: &'static [&'static str], body: &'static str| {
        move |desk: &mut Desk, _: &str| drop(desk.person("ana", verb, names, body).unwrap())
    };
    let listed = |change: &'static str| {
        move |desk: &mut Desk, _: &str| {
            let product = format!(
                r#"{{"product":{{"code":"SHARES","class":"equity","issuer_grade":"R4","own_grade":"R1","kind":"index"{}}}{}}}"#,
                if change.starts_with("capacity") { "" } else { change },
                if change.starts_with("capacity") { r#","capacity_minor":1000"# } else { "" },
            );
            desk.person("ana", Verb::ListProduct, &[], &product).unwrap();
        }
    };
    check(&house(Verb::GradeProduct, &["SHARES"], r#"{"grade":"R5","why":"worse"}"#), "PRODUCT_ABOVE_CLASS");
    check(&house(Verb::Switch, &[], r#"{"stopped":true,"why":"a wrong price"}"#), "KILL_SWITCH");
    check(&house(Verb::Serve, &[], r#"{"served":["PH"]}"#), "JURISDICTION_NOT_SERVED");
    check(&listed(r#","state":"limited""#), "FUND_SUSPENDED");
    check(&listed("capacity"), "FUND_CAPACITY");
    check(&|desk, _| desk.now = at("2026-03-04"), "PROPOSAL_EXPIRED");
    check(
        &|desk, goal| drop(desk.member(Verb::ChangeGoal, &[goal], r#"{"monthly_minor":1}"#).unwrap()),
        "INPUTS_CHANGED",
    );
    let revoke = |desk: &mut Desk, _: &str| {
        let mandate = desk.adviser.investors["WALLET-A/u1"].mandate.as_ref().unwrap().0.clone();
        desk.member(Verb::Revoke, &[&mandate], "{}").unwrap();
    };
    check(&revoke, "MANDATE_REVOKED");
    let lower = |desk: &mut Desk, _: &str| {
        let form = desk.member(Verb::Questionnaire, &[], "{}").unwrap();
        desk.member(Verb::Assess, &[], &answers("u1", &form, 1)).unwrap();
    };
    check(&lower, "MODEL_NOT_APPROVED");
}

#[test]
fn an_acceptance_needs_the_clients_word_and_comes_once() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    let proposal = offered(&mut desk, &goal);
    assert_eq!(code(desk.member(Verb::Accept, &[&proposal], "{}")), "MANDATE_EXCEEDED");
    desk.member(Verb::Accept, &[&proposal], r#"{"confirmed":true}"#).unwrap();
    assert_eq!(code(desk.member(Verb::Accept, &[&proposal], r#"{"confirmed":true}"#)), "INPUTS_CHANGED");
    assert_eq!(code(desk.member(Verb::Decline, &[&proposal], "{}")), "INPUTS_CHANGED");
    let body = format!(r#"{{"goal":"{goal}","kind":"drift"}}"#);
    assert_eq!(code(desk.member(Verb::Propose, &[], &body)), "UNSETTLED");
    desk.check();
}

#[test]
fn models_are_used_once_two_people_approved_them() {
    let mut desk = open_house();
    let model = r#"{"model":{"id":"middle","version":2,"class":"C4","weights_bp":{"MONEY":10000},"approvals":["x","y"]}}"#;
    let registered = desk.ask(Who::Operator, Verb::RegisterModel, &[], model).unwrap();
    assert!(
        registered.member("approvals").unwrap().elements().is_empty(),
        "approvals are given, not claimed"
    );
    let names = ["middle", "2"];
    assert_eq!(code(desk.ask(Who::Operator, Verb::ApproveModel, &names, "{}")), "MODEL_NOT_APPROVED");
    desk.person("ana", Verb::ApproveModel, &names, "{}").unwrap();
    assert_eq!(code(desk.person("ana", Verb::ApproveModel, &names, "{}")), "MODEL_NOT_APPROVED");
    let goal = settle(&mut desk, "u1");
    let version = |desk: &mut Desk| {
        let id = offered(desk, &goal);
        let number = desk.adviser.investors["WALLET-A/u1"].offers[&id].number;
        whole(
            desk.record(number)
                .body
                .member("computed")
                .unwrap()
                .member("request")
                .unwrap()
                .member("model")
                .unwrap(),
            "version",
        )
    };
    assert_eq!(version(&mut desk), 1);
    desk.person("bo", Verb::ApproveModel, &names, "{}").unwrap();
    assert_eq!(version(&mut desk), 2);
    for (from, to, expected) in [
        ("\"version\":2", "\"version\":2", "OUT_OF_RANGE"),
        ("\"version\":2", "\"version\":4", "OUT_OF_RANGE"),
        ("\"version\":2", "\"version\":3,\"until\":\"x\"", "MALFORMED_TABLE"),
        (
            "\"version\":2,\"class\":\"C4\",\"weights_bp\":{\"MONEY\":10000}",
            "\"version\":3,\"class\":\"C4\",\"weights_bp\":{\"MONEY\":9999}",
            "OUT_OF_RANGE",
        ),
        (
            "\"version\":2,\"class\":\"C4\",\"weights_bp\":{\"MONEY\":10000}",
            "\"version\":3,\"class\":\"C4\",\"weights_bp\":{\"GOLD\":10000}",
            "NOT_KNOWN",
        ),
    ] {
        let body = model.replace(from, to);
        assert_eq!(code(desk.ask(Who::Operator, Verb::RegisterModel, &[], &body)), expected, "{body}");
    }
    desk.check();
}

#[test]
fn prices_are_only_added_to_and_jumps_are_looked_at() {
    let mut desk = open_house();
    let publish = |desk: &mut Desk, rest: &str| {
        code(desk.person("ana", Verb::PublishPrices, &[], &format!(r#"{{"product":"MONEY",{rest}}}"#)))
    };
    for (rest, expected) in [
        (r#""prices":[["2026-02-27","1"]]"#, "INPUTS_CHANGED"),
        (r#""prices":[["2026-03-01","1"]]"#, "PRICE_JUMP"),
        (r#""prices":[["2026-03-01",1]]"#, "MALFORMED_TABLE"),
        (r#""prices":[["2026-03-01","0"]]"#, "MALFORMED_TABLE"),
        (r#""prices":[["2026-03-01","1e3"]]"#, "MALFORMED_TABLE"),
        (r#""prices":[["2026-03-01","1.0000001"]]"#, "MALFORMED_TABLE"),
        (r#""prices":[["2026-03-02","1"],["2026-03-01","1"]]"#, "MALFORMED_TABLE"),
        (r#""prices":[]"#, "MALFORMED_TABLE"),
        (r#""price":1"#, "MALFORMED_TABLE"),
    ] {
        assert_eq!(publish(&mut desk, rest), expected, "{rest}");
    }
    let told = publish(&mut desk, r#""prices":[["2026-03-01","1.5"]],"checked":true"#);
    assert!(told.contains("\"until\":\"2026-03-01\""), "{told}");
    let unknown =
        desk.person("ana", Verb::PublishPrices, &[], r#"{"product":"GOLD","prices":[["2026-03-01","1"]]}"#);
    assert_eq!(code(unknown), "NOT_KNOWN");
    desk.check();
}

#[test]
fn who_holds_a_product_is_told_of_its_new_grade() {
    let mut desk = open_house();
    let goal = settle(&mut desk, "u1");
    settle(&mut desk, "u2");
    let proposal = offered(&mut desk, &goal);
    let accepted = desk.member(Verb::Accept, &[&proposal], r#"{"confirmed":true}"#).unwrap();
    let order = accepted
        .member("orders")
        .unwrap()
        .elements()
        .iter()
        .find(|o| text(o, "product") == "SHARES")
        .unwrap();
    let fill = format!(
        r#"{{"carried_out":true,"units_millionths":1000000,"amount_minor":100000,"fee_minor":50,"day":"{TODAY}"}}"#
    );
    desk.member(Verb::Fill, &[&text(order, "id")], &fill).unwrap();
    let told = desk
        .person("ana", Verb::GradeProduct, &["SHARES"], r#"{"grade":"R5","why":"it swings more"}"#)
        .unwrap();
    assert_eq!((whole(&told, "holders_told"), text(&told, "grade").as_str()), (1, "R5"));
    let same = desk.person("ana", Verb::GradeProduct, &["MONEY"], r#"{"grade":"R1","why":"again"}"#).unwrap();
    assert_eq!(whole(&same, "holders_told"), 0);
    let records = desk.member(Verb::Records, &[], r#"{"user":"u1"}"#).unwrap();
    let kinds: Vec<String> =
        records.member("records").unwrap().elements().iter().map(|r| text(r, "kind")).collect();
    assert_eq!(kinds.last().map(String::as_str), Some("grade-notice"));
    assert!(
        !desk.member(Verb::Lots, &[&goal], "{}").unwrap().member("lots").unwrap().elements().is_empty(),
        "no sale is forced"
    );
    desk.check();
}
