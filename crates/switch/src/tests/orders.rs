//! Merchants' codes: the order that is scanned, taken over, confirmed at a quote that was seen; standing codes.

use super::world::{
    ACQUIRER, HOME_WALLET, OTHER_WALLET, PROVIDER, TOKEN, WALLET, World, cancel, cny, confirm, order, rate,
    scan, told,
};
use crate::clock::{ORDER_DEFAULT_MS, ORDER_MAX_MS, QUOTE_LEFT_MIN_MS, QUOTE_MERCHANT_MS};
use crate::payment::{Kind, PaymentId, Stage};
use crate::{Input, Pay, PayHow, Scan, ScanTarget};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

fn scanned(world: &mut World, wallet: directory::MemberId, payment: PaymentId) -> String {
    told(world.take(&Input::Scan(scan(wallet, payment, TOKEN))))
}

fn quote(world: &World, payment: PaymentId) -> (u32, money::Rate) {
    let quote = &world.payment(payment).terms.as_ref().unwrap().quote;
    (quote.number, quote.rate)
}

#[test]
fn an_order_lives_as_long_as_asked_and_never_too_long() {
    for how in [|expires| PayHow::OrderCode { expires }, |expires| PayHow::EntryCode { expires }] {
        for (asked_ms, expected) in [
            (None, Ok(ORDER_DEFAULT_MS)),
            (Some(1), Ok(1)),
            (Some(ORDER_MAX_MS), Ok(ORDER_MAX_MS)),
            (Some(ORDER_MAX_MS + 1), Err("! ExpiryOutOfRange")),
            (Some(0), Err("! ExpiryOutOfRange")),
        ] {
            let mut world = World::new();
            let expires = asked_ms.map(|ms| world.now.plus_ms(ms));
            let asked = Input::Pay(Pay { how: how(expires), ..order("r", cny(10_000)) });
            match expected {
                Err(refusal) => assert_eq!(told(world.decide(&asked)), refusal),
                Ok(lives_ms) => {
                    let payment = world.take(&asked).unwrap()[0].payment().unwrap();
                    assert_eq!(world.payment(payment).opened.expires, world.now.plus_ms(lives_ms));
                    world.wait(lives_ms - 1);
                    assert_eq!(told(world.decide(&Input::Due { payment })), "-");
                    assert_eq!(told(world.decide(&Input::Scan(scan(WALLET, payment, TOKEN)))), "Quoted");
                    world.wait(1);
                    let late = world.decide(&Input::Scan(scan(WALLET, payment, TOKEN)));
                    assert_eq!(told(late), "! ExpiredCode");
                    assert_eq!(told(world.take(&Input::Due { payment })), "Expired");
                }
            }
        }
    }
}

#[test]
fn tokens_and_numbers_cannot_be_guessed_apart() {
    let mut world = World::new();
    let order = world.ordered("r", cny(10_000));
    let by_code = world.paid_by_code("s", cny(10_000));
    for (payment, token) in
        [(order, TOKEN + 1), (order, 0), (by_code, TOKEN), (by_code, 0), (PaymentId(99), TOKEN)]
    {
        let guess = Input::Scan(scan(WALLET, payment, token));
        assert_eq!(told(world.decide(&guess)), "! InvalidCode", "{payment:?} {token}");
    }
}

/// The first price is kept for whoever saw it, while it lasts.
#[test]
fn the_same_payer_sees_the_same_quote_while_it_lasts() {
    let mut world = World::new();
    let expires = Some(world.now.plus_ms(ORDER_MAX_MS));
    let asked = Pay { how: PayHow::OrderCode { expires }, ..order("r", cny(10_000)) };
    let payment = world.take(&Input::Pay(asked)).unwrap()[0].payment().unwrap();
    assert_eq!(scanned(&mut world, WALLET, payment), "Quoted");
    world.offer(PROVIDER, "8.0000", 100_000_000, DAY);
    world.wait(QUOTE_MERCHANT_MS - QUOTE_LEFT_MIN_MS);
    assert_eq!(scanned(&mut world, WALLET, payment), "-");
    assert_eq!(quote(&world, payment), (1, rate("8.1250")));
    world.wait(1);
    assert_eq!(scanned(&mut world, WALLET, payment), "Quoted");
    assert_eq!(quote(&world, payment), (2, rate("8.0000")));
    let mut other_payer = scan(WALLET, payment, TOKEN);
    other_payer.customer = "maria".into();
    assert_eq!(told(world.take(&Input::Scan(other_payer))), "Quoted");
    assert_eq!(quote(&world, payment).0, 3);
}

#[test]
fn another_wallet_takes_an_order_over_until_somebody_confirms() {
    let mut world = World::new();
    let payment = world.ordered("r", cny(10_000));
    scanned(&mut world, WALLET, payment);
    assert_eq!(scanned(&mut world, OTHER_WALLET, payment), "Quoted");
    assert_eq!(world.payment(payment).terms.as_ref().unwrap().wallet, OTHER_WALLET);
    assert_eq!(told(world.decide(&confirm(WALLET, payment, Some(1)))), "! AnotherWallet");
    assert_eq!(told(world.decide(&confirm(OTHER_WALLET, payment, Some(1)))), "! QuoteChanged");
    let agreed = world.take(&confirm(OTHER_WALLET, payment, Some(2)));
    assert_eq!(told(agreed), "Confirmed + Judged + Reserved + Sent");
    assert_eq!(scanned(&mut world, WALLET, payment), "! WrongStage");
    assert_eq!(told(world.decide(&confirm(WALLET, payment, None))), "! AnotherWallet");
    assert_eq!(told(world.decide(&confirm(OTHER_WALLET, payment, None))), "-");
}

