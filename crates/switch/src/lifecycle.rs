//! THE table: every stage of a payment against everything that can happen to it. States and limits: the network's
//! rulebook, sections C.1 and C.2. It names what becomes true; making it true is `apply`, moving money is `postings`.

use std::sync::Arc;

use crate::clock::cancel_until;
use crate::event::{CancelledBy, Event};
use crate::input::{Confirm, Outcome, Scan};
use crate::judged::Judged;
use crate::payment::{Decline, Payment, Stage};
use crate::refund::RefundStage;
use crate::refusal::Refusal;
use crate::switch::Context;
use crate::{confirm, scan};

/// What can happen to a payment that is known.
pub(crate) enum Step<'a> {
    /// A payer's wallet read the merchant's code.
    Scanned(&'a Scan),
    /// The payer agreed.
    Confirmed(&'a Confirm),
    /// Risk control judged it.
    Judged(&'a Arc<Judged>),
    /// The book answered.
    Funded(Option<Decline>),
    /// The wallet spoke about the payment.
    Said(Outcome),
    /// The acquirer takes it back.
    CancelAsked,
    /// The wallet took a cancel.
    CancelTaken,
    /// A limit may have passed.
    Due,
}

/// What becomes true when `step` happens to `payment`.
pub(crate) fn next(payment: &Payment, step: &Step<'_>, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    use Outcome::{Declined, Done, Unclear};
    use Stage::*;
    use Step::*;
    let id = payment.id();
    let late = payment.limit().is_some_and(|limit| limit <= ctx.now);
    Ok(match (payment.stage, step) {
        // The merchant shows a code, the payer looks at the price.
        (CodeIssued | Quoted, Scanned(scan)) => scan::bind(payment, scan, ctx)?,
        (Quoted, Confirmed(confirm)) => confirm::agree(payment, confirm, ctx)?,
        (CodeIssued, Confirmed(_)) => return Err(Refusal::WrongStage),
        (CodeIssued | Quoted, CancelAsked) => {
            vec![Event::Cancelled { payment: id, by: CancelledBy::Acquirer }]
        }
        (CodeIssued | Quoted, Due) if late => vec![Event::Expired { payment: id }],
        // Judged once, when the payer has agreed; a refusal rejects it.
        (Quoted, Judged(_)) if !payment.is_agreed() || payment.judged.is_some() => vec![],
        (Quoted, Judged(judged)) => vec![Event::Judged { payment: id, judged: (*judged).clone() }],
        // Both currencies or none, and not before it was judged.
        (Quoted, Funded(_)) if !payment.is_agreed() || payment.judged.is_none() => vec![],
        (Quoted, Funded(None)) => vec![Event::Reserved { payment: id }, Event::Sent { payment: id }],
        (Quoted, Funded(Some(decline))) => vec![Event::Rejected { payment: id, decline: *decline }],
        // Only a log that ends between the two leaves a payment here.
        (Reserved, Due) if late => vec![Event::Sent { payment: id }],
        // The wallet has been asked, or told, to debit.
        (Sent | InDoubt, Said(Done)) => vec![Event::Succeeded { payment: id }],
        (Sent | InDoubt, Said(Declined(decline))) => vec![Event::Failed { payment: id, decline: *decline }],
        (Sent, Said(Unclear)) => vec![Event::InDoubt { payment: id }],
        (Sent, Due) if late => vec![Event::InDoubt { payment: id }],
        (InDoubt, Due) if late => vec![Event::Cancelled { payment: id, by: CancelledBy::Limit }],
        (Sent | InDoubt, CancelAsked) => vec![Event::Cancelled { payment: id, by: CancelledBy::Acquirer }],
        // Paid, and taken back within the window.
        (Succeeded, CancelAsked) => take_back(payment, ctx)?,
        // Taken back: the wallet confirms, or did not know and is told again.
        (Cancelled, CancelTaken) if !payment.cancel_acknowledged => {
            vec![Event::CancelAcknowledged { payment: id }]
        }
        (Cancelled, Said(Done)) if payment.sent_at.is_some() && !payment.late_success => {
            vec![Event::LateSuccess { payment: id }]
        }
        // Asked again for what is already so, or too early to matter: nothing changes.
        (Failed | Rejected | Expired | Cancelled, CancelAsked) => vec![],
        (Sent | InDoubt | Succeeded, Confirmed(confirm)) => confirm::repeat(payment, confirm)?,
        (CodeIssued | Quoted | Reserved | Sent | InDoubt, Due) => vec![],
        (Succeeded | Failed | Rejected | Expired | Cancelled, Due) => vec![],
        (InDoubt, Said(Unclear)) => vec![],
        (Succeeded | Failed | Rejected | Expired | Cancelled, Said(_)) => vec![],
        (CodeIssued | Quoted | Reserved | Sent | InDoubt, CancelTaken) => vec![],
        (Succeeded | Failed | Rejected | Expired | Cancelled, CancelTaken) => vec![],
        (CodeIssued | Reserved | Sent | InDoubt, Judged(_) | Funded(_)) => vec![],
        (Succeeded | Failed | Rejected | Expired | Cancelled, Judged(_) | Funded(_)) => vec![],
        // Too late, or out of turn.
        (Reserved | Sent | InDoubt | Succeeded, Scanned(_)) => return Err(Refusal::WrongStage),
        (Failed | Rejected | Expired | Cancelled, Confirmed(confirm)) => confirm::closed(payment, confirm)?,
        (Failed | Rejected | Expired | Cancelled, Scanned(_)) => return Err(Refusal::Closed),
        (CodeIssued | Quoted, Said(_)) => return Err(Refusal::WrongStage),
        (Reserved, Confirmed(_) | Said(_) | CancelAsked) => return Err(Refusal::WrongStage),
    })
}

/// A success is taken back whole, within its window, as long as nothing of it was refunded.
fn take_back(payment: &Payment, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let succeeded_at = payment.succeeded_at.expect("a succeeded payment has its time");
    if ctx.now > cancel_until(succeeded_at) {
        return Err(Refusal::CancelWindowExceeded);
    }
    if payment.refunds.iter().any(|refund| refund.stage != RefundStage::Failed) {
        return Err(Refusal::HasRefunds);
    }
    Ok(vec![Event::Cancelled { payment: payment.id(), by: CancelledBy::Acquirer }])
}
