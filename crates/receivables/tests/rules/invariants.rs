//! The ten invariants, by name; [`hold`] asserts those that speak of a whole state.

use std::collections::BTreeMap;

use receivables::codec::Codec;
use receivables::event::Share;
use receivables::identity::Party;
use receivables::state::{Decision, Key, Stage};
use receivables::transaction::*;
use receivables::{Event, Refusal, State};

use crate::world::*;

/// Asserts the invariants that a state shows by itself: 1, 2, 3, 5 and 10.
pub(crate) fn hold(state: &State) {
    let mut owed: BTreeMap<ProgrammeId, (u64, u64, u64)> = BTreeMap::new();
    for (id, certificate) in state.certificates() {
        let leaves: Vec<_> = certificate.leaves.iter().map(|leaf| state.part(leaf).unwrap()).collect();
        let faces: u64 = leaves.iter().map(|part| part.amount).sum();
        let paid: u64 = leaves.iter().map(|part| part.paid).sum();
        assert_eq!((faces, paid), (certificate.face, certificate.paid), "1: whole and parts");
        for part in leaves {
            assert!(part.certificate == *id && !part.split && part.paid <= part.amount);
            assert!(part.lock.is_none() || part.pledge.is_none() && part.paid == 0, "3: one lien");
        }
        if certificate.decision != Decision::Rejected {
            let has = |fingerprint| state.fingerprint(fingerprint) == Some(id);
            assert!(certificate.fingerprints.iter().all(has), "2: one life");
        }
        let days = certificate.due_day - certificate.issue_day;
        assert!(days <= 365 && (days <= 180 || certificate.tenor_reason.is_some()), "10: tenor");
        if matches!(certificate.decision, Decision::Accepted | Decision::Closed) {
            let sums = owed.entry(certificate.programme).or_default();
            sums.0 += certificate.face
                - (certificate.paid - certificate.paid_by_guarantor)
                - certificate.reimbursed;
            sums.1 += certificate.guaranteed();
            sums.2 += certificate.reimbursement();
        }
    }
    for (id, programme) in state.programmes() {
        let sums = owed.remove(id).unwrap_or_default();
        assert_eq!((programme.owed, programme.guaranteed, programme.reimbursable), sums, "5: exposure");
        let limit = programme.terms.guarantee.as_ref().map_or(0, |guarantee| guarantee.limit);
        assert!(programme.owed <= programme.terms.limit && programme.guaranteed <= limit, "5: limits");
    }
}

#[test]
fn whole_is_the_sum_of_parts() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 90);
    let parts = world.split(id, &[600, 300, 100]).unwrap();
    let small = world.split(parts[0], &[1, 599]).unwrap();
    hold(&world.state);
    assert_eq!(world.state.certificate(&id).unwrap().leaves.len(), 4);
    for amounts in [&[599u64][..], &[0, 599], &[300, 300], &[u64::MAX, 600], &[], &[1; 600]] {
        assert_eq!(world.split(small[1], amounts), Err(Refusal::BadAmount), "{amounts:?}");
    }
    assert_eq!(world.split(small[1], &[1; 599]), Err(Refusal::TooManyParts));
    assert_eq!(world.split(parts[0], &[300, 300]), Err(Refusal::PartClosed));
    world.pay(id, Payer::Buyer(()), 333, 0).unwrap();
    hold(&world.state);
    world.pay(id, Payer::Buyer(()), 667, 0).unwrap();
    hold(&world.state);
    assert_eq!(world.state.certificate(&id).unwrap().stage(world.day()), Stage::Closed);
}

