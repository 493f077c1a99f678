//! What each fact does to the book: the transfers P1, P2, F1 to F4, R1 to R4 and their mirrors (rulebook C.2, C.5).
//! A pure function of the payment, so that replay posts the same and a repeat is recognised by its ids.

use directory::MemberId;
use ledger::{AMOUNT_ALL, Ledger, Transfer, TransferFlags};
use money::{Amount, Currency};

use crate::event::{Event, RefundOpened};
use crate::funds::{Purpose, Reason, account_id, available};
use crate::payment::{Decline, Payment, PaymentId, Stage, Terms};
use crate::purse::Purses;
use crate::refund::Refund;

/// The steps of a payment that post; part of each transfer's id.
#[derive(Clone, Copy)]
enum Step {
    Reserve = 1,
    Settle = 2,
    Void = 3,
    Reverse = 4,
}

const REFUND_STEPS_FROM: u32 = 16;
const STEPS_A_REFUND: u32 = 3;

/// One movement between two members.
#[derive(Clone, Copy)]
struct Leg {
    from: MemberId,
    to: MemberId,
    amount: Amount,
    reason: Reason,
}

impl Leg {
    fn mirrored(self) -> Leg {
        Leg { from: self.to, to: self.from, reason: Reason::Reversal, ..self }
    }
}

/// The reserved legs and the legs that follow when the payment succeeds.
struct Legs {
    reserved: Vec<Leg>,
    fees: Vec<Leg>,
}

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
        Event::Confirmed { .. } | Event::Sent { .. } | Event::Rejected { .. } | Event::InDoubt { .. } => {}
        Event::Expired { .. } | Event::CancelAcknowledged { .. } | Event::LateSuccess { .. } => {}
        Event::NoticeTaken { .. } | Event::CancelledUnseen { .. } | Event::RefundStuck { .. } => {}
    }
    if let Some(last) = out.last_mut() {
        last.flags = last.flags.without(TransferFlags::LINKED);
    }
}

/// Why the book would refuse to reserve this payment, if it would.
pub fn shortage(payment: &Payment, book: &dyn Ledger) -> Option<Decline> {
    let terms = payment.terms.as_deref()?;
    for leg in legs(payment, terms).reserved {
        let same_account =
            |other: &&Leg| other.from == leg.from && other.amount.currency == leg.amount.currency;
        let needed: u128 = legs(payment, terms)
            .reserved
            .iter()
            .filter(same_account)
            .map(|leg| u128::from(leg.amount.minor))
            .sum();
        if available(book, leg.from, leg.amount.currency) < needed {
            let payer = leg.from == terms.wallet;
            return Some(if payer { Decline::LiquidityPayer } else { Decline::LiquidityFx });
        }
    }
    None
}

fn legs(payment: &Payment, terms: &Terms) -> Legs {
    let (acquirer, wallet) = (payment.opened.acquirer, terms.wallet);
    let leg = |from, to, amount, reason| Leg { from, to, amount, reason };
    let mut reserved = Vec::with_capacity(3);
    let mut fees = Vec::with_capacity(4);
    match terms.quote.provider {
        Some(provider) => {
            reserved.push(leg(wallet, provider, terms.payer_amount, Reason::PayerLeg));
            reserved.push(leg(provider, acquirer, payment.opened.amount, Reason::PayeeLeg));
            fees.push(leg(acquirer, provider, terms.interchange, Reason::Interchange));
            fees.push(leg(provider, wallet, terms.interchange_payer, Reason::Interchange));
        }
        None => {
            reserved.push(leg(wallet, acquirer, payment.opened.amount, Reason::PayerLeg));
            fees.push(leg(acquirer, wallet, terms.interchange, Reason::Interchange));
        }
    }
    fees.push(leg(acquirer, MemberId::NETWORK, terms.acquirer_fee, Reason::NetworkFee));
    let wallet_fee = leg(wallet, MemberId::NETWORK, terms.wallet_fee, Reason::NetworkFee);
    // A fee that the interchange does not cover must be sure before the payer is debited.
    match terms.wallet_fee.minor > terms.interchange_payer.minor {
        true => reserved.push(wallet_fee),
        false => fees.push(wallet_fee),
    }
    fees.retain(|leg| !leg.amount.is_zero());
    Legs { reserved, fees }
}

fn terms(payment: &Payment) -> &Terms {
    payment.terms.as_deref().expect("money moves only for a payment with terms")
}

