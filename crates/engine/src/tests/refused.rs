//! Requests that were refused for a reason that may pass: a copy still under way is refused again for as long as it can
//! be, and what is plainly wrong leaves no trace.

use directory::{Change, Standing};
use money::Rate;
use switch::clock::UNSEEN_CANCEL_MS;
use switch::{CodeNumber, Outcome, Pay, PayHow, Reference, RefundAsked, Refusal};

use super::network::{A, Network, PREFIX, TOKEN, W, X, amount, cny, currency, pay};
use crate::{FundingKind, Input, Reply};

type Happening = fn(&mut Network);

fn order(minor: u64) -> Pay {
    pay("order", PayHow::OrderCode { expires: None }, cny(minor))
}

fn by_code(network: &mut Network) -> Pay {
    let code = network.code();
    pay("by-code", PayHow::PaymentCode { prefix: PREFIX, code }, cny(10_000))
}

fn ask(network: &mut Network, pay: &Pay) -> Reply {
    network.switch(switch::Input::Pay(pay.clone()))
}

#[test]
fn a_refusal_that_may_pass_is_remembered_for_a_while() {
    let cases: [(Refusal, Happening, Happening); 4] = [
        (
            Refusal::NoRate,
            |network| drop(network.fund(FundingKind::Withdrawal, X, cny(1_000_000))),
            |network| network.deposit(X, cny(1_000_000)),
        ),
        (
            Refusal::NotAllowed,
            |network| network.change(Change::StandingSet { member: A, standing: Standing::Suspended }),
            |network| network.change(Change::StandingSet { member: A, standing: Standing::Active }),
        ),
        (
            Refusal::CorridorClosed,
            |network| network.change(corridor(false)),
            |network| network.change(corridor(true)),
        ),
        // Too little for the payer at this price, and not at the next.
        (
            Refusal::AmountTooSmall,
            |network| network.offer(X, price("0.000001")),
            |network| network.offer(X, price("8")),
        ),
    ];
    for (why, begin, end) in cases {
        let mut network = Network::example();
        begin(&mut network);
        let first = by_code(&mut network);
        assert_eq!(ask(&mut network, &first), Reply::Refused(why));
        let records = network.records.len();
        assert_eq!(ask(&mut network, &first), Reply::Refused(why));
        assert_eq!(network.records.len(), records, "recorded once");
        end(&mut network);
        assert_eq!(ask(&mut network, &first), Reply::Refused(why), "a late copy is not paid");
        let mut restarted = network.restarted();
        assert_eq!(ask(&mut restarted, &first), Reply::Refused(why), "not after a crash either");
        // A new request is a new request, and the code was not used up.
        let new = Pay { request_id: "another".into(), ..first.clone() };
        assert!(matches!(ask(&mut network, &new), Reply::Payment(_)), "{why:?}");
        network.wait(UNSEEN_CANCEL_MS);
        assert_eq!(ask(&mut network, &first), Reply::Refused(why));
        network.wait(1);
        // Its code has ended long since; the refusal is forgotten.
        assert_eq!(ask(&mut network, &first), Reply::Refused(Refusal::InvalidCode), "{why:?}");
    }
}

fn corridor(open: bool) -> Change {
    Change::CorridorSet { payee: currency("CNY"), payer: currency("PHP"), open }
}

fn price(price: &str) -> Rate {
    Rate::parse(currency("CNY"), currency("PHP"), price).unwrap()
}

#[test]
fn a_refund_refused_for_want_of_money_is_not_made_by_a_late_copy() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    let asked = RefundAsked {
        acquirer: A,
        reference: Reference::Payment(payment),
        request_id: "refund".into(),
        amount: cny(10_000),
    };
    let short = Reply::Refused(Refusal::Shortage(switch::Decline::LiquidityAcquirer));
    assert_eq!(network.switch(switch::Input::Refund(asked.clone())), short);
    network.deposit(A, cny(10_000));
    network.deposit(X, amount("PHP", 100_000));
    assert_eq!(network.switch(switch::Input::Refund(asked.clone())), short);
    let new = RefundAsked { request_id: "another".into(), ..asked.clone() };
    assert!(matches!(network.switch(switch::Input::Refund(new)), Reply::Refund(..)));
    network.wait(UNSEEN_CANCEL_MS + 1);
    let exceeds = Reply::Refused(Refusal::RefundExceedsPayment);
    assert_eq!(network.switch(switch::Input::Refund(asked)), exceeds);
}

/// Refused for what it is, as often as it comes, without a record.
#[test]
fn bad_input_leaves_no_trace() {
    let mut network = Network::example();
    let paid = network.paid(10_000);
    let code = network.code();
    let used = pay("used", PayHow::PaymentCode { prefix: PREFIX, code: CodeNumber(1) }, cny(1));
    let unknown = pay("unknown", PayHow::PaymentCode { prefix: 999_999, code }, cny(1));
    let expired = pay("expired", PayHow::PaymentCode { prefix: PREFIX, code }, cny(1));
    network.wait(60_000);
    let refund = |minor, code| {
        let (reference, request_id) = (Reference::Payment(paid), "refund".into());
        switch::Input::Refund(RefundAsked { acquirer: A, reference, request_id, amount: amount(code, minor) })
    };
    let scan = switch::Input::Scan(switch::Scan {
        wallet: W,
        customer: "juan".into(),
        device: None,
        target: switch::ScanTarget::Order { payment: paid, token: TOKEN },
        entropy: 0,
    });
    let inputs = [
        (switch::Input::Pay(used), Refusal::InvalidCode),
        (switch::Input::Pay(unknown), Refusal::InvalidCode),
        (switch::Input::Pay(expired), Refusal::ExpiredCode),
        (switch::Input::Pay(order(0)), Refusal::AmountZero),
        (switch::Input::Pay(order(u64::MAX)), Refusal::AmountTooLarge),
        (switch::Input::Pay(Pay { amount: amount("USD", 1), ..order(1) }), Refusal::CurrencyNotAgreed),
        (switch::Input::Pay(Pay { merchant: Some("M-9".into()), ..order(1) }), Refusal::UnknownMerchant),
        (switch::Input::Pay(Pay { store: Some("S-9".into()), ..order(1) }), Refusal::UnknownStore),
        (
            switch::Input::Pay(Pay { settlement_currency: Some(currency("USD")), ..order(1) }),
            Refusal::SettlementNotAgreed,
        ),
        (refund(0, "CNY"), Refusal::AmountZero),
        (refund(1, "PHP"), Refusal::CurrencyDiffers),
        (scan, Refusal::InvalidCode),
        (
            switch::Input::Confirm(switch::Confirm { wallet: W, payment: paid, quote: None }),
            Refusal::WrongStage,
        ),
    ];
    let (records, hash) = (network.records.len(), network.engine.state_hash());
    for (input, refusal) in inputs {
        let replies = network.turn(vec![Input::Switch(input.clone()), Input::Switch(input.clone())]);
        assert_eq!(replies, [Reply::Refused(refusal), Reply::Refused(refusal)], "{input:?}");
        assert_eq!(network.records.len(), records, "{input:?}");
    }
    assert_eq!(network.engine.state_hash(), hash);
    assert_eq!(network.said(paid, Outcome::Unclear), Reply::Payment(Box::new(network.payment(paid).clone())));
}
