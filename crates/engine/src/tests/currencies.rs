//! Other currencies, other fees, one unit at a time: what the legs come to, and that every way back leads to zero.

use switch::{Decline, Outcome, Refusal, Stage};

use super::network::{A, EXAMPLE, Network, Shares, W, X, amount};
use crate::{FundingKind, Reply};

/// Payee's currency, payer's currency, price, shares, payment in minor units, P1 P2 F1 F2 F3 F4, positions.
struct Row {
    payee: &'static str,
    payer: &'static str,
    price: &'static str,
    shares: Shares,
    minor: u64,
    legs: [u64; 6],
    standing: &'static str,
}

const fn shares(interchange: u32, acquirer_fee: u32, wallet_fee: u32) -> Shares {
    Shares { interchange, acquirer_fee, wallet_fee }
}

const ROWS: &[Row] = &[
    Row {
        payee: "CNY",
        payer: "JPY",
        price: "21.3456",
        shares: EXAMPLE,
        minor: 10_000,
        legs: [2_135, 10_000, 60, 13, 10, 1],
        standing: "CNY X -99.40, A +99.30, N +0.10; JPY W -2123, X +2122, N +1",
    },
    Row {
        payee: "JPY",
        payer: "KWD",
        price: "0.0020",
        shares: EXAMPLE,
        minor: 1_234,
        // KWD 2.468; interchange JPY 7.404, KWD 0.014; fees JPY 1.234 and KWD 0.001234.
        legs: [2_468, 1_234, 7, 14, 1, 1],
        standing: "JPY X -1227, A +1226, N +1; KWD W -2.455, X +2.454, N +0.001",
    },
    Row {
        payee: "KWD",
        payer: "CNY",
        price: "23.51",
        shares: EXAMPLE,
        minor: 1_001,
        // CNY 23.53351; interchange KWD 0.006006, CNY 0.14106; fees KWD 0.001001, CNY 0.011765.
        legs: [2_353, 1_001, 6, 14, 1, 1],
        standing: "CNY W -23.40, X +23.39, N +0.01; KWD X -0.995, A +0.994, N +0.001",
    },
    // At home: no provider, no second currency, the wallet's fee out of its interchange.
    Row {
        payee: "CNY",
        payer: "CNY",
        price: "",
        shares: EXAMPLE,
        minor: 10_000,
        legs: [10_000, 10_000, 60, 60, 10, 5],
        standing: "CNY W -99.45, A +99.30, N +0.15",
    },
    // The wallet's fee is more than its interchange: it is held with the payment.
    Row {
        payee: "CNY",
        payer: "PHP",
        price: "8.1250",
        shares: shares(100, 1_000, 10_000),
        minor: 10_000,
        legs: [81_250, 10_000, 1, 8, 10, 812],
        standing: "CNY X -99.99, A +99.89, N +0.10; PHP W -820.54, X +812.42, N +8.12",
    },
    Row {
        payee: "CNY",
        payer: "CNY",
        price: "",
        shares: shares(0, 0, 10_000),
        minor: 10_000,
        legs: [10_000, 10_000, 0, 0, 0, 100],
        standing: "CNY W -101.00, A +100.00, N +1.00",
    },
    // No fees at all.
    Row {
        payee: "CNY",
        payer: "PHP",
        price: "8.1250",
        shares: shares(0, 0, 0),
        minor: 1,
        legs: [8, 1, 0, 0, 0, 0],
        standing: "CNY X -0.01, A +0.01; PHP W -0.08, X +0.08",
    },
    // One unit: both of the acquirer's shares would round up, and there is only one unit to take.
    Row {
        payee: "CNY",
        payer: "PHP",
        price: "8.1250",
        shares: shares(600_000, 600_000, 600_000),
        minor: 1,
        legs: [8, 1, 1, 8, 0, 5],
        standing: "PHP W -0.05, N +0.05",
    },
    Row {
        payee: "CNY",
        payer: "CNY",
        price: "",
        shares: shares(400_000, 600_000, 1_000_000),
        minor: 1,
        legs: [1, 1, 0, 0, 1, 1],
        standing: "CNY W -0.02, N +0.02",
    },
    // Halves go to the even unit, and all of a payment can be interchange and fee.
    Row {
        payee: "CNY",
        payer: "PHP",
        price: "0.5",
        shares: shares(500_000, 500_000, 500_000),
        minor: 5,
        legs: [2, 5, 2, 1, 2, 1],
        standing: "CNY X -0.03, A +0.01, N +0.02; PHP W -0.02, X +0.01, N +0.01",
    },
    // The largest payment there is, at a price that makes it the largest the payer can be debited.
    Row {
        payee: "CNY",
        payer: "PHP",
        price: "1.0000",
        shares: EXAMPLE,
        minor: money::MINOR_MAX,
        legs: [
            money::MINOR_MAX,
            money::MINOR_MAX,
            60_000_000_000_000,
            60_000_000_000_000,
            10_000_000_000_000,
            5_000_000_000_000,
        ],
        standing: "CNY X -99400000000000.00, A +99300000000000.00, N +100000000000.00; \
                   PHP W -99450000000000.00, X +99400000000000.00, N +50000000000.00",
    },
];

