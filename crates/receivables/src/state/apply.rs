//! What events do to the state: the only place where it changes, nonces aside. Applying cannot fail: deciding has
//! looked at everything before.

mod financing;
mod payments;
mod units;

use crate::event::{Event, Moved, PartSplit, Proposed};
use crate::identity::{KeyGrant, Party};
use crate::price::share;
use crate::state::{
    CertificateRecord, Decision, MemberRecord, PartRecord, PartyRecord, PledgeRecord, ProgrammeRecord,
    RateRecord, State, Terms, ValidatorsRecord,
};
use crate::transaction::{CertificateId, Day, DayCount, PartId, RegisterMember, RotateKey, SetProgramme};

/// A record that deciding has found.
const FOUND: &str = "deciding has found it";

impl State {
    pub(super) fn apply(&mut self, event: &Event, day: Day) {
        match event {
            Event::MemberRegistered(wish) => self.apply_member(wish),
            Event::KeyRotated(wish) => self.apply_rotation(wish),
            Event::ProgrammeSet(wish) => self.apply_programme(wish),
            Event::FreezeSet(wish) => self.change_certificate(&wish.certificate).frozen = wish.frozen,
            Event::CourtMoved(moved) | Event::Transferred(moved) => self.apply_move(moved),
            Event::ValidatorsSet(wish) => {
                let record = ValidatorsRecord { validators: wish.validators.clone() };
                self.tables.validators.insert(wish.epoch, record);
            }
            Event::Vouched(vouched) => {
                self.tables.parties.insert(vouched.pseudonym, PartyRecord { sponsor: vouched.sponsor });
            }
            Event::Proposed(proposed) => self.apply_proposal(proposed),
            Event::Accepted(accepted) => self.apply_acceptance(&accepted.certificate),
            Event::Rejected(rejected) => self.apply_rejection(&rejected.certificate),
            Event::PartSplit(split) => self.apply_split(split),
            Event::Pledged(pledged) => {
                let pledge = PledgeRecord { to: pledged.to, secured: pledged.secured };
                self.change_part(&pledged.part).pledge = Some(Box::new(pledge));
            }
            Event::Released(released) => self.change_part(&released.part).pledge = None,
            Event::RatePosted(posted) => {
                if let Some(before) = &posted.terms.replaces {
                    self.tables.rates.change(before).expect(FOUND).replaced = true;
                }
                let record = RateRecord { terms: posted.terms.clone(), spent: 0, replaced: false };
                self.tables.rates.insert(posted.rate, record);
            }
            Event::AuctionOpened(_) | Event::BidCommitted(_) | Event::BidRevealed(_) => {
                self.apply_auction(event);
            }
            Event::Locked(_) | Event::Sold(_) | Event::LockEnded(_) => self.apply_sale(event),
            Event::Paid(paid) => self.apply_payment(paid, day),
            Event::RecoursePaid(paid) => {
                self.tables.references.insert(paid.reference, ());
                let part = self.change_part(&paid.part);
                part.recourse.pop();
                part.holder = paid.to;
            }
            Event::Closed(closed) => {
                self.change_certificate(&closed.certificate).decision = Decision::Closed;
            }
            Event::WrittenOff(step) => self.apply_write_off(step, day),
            Event::UnitRegistered(_) | Event::UnitAdjusted(_) => self.apply_unit(event),
            Event::LienPlaced(placed) => self.apply_lien(placed, day),
            Event::UnitSettled(settled) => self.apply_settlement(settled, day),
        }
    }

    fn change_certificate(&mut self, id: &CertificateId) -> &mut CertificateRecord {
        self.tables.certificates.change(id).expect(FOUND)
    }

    fn change_part(&mut self, id: &PartId) -> &mut PartRecord {
        self.tables.parts.change(id).expect(FOUND)
    }

    fn change_programme(&mut self, id: u32) -> &mut ProgrammeRecord {
        self.tables.programmes.change(&id).expect(FOUND)
    }

    fn apply_member(&mut self, wish: &RegisterMember) {
        let before = self.member(wish.member).map_or(Vec::new(), |member| member.keys.clone());
        self.owners.extend(wish.keys.iter().map(|grant| (grant.key, wish.member)));
        let record = MemberRecord {
            roles: wish.roles,
            status: wish.status,
            attestation: wish.attestation,
            two_keys_from: wish.two_keys_from,
            keys: [before, wish.keys.clone()].concat(),
        };
        self.tables.members.insert(wish.member, record);
    }

