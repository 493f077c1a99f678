//! Scripts of what a chain says, and what the network is told then.

use money::Currency;

use super::*;
use crate::codec::Codec;
use crate::event::{Accepted, LienPlaced, LockEnded, Locked, Paid, Sold, UnitRegistered, UnitSettled};
use crate::identity::Party;
use crate::log::root_of;
use crate::proof::{EventProof, EventTree};
use crate::transaction::{AdjustUnit, Freeze, Offer, Payer, PlaceLien, UnitReason};

const PARTY: Party = Party::Member(2);

pub(super) fn yuan() -> Currency {
    Currency::from_numeric(156).unwrap()
}

/// One event by its name in a script.
fn event(name: &str) -> Event {
    let (part, key, reference, certificate) = ([1; 32], [2; 32], [3; 32], [4; 32]);
    let freeze = |frozen| Event::FreezeSet(Freeze { certificate, frozen, order: [5; 32] });
    let paid = |withheld| {
        Event::Paid(Paid {
            certificate,
            payer: Payer::Buyer(()),
            currency: yuan(),
            principal: 7,
            interest: 0,
            reference,
            shares: Vec::new(),
            reimbursed: 0,
            guarantor: None,
            unpaid: 0,
            withheld,
        })
    };
    match name {
        "lock" => Event::Locked(Locked {
            part,
            from: PARTY,
            agent: 2,
            currency: yuan(),
            to: 3,
            price: 7,
            discount: 1,
            fee: 0,
            until_ms: 9,
            key,
            offer: Offer::Posted([6; 32]),
            recourse: false,
            bids_unopened: 0,
        }),
        "sold" => Event::Sold(Sold {
            part,
            from: PARTY,
            agent: 2,
            currency: yuan(),
            to: 3,
            price: 7,
            key,
            reference,
            registries: Vec::new(),
        }),
        "ended" => Event::LockEnded(LockEnded { part, key }),
        "paid" => paid(false),
        "kept" => paid(true),
        "frozen" => freeze(true),
        "freed" => freeze(false),
        "lien" => Event::LienPlaced(LienPlaced {
            advance: [7; 32],
            terms: PlaceLien {
                merchant: PARTY,
                funder: 3,
                currency: yuan(),
                owed: 7,
                share_ppm: 1,
                cap_per_day: 1,
                end_day: 1,
                consent: [8; 32],
                reference,
            },
            agent: 2,
        }),
        "registered" | "loose" | "foreign" => Event::UnitRegistered(UnitRegistered {
            unit: [9; 32],
            registrar: 2,
            merchant: if name == "foreign" { Party::Member(9) } else { PARTY },
            scheme: 1,
            currency: yuan(),
            day: 1,
            amount: 7,
            fixed: name == "registered",
        }),
        "fell" => Event::UnitAdjusted(AdjustUnit { unit: [9; 32], less: 2, reason: UnitReason::Refund }),
        "unit" => Event::UnitSettled(UnitSettled {
            unit: [9; 32],
            registrar: 2,
            merchant: PARTY,
            currency: yuan(),
            amount: 7,
            reference,
            liens: Vec::new(),
            rest: 7,
        }),
        "accepted" => Event::Accepted(Accepted { certificate }),
        other => panic!("no event is called {other}"),
    }
}

pub(super) fn leaves(script: &str) -> Vec<Vec<u8>> {
    let leaf = |(place, name): (usize, &str)| {
        Entry { height: place as u64, time_ms: 1, transaction: [0; 32], event: event(name) }.encode()
    };
    script.split(' ').filter(|name| !name.is_empty()).enumerate().map(leaf).collect()
}

pub(super) fn read(reading: &mut Reading, leaves: &[Vec<u8>]) {
    leaves.iter().for_each(|leaf| reading.read(leaf).unwrap());
}

/// What is to be told, in words: `lock 0`, `word 3+5`.
fn told(reading: &mut Reading) -> String {
    let mut all = Vec::new();
    while let Some(tell) = reading.tell() {
        let (what, seen) = match tell {
            Tell::Lock(seen) => ("lock", std::slice::from_ref(seen)),
            Tell::Word(seen) => ("word", seen.as_slice()),
        };
        let indices: Vec<String> = seen.iter().map(|one| one.index.to_string()).collect();
        all.push(format!("{what} {}", indices.join("+")));
        reading.heard();
    }
    all.join(", ")
}

#[test]
fn the_network_is_told_what_moves_money_in_the_chains_order() {
    for (script, then) in [
        ("", ""),
        ("accepted frozen", ""),
        ("lock sold", "lock 0, word 1"),
        ("accepted lock accepted ended lock", "lock 1, word 3, lock 4"),
        ("paid lien unit", "word 0, word 1, word 2"),
        // A court keeps a payment back: told as it is, and again with the release.
        ("frozen kept accepted freed", "word 1, word 1+3"),
        ("frozen kept kept freed freed", "word 1, word 2, word 1+3, word 2+3"),
        ("paid freed", "word 0"),
    ] {
        let mut reading = Reading::default();
        read(&mut reading, &leaves(script));
        assert_eq!(told(&mut reading), then, "{script}");
    }
}

