//! Every payment is judged before money is asked for, once, and a log read back judges nobody again.

use std::sync::Arc;

use risk::cases::Ruling;
use risk::{Change, Decision};
use switch::{Decline, Event, Outcome, Pay, PayHow, PaymentId, Placed, Stage};

use super::network::{BEGIN, Network, PREFIX, W, X, amount, cny, pay};
use crate::{Fact, Reply, RiskAsked, subject};

/// A rule that hits every payment.
pub(super) const EVERYTHING_IS_REVIEWED: &str = "
rule everything
  when  amount_minor >= 0
  then  review EVERYTHING
  say   Everything is looked at
  owner desk
  hit   amount_minor = 1
  miss  amount_minor = -1
";

fn ann() -> Arc<str> {
    "ann".into()
}

fn stop(network: &mut Network, name: &str) {
    let asked = RiskAsked::Stop { by: ann(), subject: subject::named(name), reason: "a ring".into() };
    assert_eq!(network.risk(asked), Reply::Risk(None));
}

/// The facts about payments, by name, from this record on.
fn facts(network: &Network, from: usize) -> Vec<String> {
    let name = |record: &Vec<u8>| match crate::read_record(record).unwrap().0 {
        Fact::Payment(event) => format!("{event:?}").split([' ', '(']).next().unwrap().to_owned(),
        other => format!("{other:?}"),
    };
    network.records[from..].iter().map(name).filter(|name| name != "CodesIssued").collect()
}

