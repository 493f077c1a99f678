//! What members and parties may ask of the chain: 22 transactions, and four for merchants' settlement units. Knows the
//! questions, not the answers.

use money::Currency;

use crate::codec::{choice, code, record};
use crate::hash::Hash;
use crate::identity::{KeyGrant, MemberId, Party, PublicKey, Roles, Validator};

/// A certificate's id: the id of the transaction that proposed it.
pub type CertificateId = Hash;
/// A part's id: the first part's is its certificate's, a child's follows from the split.
pub type PartId = Hash;
/// A buyer's programme.
pub type ProgrammeId = u32;
/// Days since 1 January 1970, UTC.
pub type Day = u32;
/// Milliseconds since 1 January 1970, UTC.
pub type TimeMs = u64;
/// Minor units of a currency.
pub type Minor = u64;
/// Millionths.
pub type Ppm = u32;

choice! {
    /// One transaction; the tag is its type byte.
    Transaction {
        /// Governance takes a member in, or changes its roles, status and rules.
        1 = RegisterMember(RegisterMember),
        /// A key gives way to another.
        2 = RotateKey(RotateKey),
        /// Governance, the buyer and the guarantor agree on a programme's terms.
        3 = SetProgramme(SetProgramme),
        /// A certificate is frozen or freed by order.
        4 = Freeze(Freeze),
        /// Governance moves a part as a court ordered.
        5 = CourtTransfer(CourtTransfer),
        /// Governance names the validators of an epoch to come.
        6 = SetValidators(SetValidators),
        /// A supplier proposes a certificate.
        7 = Propose(Propose),
        /// The buyer owes it from now on, irrevocably.
        8 = Accept(CertificateRef),
        /// The buyer refuses, or the supplier takes back, a proposal.
        9 = Reject(Reject),
        /// The holder cuts a part.
        10 = Split(Split),
        /// The holder passes a part on.
        11 = Transfer(Transfer),
        /// The holder gives a part as security.
        12 = Pledge(Pledge),
        /// The pledgee lets go.
        13 = Release(PartRef),
        /// A funder publishes a table of rates.
        14 = PostRate(PostRate),
        /// The holder asks for sealed bids.
        15 = OpenAuction(OpenAuction),
        /// A funder's sealed bid.
        16 = CommitBid(CommitBid),
        /// A funder opens its bid.
        17 = RevealBid(RevealBid),
        /// The holder takes a posted rate or an auction's best bid: the part is locked.
        18 = TakeOffer(TakeOffer),
        /// The price is reserved for the seller: the part changes hands.
        19 = SettleLock(SettleLock),
        /// A lock's time is over.
        20 = ExpireLock(ExpireLock),
        /// Money came in for a certificate.
        21 = Pay(Pay),
        /// A defaulted amount is given up in the accounts.
        22 = WriteOff(WriteOff),
        /// An acquirer registers what it will owe a merchant.
        23 = RegisterUnits(RegisterUnits),
        /// A fixed unit falls, by a named reason.
        24 = AdjustUnit(AdjustUnit),
        /// A merchant pledges a share of its settlements.
        25 = PlaceLien(PlaceLien),
        /// A unit is paid out: lien holders first.
        26 = SettleUnit(SettleUnit),
    }
}

code! {
    /// Whether a member takes part.
    MemberStatus {
        /// Takes part.
        0 = Active,
        /// Its keys count for nothing, nor do those it vouched for.
        1 = Suspended,
    }
}

record! {
    /// See [`Transaction::RegisterMember`]. For a known member the keys are added and all else replaced.
    RegisterMember {
        /// Its number, chosen by governance.
        member: MemberId,
        /// What it may be.
        roles: Roles,
        /// Whether it takes part.
        status: MemberStatus,
        /// Salted hash of the attestation that it is known (KYC).
        attestation: Hash,
        /// From this amount on, disposing and accepting ask for two of its keys.
        two_keys_from: Option<Minor>,
        /// Its new keys.
        keys: Vec<KeyGrant>,
    }
}

record! {
    /// See [`Transaction::RotateKey`]. Signed by the old key and a governing key of the same member; or, for a lost
    /// key, by governance with a waiting time.
    RotateKey {
        /// The member.
        member: MemberId,
        /// The key that ends.
        old: PublicKey,
        /// The key that follows, or none.
        new: Option<PublicKey>,
        /// First height at which the old key no longer counts and the new one does.
        from_height: u64,
    }
}

code! {
    /// Days in a year for interest, by the custom of the currency's market.
    DayCount {
        /// Actual days over 360.
        0 = Actual360,
        /// Actual days over 365.
        1 = Actual365,
    }
}

