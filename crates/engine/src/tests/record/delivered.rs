//! Samples of facts about deliveries, and ones made at random.

use std::sync::Arc;

use directory::{MemberId, MerchantId, Time};
use fastrand::Rng;
use money::{Amount, MINOR_MAX};
use receivables::transaction::Payer;

use super::random::{number, option};
use crate::delivery::{Begun, Event, Mandate, Offered, Share, What};
use crate::tests::network::cny;

pub(super) fn samples() -> Vec<(&'static str, Event)> {
    let sale = What::Sale { part: [7; 32], to: MemberId(3) };
    let redemption = |payer| What::Redemption { certificate: [8; 32], payer, interest_minor: 150 };
    let unit = What::Unit { merchant: MerchantId(4), day: 20_780, net_minor: 1_000_000 };
    let until = Some(Time(1_795_406_460_000));
    let begun = |what: &What, until| {
        let (key, amount) = ([9; 32], cny(MINOR_MAX));
        Event::Begun(Arc::new(Begun {
            number: 300,
            key,
            what: what.clone(),
            from: MemberId(1),
            amount,
            until,
        }))
    };
    let share = |to, minor| Share { to: MemberId(to), minor, of: [5; 32] };
    let shares = vec![share(3, 98_500), share(500, 1)];
    vec![
        ("begun-sale", begun(&sale, until)),
        ("begun-redemption-by-buyer", begun(&redemption(Payer::Buyer(())), until)),
        ("begun-redemption-by-guarantor", begun(&redemption(Payer::Guarantor(())), until)),
        ("begun-redemption-by-recourse", begun(&redemption(Payer::Recourse([6; 32])), until)),
        ("begun-advance", begun(&What::Advance { offer: 12 }, until)),
        ("begun-unit", begun(&unit, None)),
        ("reserved", Event::Reserved { number: 300 }),
        ("withheld", Event::Withheld { number: 300, shares: shares.clone() }),
        ("done", Event::Done { number: 300, shares }),
        ("done-without-shares", Event::Done { number: 301, shares: vec![] }),
        ("released", Event::Released { number: 300 }),
        ("mandated", Event::Mandated(mandate(cny(9_000_000), 40_000))),
        ("offered", Event::Offered(Arc::new(offered(cny(300_000), 140_000)))),
    ]
}

fn mandate(lent_max: Amount, cost_ppm: u32) -> Mandate {
    let (largest_minor, smallest_minor) = (500_000, 10_000);
    let until = Time(1_795_406_400_000);
    Mandate { funder: MemberId(1), lent_max, largest_minor, smallest_minor, cost_ppm, until }
}

fn offered(limit: Amount, share_ppm: u32) -> Offered {
    Offered {
        number: 12,
        acquirer: MemberId(3),
        merchant: MerchantId(4),
        funder: MemberId(1),
        consent: [1; 32],
        limit,
        cost_ppm: 40_000,
        share_ppm,
        cap_minor: 14_000,
        score: 810,
        version: [2; 32],
        until: Time(1_795_406_400_000),
    }
}

fn hash(random: &mut Rng) -> [u8; 32] {
    std::array::from_fn(|_| random.u8(..))
}

fn amount(random: &mut Rng) -> Amount {
    cny(number(random))
}

fn member(random: &mut Rng) -> MemberId {
    MemberId(random.u32(..))
}

pub(super) fn random(random: &mut Rng) -> Event {
    let delivery = number(random);
    match random.u8(0..7) {
        0 => Event::Begun(Arc::new(Begun {
            number: delivery,
            key: hash(random),
            what: what(random),
            from: member(random),
            amount: amount(random),
            until: option(random, |random| Time(number(random))),
        })),
        1 => Event::Reserved { number: delivery },
        2 => Event::Withheld { number: delivery, shares: shares(random) },
        3 => Event::Done { number: delivery, shares: shares(random) },
        4 => Event::Released { number: delivery },
        5 => Event::Mandated(mandate(amount(random), random.u32(..))),
        _ => Event::Offered(Arc::new(offered(amount(random), random.u32(..)))),
    }
}

fn shares(random: &mut Rng) -> Vec<Share> {
    let share = |random: &mut Rng| Share { to: member(random), minor: number(random), of: hash(random) };
    (0..random.usize(0..4)).map(|_| share(random)).collect()
}

fn what(random: &mut Rng) -> What {
    let payers = [Payer::Buyer(()), Payer::Guarantor(()), Payer::Recourse(hash(random))];
    match random.u8(0..4) {
        0 => What::Sale { part: hash(random), to: member(random) },
        1 => What::Redemption {
            certificate: hash(random),
            payer: *random.choice(&payers).expect("three payers"),
            interest_minor: number(random),
        },
        2 => What::Advance { offer: number(random) },
        _ => What::Unit {
            merchant: MerchantId(random.u32(..)),
            day: random.u32(..),
            net_minor: number(random),
        },
    }
}
