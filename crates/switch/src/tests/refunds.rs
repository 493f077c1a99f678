//! Refunds: when one may be made, how much each part returns, and that a series returns exactly what was taken.

use directory::{Agreement, Change, MemberId};
use ledger::Ledger;
use money::{Amount, Share};

use super::world::{
    ACQUIRER, HOME_WALLET, OTHER_WALLET, PROVIDER, TOKEN, WALLET, World, cancel, cny, currency, order,
    refund, said, scan, told,
};
use crate::clock::{REFUND_LIMIT_MS, REFUND_WINDOW_MS};
use crate::funds::{self, Purpose, available};
use crate::payment::{Decline, PaymentId};
use crate::refund::{REFUNDS_MAX, RefundStage};
use crate::{Effect, Event, Input, Outcome, Pay, Refusal};

const DAY: u64 = 24 * 3_600_000;

fn paid(world: &mut World, minor: u64) -> PaymentId {
    let payment = world.paid_by_code(&format!("paid-{minor}"), cny(minor));
    world.take(&said(payment, Outcome::Done)).unwrap();
    payment
}

/// Terms that begin a millisecond from now, in parts per million.
fn agree(world: &mut World, interchange: u32, acquirer_fee: u32, wallet_fee: u32) {
    world.wait(1);
    let share = |ppm| Share::from_ppm(ppm).unwrap();
    for (member, interchange, network_fee) in [(ACQUIRER, interchange, acquirer_fee), (WALLET, 0, wallet_fee)]
    {
        let old = world.directory.agreement(member, world.now).unwrap().clone();
        let from = world.now;
        let (interchange, network_fee) = (share(interchange), share(network_fee));
        let agreement = Agreement { from, interchange, network_fee, ..old };
        world.change(Change::AgreementAdded { member, agreement });
    }
}

fn give_back(world: &mut World, payment: PaymentId, minor: u64, outcome: Outcome) {
    let number = world.payment(payment).refunds.len();
    world.take(&refund(&format!("{payment:?}-{number}"), payment, cny(minor))).unwrap();
    let refund = u16::try_from(number).unwrap();
    world.take(&Input::RefundSaid { payment, refund, outcome }).unwrap();
}

#[test]
fn each_part_is_the_cumulative_share_less_what_was_returned() {
    let declined = Outcome::Declined(Decline::UserStatusAbnormal);
    let done = Outcome::Done;
    // Refund in fen and its outcome, then R1 to R4 in minor units.
    type Row = (u64, Outcome, [u64; 4]);
    let cases: [(&str, &[Row]); 5] = [
        // Rounded one by one these would return PHP 812.51.
        (
            "three parts",
            &[
                (3_333, done, [3_333, 27_081, 20, 163]),
                (3_333, done, [3_333, 27_080, 20, 162]),
                (3_334, done, [3_334, 27_089, 20, 163]),
            ],
        ),
        ("one part of the whole", &[(10_000, done, [10_000, 81_250, 60, 488])]),
        (
            "the worked example",
            &[(4_000, done, [4_000, 32_500, 24, 195]), (6_000, done, [6_000, 48_750, 36, 293])],
        ),
        (
            "halves of a unit go to the even one: interchange of 22.5 fen",
            &[(3_750, done, [3_750, 30_469, 22, 183]), (6_250, done, [6_250, 50_781, 38, 305])],
        ),
        (
            "a declined one between",
            &[
                (3_333, done, [3_333, 27_081, 20, 163]),
                (3_333, declined, [3_333, 27_080, 20, 162]),
                (6_667, done, [6_667, 54_169, 40, 325]),
            ],
        ),
    ];
    for (name, rows) in cases {
        let mut world = World::new();
        // Interchange and fee are gone when the refund is asked for.
        world.fund(ACQUIRER, cny(70));
        let payment = paid(&mut world, 10_000);
        for (minor, outcome, _) in rows {
            give_back(&mut world, payment, *minor, *outcome);
        }
        let refunds = &world.payment(payment).refunds;
        for (refund, (_, outcome, expected)) in refunds.iter().zip(rows) {
            let parts = [refund.amount, refund.payer_amount, refund.interchange, refund.interchange_payer];
            assert_eq!(parts.map(|part| part.minor), *expected, "{name}");
            assert_eq!(refund.stage == RefundStage::Succeeded, *outcome == done, "{name}");
        }
        let returned: u64 = refunds
            .iter()
            .filter(|refund| refund.stage.counts())
            .map(|refund| refund.payer_amount.minor)
            .sum();
        assert_eq!(returned, 81_250, "{name}");
    }
}