impl Row {
    /// The row's network with exactly what the payment needs, W short by `short`.
    fn network(&self, short: u64) -> Network {
        let mut network = Network::of(self.payee, self.payer, self.price, self.shares);
        let [payer, payee, _, interchange, _, fee] = self.legs;
        let held = if fee > interchange { payer + fee } else { payer };
        if held > short {
            network.deposit(W, amount(self.payer, held - short));
        }
        if self.payee != self.payer {
            network.deposit(X, amount(self.payee, payee));
        }
        network
    }
}

/// Funded to the unit: whatever the fees, no leg can fail.
#[test]
fn the_legs_and_positions_are_as_computed() {
    for row in ROWS {
        let mut network = row.network(0);
        let before = network.engine.book().transfers_len();
        let payment = network.paid(row.minor);
        // Reserved legs are posted by a second transfer, fees of nothing are not posted at all.
        let [_, _, interchange, interchange_payer, acquirer_fee, wallet_fee] = row.legs;
        let crossed = row.payee != row.payer;
        let reserved = 1 + usize::from(crossed) + usize::from(wallet_fee > interchange_payer);
        let fees = [interchange, if crossed { interchange_payer } else { 0 }, acquirer_fee];
        let posted = fees.into_iter().chain((wallet_fee <= interchange_payer).then_some(wallet_fee));
        let transfers = reserved * 2 + posted.filter(|fee| *fee > 0).count();
        assert_eq!(network.engine.book().transfers_len() - before, transfers, "{}", row.standing);
        let terms = network.payment(payment).terms.clone().unwrap();
        let legs = [
            terms.payer_amount,
            network.payment(payment).opened.amount,
            terms.interchange,
            terms.interchange_payer,
            terms.acquirer_fee,
            terms.wallet_fee,
        ];
        assert_eq!(legs.map(|leg| leg.minor), row.legs, "{}", row.standing);
        assert_eq!(network.standing(), row.standing);
        network.cancel(payment);
        assert_eq!(network.standing(), "", "{}", row.standing);
    }
}

#[test]
fn every_unhappy_end_leaves_nothing_behind() {
    for row in ROWS {
        let declined = Outcome::Declined(Decline::UserLimitExceeded);
        let mut network = row.network(0);
        let failed = network.sent(row.minor);
        assert_ne!(network.standing(), "");
        network.said(failed, declined);
        assert_eq!(network.standing(), "");
        let cancelled = network.sent(row.minor);
        network.cancel(cancelled);
        let silent = network.sent(row.minor);
        network.wait(60_000);
        assert_eq!(network.payment(silent).stage, Stage::Cancelled);
        assert_eq!(network.standing(), "", "{}", row.standing);
    }
}

/// One unit less than needed is not enough, and says whose.
#[test]
fn a_wallet_short_of_one_unit_is_rejected() {
    for row in ROWS {
        let mut network = row.network(1);
        let Reply::Payment(payment) = network.ask(row.minor) else { panic!("{}", row.standing) };
        let why = (payment.stage, payment.decline);
        assert_eq!(why, (Stage::Rejected, Some(Decline::LiquidityPayer)), "{}", row.standing);
        assert_eq!(network.standing(), "");
    }
}

