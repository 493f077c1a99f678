//! What the state keeps of certificates and their parts, and what follows on a day.

use money::Currency;

use crate::codec::{code, record};
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::price;
use crate::transaction::{CertificateId, Day, DayCount, Minor, Offer, PartId, Ppm, ProgrammeId, TimeMs};

code! {
    /// What was decided about a certificate; the rest of its stage follows from the day.
    Decision {
        /// Nothing yet.
        0 = Proposed,
        /// The buyer owes it.
        1 = Accepted,
        /// It will never be owed.
        2 = Rejected,
        /// Nothing is unpaid.
        3 = Closed,
    }
}

code! {
    /// Where a certificate is in its life on a day.
    Stage {
        /// The buyer has not decided.
        0 = Proposed,
        /// Owed, not due.
        1 = Live,
        /// Due, within grace.
        2 = Matured,
        /// Grace is over.
        3 = Overdue,
        /// Recourse and write-off are open.
        4 = Defaulted,
        /// All that is unpaid is given up in the accounts.
        5 = WrittenOff,
        /// Paid.
        6 = Closed,
        /// Refused, taken back or lapsed.
        7 = Rejected,
    }
}

record! {
    /// The programme's terms as they were when the certificate was accepted: they do not change any more.
    Terms {
        /// Day count.
        basis: DayCount,
        /// Late interest a year.
        late_rate_ppm: Ppm,
        /// Days until overdue.
        grace_days: u16,
        /// Further days until defaulted.
        default_days: u16,
        /// Whether it may be passed on with recourse.
        recourse: bool,
        /// Most that the guarantor pays.
        guaranteed: Minor,
    }
}

record! {
    /// A certificate.
    CertificateRecord {
        /// The programme.
        programme: ProgrammeId,
        /// Who was owed first.
        supplier: Party,
        /// What is owed.
        face: Minor,
        /// The currency.
        currency: Currency,
        /// The invoice's day.
        issue_day: Day,
        /// The day it is to be paid.
        due_day: Day,
        /// Last day on which it can be accepted.
        accept_until_day: Day,
        /// Why the term is above 180 days.
        tenor_reason: Option<u16>,
        /// Keyed hashes of the documents' fields.
        fingerprints: Vec<Hash>,
        /// Salted hash of the documents.
        document: Hash,
        /// What was decided.
        decision: Decision,
        /// Whether a court or dispute holds it.
        frozen: bool,
        /// The terms since acceptance.
        terms: Terms,
        /// Paid to holders.
        paid: Minor,
        /// Of that, by the guarantor.
        paid_by_guarantor: Minor,
        /// What the buyer paid back to the guarantor.
        reimbursed: Minor,
        /// Given up in the accounts.
        written_off: Minor,
        /// Late interest until `late_day`: amount times rate times days.
        late: u128,
        /// The day until which late interest is counted.
        late_day: Day,
        /// Late interest paid or waived.
        interest_paid: Minor,
        /// Parts that are not split further.
        leaves: Vec<PartId>,
    }
}

impl CertificateRecord {
    /// Where it is in its life on this day.
    pub fn stage(&self, day: Day) -> Stage {
        match self.decision {
            Decision::Proposed if day > self.accept_until_day => Stage::Rejected,
            Decision::Proposed => Stage::Proposed,
            Decision::Rejected => Stage::Rejected,
            Decision::Closed => Stage::Closed,
            Decision::Accepted => {
                let overdue = self.due_day.saturating_add(Day::from(self.terms.grace_days));
                let defaulted = overdue.saturating_add(Day::from(self.terms.default_days));
                match day {
                    _ if day < self.due_day => Stage::Live,
                    _ if day < overdue => Stage::Matured,
                    _ if day < defaulted => Stage::Overdue,
                    _ if self.unpaid() > 0 && self.written_off >= self.unpaid() => Stage::WrittenOff,
                    _ => Stage::Defaulted,
                }
            }
        }
    }

    /// What holders are still owed.
    pub fn unpaid(&self) -> Minor {
        self.face - self.paid
    }

    /// What the buyer owes the guarantor.
    pub fn reimbursement(&self) -> Minor {
        self.paid_by_guarantor - self.reimbursed
    }

    /// What the guarantor still stands in for.
    pub fn guaranteed(&self) -> Minor {
        (self.terms.guaranteed - self.paid_by_guarantor).min(self.unpaid())
    }

    /// Late interest counted up to this day: amount times rate times days.
    pub fn late_until(&self, day: Day) -> u128 {
        let days = day.saturating_sub(self.late_day);
        self.late + price::accrued(self.unpaid(), self.terms.late_rate_ppm, days)
    }

    /// Late interest owed on this day.
    pub fn interest_due(&self, day: Day) -> Minor {
        price::interest(self.late_until(day), self.terms.basis).saturating_sub(self.interest_paid)
    }
}

record! {
    /// Security given on a part.
    PledgeRecord {
        /// Who is secured.
        to: Party,
        /// Most that is still paid out to it.
        secured: Minor,
    }
}

record! {
    /// A sale that waits for its price.
    LockRecord {
        /// The funder.
        to: MemberId,
        /// What it pays.
        price: Minor,
        /// Until when.
        until_ms: TimeMs,
        /// The reference of the reserved transfer.
        key: Hash,
        /// What was taken.
        offer: Offer,
        /// Whether the seller answers for the buyer.
        recourse: bool,
    }
}

record! {
    /// A part.
    PartRecord {
        /// Its certificate.
        certificate: CertificateId,
        /// The part it was split from.
        parent: Option<PartId>,
        /// Its amount.
        amount: Minor,
        /// Paid of it.
        paid: Minor,
        /// Whose it is.
        holder: Party,
        /// Whether it was split: its children live on.
        split: bool,
        /// Security given on it.
        pledge: Option<Box<PledgeRecord>>,
        /// A sale that waits.
        lock: Option<Box<LockRecord>>,
        /// The auction it was last in.
        auction: Option<Box<Hash>>,
        /// Who answers for it, the last first to be asked.
        recourse: Vec<Party>,
    }
}

impl PartRecord {
    /// What its holder is still owed.
    pub fn unpaid(&self) -> Minor {
        self.amount - self.paid
    }
}
