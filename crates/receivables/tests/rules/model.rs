//! Many random wishes, sound and unsound, put to the rules and to a naive model written apart from them: lists that are
//! searched, interest counted day by day, exposures summed anew each time. Both must agree on every answer and on all
//! that is owed and held. `RECEIVABLES_OPERATIONS` sets how many; a million in a release build.

mod naive;
mod wishes;

use receivables::identity::Party;
use receivables::transaction::{Minor, PartId, Transaction};
use receivables::{Event, Refusal, State};

use crate::invariants::hold;
use crate::world::*;
use naive::Naive;

/// Wishes to one chain before the next begins, so that searching lists stays quick.
const OF_ONE_CHAIN: usize = 2_500;
/// Wishes between two comparisons of everything.
const BETWEEN_COMPARISONS: usize = 97;

#[test]
fn the_rules_and_a_naive_model_agree() {
    let told = std::env::var("RECEIVABLES_OPERATIONS").ok().and_then(|text| text.parse().ok());
    let operations: usize = told.unwrap_or(30_000);
    let (mut applied, mut refused) = (0, std::collections::BTreeMap::<Refusal, usize>::new());
    let mut done = std::collections::BTreeMap::<&'static str, usize>::new();
    for seed in 0..operations.div_ceil(OF_ONE_CHAIN) {
        let mut random = fastrand::Rng::with_seed(seed as u64);
        let mut world = World::new();
        let mut naive = Naive::new(world.block.time_ms);
        for number in 0..OF_ONE_CHAIN.min(operations - seed * OF_ONE_CHAIN) {
            if random.u32(..60) == 0 {
                let days = if random.bool() { 1 } else { random.u32(1..12) };
                world.pass_days(days);
                naive.pass_days(days);
            }
            if random.u32(..20) == 0 {
                world.block.time_ms += 600_000;
                naive.pass_ms(600_000);
            }
            let (wish, who) = wishes::wish(&mut random, &world);
            match step(&mut world, &mut naive, &wish, &who, seed, number) {
                Ok(()) => {
                    applied += 1;
                    *done.entry(wish.name()).or_default() += 1;
                }
                Err(refusal) => *refused.entry(refusal).or_default() += 1,
            }
            if number % BETWEEN_COMPARISONS == 0 {
                hold(&world.state);
                compare(&naive, &world.state, seed);
            }
        }
        compare(&naive, &world.state, seed);
    }
    println!("{operations} wishes: {applied} applied {done:?}, refused {refused:?}");
    assert!(applied * 10 > operations && refused.len() > 10, "the wishes are too uniform to show anything");
}

fn step(
    world: &mut World,
    naive: &mut Naive,
    wish: &Transaction,
    who: &[Party],
    seed: usize,
    number: usize,
) -> Result<(), Refusal> {
    let keys: Vec<[u8; 32]> = who
        .iter()
        .map(|party| match party {
            Party::Member(id) => key(*id, 0),
            Party::Pseudonym(pseudonym) => *pseudonym,
        })
        .collect();
    let signed = world.envelope(wish.clone(), &keys);
    let id = signed.id(world.state.chain());
    let answer = world.state.execute(&world.block, &signed, &verify);
    let events = answer.as_deref().unwrap_or_default();
    let children: Vec<(PartId, Minor)> = events
        .iter()
        .flat_map(|event| match event {
            Event::PartSplit(split) => &split.children[..],
            _ => &[],
        })
        .map(|child| (child.part, child.amount))
        .collect();
    let expected = naive.step(wish, who, id, &children);
    assert_eq!(
        answer.is_ok(),
        expected,
        "seed {seed}, wish {number}: the rules say {answer:?}, the model {expected} to {wish:?} by {who:?}"
    );
    answer.map(drop)
}

fn compare(naive: &Naive, state: &State, seed: usize) {
    assert_eq!(state.parts().count(), naive.parts.len(), "seed {seed}");
    for part in &naive.parts {
        let other = state.part(&part.id).expect("a part");
        let pledge = other.pledge.as_ref().map(|pledge| (pledge.to, pledge.secured));
        let lock = other.lock.as_ref().map(|lock| (lock.to, lock.price));
        assert_eq!(
            (other.amount, other.paid, other.holder, other.split, pledge, lock, &other.recourse),
            (
                part.amount,
                part.paid,
                part.holder,
                part.split,
                part.pledge,
                part.lock.as_ref().map(|lock| (lock.to, lock.price)),
                &part.recourse
            ),
            "seed {seed}"
        );
    }
    for certificate in &naive.certificates {
        let other = state.certificate(&certificate.id).expect("a certificate");
        assert_eq!(
            (other.unpaid(), other.reimbursement(), other.guaranteed(), other.frozen, other.written_off),
            (
                naive.unpaid(certificate),
                certificate.by_guarantor - certificate.reimbursed,
                naive.guaranteed(certificate),
                certificate.frozen,
                certificate.written_off
            ),
            "seed {seed}"
        );
        assert_eq!(other.interest_due(naive.day()), naive.interest_due(certificate), "seed {seed}: interest");
    }
    let programme = state.programme(PROGRAMME).expect("the programme");
    assert_eq!((programme.owed, programme.guaranteed), (naive.owed(), naive.all_guaranteed()), "seed {seed}");
    for advance in &naive.advances {
        assert_eq!(state.advance(&advance.id).expect("an advance").repaid, advance.repaid, "seed {seed}");
    }
    for (id, _, amount, ..) in &naive.units {
        assert_eq!(state.unit(id).expect("a unit").amount, *amount, "seed {seed}");
    }
}
