//! Cases are raised, taken, ruled on and become labels; sanctions take two who agree.

use super::{CLAIM_MS, Cases, DUE_MS, Evidence, Ruling};
use crate::{Decision, Event, Facts, Key, Reason, Screening, Verdict};

fn facts(payer: &str, device: &str, amount_minor: i64) -> Facts {
    Facts { payer: Key::of(payer), device: Key::of(device), amount_minor, ..Facts::default() }
}

fn held(score_ppm: u32) -> Verdict {
    Verdict { decision: Decision::Review, score_ppm, reasons: vec![Reason::Model], ..Verdict::default() }
}

#[test]
fn a_case_is_raised_worked_and_becomes_labels() {
    let mut cases = Cases::default();
    let raise = |cases: &mut Cases, payment, facts: Facts, verdict: &Verdict, at_ms| {
        let facts = Facts { at_ms, ..facts };
        if let Some(case) = cases.number(&facts, verdict) {
            cases.raise(case, Evidence { payment, facts, verdict: verdict.clone() });
        }
    };
    raise(&mut cases, 1, facts("ann", "d1", 1_000), &held(500_000), 0);
    raise(&mut cases, 2, facts("bob", "d1", 9_000), &held(900_000), 10);
    raise(&mut cases, 3, facts("ann", "d2", 2_000), &held(600_000), 20);
    raise(&mut cases, 4, facts("eve", "d9", 1), &Verdict::default(), 20);
    assert_eq!(cases.queue(30), [2, 1], "one case a payer, by expected loss; approvals raise none");
    assert_eq!(cases.case(1).map(|case| (case.evidence.len(), case.expected_loss_minor())), Some((2, 1_700)));
    assert_eq!(cases.queue(DUE_MS + 5), [1, 2], "an overdue case comes first");
    assert_eq!(cases.linked(1), [(2, Key::of("d1"))], "they share a device");

    assert!(cases.rule(2, "ann", Ruling::Fraud, "chargeback", 40).is_err(), "unclaimed");
    let claimed = cases.claim(2, "ann", 40).expect("free");
    cases.apply(&claimed);
    assert!(cases.claim(2, "ben", 50).is_err(), "it is ann's");
    assert!(cases.claim(2, "ben", 40 + CLAIM_MS).is_ok(), "until her time is up");
    assert!(cases.rule(2, "ann", Ruling::Fraud, " ", 60).is_err(), "no reason");
    let ruled = cases.rule(2, "ann", Ruling::Fraud, "chargeback", 60).expect("hers");
    let labels = cases.apply(&ruled);
    assert_eq!(labels.iter().map(|one| (one.event, one.at_ms)).collect::<Vec<_>>(), [(Event::Fraud, 60)]);
    assert!(cases.claim(2, "ann", 70).is_err(), "it is closed");
    assert_eq!(cases.queue(30), [1]);
}

#[test]
fn sanctions_take_two_who_agree() {
    let mut cases = Cases::default();
    let listed = Verdict { reasons: vec![Reason::Screening(Screening::Possible)], ..held(0) };
    let facts = facts("ann", "d1", 5);
    let case = cases.number(&facts, &listed).expect("held");
    cases.raise(case, Evidence { payment: 1, facts, verdict: listed });
    let mut step = |who: &str, ruling: Ruling, at_ms: i64| {
        let claimed = cases.claim(1, who, at_ms)?;
        cases.apply(&claimed);
        let ruled = cases.rule(1, who, ruling, "compared passports", at_ms)?;
        Ok::<_, crate::Error>(cases.apply(&ruled).len())
    };
    assert_eq!(step("ann", Ruling::Genuine, 1), Ok(0), "the first waits");
    assert!(step("ann", Ruling::Genuine, 2).is_err(), "the same person again");
    let later = 3 + CLAIM_MS;
    assert_eq!(step("ben", Ruling::Fraud, later), Ok(0), "they disagree");
    assert_eq!(step("eve", Ruling::Fraud, later + 1), Ok(1), "two agree");
}
