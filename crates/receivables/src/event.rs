//! What became true on the chain: the log's leaves. An event says enough to be understood without the state, and is
//! the only thing that changes the state.

use money::Currency;

use crate::codec::{choice, record};
use crate::hash::Hash;
use crate::identity::{MemberId, Party, Pseudonym};
use crate::transaction::{
    AdjustUnit, CertificateId, Day, Freeze, Minor, Offer, PartId, Payer, PlaceLien, PostRate, Ppm,
    ProgrammeId, RegisterMember, RotateKey, SetProgramme, SetValidators, TimeMs,
};

record! {
    /// An event with its place: a leaf of the log.
    Entry {
        /// The block's height.
        height: u64,
        /// The block's time.
        time_ms: TimeMs,
        /// The transaction that made it true.
        transaction: Hash,
        /// What became true.
        event: Event,
    }
}

choice! {
    /// What became true; the tag is its type byte.
    Event {
        /// A member takes part under these rules.
        1 = MemberRegistered(RegisterMember),
        /// A key gives way to another.
        2 = KeyRotated(RotateKey),
        /// A programme's terms.
        3 = ProgrammeSet(SetProgramme),
        /// A certificate is frozen or freed.
        4 = FreezeSet(Freeze),
        /// A court moved a part.
        5 = CourtMoved(Moved),
        /// The validators of an epoch to come.
        6 = ValidatorsSet(SetValidators),
        /// A party takes part for the first time.
        7 = Vouched(Vouched),
        /// A certificate was proposed.
        8 = Proposed(Proposed),
        /// The buyer owes it, irrevocably.
        9 = Accepted(Accepted),
        /// It will never be owed; its fingerprints are free.
        10 = Rejected(Rejected),
        /// A part became several.
        11 = PartSplit(PartSplit),
        /// A part was passed on.
        12 = Transferred(Moved),
        /// A part is security.
        13 = Pledged(Pledged),
        /// A part is free of its pledge.
        14 = Released(Released),
        /// A table of rates stands.
        15 = RatePosted(RatePosted),
        /// Sealed bids are asked for.
        16 = AuctionOpened(AuctionOpened),
        /// A sealed bid stands.
        17 = BidCommitted(BidCommitted),
        /// A bid is open.
        18 = BidRevealed(BidRevealed),
        /// A part waits for its price.
        19 = Locked(Locked),
        /// A part was sold.
        20 = Sold(Sold),
        /// A lock is gone, the holder unchanged.
        21 = LockEnded(LockEnded),
        /// Money came in and is shared so.
        22 = Paid(Paid),
        /// Who passed a part on paid for it and holds it again.
        23 = RecoursePaid(RecoursePaid),
        /// Nothing is unpaid any more.
        24 = Closed(Accepted),
        /// An amount is given up in the accounts.
        25 = WrittenOff(WrittenOff),
        /// A settlement unit is registered or changed before it is fixed.
        26 = UnitRegistered(UnitRegistered),
        /// A fixed unit fell.
        27 = UnitAdjusted(AdjustUnit),
        /// A merchant's settlements are pledged.
        28 = LienPlaced(LienPlaced),
        /// A unit was paid out.
        29 = UnitSettled(UnitSettled),
    }
}

record! {
    /// A party and who vouches for it.
    Vouched {
        /// The party.
        pseudonym: Pseudonym,
        /// The member that knows it.
        sponsor: MemberId,
    }
}

record! {
    /// See [`Event::Proposed`].
    Proposed {
        /// The certificate, which is also its first part.
        certificate: CertificateId,
        /// The programme.
        programme: ProgrammeId,
        /// Who is owed.
        supplier: Party,
        /// What is owed.
        face: Minor,
        /// The currency.
        currency: Currency,
        /// The invoice's day.
        issue_day: Day,
        /// The day it is to be paid.
        due_day: Day,
        /// Why the term is above 180 days.
        tenor_reason: Option<u16>,
        /// Last day on which it can be accepted.
        accept_until_day: Day,
        /// Keyed hashes of the documents' fields.
        fingerprints: Vec<Hash>,
        /// Salted hash of the documents.
        document: Hash,
    }
}

record! {
    /// A certificate.
    Accepted {
        /// The certificate.
        certificate: CertificateId,
    }
}

record! {
    /// See [`Event::Rejected`].
    Rejected {
        /// The certificate.
        certificate: CertificateId,
        /// A reason's code.
        reason: u16,
    }
}

record! {
    /// A part and its amount.
    PartAmount {
        /// The part.
        part: PartId,
        /// Its amount.
        amount: Minor,
    }
}

record! {
    /// See [`Event::PartSplit`].
    PartSplit {
        /// The part, now closed.
        part: PartId,
        /// Its children, which have its holder.
        children: Vec<PartAmount>,
    }
}

record! {
    /// A part changed hands.
    Moved {
        /// The part.
        part: PartId,
        /// From whom.
        from: Party,
        /// To whom.
        to: Party,
        /// Whether the old holder answers for it.
        recourse: bool,
        /// Salted hash of a court's order.
        order: Option<Hash>,
    }
}

