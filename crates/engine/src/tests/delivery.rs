//! Money that moves with the chain: the table, and what may not be paid.

use directory::{MemberId, MerchantId, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::transaction::Payer;

use super::network::{A, EXAMPLE, Network, W, X, cny};
use crate::delivery::{About, Asked, Awaits, Mandate, Offered, Refusal, Share, Stage, Word, reference};
use crate::{Input, Reply};

const KEY: [u8; 32] = [1; 32];
pub(super) const PART: [u8; 32] = [2; 32];
const LATER: [u8; 32] = [3; 32];

pub(super) fn deliver(network: &mut Network, asked: Asked) -> Reply {
    network.one(Input::Delivery(asked))
}

/// X buys a part from somebody whom A vouches for.
fn locked(network: &Network, minor: u64) -> Asked {
    let until = network.now.plus_ms(60_000);
    Asked::Locked { key: KEY, part: PART, funder: X, to: A, price: cny(minor), until }
}

pub(super) fn to(member: MemberId, minor: u64, of: [u8; 32]) -> Share {
    Share { to: member, minor, of }
}

fn about_key(word: Word) -> Asked {
    Asked::Said { about: About::Key(KEY), word }
}

/// The part is X's, and this is paid for it.
fn sold(share: Share) -> Asked {
    about_key(Word::Sold { funder: X, currency: cny(0).currency, share })
}

fn ended() -> Asked {
    about_key(Word::LockEnded)
}

/// A payment on the certificate that tests pay.
fn paid(shares: &[Share], interest_minor: u64, withheld: bool) -> Word {
    Word::Paid {
        certificate: PART,
        payer: Payer::Buyer(()),
        currency: cny(0).currency,
        interest_minor,
        shares: shares.to_vec(),
        withheld,
    }
}

/// The chain knows a delivery's money by its reference.
pub(super) fn by_reference(key: Hash, word: Word) -> Asked {
    Asked::Said { about: About::Reference(reference(&key)), word }
}

pub(super) fn stage(reply: &Reply) -> Result<Stage, Refusal> {
    match reply {
        Reply::Delivery(delivery) => Ok(delivery.stage),
        Reply::DeliveryRefused(refusal) => Err(*refusal),
        other => panic!("{other:?}"),
    }
}

/// Deliveries that meet every fact there is about them, and are over.
pub(super) fn every_fact(network: &mut Network) {
    network.deposit(X, cny(1_000));
    let (until, amount) = (network.now.plus_ms(60_000), cny(10));
    let lock = |key| Asked::Locked { key, part: PART, funder: X, to: A, price: amount, until };
    let mandate =
        Mandate { funder: X, lent_max: cny(100), largest_minor: 100, smallest_minor: 1, cost_ppm: 0, until };
    let pay = Asked::Pay {
        key: KEY,
        certificate: PART,
        payer: Payer::Buyer(()),
        from: X,
        principal: amount,
        interest_minor: 0,
        until,
    };
    let word = |withheld| by_reference(KEY, paid(&[to(A, 10, PART)], 0, withheld));
    let unlock = Asked::Said { about: About::Key(PART), word: Word::LockEnded };
    for asked in [
        pay,
        word(true),
        word(false),
        lock(PART),
        unlock,
        Asked::Mandate(mandate),
        Asked::Grant(Box::new(granted(50, 500_000))),
    ] {
        assert!(matches!(deliver(network, asked), Reply::Delivery(_) | Reply::Offer(_) | Reply::Done));
    }
}

pub(super) fn granted(limit: u64, share_ppm: u32) -> Offered {
    Offered {
        number: 0,
        acquirer: A,
        merchant: MerchantId(1),
        funder: X,
        consent: std::array::from_fn(|_| limit as u8),
        limit: cny(limit),
        cost_ppm: 0,
        share_ppm,
        cap_minor: 10,
        score: 0,
        version: [0; 32],
        until: Time(0),
    }
}

pub(super) fn funded() -> Network {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    network.deposit(X, cny(1_000));
    network
}

#[test]
fn a_price_moves_on_the_chains_word_alone() {
    let mut network = funded();
    let ask = locked(&network, 400);
    assert_eq!(stage(&deliver(&mut network, ask.clone())), Ok(Stage::Reserved));
    assert_eq!(network.standing(), "CNY X holds 4.00");
    let delivery = network.engine.deliveries().find(&KEY).unwrap();
    assert_eq!(delivery.awaits(network.now), Some(Awaits::Proof));
    network.wait(10 * 60_000);
    assert_eq!(network.standing(), "CNY X holds 4.00", "no clock releases what the chain may have sold");
    let delivery = network.engine.deliveries().find(&KEY).unwrap();
    assert_eq!(delivery.awaits(network.now), Some(Awaits::End));
    let mut network = network.restarted();
    let (usd, later) = (Currency::parse("USD").unwrap(), network.now.plus_ms(1_000_000));
    let sold_to = |funder, price: Amount| {
        about_key(Word::Sold { funder, currency: price.currency, share: to(A, price.minor, PART) })
    };
    for (asked, then, standing) in [
        (ask.clone(), Ok(Stage::Reserved), "CNY X holds 4.00"),
        (sold(to(A, 399, PART)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (sold(to(W, 400, PART)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (sold(to(A, 400, KEY)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (sold_to(W, cny(400)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (sold_to(X, Amount::new(usd, 400)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (about_key(paid(&[to(A, 400, PART)], 0, false)), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (about_key(Word::Absent { at: later }), Err(Refusal::OnlyByEvent), "CNY X holds 4.00"),
        (sold(to(A, 400, PART)), Ok(Stage::Done), "CNY X -4.00, A +4.00"),
        (sold(to(A, 400, PART)), Ok(Stage::Done), "CNY X -4.00, A +4.00"),
        (ended(), Err(Refusal::Contradicts), "CNY X -4.00, A +4.00"),
        (ask.clone(), Ok(Stage::Done), "CNY X -4.00, A +4.00"),
        (locked(&network, 401), Err(Refusal::RepeatInconsistent), "CNY X -4.00, A +4.00"),
    ] {
        assert_eq!(stage(&deliver(&mut network, asked.clone())), then, "{asked:?}");
        assert_eq!(network.standing(), standing, "{asked:?}");
        assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
    }
}

#[test]
fn what_is_not_there_is_not_held_until_it_is() {
    for (deposit, end, last) in [(true, false, Stage::Done), (false, true, Stage::Released)] {
        let mut network = funded();
        let ask = locked(&network, 5_000);
        assert_eq!(stage(&deliver(&mut network, ask)), Ok(Stage::Begun));
        assert_eq!(stage(&deliver(&mut network, sold(to(A, 5_000, PART)))), Err(Refusal::NotReserved));
        if deposit {
            network.deposit(X, cny(4_000));
            network.wait(2_000);
            assert_eq!(network.standing(), "CNY X holds 50.00");
        }
        let word = if end { ended() } else { sold(to(A, 5_000, PART)) };
        assert_eq!(stage(&deliver(&mut network, word.clone())), Ok(last));
        assert_eq!(stage(&deliver(&mut network, word)), Ok(last), "told again");
    }
    let mut network = funded();
    for (asked, refusal) in [
        (
            Asked::Locked {
                key: KEY,
                part: PART,
                funder: MemberId(9),
                to: A,
                price: cny(1),
                until: network.now,
            },
            Refusal::NotAgreed,
        ),
        (
            Asked::Locked { key: KEY, part: PART, funder: X, to: W, price: cny(1), until: network.now },
            Refusal::NotAgreed,
        ),
        (locked(&network, 0), Refusal::AmountZero),
        (ended(), Refusal::Unknown),
    ] {
        assert_eq!(stage(&deliver(&mut network, asked)), Err(refusal));
    }
}

/// A buyer's money waits while a court keeps it, and all payees get theirs together.
#[test]
fn a_redemption_is_shared_in_one_batch() {
    let mut network = funded();
    let until = network.now.plus_ms(60_000);
    let asked = |key, minor| Asked::Pay {
        key,
        certificate: PART,
        payer: Payer::Buyer(()),
        from: X,
        principal: cny(minor),
        interest_minor: 50,
        until,
    };
    let shares = [to(A, 600, PART), to(X, 350, KEY)];
    assert_eq!(stage(&deliver(&mut network, asked(KEY, 900))), Ok(Stage::Reserved));
    let word = |withheld| by_reference(KEY, paid(&shares, 50, withheld));
    let other = Word::Paid {
        certificate: KEY,
        payer: Payer::Buyer(()),
        currency: cny(0).currency,
        interest_minor: 50,
        shares: shares.to_vec(),
        withheld: false,
    };
    let until_is = |at| Word::Absent { at };
    for (wrong, refusal) in [
        (paid(&shares[..1], 50, false), Refusal::Contradicts),
        (paid(&shares, 49, false), Refusal::Contradicts),
        (other, Refusal::Contradicts),
        (Word::LockEnded, Refusal::Contradicts),
        (until_is(Time(until.0 - 1)), Refusal::TooEarly),
    ] {
        assert_eq!(stage(&deliver(&mut network, by_reference(KEY, wrong))), Err(refusal));
    }
    assert_eq!(stage(&deliver(&mut network, word(true))), Ok(Stage::Withheld));
    assert_eq!(network.standing(), "CNY X -9.50", "it is in clearing");
    let mut network = network.restarted();
    assert_eq!(stage(&deliver(&mut network, about_key(until_is(until)))), Err(Refusal::Contradicts));
    assert_eq!(stage(&deliver(&mut network, word(true))), Ok(Stage::Withheld));
    assert_eq!(stage(&deliver(&mut network, word(false))), Ok(Stage::Done));
    assert_eq!(network.standing(), "CNY X -6.00, A +6.00");
    // What the chain does not know of when its time is over is released.
    assert_eq!(stage(&deliver(&mut network, asked(LATER, 100))), Ok(Stage::Reserved));
    let absent = by_reference(LATER, until_is(until));
    for _ in 0..2 {
        assert_eq!(stage(&deliver(&mut network, absent.clone())), Ok(Stage::Released));
        assert_eq!(network.standing(), "CNY X -6.00, A +6.00");
    }
    // Without money, the buyer's wish ends by itself: the chain was never told.
    assert_eq!(stage(&deliver(&mut network, asked(PART, 9_000))), Ok(Stage::Begun));
    network.wait(61_000);
    assert_eq!(network.engine.deliveries().find(&PART).unwrap().stage, Stage::Released);
}
