//! The log is everything: an engine read back from it is the same engine, and one read back from a part of it finds
//! its way to an end.

use directory::MemberId;
use money::Amount;
use switch::{Decline, Outcome, Pay, PayHow, PaymentId, Placed, Reference, Stage};

use super::network::{A, BEGIN, Network, PREFIX, W, X, amount, cny, pay};
use crate::{FundingKind, Input, RiskAsked};

/// A day in which everything happens: every kind of fact is in its log.
fn eventful() -> Network {
    let mut network = Network::example();
    network.deposit(A, cny(100_000));
    network.fund(FundingKind::LineRaised, W, amount("PHP", 1_000));
    network.fund(FundingKind::LineLowered, W, amount("PHP", 500));
    network.fund(FundingKind::Withdrawal, X, cny(10));
    network.sent(1_000);
    let doubtful = network.sent(2_000);
    network.said(doubtful, Outcome::Unclear);
    network.wait(3_000);
    network.said(doubtful, Outcome::Done);
    network.paid(3_000);
    let refunded = network.paid(4_000);
    network.refunded(refunded, 1_000, Outcome::Done);
    network.refunded(refunded, 500, Outcome::Declined(Decline::UserNotExist));
    network.refund(refunded, 100);
    network.refund(refunded, 100_000);
    network.switch(switch::Input::NoticeTaken { payment: refunded });
    let failed = network.sent(5_000);
    network.said(failed, Outcome::Declined(Decline::BalanceNotEnough));
    let taken_back = network.paid(6_000);
    network.cancel(taken_back);
    network.switch(switch::Input::CancelTaken { payment: taken_back });
    network.said(taken_back, Outcome::Done);
    let unseen = Reference::Request("never came".into());
    network.switch(switch::Input::Cancel { acquirer: A, reference: unseen });
    let confirmed = network.scanned(7_000);
    network.confirm(confirmed);
    network.scanned(8_000);
    network.ask(200_000);
    on_a_phone(&mut network);
    looked_into(&mut network);
    network.wait(70_000);
    network
}

/// The wallet names the payer's phone, the acquirer the till.
fn on_a_phone(network: &mut Network) {
    network.device = Some("juans-phone".into());
    let how = PayHow::PaymentCode { prefix: PREFIX, code: network.code() };
    let placed = Placed { terminal: Some("T-1".into()), device: Some("till-1".into()), by_buyer: false };
    network.switch(switch::Input::Pay(Pay { placed, ..pay("on-a-phone", how, cny(900)) }));
}

/// Risk control's part of the day: a payment that becomes a case, a label, a stop that two lift again.
fn looked_into(network: &mut Network) {
    let by: std::sync::Arc<str> = "ann".into();
    let subject = crate::subject::merchant("member-3", "M-1");
    let change = risk::Change::Limit { subject, amount_max_minor: Some(1_000_000) };
    network.publish(change);
    let party = risk::screening::Party { name: "Juan dela Cruz".into(), birth: None };
    network.risk(RiskAsked::Name { subject: crate::subject::payer("member-1", "juan"), party });
    network.publish(risk::Change::Rules(super::control::EVERYTHING_IS_REVIEWED.into()));
    let case = 1;
    let payment = network.paid(9_000);
    network.risk(RiskAsked::Claim { by: by.clone(), case });
    let (reason, ruling) = ("called the payer".into(), risk::cases::Ruling::Genuine);
    network.risk(RiskAsked::Rule { by: by.clone(), case, ruling, reason });
    network.risk(RiskAsked::Label { by: by.clone(), payment, fraud: true, reason: "chargeback".into() });
    network.risk(RiskAsked::Stop { by, subject, reason: "a ring".into() });
    network.ask(9_100);
    network.publish(risk::Change::Resume { subject });
    super::delivery::every_fact(network);
}

#[test]
fn every_kind_of_fact_is_in_the_eventful_day() {
    let mut network = eventful();
    network.wait(72 * 3_600_000);
    let kinds: std::collections::BTreeSet<[u8; 2]> = network
        .records
        .iter()
        .map(|record| crate::read_record(record).unwrap().0)
        .map(|fact| super::record::kind(&fact))
        .collect();
    let all: std::collections::BTreeSet<[u8; 2]> =
        super::record::samples().iter().map(|(_, fact)| super::record::kind(fact)).collect();
    let missing: Vec<_> = all.difference(&kinds).collect();
    // Changes to the directory have a test of their own.
    assert!(missing.iter().all(|[fact, _]| *fact == 2), "{missing:?}");
}

#[test]
fn an_engine_read_back_is_the_same_engine() {
    let mut network = eventful();
    for _ in 0..5 {
        let restarted = network.restarted();
        assert_eq!(restarted.engine.state_hash(), network.engine.state_hash());
        assert_eq!(restarted.engine.commit(), network.engine.commit());
        assert_eq!(restarted.engine.positions(), network.engine.positions());
        assert_eq!(restarted.engine.next_due().is_some(), network.engine.next_due().is_some());
        // Goes on the same way from here as the one that was never stopped.
        network.sent(100);
        network.wait(13 * 3_600_000);
    }
}