    fn apply_rotation(&mut self, wish: &RotateKey) {
        let member = self.tables.members.change(&wish.member).expect(FOUND);
        let old = member.keys.iter_mut().find(|grant| grant.key == wish.old).expect(FOUND);
        let until_height = old.until_height.replace(wish.from_height);
        let purposes = old.purposes;
        if let Some(key) = wish.new {
            member.keys.push(KeyGrant { key, purposes, from_height: wish.from_height, until_height });
            self.owners.insert(key, wish.member);
        }
    }

    fn apply_programme(&mut self, wish: &SetProgramme) {
        match self.tables.programmes.change(&wish.programme) {
            Some(record) => record.terms = wish.clone(),
            None => {
                let record = ProgrammeRecord { terms: wish.clone(), owed: 0, guaranteed: 0, reimbursable: 0 };
                self.tables.programmes.insert(wish.programme, record);
            }
        }
    }

    fn apply_proposal(&mut self, event: &Proposed) {
        for fingerprint in &event.fingerprints {
            self.tables.fingerprints.insert(*fingerprint, event.certificate);
        }
        let terms = Terms {
            basis: DayCount::Actual360,
            late_rate_ppm: 0,
            grace_days: 0,
            default_days: 0,
            recourse: false,
            guaranteed: 0,
        };
        let certificate = CertificateRecord {
            programme: event.programme,
            supplier: event.supplier,
            face: event.face,
            currency: event.currency,
            issue_day: event.issue_day,
            due_day: event.due_day,
            accept_until_day: event.accept_until_day,
            tenor_reason: event.tenor_reason,
            fingerprints: event.fingerprints.clone(),
            document: event.document,
            decision: Decision::Proposed,
            frozen: false,
            terms,
            paid: 0,
            paid_by_guarantor: 0,
            reimbursed: 0,
            written_off: 0,
            late: 0,
            late_day: event.due_day,
            interest_paid: 0,
            leaves: vec![event.certificate],
        };
        self.tables.certificates.insert(event.certificate, certificate);
        let part = new_part(event.certificate, None, event.face, event.supplier, Vec::new());
        self.tables.parts.insert(event.certificate, part);
    }

    fn apply_acceptance(&mut self, id: &CertificateId) {
        let (number, face) = {
            let certificate = self.change_certificate(id);
            certificate.decision = Decision::Accepted;
            (certificate.programme, certificate.face)
        };
        let programme = self.change_programme(number);
        let guarantee = programme.terms.guarantee.as_ref();
        let guaranteed = guarantee.map_or(0, |guarantee| share(face, guarantee.share_ppm));
        programme.owed += face;
        programme.guaranteed += guaranteed;
        let terms = Terms {
            basis: programme.terms.basis,
            late_rate_ppm: programme.terms.late_rate_ppm,
            grace_days: programme.terms.grace_days,
            default_days: programme.terms.default_days,
            recourse: programme.terms.recourse,
            guaranteed,
        };
        self.change_certificate(id).terms = terms;
    }

    fn apply_rejection(&mut self, id: &CertificateId) {
        let certificate = self.change_certificate(id);
        certificate.decision = Decision::Rejected;
        for fingerprint in certificate.fingerprints.clone() {
            if self.fingerprint(&fingerprint) == Some(id) {
                self.tables.fingerprints.remove(&fingerprint);
            }
        }
    }

    fn apply_split(&mut self, event: &PartSplit) {
        let part = self.change_part(&event.part);
        part.split = true;
        let part = part.clone();
        for child in &event.children {
            let child_part = new_part(
                part.certificate,
                Some(event.part),
                child.amount,
                part.holder,
                part.recourse.clone(),
            );
            self.tables.parts.insert(child.part, child_part);
        }
        let certificate = self.change_certificate(&part.certificate);
        certificate.leaves.retain(|leaf| *leaf != event.part);
        certificate.leaves.extend(event.children.iter().map(|child| child.part));
    }

    fn apply_move(&mut self, event: &Moved) {
        let part = self.change_part(&event.part);
        part.holder = event.to;
        if event.recourse {
            part.recourse.push(event.from);
        }
        if part.pledge.as_ref().is_some_and(|pledge| pledge.to == event.to) {
            part.pledge = None;
        }
    }
}

fn new_part(
    certificate: CertificateId,
    parent: Option<PartId>,
    amount: u64,
    holder: Party,
    recourse: Vec<Party>,
) -> PartRecord {
    PartRecord {
        certificate,
        parent,
        amount,
        paid: 0,
        holder,
        split: false,
        pledge: None,
        lock: None,
        auction: None,
        recourse,
    }
}
