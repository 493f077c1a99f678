//! Merchants' settlement units: registered, lowered, pledged, paid out.

use receivables::identity::Party;
use receivables::state::{DAY_MS, unit_id};
use receivables::transaction::*;
use receivables::{Event, Hash, Refusal};

use crate::world::*;

fn unit(day: Day, amount: Minor, fixed: bool) -> NewUnit {
    NewUnit { scheme: 1, currency: cny(), day, amount, fixed }
}

fn register(world: &mut World, units: Vec<NewUnit>) -> Result<Hash, Refusal> {
    let id = unit_id(NETWORK, &party(1), &units[0]);
    let wish = RegisterUnits { registrar: NETWORK, merchant: party(1), units };
    world.by(member(NETWORK), Transaction::RegisterUnits(wish)).map(|_| id)
}

fn terms(owed: Minor, share_ppm: Ppm, cap_per_day: Minor) -> PlaceLien {
    PlaceLien {
        merchant: party(1),
        funder: FUNDER,
        currency: cny(),
        owed,
        share_ppm,
        cap_per_day,
        end_day: TODAY + 100,
        consent: hash(5),
        reference: hash(0),
    }
}

/// Places a lien for money that was not spoken of before.
fn lien(world: &mut World, wish: PlaceLien) -> Result<Hash, Refusal> {
    let reference = hash(900_000 + world.state.advances().count() as u64);
    lien_for(world, PlaceLien { reference, ..wish })
}

fn lien_for(world: &mut World, wish: PlaceLien) -> Result<Hash, Refusal> {
    let Party::Pseudonym(merchant) = wish.merchant else { panic!() };
    let funder = key(wish.funder, 0);
    let events = world.ask(Transaction::PlaceLien(wish), &[merchant, funder])?;
    let placed = events.iter().find_map(|event| match event {
        Event::LienPlaced(placed) => Some(placed.advance),
        _ => None,
    });
    Ok(placed.unwrap())
}

fn settle(world: &mut World, unit: Hash) -> Result<(Vec<Minor>, Minor), Refusal> {
    let reference = hash(world.block.height * 1_000_000 + world.block.time_ms % DAY_MS);
    world.block.time_ms += 1;
    let events = world.by(member(NETWORK), Transaction::SettleUnit(SettleUnit { unit, reference }))?;
    let Event::UnitSettled(settled) = &events[0] else { panic!("{events:?}") };
    let taken: Minor = settled.liens.iter().map(|lien| lien.amount).sum();
    assert_eq!(taken + settled.rest, settled.amount, "money in is money out");
    Ok((settled.liens.iter().map(|lien| lien.amount).collect(), settled.rest))
}

#[test]
fn a_unit_may_change_until_it_is_fixed_and_then_only_fall() {
    let mut world = World::new();
    let id = register(&mut world, vec![unit(TODAY, 100, false)]).unwrap();
    register(&mut world, vec![unit(TODAY, 120, false)]).unwrap();
    let adjust = |less| Transaction::AdjustUnit(AdjustUnit { unit: id, less, reason: UnitReason::Refund });
    assert_eq!(world.by(member(NETWORK), adjust(5)), Err(Refusal::UnitFixed), "register it anew");
    assert_eq!(settle(&mut world, id), Err(Refusal::UnitFixed));
    register(&mut world, vec![unit(TODAY, 110, true)]).unwrap();
    assert_eq!(register(&mut world, vec![unit(TODAY, 110, true)]), Err(Refusal::UnitFixed));
    assert_eq!(world.by(member(NETWORK), adjust(111)), Err(Refusal::BadAmount));
    assert_eq!(world.by(member(FUNDER), adjust(1)), Err(Refusal::NotAllowed));
    world.by(member(NETWORK), adjust(10)).unwrap();
    assert_eq!(settle(&mut world, id), Ok((vec![], 100)));
    assert_eq!(settle(&mut world, id), Err(Refusal::UnitClosed));
    assert_eq!(world.by(member(NETWORK), adjust(1)), Err(Refusal::UnitClosed));
    assert_eq!(register(&mut world, vec![unit(TODAY, 1, true)]), Err(Refusal::UnitClosed));
    assert_eq!(register(&mut world, vec![unit(TODAY - 1, 1, true)]), Err(Refusal::UnitClosed), "of the past");
    let twice = vec![unit(TODAY + 1, 1, true), unit(TODAY + 1, 2, true)];
    assert_eq!(register(&mut world, twice), Err(Refusal::Exists));
    let tomorrow = register(&mut world, vec![unit(TODAY + 1, 1, true)]).unwrap();
    assert_eq!(settle(&mut world, tomorrow), Err(Refusal::UnitClosed), "its day has not come");
}

