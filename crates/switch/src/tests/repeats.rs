//! The same request again, the same key with other content, and requests that overtake each other.

use super::world::{
    ACQUIRER, OTHER_PREFIX, PREFIX, TOKEN, WALLET, World, by_code, cancel, cny, confirm, currency, issue,
    order, refund, said, scan, told,
};
use crate::clock::UNSEEN_CANCEL_MS;
use crate::payment::{CodeNumber, Decline};
use crate::{Event, Input, Outcome, Pay, PayHow, Reference, Refusal};

type Change = fn(&mut Pay);

#[test]
fn a_repeated_payment_changes_nothing_and_a_changed_one_is_refused() {
    let mut world = World::new();
    world.merchant("M-2");
    let code = world.code();
    let first = by_code("r", PREFIX, code, cny(10_000));
    world.take(&Input::Pay(first.clone())).unwrap();
    let changes: [(&str, Change); 9] = [
        ("-", |_| {}),
        ("-", |pay| pay.settlement_currency = None),
        ("-", |pay| pay.entropy = 0),
        ("! RepeatInconsistent", |pay| pay.amount.minor += 1),
        ("! RepeatInconsistent", |pay| pay.amount.currency = currency("PHP")),
        ("! RepeatInconsistent", |pay| pay.settlement_currency = Some(currency("PHP"))),
        ("! RepeatInconsistent", |pay| pay.merchant = Some("M-2".into())),
        ("! RepeatInconsistent", |pay| pay.store = None),
        ("! RepeatInconsistent", |pay| pay.how = PayHow::OrderCode { expires: None }),
    ];
    let codes = [(PREFIX, code.0 + 1), (OTHER_PREFIX, code.0), (999_999, code.0)];
    // The answer is the same whatever became of the payment and however much later.
    for outcome in [None, Some(Outcome::Unclear), Some(Outcome::Done)] {
        if let Some(outcome) = outcome {
            world.take(&said(crate::PaymentId(1), outcome)).unwrap();
            world.wait(400 * 24 * 3_600_000);
        }
        for (number, (expected, change)) in changes.iter().enumerate() {
            let mut again = first.clone();
            change(&mut again);
            assert_eq!(told(world.decide(&Input::Pay(again))), *expected, "change {number}");
        }
        for (prefix, code) in codes {
            let how = PayHow::PaymentCode { prefix, code: CodeNumber(code) };
            let other = world.decide(&Input::Pay(Pay { how, ..first.clone() }));
            assert_eq!(other, Err(Refusal::RepeatInconsistent));
        }
    }
    // Another acquirer's keys are its own.
    assert!(world.switch.find(WALLET, &Reference::Request("r".into())).is_none());
}

#[test]
fn orders_and_links_are_told_apart() {
    let mut world = World::new();
    for (key, how, other) in [
        ("order", PayHow::OrderCode { expires: None }, PayHow::EntryCode { expires: None }),
        ("link", PayHow::EntryCode { expires: None }, PayHow::OrderCode { expires: None }),
    ] {
        let pay = Pay { how, ..order(key, cny(100)) };
        assert_eq!(told(world.take(&Input::Pay(pay.clone()))), "Opened");
        assert_eq!(told(world.decide(&Input::Pay(pay.clone()))), "-");
        let changed = Pay { how: other, ..pay.clone() };
        assert_eq!(world.decide(&Input::Pay(changed)), Err(Refusal::RepeatInconsistent));
        let by_code = PayHow::PaymentCode { prefix: PREFIX, code: CodeNumber(1) };
        let changed = Pay { how: by_code, ..pay };
        assert_eq!(world.decide(&Input::Pay(changed)), Err(Refusal::RepeatInconsistent));
    }
}

