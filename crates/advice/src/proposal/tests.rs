use super::*;
use crate::calendar::Day;
use crate::mandate::Mandate;
use crate::model::Model;
use crate::profile::RiskProfile;
use crate::random::Random;
use crate::suitability::{Class, Grade, Policy, Product, ProductKind, State};

const TODAY: Day = Day(20_000);

fn product(code: &str, class: &str, grade: Grade, kind: ProductKind) -> Product {
    Product {
        code: code.into(),
        class: class.into(),
        kind,
        issuer_grade: grade,
        own_grade: grade,
        yearly_cost_bp: 40,
        purchase_fee_bp: 10,
        redemption_fees: vec![(7, 150), (30, 50)],
        minimum_minor: 1_000,
        step_minor: 1,
        state: State::Open,
    }
}

fn history(seed: u64) -> History {
    let mut random = Random::new(seed);
    let series = |mean: f64, spread: f64, random: &mut Random| -> Vec<f64> {
        (0..240).map(|_| mean + spread * random.normal()).collect()
    };
    let returns = vec![
        series(0.003, 0.008, &mut random),
        series(0.003, 0.009, &mut random),
        series(0.006, 0.035, &mut random),
        series(0.006, 0.040, &mut random),
        series(0.0015, 0.0001, &mut random),
    ];
    History {
        codes: ["B1", "B2", "E1", "E2", "M1"].map(String::from).into(),
        returns,
        until: Day(TODAY.0 - 1),
    }
}

fn request(kind: Kind) -> Request {
    let profile = RiskProfile {
        class: Class::C4,
        lowest: false,
        capacity: 70,
        willingness: 75,
        knowledge: 100,
        contradictions: vec![],
        caps: vec![],
        reasons: vec![],
        expires: Day(TODAY.0 + 100),
        questionnaire: "2026-1".into(),
    };
    let index = ProductKind::Index;
    Request {
        subject: "user-1".into(),
        day: TODAY,
        kind,
        profile: Some(profile),
        products: vec![
            product("B1", "bond", Grade::R2, index),
            product("B2", "bond", Grade::R2, index),
            product("E1", "equity", Grade::R4, index),
            product("E2", "equity", Grade::R4, index),
            product("M1", "cash", Grade::R1, ProductKind::Money),
        ],
        model: Model {
            id: "balanced".into(),
            version: 3,
            class: Class::C4,
            horizon_months_max: 240,
            weights_bp: [("B1", 2_500), ("B2", 2_000), ("E1", 2_500), ("E2", 1_500), ("M1", 1_500)]
                .map(|(c, w)| (c.to_owned(), w))
                .into(),
            approvals: vec!["wang".into(), "lee".into()],
            from: Day(0),
            until: None,
        },
        holdings: vec![],
        cash_minor: 1_000_000,
        reserve_minor: 0,
        withdraw_minor: 0,
        goal: None,
        history: history(1),
        excluded: vec![],
        policy: Policy::default(),
        mandate: None,
        turnover_past_bp: 0,
        waits: Vec::new(),
    }
}

fn lot(code: &str, days: i32, value_minor: i64) -> Lot {
    Lot { code: code.into(), bought: Day(TODAY.0 - days), value_minor }
}

fn drifted() -> Request {
    Request {
        holdings: vec![
            lot("B1", 400, 150_000),
            lot("B2", 400, 150_000),
            lot("E1", 400, 500_000),
            lot("E2", 25, 150_000),
            lot("M1", 400, 100_000),
        ],
        cash_minor: 0,
        ..request(Kind::Drift)
    }
}

fn conserved(request: &Request, orders: &Orders) {
    let held: i64 = request.holdings.iter().map(|l| l.value_minor).sum();
    let after: i64 = orders.holdings.iter().map(|(_, v)| v).sum();
    let total = after + orders.cash_minor + orders.fees_minor + request.withdraw_minor;
    assert_eq!(held + request.cash_minor, total, "no unit is lost");
    assert!(orders.cash_minor >= request.reserve_minor.min(request.cash_minor), "the reserve stays");
}

#[test]
fn a_first_investment_follows_the_model_and_shows_the_boring_rows() {
    let request = Request { reserve_minor: 200_000, ..request(Kind::Initial) };
    let proposal = propose(&request).unwrap();
    conserved(&request, &proposal.orders);
    assert_eq!(proposal.orders.cash_minor, 200_000);
    for ((code, value), (_, weight)) in proposal.orders.holdings.iter().zip(&request.model.weights_bp) {
        assert!((value - weight * 80).abs() < 1_500, "{code} {value}");
    }
    let names: Vec<&str> = proposal.alternatives.iter().map(|a| a.name).collect();
    assert_eq!(names, ["ours", "1/N", "60/40", "money fund", "do nothing"]);
    assert!(proposal.explanation.english.starts_with("We propose to buy "));
    assert!(proposal.explanation.chinese.contains("首次投资"));
    assert!(proposal.review.is_none());
    assert_eq!(proposal.expires, Day(TODAY.0 + 1));
}

