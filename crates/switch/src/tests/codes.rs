//! Payment codes: who gets them, who can use them, for how long they are known.

use super::world::{
    HOME_WALLET, OTHER_PREFIX, OTHER_WALLET, PREFIX, PROVIDER, WALLET, World, by_code, cny, issue, told,
};
use crate::clock::{CODE_MS, CODE_REMEMBERED_MS};
use crate::{CODES_MAX, CodeNumber, Event, Input, IssueCodes, Refusal};

fn issued(world: &mut World, count: u8, entropy: [u64; 10]) -> Vec<CodeNumber> {
    let asked = IssueCodes { wallet: WALLET, customer: "juan".into(), device: None, count, entropy };
    match world.take(&Input::IssueCodes(asked)).unwrap().remove(0) {
        Event::CodesIssued { codes, .. } => codes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn codes_have_sixteen_digits_and_none_is_given_twice() {
    let mut world = World::new();
    let last = 9_999_999_999_999_999;
    for (entropy, numbers) in [
        ([5, 6, 7, 8, 9, 10, 11, 12, 13, 14], vec![5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
        // Given before, or twice in one request: the next free number.
        ([5, 5, 5, 0, 0, 0, 0, 0, 0, 0], vec![15, 16, 17, 0, 1, 2, 3, 4, 18, 19]),
        // Beyond sixteen digits, and around the end of the numbers.
        ([last, last, last + 1, last + 21, 0, 0, 0, 0, 0, 0], vec![last, 20, 21, 22]),
    ] {
        let count = u8::try_from(numbers.len()).unwrap();
        let codes = issued(&mut world, count, entropy);
        assert_eq!(codes.iter().map(|code| code.0).collect::<Vec<_>>(), numbers);
    }
    assert_eq!(world.switch.codes().count(), 24);
}

#[test]
fn only_a_wallet_in_good_standing_gets_codes_and_not_too_many() {
    let mut world = World::new();
    for (wallet, count, expected) in [
        (WALLET, 1, "CodesIssued"),
        (WALLET, CODES_MAX, "CodesIssued"),
        (WALLET, 0, "! TooMany"),
        (WALLET, CODES_MAX + 1, "! TooMany"),
        (HOME_WALLET, 1, "CodesIssued"),
        (PROVIDER, 1, "! NotAllowed"),
        (directory::MemberId(99), 1, "! NotAllowed"),
        (directory::MemberId::NETWORK, 1, "! NotAllowed"),
    ] {
        assert_eq!(told(world.decide(&issue(wallet, count, 1))), expected, "{wallet:?} {count}");
    }
    world.suspend(WALLET);
    assert_eq!(world.decide(&issue(WALLET, 1, 1)), Err(Refusal::NotAllowed));
}

#[test]
fn a_code_pays_once_within_its_minute_under_its_own_prefix() {
    let pay = |prefix, code| Input::Pay(by_code("r", prefix, code, cny(10_000)));
    let paid = "Opened + Quoted";
    for (name, prefix, shift, wait_ms, used, suspended, expected) in [
        ("fresh", PREFIX, 0, 0, false, false, paid),
        ("at its last instant", PREFIX, 0, CODE_MS - 1, false, false, paid),
        ("ended", PREFIX, 0, CODE_MS, false, false, "! ExpiredCode"),
        ("long ended, remembered", PREFIX, 0, CODE_MS + CODE_REMEMBERED_MS, false, false, "! ExpiredCode"),
        ("another wallet's prefix", OTHER_PREFIX, 0, 0, false, false, "! InvalidCode"),
        ("nobody's prefix", 999_999, 0, 0, false, false, "! InvalidCode"),
        ("never issued", PREFIX, 1, 0, false, false, "! InvalidCode"),
        ("used", PREFIX, 0, 0, true, false, "! InvalidCode"),
        ("used and ended", PREFIX, 0, CODE_MS, true, false, "! InvalidCode"),
        ("of a suspended wallet", PREFIX, 0, 0, false, true, "! NotAllowed"),
    ] {
        let mut world = World::new();
        let code = world.code();
        if used {
            world.take(&Input::Pay(by_code("first", PREFIX, code, cny(1)))).unwrap();
        }
        if suspended {
            world.suspend(WALLET);
        }
        world.wait(wait_ms);
        assert_eq!(told(world.decide(&pay(prefix, CodeNumber(code.0 + shift)))), expected, "{name}");
    }
}

/// A payment the network rejects has used its code; a refused request has not.
#[test]
fn only_a_fact_uses_a_code_up() {
    let mut world = World::new();
    let (first, second) = (world.code(), world.code());
    let pay = |request, code, minor| Input::Pay(by_code(request, PREFIX, code, cny(minor)));
    assert_eq!(told(world.take(&pay("a", first, 0))), "! AmountZero");
    assert_eq!(told(world.take(&pay("b", first, 100))), "Opened + Quoted + Judged + Reserved + Sent");
    assert_eq!(told(world.take(&pay("c", second, 2_000_000))), "Opened + Quoted + Judged + Rejected");
    assert_eq!(told(world.take(&pay("d", second, 100))), "! InvalidCode");
}

/// Codes are forgotten when new ones come, a while after they ended, whoever asks for the new ones.
#[test]
fn ended_codes_are_forgotten() {
    let mut world = World::new();
    let code = world.code();
    world.wait(CODE_MS + CODE_REMEMBERED_MS);
    world.take(&issue(OTHER_WALLET, 1, 50)).unwrap();
    let pay = Input::Pay(by_code("r", PREFIX, code, cny(100)));
    assert_eq!(world.decide(&pay), Err(Refusal::ExpiredCode));
    world.wait(1);
    world.take(&issue(OTHER_WALLET, 1, 60)).unwrap();
    assert_eq!(world.decide(&pay), Err(Refusal::InvalidCode));
    let known: Vec<u64> = world.switch.codes().map(|(number, _)| number.0).collect();
    assert_eq!(known, [50, 60]);
}
