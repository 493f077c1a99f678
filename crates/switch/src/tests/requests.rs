//! What a request must bring, and in which order its faults are told: each row repairs the fault before it.

use directory::MemberId;
use money::Amount;

use super::world::{
    ACQUIRER, HOME_WALLET, OTHER_WALLET, PREFIX, TOKEN, WALLET, World, by_code, cny, currency, order, said,
    scan, told,
};
use crate::payment::{CodeNumber, PaymentId};
use crate::{Event, Input, Outcome, Pay, Reference, Refusal};

type Repair = fn(&mut Pay);

#[test]
fn faults_of_a_payment_are_told_in_a_fixed_order() {
    let mut world = World::new();
    world.merchant("M-2");
    let code = world.code();
    let dollars = |minor| Amount::new(currency("USD"), minor);
    // Every fault at once; each following request repairs the one it was told of.
    let mut pay = Pay {
        acquirer: WALLET,
        merchant: None,
        store: Some("S-9".into()),
        settlement_currency: Some(currency("USD")),
        ..by_code("r", 999_999, CodeNumber(0), dollars(0))
    };
    let repairs: [(Refusal, Repair); 9] = [
        (Refusal::NotAllowed, |pay| pay.acquirer = ACQUIRER),
        // The acquirer has two merchants and names none.
        (Refusal::UnknownMerchant, |pay| pay.merchant = Some("M-9".into())),
        (Refusal::UnknownMerchant, |pay| pay.merchant = Some("M-1".into())),
        (Refusal::UnknownStore, |pay| pay.store = Some("S-1".into())),
        (Refusal::AmountZero, |pay| pay.amount.minor = 60_000_000),
        (Refusal::CurrencyNotAgreed, |pay| pay.amount = cny(pay.amount.minor)),
        (Refusal::AmountTooLarge, |pay| pay.amount = cny(10_000)),
        (Refusal::SettlementNotAgreed, |pay| pay.settlement_currency = None),
        (Refusal::InvalidCode, |_| {}),
    ];
    for (number, (refusal, repair)) in repairs.into_iter().enumerate() {
        assert_eq!(world.decide(&Input::Pay(pay.clone())), Err(refusal), "fault {number}");
        repair(&mut pay);
    }
    let good = by_code("r", PREFIX, code, cny(10_000));
    assert_eq!(told(world.decide(&Input::Pay(good))), "Opened + Quoted");
    assert_eq!(world.switch.len(), 0, "nothing was recorded for what was refused");
}

#[test]
fn limits_of_both_sides_hold() {
    let mut world = World::new();
    let code = world.code();
    world.offer(super::world::PROVIDER, "8.1250", u64::MAX, 24 * 3_600_000);
    world.fund(super::world::PROVIDER, cny(100_000_000));
    for (minor, expected) in [
        (1, "Opened + Quoted"),
        // CNY 61,538.46 is PHP 499,999.99 and a bit: the wallet's limit is PHP 500,000.00.
        (6_153_846, "Opened + Quoted"),
        (6_153_847, "! AmountTooLarge"),
        (50_000_000, "! AmountTooLarge"),
        (50_000_001, "! AmountTooLarge"),
        (u64::MAX, "! AmountTooLarge"),
    ] {
        let pay = by_code("r", PREFIX, code, cny(minor));
        assert_eq!(told(world.decide(&Input::Pay(pay))), expected, "{minor}");
    }
    world.offer(super::world::PROVIDER, "0.4", u64::MAX, 24 * 3_600_000);
    let nothing = by_code("r", PREFIX, code, cny(1));
    assert_eq!(told(world.decide(&Input::Pay(nothing))), "! AmountTooSmall");
}

#[test]
fn members_act_on_their_own_payments_only() {
    let mut world = World::new();
    let payment = world.paid_by_code("r", cny(10_000));
    let by_number = Reference::Payment(payment);
    for input in [
        Input::Cancel { acquirer: WALLET, reference: by_number.clone() },
        Input::Cancel { acquirer: ACQUIRER, reference: Reference::Payment(PaymentId(9)) },
        Input::WalletSaid { wallet: OTHER_WALLET, payment, outcome: Outcome::Done },
        Input::WalletSaid { wallet: MemberId::NETWORK, payment, outcome: Outcome::Done },
        said(PaymentId(9), Outcome::Done),
        Input::CancelTaken { payment: PaymentId(9) },
        Input::NoticeTaken { payment: PaymentId(9) },
        Input::RefundSaid { payment, refund: 0, outcome: Outcome::Done },
        Input::RefundSaid { payment: PaymentId(9), refund: 0, outcome: Outcome::Done },
        Input::Due { payment: PaymentId(9) },
        Input::Funded { payment: PaymentId(9), shortage: None },
        super::world::refund("x", PaymentId(9), cny(1)),
    ] {
        assert_eq!(world.decide(&input), Err(Refusal::UnknownPayment), "{input:?}");
    }
    assert!(world.switch.find(ACQUIRER, &by_number).is_some());
    assert!(world.switch.find(WALLET, &by_number).is_none());
    assert!(world.switch.find_refund(ACQUIRER, &"x".into()).is_none());
}

/// A suspended member finishes what is open and begins nothing new.
#[test]
fn suspended_members_begin_nothing() {
    for (member, order_then, scan_then, confirm_then) in [
        (ACQUIRER, "! NotAllowed", "Quoted", "Confirmed + Judged + Reserved + Sent"),
        (WALLET, "Opened", "! NotAllowed", "Confirmed + Judged + Reserved + Sent"),
        (HOME_WALLET, "Opened", "Quoted", "Confirmed + Judged + Reserved + Sent"),
    ] {
        let mut world = World::new();
        let (open, quoted) = (world.ordered("open", cny(100)), world.ordered("quoted", cny(100)));
        world.take(&Input::Scan(scan(WALLET, quoted, TOKEN))).unwrap();
        world.suspend(member);
        let new_order = world.decide(&Input::Pay(order("new", cny(100))));
        assert_eq!(told(new_order), order_then, "{member:?}");
        let new_scan = world.decide(&Input::Scan(scan(WALLET, open, TOKEN)));
        assert_eq!(told(new_scan), scan_then, "{member:?}");
        let agreed = world.take(&super::world::confirm(WALLET, quoted, Some(1)));
        assert_eq!(told(agreed), confirm_then, "{member:?}");
    }
}

#[test]
fn a_notice_is_owed_until_it_is_taken_and_only_where_there_is_an_address() {
    let mut world = World::new();
    let payment = world.paid_by_code("r", cny(10_000));
    let taken = Input::NoticeTaken { payment };
    assert_eq!(told(world.take(&taken)), "-");
    world.take(&said(payment, Outcome::Done)).unwrap();
    assert!(world.payment(payment).notice_owed);
    assert_eq!(told(world.take(&taken)), "NoticeTaken");
    assert_eq!(told(world.take(&taken)), "-");
    // A cancel is news again.
    world.take(&super::world::cancel("r")).unwrap();
    assert!(world.payment(payment).notice_owed);
    let silent = Pay { notify_url: None, ..order("s", cny(100)) };
    let events = world.take(&Input::Pay(silent)).unwrap();
    let payment = events.iter().find_map(Event::payment).unwrap();
    world.take(&super::world::cancel("s")).unwrap();
    assert!(!world.payment(payment).notice_owed);
}
