//! Giving money back: what a refund is, when it may be made, and how much of each amount it returns.

use std::sync::Arc;

use directory::{MemberId, Time};
use ledger::Ledger;
use money::{Amount, Rounding};

use crate::clock::{REFUND_WINDOW_MS, Strand};
use crate::event::{Event, RefundOpened};
use crate::funds;
use crate::input::RefundAsked;
use crate::payment::{Decline, Payment, Stage};
use crate::refusal::Refusal;

/// Refunds of one payment: enough for any return counter, few enough to list.
pub const REFUNDS_MAX: usize = 100;

/// Where a refund is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RefundStage {
    /// Reserved in the book; the wallet is asked until it says yes or no.
    Sent,
    /// The payer has the money.
    Succeeded,
    /// The wallet said no; nothing moved.
    Failed,
    /// The wallet never answered: an operator must look, the reservation stays.
    Stuck,
}

impl RefundStage {
    /// Whether its amount counts against what may still be refunded.
    pub fn counts(self) -> bool {
        self != RefundStage::Failed
    }
}

/// One refund of a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refund {
    /// The acquirer's idempotency key (`refundRequestId`).
    pub request_id: Arc<str>,
    /// What the merchant gives back (R1).
    pub amount: Amount,
    /// What the payer receives (R2).
    pub payer_amount: Amount,
    /// Interchange the acquirer gets back (R3).
    pub interchange: Amount,
    /// The same in the payer's currency, from the wallet (R4).
    pub interchange_payer: Amount,
    /// Where it is.
    pub stage: RefundStage,
    /// When it was opened.
    pub opened_at: Time,
    /// When it reached its stage.
    pub since: Time,
    /// Why it failed.
    pub decline: Option<Decline>,
    pub(crate) strand: Strand,
}

/// Decides a request to refund a payment that is known.
pub(crate) fn open(
    payment: &Payment,
    asked: &RefundAsked,
    now: Time,
    book: &dyn Ledger,
) -> Result<Vec<Event>, Refusal> {
    if payment.stage != Stage::Succeeded {
        return Err(Refusal::NotPaid);
    }
    let succeeded_at = payment.succeeded_at.expect("a succeeded payment has its time");
    if now.since_ms(succeeded_at) > REFUND_WINDOW_MS {
        return Err(Refusal::RefundWindowExceeded);
    }
    if payment.refunds.len() >= REFUNDS_MAX {
        return Err(Refusal::TooManyRefunds);
    }
    let opened = parts(payment, asked)?;
    if let Some(shortage) = shortage(payment, &opened, book) {
        return Err(Refusal::Shortage(shortage));
    }
    Ok(vec![Event::RefundOpened(opened)])
}

/// The four amounts of this refund. Each is the share of the cumulative refund, rounded half to even, less what
/// earlier refunds returned, so that a series that returns everything returns exactly everything.
fn parts(payment: &Payment, asked: &RefundAsked) -> Result<RefundOpened, Refusal> {
    let whole = payment.opened.amount;
    if asked.amount.currency != whole.currency {
        return Err(Refusal::CurrencyDiffers);
    }
    let before = payment.refunded();
    let after = before.plus(asked.amount).ok().filter(|after| after.minor <= whole.minor);
    let after = after.ok_or(Refusal::RefundExceedsPayment)?;
    let terms = payment.terms.as_ref().expect("a succeeded payment has terms");
    let earlier = |part: fn(&Refund) -> Amount| {
        let live = payment.refunds.iter().filter(|refund| refund.stage.counts());
        live.map(|refund| part(refund).minor).sum::<u64>()
    };
    let share = |of: Amount, already: u64| {
        let due = match after.minor == whole.minor {
            true => of.minor,
            false => proportion(of.minor, after.minor, whole.minor),
        };
        // A failed refund before this one may have taken the odd unit with it; never below nothing.
        Amount::new(of.currency, due.saturating_sub(already))
    };
    let payer_due = match after.minor == whole.minor {
        true => terms.payer_amount,
        false => terms.quote.rate.convert(after, Rounding::HalfEven).map_err(|_| Refusal::AmountTooLarge)?,
    };
    let payer_minor = payer_due.minor.saturating_sub(earlier(|refund| refund.payer_amount));
    Ok(RefundOpened {
        payment: payment.id(),
        request_id: asked.request_id.clone(),
        amount: asked.amount,
        payer_amount: Amount::new(terms.payer_amount.currency, payer_minor),
        interchange: share(terms.interchange, earlier(|refund| refund.interchange)),
        interchange_payer: share(terms.interchange_payer, earlier(|refund| refund.interchange_payer)),
    })
}

/// `of * part / whole`, half to even.
fn proportion(of: u64, part: u64, whole: u64) -> u64 {
    let (numerator, whole) = (u128::from(of) * u128::from(part), u128::from(whole));
    let (floor, left) = (numerator / whole, numerator % whole);
    let up = left * 2 > whole || (left * 2 == whole && floor % 2 == 1);
    u64::try_from(floor + u128::from(up)).expect("a part of a 64-bit amount")
}

fn shortage(payment: &Payment, opened: &RefundOpened, book: &dyn Ledger) -> Option<Decline> {
    let acquirer = payment.opened.acquirer;
    let provider: Option<MemberId> = payment.terms.as_ref().and_then(|terms| terms.quote.provider);
    if funds::available(book, acquirer, opened.amount.currency) < u128::from(opened.amount.minor) {
        return Some(Decline::LiquidityAcquirer);
    }
    let provider = provider?;
    let left = funds::available(book, provider, opened.payer_amount.currency);
    (left < u128::from(opened.payer_amount.minor)).then_some(Decline::LiquidityFx)
}
