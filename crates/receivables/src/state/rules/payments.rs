//! Rules of money that came in: shared among holders in equal rank, to the unit, each transfer used once. Only a
//! settlement member proves money.

use crate::event::{Accepted, Event, LockEnded, Paid, RecoursePaid, Share, WrittenOff};
use crate::hash::Hash;
use crate::identity::{MemberId, Party, Purpose, Role};
use crate::price::apportion;
use crate::refusal::Refusal;
use crate::state::admission::Case;
use crate::state::rules::Decided;
use crate::state::{CertificateRecord, PartRecord, Stage};
use crate::transaction::{CertificateId, Minor, PartId, Pay, Payer, WriteOff};

impl Case<'_> {
    pub(super) fn pay(&self, wish: &Pay) -> Decided {
        self.signed_by_any(Role::Settler, Purpose::Settle)?;
        let certificate = self.state.certificate(&wish.certificate).ok_or(Refusal::UnknownCertificate)?;
        let stage = certificate.stage(self.day);
        if matches!(stage, Stage::Proposed | Stage::Rejected | Stage::Closed) {
            return Err(Refusal::WrongStage);
        }
        self.reference_is_new(&wish.reference)?;
        match wish.payer {
            Payer::Recourse(part) => self.pay_recourse(wish, &part, certificate, stage),
            Payer::Buyer(()) => {
                let owed = certificate.unpaid() + certificate.reimbursement();
                self.pay_holders(wish, certificate, owed)
            }
            Payer::Guarantor(()) => {
                if stage == Stage::Live {
                    return Err(Refusal::WrongStage);
                }
                if wish.interest > 0 {
                    return Err(Refusal::BadAmount);
                }
                self.pay_holders(wish, certificate, certificate.guaranteed())
            }
        }
    }

    fn pay_holders(&self, wish: &Pay, certificate: &CertificateRecord, principal_max: Minor) -> Decided {
        if wish.principal == 0 && wish.interest == 0 {
            return Err(Refusal::BadAmount);
        }
        if wish.principal > principal_max || wish.interest > certificate.interest_due(self.day) {
            return Err(Refusal::TooMuch);
        }
        let mut events = self.locks_over(certificate)?;
        let principal = wish.principal.min(certificate.unpaid());
        let unpaid = certificate.unpaid() - principal;
        let reimbursed = wish.principal - principal;
        events.push(Event::Paid(Paid {
            certificate: wish.certificate,
            payer: wish.payer,
            currency: certificate.currency,
            principal: wish.principal,
            interest: wish.interest,
            reference: wish.reference,
            shares: self.shares(certificate, principal, wish.interest)?,
            reimbursed,
            guarantor: self.guarantor(certificate).filter(|_| reimbursed > 0),
            unpaid,
            withheld: certificate.frozen,
        }));
        let paid_by_guarantor = match wish.payer {
            Payer::Guarantor(()) => principal,
            Payer::Buyer(()) | Payer::Recourse(_) => 0,
        };
        let reimbursement = certificate.reimbursement() + paid_by_guarantor - reimbursed;
        let interest_due = certificate.interest_due(self.day) - wish.interest;
        if unpaid == 0 && reimbursement == 0 && interest_due == 0 {
            events.push(Event::Closed(Accepted { certificate: wish.certificate }));
        }
        Ok(events)
    }

    /// Locks whose time is over end before money is shared; one that still runs makes the payment wait, since its
    /// price was for the whole part.
    fn locks_over(&self, certificate: &CertificateRecord) -> Decided {
        let mut ended = Vec::new();
        for (id, part) in self.leaves(certificate) {
            let Some(lock) = &part.lock else { continue };
            if self.block.time_ms < lock.until_ms {
                return Err(Refusal::Locked);
            }
            ended.push(Event::LockEnded(LockEnded { part: *id, key: lock.key }));
        }
        Ok(ended)
    }

    /// Equal rank: principal by what is unpaid, interest by amount, largest remainder, ties by part id. Who is secured
    /// by a part comes before its holder, up to what is secured.
    fn shares(
        &self,
        certificate: &CertificateRecord,
        principal: Minor,
        interest: Minor,
    ) -> Result<Vec<Share>, Refusal> {
        let mut leaves: Vec<(&PartId, &PartRecord)> = self.leaves(certificate).collect();
        leaves.sort_unstable_by_key(|(id, _)| **id);
        let weights = |weight: fn(&PartRecord) -> Minor| -> Vec<Minor> {
            leaves.iter().map(|(_, part)| weight(part)).collect()
        };
        let principals = apportion(principal, &weights(PartRecord::unpaid));
        let interests = apportion(interest, &weights(|part| part.amount));
        let mut shares = Vec::new();
        let mut pay = |part: &PartId, payee: Party, principal: Minor, interest: Minor| {
            let agent = self.agent(&payee)?;
            shares.push(Share { part: *part, payee, agent, principal, interest });
            Ok(())
        };
        for ((id, part), (principal, interest)) in leaves.iter().zip(principals.into_iter().zip(interests)) {
            let pledge = part.pledge.as_ref();
            let first = pledge.map_or(0, |pledge| pledge.secured.min(principal));
            if let Some(pledge) = pledge.filter(|_| first > 0) {
                pay(id, pledge.to, first, 0)?;
            }
            if principal > first || interest > 0 {
                pay(id, part.holder, principal - first, interest)?;
            }
        }
        Ok(shares)
    }

    fn guarantor(&self, certificate: &CertificateRecord) -> Option<MemberId> {
        let programme = self.state.programme(certificate.programme)?;
        programme.terms.guarantee.as_ref().map(|guarantee| guarantee.member)
    }

    fn leaves<'c>(
        &'c self,
        certificate: &'c CertificateRecord,
    ) -> impl Iterator<Item = (&'c PartId, &'c PartRecord)> {
        let part = |id| (id, self.state.part(id).expect("a leaf is a part"));
        certificate.leaves.iter().map(part)
    }

    /// Who passed the part on with recourse pays its holder what is unpaid of it, and holds it again. The buyer owes
    /// as much as before.
    fn pay_recourse(
        &self,
        wish: &Pay,
        id: &PartId,
        certificate: &CertificateRecord,
        stage: Stage,
    ) -> Decided {
        let part = self.state.part(id).filter(|part| part.certificate == wish.certificate);
        let part = part.ok_or(Refusal::UnknownPart)?;
        if !matches!(stage, Stage::Defaulted | Stage::WrittenOff) {
            return Err(Refusal::WrongStage);
        }
        if certificate.frozen {
            return Err(Refusal::Frozen);
        }
        if part.split || part.unpaid() == 0 {
            return Err(Refusal::PartClosed);
        }
        if part.pledge.is_some() {
            return Err(Refusal::Pledged);
        }
        let liable = *part.recourse.last().ok_or(Refusal::NoRecourse)?;
        if wish.principal != part.unpaid() || wish.interest != 0 {
            return Err(Refusal::BadAmount);
        }
        let lock = part.lock.as_ref().map(|lock| Event::LockEnded(LockEnded { part: *id, key: lock.key }));
        let paid = RecoursePaid {
            certificate: wish.certificate,
            part: *id,
            from: part.holder,
            agent: self.agent(&part.holder)?,
            to: liable,
            amount: wish.principal,
            currency: certificate.currency,
            reference: wish.reference,
        };
        Ok(lock.into_iter().chain([Event::RecoursePaid(paid)]).collect())
    }

    /// Gives up a step of what is unpaid after default; or, once all is paid but late interest, the interest.
    pub(super) fn write_off(&self, wish: &WriteOff) -> Decided {
        self.signed_by_any(Role::Settler, Purpose::Settle)?;
        let id: CertificateId = wish.certificate;
        let certificate = self.state.certificate(&id).ok_or(Refusal::UnknownCertificate)?;
        if certificate.stage(self.day) != Stage::Defaulted {
            return Err(Refusal::WrongStage);
        }
        if wish.amount == 0 {
            return Err(Refusal::BadAmount);
        }
        let event = |total| {
            Event::WrittenOff(WrittenOff { certificate: id, amount: wish.amount, total, reason: wish.reason })
        };
        if certificate.unpaid() > 0 {
            let total = certificate.written_off.checked_add(wish.amount).ok_or(Refusal::TooMuch)?;
            if total > certificate.unpaid() {
                return Err(Refusal::TooMuch);
            }
            return Ok(vec![event(total)]);
        }
        if wish.amount != certificate.interest_due(self.day) {
            return Err(Refusal::TooMuch);
        }
        let mut events = vec![event(certificate.written_off)];
        if certificate.reimbursement() == 0 {
            events.push(Event::Closed(Accepted { certificate: id }));
        }
        Ok(events)
    }

    pub(super) fn reference_is_new(&self, reference: &Hash) -> Result<(), Refusal> {
        match self.state.tables.references.record(reference) {
            Some(()) => Err(Refusal::ReferenceUsed),
            None => Ok(()),
        }
    }
}