#[test]
fn one_life_per_receivable() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 90);
    let again = world.proposal(1, 1_000, 90);
    assert_eq!(world.propose(again.clone()), Err(Refusal::AlreadyFinanced), "while it lives");
    let mut by_another = again.clone();
    (by_another.supplier, by_another.face) = (party(2), 5);
    assert_eq!(world.propose(by_another), Err(Refusal::AlreadyFinanced), "by whomever, for whatever");
    world.pay(id, Payer::Buyer(()), 1_000, 0).unwrap();
    assert_eq!(world.propose(again), Err(Refusal::AlreadyFinanced), "a paid invoice cannot come back");

    let rejected = world.proposal(2, 1_000, 90);
    let first = world.propose(rejected.clone()).unwrap();
    assert_eq!(world.propose(rejected.clone()), Err(Refusal::AlreadyFinanced), "while it is proposed");
    world.by(member(BUYER), Transaction::Reject(Reject { certificate: first, reason: 7 })).unwrap();
    let second = world.propose(rejected).unwrap();
    assert_eq!(world.state.fingerprint(&hash(2)), Some(&second), "a rejected one leaves it free");
    hold(&world.state);

    world.pass_days(31);
    assert_eq!(world.accept(second), Err(Refusal::WrongStage), "lapsed by itself");
    let wish = world.proposal(2, 900, 90);
    let third = world.propose(wish).unwrap();
    assert_eq!(world.state.fingerprint(&hash(2)), Some(&third));
    assert_eq!(world.state.certificate(&second).unwrap().decision, Decision::Rejected);
    hold(&world.state);
    let two_documents = Propose { fingerprints: sorted([hash(3), hash(2)]), ..world.proposal(3, 5, 90) };
    assert_eq!(world.propose(two_documents), Err(Refusal::AlreadyFinanced), "any document counts");
}

fn sorted(mut hashes: [[u8; 32]; 2]) -> Vec<[u8; 32]> {
    hashes.sort_unstable();
    hashes.to_vec()
}

/// Every way to dispose of a part, as its holder would ask.
fn disposals(world: &mut World, part: PartId) -> Vec<(&'static str, Result<(), Refusal>)> {
    let rate = world.rates(1_000_000, false);
    let auction = OpenAuction {
        part,
        commit_until_ms: world.block.time_ms + 1_000,
        reveal_until_ms: world.block.time_ms + 2_000,
        rate_ppm_max: 100_000,
        recourse: false,
    };
    let holder = world.state.part(&part).unwrap().holder;
    let amount = world.state.part(&part).unwrap().amount;
    let secured = Pledge { part, to: member(BANK), secured: amount };
    vec![
        ("split", world.split(part, &[1, amount - 1]).map(drop)),
        ("transfer", world.transfer(part, party(9), false).map(drop)),
        ("pledge", world.by(holder, Transaction::Pledge(secured)).map(drop)),
        ("sale", world.take(part, Offer::Posted(rate), 1).map(drop)),
        ("auction", world.by(holder, Transaction::OpenAuction(auction)).map(drop)),
    ]
}

#[test]
fn one_holder_at_most_one_lien() {
    let refused = |world: &mut World, part, expected| {
        for (what, answer) in disposals(world, part) {
            assert_eq!(answer, Err(expected), "{what}");
        }
        hold(&world.state);
    };
    let mut world = World::new();
    let id = world.live(1, 1_000, 90);
    let parts = world.split(id, &[200, 200, 200, 200, 200]).unwrap();
    refused(&mut world, id, Refusal::PartClosed);

    let pledge = Pledge { part: parts[0], to: member(BANK), secured: 150 };
    world.by(party(1), Transaction::Pledge(pledge)).unwrap();
    refused(&mut world, parts[0], Refusal::Pledged);
    let release = Transaction::Release(PartRef { part: parts[0] });
    assert_eq!(world.by(party(1), release.clone()), Err(Refusal::NotAllowed), "only the pledgee");
    world.by(member(BANK), release.clone()).unwrap();
    assert_eq!(world.by(member(BANK), release), Err(Refusal::PartClosed));
    world.transfer(parts[0], party(2), false).unwrap();

    let rate = world.rates(1_000_000, false);
    world.take(parts[1], Offer::Posted(rate), 1).unwrap();
    refused(&mut world, parts[1], Refusal::Locked);

    world.freeze(id, true).unwrap();
    refused(&mut world, parts[2], Refusal::Frozen);
    world.freeze(id, false).unwrap();
    assert_eq!(world.pay(id, Payer::Buyer(()), 10, 0), Err(Refusal::Locked), "its price was for the whole");
    world.pass_days(1);
    world.pay(id, Payer::Buyer(()), 10, 0).unwrap();
    assert!(world.state.part(&parts[1]).unwrap().lock.is_none(), "a lock whose time is over ends");
    refused(&mut world, parts[2], Refusal::PartPaid);
    world.pay(id, Payer::Buyer(()), 990, 0).unwrap();
    refused(&mut world, parts[2], Refusal::PartClosed);
}