record! {
    /// A guarantor stands in for a share of each certificate.
    Guarantee {
        /// The guarantor.
        member: MemberId,
        /// Share of the face it stands in for.
        share_ppm: Ppm,
        /// Most it stands in for at once, over the whole programme.
        limit: Minor,
    }
}

record! {
    /// See [`Transaction::SetProgramme`].
    SetProgramme {
        /// Its number.
        programme: ProgrammeId,
        /// Who owes; never changes.
        buyer: Party,
        /// The currency; never changes.
        currency: Currency,
        /// Class of the buyer in posted rates.
        buyer_class: u8,
        /// Most the buyer may owe at once.
        limit: Minor,
        /// Who stands in for it.
        guarantee: Option<Guarantee>,
        /// Days from issue to due, at most 365.
        tenor_days_max: u16,
        /// Day count of discounts and late interest.
        basis: DayCount,
        /// Late interest a year.
        late_rate_ppm: Ppm,
        /// Most that a funder's fee may be, as a share of the amount.
        fee_ppm_max: Ppm,
        /// Whether holders may pass on with recourse.
        recourse: bool,
        /// Days after due until a certificate is overdue.
        grace_days: u16,
        /// Further days until it is defaulted.
        default_days: u16,
    }
}

record! {
    /// See [`Transaction::Freeze`].
    Freeze {
        /// The certificate.
        certificate: CertificateId,
        /// Frozen or free.
        frozen: bool,
        /// Salted hash of the order.
        order: Hash,
    }
}

record! {
    /// See [`Transaction::CourtTransfer`].
    CourtTransfer {
        /// The part.
        part: PartId,
        /// Whose it is now.
        to: Party,
        /// Salted hash of the order.
        order: Hash,
    }
}

record! {
    /// See [`Transaction::SetValidators`].
    SetValidators {
        /// The epoch they serve from.
        epoch: u64,
        /// At least four.
        validators: Vec<Validator>,
    }
}

record! {
    /// See [`Transaction::Propose`].
    Propose {
        /// The buyer's programme.
        programme: ProgrammeId,
        /// Who is owed, and the first holder.
        supplier: Party,
        /// What is owed.
        face: Minor,
        /// The invoice's day.
        issue_day: Day,
        /// The day it is to be paid.
        due_day: Day,
        /// Why the term is above 180 days, shown to observers.
        tenor_reason: Option<u16>,
        /// Keyed hashes of the documents' normalised fields, ascending.
        fingerprints: Vec<Hash>,
        /// Salted hash of the documents.
        document: Hash,
    }
}

record! {
    /// A certificate by id.
    CertificateRef {
        /// The certificate.
        certificate: CertificateId,
    }
}

record! {
    /// See [`Transaction::Reject`].
    Reject {
        /// The proposal.
        certificate: CertificateId,
        /// A reason's code, the parties' own.
        reason: u16,
    }
}

record! {
    /// See [`Transaction::Split`].
    Split {
        /// The part.
        part: PartId,
        /// Amounts of the children, which add up to the part.
        amounts: Vec<Minor>,
    }
}

record! {
    /// See [`Transaction::Transfer`].
    Transfer {
        /// The part.
        part: PartId,
        /// Whose it is from now on.
        to: Party,
        /// Whether the old holder answers for it if the buyer defaults.
        recourse: bool,
    }
}

record! {
    /// See [`Transaction::Pledge`].
    Pledge {
        /// The part.
        part: PartId,
        /// Who is secured.
        to: Party,
        /// Most that the pledgee is paid out of it.
        secured: Minor,
    }
}

record! {
    /// A part by id.
    PartRef {
        /// The part.
        part: PartId,
    }
}

record! {
    /// A line of a table of rates.
    RateBand {
        /// Buyer class it is for.
        buyer_class: u8,
        /// Most days to maturity.
        days_max: u16,
        /// Smallest part.
        amount_min: Minor,
        /// Largest part.
        amount_max: Minor,
        /// Discount rate a year.
        rate_ppm: Ppm,
        /// Fee on top.
        fee: Minor,
    }
}

record! {
    /// See [`Transaction::PostRate`]. Its id is the transaction's.
    PostRate {
        /// Who buys.
        funder: MemberId,
        /// The currency.
        currency: Currency,
        /// Lines, the first that fits counts.
        bands: Vec<RateBand>,
        /// Most that is spent under it.
        budget: Minor,
        /// When it ends.
        until_ms: TimeMs,
        /// Whether the seller answers for the buyer.
        recourse: bool,
        /// The table it takes the place of.
        replaces: Option<Hash>,
    }
}