#[test]
fn a_restart_goes_on_where_everything_was_heard_and_nowhere_else() {
    let script = "lock sold frozen kept accepted freed lock ended";
    let all = leaves(script);
    let mut whole = Reading::default();
    read(&mut whole, &all);
    let told_at_once = told(&mut whole);
    for stop in 0..=all.len() {
        let mut first = Reading::default();
        read(&mut first, &all[..stop]);
        assert_eq!(first.position().is_some(), first.waiting() == 0);
        let before = told(&mut first);
        let position = first.position().expect("everything was heard");
        let kept = Position::decode(&position.encode()).expect("as it was written");
        let mut second = Reading::from(kept).expect("a whole position");
        assert_eq!(second.next(), stop as u64);
        read(&mut second, &all[stop..]);
        let after = told(&mut second);
        let joined =
            [before, after].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        assert_eq!(joined, told_at_once, "stopped at {stop}");
        // From nothing, the same is told once more: the network has to bear it.
        let mut anew = Reading::default();
        read(&mut anew, &all);
        assert_eq!(told(&mut anew), told_at_once);
    }
    let broken = Position {
        log: Frontier { size: 3, peaks: vec![[0; 32]] },
        withheld: Vec::new(),
        liens: Vec::new(),
        units: Vec::new(),
    };
    assert_eq!(Reading::from(broken), None, "a damaged position is none");
}

#[test]
fn a_node_that_lies_is_found_out_by_the_header() {
    let all = leaves("lock sold accepted");
    let mut header = header();
    header.log_size = 3;
    header.log_root = root_of(all.iter().map(Vec::as_slice));
    let check = |given: &[Vec<u8>]| {
        let mut reading = Reading::default();
        read(&mut reading, given);
        reading.agrees(&header)
    };
    assert!(check(&all));
    let mut changed = all.clone();
    changed[1] = leaves("lock ended")[1].clone();
    let doubled = [all[0].clone(), all[1].clone(), all[1].clone(), all[2].clone()];
    let swapped = [all[1].clone(), all[0].clone(), all[2].clone()];
    for (what, given) in [
        ("changed", changed.as_slice()),
        ("left out", &all[1..]),
        ("cut", &all[..2]),
        ("doubled", &doubled),
        ("swapped", &swapped),
    ] {
        assert!(!check(given), "{what}");
    }
    let mut reading = Reading::default();
    assert!(reading.read(&all[0][1..]).is_err(), "no event");
    assert_eq!(reading, Reading::default(), "nothing of it was taken in");
}

#[test]
fn only_a_proof_of_the_very_event_counts() {
    let all = leaves("lock sold");
    let mut reading = Reading::default();
    read(&mut reading, &all);
    let Some(Tell::Lock(seen)) = reading.tell().cloned() else { panic!("a lock is told") };
    let shown = |entry: &[u8]| EventProof {
        entry: entry.to_vec(),
        tree: EventTree::Log,
        index: 0,
        size: 2,
        path: Vec::new(),
    };
    let proof = |event| Proof {
        chain: [0; 32],
        genesis: [0; 32],
        validators: Vec::new(),
        epochs: Vec::new(),
        header: header(),
        certificate: crate::proof::Certificate { epoch: 0, view: 0, parent_view: 0, signatures: Vec::new() },
        event,
        state: None,
    };
    assert!(seen.is_shown_by(&proof(Some(shown(&all[0])))));
    assert!(!seen.is_shown_by(&proof(Some(shown(&all[1])))), "another true event");
    assert!(!seen.is_shown_by(&proof(None)));
}

#[test]
fn a_unit_is_found_by_merchant_currency_and_amount() {
    for (script, net, found) in [
        ("lien registered", 7, true),
        ("lien registered", 6, false),
        ("registered lien", 7, false),
        ("lien foreign", 7, false),
        ("lien loose", 7, false),
        ("lien loose registered", 7, true),
        ("lien registered fell", 5, true),
        ("lien registered fell", 7, false),
        ("lien registered unit", 7, false),
    ] {
        let mut reading = Reading::default();
        read(&mut reading, &leaves(script));
        let sales = Sales { advances: vec![[6; 32], [7; 32]], currency: yuan(), net };
        assert_eq!(reading.unit_of(&sales).is_some(), found, "{script} {net}");
        told(&mut reading);
        let again = Reading::from(reading.position().unwrap()).unwrap();
        assert_eq!(again, reading, "a position keeps it");
        let other = Sales { advances: vec![[6; 32]], ..sales };
        assert_eq!(reading.unit_of(&other), None, "another merchant's advance");
    }
}

pub(super) fn header() -> Header {
    Header {
        version: 1,
        chain: [0; 32],
        height: 5,
        epoch: 0,
        time_ms: 50,
        parent: [0; 32],
        body: [0; 32],
        executed_height: 4,
        events: 0,
        events_root: [0; 32],
        log_size: 0,
        log_root: [0; 32],
        state_scheme: 1,
        state_height: 3,
        state_root: [0; 32],
        next_validators: None,
    }
}
