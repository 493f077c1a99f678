//! Who asks, checked before any rule: expired, replayed, mis-signed, for another chain, malformed, oversized.

use receivables::codec::{Codec, Malformed};
use receivables::envelope::{BYTES_MAX, LIFETIME_MS_MAX};
use receivables::identity::{Party, Purpose, Purposes, Vouch, key_is_sound};
use receivables::transaction::*;
use receivables::{Refusal, Signed};

use crate::world::*;

/// A good transfer of a live part, changed by `change`, not signed again unless `seal`.
fn check(change: impl FnOnce(&mut World, &mut Signed), seal: bool, expected: Refusal) {
    let mut world = World::new();
    let part = world.live(1, 1_000, 90);
    let wish = Transfer { part, to: party(2), recourse: false };
    let Party::Pseudonym(holder) = party(1) else { panic!() };
    let mut signed = world.envelope(Transaction::Transfer(wish), &[holder]);
    change(&mut world, &mut signed);
    if seal {
        world.seal(&mut signed, &[holder]);
    }
    let before = world.state.dump();
    assert_eq!(world.run(&signed), Err(expected));
    assert_eq!(world.state.dump(), before, "{expected}: a refusal changes nothing");
}

#[test]
fn what_is_not_rightly_asked_is_refused() {
    check(|world, signed| signed.expires_ms = world.block.time_ms, true, Refusal::Expired);
    let latest = LIFETIME_MS_MAX + 1;
    check(|world, signed| signed.expires_ms = world.block.time_ms + latest, true, Refusal::ExpiresTooLate);
    check(|_, signed| signed.signatures.clear(), false, Refusal::Unsigned);
    check(|_, signed| signed.sender = key(BANK, 0), true, Refusal::Unsigned);
    check(|_, signed| signed.signatures[0].signature[5] ^= 1, false, Refusal::BadSignature);
    check(|_, signed| signed.nonce += 1, false, Refusal::BadSignature);
    check(|_, signed| signed.vouches.clear(), false, Refusal::BadSignature);
    check(|_, signed| signed.vouches.clear(), true, Refusal::UnknownParty);
    check(|_, signed| signed.vouches[0].sponsor = FUNDER, true, Refusal::BadVouch);
    check(|_, signed| signed.vouches[0].signature[0] ^= 1, true, Refusal::BadVouch);
    check(|_, signed| signed.vouches[0].key = key(BUYER, 0), true, Refusal::BadVouch);
    let twice = |_: &mut World, signed: &mut Signed| {
        let vouch: Vouch = signed.vouches[0].clone();
        signed.vouches.push(vouch);
    };
    check(twice, true, Refusal::BadVouch);
    let many = |_: &mut World, signed: &mut Signed| {
        let vouch: Vouch = signed.vouches[0].clone();
        signed.vouches = vec![vouch; 9];
    };
    check(many, true, Refusal::TooLarge);
    let doubled = |_: &mut World, signed: &mut Signed| {
        let first = signed.signatures[0].clone();
        signed.signatures.push(first);
    };
    check(doubled, false, Refusal::TooLarge);
    let height = |world: &mut World, signed: &mut Signed| {
        signed.sender = hash(5);
        world.seal(signed, &[hash(5)]);
    };
    check(height, false, Refusal::UnknownKey);
}

#[test]
fn another_chains_transaction_is_none_of_ours() {
    let mut world = World::new();
    let part = world.live(1, 1_000, 90);
    let Party::Pseudonym(holder) = party(1) else { panic!() };
    let wish = Transaction::Split(Split { part, amounts: vec![1, 999] });
    let mut signed = world.envelope(wish, &[holder]);
    let other = signed.signing_bytes(&hash(0));
    signed.signatures[0].signature = sign(&holder, &other);
    assert_eq!(world.run(&signed), Err(Refusal::BadSignature));
}

#[test]
fn nothing_is_executed_twice() {
    let mut world = World::new();
    let part = world.live(1, 10_000, 90);
    let first = world.envelope(Transaction::Split(Split { part, amounts: vec![9_000, 1_000] }), &[key(1, 0)]);
    assert_eq!(world.run(&first), Err(Refusal::NotAllowed));
    let mut freeze = |nonce: u64, frozen: bool| {
        let wish = Freeze { certificate: part, frozen, order: hash(8) };
        let mut signed = world.envelope(Transaction::Freeze(wish), &[key(COURT, 1)]);
        signed.nonce = nonce;
        world.seal(&mut signed, &[key(COURT, 1)]);
        world.run(&signed).map(drop)
    };
    assert_eq!(freeze(5_000, true), Ok(()));
    assert_eq!(freeze(5_000, false), Err(Refusal::Replayed));
    assert_eq!(freeze(4_990, false), Ok(()), "out of order");
    assert_eq!(freeze(4_990, true), Err(Refusal::Replayed));
    assert_eq!(freeze(5_003, true), Ok(()));
    assert_eq!(freeze(4_990, false), Err(Refusal::Replayed), "the window moved");
    assert_eq!(freeze(5_003 - 1_023, false), Ok(()), "the oldest in the window");
    assert_eq!(freeze(5_003 - 1_024, true), Err(Refusal::Replayed), "too old to know");
    assert_eq!(freeze(u64::MAX, true), Ok(()));
    assert_eq!(freeze(5_004, false), Err(Refusal::Replayed));
    assert_eq!(freeze(u64::MAX - 1, false), Ok(()));
}

