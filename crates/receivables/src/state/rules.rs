//! The rules: one table from transactions to what becomes true. Each rule only reads; what it returns is applied
//! elsewhere.

mod certificates;
mod financing;
mod governance;
mod payments;
mod units;

pub use certificates::{FINGERPRINTS_MAX, PARTS_MAX, PROPOSAL_DAYS, RECOURSE_MAX};
pub use financing::{BIDS_MAX, LOCK_MS_MAX};
pub use units::{LIENS_MAX, unit_id};

use crate::event::Event;
use crate::refusal::Refusal;
use crate::state::admission::Case;
use crate::state::{CertificateRecord, PartRecord, Stage};
use crate::transaction::{PartId, Transaction};

/// Longest term of a certificate, of whatever programme: Yinfa [2025] No. 77.
pub const TENOR_DAYS_MAX: u16 = 365;
/// Longest term that needs no reason: the same notice's six months.
pub const TENOR_DAYS_USUAL: u16 = 180;

/// What becomes true, or why nothing does.
pub(in crate::state) type Decided = Result<Vec<Event>, Refusal>;

impl Case<'_> {
    pub(in crate::state) fn decide(&self, transaction: &Transaction) -> Decided {
        match transaction {
            Transaction::RegisterMember(wish) => self.register_member(wish),
            Transaction::RotateKey(wish) => self.rotate_key(wish),
            Transaction::SetProgramme(wish) => self.set_programme(wish),
            Transaction::Freeze(wish) => self.freeze(wish),
            Transaction::CourtTransfer(wish) => self.court_transfer(wish),
            Transaction::SetValidators(wish) => self.set_validators(wish),
            Transaction::Propose(wish) => self.propose(wish),
            Transaction::Accept(wish) => self.accept(wish),
            Transaction::Reject(wish) => self.reject(wish),
            Transaction::Split(wish) => self.split(wish),
            Transaction::Transfer(wish) => self.transfer(wish),
            Transaction::Pledge(wish) => self.pledge(wish),
            Transaction::Release(wish) => self.release(wish),
            Transaction::PostRate(wish) => self.post_rate(wish),
            Transaction::OpenAuction(wish) => self.open_auction(wish),
            Transaction::CommitBid(wish) => self.commit_bid(wish),
            Transaction::RevealBid(wish) => self.reveal_bid(wish),
            Transaction::TakeOffer(wish) => self.take_offer(wish),
            Transaction::SettleLock(wish) => self.settle_lock(wish),
            Transaction::ExpireLock(wish) => self.expire_lock(wish),
            Transaction::Pay(wish) => self.pay(wish),
            Transaction::WriteOff(wish) => self.write_off(wish),
            Transaction::RegisterUnits(wish) => self.register_units(wish),
            Transaction::AdjustUnit(wish) => self.adjust_unit(wish),
            Transaction::PlaceLien(wish) => self.place_lien(wish),
            Transaction::SettleUnit(wish) => self.settle_unit(wish),
        }
    }

    /// The part that its holder wants to dispose of, and its certificate. Refused unless it is whole, free and not
    /// due: the one gate of split, transfer, pledge, auction and sale.
    fn disposable(&self, id: &PartId) -> Result<(&PartRecord, &CertificateRecord), Refusal> {
        let part = self.state.part(id).ok_or(Refusal::UnknownPart)?;
        let certificate = self.certificate_of(part);
        if part.split || part.unpaid() == 0 {
            return Err(Refusal::PartClosed);
        }
        match certificate.stage(self.day) {
            Stage::Live => {}
            Stage::Proposed | Stage::Rejected | Stage::Closed => return Err(Refusal::WrongStage),
            Stage::Matured | Stage::Overdue | Stage::Defaulted | Stage::WrittenOff => {
                return Err(Refusal::Matured);
            }
        }
        if certificate.frozen {
            return Err(Refusal::Frozen);
        }
        if part.paid > 0 {
            return Err(Refusal::PartPaid);
        }
        if part.pledge.is_some() {
            return Err(Refusal::Pledged);
        }
        if part.lock.is_some() {
            return Err(Refusal::Locked);
        }
        let auction = part.auction.as_ref().and_then(|auction| self.state.auction(auction));
        if auction.is_some_and(|auction| self.block.time_ms < auction.reveal_until_ms) {
            return Err(Refusal::InAuction);
        }
        Ok((part, certificate))
    }

    fn certificate_of(&self, part: &PartRecord) -> &CertificateRecord {
        self.state.certificate(&part.certificate).expect("a part is made with its certificate")
    }
}
