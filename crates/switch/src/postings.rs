//! What each fact does to the book: the transfers P1, P2, F1 to F4, R1 to R4 and their mirrors (rulebook C.2, C.5).
//! A pure function of the payment, so that replay posts the same and a repeat is recognised by its ids.

use directory::MemberId;
use ledger::{AMOUNT_ALL, Ledger, Transfer, TransferFlags};
use money::{Amount, Currency};

use crate::event::{Event, RefundOpened};
use crate::funds::{Purpose, Reason, account_id, available};
use crate::legs::{Leg, Legs};
use crate::payment::{Decline, Payment, PaymentId, Stage, Terms};
use crate::purse::Purses;
use crate::refund::{Refund, RefundStage};

/// The steps of a payment that post; part of each transfer's id.
#[derive(Clone, Copy)]
enum Step {
    Reserve = 1,
    Settle = 2,
    Void = 3,
    Reverse = 4,
}

/// Of a payment that succeeds across currencies: two reserved, two posted, four fees.
pub const TRANSFERS_A_PAYMENT: u32 = 8;

const REFUND_STEPS_FROM: u32 = 16;
const STEPS_A_REFUND: u32 = 3;

/// The transfers that make `event` true in the book, as one linked batch, appended to `out`. `payment` is as it was
/// before the event.
pub fn of_event(payment: &Payment, event: &Event, book: &dyn Ledger, out: &mut Vec<Transfer>) {
    match event {
        Event::Reserved { .. } => reserve(payment, out),
        Event::Succeeded { .. } => settle(payment, out),
        Event::Failed { .. } => void(payment, out),
        Event::Cancelled { .. } if payment.stage.holds_reservation() => void(payment, out),
        Event::Cancelled { .. } if payment.stage == Stage::Succeeded => reverse(payment, book, out),
        Event::RefundOpened(refund) => reserve_refund(payment, refund, out),
        Event::RefundSucceeded { refund, .. } => settle_refund(payment, *refund, book, out),
        Event::RefundFailed { refund, .. } => void_refund(payment, *refund, out),
        Event::Cancelled { .. } | Event::CodesIssued { .. } | Event::Opened(_) | Event::Quoted { .. } => {}
        Event::Confirmed { .. }
        | Event::Judged { .. }
        | Event::Sent { .. }
        | Event::Rejected { .. }
        | Event::InDoubt { .. } => {}
        Event::Expired { .. } | Event::CancelAcknowledged { .. } | Event::LateSuccess { .. } => {}
        Event::NoticeTaken { .. }
        | Event::CancelledUnseen { .. }
        | Event::Refused { .. }
        | Event::RefundStuck { .. } => {}
    }
    if let Some(last) = out.last_mut() {
        last.flags = last.flags.without(TransferFlags::LINKED);
    }
}

/// Why the book would refuse to reserve this payment, if it would.
pub fn shortage(payment: &Payment, book: &dyn Ledger) -> Option<Decline> {
    let terms = payment.terms.as_deref()?;
    let legs = Legs::of_payment(payment, terms);
    for leg in legs.reserved() {
        let same_account =
            |other: &&Leg| other.from == leg.from && other.amount.currency == leg.amount.currency;
        let needed: u128 =
            legs.reserved().iter().filter(same_account).map(|leg| u128::from(leg.amount.minor)).sum();
        if available(book, leg.from, leg.amount.currency) < needed {
            let payer = leg.from == terms.wallet;
            return Some(if payer { Decline::LiquidityPayer } else { Decline::LiquidityFx });
        }
    }
    None
}

/// What the book must be holding for this payment and its refunds: who gives, and how much.
pub fn held(payment: &Payment) -> Vec<(MemberId, Amount)> {
    let mut held = Vec::new();
    let mut hold = |legs: Legs| held.extend(legs.reserved().iter().map(|leg| (leg.from, leg.amount)));
    if payment.stage.holds_reservation() {
        hold(legs(payment));
    }
    let open = |refund: &&Refund| matches!(refund.stage, RefundStage::Sent | RefundStage::Stuck);
    payment.refunds.iter().filter(open).for_each(|refund| hold(refund_legs(payment, amounts(refund))));
    held
}

fn legs(payment: &Payment) -> Legs {
    Legs::of_payment(payment, terms(payment))
}

fn refund_legs(payment: &Payment, amounts: [Amount; 4]) -> Legs {
    Legs::of_refund(payment, terms(payment), amounts)
}

fn terms(payment: &Payment) -> &Terms {
    payment.terms.as_deref().expect("money moves only for a payment with terms")
}

fn reserve(payment: &Payment, out: &mut Vec<Transfer>) {
    for (number, leg) in legs(payment).reserved().iter().enumerate() {
        let id = transfer_id(payment.id(), Step::Reserve as u32, number);
        out.push(transfer(id, payment.id(), leg, TransferFlags::PENDING));
    }
}

fn settle(payment: &Payment, out: &mut Vec<Transfer>) {
    let (legs, step) = (legs(payment), Step::Settle as u32);
    let count = legs.reserved().len();
    resolve(payment, count, step, Step::Reserve as u32, TransferFlags::POST_PENDING, out);
    for (number, leg) in legs.following().iter().enumerate() {
        let id = transfer_id(payment.id(), step, count + number);
        out.push(transfer(id, payment.id(), leg, TransferFlags::NONE));
    }
}

fn void(payment: &Payment, out: &mut Vec<Transfer>) {
    let count = legs(payment).reserved().len();
    resolve(payment, count, Step::Void as u32, Step::Reserve as u32, TransferFlags::VOID_PENDING, out);
}

