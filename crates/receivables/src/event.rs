//! What became true on the chain: the log's leaves. An event says enough to be understood without the state, and is
//! the only thing that changes the state.

mod certificates;
mod financing;
mod parties;
mod payments;
mod units;

pub use certificates::{Accepted, Moved, PartAmount, PartSplit, Pledged, Proposed, Rejected, Released};
pub use financing::{AuctionOpened, BidCommitted, BidRevealed, LockEnded, Locked, RatePosted, Sold};
pub use parties::Vouched;
pub use payments::{Paid, RecoursePaid, Share, WrittenOff};
pub use units::{LienPlaced, LienShare, UnitRegistered, UnitSettled};

use crate::codec::{choice, record};
use crate::hash::Hash;
use crate::transaction::{
    AdjustUnit, Freeze, RegisterMember, RotateKey, SetProgramme, SetValidators, TimeMs,
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
