//! What money that came in, or will not, does to the state.

use crate::event::{Paid, WrittenOff};
use crate::price;
use crate::state::State;
use crate::transaction::{Day, Payer};

impl State {
    pub(super) fn apply_payment(&mut self, event: &Paid, day: Day) {
        self.tables.references.insert(event.reference, ());
        for share in &event.shares {
            let part = self.change_part(&share.part);
            part.paid += share.principal;
            if let Some(pledge) = part.pledge.as_mut().filter(|pledge| pledge.to == share.payee) {
                pledge.secured = pledge.secured.saturating_sub(share.principal);
                if pledge.secured == 0 {
                    part.pledge = None;
                }
            }
        }
        let to_holders = event.principal - event.reimbursed;
        let certificate = self.change_certificate(&event.certificate);
        let guaranteed = certificate.guaranteed();
        certificate.late = certificate.late_until(day);
        certificate.late_day = certificate.late_day.max(day);
        certificate.interest_paid += event.interest;
        certificate.paid += to_holders;
        certificate.reimbursed += event.reimbursed;
        certificate.written_off = certificate.written_off.min(certificate.unpaid());
        let by_guarantor = matches!(event.payer, Payer::Guarantor(()));
        if by_guarantor {
            certificate.paid_by_guarantor += to_holders;
        }
        let (number, falls) = (certificate.programme, guaranteed - certificate.guaranteed());
        let programme = self.change_programme(number);
        programme.guaranteed -= falls;
        if by_guarantor {
            programme.reimbursable += to_holders;
        } else {
            programme.owed -= event.principal;
            programme.reimbursable -= event.reimbursed;
        }
    }

    pub(super) fn apply_write_off(&mut self, event: &WrittenOff, day: Day) {
        let certificate = self.change_certificate(&event.certificate);
        if certificate.unpaid() > 0 {
            certificate.written_off = event.total;
        } else {
            certificate.interest_paid = price::interest(certificate.late_until(day), certificate.terms.basis);
        }
    }
}