/// Every fact changes the hash: no record is ignored.
#[test]
fn the_hash_tells_every_record_apart() {
    let network = eventful();
    let mut engine = crate::Engine::new();
    let mut hashes = std::collections::BTreeSet::new();
    for record in &network.records {
        hashes.insert(engine.state_hash());
        engine.replay(record).unwrap();
    }
    hashes.insert(engine.state_hash());
    assert_eq!(hashes.len(), network.records.len() + 1);
}

/// A crash may lose the end of the log, in the middle of a turn too: what is left is sound, nothing is stuck, no
/// reservation stays, and every currency sums to zero.
#[test]
fn a_log_that_ends_anywhere_comes_to_an_end() {
    let network = eventful();
    for length in 0..=network.records.len() {
        let mut cut = Network::read_back(&network.records[..length], network.now);
        cut.engine.check().unwrap_or_else(|_| panic!("sound after {length} records"));
        let before = cut.engine.state_hash();
        assert_eq!(cut.restarted().engine.state_hash(), before, "{length}");
        cut.turn(Vec::new());
        cut.wait(73 * 3_600_000);
        let stuck: Vec<(PaymentId, Stage)> = cut
            .engine
            .switch()
            .payments()
            .filter(|payment| !payment.stage.is_final())
            .map(|payment| (payment.id(), payment.stage))
            .collect();
        assert!(stuck.is_empty(), "{stuck:?} after {length} records");
        let held = cut.engine.positions().into_iter().filter(|position| position.reserved_minor > 0);
        let refunds = cut.engine.switch().payments().flat_map(|payment| &payment.refunds);
        let open = refunds.filter(|refund| refund.stage == switch::RefundStage::Stuck).count();
        let waits = |one: &&crate::delivery::Delivery| one.stage == crate::delivery::Stage::Reserved;
        let chain = cut.engine.deliveries().open().filter(waits).count();
        let why = "only a stuck refund may hold money, and what the chain has not spoken of";
        assert!(held.count() <= open * 2 + chain, "{why}, after {length} records");
        assert_eq!(cut.restarted().engine.state_hash(), cut.engine.state_hash(), "{length}");
    }
}

/// The clock of a machine may jump back: the engine's does not, and replay agrees.
#[test]
fn time_never_runs_backwards() {
    let mut network = Network::example();
    network.wait(60_000);
    let payment = network.sent(10_000);
    network.now = directory::Time(BEGIN.0 - 3_600_000);
    network.said(payment, Outcome::Done);
    assert_eq!(network.payment(payment).succeeded_at, Some(BEGIN.plus_ms(60_000)));
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
    network.now = BEGIN;
    network.turn(Vec::new());
    assert_eq!(network.engine.now(), BEGIN.plus_ms(60_000));
}

/// Inputs at random, many turns, crashes between them: the engine that was read back every few turns and the one that
/// never stopped come to the same, and both to what the log says.
#[test]
fn random_days_replay_to_the_same_state() {
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut network = Network::example();
        network.deposit(A, cny(5_000));
        network.deposit(X, amount("PHP", 20_000));
        for _ in 0..120 {
            random_turn(&mut network, &mut random);
            if random.u8(0..12) == 0 {
                let restarted = network.restarted();
                assert_eq!(restarted.engine.state_hash(), network.engine.state_hash(), "seed {seed}");
                network = restarted;
            }
        }
        assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash(), "seed {seed}");
        network.wait(73 * 3_600_000);
        let open = network.engine.switch().payments().filter(|payment| !payment.stage.is_final()).count();
        assert_eq!(open, 0, "seed {seed}");
    }
}

fn random_turn(network: &mut Network, random: &mut fastrand::Rng) {
    let known = network.engine.switch().len() as u64;
    let payment = PaymentId(random.u64(0..=known) + 1);
    let minor = random.u64(0..20_000);
    let outcomes = [Outcome::Done, Outcome::Declined(Decline::ProcessFail), Outcome::Unclear];
    let outcome = outcomes[random.usize(0..3)];
    let refund = random.u16(0..3);
    match random.u8(0..12) {
        0 | 1 => drop(network.ask(minor)),
        2 => drop(network.scanned(minor.max(1))),
        3 => drop(network.confirm(payment)),
        4 | 5 => drop(network.said(payment, outcome)),
        6 => drop(network.cancel(payment)),
        7 if payment.0 <= known => drop(network.refund(payment, minor / 4)),
        8 => drop(network.switch(switch::Input::RefundSaid { payment, refund, outcome })),
        9 => drop(network.switch(switch::Input::CancelTaken { payment })),
        10 => {
            let member = MemberId(random.u32(1..4));
            let amount = Amount::new(super::network::currency(["CNY", "PHP"][random.usize(0..2)]), minor);
            let kind = [FundingKind::Deposit, FundingKind::Withdrawal][random.usize(0..2)];
            network.fund(kind, member, amount);
        }
        _ => network.wait(random.u64(0..20_000)),
    }
    // Several inputs of one turn see what those before them did.
    let said = switch::Input::WalletSaid { wallet: W, payment, outcome };
    let taken = switch::Input::NoticeTaken { payment };
    network.turn(vec![Input::Switch(said.clone()), Input::Switch(taken), Input::Switch(said)]);
}