/// A quote must outlive the payment's own limit by half a minute; later than 510 s after the scan it does not.
#[test]
fn a_late_confirm_is_shown_a_new_quote() {
    for (waited_ms, expected, number, price) in [
        (510_000, "Confirmed + Judged + Reserved + Sent", 1, "8.1250"),
        (510_001, "Quoted", 2, "8.2000"),
        (599_999, "Quoted", 2, "8.2000"),
        (600_001, "Quoted", 2, "8.2000"),
    ] {
        let mut world = World::new();
        let expires = Some(world.now.plus_ms(ORDER_MAX_MS));
        let asked = Pay { how: PayHow::OrderCode { expires }, ..order("r", cny(10_000)) };
        let payment = world.take(&Input::Pay(asked)).unwrap()[0].payment().unwrap();
        scanned(&mut world, WALLET, payment);
        world.offer(PROVIDER, "8.2000", 100_000_000, DAY);
        world.wait(waited_ms);
        assert_eq!(told(world.take(&confirm(WALLET, payment, Some(1)))), expected, "{waited_ms}");
        assert_eq!(quote(&world, payment), (number, rate(price)), "{waited_ms}");
        if number == 2 {
            assert_eq!(world.payment(payment).stage, Stage::Quoted);
            assert_eq!(told(world.decide(&confirm(WALLET, payment, Some(1)))), "! QuoteChanged");
            let agreed = world.take(&confirm(WALLET, payment, Some(2)));
            assert_eq!(told(agreed), "Confirmed + Judged + Reserved + Sent");
        }
    }
}

#[test]
fn a_late_confirm_without_a_rate_is_refused_and_an_ended_order_too() {
    let mut world = World::new();
    let payment = world.ordered("r", cny(10_000));
    scanned(&mut world, WALLET, payment);
    world.offer(PROVIDER, "8.1250", 0, DAY);
    world.wait(ORDER_DEFAULT_MS - 1);
    assert_eq!(told(world.decide(&confirm(WALLET, payment, Some(1)))), "! NoRate");
    world.wait(1);
    assert_eq!(told(world.decide(&confirm(WALLET, payment, Some(1)))), "! ExpiredCode");
    assert_eq!(told(world.decide(&confirm(WALLET, PaymentId(99), None))), "! UnknownPayment");
}

/// An offer that ends before a merchant's quote would ends the quote earlier.
#[test]
fn a_quote_never_outlives_its_offer() {
    for (offered_ms, lasts_ms) in [(120_000, 120_000), (599_999, 599_999), (600_001, 600_000)] {
        let mut world = World::new();
        world.offer(PROVIDER, "8.1250", 100_000_000, offered_ms);
        let payment = world.ordered("r", cny(10_000));
        scanned(&mut world, WALLET, payment);
        let quote = &world.payment(payment).terms.as_ref().unwrap().quote;
        assert_eq!(quote.expires, world.now.plus_ms(lasts_ms));
    }
}

#[test]
fn a_merchant_taking_an_order_back_closes_it_for_everybody() {
    let mut world = World::new();
    let payment = world.ordered("r", cny(10_000));
    scanned(&mut world, WALLET, payment);
    assert_eq!(told(world.take(&cancel("r"))), "Cancelled");
    assert_eq!(scanned(&mut world, WALLET, payment), "! Closed");
    assert_eq!(told(world.decide(&confirm(WALLET, payment, None))), "! Closed");
    assert!(world.payment(payment).cancel_acknowledged, "the wallet has nothing to give back");
}

#[test]
fn a_standing_code_begins_an_order_for_whoever_may_pay_there() {
    let standing = |merchant: &str, store: Option<&str>, minor| Scan {
        wallet: WALLET,
        customer: "juan".into(),
        device: None,
        target: ScanTarget::Standing {
            acquirer: ACQUIRER,
            merchant: merchant.into(),
            store: store.map(Into::into),
            amount: cny(minor),
        },
        entropy: 123,
    };
    let from = |wallet, scan: Scan| Input::Scan(Scan { wallet, ..scan });
    let mut world = World::new();
    for (input, expected) in [
        (from(WALLET, standing("M-1", None, 0)), "! AmountZero"),
        (from(WALLET, standing("M-9", None, 100)), "! UnknownMerchant"),
        (from(WALLET, standing("M-1", Some("S-9"), 100)), "! UnknownStore"),
        (from(PROVIDER, standing("M-1", None, 100)), "! NotAllowed"),
        (from(WALLET, standing("M-1", None, 60_000_000)), "! AmountTooLarge"),
        (from(HOME_WALLET, standing("M-1", None, 100)), "Opened + Quoted"),
        (from(WALLET, standing("M-1", Some("S-1"), 100)), "Opened + Quoted"),
    ] {
        assert_eq!(told(world.decide(&input)), expected, "{input:?}");
    }
    let begun = world.take(&from(WALLET, standing("M-1", Some("S-1"), 10_000))).unwrap();
    let payment = begun[0].payment().unwrap();
    let opened = &world.payment(payment).opened;
    assert_eq!((opened.kind, opened.order_token, &opened.request_id), (Kind::EntryCode, 123, &None));
    let agreed = world.take(&confirm(WALLET, payment, Some(1)));
    assert_eq!(told(agreed), "Confirmed + Judged + Reserved + Sent");
    let done = world.take(&super::world::said(payment, crate::Outcome::Done));
    assert_eq!(told(done), "Succeeded");
    // The acquirer learns of a payment it did not begin by a notice alone.
    assert!(world.payment(payment).notice_owed);
}