#[test]
fn nothing_moves_on_or_after_the_due_day() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 10);
    let parts = world.split(id, &[400, 600]).unwrap();
    let pledge = Pledge { part: parts[0], to: member(BANK), secured: 400 };
    world.by(party(1), Transaction::Pledge(pledge)).unwrap();
    world.pass_days(9);
    let rate = world.rates(1_000_000, false);
    let until_ms = world.block.time_ms + 2 * 86_400_000;
    let wish = TakeOffer { part: parts[1], offer: Offer::Posted(rate), price_min: 1, until_ms };
    world.by(party(1), Transaction::TakeOffer(wish)).unwrap();
    let key = world.state.part(&parts[1]).unwrap().lock.as_ref().unwrap().key;
    world.pass_days(1);
    assert_eq!(world.settle(parts[1], key), Err(Refusal::Matured), "a sale comes too late");
    for (what, answer) in disposals(&mut world, parts[1]) {
        assert_eq!(answer, Err(Refusal::Matured), "{what}");
    }
    let order = CourtTransfer { part: parts[1], to: party(3), order: hash(8) };
    assert_eq!(world.govern(Transaction::CourtTransfer(order), &[]), Err(Refusal::Matured));
    let early = Transaction::ExpireLock(ExpireLock { part: parts[1], key });
    assert_eq!(world.by(member(RIVAL), early.clone()), Err(Refusal::LockRuns));
    world.by(member(BANK), Transaction::Release(PartRef { part: parts[0] })).unwrap();
    world.pass_days(1);
    world.by(member(RIVAL), early).unwrap();
    world.pay(id, Payer::Buyer(()), 1_000, 0).unwrap();
    hold(&world.state);
}

#[test]
fn exposure() {
    let mut world = World::new();
    let first = world.live(1, 700_000, 90);
    let over_buyer = world.proposal(2, 300_001, 90);
    let over_buyer = world.propose(over_buyer).unwrap();
    assert_eq!(world.accept(over_buyer), Err(Refusal::BuyerLimit));
    let over_guarantor = world.proposal(3, 100_002, 90);
    let over_guarantor = world.propose(over_guarantor).unwrap();
    assert_eq!(world.accept(over_guarantor), Err(Refusal::GuarantorLimit), "350,000 and 50,001");
    let rate = world.rates(1_000_000, false);
    let key = world.take(first, Offer::Posted(rate), 1).unwrap();
    world.settle(first, key).unwrap();
    assert_eq!(world.accept(over_buyer), Err(Refusal::BuyerLimit), "a sale frees nothing");
    world.pay(first, Payer::Buyer(()), 100_000, 0).unwrap();
    let programme = |world: &World| {
        let record = world.state.programme(PROGRAMME).unwrap();
        (record.owed, record.guaranteed, record.reimbursable)
    };
    assert_eq!(programme(&world), (600_000, 350_000, 0));
    world.accept(over_guarantor).unwrap_err();
    world.pay(first, Payer::Buyer(()), 400_000, 0).unwrap();
    assert_eq!(programme(&world), (200_000, 200_000, 0), "never more than is unpaid");
    world.accept(over_guarantor).unwrap();
    hold(&world.state);

    assert_eq!(world.pay(first, Payer::Guarantor(()), 10, 0), Err(Refusal::WrongStage), "not due");
    world.pass_days(90);
    assert_eq!(world.pay(first, Payer::Guarantor(()), 200_001, 0), Err(Refusal::TooMuch));
    world.pay(first, Payer::Guarantor(()), 150_000, 0).unwrap();
    assert_eq!(programme(&world), (300_002, 100_001, 150_000), "the buyer owes the guarantor now");
    let paid = world.pay(first, Payer::Buyer(()), 200_000, 0).unwrap();
    let Event::Paid(paid) = &paid[0] else { panic!("{paid:?}") };
    assert_eq!((paid.reimbursed, paid.unpaid), (150_000, 0));
    assert_eq!(programme(&world), (100_002, 50_001, 0));
    assert_eq!(world.state.certificate(&first).unwrap().decision, Decision::Closed);
    hold(&world.state);
}

fn shares(events: &[Event]) -> &[Share] {
    let paid = events.iter().find_map(|event| match event {
        Event::Paid(paid) => Some(&paid.shares[..]),
        _ => None,
    });
    paid.expect("a payment's event")
}