record! {
    /// See [`Event::Pledged`].
    Pledged {
        /// The part.
        part: PartId,
        /// Who is secured.
        to: Party,
        /// Most that the pledgee is paid out of it.
        secured: Minor,
    }
}

record! {
    /// See [`Event::Released`].
    Released {
        /// The part.
        part: PartId,
    }
}

record! {
    /// See [`Event::RatePosted`].
    RatePosted {
        /// Its id.
        rate: Hash,
        /// The table.
        terms: PostRate,
    }
}

record! {
    /// See [`Event::AuctionOpened`].
    AuctionOpened {
        /// Its id.
        auction: Hash,
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
    }
}

record! {
    /// See [`Event::BidCommitted`].
    BidCommitted {
        /// The auction.
        auction: Hash,
        /// Who bids.
        bidder: MemberId,
        /// The sealed bid.
        commitment: Hash,
    }
}

record! {
    /// See [`Event::BidRevealed`].
    BidRevealed {
        /// The auction.
        auction: Hash,
        /// Who bid.
        bidder: MemberId,
        /// The all-in rate a year.
        rate_ppm: Ppm,
    }
}

record! {
    /// See [`Event::Locked`].
    Locked {
        /// The part.
        part: PartId,
        /// The seller.
        from: Party,
        /// The funder.
        to: MemberId,
        /// What the funder pays.
        price: Minor,
        /// What the funder keeps back as discount.
        discount: Minor,
        /// The funder's fee.
        fee: Minor,
        /// Until when it must be settled.
        until_ms: TimeMs,
        /// The lock's key: the reference of the reserved transfer.
        key: Hash,
        /// What was taken.
        offer: Offer,
        /// Whether the seller answers for the buyer.
        recourse: bool,
        /// Sealed bids that were never opened, if it was an auction.
        bids_unopened: u32,
    }
}

record! {
    /// See [`Event::Sold`].
    Sold {
        /// The part.
        part: PartId,
        /// The seller.
        from: Party,
        /// The funder.
        to: MemberId,
        /// What the funder pays.
        price: Minor,
        /// The lock's key.
        key: Hash,
        /// The reserved transfer.
        reference: Hash,
        /// What other registries answered.
        registries: Vec<Hash>,
    }
}

record! {
    /// See [`Event::LockEnded`].
    LockEnded {
        /// The part.
        part: PartId,
        /// The lock's key.
        key: Hash,
    }
}

record! {
    /// What one payee is paid for one part.
    Share {
        /// The part.
        part: PartId,
        /// The holder, or who is secured by it.
        payee: Party,
        /// Against the unpaid amount.
        principal: Minor,
        /// Against late interest.
        interest: Minor,
    }
}

record! {
    /// See [`Event::Paid`].
    Paid {
        /// The certificate.
        certificate: CertificateId,
        /// Whose money.
        payer: Payer,
        /// Against the unpaid amount.
        principal: Minor,
        /// Against late interest.
        interest: Minor,
        /// The transfer in the payment network's book.
        reference: Hash,
        /// Who is paid what; adds up to principal and interest.
        shares: Vec<Share>,
        /// What the guarantor gets back of what it paid.
        reimbursed: Minor,
        /// What is unpaid now.
        unpaid: Minor,
        /// Whether a freeze keeps the shares in the clearing account.
        withheld: bool,
    }
}

record! {
    /// See [`Event::RecoursePaid`].
    RecoursePaid {
        /// The part.
        part: PartId,
        /// Who held it and is paid.
        from: Party,
        /// Who answered for it and holds it again.
        to: Party,
        /// The part's unpaid amount, paid now.
        amount: Minor,
        /// The transfer in the payment network's book.
        reference: Hash,
    }
}

record! {
    /// See [`Event::WrittenOff`].
    WrittenOff {
        /// The certificate.
        certificate: CertificateId,
        /// Given up by this step.
        amount: Minor,
        /// Given up in all.
        total: Minor,
        /// A reason's code.
        reason: u16,
    }
}

record! {
    /// See [`Event::UnitRegistered`].
    UnitRegistered {
        /// Its id.
        unit: Hash,
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
        /// Whether it can only fall from now on.
        fixed: bool,
    }
}

record! {
    /// See [`Event::LienPlaced`].
    LienPlaced {
        /// The advance's id.
        advance: Hash,
        /// The terms.
        terms: PlaceLien,
    }
}

record! {
    /// What a lien takes out of a unit.
    LienShare {
        /// The advance.
        advance: Hash,
        /// Who is repaid.
        funder: MemberId,
        /// How much.
        amount: Minor,
        /// What the merchant still owes.
        owed: Minor,
    }
}

record! {
    /// See [`Event::UnitSettled`].
    UnitSettled {
        /// The unit.
        unit: Hash,
        /// The merchant.
        merchant: Party,
        /// The whole amount.
        amount: Minor,
        /// The transfer in the payment network's book.
        reference: Hash,
        /// What liens take, in their order.
        liens: Vec<LienShare>,
        /// What the merchant is paid.
        rest: Minor,
    }
}
