//! What each fact about a delivery does to the book: held in clearing's favour, posted through clearing to the payees
//! in one linked batch, or void. A pure function of the delivery, so that replay posts the same.

use directory::MemberId;
use ledger::{AMOUNT_ALL, Ledger, Transfer, TransferFlags};
use money::Amount;
use switch::funds::{Purpose, Reason, account_id, available};

use super::{Delivery, Event, Share, Stage, What};

/// Transfer ids of deliveries live above every payment's and every funding's.
const DELIVERY_IDS: u128 = 1 << 121;

/// The steps of a delivery that post; part of each transfer's id.
#[derive(Clone, Copy)]
enum Step {
    Reserve = 1,
    Post = 2,
    Void = 3,
    Share = 4,
}

/// The transfers that make `event` true, as one linked batch, appended to `out`. `delivery` is as it was before.
pub(crate) fn of_event(delivery: &Delivery, event: &Event, out: &mut Vec<Transfer>) {
    match event {
        Event::Reserved { .. } => out.push(reserve(delivery)),
        Event::Withheld { shares, .. } => out.push(post(delivery, total(shares))),
        Event::Done { shares, .. } => {
            if delivery.stage == Stage::Reserved {
                out.push(post(delivery, total(shares)));
            }
            let paid = shares.iter().filter(|share| share.minor > 0);
            out.extend(paid.enumerate().map(|(place, share)| pay(delivery, place, share)));
        }
        Event::Released { .. } if delivery.holds() => out.push(void(delivery)),
        Event::Released { .. } | Event::Begun(_) | Event::Mandated(_) | Event::Offered(_) => {}
    }
    if let Some(last) = out.last_mut() {
        last.flags = last.flags.without(TransferFlags::LINKED);
    }
}

/// Whether who pays can pay all of it now.
pub(super) fn is_there(delivery: &Delivery, book: &dyn Ledger) -> bool {
    let Amount { currency, minor } = delivery.begun.amount;
    available(book, delivery.begun.from, currency) >= u128::from(minor)
}

/// What the book must be holding for this delivery: of whom, and how much.
pub(crate) fn held(delivery: &Delivery) -> Option<(MemberId, Amount)> {
    delivery.holds().then_some((delivery.begun.from, delivery.begun.amount))
}

/// What all payees get together.
pub(super) fn total(shares: &[Share]) -> u128 {
    shares.iter().map(|share| u128::from(share.minor)).sum()
}

fn reserve(delivery: &Delivery) -> Transfer {
    let currency = delivery.begun.amount.currency;
    let from = account_id(delivery.begun.from, currency, Purpose::Position);
    let amount = u128::from(delivery.begun.amount.minor);
    let transfer =
        transfer(delivery, transfer_id(delivery, Step::Reserve, 0), from, clearing(delivery), amount);
    Transfer { flags: TransferFlags::PENDING | TransferFlags::LINKED, ..transfer }
}

/// Posts what moves; what liens do not take of what was held goes back by that.
fn post(delivery: &Delivery, amount: u128) -> Transfer {
    if amount == 0 {
        return void(delivery);
    }
    let all = amount == u128::from(delivery.begun.amount.minor);
    Transfer {
        id: transfer_id(delivery, Step::Post, 0),
        pending_id: transfer_id(delivery, Step::Reserve, 0),
        amount: if all { AMOUNT_ALL } else { amount },
        flags: TransferFlags::POST_PENDING | TransferFlags::LINKED,
        ..Transfer::default()
    }
}

fn void(delivery: &Delivery) -> Transfer {
    Transfer {
        id: transfer_id(delivery, Step::Void, 0),
        pending_id: transfer_id(delivery, Step::Reserve, 0),
        flags: TransferFlags::VOID_PENDING | TransferFlags::LINKED,
        ..Transfer::default()
    }
}

fn pay(delivery: &Delivery, place: usize, share: &Share) -> Transfer {
    let to = account_id(share.to, delivery.begun.amount.currency, Purpose::Position);
    let id = transfer_id(delivery, Step::Share, place);
    transfer(delivery, id, clearing(delivery), to, u128::from(share.minor))
}

fn transfer(delivery: &Delivery, id: u128, from: u128, to: u128, amount: u128) -> Transfer {
    let reason = match delivery.begun.what {
        What::Sale { .. } => Reason::Sale,
        What::Redemption { .. } => Reason::Redemption,
        What::Advance { .. } => Reason::Advance,
        What::Unit { .. } => Reason::Repayment,
    };
    Transfer {
        id,
        debit_account_id: from,
        credit_account_id: to,
        amount,
        user_data_128: u128::from(delivery.begun.number),
        ledger: u32::from(delivery.begun.amount.currency.numeric()),
        code: reason as u16,
        flags: TransferFlags::LINKED,
        ..Transfer::default()
    }
}

fn clearing(delivery: &Delivery) -> u128 {
    account_id(MemberId::NETWORK, delivery.begun.amount.currency, Purpose::Clearing)
}

fn transfer_id(delivery: &Delivery, step: Step, place: usize) -> u128 {
    let place = u128::try_from(place).expect("a few thousand shares");
    DELIVERY_IDS | u128::from(delivery.begun.number) << 32 | (step as u128) << 24 | place
}
