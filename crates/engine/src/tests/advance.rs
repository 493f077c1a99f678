//! A merchant's advance from the first sale to the last repayment, and offers that a person made.

use directory::Time;
use receivables::score::Reason;
use switch::{CodeNumber, IssueCodes, Outcome, PayHow, PaymentId};

use super::delivery::{PART, by_reference, deliver, funded, granted, stage, to};
use super::network::{A, Network, PREFIX, Shares, W, X, cny, pay};
use crate::Reply;
use crate::delivery::{Asked, Mandate, OfferAnswer, Offered, Refusal, Secured, Share, Stage, What, Word};

const DAY_MS: u64 = 86_400_000;
const KEY: [u8; 32] = [1; 32];

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
    let shares = Shares { interchange: 0, acquirer_fee: 0, wallet_fee: 0 };
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
    let secured = Secured {
        advance: PART,
        agent: A,
        funder: X,
        owed: cny(lien.owed_minor),
        share_ppm: offered.share_ppm,
        cap_minor: offered.cap_minor,
        end_day: lien.end_day,
        consent: [7; 32],
    };
    for wrong in [
        Secured { agent: W, ..secured.clone() },
        Secured { funder: W, ..secured.clone() },
        Secured { owed: cny(lien.owed_minor - 1), ..secured.clone() },
        Secured { share_ppm: offered.share_ppm - 1, ..secured.clone() },
        Secured { cap_minor: offered.cap_minor - 1, ..secured.clone() },
        Secured { end_day: lien.end_day - 1, ..secured.clone() },
        Secured { consent: [8; 32], ..secured.clone() },
    ] {
        let reply = deliver(&mut network, by_reference(key, Word::Secured(wrong.clone())));
        assert_eq!(stage(&reply), Err(Refusal::LienDiffers), "{wrong:?}");
    }
    let secured = by_reference(key, Word::Secured(secured));
    assert_eq!(stage(&deliver(&mut network, secured)), Ok(Stage::Done));
    assert_eq!(network.engine.position(A, cny(0).currency).unwrap().net_minor, before + i128::from(drawn));
    repay(&mut network, &offered, lien.owed_minor);
}

/// Sells day after day and lets the chain take its share, until all is repaid.
fn repay(network: &mut Network, offered: &Offered, owed: u64) {
    let word = |key, shares: &[Share]| {
        let (acquirer, currency) = (A, cny(0).currency);
        by_reference(key, Word::Settled { acquirer, currency, shares: shares.to_vec() })
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
        let Reply::Offer(offer) = deliver(&mut network, grant(limit, 500_000)) else { panic!() };
        assert!(matches!(&*offer, OfferAnswer::Offered(offered) if offered.limit == cny(limit)));
        assert_eq!(deliver(&mut network, grant(limit, 500_000)), Reply::Offer(offer), "once");
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