#[test]
fn a_key_signs_only_what_it_may_and_while_it_counts() {
    let mut world = World::new();
    let part = world.live(1, 1_000, 90);
    let mut member = registration(NETWORK, &[]);
    member.roles = world.state.member(NETWORK).unwrap().roles;
    member.keys = vec![member.keys[0].clone()];
    member.keys[0].key = key(NETWORK, 7);
    member.keys[0].purposes = Purposes::of(&[Purpose::Issue]);
    (member.keys[0].from_height, member.keys[0].until_height) = (5, Some(7));
    world.govern(Transaction::RegisterMember(member), &[]).unwrap();
    let mut pay = |height: u64, keys: &[[u8; 32]]| {
        world.block.height = height;
        let reference = hash(height);
        let wish = Pay { certificate: part, payer: Payer::Buyer(()), principal: 1, interest: 0, reference };
        world.ask(Transaction::Pay(wish), keys).map(drop)
    };
    assert_eq!(pay(4, &[key(NETWORK, 7)]), Err(Refusal::UnknownKey));
    assert_eq!(pay(5, &[key(NETWORK, 7)]), Err(Refusal::NotAllowed), "not for settling");
    assert_eq!(pay(6, &[key(NETWORK, 7), key(NETWORK, 0)]), Ok(()));
    assert_eq!(pay(7, &[key(NETWORK, 7)]), Err(Refusal::UnknownKey));
}

#[test]
fn large_amounts_take_two_keys() {
    let mut world = World::new();
    let mut buyer = registration(BUYER, &[]);
    (buyer.keys, buyer.two_keys_from) = (Vec::new(), Some(1_000));
    world.govern(Transaction::RegisterMember(buyer), &[]).unwrap();
    for (face, keys, expected) in [
        (999, vec![key(BUYER, 1)], Ok(())),
        (1_000, vec![key(BUYER, 1)], Err(Refusal::SecondKeyMissing)),
        (1_000, vec![key(BUYER, 1), key(FUNDER, 0)], Err(Refusal::SecondKeyMissing)),
        (1_000, vec![key(BUYER, 1), key(BUYER, 0)], Ok(())),
    ] {
        let number = world.state.certificates().count() as u64;
        let wish = world.proposal(number, face, 90);
        let certificate = world.propose(wish).unwrap();
        let accept = Transaction::Accept(CertificateRef { certificate });
        assert_eq!(world.ask(accept, &keys).map(drop), expected);
    }
}

#[test]
fn who_answers_for_a_transaction() {
    let mut world = World::new();
    let wish = Transaction::Propose(world.proposal(1, 10, 90));
    let Party::Pseudonym(supplier) = party(1) else { panic!() };
    let signed = world.envelope(wish, &[supplier]);
    assert_eq!(world.state.answers_for(&signed), Some(BANK), "its sponsor, before it is known");
    world.run(&signed).unwrap();
    let rates = Transaction::PostRate(PostRate {
        funder: RIVAL,
        currency: cny(),
        bands: Vec::new(),
        budget: 0,
        until_ms: 0,
        recourse: false,
        replaces: None,
    });
    let signed = world.envelope(rates.clone(), &[key(RIVAL, 1)]);
    assert_eq!(world.state.answers_for(&signed), Some(RIVAL));
    let signed = world.envelope(rates, &[hash(4)]);
    assert_eq!(world.state.answers_for(&signed), None);
}

#[test]
fn bytes_that_are_no_transaction_are_refused_and_never_panic() {
    let mut world = World::new();
    let part = world.live(1, 1_000, 90);
    let wish = Transfer { part, to: party(2), recourse: false };
    let Party::Pseudonym(holder) = party(1) else { panic!() };
    let signed = world.envelope(Transaction::Transfer(wish), &[holder]);
    let bytes = signed.encode();
    assert_eq!(Signed::parse(&bytes).as_ref(), Ok(&signed));
    assert_eq!(Signed::parse(&vec![0; BYTES_MAX + 1]), Err(Malformed::TooMany));
    for end in 0..bytes.len() {
        assert_eq!(Signed::parse(&bytes[..end]), Err(Malformed::Short));
    }
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..20_000 {
        let mut changed = bytes.clone();
        for _ in 0..random.usize(1..4) {
            let place = random.usize(..changed.len());
            changed[place] = random.u8(..);
        }
        if let Ok(read) = Signed::parse(&changed) {
            assert_eq!(read.encode(), changed, "one form only");
            assert!(read == signed || world.state.check(&world.block, &read, &verify).is_err());
        }
    }
}

#[test]
fn weak_keys_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    let mut prime = [0xff; 32];
    (prime[0], prime[31]) = (0xed, 0x7f);
    let mut minus_one = prime;
    minus_one[0] = 0xec;
    let mut above = prime;
    above[0] = 0xf0;
    for weak in [[0; 32], one, prime, minus_one, above, [0xff; 32]] {
        assert!(!key_is_sound(&weak), "{weak:?}");
        let mut negative = weak;
        negative[31] |= 0x80;
        assert!(!key_is_sound(&negative));
    }
    let order_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    let order_8: [u8; 32] = receivables::codec::unhex(order_8).unwrap().try_into().unwrap();
    assert!(!key_is_sound(&order_8));
    assert!(key_is_sound(&key(1, 0)) && !key_is_sound(&prime));
}
