//! The console's pages over answers as the API writes them: whole in both languages, escaped, nothing that their
//! Content-Security-Policy forbids.

use serde_json::{Value, json};

use super::words::CATALOGUE;
use super::*;
use crate::language::{Language, Spoken};
use crate::shell::Notice;

fn verdict(place: usize) -> Value {
    json!({
        "paymentId": format!("P00000000000000000{place}"), "decision": "REVIEW", "letThrough": "false",
        "judgedTime": "2026-11-23T04:50:00+00:00", "amountCents": "123450", "scorePpm": "421337",
        "payer": "BAYANI/<b>eve</b>", "merchant": "BUND-ACQ/M-1",
        "reasons": [{ "code": "NEW_PAYER_LARGE", "say": "First payment & a large one." }],
        "facts": [{ "name": "corridor", "value": "PH-CN" }],
        "contributions": [{ "feature": "payer count 1d", "micro": "1250000" }, { "feature": "hour", "micro": "-250000" }],
        "lacks": ["device"], "device": "device/<d>", "shadowRules": ["night"], "shadowScorePpm": "90000", "label": "FRAUD",
        "versions": ["1", "2", "3", "4", "5"],
    })
}

fn open_case() -> Value {
    json!({
        "number": "7", "raisedTime": "2026-11-23T04:50:00+00:00", "dueTime": "2026-11-24T04:50:00+00:00",
        "ageSeconds": "90061", "overdue": "false", "expectedLossCents": "52013", "paymentCount": "2",
        "sanctions": "true", "payer": "BAYANI/<b>eve</b>", "merchant": "BUND-ACQ/M-1", "amountCents": "246900",
        "reasons": [{ "code": "NEW_PAYER_LARGE", "say": "First payment & a large one." }],
        "claimedBy": "ana", "claimedUntil": "2026-11-23T05:20:00+00:00", "proposedBy": "ben", "proposedRuling": "FRAUD",
    })
}

fn pages(language: Language) -> Vec<(&'static str, String)> {
    let refused = Notice::Refused {
        code: "PROCESS_FAIL".into(),
        sentence: "It is <ben>’s.".into(),
        remedy: "Wait.".into(),
    };
    let visit = |path: &str| Visit {
        language,
        path: path.into(),
        person: Some("ana".into()),
        notice: Some(refused.clone()),
    };
    let mut ruled = open_case();
    ruled["ruling"] = json!("GENUINE");
    ruled["ruledBy"] = json!("ben");
    let answer = |case: Value| {
        json!({
            "case": case, "evidence": [verdict(1), verdict(2)], "windows": [{ "name": "payer count 1d", "value": "3" }],
            "hits": [{ "list": "UN", "entry": "QDi.001", "name": "E<v>e Doe", "milli": "912", "why": "eve = eve", "confirmed": "true" }],
        "links": [{ "number": "8", "shared": "DEVICE" }, { "number": "9", "shared": "MERCHANT" }],
        })
    };
    let ring = vec!["8".to_owned(), "9".to_owned(), "12".to_owned()];
    let payment = json!({ "paymentId": "P1", "stage": "Rejected", "merchant": "Tea", "decline": "RISK_REJECT",
        "paymentAmount": { "currency": "CNY", "value": "12300" }, "terms": { "wallet": "BAYANI",
        "payerAmount": { "currency": "PHP", "value": "98700" } } });
    let risk = json!({
        "versions": ["1", "2", "3", "4", "5"], "shadowVersion": "9", "judged": ["10", "1", "2", "3"], "refused": "4",
        "openCases": "1", "rules": [{ "name": "large", "decision": "REVIEW", "code": "LARGE", "mode": "LIVE",
        "when": "amount_minor > 100000 && payer_count_1d < 1" }],
        "proposals": [
            { "number": "1", "maker": "ana", "proposedTime": "2026-11-23T04:50:00+00:00", "kind": "RULES", "text": "<x>" },
            { "number": "2", "maker": "ben", "proposedTime": "2026-11-23T04:50:00+00:00", "kind": "LIST", "name": "own",
              "entryCount": "3" },
        ],
        "stops": [{ "subject": "BUND-ACQ/M-1", "since": "2026-11-23T04:50:00+00:00" },
            { "subject": "0123456789abcdef", "since": "2026-11-23T04:50:00+00:00" }],
        "limits": [{ "subject": "PH-CN", "amountMaxCents": "100000" }],
        "lists": [{ "name": "blocked", "entryCount": "12" }],
    });
    let screening = json!({ "lists": [{ "name": "UN", "version": "0f", "entryCount": "900",
        "changedTime": "2026-11-23T04:50:00+00:00", "checkedTime": "2026-11-23T04:50:00+00:00" }],
        "partyCount": "12", "hitCount": "1", "clearedCount": "2", "waiting": "true", "stale": "true" });
    vec![
        ("sign-in", sign_in(&Visit { person: None, ..visit(SIGN_IN) })),
        ("queue", queue(&visit(CASES), &json!({ "cases": [open_case()], "openCount": "1" }))),
        ("empty queue", queue(&visit(CASES), &json!({}))),
        (
            "case",
            case(&visit("/console/cases/7"), &Gathered { answer: answer(open_case()), ring: ring.clone() }),
        ),
        ("ruled case", case(&visit("/console/cases/7"), &Gathered { answer: answer(ruled), ring })),
        (
            "payment",
            payment_page(&visit("/console/payments/P1"), &payment, &json!({ "verdict": verdict(1) })),
        ),
        ("not judged", payment_page(&visit("/console/payments/P1"), &payment, &json!({}))),
        ("control", control(&visit(CONTROL), &risk, &screening)),
        (
            "rubbish",
            control(
                &visit(CONTROL),
                &json!({ "rules": 7, "stops": [null, "x"], "judged": ["many"] }),
                &json!({ "lists": [7] }),
            ),
        ),
    ]
}