record! {
    /// See [`Transaction::OpenAuction`]. Its id is the transaction's.
    OpenAuction {
        /// The part on offer.
        part: PartId,
        /// Until when bids are sealed and handed in.
        commit_until_ms: TimeMs,
        /// Until when bids are opened.
        reveal_until_ms: TimeMs,
        /// Highest rate a year the seller would take.
        rate_ppm_max: Ppm,
        /// Whether the seller answers for the buyer.
        recourse: bool,
    }
}

record! {
    /// See [`Transaction::CommitBid`].
    CommitBid {
        /// The auction.
        auction: Hash,
        /// Who bids.
        bidder: MemberId,
        /// [`crate::envelope::bid_commitment`].
        commitment: Hash,
    }
}

record! {
    /// See [`Transaction::RevealBid`].
    RevealBid {
        /// The auction.
        auction: Hash,
        /// Who bid.
        bidder: MemberId,
        /// The all-in rate a year: there is no fee on top.
        rate_ppm: Ppm,
        /// What kept the bid from being guessed.
        salt: Hash,
    }
}

choice! {
    /// An offer to take.
    #[derive(Copy)]
    Offer {
        /// A table of rates.
        0 = Posted(Hash),
        /// The best opened bid of an auction.
        1 = Auction(Hash),
    }
}

record! {
    /// See [`Transaction::TakeOffer`]. The lock's key is the transaction's id.
    TakeOffer {
        /// The part.
        part: PartId,
        /// What is taken: no field lets anybody but the holder choose.
        offer: Offer,
        /// Least price the holder agrees to.
        price_min: Minor,
        /// Until when the price must be reserved.
        until_ms: TimeMs,
    }
}

record! {
    /// See [`Transaction::SettleLock`].
    SettleLock {
        /// The part.
        part: PartId,
        /// The lock's key.
        key: Hash,
        /// The reserved transfer in the payment network's book.
        reference: Hash,
        /// Hashes of what other registries answered before the money moved.
        registries: Vec<Hash>,
    }
}

record! {
    /// See [`Transaction::ExpireLock`].
    ExpireLock {
        /// The part.
        part: PartId,
        /// The lock's key.
        key: Hash,
    }
}

choice! {
    /// Whose money came in.
    #[derive(Copy)]
    Payer {
        /// The buyer's.
        0 = Buyer(()),
        /// The guarantor's.
        1 = Guarantor(()),
        /// That of who passed this part on with recourse.
        2 = Recourse(PartId),
    }
}

record! {
    /// See [`Transaction::Pay`].
    Pay {
        /// The certificate.
        certificate: CertificateId,
        /// Whose money.
        payer: Payer,
        /// What goes against the unpaid amount.
        principal: Minor,
        /// What goes against late interest.
        interest: Minor,
        /// The transfer in the payment network's book, used once.
        reference: Hash,
    }
}

record! {
    /// See [`Transaction::WriteOff`].
    WriteOff {
        /// The certificate.
        certificate: CertificateId,
        /// What is given up by this step.
        amount: Minor,
        /// A reason's code.
        reason: u16,
    }
}

record! {
    /// What an acquirer will owe a merchant for one scheme and day.
    NewUnit {
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
    /// See [`Transaction::RegisterUnits`].
    RegisterUnits {
        /// The acquirer.
        registrar: MemberId,
        /// The merchant.
        merchant: Party,
        /// The units.
        units: Vec<NewUnit>,
    }
}

code! {
    /// Why a fixed unit falls.
    UnitReason {
        /// The merchant gave money back.
        0 = Refund,
        /// The payer took money back.
        1 = Chargeback,
        /// The scheme's or acquirer's fee.
        2 = Fee,
        /// A mistake.
        3 = Correction,
    }
}

record! {
    /// See [`Transaction::AdjustUnit`].
    AdjustUnit {
        /// The unit.
        unit: Hash,
        /// By how much it falls.
        less: Minor,
        /// Why.
        reason: UnitReason,
    }
}

record! {
    /// See [`Transaction::PlaceLien`]. The advance's id is the transaction's; signed by merchant and funder.
    PlaceLien {
        /// The merchant, who agrees.
        merchant: Party,
        /// The funder, who is repaid.
        funder: MemberId,
        /// The currency.
        currency: Currency,
        /// What is to be repaid, cost included.
        owed: Minor,
        /// Share of each settlement.
        share_ppm: Ppm,
        /// Most that is taken on one day.
        cap_per_day: Minor,
        /// Last day on which anything is taken.
        end_day: Day,
        /// Salted hash of the merchant's consent.
        consent: Hash,
    }
}

record! {
    /// See [`Transaction::SettleUnit`].
    SettleUnit {
        /// The unit.
        unit: Hash,
        /// The transfer in the payment network's book, used once.
        reference: Hash,
    }
}