#[test]
fn a_broken_band_comes_back_at_least_half_way_and_waits_for_falling_fees() {
    let request = drifted();
    let proposal = propose(&request).unwrap();
    conserved(&request, &proposal.orders);
    let equity: f64 = [2, 3].iter().map(|i| proposal.decision.weights[*i]).sum();
    assert!(proposal.decision.sells && (0.40..=0.44).contains(&equity), "{equity}");
    assert_eq!(proposal.explanation.rule, "BAND_HYBRID");
    assert!(
        proposal.explanation.english.contains("Equity stands at 61.9 % of this plan"),
        "{}",
        proposal.explanation.english
    );
    let mut waiting = request.clone();
    waiting.holdings = vec![lot("E1", 26, 800_000), lot("B1", 400, 250_000)];
    let proposal = propose(&waiting).unwrap();
    conserved(&waiting, &proposal.orders);
    let skip = proposal.orders.skipped.iter().find(|s| s.reason == Code::ShortHoldingFee).unwrap();
    assert!(skip.days_left == Some(4) && skip.fee_avoided_minor > 0);
}

#[test]
fn a_deposit_that_cures_the_drift_sells_nothing() {
    let mut request = drifted();
    request.kind = Kind::Deposit;
    request.cash_minor = 2_000_000;
    let proposal = propose(&request).unwrap();
    conserved(&request, &proposal.orders);
    assert!(proposal.orders.list.iter().all(|o| o.side == OrderSide::Buy));
    assert!(!proposal.orders.list.is_empty() && !proposal.decision.sells);
}

#[test]
fn a_withdrawal_raises_what_is_asked() {
    let mut request = drifted();
    request.kind = Kind::Withdrawal;
    request.withdraw_minor = 200_000;
    let proposal = propose(&request).unwrap();
    conserved(&request, &proposal.orders);
    assert!(proposal.orders.cash_minor >= 0, "{}", proposal.orders.cash_minor);
}

#[test]
fn suitability_is_enforced_where_a_proposal_is_made() {
    let check = |change: &dyn Fn(&mut Request), code: Code| {
        let mut request = request(Kind::Initial);
        change(&mut request);
        let answer = answer(&request);
        let refusal = answer.member("refusal").unwrap();
        assert_eq!(refusal.member("code").unwrap().as_text(), Some(code.name()));
        assert!(replay(&answer).is_ok());
    };
    let class = |class: Class| move |r: &mut Request| r.profile.as_mut().unwrap().class = class;
    check(&|r| r.profile = None, Code::StrategyBeforeProfile);
    check(&|r| r.profile.as_mut().unwrap().expires = TODAY, Code::ProfileExpired);
    check(&class(Class::C3), Code::ProductAboveClass);
    check(&|r| r.profile.as_mut().unwrap().lowest = true, Code::ClassLowestR1Only);
    check(&|r| r.products[0].kind = ProductKind::Active, Code::SingleFundCap);
    check(&|r| r.products[2].state = State::Suspended, Code::FundSuspended);
    check(&|r| r.model.approvals.truncate(1), Code::ModelNotApproved);
    check(&|r| r.history.until = Day(TODAY.0 - 6), Code::PriceStale);
    check(&|r| r.history.returns.iter_mut().for_each(|c| c.truncate(59)), Code::TooFewObservations);
    check(&|r| r.reserve_minor = 1_000_000, Code::CashReserved);
    check(&|r| r.excluded = vec!["M1".into()], Code::Infeasible);
    let mut unknown = request(Kind::Initial);
    unknown.history.returns[1][5] = f64::NAN;
    assert_eq!(propose(&unknown).unwrap_err().code, Code::NanOrInf);
}

#[test]
fn answers_replay_bit_for_bit_and_any_change_shows() {
    let mut request = drifted();
    request.goal = Some(GoalPlan {
        name: "home".into(),
        months: 120,
        monthly_minor: 5_000,
        target_minor: 2_000_000,
        required_bp: 8_000,
    });
    let recorded = answer(&request);
    assert!(recorded.member("proposal").is_some());
    let text = recorded.pretty();
    let read = Json::parse(&text).unwrap();
    assert_eq!(read.canonical(), recorded.canonical());
    replay(&read).unwrap();
    let check = |from: &str, to: &str, rule: &str| {
        let changed = Json::parse(&text.replacen(from, to, 1)).unwrap();
        assert_ne!(changed, read, "{from}");
        assert_eq!(replay(&changed).unwrap_err().rule, rule);
    };
    check("\"cash_minor\": 0", "\"cash_minor\": 1", "seed");
    check("rules 1", "rules 2", "code_version");
    check("\"fees_minor\": 0", "\"fees_minor\": 1", "proposal");
    let goal = recorded.member("proposal").unwrap().member("explanation").unwrap().member("benefit").unwrap();
    assert_eq!(goal.member("goal_before_after_error_bp").unwrap().elements().len(), 3);
}

