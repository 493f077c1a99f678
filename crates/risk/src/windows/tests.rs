//! Windows against a batch computation over the raw events, their bounds, their bytes, and what declarations refuse.

use super::layout::Turn;
use super::table::Table;
use super::{Features, NEVER_SECONDS, Windows};
use crate::{Event, Facts, Key, Outcome};

const TEXT: &str = "
entity payer = payer hold 100
entity till  = terminal
entity pair  = payer + terminal
feature hour_count   payer count              1h by 10m
feature day_sum      payer sum(amount_minor)  1d by 1h
feature day_mean     payer mean(amount_minor) 1d by 1h
feature two_spread   payer spread(amount_minor) 2d by 1h
feature day_max      payer max(amount_minor)  1d by 1h
feature idle         payer since
feature ever_count   payer count ever
feature large        payer count 1d if event == \"paid\" && amount_minor > 500
feature jumps        payer count 1d if event == \"paid\" && double(amount_minor) > 2.0 * day_mean
feature till_frauds  till  count 2d by 1h if event == \"fraud\"
feature till_lagged  till  count 1d by 1h lag 6h
feature till_mean    till  mean(amount_minor) 2d by 2h
feature till_payers  till  distinct(payer) 1d by 1h cap 8
feature pair_age     pair  first
derived over_mean = double(amount_minor) / day_mean
";

const HOUR: i64 = 3_600_000;

fn payment(at_ms: i64, payer: u32, till: u32, amount_minor: i64) -> Facts {
    let (payer, terminal) = (Key::of(&format!("p{payer}")), Key::of(&format!("t{till}")));
    Facts { at_ms, payer, terminal, amount_minor, ..Facts::default() }
}

fn paid(facts: Facts) -> Outcome {
    Outcome { at_ms: facts.at_ms, event: Event::Paid, facts }
}

/// The features by name, computed from every event so far.
fn batch(past: &[Outcome], jumps: &[bool], now: &Facts) -> Vec<(&'static str, f64)> {
    let within = |at: i64, bucket: i64, length: i64, lag: i64| {
        let age = now.at_ms / bucket - at / bucket;
        age >= lag && age < lag + length
    };
    let of = |payer: bool, event: Event| {
        past.iter().filter(move |one| {
            let same = if payer { one.facts.payer == now.payer } else { one.facts.terminal == now.terminal };
            same && one.event == event
        })
    };
    let mine = || of(true, Event::Paid);
    let day: Vec<i64> =
        mine().filter(|one| within(one.at_ms, HOUR, 24, 0)).map(|one| one.facts.amount_minor).collect();
    let two: Vec<f64> = mine()
        .filter(|one| within(one.at_ms, HOUR, 48, 0))
        .map(|one| one.facts.amount_minor as f64)
        .collect();
    let two_mean = two.iter().sum::<f64>() / two.len().max(1) as f64;
    let variance = two.iter().map(|value| (value - two_mean).powi(2)).sum::<f64>() / two.len().max(1) as f64;
    let mean = if day.is_empty() { 0.0 } else { day.iter().sum::<i64>() as f64 / day.len() as f64 };
    let mut payers: Vec<Key> = of(false, Event::Paid)
        .filter(|one| within(one.at_ms, HOUR, 24, 0))
        .map(|one| one.facts.payer)
        .collect();
    payers.sort_unstable();
    payers.dedup();
    let first = past.iter().find(|one| {
        one.event == Event::Paid && one.facts.payer == now.payer && one.facts.terminal == now.terminal
    });
    let jumped = past.iter().zip(jumps).filter(|(one, jump)| {
        **jump && one.event == Event::Paid && one.facts.payer == now.payer && within(one.at_ms, HOUR, 24, 0)
    });
    let till: Vec<i64> = of(false, Event::Paid)
        .filter(|one| within(one.at_ms, 2 * HOUR, 24, 0))
        .map(|one| one.facts.amount_minor)
        .collect();
    let till_mean = if till.is_empty() { 0.0 } else { till.iter().sum::<i64>() as f64 / till.len() as f64 };
    vec![
        ("hour_count", mine().filter(|one| within(one.at_ms, HOUR / 6, 6, 0)).count() as f64),
        ("day_sum", day.iter().sum::<i64>() as f64),
        ("day_mean", mean),
        ("two_spread", if two.len() < 2 { 0.0 } else { variance.sqrt() }),
        ("day_max", day.iter().copied().max().unwrap_or(0) as f64),
        (
            "idle",
            mine().next_back().map_or(NEVER_SECONDS as f64, |one| ((now.at_ms - one.at_ms) / 1000) as f64),
        ),
        ("ever_count", mine().count() as f64),
        ("large", day.iter().filter(|amount| **amount > 500).count() as f64),
        ("jumps", jumped.count() as f64),
        ("till_frauds", of(false, Event::Fraud).filter(|one| within(one.at_ms, HOUR, 48, 0)).count() as f64),
        ("till_lagged", of(false, Event::Paid).filter(|one| within(one.at_ms, HOUR, 24, 6)).count() as f64),
        ("till_mean", till_mean),
        ("till_payers", payers.len().min(8) as f64),
        ("pair_age", first.map_or(0.0, |one| ((now.at_ms - one.at_ms) / 1000) as f64)),
        ("over_mean", now.amount_minor as f64 / mean),
    ]
}

