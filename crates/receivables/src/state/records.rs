//! What the state keeps, and what follows from a record and a day. Knows no transaction.

use money::Currency;

use crate::codec::{code, record};
use crate::hash::Hash;
use crate::identity::{KeyGrant, MemberId, Party, Roles, Validator};
use crate::price;
use crate::transaction::{
    CertificateId, Day, DayCount, MemberStatus, Minor, Offer, PartId, PlaceLien, PostRate, Ppm, ProgrammeId,
    SetProgramme, TimeMs,
};

record! {
    /// The chain itself.
    ChainRecord {
        /// Its id.
        chain: Hash,
        /// Blocks that a lost key's replacement by governance waits.
        recovery_blocks: u64,
    }
}

record! {
    /// A member.
    MemberRecord {
        /// What it may be.
        roles: Roles,
        /// Whether it takes part.
        status: MemberStatus,
        /// Salted hash of the attestation that it is known.
        attestation: Hash,
        /// From this amount on it takes two of its keys.
        two_keys_from: Option<Minor>,
        /// Its keys, past ones too.
        keys: Vec<KeyGrant>,
    }
}

record! {
    /// A party that a member vouches for.
    PartyRecord {
        /// The member.
        sponsor: MemberId,
    }
}

record! {
    /// Nonces that a sender has used.
    NonceRecord {
        /// The highest.
        highest: u64,
        /// Bit `n` tells whether `highest − n` was used, of [`crate::envelope::NONCE_WINDOW`].
        used: [u8; 128],
    }
}

record! {
    /// A programme and what is owed under it.
    ProgrammeRecord {
        /// The terms.
        terms: SetProgramme,
        /// What the buyer owes: faces accepted less what it paid.
        owed: Minor,
        /// What the guarantor stands in for.
        guaranteed: Minor,
        /// What the buyer owes the guarantor.
        reimbursable: Minor,
    }
}

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
        pledge: Option<PledgeRecord>,
        /// A sale that waits.
        lock: Option<LockRecord>,
        /// The auction it was last in.
        auction: Option<Hash>,
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

record! {
    /// A table of rates.
    RateRecord {
        /// The table.
        terms: PostRate,
        /// What was spent or is locked.
        spent: Minor,
        /// Whether another took its place.
        replaced: bool,
    }
}

record! {
    /// A bid.
    BidRecord {
        /// Who bids.
        bidder: MemberId,
        /// The sealed bid.
        commitment: Hash,
        /// The rate, once opened.
        rate_ppm: Option<Ppm>,
        /// Whether it was taken and the price never came.
        failed: bool,
    }
}

record! {
    /// An auction.
    AuctionRecord {
        /// The part.
        part: PartId,
        /// Who sells.
        seller: Party,
        /// Until when bids are handed in.
        commit_until_ms: TimeMs,
        /// Until when bids are opened.
        reveal_until_ms: TimeMs,
        /// Highest rate a year.
        rate_ppm_max: Ppm,
        /// Whether the seller answers for the buyer.
        recourse: bool,
        /// Bids in the order they came.
        bids: Vec<BidRecord>,
        /// Whether a bid was taken.
        taken: bool,
    }
}

impl AuctionRecord {
    /// The lowest opened rate, the earlier commitment first.
    pub fn best(&self) -> Option<&BidRecord> {
        let open = self.bids.iter().filter(|bid| bid.rate_ppm.is_some() && !bid.failed);
        open.min_by_key(|bid| bid.rate_ppm)
    }

    /// Bids that were never opened.
    pub fn unopened(&self) -> u32 {
        self.bids.iter().map(|bid| u32::from(bid.rate_ppm.is_none())).sum()
    }
}

record! {
    /// What an acquirer will owe a merchant for one scheme and day.
    UnitRecord {
        /// The acquirer.
        registrar: MemberId,
        /// The merchant.
        merchant: Party,
        /// The card scheme or wallet.
        scheme: u16,
        /// The currency.
        currency: Currency,
        /// The settlement day.
        day: Day,
        /// The amount.
        amount: Minor,
        /// Whether it can only fall.
        fixed: bool,
        /// Whether it was paid out.
        paid: bool,
    }
}

record! {
    /// An advance that is repaid out of settlements.
    AdvanceRecord {
        /// The terms.
        terms: PlaceLien,
        /// Repaid so far.
        repaid: Minor,
        /// The day of `taken`.
        day: Day,
        /// Taken on that day.
        taken: Minor,
    }
}

impl AdvanceRecord {
    /// What is still owed.
    pub fn owed(&self) -> Minor {
        self.terms.owed - self.repaid
    }

    /// Whether nothing is taken any more although something is owed: a person has to look at it.
    pub fn needs_review(&self, day: Day) -> bool {
        self.owed() > 0 && day > self.terms.end_day
    }

    /// What it takes of a unit of this amount on this day, if so much is left.
    pub fn takes(&self, amount: Minor, left: Minor, day: Day) -> Minor {
        if day > self.terms.end_day {
            return 0;
        }
        let today = if self.day == day { self.taken } else { 0 };
        let cap = self.terms.cap_per_day - today;
        price::share(amount, self.terms.share_ppm).min(left).min(cap).min(self.owed())
    }
}

record! {
    /// Whose settlements in which currency.
    #[derive(PartialOrd, Ord)]
    LienKey {
        /// The merchant.
        merchant: Party,
        /// The currency.
        currency: Currency,
    }
}

record! {
    /// Advances in the order in which they are repaid.
    LienRecord {
        /// Open advances.
        advances: Vec<Hash>,
    }
}

record! {
    /// The validators of the epochs from one on.
    ValidatorsRecord {
        /// The validators.
        validators: Vec<Validator>,
    }
}
