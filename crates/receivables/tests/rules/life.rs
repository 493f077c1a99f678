//! What time and default do: stages, late interest, recourse, guarantee, write-off, recovery, freeze, court.

use receivables::state::Stage;
use receivables::transaction::*;
use receivables::{Event, Refusal};

use crate::invariants::hold;
use crate::world::*;

#[test]
fn stages_follow_from_the_day() {
    let mut world = World::new();
    let wish = world.proposal(1, 1_000, 20);
    let id = world.propose(wish).unwrap();
    let stage = |world: &World, days: u32| world.state.certificate(&id).unwrap().stage(TODAY + days);
    assert_eq!(
        (stage(&world, 19), stage(&world, 20)),
        (Stage::Proposed, Stage::Rejected),
        "before it is due"
    );
    world.accept(id).unwrap();
    let expected = [
        (0, Stage::Live),
        (19, Stage::Live),
        (20, Stage::Matured),
        (22, Stage::Matured),
        (23, Stage::Overdue),
        (52, Stage::Overdue),
        (53, Stage::Defaulted),
        (99_999, Stage::Defaulted),
    ];
    for (days, expected) in expected {
        assert_eq!(stage(&world, days), expected, "day {days}");
    }
}

#[test]
fn terms_do_not_change_after_acceptance() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 20);
    let harsher = SetProgramme { late_rate_ppm: 900_000, grace_days: 0, default_days: 0, ..programme() };
    world.govern(Transaction::SetProgramme(harsher), &[BUYER, GUARANTOR]).unwrap();
    let certificate = world.state.certificate(&id).unwrap();
    assert_eq!(certificate.interest_due(TODAY + 380), 100, "10 % for 360 days of 1,000");
    assert_eq!(certificate.stage(TODAY + 22), Stage::Matured);
}

#[test]
fn late_interest_is_simple_and_on_what_is_unpaid() {
    let mut world = World::new();
    let id = world.live(1, 36_000, 10);
    world.pass_days(20);
    let due = |world: &World| world.state.certificate(&id).unwrap().interest_due(world.day());
    assert_eq!(due(&world), 100, "36,000 at 10 % for 10 days");
    world.pay(id, Payer::Buyer(()), 18_000, 0).unwrap();
    world.pass_days(10);
    assert_eq!(due(&world), 150, "and half of it for 10 more");
    world.pay(id, Payer::Buyer(()), 0, 150).unwrap();
    assert_eq!(due(&world), 0);
    world.pass_days(10);
    assert_eq!(due(&world), 50, "none on interest");
    world.pay(id, Payer::Buyer(()), 18_000, 0).unwrap();
    assert_eq!(world.state.certificate(&id).unwrap().unpaid(), 0);
    world.pass_days(100);
    assert_eq!(due(&world), 50, "none once all is paid");
    let waive = |amount| Transaction::WriteOff(WriteOff { certificate: id, amount, reason: 3 });
    assert_eq!(world.by(member(NETWORK), waive(49)), Err(Refusal::TooMuch));
    let events = world.by(member(NETWORK), waive(50)).unwrap();
    assert!(matches!(events[..], [Event::WrittenOff(_), Event::Closed(_)]));
    hold(&world.state);
}

#[test]
fn who_answers_pays_and_holds_again() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 10);
    world.transfer(id, party(2), true).unwrap();
    world.transfer(id, party(3), false).unwrap();
    let parts = world.split(id, &[400, 600]).unwrap();
    world.transfer(parts[0], party(4), true).unwrap();
    world.pass_days(42);
    let recourse = Payer::Recourse(parts[0]);
    assert_eq!(world.pay(id, recourse, 400, 0), Err(Refusal::WrongStage), "not defaulted");
    world.pass_days(1);
    assert_eq!(world.pay(id, recourse, 399, 0), Err(Refusal::BadAmount));
    assert_eq!(world.pay(id, Payer::Recourse(hash(1)), 400, 0), Err(Refusal::UnknownPart));
    world.freeze(id, true).unwrap();
    assert_eq!(world.pay(id, recourse, 400, 0), Err(Refusal::Frozen));
    world.freeze(id, false).unwrap();
    let events = world.pay(id, recourse, 400, 0).unwrap();
    let Event::RecoursePaid(paid) = &events[0] else { panic!("{events:?}") };
    assert_eq!((paid.from, paid.to), (party(4), party(3)));
    world.pay(id, recourse, 400, 0).unwrap();
    assert_eq!(world.state.part(&parts[0]).unwrap().holder, party(1), "the last asked is the first who gave");
    assert_eq!(world.pay(id, recourse, 400, 0), Err(Refusal::NoRecourse));
    assert_eq!(world.state.programme(PROGRAMME).unwrap().owed, 1_000, "the buyer owes as before");
    hold(&world.state);
}

