//! Rules of a certificate's own life: proposed, accepted or rejected, split, passed on, pledged, released.

use money::MINOR_MAX;

use crate::event::{Accepted, Event, Moved, PartAmount, PartSplit, Pledged, Proposed, Rejected, Released};
use crate::hash::sha256;
use crate::identity::{Party, Purpose};
use crate::price::share;
use crate::refusal::Refusal;
use crate::state::admission::Case;
use crate::state::rules::{Decided, TENOR_DAYS_MAX, TENOR_DAYS_USUAL};
use crate::state::{ProgrammeRecord, Stage};
use crate::transaction::{CertificateRef, Day, PartRef, Pledge, Propose, Reject, Split, Transfer};

/// Leaf parts of one certificate: a payment is shared among all of them.
pub const PARTS_MAX: usize = 256;
/// Documents of one certificate: invoice, order, delivery note and the like.
pub const FINGERPRINTS_MAX: usize = 8;
/// Days in which a proposal can be accepted; then it lapses by itself.
pub const PROPOSAL_DAYS: Day = 30;
/// How many former holders may answer for one part.
pub const RECOURSE_MAX: usize = 8;
/// The reason of a proposal that lapsed.
const LAPSED: u16 = 0;

impl Case<'_> {
    pub(super) fn propose(&self, wish: &Propose) -> Decided {
        self.known(&wish.supplier)?;
        self.signed_by(&wish.supplier, Purpose::Issue, wish.face)?;
        let programme = self.state.programme(wish.programme).ok_or(Refusal::UnknownProgramme)?;
        let terms = &programme.terms;
        let ascending = wish.fingerprints.windows(2).all(|pair| pair[0] < pair[1]);
        let documents = (1..=FINGERPRINTS_MAX).contains(&wish.fingerprints.len());
        if wish.face == 0 || wish.face > MINOR_MAX || !ascending || !documents {
            return Err(Refusal::BadAmount);
        }
        if wish.supplier == terms.buyer {
            return Err(Refusal::BadTerms);
        }
        let days = wish.due_day.checked_sub(wish.issue_day).ok_or(Refusal::Tenor)?;
        let longest = Day::from(terms.tenor_days_max.min(TENOR_DAYS_MAX));
        if days > longest || wish.issue_day > self.day || wish.due_day <= self.day {
            return Err(Refusal::Tenor);
        }
        if days > Day::from(TENOR_DAYS_USUAL) && wish.tenor_reason.is_none() {
            return Err(Refusal::TenorReasonMissing);
        }
        let mut events = self.lapsed_before(wish)?;
        events.push(Event::Proposed(Proposed {
            certificate: self.id,
            programme: wish.programme,
            supplier: wish.supplier,
            face: wish.face,
            currency: terms.currency,
            issue_day: wish.issue_day,
            due_day: wish.due_day,
            tenor_reason: wish.tenor_reason,
            accept_until_day: self.day.saturating_add(PROPOSAL_DAYS).min(wish.due_day - 1),
            fingerprints: wish.fingerprints.clone(),
            document: wish.document,
        }));
        Ok(events)
    }

    /// Lapsed proposals that gave their fingerprints to nobody yet. Refused if any fingerprint is a certificate's that
    /// is not rejected: one life per receivable, for ever.
    fn lapsed_before(&self, wish: &Propose) -> Decided {
        let mut lapsed = Vec::new();
        for fingerprint in &wish.fingerprints {
            let Some(id) = self.state.fingerprint(fingerprint) else { continue };
            let holder = self.state.certificate(id).expect("a fingerprint is a certificate's");
            if holder.stage(self.day) != Stage::Rejected {
                return Err(Refusal::AlreadyFinanced);
            }
            lapsed.push(*id);
        }
        lapsed.sort_unstable();
        lapsed.dedup();
        let rejected = |certificate| Event::Rejected(Rejected { certificate, reason: LAPSED });
        Ok(lapsed.into_iter().map(rejected).collect())
    }

    pub(super) fn accept(&self, wish: &CertificateRef) -> Decided {
        let certificate = self.state.certificate(&wish.certificate).ok_or(Refusal::UnknownCertificate)?;
        let programme = self.programme_of(certificate.programme);
        let terms = &programme.terms;
        self.signed_by(&terms.buyer, Purpose::Accept, certificate.face)?;
        if certificate.stage(self.day) != Stage::Proposed {
            return Err(Refusal::WrongStage);
        }
        if certificate.frozen {
            return Err(Refusal::Frozen);
        }
        if programme.owed.saturating_add(certificate.face) > terms.limit {
            return Err(Refusal::BuyerLimit);
        }
        if let Some(guarantee) = &terms.guarantee {
            let more = share(certificate.face, guarantee.share_ppm);
            if programme.guaranteed.saturating_add(more) > guarantee.limit {
                return Err(Refusal::GuarantorLimit);
            }
        }
        Ok(vec![Event::Accepted(Accepted { certificate: wish.certificate })])
    }

    pub(super) fn reject(&self, wish: &Reject) -> Decided {
        let certificate = self.state.certificate(&wish.certificate).ok_or(Refusal::UnknownCertificate)?;
        let buyer = self.programme_of(certificate.programme).terms.buyer;
        self.signed_by(&buyer, Purpose::Accept, 0)
            .or_else(|_| self.signed_by(&certificate.supplier, Purpose::Issue, 0))?;
        if certificate.stage(self.day) != Stage::Proposed {
            return Err(Refusal::WrongStage);
        }
        let rejected = Rejected { certificate: wish.certificate, reason: wish.reason };
        Ok(vec![Event::Rejected(rejected)])
    }

    pub(super) fn split(&self, wish: &Split) -> Decided {
        let (part, certificate) = self.disposable(&wish.part)?;
        self.signed_by(&part.holder, Purpose::Dispose, part.amount)?;
        let whole = wish.amounts.iter().try_fold(0u64, |sum, amount| sum.checked_add(*amount));
        if wish.amounts.len() < 2 || wish.amounts.contains(&0) || whole != Some(part.amount) {
            return Err(Refusal::BadAmount);
        }
        if certificate.leaves.len() - 1 + wish.amounts.len() > PARTS_MAX {
            return Err(Refusal::TooManyParts);
        }
        let child = |(number, amount): (u32, &u64)| {
            let id = sha256(&[b"part", &self.id, &number.to_be_bytes()]);
            PartAmount { part: id, amount: *amount }
        };
        let children = (0..).zip(&wish.amounts).map(child).collect();
        Ok(vec![Event::PartSplit(PartSplit { part: wish.part, children })])
    }

    pub(super) fn transfer(&self, wish: &Transfer) -> Decided {
        let (part, certificate) = self.disposable(&wish.part)?;
        self.signed_by(&part.holder, Purpose::Dispose, part.amount)?;
        self.known(&wish.to)?;
        if wish.to == part.holder {
            return Err(Refusal::BadTerms);
        }
        if wish.recourse && (!certificate.terms.recourse || part.recourse.len() >= RECOURSE_MAX) {
            return Err(Refusal::NoRecourse);
        }
        let moved =
            Moved { part: wish.part, from: part.holder, to: wish.to, recourse: wish.recourse, order: None };
        Ok(vec![Event::Transferred(moved)])
    }

    pub(super) fn pledge(&self, wish: &Pledge) -> Decided {
        let (part, _) = self.disposable(&wish.part)?;
        self.signed_by(&part.holder, Purpose::Dispose, part.amount)?;
        self.known(&wish.to)?;
        if wish.to == part.holder {
            return Err(Refusal::BadTerms);
        }
        if wish.secured == 0 || wish.secured > part.amount {
            return Err(Refusal::BadAmount);
        }
        Ok(vec![Event::Pledged(Pledged { part: wish.part, to: wish.to, secured: wish.secured })])
    }

    pub(super) fn release(&self, wish: &PartRef) -> Decided {
        let part = self.state.part(&wish.part).ok_or(Refusal::UnknownPart)?;
        let pledgee: Party = part.pledge.as_ref().ok_or(Refusal::PartClosed)?.to;
        self.signed_by(&pledgee, Purpose::Dispose, 0)?;
        Ok(vec![Event::Released(Released { part: wish.part })])
    }

    fn programme_of(&self, programme: u32) -> &ProgrammeRecord {
        self.state.programme(programme).expect("a certificate is made under its programme")
    }

    pub(super) fn buyer_class(&self, programme: u32) -> u8 {
        self.programme_of(programme).terms.buyer_class
    }

    pub(super) fn fee_ppm_max(&self, programme: u32) -> u32 {
        self.programme_of(programme).terms.fee_ppm_max
    }
}