/// Returned in three parts, all that stays is the network's.
#[test]
fn refunds_return_everything_but_the_networks_fees() {
    for row in ROWS {
        let mut network = row.network(0);
        let payment = network.paid(row.minor);
        network.deposit(A, amount(row.payee, row.minor));
        if row.payee != row.payer {
            network.deposit(X, amount(row.payer, row.legs[0]));
        }
        let thirds = [row.minor / 3, row.minor / 3, row.minor - row.minor / 3 * 2];
        let parts = thirds.into_iter().filter(|minor| *minor > 0);
        let sums = parts.fold([0; 4], |sums: [u64; 4], minor| {
            let parts = network.refunded(payment, minor, Outcome::Done);
            std::array::from_fn(|index| sums[index] + parts[index])
        });
        let [payer, payee, interchange, interchange_payer, acquirer_fee, wallet_fee] = row.legs;
        assert_eq!(sums, [payee, payer, interchange, interchange_payer], "{}", row.standing);
        let fee = |member, code, minor: u64| {
            let position = network.engine.position(member, super::network::currency(code)).unwrap();
            assert_eq!(position.net_minor, -i128::from(minor), "{}", row.standing);
        };
        fee(A, row.payee, acquirer_fee);
        fee(W, row.payer, wallet_fee);
        if row.payee != row.payer {
            fee(X, row.payee, 0);
            fee(X, row.payer, 0);
        }
    }
}

/// A provider without the payee's currency makes no executable offer; one that lost it between quote and confirmation
/// lets the payment be rejected.
#[test]
fn a_provider_short_of_one_unit() {
    let mut network = Network::example();
    network.fund(FundingKind::Withdrawal, X, amount("CNY", 1_000_000 - 9_999));
    assert_eq!(network.ask(10_000), Reply::Refused(Refusal::NoRate));
    network.deposit(X, amount("CNY", 1));
    let payment = network.scanned(10_000);
    network.fund(FundingKind::Withdrawal, X, amount("CNY", 1));
    let Reply::Payment(rejected) = network.confirm(payment) else { panic!() };
    assert_eq!((rejected.stage, rejected.decline), (Stage::Rejected, Some(Decline::LiquidityFx)));
    assert_eq!(network.standing(), "");
}

/// What is held for one payment cannot be held for another.
#[test]
fn a_reservation_is_not_spent_twice() {
    let mut network = Network::of("CNY", "PHP", "8.1250", EXAMPLE);
    network.deposit(W, amount("PHP", 81_250 + 81_249));
    network.deposit(X, amount("CNY", 20_000));
    let first = network.sent(10_000);
    let Reply::Payment(second) = network.ask(10_000) else { panic!() };
    assert_eq!(second.decline, Some(Decline::LiquidityPayer));
    network.said(first, Outcome::Declined(Decline::ProcessFail));
    network.paid(10_000);
    // The interchange of the first pays for part of the second.
    let Reply::Payment(third) = network.ask(10_000) else { panic!() };
    assert_eq!(third.stage, Stage::Sent);
}

/// A cancel always wins: what the acquirer has spent on refunds, the network lends it.
#[test]
fn a_cancel_is_covered_where_the_money_is_spent() {
    let mut network = Network::example();
    let (first, second) = (network.paid(10_000), network.paid(10_000));
    network.deposit(X, amount("PHP", 1_000));
    network.refunded(first, 10_000, Outcome::Done);
    // CNY 99.30 of the second payment and 99.30 - 100.00 + 0.60 of the first.
    let acquirer = |network: &Network| network.engine.position(A, super::network::currency("CNY")).unwrap();
    assert_eq!(acquirer(&network).available_minor, 9_920);
    network.cancel(second);
    assert_eq!(network.payment(second).stage, Stage::Cancelled);
    // The second brings back CNY 0.10 and 0.60: 0.10 is missing.
    let after = acquirer(&network);
    assert_eq!((after.available_minor, after.line_minor, after.net_minor), (0, 10, -10));
    assert_eq!(network.standing(), "CNY A -0.10, N +0.10; PHP W -0.41, N +0.41");
    // A withdrawal of the money is covered just the same.
    let third = network.paid(10_000);
    assert_eq!(network.fund(FundingKind::Withdrawal, A, amount("CNY", 9_930)), Reply::Done);
    network.cancel(third);
    let after = acquirer(&network);
    assert_eq!((after.available_minor, after.line_minor, after.net_minor), (0, 10 + 9_930, -10));
    assert_eq!(after.deposits_minor, -9_930);
}
