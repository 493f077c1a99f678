//! What a network holds, and what the chain is asked then.

use super::*;
use crate::link::tests::{header, leaves, read, yuan};
use crate::proof::Header;

const SALE: What = What::Sale { part: [1; 32] };
const PAYMENT: What =
    What::Redemption { certificate: [4; 32], payer: Payer::Buyer(()), principal: 90, interest: 10 };

fn open(number: u64, what: What, awaits: Option<Awaits>, until_ms: Option<u64>) -> Open {
    Open {
        number,
        key: [number as u8; 32],
        reference: [100 + (number % 100) as u8; 32],
        what,
        awaits,
        until_ms,
    }
}

/// What is asked of the chain, in words.
fn asked(asks: &[Ask]) -> String {
    let told = |ask: &Ask| match ask {
        Ask::Submit(wish) => {
            let name = match &wish.transaction {
                Transaction::SettleLock(wish) => format!("settle {}", wish.reference[0]),
                Transaction::ExpireLock(wish) => format!("expire {}", wish.key[0]),
                Transaction::Pay(wish) => format!("pay {}+{}", wish.principal, wish.interest),
                Transaction::SettleUnit(wish) => format!("unit {}", wish.unit[0]),
                other => panic!("a link asks no {other:?}"),
            };
            format!("{name} nonce {} until {}", wish.nonce, wish.expires_ms)
        }
        Ask::ShowAbsent(absence) => format!("absent {} after {}", absence.reference[0], absence.until_ms),
    };
    asks.iter().map(told).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_is_asked_follows_from_what_the_network_holds() {
    use Awaits::{End, Proof};
    let sales = |net| What::Unit(Sales { advances: vec![[7; 32]], currency: yuan(), net });
    let mut reading = Reading::default();
    read(&mut reading, &leaves("lien registered"));
    for (one, then) in [
        (open(1, SALE, Some(Proof), Some(900_000)), "settle 101 nonce 2 until 480000"),
        // Nothing may be executed once the network may have let go.
        (open(2, SALE, Some(Proof), Some(70_000)), "settle 102 nonce 4 until 70000"),
        (open(3, SALE, Some(End), Some(1_000)), "expire 3 nonce 6 until 480000"),
        (open(4, PAYMENT, Some(Proof), Some(90_000)), "pay 90+10 nonce 8 until 90000"),
        (open(5, PAYMENT, Some(End), Some(1_000)), "absent 105 after 1000"),
        (open(6, What::Advance, Some(Proof), Some(90_000)), ""),
        (open(7, What::Advance, Some(End), Some(1_000)), "absent 107 after 1000"),
        (open(8, sales(6), Some(Proof), None), ""),
        (open(9, sales(7), Some(Proof), None), "unit 9 nonce 18 until 480000"),
        (open(10, sales(7), Some(End), None), ""),
        (open(11, SALE, None, Some(900_000)), ""),
        (open(u64::MAX, SALE, Some(Proof), None), ""),
    ] {
        let asks = Asking::default().due(std::slice::from_ref(&one), &reading, 60_000);
        assert_eq!(asked(&asks), then, "{one:?}");
    }
}

#[test]
fn asking_again_is_the_same_transaction_and_not_too_often() {
    let held = [open(1, SALE, Some(Awaits::Proof), None), open(2, PAYMENT, Some(Awaits::Proof), None)];
    let reading = Reading::default();
    let mut asking = Asking::default();
    let first = asking.due(&held, &reading, 60_000);
    assert_eq!(first.len(), 2);
    assert_eq!(asking.due(&held, &reading, 60_000 + AGAIN_MS - 1), []);
    assert_eq!(asking.due(&held, &reading, 60_000 + AGAIN_MS), first, "the same while they expire together");
    // Somebody new, or the same after a crash, asks the same.
    assert_eq!(Asking::default().due(&held, &reading, 61_234), first);
    asking.forget(&held[1].key);
    assert_eq!(asking.due(&held, &reading, 60_000 + AGAIN_MS + 1), first[1..]);
    // Its end is another question; and what is over is forgotten.
    let ended = [open(1, SALE, Some(Awaits::End), Some(1))];
    assert_eq!(asking.due(&ended, &reading, 70_000).len(), 1);
    assert_eq!(asking.due(&held, &reading, 70_001).len(), 2);
    for now_ms in [0, 239_999, 240_000, 1_764_000_000_123] {
        for ask in Asking::default().due(&held, &reading, now_ms) {
            let Ask::Submit(wish) = ask else { panic!("a submission") };
            let lives = wish.expires_ms - now_ms;
            assert!(lives > 200_000 && lives < crate::envelope::LIFETIME_MS_MAX, "{lives}");
        }
    }
}

#[test]
fn an_absence_takes_a_time_and_then_a_state() {
    let absence = Absence { number: 1, key: [1; 32], reference: [2; 32], until_ms: 50 };
    let shown = |height, time_ms, state_height, key: &Key, value: Option<Vec<u8>>| Shown {
        header: Header { height, time_ms, state_height, ..header() },
        event: None,
        state: Some((key.encode(), value)),
    };
    let (record, other) = (absence.record(), Key::Reference([3; 32]));
    let none = |height, time_ms, state_height| shown(height, time_ms, state_height, &record, None);
    let over = none(10, 50, 3);
    assert!(absence.is_over(&over) && !absence.is_over(&none(10, 49, 3)));
    for (first, later, holds) in [
        (&over, none(20, 90, 10), true),
        (&over, none(20, 90, 9), false),
        (&none(10, 49, 3), none(20, 90, 10), false),
        (&over, shown(20, 90, 10, &record, Some(Vec::new())), false),
        (&over, shown(20, 90, 10, &other, None), false),
        (&over, Shown { state: None, ..none(20, 90, 10) }, false),
    ] {
        assert_eq!(absence.is_shown(first, &later), holds, "{later:?}");
    }
}
