//! Verdicts by rule, model, stop and lack; two persons for every change; replay from bytes.

use super::Judge;
use crate::model::train::{Options, train};
use crate::model::{Model, bins};
use crate::{
    Change, Decision, Error, Event, Facts, Features, Key, Lack, Outcome, Reason, Record, Screening, Verdict,
};

const FEATURES: &str = "
entity payer = payer
feature paid_day payer count 1d
inputs amount_minor paid_day
";

const RULES: &str = "
list blocked
rule large
  when  amount_minor > 50000
  then  review LARGE
  say   A large payment
  owner desk
  hit   amount_minor = 60000
  miss  amount_minor = 100
rule known_merchant
  when  merchant == 'utility'
  then  approve KNOWN
  say   The payer's utility
  owner desk
  hit   merchant = 'utility'
  miss  merchant = 'shop'
rule burst
  when  paid_day >= 3
  then  step-up BURST
  say   Many payments in a day
  owner desk
  hit   paid_day = 3
  miss  paid_day = 2
rule stolen
  when  device in blocked
  then  decline STOLEN
  say   A device reported stolen
  owner desk
  hit   device = 'x', blocked = 'x'
  miss  device = 'x'
rule odd
  when  amount_minor % 1000 == 999
  then  decline ODD
  say   An odd amount
  owner desk
  mode  shadow
  hit   amount_minor = 1999
  miss  amount_minor = 2000
rule fragile
  when  100 / (amount_minor - 777) > 5
  then  decline FRAGILE
  say   Cannot be evaluated at 777
  owner desk
  hit   amount_minor = 778
  miss  amount_minor = 2000
";

const NOW: i64 = 1_800_000_000_000;

/// A judge and every record that was applied to it.
struct Desk {
    judge: Judge,
    journal: Vec<Record>,
}

impl Desk {
    fn new() -> Self {
        let mut desk =
            Self { judge: Judge::new(Features::parse(FEATURES).expect("declarations")), journal: Vec::new() };
        desk.keep(Ok(Record::Health { at_ms: NOW, windows: true, lists_at_ms: NOW }));
        desk
    }

    fn keep(&mut self, record: Result<Record, Error>) {
        let record = record.expect("allowed");
        self.judge.apply(&record).expect("own record");
        self.journal.push(record);
    }

    fn publish(&mut self, change: Change) {
        let proposed = self.judge.propose(change, "ann", NOW);
        let Ok(Record::Proposed { id, .. }) = proposed else { panic!("{proposed:?}") };
        self.keep(proposed);
        let published = self.judge.confirm(id, "bob", NOW + 1);
        self.keep(published);
    }

    fn told(&self, facts: &Facts) -> String {
        let verdict = self.judge.judge(facts);
        let codes = verdict.reasons.iter().map(|reason| self.judge.told(*reason).0);
        let mut told = vec![verdict.decision.word().to_owned()];
        told.extend(codes);
        told.join(" ")
    }
}

fn payment(amount_minor: i64) -> Facts {
    let (payer, device) = (Key::of("p"), Key::of("d"));
    Facts { at_ms: NOW, amount_minor, payer, device, screening: Screening::Clear, ..Facts::default() }
}

/// A model that fears amounts above 9,000.
fn model() -> String {
    let column: Vec<f32> = (0..4_000).map(|row| (row * 5) as f32).collect();
    let labels: Vec<bool> = column.iter().map(|amount| *amount > 9_000.0).collect();
    let columns = vec![column, vec![0.0; 4_000]];
    let names = ["amount_minor".to_owned(), "paid_day".to_owned()];
    let mut model =
        train(&names, &bins::bin(&columns, &labels), &labels, Options::default(), |_| {}).expect("trains");
    model.features = Features::parse(FEATURES).expect("declarations").version();
    model.write()
}

#[test]
fn severity_decides_and_only_rules_and_scores_yield() {
    let mut desk = Desk::new();
    desk.publish(Change::Rules(RULES.into()));
    desk.publish(Change::List { name: "blocked".into(), keys: vec![Key::of("stolen")] });
    let utility = Facts { merchant: Key::of("utility"), ..payment(60_000) };
    let stolen = Facts { device: Key::of("stolen"), ..payment(60_000) };
    for (facts, expected) in [
        (payment(100), "approve"),
        (payment(60_000), "review LARGE"),
        (utility, "approve KNOWN"),
        (stolen, "decline STOLEN LARGE"),
        (Facts { merchant: Key::of("utility"), ..stolen }, "decline STOLEN LARGE"),
        (Facts { screening: Screening::Possible, ..utility }, "review SCREENING KNOWN"),
        (Facts { screening: Screening::Listed, ..utility }, "decline LISTED KNOWN"),
        (payment(1_999), "approve"),
        (payment(777), "step-up DEGRADED"),
    ] {
        assert_eq!(desk.told(&facts), expected, "{facts:?}");
    }
    assert_eq!(
        desk.judge.judge(&payment(1_999)).shadow_rules,
        [4],
        "shadow rules are told and decide nothing"
    );
    for _ in 0..3 {
        desk.keep(Ok(Record::Observed(Outcome {
            at_ms: NOW - 1_000,
            event: Event::Paid,
            facts: payment(100),
        })));
    }
    assert_eq!(desk.told(&payment(100)), "step-up BURST");
}

