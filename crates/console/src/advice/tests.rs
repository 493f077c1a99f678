//! A client's pages over answers as the service writes them: whole in both languages, escaped, nothing that their
//! Content-Security-Policy forbids.

use serde_json::{Value, json};

use super::words::CATALOGUE;
use super::*;
use crate::language::Spoken;
use crate::shell::Notice;

fn client(language: Language, path: &str, notice: Option<Notice>) -> Client {
    Client {
        visit: Visit { language, path: path.to_owned(), person: None, notice },
        wallet: "Bayani <Pay>".to_owned(),
        currency: Currency::parse("PHP").unwrap(),
    }
}

fn a_goal() -> Value {
    json!({ "id": "goal-1", "name": "A <house>", "kind": "home", "until": "2036-01-01", "value_minor": 25_000_000,
        "cash_minor": 0, "target_minor": 90_000_000, "monthly_minor": 400_000 })
}

fn a_projection() -> Value {
    json!({ "years": [[1_000, 2_000, 3_000, 4_000, 5_000], [1_500, 2_500, 3_500, 4_500, 6_000]], "start_minor": 900,
        "success": { "probability": 0.7831, "standard_error": 0.0092 }, "history_months": 240, "mean_uncertain": true,
        "coverage": { "spans": 15, "months": 36, "inside_90": 13 }, "model": "growth", "assumptions": "1ba51fd5a0ffee",
        "seed": 7, "remedy": { "monthly_minor": 500_000, "start_minor": 1_000_000, "months": 180 } })
}

fn a_proposal() -> Value {
    let row = |name: &str, permitted: bool| {
        json!({ "name": name, "permitted": permitted, "fees_minor": 1_050,
        "yearly_cost_bp": 21, "loss_bp": 743, "worst_12_months_bp": 1_098, "goal_probability_bp": 6_785,
        "goal_probability_se_bp": 74, "grade": "R3" })
    };
    json!({ "id": "proposal-2", "goal": "goal-1", "state": "open", "seed": 5, "code_version": "advice 0.1.0",
        "hashes": { "request": "f60d" }, "conflicts": { "SMALL": "Its manager pays <us>." },
        "proposal": { "expires": "2026-11-24", "review": "ASIA moved",
            "orders": { "list": [{ "side": "buy", "product": "WORLD", "amount_minor": 100_000, "fee_minor": 150 }],
                "not_done": [{ "product": "GOVT", "reason": "SHORT_HOLDING_FEE", "amount_minor": 900,
                    "fee_avoided_minor": 618, "days_left": 2 }],
                "cash_after_minor": 3, "holdings_after_minor": { "WORLD": 100_000, "GOVT": 50_000 } },
            "matching": { "portfolio_grade": "R3", "checks": [{ "rule": "profile known and valid", "passed": true },
                { "rule": "products open", "passed": false, "refusal": { "code": "FUND_SUSPENDED" } }] },
            "alternatives": [row("ours", true), row("1/N", true), row("60/40", false), row("money fund", true),
                row("do nothing", true)],
            "explanation": { "english": "We propose.", "chinese": "我们建议。", "would_change_english": "A deposit.",
                "would_change_chinese": "追加。", "cost": { "fees_minor": 150, "annual_cost_change_bp": -2 },
                "benefit": { "loss_before_after_limit_bp": [0, 743, 2_500], "goal_before_after_error_bp": [0, 6_785, 74],
                    "benefit_less_cost_minor": 792_794 },
                "why": { "class": "equity", "target_bp": 6_000, "actual_bp": 0, "band_bp": 1_200 } } } })
}