fn value(windows: &Windows, slots: &[i64], name: &str) -> f64 {
    let (slot, kind) = windows.features().schema().slot(name).expect("declared");
    let bits = slots[usize::from(slot)];
    if kind == crate::expression::Kind::Double { f64::from_bits(bits as u64) } else { bits as f64 }
}

#[test]
fn a_stream_reads_as_a_batch_would() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut windows = Windows::new(Features::parse(TEXT).expect("declarations"));
        let mut slots = vec![0; windows.features().schema().len()];
        let (mut past, mut jumps, mut at) = (Vec::new(), Vec::new(), 1_522_540_800_000);
        for step in 0..600 {
            let longest = if random.u8(0..20) == 0 { 40 * HOUR } else { HOUR };
            at += random.i64(0..longest);
            let facts = payment(at, random.u32(0..4), random.u32(0..3), random.i64(1..1_000));
            windows.read(&facts, &mut slots);
            for (name, expected) in batch(&past, &jumps, &facts) {
                let found = value(&windows, &slots, name);
                let close = found == expected || (found - expected).abs() <= 1e-6 * expected.abs();
                assert!(
                    close || (found.is_nan() && expected.is_nan()),
                    "seed {seed} step {step}: {name} is {found}, batch {expected}"
                );
            }
            jumps.push(facts.amount_minor as f64 > 2.0 * value(&windows, &slots, "day_mean"));
            past.push(paid(facts));
            windows.observe(&paid(facts));
            if random.u8(0..10) == 0 {
                let old = past[random.usize(0..past.len())].facts;
                let label = Outcome { at_ms: at, event: Event::Fraud, facts: old };
                windows.observe(&label);
                past.push(label);
                jumps.push(false);
            }
        }
    }
}

#[test]
fn memory_is_bounded_and_the_oldest_gives_way() {
    let mut windows = Windows::new(Features::parse(TEXT).expect("declarations"));
    for payer in 0..1_000u32 {
        windows.observe(&paid(payment(i64::from(payer) * HOUR, payer, 0, 5)));
    }
    let held: Vec<_> = windows.held().collect();
    assert_eq!(held, [("payer", 100), ("till", 1), ("pair", 1_000)]);
    let mut slots = vec![0; windows.features().schema().len()];
    windows.read(&payment(1_000 * HOUR, 999, 0, 5), &mut slots);
    assert_eq!(value(&windows, &slots, "ever_count"), 1.0, "the newest payer is held");
    windows.read(&payment(1_000 * HOUR, 0, 0, 5), &mut slots);
    assert_eq!(value(&windows, &slots, "ever_count"), 0.0, "the oldest payer gave way");
    for (entity, bytes) in windows.features().bytes() {
        assert!(bytes <= 1_664, "{entity} takes {bytes} bytes");
    }
}

#[test]
fn every_entity_held_is_found_and_none_that_gave_way() {
    let mut random = fastrand::Rng::with_seed(11);
    let mut table = Table::new(16, 50);
    let mut held = std::collections::BTreeMap::new();
    for step in 1..5_000u32 {
        let key = random.u64(1..120) << (random.u8(0..2) * 40);
        let slot = table.place(key);
        table.block_mut(slot)[0] = step;
        if let Some(gone) = held.insert(slot, key).filter(|gone| *gone != key) {
            assert_eq!(table.find(gone), None, "step {step}");
        }
        assert!(held.iter().all(|(slot, key)| table.find(*key) == Some(*slot)), "step {step}");
        assert_eq!(table.len(), held.len());
    }
}

#[test]
fn products_divide_as_divisions_do() {
    let mut random = fastrand::Rng::with_seed(12);
    for by in (1..500).chain([3_600, 86_400, 4_233_600, u32::MAX]) {
        let turn = Turn::new(by);
        let some = (0..200).map(|_| random.u32(..)).chain([0, 1, by - 1, by, u32::MAX - 1, u32::MAX]);
        for of in some {
            assert_eq!((turn.quotient(of), turn.rest(of)), (of / by, of % by), "{of} by {by}");
        }
    }
}