#[test]
fn what_is_missing_is_decided_by_amount_and_corridor() {
    let mut desk = Desk::new();
    let policy = "
score step-up 200000
score review 500000
score decline 950000
lists_age_max 24h
lack screening review
lack lists up 2000 approve
lack lists review
lack windows up 2000 corridor TH-SG approve
lack windows up 20000 step-up
lack windows decline
lack model up 500 approve
lack model review
lack rule step-up
";
    desk.publish(Change::Policy(policy.into()));
    let home = |amount| Facts { corridor: Key::corridor("TH", "SG"), ..payment(amount) };
    assert_eq!(desk.told(&payment(500)), "approve", "no model: open below the floor");
    assert_eq!(desk.told(&payment(501)), "review DEGRADED");
    assert_eq!(
        desk.told(&Facts { screening: Screening::Unknown, ..payment(1) }),
        "review DEGRADED",
        "at any amount"
    );
    let late = |amount: i64| Facts { at_ms: NOW + 25 * 3_600_000, ..payment(amount) };
    assert_eq!(desk.told(&late(400)), "approve");
    assert_eq!(
        desk.judge.judge(&late(400)).lacks,
        Lack::Lists as u8 | Lack::Model as u8,
        "and marked for judging again"
    );
    assert_eq!(
        desk.judge.judge(&late(2_001)).reasons,
        [Reason::Degraded(Lack::Model), Reason::Degraded(Lack::Lists)]
    );
    desk.keep(Ok(Record::Health { at_ms: NOW, windows: false, lists_at_ms: NOW }));
    for (facts, expected) in [
        (home(400), "approve"),
        (payment(400), "step-up DEGRADED"),
        (payment(20_001), "decline DEGRADED DEGRADED"),
    ] {
        assert_eq!(desk.told(&facts), expected);
    }
    for (text, expected) in [
        (
            "lists_age_max 24h\nlack screening review\n",
            "the last line of `lack windows` must hold for every amount and corridor",
        ),
        (
            "lack windows up 5 approve\nlists_age_max 1h",
            "the last line of `lack windows` must hold for every amount and corridor",
        ),
        ("score review 2000000", "line 1: parts per million: 0 to 1000000"),
        ("lack windows up -5 approve", "line 1: up AMOUNT in minor units"),
        ("lack sense approve", "line 1: sense: windows, model, rule, lists or screening expected"),
    ] {
        assert_eq!(crate::Policy::parse(text).expect_err(text).to_string(), expected);
    }
}

#[test]
fn changes_take_two_persons_and_stops_one() {
    let mut desk = Desk::new();
    let refused = |result: Result<Record, Error>| result.expect_err("refused").to_string();
    assert!(refused(desk.judge.propose(Change::Rules("rule x".into()), "ann", NOW)).contains("no when"));
    assert!(refused(desk.judge.propose(Change::Promote, "ann", NOW)).contains("no model is in shadow"));
    assert!(refused(desk.judge.propose(Change::Promote, " ", NOW)).contains("maker"));
    let proposed = desk.judge.propose(Change::Rules(RULES.into()), "ann", NOW);
    desk.keep(proposed);
    assert_eq!(refused(desk.judge.confirm(1, "Ann", NOW)), "proposal 1 needs another person than ann");
    assert_eq!(refused(desk.judge.confirm(2, "bob", NOW)), "proposal 2 is not waiting");
    assert_eq!(desk.told(&payment(60_000)), "approve", "a proposal decides nothing");
    let published = desk.judge.confirm(1, "bob", NOW);
    desk.keep(published);
    assert_eq!(desk.told(&payment(60_000)), "review LARGE");

    let corridor = Key::corridor("TH", "SG");
    let there = Facts { corridor, ..payment(100) };
    assert_eq!(desk.told(&there), "approve");
    let stopped = desk.judge.stop(corridor, "ann", "ring", NOW);
    desk.keep(stopped);
    assert_eq!(desk.told(&there), "decline STOPPED", "the very next payment");
    assert!(desk.judge.stop(corridor, "ann", "", NOW).is_err());
    desk.publish(Change::Resume { subject: corridor });
    assert_eq!(desk.told(&there), "approve");

    desk.publish(Change::Limit { subject: Key::of("p"), amount_max_minor: Some(99) });
    assert_eq!(desk.told(&payment(100)), "decline LIMIT");
    assert_eq!(desk.told(&payment(99)), "approve");
    desk.publish(Change::Limit { subject: Key::of("p"), amount_max_minor: None });
    assert_eq!(desk.told(&payment(100)), "approve");
}

