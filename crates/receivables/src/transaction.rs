//! What members and parties may ask of the chain: 22 transactions, and four for merchants' settlement units. Knows the
//! questions, not the answers.

mod certificates;
mod financing;
mod governance;
mod payments;
mod units;

pub use certificates::{CertificateRef, PartRef, Pledge, Propose, Reject, Split, Transfer};
pub use financing::{
    CommitBid, ExpireLock, Offer, OpenAuction, PostRate, RateBand, RevealBid, SettleLock, TakeOffer,
};
pub use governance::{
    CourtTransfer, DayCount, Freeze, Guarantee, MemberStatus, RegisterMember, RotateKey, SetProgramme,
    SetValidators,
};
pub use payments::{Pay, Payer, WriteOff};
pub use units::{AdjustUnit, NewUnit, PlaceLien, RegisterUnits, SettleUnit, UnitReason};

use crate::codec::choice;
use crate::hash::Hash;

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
