//! The rulebook, written a second time: which fact is allowed at which stage, what it moves, and which arm of the
//! switch's table it came from. Shares no code with the switch.

use directory::Time;
use switch::{CancelledBy, Event, Kind, RefundStage, Stage, clock};

use super::{Causes, Known};
use crate::books::Books;

/// The stage a fact leads to, if the rulebook allows it where the payment stands.
pub(super) fn target(known: &Known, event: &Event, at: Time) -> Option<Stage> {
    use Stage::*;
    let refund = |number: u16| known.refunds.get(usize::from(number)).map(|(_, stage)| *stage);
    let live = known.refunds.iter().any(|(_, stage)| stage.counts());
    Some(match (event, known.stage) {
        (Event::Quoted { .. }, CodeIssued | Quoted) => Quoted,
        (Event::Confirmed { .. }, Quoted) => Quoted,
        // Judged once, when the payer has agreed, and before any money is held.
        (Event::Judged { judged, .. }, Quoted) if known.judged.is_none() && known.is_agreed() => {
            match judged.refused {
                Some(_) => Rejected,
                None => Quoted,
            }
        }
        (Event::Reserved { .. }, Quoted) if known.judged.is_some() => Reserved,
        (Event::Rejected { .. }, Quoted) if known.judged.is_some() => Rejected,
        (Event::Sent { .. }, Reserved) => Sent,
        (Event::InDoubt { .. }, Sent) => InDoubt,
        (Event::Succeeded { .. }, Sent | InDoubt) => Succeeded,
        (Event::Failed { .. }, Sent | InDoubt) => Failed,
        (Event::Expired { .. }, CodeIssued | Quoted) => Expired,
        (Event::Cancelled { .. }, CodeIssued | Quoted | Sent | InDoubt) => Cancelled,
        (Event::Cancelled { .. }, Succeeded)
            if !live && known.succeeded_at.is_some_and(|paid| at <= clock::cancel_until(paid)) =>
        {
            Cancelled
        }
        (Event::CancelAcknowledged { .. }, Cancelled) if !known.acknowledged => Cancelled,
        (Event::LateSuccess { .. }, Cancelled) if known.sent_at.is_some() => Cancelled,
        (Event::NoticeTaken { .. }, stage) if stage.is_final() => stage,
        (Event::RefundOpened(_), Succeeded) => Succeeded,
        (Event::RefundSucceeded { refund: number, .. }, Succeeded)
        | (Event::RefundFailed { refund: number, .. }, Succeeded)
            if matches!(refund(*number), Some(RefundStage::Sent | RefundStage::Stuck)) =>
        {
            Succeeded
        }
        (Event::RefundStuck { refund: number, .. }, Succeeded)
            if refund(*number) == Some(RefundStage::Sent) =>
        {
            Succeeded
        }
        _ => return None,
    })
}

pub(super) fn move_money(books: &mut Books, known: &Known, event: &Event) -> Result<(), String> {
    let Some(terms) = known.terms.as_deref() else { return Ok(()) };
    let opened = &known.opened;
    let refund = |number: u16| {
        let found = known.refunds.get(usize::from(number)).map(|(opened, _)| opened);
        found.ok_or(format!("a fact about refund {number} of {:?}", opened.payment))
    };
    match event {
        Event::Reserved { .. } => books.hold(opened, terms, 1),
        Event::Succeeded { .. } => {
            books.hold(opened, terms, -1);
            books.pay(opened, terms, 1);
        }
        Event::Failed { .. } => books.hold(opened, terms, -1),
        Event::Cancelled { .. } if known.stage.holds_reservation() => books.hold(opened, terms, -1),
        Event::Cancelled { .. } if known.stage == Stage::Succeeded => books.pay(opened, terms, -1),
        Event::RefundOpened(refund) => books.hold_refund(opened, terms, refund, 1),
        Event::RefundFailed { refund: number, .. } => {
            books.hold_refund(opened, terms, refund(*number)?, -1);
        }
        Event::RefundSucceeded { refund: number, .. } => {
            books.hold_refund(opened, terms, refund(*number)?, -1);
            books.refund(opened, terms, refund(*number)?);
        }
        _ => {}
    }
    Ok(())
}

/// The arm of the switch's table that a fact came from: the stage before, and what happened to it.
pub(super) fn arm(known: &Known, event: &Event, causes: &Causes) -> String {
    let id = known.opened.payment;
    let consumer = known.opened.kind == Kind::ConsumerPresented;
    let refund = |number: u16| known.refunds.get(usize::from(number)).map(|(_, stage)| *stage);
    let cause = match event {
        Event::Quoted { .. } if consumer => "Pay",
        Event::Quoted { .. } if known.opened.request_id.is_none() && known.terms.is_none() => "Begun",
        Event::Quoted { .. } => match (causes.scanned.contains(&id), causes.confirmed.contains(&id)) {
            (true, false) => "Scanned",
            (false, true) => "Confirmed too late for its quote",
            _ => "Scanned or Confirmed",
        },
        Event::Confirmed { .. } => "Confirmed",
        Event::Judged { judged, .. } if judged.refused.is_some() => "Judged and refused",
        Event::Judged { .. } => "Judged",
        Event::Reserved { .. } => "Funded",
        Event::Sent { .. } => "Sent",
        Event::Rejected { .. } => "Not funded",
        Event::InDoubt { .. } if causes.unclear.contains(&id) => "Said Unclear",
        Event::InDoubt { .. } => "Due",
        Event::Succeeded { .. } => "Said Done",
        Event::Failed { .. } => "Said Declined",
        Event::Expired { .. } => "Due",
        Event::Cancelled { by: CancelledBy::Acquirer, .. } => "CancelAsked",
        Event::Cancelled { by: CancelledBy::Limit, .. } => "Due",
        Event::CancelAcknowledged { .. } => "CancelTaken",
        Event::LateSuccess { .. } => "Said Done",
        Event::NoticeTaken { .. } => "NoticeTaken",
        Event::RefundOpened(_) => "Refund",
        Event::RefundSucceeded { refund: number, .. } => match refund(*number) {
            Some(RefundStage::Stuck) => "stuck RefundSaid Done",
            _ => "RefundSaid Done",
        },
        Event::RefundFailed { .. } => "RefundSaid Declined",
        Event::RefundStuck { .. } => "RefundDue",
        Event::CodesIssued { .. } | Event::Opened(_) => "",
        Event::CancelledUnseen { .. } | Event::Refused { .. } => "",
    };
    format!("{:?} {cause}", known.stage)
}