/// What the member can spend of the currency it counts in.
fn purse(world: &World, member: MemberId, code: &str) -> u128 {
    available(&world.book, member, currency(code))
}

#[test]
fn a_random_series_returns_exactly_what_was_taken() {
    for seed in 0..300 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut world = World::new();
        agree(&mut world, random.u32(0..=20_000), random.u32(0..=3_000), random.u32(0..=3_000));
        let price = format!("{}.{:04}", random.u32(0..20), random.u32(1..10_000));
        world.offer(PROVIDER, &price, u64::MAX, DAY);
        world.fund(ACQUIRER, cny(10_000));
        let whole = random.u64(100..=200_000);
        let before = [purse(&world, WALLET, "PHP"), purse(&world, ACQUIRER, "CNY")];
        let others = [purse(&world, PROVIDER, "PHP"), purse(&world, PROVIDER, "CNY")];
        let payment = paid(&mut world, whole);
        let taken = world.payment(payment).terms.clone().unwrap();
        series(&mut world, payment, &mut random);
        let live = |part: fn(&crate::Refund) -> Amount| -> u64 {
            let refunds = world.payment(payment).refunds.iter().filter(|refund| refund.stage.counts());
            refunds.map(|refund| part(refund).minor).sum()
        };
        assert_eq!(live(|refund| refund.amount), whole, "seed {seed}");
        assert_eq!(live(|refund| refund.payer_amount), taken.payer_amount.minor, "seed {seed}");
        assert_eq!(live(|refund| refund.interchange), taken.interchange.minor, "seed {seed}");
        assert_eq!(live(|refund| refund.interchange_payer), taken.interchange_payer.minor, "seed {seed}");
        // Everybody is where they began, but for the network's fees, which are not returned.
        let fees = [taken.wallet_fee, taken.acquirer_fee].map(|fee| u128::from(fee.minor));
        let after = [purse(&world, WALLET, "PHP") + fees[0], purse(&world, ACQUIRER, "CNY") + fees[1]];
        assert_eq!(after, before, "seed {seed}");
        assert_eq!([purse(&world, PROVIDER, "PHP"), purse(&world, PROVIDER, "CNY")], others, "seed {seed}");
    }
}

/// Refunds of random parts, some declined, some open for a while, until everything is returned.
fn series(world: &mut World, payment: PaymentId, random: &mut fastrand::Rng) {
    let whole = world.payment(payment).opened.amount.minor;
    let answer = |world: &mut World, refund: u16, outcome| {
        world.take(&Input::RefundSaid { payment, refund, outcome }).unwrap();
    };
    let mut open: Vec<u16> = Vec::new();
    while world.payment(payment).refunded().minor < whole || !open.is_empty() {
        let left = whole - world.payment(payment).refunded().minor;
        let number = u16::try_from(world.payment(payment).refunds.len()).unwrap();
        let last = usize::from(number) + 10 >= REFUNDS_MAX;
        if left > 0 {
            let minor =
                if last || random.u8(0..8) == 0 { left } else { random.u64(1..=left.min(whole / 8 + 1)) };
            let too_much = world.decide(&refund(&format!("{number}"), payment, cny(left + 1)));
            assert_eq!(too_much, Err(Refusal::RefundExceedsPayment));
            world.take(&refund(&format!("{number}"), payment, cny(minor))).unwrap();
            open.push(number);
        }
        let stays_open = left > minor_open(world, payment, &open) && random.bool();
        if stays_open && !last {
            continue;
        }
        let index = random.usize(0..open.len());
        let declined = !last && random.u8(0..3) == 0;
        let outcome = if declined { Outcome::Declined(Decline::ProcessFail) } else { Outcome::Done };
        let refund = open.swap_remove(index);
        answer(world, refund, outcome);
        let refunds = world.payment(payment).refunds.iter().filter(|refund| refund.stage.counts());
        let returned: u64 = refunds.map(|refund| refund.payer_amount.minor).sum();
        assert!(returned <= world.payment(payment).terms.as_ref().unwrap().payer_amount.minor);
    }
}