#[test]
fn money_in_is_money_out() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 10);
    let mut parts = world.split(id, &[334, 333, 333]).unwrap();
    let pledge = Pledge { part: parts[0], to: member(BANK), secured: 20 };
    world.by(party(1), Transaction::Pledge(pledge)).unwrap();
    let events = world.pay(id, Payer::Buyer(()), 100, 0).unwrap();
    let sum: u64 = shares(&events).iter().map(|share| share.principal).sum();
    assert_eq!(sum, 100);
    let of = |part: PartId, events: &[Event]| -> Vec<(Party, u64)> {
        let mine = shares(events).iter().filter(|share| share.part == part);
        mine.map(|share| (share.payee, share.principal)).collect()
    };
    assert_eq!(of(parts[0], &events), [(member(BANK), 20), (party(1), 14)], "the pledgee first, 33.4 up");
    assert!(world.state.part(&parts[0]).unwrap().pledge.is_none(), "what was secured is paid");

    parts.sort_unstable();
    world.pass_days(40);
    assert_eq!(
        world.state.certificate(&id).unwrap().interest_due(world.day()),
        8,
        "900 × 10 % × 30/360 = 7.5"
    );
    assert_eq!(world.pay(id, Payer::Buyer(()), 900, 9), Err(Refusal::TooMuch));
    let events = world.pay(id, Payer::Buyer(()), 899, 0).unwrap();
    assert_eq!(shares(&events).iter().map(|share| share.principal).sum::<u64>(), 899);
    let events = world.pay(id, Payer::Buyer(()), 1, 7).unwrap();
    let sums =
        shares(&events).iter().fold((0, 0), |sum, share| (sum.0 + share.principal, sum.1 + share.interest));
    assert_eq!(sums, (1, 7));
    assert_eq!(world.state.certificate(&id).unwrap().stage(world.day()), Stage::Overdue, "1 of interest");
    world.pay(id, Payer::Buyer(()), 0, 1).unwrap();
    assert_eq!(world.state.certificate(&id).unwrap().decision, Decision::Closed);

    let id = world.live(2, 1_000, 10);
    let reference = hash(77);
    let wish = Pay { certificate: id, payer: Payer::Buyer(()), principal: 5, interest: 0, reference };
    world.by(member(NETWORK), Transaction::Pay(wish.clone())).unwrap();
    assert_eq!(world.by(member(NETWORK), Transaction::Pay(wish)), Err(Refusal::ReferenceUsed));
    hold(&world.state);
}

#[test]
fn consent() {
    let mut world = World::new();
    let wish = world.proposal(1, 1_000, 90);
    let as_another = Transaction::Propose(wish.clone());
    assert_eq!(world.by(party(2), as_another), Err(Refusal::UnknownKey), "nobody vouches for who signs");
    let id = world.propose(wish).unwrap();
    let accept = Transaction::Accept(CertificateRef { certificate: id });
    for who in [party(1), member(FUNDER), member(NETWORK), member(GUARANTOR)] {
        assert_eq!(world.by(who, accept.clone()), Err(Refusal::NotAllowed), "only the buyer accepts");
    }
    world.accept(id).unwrap();
    let reject = Transaction::Reject(Reject { certificate: id, reason: 1 });
    assert_eq!(world.by(member(BUYER), reject.clone()), Err(Refusal::WrongStage), "irrevocable");
    assert_eq!(world.by(member(RIVAL), reject), Err(Refusal::NotAllowed));
    let steal = Transaction::Transfer(Transfer { part: id, to: member(RIVAL), recourse: false });
    let give = Transaction::Split(Split { part: id, amounts: vec![1, 999] });
    for who in [member(RIVAL), member(BUYER), member(BANK), member(COURT)] {
        assert_eq!(world.by(who, steal.clone()), Err(Refusal::NotAllowed), "only the holder disposes");
        assert_eq!(world.by(who, give.clone()), Err(Refusal::NotAllowed));
    }
    let wish =
        Pay { certificate: id, payer: Payer::Buyer(()), principal: 5, interest: 0, reference: hash(1) };
    for who in [member(BUYER), member(BANK), party(1)] {
        let pay = Transaction::Pay(wish.clone());
        assert_eq!(world.by(who, pay), Err(Refusal::NotAllowed), "only the settler proves money");
    }
    let rules = Transaction::SetProgramme(SetProgramme { limit: 9_000_000, ..programme() });
    assert_eq!(
        world.by(member(BUYER), rules.clone()),
        Err(Refusal::NoQuorum),
        "only governance changes rules"
    );
    assert_eq!(world.govern(rules.clone(), &[]), Err(Refusal::NotAllowed), "but not without who owes");
    world.govern(rules, &[BUYER, GUARANTOR]).unwrap();
}

