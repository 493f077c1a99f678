//! Whoever is on a sanctions list is found, looked at by people, and paid by nobody meanwhile; the log tells it all again.

use risk::cases::Ruling;
use risk::screening::list::Entry;
use risk::screening::{Desk, Party, difference};
use risk::{Change, Decision, Lack, Reason, Screening};
use switch::{Decline, Stage};

use super::network::Network;
use crate::{Reply, RiskAsked, subject};

/// What the merchant of the example is called, as a list has it.
const NOODLES: &str = "NOODLES";

fn list(names: &[(&str, &str)]) -> Vec<Entry> {
    let one = |(id, name): &(&str, &str)| Entry {
        id: (*id).to_owned(),
        names: name.split(';').map(str::to_owned).collect(),
        births: Vec::new(),
        person: false,
    };
    names.iter().map(one).collect()
}

fn publish(network: &mut Network, entries: Vec<Entry>) {
    let published = network.engine.control().judge().register().list("un");
    let published = published.as_ref().map(|(version, entries)| (*version, &**entries));
    let parts = difference("un", published, entries, 0).unwrap();
    assert_eq!(network.risk(RiskAsked::PublishList { parts }), Reply::Risk(None));
}

/// The desk does what waits.
fn screen(network: &mut Network) -> usize {
    let (mut desk, mut hits) = (Desk::default(), 0);
    while let Some(task) = network.engine.control().judge().register().task() {
        let searched = desk.search(&task).unwrap();
        hits += searched.hits.len();
        assert_eq!(network.risk(RiskAsked::Searched(searched)), Reply::Risk(None));
    }
    hits
}

fn rule(network: &mut Network, case: u64, ruling: Ruling) {
    for by in ["ann", "ben"] {
        network.risk(RiskAsked::Claim { by: by.into(), case });
        let (by, reason) = (by.into(), "compared papers".into());
        assert_eq!(network.risk(RiskAsked::Rule { by, case, ruling, reason }), Reply::Risk(None));
    }
}

fn asked(network: &mut Network) -> (Stage, Option<Decline>, Screening, Vec<Reason>) {
    match network.ask(1_000) {
        Reply::Payment(payment) => {
            let judged = payment.judged.clone().unwrap();
            (payment.stage, payment.decline, judged.facts.screening, judged.verdict.reasons.clone())
        }
        other => panic!("{other:?}"),
    }
}

fn same_after_restart(network: &Network) {
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
}

#[test]
fn a_listed_merchant_is_held_cleared_by_two_and_declined_once_confirmed() {
    let mut network = Network::example();
    let payer = || RiskAsked::Name {
        subject: subject::payer("member-1", "juan"),
        party: Party { name: "Juan dela Cruz".into(), birth: Some(1980) },
    };
    assert_eq!(network.risk(payer()), Reply::Risk(None));
    let before = network.records.len();
    network.risk(payer());
    assert_eq!(network.records.len(), before, "known by that name already");
    assert_eq!(asked(&mut network).2, Screening::Unknown);
    publish(&mut network, list(&[("1", "Somebody Else Entirely")]));
    assert_eq!(screen(&mut network), 0);
    assert_eq!(asked(&mut network).2, Screening::Clear, "payer, merchant and members are known and clear");
    // Listed while the network runs: from the next payment on.
    publish(&mut network, list(&[("1", "Somebody Else Entirely"), ("2", NOODLES)]));
    assert_eq!(asked(&mut network).2, Screening::Unknown, "not yet compared with the new list");
    assert_eq!(screen(&mut network), 1);
    let held = asked(&mut network);
    let reason = Reason::Screening(Screening::Possible);
    assert_eq!((held.0, held.1, held.2), (Stage::Rejected, Some(Decline::RiskReject), Screening::Possible));
    assert!(held.3.contains(&reason), "{:?}", held.3);
    let cases = network.engine.control().cases();
    let found = cases.case(1).unwrap();
    assert_eq!((found.subject, found.sanctions), (subject::merchant("member-3", "M-1"), true));
    assert_eq!((found.hits[0].entry.as_str(), found.hits[0].milli), ("2", 1_000));
    same_after_restart(&network);

    rule(&mut network, 1, Ruling::Genuine);
    assert_eq!(asked(&mut network).0, Stage::Sent);
    publish(&mut network, list(&[("1", "Somebody Else Entirely"), ("2", NOODLES), ("3", "A Third Body")]));
    screen(&mut network);
    assert_eq!(asked(&mut network).0, Stage::Sent, "a cleared pair never alerts again");
    publish(
        &mut network,
        list(&[("1", "Somebody Else Entirely"), ("2", "NOODLES;Noodle House"), ("3", "A Third Body")]),
    );
    screen(&mut network);
    let changed = network.engine.control().cases().queue(0);
    let case = *changed.last().unwrap();
    assert_eq!(asked(&mut network).2, Screening::Possible, "unless the entry changes");
    rule(&mut network, case, Ruling::Fraud);
    let listed = asked(&mut network);
    assert_eq!((listed.0, listed.2), (Stage::Rejected, Screening::Listed));
    assert_eq!(listed.3[0], Reason::Screening(Screening::Listed));
    same_after_restart(&network);
}

