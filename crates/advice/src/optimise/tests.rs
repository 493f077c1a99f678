use super::*;

const DATA: &str = r#""moments":{"names":["A","B"],"covariance":[[0.04,0.0],[0.0,0.01]],"mean":[0.02,0.01]}"#;

fn ask(rest: &str) -> Result<Json, Refusal> {
    optimise(&Json::parse(&format!("{{{DATA}{rest}}}")).unwrap())
}

#[test]
fn objectives_give_known_weights() {
    for (rest, first) in [
        ("", 0.2),
        (r#","objective":"min-variance","cap":0.7"#, 0.3),
        (r#","objective":"max-sharpe""#, 1.0 / 3.0),
        (r#","objective":"risk-parity""#, 1.0 / 3.0),
        (r#","objective":"inverse-volatility""#, 1.0 / 3.0),
        (r#","objective":"equal""#, 0.5),
        (r#","objective":"blend""#, 0.35),
        (r#","groups":[{"name":"a","members":["A"],"lower":0.4}]"#, 0.4),
        (r#","held":{"A":1.0},"turnover_max":1.0"#, 0.5),
    ] {
        let answer = ask(rest).unwrap_or_else(|refusal| panic!("{rest}: {refusal}"));
        let weight = answer.member("weights").and_then(|w| w.member("A")).and_then(Json::as_number);
        assert!((weight.unwrap() - first).abs() < 1e-12, "{rest}: {}", answer.canonical());
    }
    let column = |step: usize| {
        Json::List((0..60).map(|t| Json::Number((t * step % 13) as f64 / 100.0 - 0.05)).collect())
    };
    let returns = Json::object([("A", column(3)), ("B", column(5))]);
    let request = Json::object([("returns", returns), ("objective", Json::text("min-cvar"))]);
    let answer = optimise(&request).unwrap_or_else(|refusal| panic!("{refusal}"));
    let Some(Json::Object(weights)) = answer.member("weights") else { panic!("no weights") };
    let sum: f64 = weights.values().filter_map(Json::as_number).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (rest, code) in [
        (r#","objective":"magic""#, Code::OutOfRange),
        (r#","objective":7"#, Code::MalformedTable),
        (r#","objective":"min-cvar""#, Code::MalformedTable),
        (r#","cap":"much""#, Code::MalformedTable),
        (r#","cap":0.3"#, Code::Infeasible),
        (r#","held":{"C":1}"#, Code::OutOfRange),
        (r#","groups":[{"members":["C"]}]"#, Code::OutOfRange),
        (r#","objective":"few","assets_max":-1"#, Code::MalformedTable),
    ] {
        assert_eq!(ask(rest).unwrap_err().code, code, "{rest}");
    }
    for (whole, code) in [
        ("{}", Code::MalformedTable),
        (r#"{"returns":{}}"#, Code::OutOfRange),
        (r#"{"returns":{"A":[0.1,null]}}"#, Code::NanOrInf),
        (r#"{"moments":{"names":["A","A"],"covariance":[[1,0],[0,1]]}}"#, Code::DuplicateAsset),
        (r#"{"moments":{"names":["A","B"],"covariance":[[1,0],[1,1]]}}"#, Code::MalformedTable),
    ] {
        assert_eq!(optimise(&Json::parse(whole).unwrap()).unwrap_err().code, code, "{whole}");
    }
}
