//! Members' funds besides payments: paid in and out, lent and called back, and a turnover larger than any country's.

use directory::{Change, MemberId};
use money::{Amount, MINOR_MAX};

use super::network::{A, EXAMPLE, Network, W, X, amount, cny, currency};
use crate::{Funding, FundingKind, FundingRefusal, Input, Reply};

use FundingKind::{Deposit, LineLowered, LineRaised, Withdrawal};

const REFUSED: fn(FundingRefusal) -> Reply = Reply::FundingRefused;

/// Net, paid in, lent, available.
fn standing(network: &Network, member: MemberId, code: &str) -> [i128; 4] {
    let position = network.engine.position(member, currency(code)).unwrap();
    [position.net_minor, position.deposits_minor, position.line_minor, position.available_minor]
}

#[test]
fn each_act_moves_what_it_says() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    for (kind, minor, reply, then) in [
        (Withdrawal, 1, REFUSED(FundingRefusal::NotEnough), [0, 0, 0, 0]),
        (LineLowered, 1, REFUSED(FundingRefusal::NotEnough), [0, 0, 0, 0]),
        (Deposit, 0, REFUSED(FundingRefusal::AmountZero), [0, 0, 0, 0]),
        (Deposit, 1_000, Reply::Done, [0, 1_000, 0, 1_000]),
        (LineRaised, 500, Reply::Done, [0, 1_000, 500, 1_500]),
        (Withdrawal, 1_501, REFUSED(FundingRefusal::NotEnough), [0, 1_000, 500, 1_500]),
        // What is lent can be paid out: the cap is on debts, whatever they are for.
        (Withdrawal, 1_200, Reply::Done, [0, -200, 500, 300]),
        (LineLowered, 301, REFUSED(FundingRefusal::NotEnough), [0, -200, 500, 300]),
        (LineLowered, 300, Reply::Done, [0, -200, 200, 0]),
        (Deposit, 1_000, Reply::Done, [0, 800, 200, 1_000]),
        // Not more than was lent, however much is there.
        (LineLowered, 201, REFUSED(FundingRefusal::NotEnough), [0, 800, 200, 1_000]),
        (LineLowered, 200, Reply::Done, [0, 800, 0, 800]),
    ] {
        assert_eq!(network.fund(kind, W, amount("PHP", minor)), reply, "{kind:?} {minor}");
        assert_eq!(standing(&network, W, "PHP"), then, "{kind:?} {minor}");
    }
}

#[test]
fn funds_need_a_member_and_its_currency() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    for (member, amount) in [
        (MemberId(99), cny(1)),
        (MemberId::NETWORK, cny(1)),
        (W, cny(1)),
        (A, amount("PHP", 1)),
        (X, amount("USD", 1)),
    ] {
        for kind in [Deposit, Withdrawal, LineRaised, LineLowered] {
            let reply = network.fund(kind, member, amount);
            assert_eq!(reply, REFUSED(FundingRefusal::NotAgreed), "{kind:?} {member:?} {amount}");
        }
    }
    let before = network.records.len();
    network.fund(Deposit, MemberId(99), cny(1));
    assert_eq!(network.records.len(), before, "nothing is recorded for what is refused");
}

#[test]
fn an_act_is_done_once_and_a_changed_one_is_refused() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    let act = |kind, member, amount| Funding { kind, request_id: "same".into(), member, amount, number: 0 };
    let first = act(Deposit, X, cny(700));
    assert_eq!(network.one(Input::Fund(first.clone())), Reply::Done);
    let records = network.records.len();
    assert_eq!(network.one(Input::Fund(Funding { number: 55, ..first })), Reply::Done);
    for changed in [
        act(Withdrawal, X, cny(700)),
        act(LineRaised, X, cny(700)),
        act(Deposit, A, cny(700)),
        act(Deposit, X, cny(701)),
        act(Deposit, X, amount("PHP", 700)),
        act(Deposit, X, cny(0)),
    ] {
        let reply = network.one(Input::Fund(changed));
        assert_eq!(reply, REFUSED(FundingRefusal::RepeatInconsistent));
    }
    assert_eq!((network.records.len(), standing(&network, X, "CNY")), (records, [0, 700, 0, 700]));
}

