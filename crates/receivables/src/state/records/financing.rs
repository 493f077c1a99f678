//! What the state keeps of offers.

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::transaction::{Minor, PartId, PostRate, Ppm, TimeMs};

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
