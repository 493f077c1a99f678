//! A nonce counts once inside the window, and memory is bounded.

use super::{NOW_MS, client};
use crate::signature::{Freshness, Refused, ReplayCache};

#[test]
fn a_nonce_counts_once_as_long_as_its_signature_could_live() {
    let mut cache = ReplayCache::new(Freshness::default(), 100);
    let (one, other) = (client("one"), client("other"));
    assert_eq!(cache.admit(&one, "n", NOW_MS), Ok(()));
    assert_eq!(cache.admit(&other, "n", NOW_MS), Ok(()), "nonces belong to their client");
    for after_ms in [0, 1, 30_000, 60_000, 70_000] {
        assert_eq!(
            cache.admit(&one, "n", NOW_MS.strict_add_signed(after_ms)),
            Err(Refused::Replayed),
            "{after_ms} ms later"
        );
    }
    assert_eq!(
        cache.admit(&one, "n", NOW_MS + 100_000),
        Ok(()),
        "by then the signature is refused as expired"
    );
}

#[test]
fn the_clock_may_be_set_back() {
    let mut cache = ReplayCache::new(Freshness::default(), 100);
    assert_eq!(cache.admit(&client("one"), "n", NOW_MS), Ok(()));
    assert_eq!(cache.admit(&client("one"), "n", NOW_MS - 3_600_000), Err(Refused::Replayed));
}

#[test]
fn a_full_memory_refuses_and_empties_with_time() {
    let mut cache = ReplayCache::new(Freshness::default(), 3);
    let one = client("one");
    for nonce in ["a", "b", "c"] {
        assert_eq!(cache.admit(&one, nonce, NOW_MS), Ok(()));
    }
    assert_eq!(cache.admit(&one, "d", NOW_MS), Err(Refused::ReplayCacheFull));
    assert_eq!(cache.admit(&one, "a", NOW_MS), Err(Refused::Replayed));
    assert_eq!(cache.len(), 3);
    assert_eq!(cache.admit(&one, "d", NOW_MS + 200_000), Ok(()));
    assert_eq!(cache.len(), 1);
}

/// Against a list of everything ever admitted: no repeat passes inside the window, whatever the steps of the clock.
#[test]
fn no_repeat_passes_inside_the_window() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut cache = ReplayCache::new(Freshness::default(), 10_000);
    let one = client("one");
    let mut last_admitted_ms = std::collections::BTreeMap::new();
    let mut now_ms = NOW_MS;
    for _ in 0..20_000 {
        now_ms += random.u64(0..3_000);
        let nonce = random.u8(..).to_string();
        let before = last_admitted_ms.get(&nonce).copied();
        if cache.admit(&one, &nonce, now_ms).is_ok() {
            assert!(before.is_none_or(|before_ms| now_ms - before_ms > 70_000));
            last_admitted_ms.insert(nonce, now_ms);
        } else {
            assert!(before.is_some_and(|before_ms| now_ms - before_ms < 90_000));
        }
    }
    assert!(cache.len() <= 256);
}