fn reserve(payment: &Payment, out: &mut Vec<Transfer>) {
    for (number, leg) in legs(payment, terms(payment)).reserved.into_iter().enumerate() {
        let id = transfer_id(payment.id(), Step::Reserve as u32, number);
        out.push(transfer(id, payment.id(), leg, TransferFlags::PENDING));
    }
}

fn settle(payment: &Payment, out: &mut Vec<Transfer>) {
    let legs = legs(payment, terms(payment));
    resolve(
        payment,
        legs.reserved.len(),
        Step::Settle as u32,
        Step::Reserve as u32,
        TransferFlags::POST_PENDING,
        out,
    );
    for (number, leg) in legs.fees.into_iter().enumerate() {
        let id = transfer_id(payment.id(), Step::Settle as u32, legs.reserved.len() + number);
        out.push(transfer(id, payment.id(), leg, TransferFlags::NONE));
    }
}

fn void(payment: &Payment, out: &mut Vec<Transfer>) {
    let count = legs(payment, terms(payment)).reserved.len();
    resolve(payment, count, Step::Void as u32, Step::Reserve as u32, TransferFlags::VOID_PENDING, out);
}

/// Mirrors every leg. A cancel always wins, so where a member has spent what it must give back, the network covers
/// it from the member's credit line.
fn reverse(payment: &Payment, book: &dyn Ledger, out: &mut Vec<Transfer>) {
    let Legs { reserved, fees } = legs(payment, terms(payment));
    let mirrored = fees.into_iter().chain(reserved).map(Leg::mirrored);
    // The network's fees come back first, the large legs last: most of what is given back was just received.
    let (small, large): (Vec<Leg>, Vec<Leg>) = mirrored.partition(|leg| leg.from == MemberId::NETWORK);
    let legs = small.into_iter().chain(large);
    covered(payment.id(), Step::Reverse as u32, 0, legs, &mut Purses::new(book), out);
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
        out.push(transfer(next_id(), payment, leg, TransferFlags::NONE));
    }
}

fn refund_legs(payment: &Payment, amounts: [Amount; 4]) -> Legs {
    let terms = terms(payment);
    let (acquirer, wallet) = (payment.opened.acquirer, terms.wallet);
    let [amount, payer_amount, interchange, interchange_payer] = amounts;
    let leg = |from, to, amount| Leg { from, to, amount, reason: Reason::Refund };
    let (reserved, mut fees) = match terms.quote.provider {
        Some(provider) => (
            vec![leg(acquirer, provider, amount), leg(provider, wallet, payer_amount)],
            vec![leg(provider, acquirer, interchange), leg(wallet, provider, interchange_payer)],
        ),
        None => (vec![leg(acquirer, wallet, amount)], vec![leg(wallet, acquirer, interchange)]),
    };
    fees.retain(|leg| !leg.amount.is_zero());
    Legs { reserved, fees }
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
    for (number, leg) in refund_legs(payment, amounts).reserved.into_iter().enumerate() {
        out.push(transfer(
            transfer_id(payment.id(), step, number),
            payment.id(),
            leg,
            TransferFlags::PENDING,
        ));
    }
}

/// Posts what was reserved and gives interchange back. Parts of a unit add up over several refunds, so one refund may
/// give back a unit of interchange more than it brings the giver: covered like a cancel.
fn settle_refund(payment: &Payment, refund: u16, book: &dyn Ledger, out: &mut Vec<Transfer>) {
    let refund = usize::from(refund);
    let legs = refund_legs(payment, amounts(&payment.refunds[refund]));
    let (held, step) = (refund_step(refund, 0), refund_step(refund, 1));
    resolve(payment, legs.reserved.len(), step, held, TransferFlags::POST_PENDING, out);
    let mut purses = Purses::new(book);
    legs.reserved.iter().for_each(|leg| purses.receive(leg.to, leg.amount));
    covered(payment.id(), step, legs.reserved.len(), legs.fees.into_iter(), &mut purses, out);
}

fn void_refund(payment: &Payment, refund: u16, out: &mut Vec<Transfer>) {
    let refund = usize::from(refund);
    let count = refund_legs(payment, amounts(&payment.refunds[refund])).reserved.len();
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

fn transfer(id: u128, payment: PaymentId, leg: Leg, flags: TransferFlags) -> Transfer {
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