fn pages(language: Language) -> Vec<(&'static str, String)> {
    let of = |path: &str| client(language, path, None);
    let refused = Notice::Refused {
        code: "STRATEGY_BEFORE_PROFILE".into(),
        sentence: "Strategies follow.".into(),
        remedy: "Answer the questionnaire.".into(),
    };
    let profile_answer = json!({ "id": "profile-1", "class": "C4", "expires": "2027-11-23", "capacity": 77,
        "willingness": 72, "knowledge": 100, "lowest": true, "reasons": ["capacity 77 and willingness 72 of 100: the lower gives C4", "at most C3: knowledge 33 of 100 is below 60", "at most C2: reserve: None", "lowest category: age 80", "<new>"],
        "contradictions": ["x"], "questionnaire": "2026-1" });
    let user = json!({ "profile": profile_answer, "goals": [a_goal(), { "id": "goal-2", "kind": "reserve", "name": "R",
        "value_minor": 5_000, "target_minor": 10_000 }], "proposals": [{ "id": "proposal-2", "state": "open" }] });
    let form = json!({ "version": "2026-1", "questions": [{ "id": "drop", "english": "It shows {loss 20} less.",
        "chinese": "亏损了{loss 20}。", "choices": [{ "english": "Sell", "chinese": "卖出" }] }] });
    let portfolio_answer = json!({ "id": "goal-1", "goal": a_goal(), "value_minor": 10, "cash_minor": 1, "cash_share_bp": 5,
        "fees_minor": 0, "holdings_minor": { "WORLD": 9 }, "orders_open": [{ "side": "sell", "product": "GOVT",
        "amount_minor": 9, "trade_day": "2026-11-23" }] });
    let drift = json!({ "model": "growth", "classes": [{ "class": "equity", "target_bp": 6_000, "actual_bp": 4_000,
        "band_bp": 1_200, "broken": true }] });
    let lots = json!({ "lots": [{ "product": "WORLD", "bought": "2026-11-20", "units_millionths": 12_345_678,
        "cost_minor": 9, "value_minor": 9, "settled": false, "redemption_fee_bp": 150, "fee_falls_in_days": 4 }] });
    let short = json!({ "id": "goal-1", "value_minor": 9, "paid_in_minor": 10, "gain_minor": -1, "fees_minor": 0,
        "marks": [{ "day": "2026-11-23", "value_before_minor": 0, "paid_minor": 10 }],
        "rates_withheld": { "code": "PERFORMANCE_TOO_SHORT" } });
    let mut long = short.clone();
    long["measures"] = json!({ "time_weighted_yearly": 0.0512, "money_weighted_yearly": -0.0034, "drawdown": -0.12,
        "gains_minor": [-1], "reconciles": true });
    let records =
        [json!({ "sequence": 1, "day": "2026-11-23", "kind": "proposal", "body": { "id": "proposal-2",
        "refusal": { "code": "MANDATE_MISSING" } } })];
    let replayed = Replayed { proposal: "proposal-2".into(), equal: true, why: String::new() };
    let proposed = |mandate: Value| Proposed {
        answer: a_proposal(),
        before: json!({ "holdings_minor": { "WORLD": 5 }, "cash_minor": 7 }),
        mandate,
    };
    let asked = Asked { monthly_minor: Some(123_450), years: Some(2) };
    vec![
        ("start", start(&of(ADVICE), &user, &[("goal-1".into(), a_projection())])),
        ("start, new", start(&of(ADVICE), &Value::Null, &[])),
        ("profile", profile(&of(PROFILE), &profile_answer)),
        (
            "questionnaire",
            questionnaire(&of(QUESTIONNAIRE), &Form { amount_minor: 100_000, ..Form::default() }, &form),
        ),
        ("models, refused", models(&client(language, MODELS, Some(refused)), &Value::Null)),
        ("goal", goal(&of("/advice/goals/goal-1"), &a_goal(), &asked, &a_projection())),
        ("proposal", proposal(&of("/advice/proposals/proposal-2"), &proposed(Value::Null))),
        (
            "proposal, mandate",
            proposal(&of("/p"), &proposed(json!({ "signed": "2026-11-23", "turnover_year_bp": 15_000 }))),
        ),
        ("portfolio", portfolio(&of("/advice/goals/goal-1/portfolio"), &portfolio_answer, &drift, &lots)),
        ("performance, short", performance(&of("/x"), "A house", &short)),
        ("performance, long", performance(&of("/x"), "A house", &long)),
        ("documents", documents(&of(DOCUMENTS), &records, Some(&replayed))),
        (
            "rubbish",
            portfolio(
                &of("/x"),
                &json!({ "holdings_minor": 7, "orders_open": "x" }),
                &Value::Null,
                &json!([]),
            ),
        ),
    ]
}

