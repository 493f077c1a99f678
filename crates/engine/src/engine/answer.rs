//! What the one who sent an input is told: how the payment, refund or codes that it is about now stand. Changes nothing.

use std::sync::Arc;

use directory::MemberId;
use switch::{Event, PaymentId, Reference, Refusal};

use super::{Engine, Reply};

impl Engine {
    /// The payment an input is about when it brought no fact.
    pub(super) fn meant(&self, input: &switch::Input) -> Option<PaymentId> {
        let find = |acquirer, reference| self.switch.find(acquirer, reference).map(|payment| payment.id());
        match input {
            switch::Input::Pay(pay) => find(pay.acquirer, &Reference::Request(pay.request_id.clone())),
            switch::Input::Cancel { acquirer, reference } => find(*acquirer, reference),
            switch::Input::Refund(asked) => find(asked.acquirer, &asked.reference),
            switch::Input::Confirm(confirm) => Some(confirm.payment),
            switch::Input::Scan(scan) => match &scan.target {
                switch::ScanTarget::Order { payment, .. } => Some(*payment),
                switch::ScanTarget::Standing { .. } => None,
            },
            switch::Input::IssueCodes(_) => None,
            switch::Input::WalletSaid { payment, .. }
            | switch::Input::CancelTaken { payment }
            | switch::Input::RefundSaid { payment, .. }
            | switch::Input::Judged { payment, .. }
            | switch::Input::Funded { payment, .. }
            | switch::Input::NoticeTaken { payment }
            | switch::Input::Due { payment } => Some(*payment),
        }
    }

    pub(super) fn reply(&self, input: &switch::Input, touched: Option<PaymentId>) -> Reply {
        let payment = touched.and_then(|id| self.switch.payment(id));
        match (input, payment) {
            (switch::Input::Refund(asked), _) => self.refund_reply(asked.acquirer, &asked.request_id),
            (switch::Input::Cancel { .. }, None) => Reply::Refused(Refusal::UnknownPayment),
            (_, Some(payment)) => Reply::Payment(Box::new(payment.clone())),
            (_, None) => Reply::Done,
        }
    }

    fn refund_reply(&self, acquirer: MemberId, request_id: &Arc<str>) -> Reply {
        match self.switch.find_refund(acquirer, request_id) {
            Some((payment, number)) => Reply::Refund(Box::new(payment.clone()), number),
            None => Reply::Refused(Refusal::UnknownPayment),
        }
    }

    pub(super) fn codes_reply(&self, event: Event) -> Reply {
        let Event::CodesIssued { wallet, .. } = &event else { return Reply::Done };
        match self.directory.member(*wallet) {
            Some(member) => Reply::Codes(member.clone(), event),
            None => Reply::Refused(Refusal::NotAllowed),
        }
    }
}
