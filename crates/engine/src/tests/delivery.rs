//! Money that moves with the chain: the table, what may not be paid, and a merchant's advance from the first sale to
//! the last repayment.

use directory::{MemberId, MerchantId, Time};
use receivables::score::Reason;
use receivables::transaction::Payer;
use switch::{CodeNumber, IssueCodes, Outcome, PayHow, PaymentId};

use super::network::{A, EXAMPLE, Network, PREFIX, W, X, cny, pay};
use crate::delivery::{Asked, Awaits, Mandate, OfferAnswer, Offered, Refusal, Share, Stage, What, Word};
use crate::{Input, Reply};

const KEY: [u8; 32] = [1; 32];
const PART: [u8; 32] = [2; 32];
const DAY_MS: u64 = 86_400_000;

fn deliver(network: &mut Network, asked: Asked) -> Reply {
    network.one(Input::Delivery(asked))
}

/// X buys a part from somebody whom A vouches for.
fn locked(network: &Network, minor: u64) -> Asked {
    let until = network.now.plus_ms(60_000);
    Asked::Locked { key: KEY, part: PART, funder: X, to: A, price: cny(minor), until }
}

fn to(member: MemberId, minor: u64, of: [u8; 32]) -> Share {
    Share { to: member, minor, of }
}

fn said(shares: &[Share]) -> Asked {
    Asked::Said { key: KEY, word: Word::Final { shares: shares.to_vec(), withheld: false } }
}

fn ended() -> Asked {
    Asked::Said { key: KEY, word: Word::Ended }
}

fn stage(reply: &Reply) -> Result<Stage, Refusal> {
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
    let word = |withheld| Word::Final { shares: vec![to(A, 10, PART)], withheld };
    let said = |key, word| Asked::Said { key, word };
    for asked in [
        lock(KEY),
        said(KEY, word(true)),
        said(KEY, word(false)),
        lock(PART),
        said(PART, Word::Ended),
        Asked::Mandate(mandate),
        Asked::Grant(Box::new(granted(50, 500_000))),
    ] {
        assert!(matches!(deliver(network, asked), Reply::Delivery(_) | Reply::Done));
    }
}