/// Held and spent money is not the member's to take out.
#[test]
fn what_payments_hold_cannot_be_withdrawn() {
    let mut network = Network::example();
    network.sent(10_000);
    let free = 1_000_000 - 81_250;
    assert_eq!(network.fund(Withdrawal, W, amount("PHP", free + 1)), REFUSED(FundingRefusal::NotEnough));
    assert_eq!(network.fund(Withdrawal, W, amount("PHP", free)), Reply::Done);
    assert_eq!(standing(&network, W, "PHP"), [0, 81_250, 0, 0]);
}

/// A net debit cap is funds like any other: a wallet with nothing paid in pays up to it.
#[test]
fn a_wallet_pays_on_credit_up_to_its_cap() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    network.deposit(X, cny(1_000_000));
    network.fund(LineRaised, W, amount("PHP", 81_250));
    network.paid(10_000);
    assert_eq!(standing(&network, W, "PHP"), [-80_803, 0, 81_250, 447]);
    assert!(matches!(network.ask(10_000), Reply::Payment(rejected) if rejected.decline.is_some()));
}

/// 1,511 trillion yuan, the mobile payments of all of China in two years: once as deposits, once as payments.
const TURNOVER: u64 = 151_100_000_000_000_000;

#[test]
fn a_book_holds_a_turnover_of_1511_trillion_yuan() {
    let mut network = Network::of("CNY", "CNY", "", EXAMPLE);
    network.deposit(W, cny(TURNOVER));
    assert_eq!(standing(&network, W, "CNY"), [0, i128::from(TURNOVER), 0, i128::from(TURNOVER)]);
    // The network carries no single payment above its limit, so the turnover takes sixteen.
    let mut left = TURNOVER;
    while left > 0 {
        let minor = left.min(MINOR_MAX);
        network.paid(minor);
        left -= minor;
    }
    assert_eq!(network.engine.switch().len(), 16);
    let turnover = i128::from(TURNOVER);
    let (interchange, acquirer_fee, wallet_fee) = (turnover / 1_000 * 6, turnover / 1_000, turnover / 2_000);
    assert_eq!(standing(&network, A, "CNY")[0], turnover - interchange - acquirer_fee);
    assert_eq!(standing(&network, W, "CNY")[3], interchange - wallet_fee);
    assert_eq!(standing(&network, MemberId::NETWORK, "CNY")[0], acquirer_fee + wallet_fee);
    assert_eq!(network.restarted().engine.state_hash(), network.engine.state_hash());
}

/// Far beyond 64 bits: deposits alone of a hundred times the largest amount there is.
#[test]
fn balances_go_beyond_64_bits() {
    let mut network = Network::of("CNY", "CNY", "", EXAMPLE);
    for _ in 0..100 {
        network.deposit(W, cny(u64::MAX));
    }
    let sum = 100 * i128::from(u64::MAX);
    assert_eq!(standing(&network, W, "CNY"), [0, sum, 0, sum]);
    network.paid(MINOR_MAX);
    assert_eq!(network.fund(Withdrawal, W, cny(u64::MAX)), Reply::Done);
    assert_eq!(standing(&network, W, "CNY")[1], sum - i128::from(u64::MAX));
}

/// A suspended member's money can still be paid out.
#[test]
fn funds_outlive_suspension() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    network.deposit(X, cny(100));
    network.change(Change::StandingSet { member: X, standing: directory::Standing::Suspended });
    assert_eq!(network.fund(Withdrawal, X, Amount::new(currency("CNY"), 100)), Reply::Done);
}
