use super::*;

#[test]
fn the_table_of_classes_and_grades() {
    for (class, most) in Class::ALL.into_iter().zip(Grade::ALL) {
        for grade in Grade::ALL {
            let product = product("F", grade, ProductKind::Money);
            let position = Position { product: &product, value_minor: 100, bought_minor: 100 };
            let opinion =
                matching(Some(&profile(class, false)), Day(0), &Policy::default(), &[position], None);
            assert_eq!(opinion.permit().is_ok(), grade <= most, "{class:?} {grade:?}");
            let opinion =
                matching(Some(&profile(class, true)), Day(0), &Policy::default(), &[position], None);
            assert_eq!(opinion.permit().is_ok(), grade == Grade::R1);
        }
    }
}

#[test]
fn the_higher_grade_counts_and_its_change_is_told_without_forcing_a_sale() {
    let mut product = product("F", Grade::R2, ProductKind::Index);
    assert_eq!(product.regrade(Grade::R1, Day(5)), None);
    let change = product.regrade(Grade::R4, Day(6)).unwrap();
    assert_eq!((product.grade(), change.grades), (Grade::R4, (Grade::R2, Grade::R4)));
    let person = profile(Class::C2, false);
    let keep = Position { product: &product, value_minor: 100, bought_minor: 0 };
    assert!(matching(Some(&person), Day(7), &Policy::default(), &[keep], Some(9_000)).permit().is_ok());
    let buy = Position { bought_minor: 1, ..keep };
    let refusal = matching(Some(&person), Day(7), &Policy::default(), &[buy], None).permit().unwrap_err();
    assert_eq!((refusal.code, refusal.nearest), (Code::ProductAboveClass, Some(2.0)));
}

#[test]
fn each_rule_refuses_by_its_own_code() {
    let fund = product("F", Grade::R2, ProductKind::Active);
    let closed = Product { state: State::Limited, ..product("G", Grade::R1, ProductKind::Money) };
    let money = product("M", Grade::R1, ProductKind::Money);
    let check =
        |profile: Option<&RiskProfile>, positions: &[(&Product, i64)], loss: Option<i64>, code: Code| {
            let positions: Vec<Position> = positions
                .iter()
                .map(|(p, v)| Position { product: p, value_minor: *v, bought_minor: *v })
                .collect();
            let opinion = matching(profile, Day(100), &Policy::default(), &positions, loss);
            assert_eq!(opinion.permit().unwrap_err().code, code);
        };
    let c3 = profile(Class::C3, false);
    check(None, &[(&money, 1)], None, Code::ProfileMissing);
    check(Some(&RiskProfile { expires: Day(100), ..c3.clone() }), &[(&money, 1)], None, Code::ProfileExpired);
    check(Some(&c3), &[(&closed, 1)], None, Code::FundSuspended);
    check(Some(&c3), &[(&fund, 2_001), (&money, 7_999)], None, Code::SingleFundCap);
    check(Some(&c3), &[(&money, 1)], Some(1_501), Code::PortfolioAboveClass);
    check(Some(&profile(Class::C5, false)), &[(&money, 1)], Some(3_701), Code::LossLimitExceeded);
}

#[test]
fn pages_are_shown_in_order() {
    assert_eq!(permit_strategy(None, Day(0)).unwrap_err().code, Code::StrategyBeforeProfile);
    let person = profile(Class::C3, false);
    assert!(permit_strategy(Some(&person), Day(0)).is_ok());
    assert_eq!(permit_performance(None, Day(0), Day(900)).unwrap_err().code, Code::StrategyBeforeProfile);
    let opinion = matching(Some(&person), Day(0), &Policy::default(), &[], None);
    assert_eq!(
        permit_performance(Some(&opinion), Day(0), Day(364)).unwrap_err().code,
        Code::PerformanceTooShort
    );
    assert!(permit_performance(Some(&opinion), Day(0), Day(365)).is_ok());
}

#[test]
fn no_random_proposal_passes_that_breaks_the_rules() {
    let trial = breaches(1, 100_000);
    assert_eq!(trial.breaches, 0);
    assert!(trial.permitted > 5_000 && trial.refused > 5_000, "{trial:?}");
}

#[test]
fn policies_read_back_and_unknown_limits_are_refused() {
    let policy = Policy { single_fund_cap_bp: 1_500, ..Policy::default() };
    assert_eq!(Policy::from_json(&policy.to_json()).unwrap(), policy);
    assert_eq!(Policy::from_json(&Json::parse("{}").unwrap()).unwrap(), Policy::default());
    for bad in [r#"{"single_fund_cap":1}"#, r#"{"loss_limits_bp":[1,2]}"#, r#"{"knowledge_bar":-1}"#] {
        assert!(Policy::from_json(&Json::parse(bad).unwrap()).is_err(), "{bad}");
    }
}

#[test]
fn products_read_back_as_written() {
    let product =
        Product { redemption_fees: vec![(7, 150), (30, 50)], ..product("F", Grade::R3, ProductKind::Index) };
    assert_eq!(Product::from_json(&product.to_json()).unwrap(), product);
    let fee = |days| product.redemption_fee_bp(days);
    assert_eq!(
        [fee(0), fee(6), fee(7), fee(30)],
        [(150, Some(7)), (150, Some(1)), (50, Some(23)), (0, None)]
    );
    for bad in [r#"{"code":"F"}"#, r#"{"code":"F","class":"x","issuer_grade":"R6","own_grade":"R1"}"#] {
        assert_eq!(Product::from_json(&Json::parse(bad).unwrap()).unwrap_err().code, Code::MalformedTable);
    }
}

fn profile(class: Class, lowest: bool) -> RiskProfile {
    trial::profile(class, lowest)
}

fn product(code: &str, grade: Grade, kind: ProductKind) -> Product {
    trial::product(code, grade, kind)
}