#[test]
fn models_go_from_shadow_to_live_and_back() {
    let mut desk = Desk::new();
    let text = model();
    desk.publish(Change::Shadow(text.clone()));
    let shadowed = desk.judge.judge(&payment(15_000));
    assert_eq!((shadowed.decision, shadowed.versions.model), (Decision::Approve, 0));
    assert!(shadowed.shadow_score_ppm.is_some_and(|ppm| ppm > 950_000));
    desk.publish(Change::Promote);
    assert_eq!(desk.told(&payment(15_000)), "decline SCORE");
    assert_eq!(desk.told(&payment(1_000)), "approve");
    let verdict = desk.judge.judge(&payment(15_000));
    let sum: i64 = verdict.contributions.iter().map(|one| one.micro).sum();
    assert_eq!(verdict.micro, desk.judge.score_rest() + sum, "contributions add up");
    assert_eq!(verdict.versions.model, Key::of(&text).0);
    let other = Model { features: 1, ..Model::parse(&text).expect("own file") }.write();
    let refused =
        desk.judge.propose(Change::Shadow(other), "ann", NOW).expect_err("other features").to_string();
    assert!(refused.contains("trained on features 0000000000000001"), "{refused}");
    assert!(desk.judge.propose(Change::Rollback, "ann", NOW).is_err(), "nothing to go back to");
    desk.publish(Change::Shadow(text));
    desk.publish(Change::Promote);
    desk.publish(Change::Rollback);
    assert_eq!(desk.told(&payment(15_000)), "decline SCORE");
}

#[test]
fn a_replay_from_bytes_judges_the_same_bytes() {
    let mut desk = Desk::new();
    desk.publish(Change::Rules(RULES.into()));
    desk.publish(Change::Shadow(model()));
    desk.publish(Change::Promote);
    desk.publish(Change::List { name: "blocked".into(), keys: vec![Key::of("d7"), Key::of("d8")] });
    let mut random = fastrand::Rng::with_seed(11);
    let mut verdicts = Vec::new();
    for step in 0..2_000 {
        let name = |kind: &str, number: u32| Key::of(&format!("{kind}{number}"));
        let facts = Facts {
            at_ms: NOW + step * 60_000,
            amount_minor: random.i64(1..80_000),
            payer: name("p", random.u32(0..40)),
            device: name("d", random.u32(0..60)),
            screening: Screening::Clear,
            ..Facts::default()
        };
        desk.judge.judge(&facts).encode(&mut verdicts);
        desk.keep(Ok(Record::Observed(Outcome { at_ms: facts.at_ms, event: Event::Paid, facts })));
    }
    let mut again = Judge::new(Features::parse(FEATURES).expect("declarations"));
    let mut bytes = Vec::new();
    let mut replayed = Vec::new();
    for record in &desk.journal {
        bytes.clear();
        record.encode(&mut bytes);
        let back = Record::decode(&bytes).expect("own bytes");
        assert_eq!(back, *record);
        assert!(Record::decode(&bytes[..bytes.len() - 1]).is_err());
        if let Record::Observed(outcome) = &back {
            again.judge(&outcome.facts).encode(&mut replayed);
        }
        again.apply(&back).expect("own record");
    }
    assert_eq!(verdicts, replayed);
    let mut at = 0;
    while at < verdicts.len() {
        let (verdict, length) = Verdict::decode(&verdicts[at..]).expect("own bytes");
        let mut once_more = Vec::new();
        verdict.encode(&mut once_more);
        assert_eq!(once_more, verdicts[at..at + length]);
        at += length;
    }
    let mut random_bytes = |_| random.u8(..);
    for length in 0..300 {
        let mut noise: Vec<u8> = (0..length).map(&mut random_bytes).collect();
        if let Some(first) = noise.first_mut() {
            *first = 1;
        }
        let _ = (Verdict::decode(&noise), Record::decode(&noise));
    }
}