fn one(name: &str) -> String {
    let found = pages(Language::English).into_iter().find(|(known, _)| *known == name);
    found.expect("a page of the list").1.replace('\u{a0}', " ")
}

#[test]
fn every_page_is_whole_in_both_languages() {
    for language in [Language::English, Language::Chinese] {
        for (name, page) in pages(language) {
            assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{name}");
            for forbidden in
                ["style=\"", "<script>", "onclick", "https://", "<house>", "<us>", "<Pay>", "NaN"]
            {
                assert!(!page.contains(forbidden), "{name} holds {forbidden}");
            }
            // The one address is SVG's namespace, which nobody fetches.
            assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http://"), "{name}");
        }
    }
}

#[test]
fn figures_are_told_as_they_were_answered() {
    for (name, shown) in [
        ("start", "on track 78 ± 1 %"),
        ("start", "PHP 50.00</span></b> / "),
        ("profile", "The lower of the two gives C4."),
        ("profile", "At most C3: knowledge 33 of 100 is below 60"),
        ("profile", "At most C2: <span lang=\"en\">reserve: None"),
        ("profile", "Lowest category: age 80"),
        ("profile", "&lt;new&gt;"),
        ("questionnaire", "It shows PHP 200.00 less."),
        ("models, refused", "href=\"/advice/questionnaire\""),
        ("goal", "held in 13 of 15 overlapping spans of 36 months"),
        ("goal", "value=\"1234.50\""),
        ("proposal", "67.85 % ± 0.74 %"),
        ("proposal", "0.00 % → 7.43 %, limit 25.00 %"),
        ("proposal", "above your class"),
        ("proposal", "2 days left"),
        ("proposal", "action=\"/advice/proposals/proposal-2/mandate\""),
        ("portfolio", "12.345678"),
        ("portfolio", "1.50 %, falls in 4 days"),
        ("performance, short", "after a year at least"),
        ("performance, long", "−0.34 %"),
        ("performance, long", "agree to the cent"),
        ("documents", "equal bit for bit"),
    ] {
        assert!(one(name).contains(shown), "{name} lacks {shown}: {}", one(name));
    }
    assert!(!one("proposal, mandate").contains("/mandate\""));
}

/// In Chinese what is known is said in Chinese, remedy and all; the service's English stands folded behind it.
#[test]
fn refusals_are_said_in_the_readers_language() {
    let refused = |language| {
        let page = pages(language).into_iter().find(|(name, _)| *name == "models, refused");
        page.map(|(_, page)| page).unwrap()
    };
    let (english, chinese) = (refused(Language::English), refused(Language::Chinese));
    let original = "<span lang=\"en\">Strategies follow. Answer the questionnaire.</span>";
    assert!(english.contains(&format!("<code>STRATEGY_BEFORE_PROFILE</code> {original}</p>")), "{english}");
    assert!(chinese.contains("<code>STRATEGY_BEFORE_PROFILE</code> 请填写风险测评问卷。</p>"), "{chinese}");
    let folded = format!("<summary>服务原文（英文）</summary><p>{original}</p></details>");
    assert!(chinese.contains(&folded), "{chinese}");
    assert!(!english.contains("服务原文"));
}

#[test]
fn the_catalogue_has_no_gaps() {
    for (word, english, chinese) in CATALOGUE {
        assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
        assert_eq!(english.matches('{').count(), chinese.matches('{').count(), "{word:?}");
        assert_eq!(word.said(Language::Chinese), *chinese);
    }
}

#[test]
fn every_code_that_clients_meet_is_said_kindly() {
    let unmet = [
        "COVARIANCE_NOT_PD",
        "NAN_OR_INF",
        "DUPLICATE_ASSET",
        "NO_POSITIVE_EXCESS_RETURN",
        "NODE_LIMIT",
        "RESIDUAL_TOO_LARGE",
        "BENCHMARK_MISSING",
        "PROMISE_WORDING",
        "PRICE_JUMP",
        "FUND_CAPACITY",
        "MINOR_OR_NO_CAPACITY",
    ];
    for code in advice::Code::ALL.iter().map(|code| code.name()).filter(|code| !unmet.contains(code)) {
        for language in [Language::English, Language::Chinese] {
            assert!(crate::refusals::said(code, language).is_some(), "{code}");
        }
    }
}