fn minor_open(world: &World, payment: PaymentId, open: &[u16]) -> u64 {
    open.iter().map(|number| world.payment(payment).refunds[usize::from(*number)].amount.minor).sum()
}

/// Parts of a unit add up: the fifth refund returns no centavo to the payer but one of interchange to the provider,
/// and the wallet has none left. A refund that the payer has cannot fail, so the wallet's credit line gives it.
#[test]
fn interchange_that_the_giver_lacks_comes_from_its_credit_line() {
    let mut world = World::new();
    agree(&mut world, 600_000, 1_000, 500);
    world.offer(PROVIDER, "0.004", u64::MAX, DAY);
    world.fund(PROVIDER, cny(10_000));
    let payment = paid(&mut world, 2_500);
    for _ in 0..4 {
        give_back(&mut world, payment, 125, Outcome::Done);
    }
    world.offer(PROVIDER, "1", u64::MAX, DAY);
    let rest = u64::try_from(purse(&world, WALLET, "PHP")).unwrap();
    world.paid_by_code("the rest", cny(rest));
    assert_eq!(purse(&world, WALLET, "PHP"), 0);
    give_back(&mut world, payment, 125, Outcome::Done);
    let last = world.payment(payment).refunds.last().unwrap();
    assert_eq!((last.payer_amount.minor, last.interchange_payer.minor), (0, 1));
    let line = world.book.account(funds::account_id(WALLET, currency("PHP"), Purpose::CreditLine)).unwrap();
    assert_eq!((line.debits_posted, purse(&world, WALLET, "PHP")), (1, 0));
}

#[test]
fn a_refund_needs_a_payment_that_was_made_and_the_money() {
    let mut world = World::new();
    let payment = paid(&mut world, 10_000);
    let (sent, ended) = (world.paid_by_code("sent", cny(1)), world.ordered("ended", cny(1)));
    world.take(&cancel("ended")).unwrap();
    let limit = world.now.plus_ms(REFUND_WINDOW_MS);
    for (payment, amount, expected) in [
        (payment, cny(10_000), "! Shortage(LiquidityAcquirer)"),
        (payment, cny(9_930), "RefundOpened"),
        (payment, cny(9_931), "! Shortage(LiquidityAcquirer)"),
        (payment, cny(10_001), "! RefundExceedsPayment"),
        (payment, cny(u64::MAX), "! RefundExceedsPayment"),
        (payment, cny(0), "! AmountZero"),
        (payment, Amount::new(currency("PHP"), 1), "! CurrencyDiffers"),
        (sent, cny(1), "! NotPaid"),
        (ended, cny(1), "! NotPaid"),
    ] {
        assert_eq!(told(world.decide(&refund("b", payment, amount))), expected, "{payment:?} {amount}");
    }
    world.now = limit;
    assert_eq!(told(world.decide(&refund("b", payment, cny(1)))), "RefundOpened");
    world.wait(1);
    assert_eq!(world.decide(&refund("b", payment, cny(1))), Err(Refusal::RefundWindowExceeded));
}