/// Mirrors every leg. A cancel always wins, so where a member has spent what it must give back, the network covers
/// it from the member's credit line.
fn reverse(payment: &Payment, book: &dyn Ledger, out: &mut Vec<Transfer>) {
    let legs = legs(payment);
    let mirrored = || legs.following().iter().chain(legs.reserved()).map(|leg| leg.mirrored());
    // The network's fees come back first, the large legs last: most of what is given back was just received.
    let small = mirrored().filter(|leg| leg.from == MemberId::NETWORK);
    let large = mirrored().filter(|leg| leg.from != MemberId::NETWORK);
    covered(payment.id(), Step::Reverse as u32, 0, small.chain(large), &mut Purses::new(book), out);
}

/// Posts legs that must not fail, numbered from `first`: what a member lacks comes from its credit line.
fn covered(
    payment: PaymentId,
    step: u32,
    first: usize,
    legs: impl Iterator<Item = Leg>,
    purses: &mut Purses<'_>,
    out: &mut Vec<Transfer>,
) {
    let mut ids = (first..).map(|number| transfer_id(payment, step, number));
    let mut next_id = || ids.next().expect("numbers do not end");
    for leg in legs {
        let lacking = purses.give(leg.from, leg.amount);
        if lacking > 0 {
            out.push(cover(next_id(), payment, leg.from, leg.amount.currency, lacking));
        }
        purses.receive(leg.to, leg.amount);
        out.push(transfer(next_id(), payment, &leg, TransferFlags::NONE));
    }
}

fn amounts(refund: &Refund) -> [Amount; 4] {
    [refund.amount, refund.payer_amount, refund.interchange, refund.interchange_payer]
}

fn refund_step(refund: usize, step: u32) -> u32 {
    REFUND_STEPS_FROM + u32::try_from(refund).expect("REFUNDS_MAX is small") * STEPS_A_REFUND + step
}

fn reserve_refund(payment: &Payment, opened: &RefundOpened, out: &mut Vec<Transfer>) {
    let amounts = [opened.amount, opened.payer_amount, opened.interchange, opened.interchange_payer];
    let step = refund_step(payment.refunds.len(), 0);
    for (number, leg) in refund_legs(payment, amounts).reserved().iter().enumerate() {
        let id = transfer_id(payment.id(), step, number);
        out.push(transfer(id, payment.id(), leg, TransferFlags::PENDING));
    }
}

/// Posts what was reserved and gives interchange back. Parts of a unit add up over several refunds, so one refund may
/// give back a unit of interchange more than it brings the giver: covered like a cancel.
fn settle_refund(payment: &Payment, refund: u16, book: &dyn Ledger, out: &mut Vec<Transfer>) {
    let refund = usize::from(refund);
    let legs = refund_legs(payment, amounts(&payment.refunds[refund]));
    let (held, step) = (refund_step(refund, 0), refund_step(refund, 1));
    let count = legs.reserved().len();
    resolve(payment, count, step, held, TransferFlags::POST_PENDING, out);
    let mut purses = Purses::new(book);
    legs.reserved().iter().for_each(|leg| purses.receive(leg.to, leg.amount));
    covered(payment.id(), step, count, legs.following().iter().copied(), &mut purses, out);
}

fn void_refund(payment: &Payment, refund: u16, out: &mut Vec<Transfer>) {
    let refund = usize::from(refund);
    let count = refund_legs(payment, amounts(&payment.refunds[refund])).reserved().len();
    resolve(payment, count, refund_step(refund, 2), refund_step(refund, 0), TransferFlags::VOID_PENDING, out);
}

/// Posts or voids the `count` reserved legs of step `held`.
fn resolve(
    payment: &Payment,
    count: usize,
    step: u32,
    held: u32,
    how: TransferFlags,
    out: &mut Vec<Transfer>,
) {
    for number in 0..count {
        out.push(Transfer {
            id: transfer_id(payment.id(), step, number),
            pending_id: transfer_id(payment.id(), held, number),
            amount: if how == TransferFlags::POST_PENDING { AMOUNT_ALL } else { 0 },
            flags: how | TransferFlags::LINKED,
            ..Transfer::default()
        });
    }
}

fn transfer(id: u128, payment: PaymentId, leg: &Leg, flags: TransferFlags) -> Transfer {
    let currency = leg.amount.currency;
    Transfer {
        id,
        debit_account_id: account_id(leg.from, currency, Purpose::Position),
        credit_account_id: account_id(leg.to, currency, Purpose::Position),
        amount: u128::from(leg.amount.minor),
        user_data_128: u128::from(payment.0),
        ledger: u32::from(currency.numeric()),
        code: leg.reason as u16,
        flags: flags | TransferFlags::LINKED,
        ..Transfer::default()
    }
}

fn cover(id: u128, payment: PaymentId, member: MemberId, currency: Currency, minor: u128) -> Transfer {
    Transfer {
        id,
        debit_account_id: account_id(member, currency, Purpose::CreditLine),
        credit_account_id: account_id(member, currency, Purpose::Position),
        amount: minor,
        user_data_128: u128::from(payment.0),
        ledger: u32::from(currency.numeric()),
        code: Reason::Cover as u16,
        flags: TransferFlags::LINKED,
        ..Transfer::default()
    }
}

/// Ids rise with payments, so that the book's map fills in order.
fn transfer_id(payment: PaymentId, step: u32, number: usize) -> u128 {
    let number = u128::try_from(number).expect("a few legs");
    u128::from(payment.0) << 32 | u128::from(step) << 8 | number
}
