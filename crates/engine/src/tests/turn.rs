//! What one turn hands out: replies in order, and only effects and states that still hold at its end.

use directory::{Change, Standing};
use switch::{Outcome, PayHow, PaymentId, Reference, RefundAsked, Refusal, Stage};

use super::network::{A, Network, PREFIX, W, cny, pay};
use crate::{Input, Reply, Turn};

/// The turn of these inputs, each with its place as its token; the log and what was asked are the network's.
fn turn(network: &mut Network, inputs: Vec<switch::Input>) -> Turn {
    let mut turn = Turn::default();
    let mut records = 0;
    let inputs = (100..).zip(inputs.into_iter().map(Input::Switch));
    network.engine.turn(network.now, inputs, &mut |_| records += 1, &mut turn);
    assert_eq!(turn.facts, records, "each fact is logged once");
    turn
}

fn stages(turn: &Turn) -> Vec<Stage> {
    let stage = |(_, reply): &(u64, Reply)| match reply {
        Reply::Payment(payment) | Reply::Refund(payment, _) => payment.stage,
        other => panic!("{other:?}"),
    };
    turn.replies.iter().map(stage).collect()
}

fn effects(turn: &Turn) -> Vec<String> {
    let name = |effect| format!("{effect:?}").split('(').next().unwrap().to_owned();
    turn.effects.iter().map(name).collect()
}

fn by_code(network: &mut Network) -> switch::Input {
    let how = PayHow::PaymentCode { prefix: PREFIX, code: network.code() };
    switch::Input::Pay(pay("r", how, cny(10_000)))
}

fn cancel() -> switch::Input {
    switch::Input::Cancel { acquirer: A, reference: Reference::Request("r".into()) }
}

fn said(payment: PaymentId, outcome: Outcome) -> switch::Input {
    switch::Input::WalletSaid { wallet: W, payment, outcome }
}

/// A wallet must not be asked for money that is no longer held, nor an acquirer told what is no longer so.
#[test]
fn what_the_same_turn_has_overtaken_does_not_leave() {
    let first = PaymentId(1);
    type Rest = fn(PaymentId) -> Vec<switch::Input>;
    let cases: [(&str, Rest, Stage, &[&str]); 5] = [
        ("nothing more", |_| vec![], Stage::Sent, &["AskToPay"]),
        ("cancelled", |_| vec![cancel()], Stage::Cancelled, &["AskToCancel", "TellResult"]),
        ("answered", |p| vec![said(p, Outcome::Done)], Stage::Succeeded, &["TellResult"]),
        ("in doubt", |p| vec![said(p, Outcome::Unclear)], Stage::InDoubt, &[]),
        (
            "answered, cancelled and taken",
            |p| vec![said(p, Outcome::Done), cancel(), switch::Input::CancelTaken { payment: p }],
            Stage::Cancelled,
            &["TellResult"],
        ),
    ];
    for (name, rest, stage, expected) in cases {
        let mut network = Network::example();
        let mut inputs = vec![by_code(&mut network)];
        inputs.extend(rest(first));
        let count = inputs.len();
        let turn = turn(&mut network, inputs);
        assert_eq!(stages(&turn), vec![stage; count], "{name}");
        let tokens: Vec<u64> = turn.replies.iter().map(|(token, _)| *token).collect();
        assert_eq!(tokens, (100..).take(count).collect::<Vec<_>>(), "{name}");
        assert_eq!(effects(&turn), expected, "{name}");
        assert!(turn.moved.contains(&first), "{name}");
    }
}

#[test]
fn a_refund_answered_in_its_turn_is_not_asked_for() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    let (reference, request_id) = (Reference::Payment(payment), "refund".into());
    let asked = switch::Input::Refund(RefundAsked { acquirer: A, reference, request_id, amount: cny(4_000) });
    let answered = switch::Input::RefundSaid { payment, refund: 0, outcome: Outcome::Done };
    let turn = turn(&mut network, vec![asked, answered]);
    assert!(effects(&turn).is_empty(), "{:?}", turn.effects);
    let Reply::Refund(known, 0) = &turn.replies[0].1 else { panic!() };
    assert_eq!(known.refunds[0].stage, switch::RefundStage::Succeeded);
}

/// An input sees everything that those before it in the turn did.
#[test]
fn inputs_of_one_turn_follow_each_other() {
    let mut network = Network::example();
    let pay = by_code(&mut network);
    let replies = turn(&mut network, vec![pay.clone(), pay, cancel(), cancel()]).replies;
    let known = network.payment(PaymentId(1));
    assert!(replies.iter().all(|(_, reply)| *reply == Reply::Payment(Box::new(known.clone()))));
    assert_eq!(network.engine.switch().len(), 1);
}

#[test]
fn a_turn_says_when_the_directory_changed() {
    let mut network = Network::example();
    let suspended = |standing| Input::Change(Change::StandingSet { member: A, standing });
    let unknown = Change::StandingSet { member: directory::MemberId(9), standing: Standing::Active };
    let mut out = Turn::default();
    for (input, changed, reply) in [
        (suspended(Standing::Suspended), true, Reply::Changed),
        (suspended(Standing::Active), true, Reply::Changed),
        (Input::Change(unknown), false, Reply::ChangeRefused(directory::Refusal::UnknownMember)),
        (Input::Rates { provider: W, offers: vec![] }, false, Reply::Done),
    ] {
        out.clear();
        network.engine.turn(network.now, [(7, input)].into_iter(), &mut |_| {}, &mut out);
        assert_eq!((out.directory_changed, out.facts), (changed, u64::from(changed)));
        assert_eq!(out.replies, [(7, reply)]);
    }
}

#[test]
fn a_cancel_of_what_never_came_is_told_so_and_remembered() {
    let mut network = Network::example();
    let unknown = Reply::Refused(Refusal::UnknownPayment);
    assert_eq!(network.switch(cancel()), unknown);
    assert_eq!(network.switch(cancel()), unknown);
    let pay = by_code(&mut network);
    assert_eq!(network.switch(pay.clone()), Reply::Refused(Refusal::Closed));
    assert_eq!(network.restarted().switch(pay), Reply::Refused(Refusal::Closed));
}
