//! What a fact does to the one payment that it is about. Decides nothing and knows no other payment.

use directory::Time;

use super::Moment;
use crate::clock;
use crate::event::{Event, RefundOpened};
use crate::payment::{Payment, Stage};
use crate::refund::{Refund, RefundStage};

impl Payment {
    pub(super) fn apply(&mut self, moment: Moment, event: &Event) {
        match event {
            Event::Quoted { terms, .. } => {
                self.terms = Some(terms.clone());
                self.reach(Stage::Quoted, moment);
            }
            Event::Confirmed { .. } => {
                self.confirmed = true;
                self.owe(moment.at);
            }
            Event::Judged { judged, .. } => {
                self.judged = Some(judged.clone());
                self.decline = judged.refused;
                match judged.refused {
                    Some(_) => self.reach(Stage::Rejected, moment),
                    None => self.owe(moment.at),
                }
            }
            Event::Reserved { .. } => self.reach(Stage::Reserved, moment),
            Event::Sent { .. } => {
                self.sent_at = Some(moment.at);
                self.reach(Stage::Sent, moment);
            }
            Event::Rejected { decline, .. } => {
                self.decline = Some(*decline);
                self.reach(Stage::Rejected, moment);
            }
            Event::InDoubt { .. } => self.reach(Stage::InDoubt, moment),
            Event::Succeeded { .. } => {
                self.succeeded_at = Some(moment.at);
                self.commit = Some(moment.commit);
                self.reach(Stage::Succeeded, moment);
            }
            Event::Failed { decline, .. } => {
                self.decline = Some(*decline);
                self.reach(Stage::Failed, moment);
            }
            Event::Expired { .. } => self.reach(Stage::Expired, moment),
            Event::Cancelled { .. } => {
                self.cancel_acknowledged = self.sent_at.is_none();
                self.reach(Stage::Cancelled, moment);
            }
            Event::CancelAcknowledged { .. } => {
                self.cancel_acknowledged = true;
                self.wallet_strand.settle();
            }
            Event::LateSuccess { .. } => {
                self.late_success = true;
                self.cancel_acknowledged = false;
                self.owe(moment.at);
            }
            Event::NoticeTaken { .. } => {
                self.notice_owed = false;
                self.notice_strand.settle();
            }
            Event::RefundSucceeded { refund, .. } => {
                self.end_refund(*refund, RefundStage::Succeeded, moment.at)
            }
            Event::RefundFailed { refund, decline, .. } => {
                self.end_refund(*refund, RefundStage::Failed, moment.at);
                self.refunds[usize::from(*refund)].decline = Some(*decline);
            }
            Event::RefundStuck { refund, .. } => self.end_refund(*refund, RefundStage::Stuck, moment.at),
            Event::CodesIssued { .. } | Event::CancelledUnseen { .. } | Event::Refused { .. } => {}
            Event::Opened(_) | Event::RefundOpened(_) => unreachable!("applied by the switch"),
        }
    }

    fn reach(&mut self, stage: Stage, moment: Moment) {
        self.stage = stage;
        self.since = moment.at;
        self.owe(moment.at);
        let standing = self.opened.request_id.is_none();
        if stage.is_final() && (self.opened.notify_url.is_some() || (standing && stage == Stage::Succeeded)) {
            self.notice_owed = true;
            self.notice_strand.owe(moment.at, &clock::NOTICE);
        }
    }

    pub(super) fn add_refund(&mut self, at: Time, opened: &RefundOpened) {
        let mut refund = Refund {
            request_id: opened.request_id.clone(),
            amount: opened.amount,
            payer_amount: opened.payer_amount,
            interchange: opened.interchange,
            interchange_payer: opened.interchange_payer,
            stage: RefundStage::Sent,
            opened_at: at,
            since: at,
            decline: None,
            strand: clock::Strand::default(),
        };
        refund.strand.owe(at, &clock::REFUND);
        self.refunds.push(refund);
    }

    fn end_refund(&mut self, number: u16, stage: RefundStage, at: Time) {
        let refund = &mut self.refunds[usize::from(number)];
        refund.stage = stage;
        refund.since = at;
        refund.strand.settle();
    }
}
