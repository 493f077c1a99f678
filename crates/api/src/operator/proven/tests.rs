//! What comes later on the chain, and which absence ends a delivery: over proofs that were believed.

use engine::delivery::reference;
use receivables::codec::Codec;
use receivables::event::{Accepted, Entry, Event};
use receivables::proof::{EventTree, Header, Shown};
use receivables::state::Key;

use super::{Held, absence};

fn header(height: u64, state_height: u64) -> Header {
    Header {
        version: 1,
        chain: [0; 32],
        height,
        epoch: 0,
        time_ms: height * 1_000,
        parent: [0; 32],
        body: [0; 32],
        executed_height: height,
        events: 1,
        events_root: [0; 32],
        log_size: 1,
        log_root: [0; 32],
        state_scheme: 1,
        state_height,
        state_root: [0; 32],
        next_validators: None,
    }
}

fn event(height: u64, tree: EventTree, index: u64) -> Held {
    let event = Event::Closed(Accepted { certificate: [0; 32] });
    let entry = Entry { height, time_ms: height * 1_000, transaction: [0; 32], event };
    let shown = Shown { header: header(height, height), event: Some(entry), state: None };
    Held { shown, tree: Some(tree), index: Some(index) }
}

fn state(height: u64, state_height: u64, key: &Key, value: Option<Vec<u8>>) -> Held {
    let state = Some((key.encode(), value));
    Held {
        shown: Shown { header: header(height, state_height), event: None, state },
        tree: None,
        index: None,
    }
}

#[test]
fn later_is_higher_or_behind_it_in_the_same_tree() {
    use EventTree::{Block, Log};
    for (one, before, expected) in [
        ((8, Log, 0), (7, Log, 9), true),
        ((8, Block, 0), (7, Log, 9), true),
        ((7, Log, 9), (8, Log, 0), false),
        ((7, Log, 3), (7, Log, 2), true),
        ((7, Log, 2), (7, Log, 2), false),
        ((7, Block, 3), (7, Block, 2), true),
        ((7, Log, 3), (7, Block, 2), false),
        ((7, Block, 3), (7, Log, 2), false),
    ] {
        let held = |(height, tree, index)| event(height, tree, index);
        assert_eq!(held(one).is_after(&held(before)), expected, "{one:?} {before:?}");
    }
    let record = state(9, 9, &Key::Chain(()), None);
    assert!(!record.is_after(&event(7, Log, 0)) && !event(9, Log, 0).is_after(&record));
}

#[test]
fn an_absence_counts_from_the_headers_height_on() {
    let key = [5; 32];
    let (own, other) = (Key::Reference(reference(&key)), Key::Reference(key));
    let at = event(10, EventTree::Log, 0);
    for (held, expected) in [
        (state(12, 10, &own, None), true),
        (state(12, 11, &own, None), true),
        (state(12, 9, &own, None), false),
        (state(12, 11, &other, None), false),
        (state(12, 11, &own, Some(vec![])), false),
        (event(12, EventTree::Log, 0), false),
    ] {
        assert_eq!(absence(key, &at, &held).is_ok(), expected, "{:?}", held.shown);
    }
}
