//! Every stage, reached through real events, against everything that can happen: compared with `lifecycle.txt`.

use std::fmt::Write;

use super::world::{
    OTHER_WALLET, TOKEN, WALLET, World, cancel, cny, confirm, issue, judged, refund, said, scan, told,
};
use crate::clock;
use crate::lifecycle::{Step, next};
use crate::payment::{Decline, PaymentId, Stage};
use crate::{Confirm, Event, Input, Outcome};

const EXPECTED: &str = include_str!("lifecycle.txt");

/// One line of the table per stage and step. Read the difference as a change of the rulebook: if it is meant, change
/// the line in `lifecycle.txt` by hand and say why in the commit.
#[test]
fn the_table_is_as_written() {
    let (mut table, mut stages) = (String::new(), Vec::new());
    for (name, reach) in LIVES {
        let mut world = World::new();
        let payment = reach(&mut world);
        stages.push(world.payment(payment).stage);
        writeln!(table, "{name}").unwrap();
        happenings(&mut world, payment, &mut table);
    }
    for stage in Stage::ALL {
        assert!(stages.contains(&stage), "no row begins at {stage:?}");
    }
    for (line, (found, expected)) in table.lines().zip(EXPECTED.lines()).enumerate() {
        let stage = table.lines().take(line).filter(|line| !line.starts_with(' ')).last();
        assert_eq!(found, expected, "line {} of lifecycle.txt, at {stage:?}", line + 1);
    }
    assert_eq!(table.lines().count(), EXPECTED.lines().count(), "{table}");
}

type Reach = fn(&mut World) -> PaymentId;

const LIVES: [(&str, Reach); 25] = [
    ("CodeIssued", |world| world.ordered("r", cny(10_000))),
    ("CodeIssued for a payer's code (the log ends here)", |world| cut_before(world, "Quoted")),
    ("Quoted", scanned),
    ("Quoted and confirmed (nobody has judged it)", confirmed),
    ("Quoted and judged (the book has not answered)", |world| {
        let payment = confirmed(world);
        world.apply(&Event::Judged { payment, judged: judged(None) });
        payment
    }),
    ("Quoted for a payer's code (nobody has judged it)", |world| cut_before(world, "Judged")),
    ("Quoted for a payer's code and judged (the book has not answered)", |world| {
        cut_before(world, "Reserved")
    }),
    ("Reserved (the log ends here)", |world| cut_before(world, "Sent")),
    ("Sent, payer's code", |world| world.paid_by_code("r", cny(10_000))),
    ("Sent, merchant's code", sent),
    ("InDoubt, payer's code", |world| answered(world, Outcome::Unclear)),
    ("InDoubt, merchant's code", |world| after(world, sent, Outcome::Unclear)),
    ("Succeeded, payer's code", |world| answered(world, Outcome::Done)),
    ("Succeeded, merchant's code", |world| after(world, sent, Outcome::Done)),
    ("Succeeded, a refund begun", |world| {
        let payment = answered(world, Outcome::Done);
        world.take(&refund("refund", payment, cny(1))).unwrap();
        payment
    }),
    ("Succeeded, the cancel window closed", |world| {
        let payment = answered(world, Outcome::Done);
        world.now = clock::cancel_until(world.now).plus_ms(1);
        payment
    }),
    ("Failed", |world| answered(world, Outcome::Declined(Decline::BalanceNotEnough))),
    ("Rejected, payer's code", |world| world.paid_by_code("r", cny(2_000_000))),
    ("Rejected, merchant's code", |world| {
        let payment = world.ordered("r", cny(2_000_000));
        world.take(&Input::Scan(scan(WALLET, payment, TOKEN))).unwrap();
        world.take(&confirm(WALLET, payment, None)).unwrap();
        assert_eq!(world.payment(payment).decline, Some(Decline::LiquidityPayer));
        payment
    }),
    ("Rejected by risk control", |world| {
        world.refuses = Some(Decline::RiskReject);
        let payment = world.paid_by_code("r", cny(10_000));
        assert_eq!(world.payment(payment).decline, Some(Decline::RiskReject));
        payment
    }),
    ("Expired", |world| {
        let payment = world.ordered("r", cny(10_000));
        world.wait(clock::ORDER_DEFAULT_MS);
        world.take(&Input::Due { payment }).unwrap();
        payment
    }),
    ("Cancelled before the wallet was asked", |world| {
        let payment = scanned(world);
        world.take(&cancel("r")).unwrap();
        payment
    }),
    ("Cancelled, the wallet has not taken it", taken_back),
    ("Cancelled, the wallet has taken it", |world| {
        let payment = taken_back(world);
        world.take(&Input::CancelTaken { payment }).unwrap();
        payment
    }),
    ("Cancelled, the wallet has said that it paid", |world| after(world, taken_back, Outcome::Done)),
];