#[test]
fn liens_are_paid_first_in_their_order() {
    let mut world = World::new();
    let first = lien(&mut world, terms(250, 100_000, 1_000)).unwrap();
    let second = lien(&mut world, PlaceLien { funder: RIVAL, ..terms(5_000, 950_000, 900) }).unwrap();
    let pay = |world: &mut World, day: Day, amount: Minor| {
        let id = register(world, vec![unit(day, amount, true)]).unwrap();
        settle(world, id)
    };
    assert_eq!(pay(&mut world, TODAY, 1_000), Ok((vec![100, 900], 0)), "the second gets what is left");
    let scheme_2 = NewUnit { scheme: 2, ..unit(TODAY, 1_000, true) };
    let other = register(&mut world, vec![scheme_2]).unwrap();
    assert_eq!(settle(&mut world, other), Ok((vec![100], 900)), "its cap of the day is reached");
    world.pass_days(1);
    assert_eq!(pay(&mut world, TODAY + 1, 0), Ok((vec![], 0)), "no sales, nothing due");
    world.pass_days(1);
    assert_eq!(pay(&mut world, TODAY + 2, 1_000), Ok((vec![50, 900], 50)), "never more than is owed");
    assert_eq!(world.state.advance(&first).unwrap().owed(), 0);
    assert_eq!(world.state.liens(&party(1), cny()), [second]);
    world.pass_days(99);
    assert_eq!(pay(&mut world, TODAY + 101, 1_000), Ok((vec![], 1_000)), "beyond its end it takes nothing");
    let advance = world.state.advance(&second).unwrap();
    assert!(advance.needs_review(world.day()) && advance.owed() == 3_200);
    let euro = PlaceLien {
        currency: money::Currency::parse("EUR").unwrap(),
        end_day: TODAY + 200,
        ..terms(9, 1, 9)
    };
    lien(&mut world, euro).unwrap();
    let third = lien(&mut world, PlaceLien { end_day: TODAY + 200, ..terms(1, 1_000_000, 1) }).unwrap();
    assert_eq!(world.state.liens(&party(1), cny()), [third], "what is over makes room");
}

#[test]
fn a_lien_takes_merchant_and_funder() {
    let mut world = World::new();
    let wish = terms(100, 100_000, 10);
    let Party::Pseudonym(merchant) = party(1) else { panic!() };
    let alone = Transaction::PlaceLien(wish.clone());
    assert_eq!(world.ask(alone.clone(), &[merchant]), Err(Refusal::NotAllowed));
    assert_eq!(world.ask(alone, &[key(FUNDER, 0)]), Err(Refusal::NotAllowed));
    let cases = [
        (PlaceLien { owed: 0, ..wish.clone() }, Refusal::BadAmount),
        (PlaceLien { share_ppm: 0, ..wish.clone() }, Refusal::BadAmount),
        (PlaceLien { share_ppm: 1_000_001, ..wish.clone() }, Refusal::BadAmount),
        (PlaceLien { cap_per_day: 0, ..wish.clone() }, Refusal::BadAmount),
        (PlaceLien { end_day: TODAY, ..wish.clone() }, Refusal::BadTerms),
        (PlaceLien { end_day: TODAY + 366, ..wish.clone() }, Refusal::BadTerms),
        (PlaceLien { funder: BUYER, ..wish.clone() }, Refusal::UnknownMember),
    ];
    for (wish, expected) in cases {
        assert_eq!(lien(&mut world, wish), Err(expected));
    }
    lien_for(&mut world, wish.clone()).unwrap();
    assert_eq!(lien_for(&mut world, wish.clone()), Err(Refusal::ReferenceUsed), "money is advanced once");
    for _ in 1..16 {
        lien(&mut world, wish.clone()).unwrap();
    }
    assert_eq!(lien(&mut world, wish), Err(Refusal::TooManyParts));
}