#[test]
fn random_requests_conserve_money_and_never_breach() {
    let mut random = Random::new(6);
    let mut proposed = 0;
    for round in 0..60 {
        let mut request = request(Kind::ALL[random.below(8)].0);
        request.history = history(round);
        request.profile.as_mut().unwrap().class = [Class::C3, Class::C4, Class::C5][random.below(3)];
        request.holdings = (0..random.below(8))
            .map(|_| {
                lot(
                    ["B1", "B2", "E1", "E2", "M1"][random.below(5)],
                    random.below(60) as i32,
                    random.below(400_000) as i64,
                )
            })
            .collect();
        request.cash_minor = random.below(300_000) as i64;
        request.reserve_minor = random.below(2) as i64 * 50_000;
        request.withdraw_minor =
            if request.kind == Kind::Withdrawal { random.below(200_000) as i64 } else { 0 };
        request.products.iter_mut().for_each(|p| p.step_minor = [1, 100, 5_000][random.below(3)]);
        if let Ok(proposal) = propose(&request) {
            proposed += 1;
            let held: i64 = request.holdings.iter().map(|l| l.value_minor).sum();
            let after: i64 = proposal.orders.holdings.iter().map(|(_, v)| v).sum();
            let orders = &proposal.orders;
            assert_eq!(
                held + request.cash_minor,
                after + orders.cash_minor + orders.fees_minor + request.withdraw_minor
            );
            let class = request.profile.as_ref().unwrap().class;
            for order in orders.list.iter().filter(|o| o.side == OrderSide::Buy) {
                assert!(request.product(&order.code).unwrap().grade() <= class.grade_max());
            }
            assert!(refuse_promises(&proposal.explanation.english).is_ok());
        }
    }
    assert!(proposed > 20, "{proposed}");
}

#[test]
fn a_crash_sends_the_proposal_to_a_person() {
    let mut request = request(Kind::Initial);
    *request.history.returns[2].last_mut().unwrap() = -0.25;
    assert!(propose(&request).unwrap().review.unwrap().contains("E1 moved 2500 bp"));
    assert_eq!(refuse_promises("本产品保本").unwrap_err().code, Code::PromiseWording);
}

#[test]
fn what_the_mandate_does_not_allow_is_not_proposed() {
    let mut request = drifted();
    let mandate = Mandate {
        managed: true,
        funds: vec![],
        turnover_year_bp: 10_000,
        signed: Day(TODAY.0 - 10),
        revoked: None,
    };
    request.mandate = Some(mandate.clone());
    let free = propose(&request).unwrap();
    assert!(turnover_bp(&request, &free.orders.list) > 0);
    let read = Request::from_json(&request.to_json()).unwrap();
    assert_eq!(read, request);
    let mut check = |mandate: Mandate, past: i64, code: Code| {
        (request.mandate, request.turnover_past_bp) = (Some(mandate), past);
        assert_eq!(propose(&request).unwrap_err().code, code);
    };
    check(mandate.clone(), 10_000, Code::TurnoverBudget);
    check(Mandate { funds: vec!["M1".into()], ..mandate.clone() }, 0, Code::MandateExceeded);
    check(Mandate { revoked: Some(TODAY), ..mandate.clone() }, 0, Code::MandateRevoked);
    assert!(Request { mandate: None, ..drifted() }.to_json().member("mandate").is_none(), "old hashes stay");
    request = Request { mandate: Some(Mandate { managed: false, ..mandate }), ..drifted() };
    assert_eq!(
        permit_by_mandate(&request, &free.orders.list, false).unwrap_err().code,
        Code::MandateExceeded
    );
}

#[test]
fn the_same_rules_are_asked_again_when_orders_are_booked() {
    let mut request = request(Kind::Initial);
    let proposal = propose(&request).unwrap();
    let booked = match_booking(&request, &proposal.orders.list);
    assert_eq!(booked, proposal.matching, "nothing changed, so nothing is judged otherwise");
    request.products[2].own_grade = Grade::R5;
    let refused = match_booking(&request, &proposal.orders.list).permit().unwrap_err();
    assert_eq!(refused.code, Code::ProductAboveClass);
}

#[test]
fn what_would_put_off_a_loss_waits() {
    let mut request = request(Kind::Initial);
    let bought = |request: &Request| propose(request).unwrap().orders.bought_minor("E1");
    assert!(bought(&request) > 0);
    request.waits = vec![("E1".into(), Day(TODAY.0 + 9)), ("B1".into(), TODAY)];
    let orders = propose(&request).unwrap().orders;
    let skip = orders.skipped.iter().find(|skip| skip.code == "E1").unwrap();
    assert_eq!((skip.reason, skip.days_left, bought(&request)), (Code::WashSale, Some(9), 0));
    assert!(orders.bought_minor("B1") > 0, "its day has come");
    let read = Request::from_json(&request.to_json()).unwrap();
    assert_eq!(read.waits.len(), 2);
    replay(&answer(&request)).unwrap();
    let mut bad = request.to_json();
    if let Json::Object(members) = &mut bad {
        members.insert("purchases_wait_until".into(), Json::parse(r#"{"E1":"soon"}"#).unwrap());
    }
    assert!(Request::from_json(&bad).unwrap_err().message.contains("E1"));
}