fn taken_back(world: &mut World) -> PaymentId {
    let payment = world.paid_by_code("r", cny(10_000));
    world.take(&cancel("r")).unwrap();
    payment
}

fn scanned(world: &mut World) -> PaymentId {
    let payment = world.ordered("r", cny(10_000));
    world.take(&Input::Scan(scan(WALLET, payment, TOKEN))).unwrap();
    payment
}

fn confirmed(world: &mut World) -> PaymentId {
    let payment = scanned(world);
    let events = world.decide(&confirm(WALLET, payment, None)).unwrap();
    events.iter().for_each(|event| world.apply(event));
    payment
}

fn sent(world: &mut World) -> PaymentId {
    let payment = scanned(world);
    world.take(&confirm(WALLET, payment, Some(1))).unwrap();
    payment
}

fn answered(world: &mut World, outcome: Outcome) -> PaymentId {
    after(world, |world| world.paid_by_code("r", cny(10_000)), outcome)
}

fn after(world: &mut World, reach: Reach, outcome: Outcome) -> PaymentId {
    let payment = reach(world);
    world.take(&said(payment, outcome)).unwrap();
    payment
}

/// A payment by a payer's code as far as the fact before the named one: a log may end anywhere.
fn cut_before(world: &mut World, fact: &str) -> PaymentId {
    let mut whole = World::new();
    let code = whole.code();
    let pay = super::world::by_code("r", super::world::PREFIX, code, cny(10_000));
    let issued = world.take(&issue(WALLET, 1, code.0)).unwrap();
    assert_eq!(told(Ok(issued)), "CodesIssued");
    let events = whole.take(&Input::Pay(pay)).unwrap();
    for event in events.iter().take_while(|event| told(Ok(vec![(*event).clone()])) != fact) {
        world.apply(event);
    }
    events[0].payment().unwrap()
}

/// What each step brings, in the stage's own time and, for limits, at the limit.
fn happenings(world: &mut World, id: PaymentId, table: &mut String) {
    let agreed = |wallet, quote| Confirm { wallet, payment: id, quote };
    let quote = world.payment(id).terms.as_ref().map_or(1, |terms| terms.quote.number);
    let scans = [
        ("scanned", scan(WALLET, id, TOKEN)),
        ("scanned by another wallet", scan(OTHER_WALLET, id, TOKEN)),
        ("scanned with a guess", scan(WALLET, id, TOKEN + 1)),
    ];
    for (name, scan) in scans {
        writeln!(table, "    {name:<28}{}", told(world.decide(&Input::Scan(scan)))).unwrap();
    }
    let confirms = [agreed(WALLET, Some(quote)), agreed(OTHER_WALLET, None), agreed(WALLET, Some(quote + 1))];
    let verdicts = [judged(None), judged(Some(Decline::RiskReject))];
    let steps = [
        ("confirmed", Step::Confirmed(&confirms[0])),
        ("confirmed by another wallet", Step::Confirmed(&confirms[1])),
        ("confirmed at an old quote", Step::Confirmed(&confirms[2])),
        ("judged", Step::Judged(&verdicts[0])),
        ("judged and refused", Step::Judged(&verdicts[1])),
        ("funded", Step::Funded(None)),
        ("not funded", Step::Funded(Some(Decline::LiquidityFx))),
        ("wallet says done", Step::Said(Outcome::Done)),
        ("wallet says declined", Step::Said(Outcome::Declined(Decline::RiskReject))),
        ("wallet is unclear", Step::Said(Outcome::Unclear)),
        ("cancel asked", Step::CancelAsked),
        ("cancel taken", Step::CancelTaken),
        ("due before the limit", Step::Due),
    ];
    for (name, step) in &steps {
        let decided = next(world.payment(id), step, &world.context());
        let who = match decided.as_deref() {
            Ok([Event::Cancelled { by, .. }]) => format!(" by {by:?}"),
            _ => String::new(),
        };
        writeln!(table, "    {name:<28}{}{who}", told(decided)).unwrap();
    }
    let limit = world.payment(id).limit();
    world.now = limit.unwrap_or(world.now);
    let at_limit = next(world.payment(id), &Step::Due, &world.context());
    let by_limit = match at_limit.as_deref() {
        Ok([Event::Cancelled { by, .. }]) => format!(" by {by:?}"),
        _ => String::new(),
    };
    let name = if limit.is_some() { "due at the limit" } else { "due, without a limit" };
    writeln!(table, "    {name:<28}{}{by_limit}", told(at_limit)).unwrap();
}
