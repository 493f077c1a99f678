use super::*;

#[test]
fn actions_stay_within_the_mandate() {
    let mandate = Mandate {
        managed: false,
        funds: vec!["A".into(), "B".into()],
        turnover_year_bp: 3_000,
        signed: Day(10),
        revoked: Some(Day(100)),
    };
    let action = Action {
        day: Day(50),
        codes: vec!["A"],
        turnover_bp: 1_000,
        turnover_past_bp: 2_000,
        confirmed: true,
    };
    assert!(permit(Some(&mandate), &action).is_ok());
    let check = |mandate: Option<&Mandate>, action: Action, code: Code| {
        assert_eq!(permit(mandate, &action).unwrap_err().code, code, "{action:?}");
    };
    check(None, action.clone(), Code::MandateMissing);
    check(Some(&mandate), Action { day: Day(9), ..action.clone() }, Code::MandateRevoked);
    check(Some(&mandate), Action { day: Day(100), ..action.clone() }, Code::MandateRevoked);
    check(Some(&mandate), Action { confirmed: false, ..action.clone() }, Code::MandateExceeded);
    check(Some(&mandate), Action { codes: vec!["C"], ..action.clone() }, Code::MandateExceeded);
    check(Some(&mandate), Action { turnover_bp: 1_001, ..action }, Code::TurnoverBudget);
}

#[test]
fn mandates_read_back_and_half_ones_are_refused() {
    let mandate = Mandate {
        managed: true,
        funds: vec!["A".into()],
        turnover_year_bp: 3_000,
        signed: Day(10),
        revoked: Some(Day(11)),
    };
    assert_eq!(Mandate::from_json(&mandate.to_json()).unwrap(), mandate);
    for bad in [
        "{}",
        r#"{"turnover_year_bp":1}"#,
        r#"{"turnover_year_bp":-1,"signed":"2026-01-01"}"#,
        r#"{"turnover_year_bp":1,"signed":"2026-13-01"}"#,
        r#"{"turnover_year_bp":1,"signed":"2026-01-01","funds":[1]}"#,
    ] {
        let refused = Mandate::from_json(&Json::parse(bad).unwrap()).unwrap_err();
        assert_eq!(refused.code, Code::MalformedTable, "{bad}");
    }
}