fn payment_page(visit: &Visit, of: &Value, judged: &Value) -> String {
    payment(visit, of, judged)
}

#[test]
fn every_page_is_whole_in_both_languages() {
    for language in [Language::English, Language::Chinese] {
        for (name, page) in pages(language) {
            assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{name}");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())), "{name}");
            for forbidden in
                ["style=\"", "<script>", "onclick", "http://", "https://", "<b>eve", "<ben>", "<x>"]
            {
                assert!(!page.contains(forbidden), "{name} holds {forbidden}");
            }
        }
    }
}

/// A name is told; of a key only so much that two can be told apart, and the whole for whoever asks for it.
#[test]
fn parties_are_shown_by_name_and_keys_are_short() {
    let pages = pages(Language::English);
    let (_, page) = pages.iter().find(|(name, _)| *name == "control").unwrap();
    for shown in [
        "<code>BUND-ACQ/M-1</code>",
        "<code>PH-CN</code>",
        "<summary title=\"0123456789abcdef\"><code>012345…</code>",
        "</summary><code>0123456789abcdef</code>",
        "name=\"subject\" value=\"0123456789abcdef\"",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
}

#[test]
fn a_case_shows_what_a_person_needs() {
    let (_, page) = pages(Language::English).swap_remove(3);
    for shown in [
        "≈\u{a0}USD\u{a0}2,469.00",
        "1 d 1 h",
        "NEW_PAYER_LARGE",
        "42.13\u{a0}%",
        "+1.250",
        "−0.250",
        "PH-CN",
        "Same device",
        "A ring of 4 cases",
        "/console/cases/12",
        "two people must rule the same",
        "ben has ruled",
        "E&lt;v&gt;e Doe",
        "91.2\u{a0}%",
        "it is the party",
        "device/&lt;d&gt;",
        "E&lt;v&gt;e Doe",
        "91.2\u{a0}%",
        "it is the party",
        "action=\"/console/cases/7/ruling\"",
        "/console/payments/P000000000000000001",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let (_, ruled) = pages(Language::English).swap_remove(4);
    assert!(ruled.contains("ben ruled") && !ruled.contains("name=\"ruling\""));
}

#[test]
fn whoever_proposed_cannot_approve_without_another_token() {
    let (_, page) = pages(Language::English).swap_remove(7);
    assert!(page.contains("id=\"token-1\"") && !page.contains("id=\"token-2\""));
}

#[test]
fn the_catalogue_has_no_gaps() {
    for (word, english, chinese) in CATALOGUE {
        assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
        assert_eq!(english.matches('{').count(), chinese.matches('{').count(), "{word:?}");
        assert_eq!(word.said(Language::Chinese), *chinese);
    }
}