fn stage(reply: &Reply) -> (Stage, Option<Decline>) {
    match reply {
        Reply::Payment(payment) => (payment.stage, payment.decline),
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_is_stopped_is_refused_before_the_book_and_the_wallet_are_asked() {
    for name in ["member-1", "member-3", "member-3/M-1", "member-1/juan", "CN-CN", "device/juans-phone"] {
        let mut network = Network::example();
        network.device = Some("juans-phone".into());
        network.paid(1_000);
        stop(&mut network, name);
        let (begun, asked) = (network.records.len(), network.asked.len());
        let refused = stage(&network.ask(1_000));
        assert_eq!(refused, (Stage::Rejected, Some(Decline::RiskReject)), "{name}");
        assert_eq!(facts(&network, begun), ["Opened", "Quoted", "Judged"], "{name}");
        let payment = network.scanned(1_000);
        let begun = network.records.len();
        let refused = stage(&network.confirm(payment));
        assert_eq!(refused, (Stage::Rejected, Some(Decline::RiskReject)), "{name}");
        assert_eq!(facts(&network, begun), ["Confirmed", "Judged"], "{name}");
        let after: Vec<&str> = network.asked[asked..].iter().map(|(_, what)| *what).collect();
        assert_eq!(after, ["TellResult", "TellResult"], "{name}: nobody is asked for money");
        assert!(network.engine.positions().iter().all(|position| position.reserved_minor == 0));
        assert_eq!(network.engine.control().tally().refused, 2, "{name}");
        // Two lift it again.
        network.publish(Change::Resume { subject: subject::named(name) });
        network.paid(1_000);
        let restarted = network.restarted();
        assert_eq!(restarted.engine.state_hash(), network.engine.state_hash(), "{name}");
    }
}

/// The place of an order can be stopped too; a till's device is nobody's phone, and a buyer's browser is the buyer's.
#[test]
fn a_device_is_the_payers_by_the_wallets_word_or_the_buyers_by_the_acquirers() {
    let placed = |terminal: Option<&str>, device: Option<&str>, by_buyer| Placed {
        terminal: terminal.map(Into::into),
        device: device.map(Into::into),
        by_buyer,
    };
    for (phone, placed, judged_by, stopped) in [
        (Some("phone"), placed(None, None, false), "device/phone", "device/phone"),
        (Some("phone"), placed(None, Some("browser"), true), "device/phone", "device/browser"),
        (None, placed(None, Some("browser"), true), "device/browser", "device/browser"),
        (None, placed(None, Some("till"), false), "", "device/till"),
        (None, placed(Some("T-1"), None, false), "", "member-3/M-1//T-1"),
    ] {
        let mut network = Network::example();
        network.device = phone.map(Into::into);
        for expected in [(Stage::Sent, None), (Stage::Rejected, Some(Decline::RiskReject))] {
            let code = network.code();
            let how = PayHow::PaymentCode { prefix: PREFIX, code };
            let asked = Pay { placed: placed.clone(), ..pay(&format!("R-{code:?}"), how, cny(1_000)) };
            let reply = network.switch(switch::Input::Pay(asked));
            assert_eq!(stage(&reply), expected, "{placed:?}");
            let Reply::Payment(payment) = reply else { panic!() };
            let facts = payment.judged.clone().unwrap().facts;
            assert_eq!(facts.device, subject::named(judged_by), "{placed:?}");
            stop(&mut network, stopped);
        }
        assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
    }
}

/// Payers who share a phone are known by it, from the next payment on and after a restart.
#[test]
fn a_phone_that_pays_for_many_is_declined() {
    let mut network = Network::example();
    network.device = Some("shared".into());
    for payer in 1..=5 {
        network.payer = format!("payer-{payer}").into();
        let expected = if payer < 5 { Stage::Sent } else { Stage::Rejected };
        assert_eq!(stage(&network.ask(1_000)).0, expected, "payer {payer}");
    }
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
    network.device = Some("own".into());
    assert_eq!(stage(&network.ask(1_000)).0, Stage::Sent);
}

#[test]
fn a_change_takes_two_and_holds_from_the_next_payment_on() {
    let mut network = Network::example();
    let propose = |network: &mut Network, change| network.risk(RiskAsked::Propose { by: ann(), change });
    let wrong = Change::Rules("rule x\n when amount_minor\n".into());
    assert!(matches!(propose(&mut network, wrong), Reply::RiskRefused(_)), "rules are tried when proposed");
    let rules = Change::Rules(EVERYTHING_IS_REVIEWED.replace("review", "decline"));
    let Reply::Risk(Some(proposal)) = propose(&mut network, rules) else { panic!() };
    network.paid(1_000);
    let confirm = |by: &str| RiskAsked::Confirm { by: by.into(), proposal };
    assert!(matches!(network.risk(confirm("ann")), Reply::RiskRefused(_)), "not by its maker");
    network.paid(1_000);
    assert_eq!(network.risk(confirm("ben")), Reply::Risk(None));
    assert_eq!(stage(&network.ask(1_000)), (Stage::Rejected, Some(Decline::RiskReject)));
    assert!(matches!(network.risk(confirm("ben")), Reply::RiskRefused(_)), "not twice");
    let policy = Change::Policy(risk::NETWORK_POLICY.into());
    let Reply::Risk(Some(proposal)) = propose(&mut network, policy) else { panic!() };
    assert_eq!(network.risk(RiskAsked::Withdraw { by: ann(), proposal }), Reply::Risk(None));
    assert!(matches!(network.risk(RiskAsked::Confirm { by: "ben".into(), proposal }), Reply::RiskRefused(_)));
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
}

#[test]
fn what_is_reviewed_becomes_a_case_and_a_ruling_becomes_a_label() {
    let mut network = Network::example();
    network.publish(Change::Policy(risk::NETWORK_POLICY.into()));
    network.publish(Change::Rules(EVERYTHING_IS_REVIEWED.into()));
    let small = network.paid(1_000);
    network.deposit(X, cny(10_000_000));
    network.deposit(W, amount("PHP", 100_000_000));
    let large = network.ask(1_000_000);
    assert_eq!(stage(&large), (Stage::Rejected, Some(Decline::RiskReject)), "held above a thousand dollars");
    let control = network.engine.control();
    assert_eq!(control.cases().queue(0), [1], "one case of one payer");
    let case = control.cases().case(1).unwrap();
    let payments: Vec<u64> = case.evidence.iter().map(|one| one.payment).collect();
    assert_eq!(payments, [small.0, small.0 + 1]);
    let judged = network.payment(small).judged.clone().unwrap();
    assert_eq!((judged.verdict.decision, judged.case), (Decision::Review, Some(1)));

    let rule = |by: &str| RiskAsked::Rule {
        by: by.into(),
        case: 1,
        ruling: Ruling::Fraud,
        reason: "chargeback".into(),
    };
    assert!(matches!(network.risk(rule("ann")), Reply::RiskRefused(_)), "unclaimed");
    assert_eq!(network.risk(RiskAsked::Claim { by: ann(), case: 1 }), Reply::Risk(None));
    assert!(matches!(network.risk(RiskAsked::Claim { by: "ben".into(), case: 1 }), Reply::RiskRefused(_)));
    assert_eq!(network.risk(rule("ann")), Reply::Risk(None));
    let control = network.engine.control();
    assert_eq!(control.label(small), Some(true));
    assert!(control.cases().queue(0).is_empty());
    // The shipped rules see the label at once.
    network.publish(Change::Rules(risk::NETWORK_RULES.into()));
    let payment = network.sent(1_000);
    let judged = network.payment(payment).judged.clone().unwrap();
    let told =
        network.engine.control().judge().told_by(judged.verdict.versions.rules, judged.verdict.reasons[0]);
    assert_eq!(told.0, "LABELLED_PAYER");
    // Somebody who knows better says so; the same twice is refused.
    let label = |fraud| RiskAsked::Label { by: ann(), payment: small, fraud, reason: "mistaken".into() };
    assert!(matches!(network.risk(label(true)), Reply::RiskRefused(_)));
    assert_eq!(network.risk(label(false)), Reply::Risk(None));
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
}

#[test]
fn who_must_prove_more_is_told_so() {
    let mut network = Network::example();
    network.publish(Change::Rules(EVERYTHING_IS_REVIEWED.replace("review", "step-up")));
    assert_eq!(stage(&network.ask(1_000)).0, Stage::Sent, "small enough");
    network.deposit(W, amount("PHP", 10_000_000));
    let refused = stage(&network.ask(150_000));
    assert_eq!(refused, (Stage::Rejected, Some(Decline::VerificationFailed)));
}

#[test]
fn a_repeat_is_judged_once_and_a_log_without_verdicts_is_still_read() {
    let mut network = Network::example();
    let payment = network.sent(1_000);
    let first = network.payment(payment).judged.clone();
    stop(&mut network, "member-3");
    let again = network.payment(payment).opened.clone();
    let pay = super::network::pay(
        again.request_id.as_deref().unwrap(),
        switch::PayHow::PaymentCode { prefix: super::network::PREFIX, code: again.code.unwrap() },
        again.amount,
    );
    let reply = network.switch(switch::Input::Pay(pay));
    assert_eq!(stage(&reply), (Stage::Sent, None), "the same answer, whatever is stopped meanwhile");
    assert_eq!(network.payment(payment).judged, first);
    network.said(payment, Outcome::Done);
    let before: Vec<Vec<u8>> = network
        .records
        .iter()
        .filter(|record| !matches!(crate::read_record(record), Ok((Fact::Payment(Event::Judged { .. }), _))))
        .cloned()
        .collect();
    let old = Network::read_back(&before, network.now);
    assert_eq!(old.payment(payment).stage, Stage::Succeeded);
    old.engine.check().unwrap();
}

/// The log may end right behind a verdict: who was refused stays refused, who was let through goes on, nobody is judged
/// twice.
#[test]
fn a_verdict_survives_what_came_after_it() {
    for (stopped, expected) in [(false, Stage::Sent), (true, Stage::Rejected)] {
        let mut network = Network::example();
        if stopped {
            stop(&mut network, "member-1/juan");
        }
        network.ask(1_000);
        let place = network.records.iter().position(|record| {
            matches!(crate::read_record(record), Ok((Fact::Payment(Event::Judged { .. }), _)))
        });
        let mut cut = Network::read_back(&network.records[..=place.unwrap()], BEGIN);
        let before = cut.payment(PaymentId(1)).judged.clone().unwrap();
        cut.turn(Vec::new());
        let payment = cut.payment(PaymentId(1));
        assert_eq!((payment.stage, payment.judged.clone()), (expected, Some(before)));
    }
}