#[test]
fn late_and_unknown_events_harm_nothing() {
    let mut windows = Windows::new(Features::parse(TEXT).expect("declarations"));
    let now = 1_000 * HOUR;
    windows.observe(&paid(payment(now, 1, 1, 100)));
    windows.observe(&paid(payment(now - 2 * HOUR, 1, 1, 50))); // late, within the day
    windows.observe(&paid(payment(now - 900 * HOUR, 1, 1, 7))); // late, older than every ring
    windows.observe(&paid(Facts { at_ms: -5, amount_minor: i64::MIN, ..Facts::default() }));
    windows.observe(&paid(payment(i64::MAX, 2, 2, i64::MAX)));
    windows.observe(&paid(payment(i64::MIN, 2, 2, i64::MIN)));
    let mut slots = vec![0; windows.features().schema().len()];
    windows.read(&payment(now, 1, 1, 1), &mut slots);
    assert_eq!(value(&windows, &slots, "day_sum"), 150.0);
    assert_eq!(value(&windows, &slots, "hour_count"), 1.0);
    assert_eq!(value(&windows, &slots, "ever_count"), 3.0);
}

#[test]
fn bytes_come_back_and_wrong_bytes_do_not() {
    let mut windows = Windows::new(Features::parse(TEXT).expect("declarations"));
    let mut random = fastrand::Rng::with_seed(3);
    for step in 0..500 {
        windows.observe(&paid(payment(
            step * HOUR / 3,
            random.u32(0..150),
            random.u32(0..9),
            random.i64(1..900),
        )));
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    windows.encode(&mut first);
    let mut back = Windows::decode(Features::parse(TEXT).expect("declarations"), &first).expect("own bytes");
    for half in [&mut windows, &mut back] {
        half.observe(&paid(payment(200 * HOUR, 151, 3, 11)));
    }
    first.clear();
    windows.encode(&mut first);
    back.encode(&mut second);
    assert_eq!(first, second, "a decoded state goes on like the one it was");
    assert!(
        Windows::decode(Features::parse(TEXT).expect("declarations"), &first[..first.len() - 1]).is_err()
    );
    assert!(
        Windows::decode(Features::parse("entity payer = payer\n").expect("declarations"), &first).is_err()
    );
}

#[test]
fn declarations_are_refused_with_line_and_reason() {
    for (text, expected) in [
        ("feature x payer count 1d", "line 1: entity payer is not declared"),
        ("entity a = payer\nfeature x a count", "line 2: a window is missing (as 30m, 24h, 7d or ever)"),
        (
            "entity a = payer\nfeature x a count 25m by 10m",
            "line 2: window and lag must be whole buckets of 600s",
        ),
        (
            "entity a = payer\nfeature x a count 365d by 1h",
            "line 2: 8760 buckets, the bound is 400: take a longer bucket",
        ),
        ("entity a = payer\nfeature x a sum(payer) 1d", "line 2: payer is not a number"),
        ("entity a = amount_minor", "line 1: amount_minor is a number, not a party or code"),
        (
            "entity a = payer\nfeature x a count 1d if amount_minor > 'x'",
            "line 2: at byte 13: int > string: convert with int() or double()",
        ),
        ("entity a = payer\nfeature x a count 1d\nfeature x a count 1d", "line 3: x is declared twice"),
        ("derived r = 1.0 / y", "line 1: at byte 6: y is not a fact, a feature or a list"),
        ("entity a = payer\nfeature x a since 1d", "line 2: since and first have no window"),
        ("inputs payer", "line 1: payer is no number declared above, or is an input already"),
        ("sum x", "line 1: sum: entity, feature, derived or inputs expected"),
        (
            "entity a = payer\nfeature X a count 1d",
            "line 2: \"X\": a name is lower-case letters, digits and _, at most 64",
        ),
    ] {
        assert_eq!(Features::parse(text).expect_err(text).to_string(), expected, "{text}");
    }
}

/// A burst is counted before its first answer, and by what is known of its payers.
#[test]
fn what_is_asked_for_is_counted_with_what_is_known() {
    let features = Features::parse(
        "entity payer = payer
feature seen payer count ever
feature strangers payer count 1h by 10m if event == \"asked\" && seen == 0
feature regulars payer count 1h by 10m if event == \"asked\" && seen > 0
inputs seen strangers regulars",
    );
    let mut windows = Windows::new(features.expect("three features"));
    let facts = Facts { at_ms: 1_000_000, payer: Key::of("ann"), ..Facts::default() };
    for event in [Event::Asked, Event::Asked, Event::Paid, Event::Asked] {
        windows.observe(&Outcome { at_ms: facts.at_ms, event, facts });
    }
    let mut slots = vec![0; windows.features().schema().len()];
    windows.read(&facts, &mut slots);
    assert_eq!(slots[crate::FACT_SLOTS..], [1, 2, 1]);
}