#[test]
fn written_off_in_steps_and_recovered() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 10);
    let step = |amount| Transaction::WriteOff(WriteOff { certificate: id, amount, reason: 3 });
    world.pass_days(42);
    assert_eq!(world.by(member(NETWORK), step(400)), Err(Refusal::WrongStage));
    world.pass_days(1);
    assert_eq!(world.by(member(BUYER), step(400)), Err(Refusal::NotAllowed));
    assert_eq!(world.by(member(NETWORK), step(1_001)), Err(Refusal::TooMuch));
    assert_eq!(world.by(member(NETWORK), step(0)), Err(Refusal::BadAmount));
    world.by(member(NETWORK), step(400)).unwrap();
    world.by(member(NETWORK), step(600)).unwrap();
    let stage = |world: &World| world.state.certificate(&id).unwrap().stage(world.day());
    assert_eq!(stage(&world), Stage::WrittenOff);
    assert_eq!(world.state.programme(PROGRAMME).unwrap().owed, 1_000, "giving up is not being paid");
    world.pay(id, Payer::Buyer(()), 250, 0).unwrap();
    assert_eq!(world.state.certificate(&id).unwrap().written_off, 750, "recovered");
    assert_eq!(stage(&world), Stage::WrittenOff);
    let interest = world.state.certificate(&id).unwrap().interest_due(world.day());
    world.pay(id, Payer::Buyer(()), 750, interest).unwrap();
    assert_eq!(stage(&world), Stage::Closed);
    hold(&world.state);
}

#[test]
fn a_freeze_withholds_and_a_court_moves() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 30);
    let rate = world.rates(10_000, false);
    let key = world.take(id, Offer::Posted(rate), 1).unwrap();
    let freeze = Transaction::Freeze(Freeze { certificate: id, frozen: true, order: hash(8) });
    assert_eq!(world.by(member(FUNDER), freeze.clone()), Err(Refusal::NoQuorum), "no authority");
    world.govern(freeze.clone(), &[]).unwrap();
    assert_eq!(world.by(member(COURT), freeze), Err(Refusal::WrongStage), "it is frozen");
    assert_eq!(world.settle(id, key), Err(Refusal::Frozen));
    let order = Transaction::CourtTransfer(CourtTransfer { part: id, to: party(5), order: hash(8) });
    assert_eq!(world.by(member(COURT), order.clone()), Err(Refusal::NoQuorum), "not alone");
    let events = world.govern(order.clone(), &[]).unwrap();
    assert!(
        matches!(events[..], [Event::Vouched(_), Event::LockEnded(_), Event::CourtMoved(_)]),
        "{events:?}"
    );
    assert_eq!(world.govern(order, &[]), Err(Refusal::PartClosed), "it is there already");
    let events = world.pay(id, Payer::Buyer(()), 100, 0).unwrap();
    let Event::Paid(paid) = &events[0] else { panic!("{events:?}") };
    assert!(paid.withheld && paid.shares[0].payee == party(5), "the money waits in the clearing account");
    world.pay(id, Payer::Buyer(()), 900, 0).unwrap();
    assert_eq!(world.state.certificate(&id).unwrap().stage(world.day()), Stage::Closed);
    world.freeze(id, false).unwrap();
    assert_eq!(world.freeze(id, true), Err(Refusal::WrongStage), "it is over");
    hold(&world.state);
}

#[test]
fn a_court_moves_a_pledged_part_to_its_pledgee_whole() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 30);
    let pledge = Pledge { part: id, to: member(BANK), secured: 10 };
    world.by(party(1), Transaction::Pledge(pledge)).unwrap();
    let order = |to| Transaction::CourtTransfer(CourtTransfer { part: id, to, order: hash(8) });
    world.govern(order(party(2)), &[]).unwrap();
    assert!(world.state.part(&id).unwrap().pledge.is_some(), "security follows the part");
    world.govern(order(member(BANK)), &[]).unwrap();
    assert!(world.state.part(&id).unwrap().pledge.is_none());
}