#[test]
fn what_the_policy_says_of_hits_and_of_old_lists_is_done() {
    let mut network = Network::example();
    let policy = risk::NETWORK_POLICY
        .replace("held review decline", "held review approve")
        .replace("lack lists approve", "lack lists up 200 approve\nlack lists decline");
    let held = format!("{policy}hit up 100 review\nhit decline\nheld hit approve\n");
    network.publish(Change::Policy(held));
    publish(&mut network, list(&[("1", NOODLES)]));
    screen(&mut network);
    let decision = |network: &mut Network, minor| match network.ask(minor) {
        Reply::Payment(payment) => (payment.stage, payment.judged.unwrap().verdict.decision),
        other => panic!("{other:?}"),
    };
    // CNY 5.00 is about 70 cents, CNY 10.00 about 1.40.
    assert_eq!(
        decision(&mut network, 500),
        (Stage::Sent, Decision::Review),
        "let through as the policy says"
    );
    assert_eq!(decision(&mut network, 1_000), (Stage::Rejected, Decision::Decline));
    rule(&mut network, 1, Ruling::Genuine);
    assert_eq!(decision(&mut network, 1_000).0, Stage::Sent);
    // A day and an hour later nobody has looked after the lists.
    network.wait(25 * 3_600_000);
    assert_eq!(decision(&mut network, 1_000).0, Stage::Sent, "up to two dollars");
    let old = match network.ask(2_000) {
        Reply::Payment(payment) => payment,
        other => panic!("{other:?}"),
    };
    assert_eq!(old.stage, Stage::Rejected);
    assert_eq!(old.judged.unwrap().verdict.reasons[0], Reason::Degraded(Lack::Lists));
    publish(&mut network, list(&[("1", NOODLES)]));
    assert_eq!(decision(&mut network, 2_000).0, Stage::Sent, "compared, and found as it was");
    same_after_restart(&network);
}

#[test]
fn a_search_that_was_overtaken_is_refused_and_done_anew() {
    let mut network = Network::example();
    publish(&mut network, list(&[("1", "Somebody Else Entirely")]));
    let task = network.engine.control().judge().register().task().unwrap();
    let searched = Desk::default().search(&task).unwrap();
    publish(&mut network, list(&[("1", "Somebody Else Entirely"), ("2", NOODLES)]));
    assert!(matches!(network.risk(RiskAsked::Searched(searched)), Reply::RiskRefused(_)));
    screen(&mut network);
    let found = network.engine.control().cases().case(1).unwrap();
    assert_eq!((found.subject, found.hits.len()), (subject::merchant("member-3", "M-1"), 1));
    same_after_restart(&network);
}