#[test]
fn what_a_network_ships_holds_together() {
    let features = Features::parse(crate::NETWORK_FEATURES).expect("features");
    let judge =
        Judge::shipped(features, crate::NETWORK_RULES, crate::NETWORK_POLICY).expect("rules and policy");
    let facts =
        Facts { at_ms: 1_795_406_400_000, amount_minor: 1_500, payer: Key::of("w/juan"), ..Facts::default() };
    let verdict = judge.judge(&facts);
    assert_eq!(verdict.decision, Decision::Approve);
    assert_eq!(
        verdict.lacks,
        Lack::Model as u8 | Lack::Lists as u8 | Lack::Screening as u8,
        "and says what it lacked"
    );
    let large = Facts { amount_minor: 700_000, ..facts };
    let verdict = judge.judge(&large);
    assert_eq!(verdict.decision, Decision::Review);
    assert_eq!(judge.told_by(verdict.versions.rules, verdict.reasons[0]).0, "LARGE_AMOUNT");
    for (decision, amount_minor, passes) in [
        (Decision::Approve, 900_000, true),
        (Decision::Review, 100_000, true),
        (Decision::Review, 100_001, false),
        (Decision::StepUp, 20_000, true),
        (Decision::StepUp, 20_001, false),
        (Decision::Decline, 1, false),
    ] {
        let facts = Facts { amount_minor, ..facts };
        assert_eq!(judge.policy().passes(decision, &facts), passes, "{decision:?} {amount_minor}");
    }
}

#[test]
fn parties_are_as_clear_as_the_worst_of_them() {
    let mut judge = Judge::new(Features::parse(crate::NETWORK_FEATURES).expect("features"));
    let (one, other) = (Key::of("one"), Key::of("other"));
    assert_eq!(judge.screening(&[one]), Screening::Unknown);
    for (party, status, together) in [
        (one, Screening::Clear, Screening::Unknown),
        (other, Screening::Clear, Screening::Clear),
        (other, Screening::Possible, Screening::Possible),
        (one, Screening::Listed, Screening::Listed),
    ] {
        let record = judge.screen(party, status, "ann", "compared", 5).expect("a status");
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        assert_eq!(Record::decode(&bytes).as_ref(), Ok(&record));
        judge.apply(&record).expect("its own record");
        assert_eq!(judge.screening(&[one, other]), together);
    }
    assert!(judge.screen(one, Screening::Unknown, "ann", "why", 5).is_err());
    assert!(judge.screen(Key::NONE, Screening::Clear, "ann", "why", 5).is_err());
}

#[test]
fn old_verdicts_are_told_by_the_rules_that_gave_them() {
    let features = || Features::parse(crate::NETWORK_FEATURES).expect("features");
    let mut judge = Judge::shipped(features(), crate::NETWORK_RULES, crate::NETWORK_POLICY).expect("shipped");
    let (version, number) = (judge.rules().version(), Reason::Rule { rule: 10 });
    let told = judge.told_by(version, number);
    let next = "rule any\n when amount_minor > 1\n then review ANY\n say Any\n owner me\n hit amount_minor = 2\n miss amount_minor = 1";
    let proposed = judge.propose(Change::Rules(next.into()), "ann", 1).expect("good rules");
    judge.apply(&proposed).expect("own");
    let published = judge.confirm(1, "ben", 2).expect("another person");
    judge.apply(&published).expect("own");
    assert_eq!(judge.told_by(version, number), told);
    assert_eq!(judge.told_by(judge.rules().version(), Reason::Rule { rule: 0 }).0, "ANY");
    let mut bytes = (Vec::new(), Vec::new());
    judge.encode(&mut bytes.0);
    judge.clone().encode(&mut bytes.1);
    assert_eq!(bytes.0, bytes.1);
}

/// What is kept from judging to counting changes nothing but the cost, whatever comes between.
#[test]
fn keeping_what_was_read_changes_nothing() {
    let judge = || {
        let features = Features::parse(crate::NETWORK_FEATURES).expect("features");
        Judge::shipped(features, crate::NETWORK_RULES, crate::NETWORK_POLICY).expect("shipped")
    };
    let (mut keeping, mut reading) = (judge(), judge());
    let mut random = fastrand::Rng::with_seed(5);
    for step in 0..4_000 {
        let payer = Key::of(&format!("w/{}", random.u8(0..6)));
        let merchant = Key::of(&format!("a/{}", random.u8(0..3)));
        let amount_minor = if random.u8(0..9) == 0 { 90_000 } else { random.i64(100..4_000) };
        let at_ms = 1_795_406_400_000 + step * 20_000;
        let facts = Facts { at_ms, amount_minor, payer, merchant, ..Facts::default() };
        assert_eq!(keeping.judge_and_keep(&facts, &[]), reading.judge(&facts));
        if random.u8(0..5) == 0 {
            continue;
        }
        for event in [Event::Asked, *random.choice(&Event::ALL).expect("some")] {
            let outcome = Outcome { at_ms, event, facts };
            keeping.observe(&outcome);
            reading.observe(&outcome);
        }
    }
    let (mut left, mut right) = (Vec::new(), Vec::new());
    keeping.encode(&mut left);
    reading.encode(&mut right);
    assert!(left == right, "the windows differ");
}