#[test]
fn no_funder_is_forced() {
    let mut world = World::new();
    let id = world.live(1, 1_000, 90);
    let rate = world.rates(1_000_000, false);
    let until_ms = world.block.time_ms + 1_000;
    let wish = TakeOffer { part: id, offer: Offer::Posted(rate), price_min: 1, until_ms };
    assert_eq!(world.by(member(BUYER), Transaction::TakeOffer(wish.clone())), Err(Refusal::NotAllowed));
    let mut suspended = registration(BUYER, &[]);
    (suspended.status, suspended.keys) = (MemberStatus::Suspended, Vec::new());
    world.govern(Transaction::RegisterMember(suspended), &[]).unwrap();
    let less = SetProgramme { limit: 0, ..programme() };
    assert_eq!(
        world.govern(Transaction::SetProgramme(less), &[GUARANTOR]),
        Err(Refusal::UnknownMember),
        "the buyer cannot even be asked any more"
    );
    world.by(party(1), Transaction::TakeOffer(wish)).unwrap();
}

#[test]
fn determinism() {
    let run = || {
        let mut world = World::new();
        let id = world.live(1, 1_000, 10);
        let parts = world.split(id, &[1, 2, 997]).unwrap();
        world.transfer(parts[2], party(3), true).unwrap();
        let middle = world.state.dump();
        world.pass_days(50);
        world.pay(id, Payer::Buyer(()), 500, 3).unwrap();
        (middle, world.state.dump(), world.state.root())
    };
    let (middle, end, root) = run();
    assert_eq!(run(), (middle.clone(), end.clone(), root), "the same blocks, the same state");
    let mut restored = State::restore(&end).unwrap();
    assert_eq!((restored.root(), restored.dump()), (root, end), "a snapshot is the state");
    assert_eq!(
        State::restore(&middle[..middle.len() - 1]).map(drop),
        Err(receivables::codec::Malformed::Short)
    );
    let absent = restored.prove(&Key::Fingerprint(hash(1)));
    assert_eq!(absent.value, restored.fingerprint(&hash(1)).map(Codec::encode));
}

#[test]
fn tenor() {
    type Answer = Result<(), Refusal>;
    let cases: &[(u16, u32, Option<u16>, Answer)] = &[
        (180, 180, None, Ok(())),
        (180, 181, Some(1), Err(Refusal::Tenor)),
        (200, 200, None, Err(Refusal::TenorReasonMissing)),
        (200, 200, Some(4), Ok(())),
        (365, 365, Some(4), Ok(())),
        (365, 366, Some(4), Err(Refusal::Tenor)),
        (200, 0, None, Err(Refusal::Tenor)),
    ];
    for (number, (programme_days, days, reason, expected)) in cases.iter().enumerate() {
        let mut world = World::new();
        let terms = SetProgramme { tenor_days_max: *programme_days, ..programme() };
        world.govern(Transaction::SetProgramme(terms), &[BUYER, GUARANTOR]).unwrap();
        let wish = Propose { tenor_reason: *reason, ..world.proposal(1, 1_000, *days) };
        assert_eq!(world.propose(wish).map(drop), *expected, "case {number}");
    }
    let mut world = World::new();
    let above = SetProgramme { tenor_days_max: 366, ..programme() };
    assert_eq!(
        world.govern(Transaction::SetProgramme(above), &[BUYER, GUARANTOR]),
        Err(Refusal::BadTerms),
        "no programme goes above 365"
    );
    let tomorrow = Propose { issue_day: TODAY + 1, ..world.proposal(1, 1_000, 9) };
    assert_eq!(world.propose(tomorrow), Err(Refusal::Tenor), "no invoice is of tomorrow");
    let reversed = Propose { issue_day: TODAY, due_day: TODAY - 1, ..world.proposal(1, 1_000, 9) };
    assert_eq!(world.propose(reversed), Err(Refusal::Tenor));
}
