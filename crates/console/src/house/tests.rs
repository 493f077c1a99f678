//! The operator's advice pages over answers as the service writes them.

use serde_json::{Value, json};

use super::words::CATALOGUE;
use super::*;
use crate::advice::Replayed;
use crate::language::Spoken;

fn pages(language: Language) -> Vec<(&'static str, String)> {
    let visit = |path: &str| Visit { language, path: path.into(), person: Some("ana".into()), notice: None };
    let model = |version: i64, approvals: Value| {
        json!({ "id": "growth", "version": version, "class": "C4",
        "weights_bp": { "WORLD": 6_000, "GOVT": 4_000 }, "approvals": approvals })
    };
    let listing = |code: &str, day: &str| {
        json!({ "grade": "R3", "conflict": "<pays>", "last_price_day": day, "product":
        { "code": code, "class": "equity", "issuer_grade": "R3", "own_grade": "R1", "state": "open", "yearly_cost_bp": 20 } })
    };
    let state = json!({ "stopped": "a wrong price", "jurisdictions": ["PH"], "users": 3, "records": 1_234,
        "models": [model(1, json!(["ana", "ben"])), model(2, json!(["ana"])), model(3, json!([]))],
        "products": [listing("WORLD", "2026-11-22"), listing("OLD", "2026-10-01")] });
    let report = json!({ "users": 3, "classes": { "C2": 1, "C4": 2 }, "profiles_expired": 0, "questionnaire": "2026-1",
        "assessments": 3, "contradictions": 1, "suitability_exceptions": 0, "plans_above_class": 1,
        "reviews_waiting": [{ "id": "proposal-9", "subject": "A/u", "why": "it moved" }],
        "live": [{ "member": "BAYANI", "model": "growth", "version": 1, "since": "2026-11-23", "plans": 2, "paid_in_minor": 25_000_000,
            "value_minor": 24_999_000, "gain_minor": -1_000, "fees_minor": 7 }],
        "counters": { "days_in_service": 1, "plans_screened": 9, "refused": { "MANDATE_MISSING": 2 } } });
    let test = json!({ "id": "backtest-4", "from": "2012-01-28", "to": "2026-11-28", "fits": 60, "comparisons": 12,
        "p_needed": 0.00417, "rows": [{ "name": "1/N", "benchmark": true, "mean_yearly": 0.0412, "sharpe": -0.25,
        "drawdown": -0.31, "p_value": null }] });
    let run = json!({ "id": "run-5", "dry_run": true, "plans_screened": 9, "plans_flagged": 1, "skipped":
        { "within its bands": 7, "UNSETTLED": 1 }, "proposals": [{ "orders": 2 }, { "orders": 0 }] });
    let change = json!({ "day": "2026-11-23", "body": { "why": "yearly <look>", "by": "person ana", "answer":
        { "product": "OLD", "grade_before": "R3", "grade": "R4", "holders_told": 5 } } });
    let found = Found {
        subject: "A/u".into(),
        records: vec![json!({ "sequence": 1, "day": "2026-11-23", "kind": "proposal", "previous": "00",
            "body": { "id": "proposal-9", "by": "member A", "text": "<x>" } })],
        next: Some(21),
        replayed: Some(Replayed { proposal: "proposal-9".into(), equal: false, why: "changed".into() }),
    };
    vec![
        ("register", register(&visit(REGISTER), &state)),
        ("evidence", evidence(&visit(EVIDENCE), &report, &[test])),
        ("products", products(&visit(PRODUCTS), &state, &[change], "2026-11-13")),
        ("runs", runs(&visit(RUNS), &[run])),
        ("watch", watch(&visit(WATCH), &report)),
        ("records", records(&visit(RECORDS), &found)),
        ("rubbish", evidence(&visit(EVIDENCE), &json!({ "live": [7, null] }), &[json!("x")])),
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
                ["style=\"", "<script>", "onclick", "http://", "https://", "<pays>", "<look>", "<x>"]
            {
                assert!(!page.contains(forbidden), "{name} holds {forbidden}");
            }
        }
    }
}

#[test]
fn what_must_be_seen_is_seen() {
    for (name, shown) in [
        ("register", "a wrong price"),
        ("register", "id=\"token-growth-2\""),
        ("register", "/console/advice/models/growth/3/approve"),
        ("evidence", "24,999,000"),
        ("evidence", "−1,000"),
        ("evidence", "4.12 %"),
        ("evidence", "−0.250"),
        ("evidence", "must be below 0.004"),
        ("products", "2026-10-01 stale"),
        ("products", "R3 → R4, yearly &lt;look&gt; (person ana; 5 holders told)"),
        ("runs", "within its bands: 7"),
        ("runs", "Earlier orders are not carried out yet."),
        ("watch", "class=\"good\" id=\"exceptions\">0<"),
        ("watch", "contradictory 1 times (25.00 %)"),
        ("watch", "/console/advice/proposals/proposal-9/release"),
        ("records", "it is not equal"),
        ("records", "value=\"21\""),
    ] {
        assert!(one(name).contains(shown), "{name} lacks {shown}: {}", one(name));
    }
    assert!(!one("register").contains("token-growth-1") && !one("register").contains("token-growth-3"));
    assert!(!one("products").contains("2026-11-22 stale"));
}

#[test]
fn the_catalogue_has_no_gaps() {
    for (word, english, chinese) in CATALOGUE {
        assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
        assert_eq!(english.matches('{').count(), chinese.matches('{').count(), "{word:?}");
        assert_eq!(word.said(Language::Chinese), *chinese);
    }
}