fn granted(limit: u64, share_ppm: u32) -> Offered {
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

fn funded() -> Network {
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
    for (asked, then, standing) in [
        (ask.clone(), Ok(Stage::Reserved), "CNY X holds 4.00"),
        (said(&[to(A, 399, PART)]), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (said(&[to(W, 400, PART)]), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (said(&[to(A, 400, KEY)]), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (said(&[to(A, 200, PART), to(A, 200, PART)]), Err(Refusal::Contradicts), "CNY X holds 4.00"),
        (said(&[to(A, 400, PART)]), Ok(Stage::Done), "CNY X -4.00, A +4.00"),
        (said(&[to(A, 400, PART)]), Ok(Stage::Done), "CNY X -4.00, A +4.00"),
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
        assert_eq!(stage(&deliver(&mut network, said(&[to(A, 5_000, PART)]))), Err(Refusal::NotReserved));
        if deposit {
            network.deposit(X, cny(4_000));
            network.wait(2_000);
            assert_eq!(network.standing(), "CNY X holds 50.00");
        }
        let word = if end { ended() } else { said(&[to(A, 5_000, PART)]) };
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
    let word = |withheld| Asked::Said { key: KEY, word: Word::Final { shares: shares.to_vec(), withheld } };
    assert_eq!(stage(&deliver(&mut network, said(&shares[..1]))), Err(Refusal::Contradicts), "not all of it");
    assert_eq!(stage(&deliver(&mut network, word(true))), Ok(Stage::Withheld));
    assert_eq!(network.standing(), "CNY X -9.50", "it is in clearing");
    let mut network = network.restarted();
    assert_eq!(stage(&deliver(&mut network, ended())), Err(Refusal::Contradicts));
    assert_eq!(stage(&deliver(&mut network, word(true))), Ok(Stage::Withheld));
    assert_eq!(stage(&deliver(&mut network, word(false))), Ok(Stage::Done));
    assert_eq!(network.standing(), "CNY X -6.00, A +6.00");
    // Without money, the buyer's wish ends by itself: the chain was never told.
    assert_eq!(stage(&deliver(&mut network, asked(PART, 9_000))), Ok(Stage::Begun));
    network.wait(61_000);
    assert_eq!(network.engine.deliveries().find(&PART).unwrap().stage, Stage::Released);
}

/// A sale by one of many payers, at home in one currency.
fn sell(network: &mut Network, customer: u64, minor: u64) -> PaymentId {
    network.codes += 1;
    let code = CodeNumber(network.codes);
    let entropy = std::array::from_fn(|_| network.codes);
    let customer = format!("payer-{customer}").into();
    network.switch(switch::Input::IssueCodes(IssueCodes {
        wallet: W,
        customer,
        device: None,
        count: 1,
        entropy,
    }));
    let how = PayHow::PaymentCode { prefix: PREFIX, code };
    let reply = network.switch(switch::Input::Pay(pay(&format!("sale-{}", code.0), how, cny(minor))));
    let Reply::Payment(payment) = reply else { panic!("{reply:?}") };
    network.said(payment.id(), Outcome::Done);
    payment.id()
}

fn offer(network: &mut Network, consent: Option<[u8; 32]>) -> OfferAnswer {
    let asked = Asked::Offer { acquirer: A, merchant: "M-1".into(), currency: cny(0).currency, consent };
    match deliver(network, asked) {
        Reply::Offer(answer) => *answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_merchant_is_advanced_money_and_repays_it_out_of_its_sales() {
    let shares = super::network::Shares { interchange: 0, acquirer_fee: 0, wallet_fee: 0 };
    let mut network = Network::of("CNY", "CNY", "1", shares);
    network.deposit(W, cny(100_000_000));
    network.deposit(X, cny(5_000_000));
    let mandate = Mandate {
        funder: X,
        lent_max: cny(3_000_000),
        largest_minor: 2_000_000,
        smallest_minor: 10_000,
        cost_ppm: 40_000,
        until: Time(network.now.0 + 900 * DAY_MS),
    };
    let asked =
        Asked::Offer { acquirer: A, merchant: "M-1".into(), currency: cny(0).currency, consent: None };
    assert_eq!(stage(&deliver(&mut network, asked)), Err(Refusal::NoFunder));
    assert_eq!(deliver(&mut network, Asked::Mandate(mandate)), Reply::Done);
    // Nothing is looked at without consent; with it, a short history is the reason.
    for (consent, expected) in
        [(None, Reason::NoConsent), (Some([7; 32]), Reason::ShortHistory { months: 0 })]
    {
        let OfferAnswer::Refused(refused) = offer(&mut network, consent) else { panic!() };
        assert_eq!(refused.reasons, [expected]);
    }
    for day in 0..215 {
        for sale in 0..4 {
            sell(&mut network, day * 7 + sale * 31, 20_000 + (day * 13 + sale * 997) % 3_000);
        }
        network.wait(DAY_MS);
    }
    let begun = std::time::Instant::now();
    let OfferAnswer::Offered(offered) = offer(&mut network, Some([7; 32])) else {
        panic!("{:?}", offer(&mut network, Some([7; 32])))
    };
    assert!(begun.elapsed().as_millis() < 1_000, "shown within a second");
    assert_eq!(offer(&mut network, Some([7; 32])), OfferAnswer::Offered(offered.clone()), "it stands");
    let draw = |minor| Asked::Draw { acquirer: A, offer: offered.number, amount: cny(minor) };
    let too_much = draw(offered.limit.minor + 1);
    assert_eq!(stage(&deliver(&mut network, too_much)), Err(Refusal::AmountOutOfRange));
    let drawn = offered.limit.minor.min(200_000);
    assert_eq!(stage(&deliver(&mut network, draw(drawn))), Ok(Stage::Reserved));
    // The lien stands: the money is the acquirer's, for the merchant.
    let before = network.engine.position(A, cny(0).currency).unwrap().net_minor;
    let deliveries = network.engine.deliveries();
    let paid_out = deliveries.open().next().unwrap().clone();
    let lien = deliveries.lien(&paid_out).unwrap();
    assert_eq!(lien.owed_minor, drawn + drawn * 4 / 100);
    let key = paid_out.begun.key;
    let word = |key, shares: &[Share]| Asked::Said {
        key,
        word: Word::Final { shares: shares.to_vec(), withheld: false },
    };
    assert_eq!(stage(&deliver(&mut network, word(key, &[to(A, drawn, PART)]))), Ok(Stage::Done));
    assert_eq!(network.engine.position(A, cny(0).currency).unwrap().net_minor, before + i128::from(drawn));
    repay(&mut network, &offered, lien.owed_minor);
}

/// Sells day after day and lets the chain take its share, until all is repaid.
fn repay(network: &mut Network, offered: &Offered, owed: u64) {
    let word = |key, shares: &[Share]| Asked::Said {
        key,
        word: Word::Final { shares: shares.to_vec(), withheld: false },
    };
    let (mut repaid, mut days) = (0, 0);
    let sold = [90_000_u64, 20_000, 0];
    while repaid < owed {
        days += 1;
        assert!(days < 400, "repaid {repaid} of {owed}");
        let net = sold[days % 3];
        let mut cancelled = None;
        if net > 0 {
            sell(network, 1, net);
            cancelled = Some(sell(network, 2, 5_000));
        }
        // What is cancelled in time is no sale; what is refunded later falls on its day.
        cancelled.into_iter().for_each(|payment| drop(network.cancel(payment)));
        network.wait(DAY_MS);
        let units: Vec<_> = network.engine.deliveries().open().cloned().collect();
        assert_eq!(units.len(), usize::from(net > 0), "a day without sales takes nothing");
        let Some(unit) = units.first() else { continue };
        let What::Unit { net_minor, .. } = unit.begun.what else { panic!("{unit:?}") };
        let share = u64::try_from(u128::from(net) * u128::from(offered.share_ppm) / 1_000_000).unwrap();
        assert_eq!(net_minor, net);
        assert_eq!(unit.begun.amount, cny(share.min(offered.cap_minor).min(owed - repaid)));
        let takes = unit.begun.amount.minor;
        let key = unit.begun.key;
        for wrong in [
            vec![to(X, takes + 1, PART)],
            vec![to(A, takes, PART)],
            vec![to(X, takes, KEY)],
            vec![to(X, 1, PART), to(X, 1, PART)],
        ] {
            assert_eq!(stage(&deliver(network, word(key, &wrong))), Err(Refusal::Contradicts), "{wrong:?}");
        }
        let mut again = network.restarted();
        std::mem::swap(network, &mut again);
        assert_eq!(stage(&deliver(network, word(key, &[to(X, takes, PART)]))), Ok(Stage::Done));
        assert_eq!(stage(&deliver(network, word(key, &[to(X, takes, PART)]))), Ok(Stage::Done), "told again");
        repaid += takes;
        assert_eq!(network.engine.deliveries().advances()[0].repaid_minor, repaid);
    }
    assert_eq!(repaid, owed, "never more");
    sell(network, 1, 90_000);
    network.wait(2 * DAY_MS);
    assert_eq!(network.engine.deliveries().open().count(), 0, "who owes nothing keeps everything");
}

#[test]
fn a_persons_offer_is_bounded_by_the_funders_terms() {
    let mut network = funded();
    let grant = |limit, share_ppm| Asked::Grant(Box::new(granted(limit, share_ppm)));
    assert_eq!(stage(&deliver(&mut network, grant(100, 1))), Err(Refusal::NoFunder));
    let until = network.now.plus_ms(1_000_000);
    let (lent_max, largest_minor, smallest_minor, cost_ppm) = (cny(150), 100, 10, 0);
    let mandate = Mandate { funder: X, lent_max, largest_minor, smallest_minor, cost_ppm, until };
    assert_eq!(deliver(&mut network, Asked::Mandate(mandate)), Reply::Done);
    assert_eq!(stage(&deliver(&mut network, grant(101, 1))), Err(Refusal::AmountOutOfRange));
    assert_eq!(stage(&deliver(&mut network, grant(99, 0))), Err(Refusal::AmountOutOfRange));
    for limit in [100, 99] {
        assert_eq!(deliver(&mut network, grant(limit, 500_000)), Reply::Done);
        assert_eq!(deliver(&mut network, grant(limit, 500_000)), Reply::Done, "once");
    }
    assert_eq!(stage(&deliver(&mut network, grant(99, 1))), Err(Refusal::RepeatInconsistent));
    let draw = |acquirer, offer, minor| Asked::Draw { acquirer, offer, amount: cny(minor) };
    for (asked, then) in [
        (draw(A, 1, 9), Err(Refusal::AmountOutOfRange)),
        (draw(W, 1, 100), Err(Refusal::UnknownOffer)),
        (draw(A, 3, 100), Err(Refusal::UnknownOffer)),
        (draw(A, 1, 100), Ok(Stage::Reserved)),
        (draw(A, 1, 100), Ok(Stage::Reserved)),
        (draw(A, 1, 99), Err(Refusal::RepeatInconsistent)),
        (draw(A, 2, 99), Err(Refusal::NoFunder)),
    ] {
        assert_eq!(stage(&deliver(&mut network, asked.clone())), then, "{asked:?}");
    }
    network.wait(1_000_000);
    assert_eq!(stage(&deliver(&mut network, draw(A, 2, 50))), Err(Refusal::OfferOver));
}