/// The provider gave the payer's currency away since: the refund waits for its funds.
#[test]
fn a_provider_without_the_payers_currency_stops_a_refund() {
    let mut world = World::new();
    let payment = paid(&mut world, 10_000);
    let (account, other) = (
        funds::account_id(PROVIDER, currency("PHP"), Purpose::Position),
        funds::account_id(OTHER_WALLET, currency("PHP"), Purpose::Position),
    );
    let all_but = ledger::Transfer {
        id: 1 << 110,
        debit_account_id: account,
        credit_account_id: other,
        amount: purse(&world, PROVIDER, "PHP") - 8_124,
        ledger: 608,
        code: 1,
        ..ledger::Transfer::default()
    };
    world.book.create_transfers(world.now.as_ns(), &[all_but], &mut Vec::new());
    let shortage = world.decide(&refund("b", payment, cny(1_000)));
    assert_eq!(shortage, Err(Refusal::Shortage(Decline::LiquidityFx)));
    assert_eq!(told(world.decide(&refund("b", payment, cny(999)))), "RefundOpened");
}

#[test]
fn a_payment_takes_only_so_many_refunds() {
    let mut world = World::new();
    let payment = paid(&mut world, 10_000);
    for _ in 0..REFUNDS_MAX {
        give_back(&mut world, payment, 1, Outcome::Declined(Decline::ProcessFail));
    }
    assert_eq!(world.decide(&refund("one more", payment, cny(1))), Err(Refusal::TooManyRefunds));
}

/// Never cancelled by a limit: after 72 hours it is an operator's, with its reservation, and can still end.
#[test]
fn a_refund_without_an_answer_gets_stuck_and_can_be_freed() {
    for (outcome, expected, spendable) in [
        (Outcome::Done, "RefundSucceeded", 9_930 - 4_000 + 24),
        (Outcome::Declined(Decline::UserNotExist), "RefundFailed", 9_930),
        (Outcome::Unclear, "-", 9_930 - 4_000),
    ] {
        let mut world = World::new();
        let payment = paid(&mut world, 10_000);
        world.take(&refund("b", payment, cny(4_000))).unwrap();
        assert!(matches!(world.asked.last(), Some(Effect::AskToRefund(_, 0))));
        let answer = |outcome| Input::RefundSaid { payment, refund: 0, outcome };
        assert_eq!(told(world.take(&answer(Outcome::Unclear))), "-");
        world.wait(REFUND_LIMIT_MS - 1);
        assert_eq!(told(world.decide(&Input::Due { payment })), "-");
        world.wait(1);
        assert_eq!(told(world.take(&Input::Due { payment })), "RefundStuck");
        assert_eq!(told(world.decide(&Input::Due { payment })), "-");
        assert_eq!(world.payment(payment).next_due(), None, "nobody is asked any more");
        assert_eq!(purse(&world, ACQUIRER, "CNY"), 9_930 - 4_000);
        assert_eq!(told(world.take(&answer(outcome))), expected);
        assert_eq!(purse(&world, ACQUIRER, "CNY"), spendable, "{expected}");
        if expected != "-" {
            let late = [Outcome::Done, Outcome::Declined(Decline::ProcessFail), Outcome::Unclear];
            late.into_iter().for_each(|late| assert_eq!(told(world.decide(&answer(late))), "-"));
        }
    }
}

/// At home two legs are enough: the refund and its interchange.
#[test]
fn a_refund_at_home_crosses_no_currency() {
    let mut world = World::new();
    let begun = world.take(&Input::Pay(Pay { notify_url: None, ..order("r", cny(10_000)) })).unwrap();
    let payment = begun.iter().find_map(Event::payment).unwrap();
    world.take(&Input::Scan(scan(HOME_WALLET, payment, TOKEN))).unwrap();
    world.take(&super::world::confirm(HOME_WALLET, payment, None)).unwrap();
    let done = Input::WalletSaid { wallet: HOME_WALLET, payment, outcome: Outcome::Done };
    assert_eq!(told(world.take(&done)), "Succeeded");
    let before = world.book.transfers_len();
    give_back(&mut world, payment, 4_000, Outcome::Done);
    assert_eq!(world.book.transfers_len() - before, 3, "reserved, posted, interchange");
    give_back(&mut world, payment, 5_000, Outcome::Done);
    assert_eq!(purse(&world, ACQUIRER, "CNY"), 1_000 - 6 - 10);
    assert_eq!(purse(&world, HOME_WALLET, "CNY"), 10_000_000 - 1_000 + 6 - 5);
}
