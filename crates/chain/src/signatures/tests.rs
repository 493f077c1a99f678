//! Signatures alone and together.

use super::*;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

fn claim(number: u8, change: impl Fn(&mut [u8; 32], &mut Vec<u8>, &mut [u8; 64])) -> Claim {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[number % 3; 32]).unwrap();
    let mut message = vec![number; usize::from(number)];
    let mut key = pair.public_key().as_ref().try_into().unwrap();
    let mut signature = pair.sign(&message).as_ref().try_into().unwrap();
    change(&mut key, &mut message, &mut signature);
    Claim::new(&key, &message, &signature)
}

fn good(number: u8) -> Claim {
    claim(number, |_, _, _| {})
}

#[test]
fn many_at_once_hold_just_when_each_alone_does() {
    let all: Vec<Claim> = (0..70).map(good).collect();
    assert!(all.iter().all(Claim::holds) && all_hold(&all) && all_hold(&[]));
    let bad = [
        claim(9, |key, _, _| key[5] ^= 1),
        claim(9, |_, message, _| message[0] ^= 1),
        claim(9, |_, _, signature| signature[0] ^= 1),
        claim(9, |_, _, signature| signature[40] ^= 1),
        // s + L: the same number modulo the group's order, in another form (RFC 8032, 5.1.7 refuses it).
        claim(9, |_, _, signature| signature[63] |= 0xe0),
        claim(9, |key, _, _| *key = [0xff; 32]),
    ];
    for (number, bad) in bad.iter().enumerate() {
        assert!(!bad.holds(), "{number} alone");
        assert!(!all_hold(all.iter().chain([bad])), "{number} among good ones");
    }
}

/// A key or a commitment of small order makes the two common rules, with and without the cofactor, differ. Here
/// they are one rule (ZIP 215): such a signature holds alone and among others.
#[test]
fn points_of_small_order_are_judged_alike_alone_and_together() {
    let identity: [u8; 32] = std::array::from_fn(|place| u8::from(place == 0));
    // y = -1 has order 2.
    let two: [u8; 32] = std::array::from_fn(|place| match place {
        0 => 0xec,
        31 => 0x7f,
        _ => 0xff,
    });
    for key in [identity, two] {
        for commitment in [identity, two] {
            let signature: [u8; 64] = [commitment, [0; 32]].concat().try_into().unwrap();
            for number in 0..8_u8 {
                let claim = Claim::new(&key, &[number], &signature);
                assert_eq!(claim.holds(), all_hold([&good(1), &claim, &good(2)]));
                assert!(claim.holds());
            }
        }
    }
}