#[test]
fn a_repeated_refund_changes_nothing_and_a_changed_one_is_refused() {
    let mut world = World::new();
    let payment = world.paid_by_code("r", cny(10_000));
    let other = world.paid_by_code("s", cny(10_000));
    for payment in [payment, other] {
        world.take(&said(payment, Outcome::Done)).unwrap();
    }
    assert_eq!(told(world.take(&refund("back", payment, cny(4_000)))), "RefundOpened");
    let outcomes =
        [None, Some(Outcome::Unclear), Some(Outcome::Declined(Decline::ProcessFail)), Some(Outcome::Done)];
    for outcome in outcomes {
        if let Some(outcome) = outcome {
            world.take(&Input::RefundSaid { payment, refund: 0, outcome }).unwrap();
        }
        assert_eq!(told(world.take(&refund("back", payment, cny(4_000)))), "-", "{outcome:?}");
        for (changed, amount) in [(payment, cny(4_001)), (payment, cny(0)), (other, cny(4_000))] {
            let decided = world.decide(&refund("back", changed, amount));
            assert_eq!(decided, Err(Refusal::RepeatInconsistent), "{changed:?} {amount}");
        }
    }
    assert_eq!(world.payment(payment).refunds.len(), 1);
}

#[test]
fn confirms_cancels_and_answers_can_be_repeated() {
    let mut world = World::new();
    let payment = world.ordered("r", cny(10_000));
    let scanned = Input::Scan(scan(WALLET, payment, TOKEN));
    for (input, first) in [
        (scanned, "Quoted"),
        (confirm(WALLET, payment, Some(1)), "Confirmed + Judged + Reserved + Sent"),
        (said(payment, Outcome::Unclear), "InDoubt"),
        (said(payment, Outcome::Done), "Succeeded"),
        (cancel("r"), "Cancelled"),
        (said(payment, Outcome::Done), "LateSuccess"),
        (Input::CancelTaken { payment }, "CancelAcknowledged"),
    ] {
        assert_eq!(told(world.take(&input)), first);
        assert_eq!(told(world.take(&input)), "-", "{first} again");
    }
    let changed = world.decide(&confirm(WALLET, payment, Some(2)));
    assert_eq!(changed, Err(Refusal::RepeatInconsistent));
}

/// A cancel that overtakes its payment closes it before it comes, and is forgotten on time.
#[test]
fn a_cancel_overtakes_its_payment() {
    let mut world = World::new();
    let (cancel, pay) = (cancel("r"), Input::Pay(order("r", cny(100))));
    assert_eq!(told(world.take(&cancel)), "CancelledUnseen");
    assert_eq!(world.take(&cancel), Err(Refusal::UnknownPayment), "known already, nothing to record");
    assert_eq!(world.decide(&pay), Err(Refusal::Closed));
    assert_eq!(told(world.decide(&Input::Pay(order("s", cny(100))))), "Opened");
    world.wait(UNSEEN_CANCEL_MS);
    assert_eq!(world.decide(&pay), Err(Refusal::Closed));
    world.wait(1);
    assert_eq!(told(world.decide(&pay)), "Opened");
    // Remembered anew when it is asked anew, for as long again.
    assert_eq!(told(world.take(&cancel)), "CancelledUnseen");
    assert_eq!(world.switch.unseen_cancels().count(), 1);
    world.wait(UNSEEN_CANCEL_MS);
    assert_eq!(world.decide(&pay), Err(Refusal::Closed));
}

#[test]
fn overtaking_cancels_do_not_pile_up() {
    let mut world = World::new();
    for number in 0..100 {
        world.take(&cancel(&format!("r-{number}"))).unwrap();
        world.wait(UNSEEN_CANCEL_MS / 10);
    }
    assert_eq!(world.switch.unseen_cancels().count(), 11);
    let kept = world.switch.unseen_cancels().all(|(_, (acquirer, _))| *acquirer == ACQUIRER);
    assert!(kept);
}

/// Codes have no key: a repeated request gives other codes, and the old ones stay good.
#[test]
fn codes_asked_twice_are_other_codes() {
    let mut world = World::new();
    let mut given = Vec::new();
    for _ in 0..2 {
        match &world.take(&issue(WALLET, 2, 10)).unwrap()[..] {
            [Event::CodesIssued { codes, .. }] => given.extend(codes.iter().map(|code| code.0)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(given, [10, 11, 12, 13]);
}
