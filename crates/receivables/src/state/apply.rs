//! What events do to the state: the only place where it changes, nonces aside. Applying cannot fail: deciding has
//! looked at everything before.

use crate::event::{Event, LienPlaced, Moved, Paid, PartSplit, Proposed, UnitSettled, WrittenOff};
use crate::identity::{KeyGrant, Party};
use crate::price::{self, share};
use crate::state::{
    AdvanceRecord, AuctionRecord, BidRecord, CertificateRecord, Decision, LienKey, LienRecord, LockRecord,
    MemberRecord, PartRecord, PartyRecord, PledgeRecord, ProgrammeRecord, RateRecord, State, Terms,
    UnitRecord, ValidatorsRecord,
};
use crate::transaction::{
    CertificateId, Day, DayCount, Offer, PartId, Payer, RegisterMember, RotateKey, SetProgramme,
};

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
                self.change_part(&pledged.part).pledge = Some(pledge);
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

    fn apply_auction(&mut self, event: &Event) {
        match event {
            Event::AuctionOpened(opened) => {
                let record = AuctionRecord {
                    part: opened.part,
                    seller: opened.seller,
                    commit_until_ms: opened.commit_until_ms,
                    reveal_until_ms: opened.reveal_until_ms,
                    rate_ppm_max: opened.rate_ppm_max,
                    recourse: opened.recourse,
                    bids: Vec::new(),
                    taken: false,
                };
                self.tables.auctions.insert(opened.auction, record);
                self.change_part(&opened.part).auction = Some(opened.auction);
            }
            Event::BidCommitted(bid) => {
                let record = BidRecord {
                    bidder: bid.bidder,
                    commitment: bid.commitment,
                    rate_ppm: None,
                    failed: false,
                };
                self.tables.auctions.change(&bid.auction).expect(FOUND).bids.push(record);
            }
            Event::BidRevealed(bid) => {
                let auction = self.tables.auctions.change(&bid.auction).expect(FOUND);
                let sealed = auction.bids.iter_mut().find(|other| other.bidder == bid.bidder);
                sealed.expect(FOUND).rate_ppm = Some(bid.rate_ppm);
            }
            _ => {}
        }
    }

    fn apply_sale(&mut self, event: &Event) {
        match event {
            Event::Locked(locked) => {
                match &locked.offer {
                    Offer::Posted(rate) => {
                        self.tables.rates.change(rate).expect(FOUND).spent += locked.price;
                    }
                    Offer::Auction(auction) => {
                        self.tables.auctions.change(auction).expect(FOUND).taken = true;
                    }
                }
                self.change_part(&locked.part).lock = Some(LockRecord {
                    to: locked.to,
                    price: locked.price,
                    until_ms: locked.until_ms,
                    key: locked.key,
                    offer: locked.offer,
                    recourse: locked.recourse,
                });
            }
            Event::Sold(sold) => {
                self.tables.references.insert(sold.reference, ());
                let part = self.change_part(&sold.part);
                let lock = part.lock.take().expect(FOUND);
                if lock.recourse {
                    part.recourse.push(part.holder);
                }
                part.holder = Party::Member(lock.to);
            }
            Event::LockEnded(ended) => {
                let lock = self.change_part(&ended.part).lock.take().expect(FOUND);
                match &lock.offer {
                    Offer::Posted(rate) => {
                        self.tables.rates.change(rate).expect(FOUND).spent -= lock.price;
                    }
                    Offer::Auction(auction) => {
                        let auction = self.tables.auctions.change(auction).expect(FOUND);
                        auction.taken = false;
                        let taken = auction.bids.iter_mut().find(|bid| bid.bidder == lock.to);
                        taken.expect(FOUND).failed = true;
                    }
                }
            }
            _ => {}
        }
    }

    fn apply_payment(&mut self, event: &Paid, day: Day) {
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

    fn apply_write_off(&mut self, event: &WrittenOff, day: Day) {
        let certificate = self.change_certificate(&event.certificate);
        if certificate.unpaid() > 0 {
            certificate.written_off = event.total;
        } else {
            certificate.interest_paid = price::interest(certificate.late_until(day), certificate.terms.basis);
        }
    }

    fn apply_unit(&mut self, event: &Event) {
        match event {
            Event::UnitRegistered(unit) => {
                let record = UnitRecord {
                    registrar: unit.registrar,
                    merchant: unit.merchant,
                    scheme: unit.scheme,
                    currency: unit.currency,
                    day: unit.day,
                    amount: unit.amount,
                    fixed: unit.fixed,
                    paid: false,
                };
                self.tables.units.insert(unit.unit, record);
            }
            Event::UnitAdjusted(wish) => {
                self.tables.units.change(&wish.unit).expect(FOUND).amount -= wish.less;
            }
            _ => {}
        }
    }

    /// Advances beyond their end make room: they take nothing any more.
    fn apply_lien(&mut self, event: &LienPlaced, day: Day) {
        let key = LienKey { merchant: event.terms.merchant, currency: event.terms.currency };
        let before = self.liens(&key.merchant, key.currency).iter().copied();
        let collects = |id: &[u8; 32]| self.advance(id).is_some_and(|advance| day <= advance.terms.end_day);
        let advances = before.filter(collects).chain([event.advance]).collect();
        self.tables.liens.insert(key, LienRecord { advances });
        let record = AdvanceRecord { terms: event.terms.clone(), repaid: 0, day: 0, taken: 0 };
        self.tables.advances.insert(event.advance, record);
    }

    fn apply_settlement(&mut self, event: &UnitSettled, day: Day) {
        self.tables.references.insert(event.reference, ());
        let unit = self.tables.units.change(&event.unit).expect(FOUND);
        unit.paid = true;
        let key = LienKey { merchant: unit.merchant, currency: unit.currency };
        for lien in &event.liens {
            let advance = self.tables.advances.change(&lien.advance).expect(FOUND);
            let before = if advance.day == day { advance.taken } else { 0 };
            advance.day = day;
            advance.taken = before + lien.amount;
            advance.repaid += lien.amount;
            if advance.owed() == 0 {
                let record = self.tables.liens.change(&key).expect(FOUND);
                record.advances.retain(|other| *other != lien.advance);
            }
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
