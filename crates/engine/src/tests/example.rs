//! The worked example of the rulebook (C.5), to the last unit: CNY 100.00 at 8.1250, interchange 0.60 %, network fees
//! 0.10 % and 0.05 %.

use switch::{Decline, Outcome, PaymentId, Refusal, Stage};

use super::network::{A, Network, W, X, amount, cny};
use crate::Reply;

const PAID: &str = "CNY X -99.40, A +99.30, N +0.10; PHP W -808.03, X +807.62, N +0.41";
const HELD: &str = "CNY X holds 100.00; PHP W holds 812.50";
const DECLINED: Outcome = Outcome::Declined(Decline::BalanceNotEnough);

type Happening = fn(&mut Network, PaymentId);

#[test]
fn positions_at_every_stage() {
    let cases: [(&str, &[Happening], Stage, &str); 10] = [
        ("sent", &[], Stage::Sent, HELD),
        ("in doubt", &[|n, p| drop(n.said(p, Outcome::Unclear))], Stage::InDoubt, HELD),
        ("succeeded", &[|n, p| drop(n.said(p, Outcome::Done))], Stage::Succeeded, PAID),
        (
            "succeeded out of doubt",
            &[|n, p| drop(n.said(p, Outcome::Unclear)), |n, p| drop(n.said(p, Outcome::Done))],
            Stage::Succeeded,
            PAID,
        ),
        ("failed", &[|n, p| drop(n.said(p, DECLINED))], Stage::Failed, ""),
        (
            "failed out of doubt",
            &[|n, p| drop(n.said(p, Outcome::Unclear)), |n, p| drop(n.said(p, DECLINED))],
            Stage::Failed,
            "",
        ),
        ("cancelled while sent", &[|n, p| drop(n.cancel(p))], Stage::Cancelled, ""),
        (
            "cancelled in doubt, by the limit",
            &[|n, p| drop(n.said(p, Outcome::Unclear)), |n, _| n.wait(60_000)],
            Stage::Cancelled,
            "",
        ),
        (
            "cancelled after success: no fee is kept",
            &[|n, p| drop(n.said(p, Outcome::Done)), |n, p| drop(n.cancel(p))],
            Stage::Cancelled,
            "",
        ),
        (
            "a success after the cancel moves nothing",
            &[|n, p| drop(n.cancel(p)), |n, p| drop(n.said(p, Outcome::Done))],
            Stage::Cancelled,
            "",
        ),
    ];
    for (name, happenings, stage, standing) in cases {
        let mut network = Network::example();
        let payment = network.sent(10_000);
        assert_eq!(network.standing(), HELD);
        for happening in happenings {
            happening(&mut network, payment);
        }
        assert_eq!(
            (network.payment(payment).stage, network.standing().as_str()),
            (stage, standing),
            "{name}"
        );
    }
}

#[test]
fn the_legs_are_as_written() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    let terms = network.payment(payment).terms.clone().unwrap();
    assert_eq!(terms.quote.rate.parts(), (81_250, 4));
    let legs = [
        terms.payer_amount,
        network.payment(payment).opened.amount,
        terms.interchange,
        terms.interchange_payer,
        terms.acquirer_fee,
        terms.wallet_fee,
    ];
    let written = ["PHP 812.50", "CNY 100.00", "CNY 0.60", "PHP 4.88", "CNY 0.10", "PHP 0.41"];
    assert_eq!(legs.map(|leg| leg.to_string()), written);
    // Two reserved, two posted, four fees: eight transfers, and six mirrors when it is cancelled.
    let before = network.engine.book().transfers_len();
    network.cancel(payment);
    assert_eq!(network.engine.book().transfers_len() - before, 6);
}

#[test]
fn a_refund_of_forty_yuan() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    let Reply::Refund(..) = network.refund(payment, 4_000) else { panic!() };
    assert_eq!(
        network.standing(),
        "CNY X -99.40, A +99.30, A holds 40.00, N +0.10; PHP W -808.03, X +807.62, X holds 325.00, N +0.41"
    );
    network.switch(switch::Input::RefundSaid { payment, refund: 0, outcome: Outcome::Done });
    let written = "CNY X -59.64, A +59.54, N +0.10; PHP W -484.98, X +484.57, N +0.41";
    assert_eq!(network.standing(), written);
    assert_eq!(network.cancel(payment), Reply::Refused(Refusal::HasRefunds));
}

#[test]
fn a_declined_refund_moves_nothing_and_leaves_the_cancel_open() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    assert_eq!(network.refunded(payment, 4_000, DECLINED), [4_000, 32_500, 24, 195]);
    assert_eq!(network.standing(), PAID);
    network.cancel(payment);
    assert_eq!(network.standing(), "");
}

/// Rounded one by one the three would return PHP 812.51.
#[test]
fn three_refunds_end_exactly_at_what_was_paid() {
    let mut network = Network::example();
    let payment = network.paid(10_000);
    // Neither the acquirer nor the provider can give back all of it out of what is left to them.
    network.deposit(A, cny(30));
    network.deposit(X, amount("PHP", 163));
    let returned: Vec<[u64; 4]> = [3_333, 3_333, 3_334]
        .into_iter()
        .map(|minor| network.refunded(payment, minor, Outcome::Done))
        .collect();
    assert_eq!(returned, [[3_333, 27_081, 20, 163], [3_333, 27_080, 20, 162], [3_334, 27_089, 20, 163]]);
    assert_eq!(returned.iter().map(|parts| parts[1]).sum::<u64>(), 81_250);
    let only_fees = "CNY A -0.10, N +0.10; PHP W -0.41, N +0.41";
    assert_eq!(network.standing(), only_fees);
    assert_eq!(network.refund(payment, 1), Reply::Refused(Refusal::RefundExceedsPayment));
}

/// One unit less of the deposits above, and the last of the three refunds has to wait.
#[test]
fn the_last_refund_needs_the_last_unit() {
    for (acquirer, provider, missing) in
        [(29, 163, Decline::LiquidityAcquirer), (30, 162, Decline::LiquidityFx)]
    {
        let mut network = Network::example();
        let payment = network.paid(10_000);
        network.deposit(A, cny(acquirer));
        network.deposit(X, amount("PHP", provider));
        network.refunded(payment, 3_333, Outcome::Done);
        network.refunded(payment, 3_333, Outcome::Done);
        assert_eq!(network.refund(payment, 3_334), Reply::Refused(Refusal::Shortage(missing)));
        network.deposit(W, amount("PHP", 1));
        network.deposit(A, cny(1));
        network.deposit(X, amount("PHP", 1));
        assert!(matches!(network.refund(payment, 3_334), Reply::Refund(..)));
    }
}
