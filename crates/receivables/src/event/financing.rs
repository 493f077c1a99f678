//! What became true about offers, locks and sales.

use money::Currency;

use crate::codec::record;
use crate::hash::Hash;
use crate::identity::{MemberId, Party};
use crate::transaction::{Minor, Offer, PartId, PostRate, Ppm, TimeMs};

record! {
    /// See [`crate::Event::RatePosted`].
    RatePosted {
        /// Its id.
        rate: Hash,
        /// The table.
        terms: PostRate,
    }
}

record! {
    /// See [`crate::Event::AuctionOpened`].
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
    /// See [`crate::Event::BidCommitted`].
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
    /// See [`crate::Event::BidRevealed`].
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
    /// See [`crate::Event::Locked`].
    Locked {
        /// The part.
        part: PartId,
        /// The seller.
        from: Party,
        /// The agent: the member that is paid for the seller, its sponsor or the seller itself.
        agent: MemberId,
        /// The currency.
        currency: Currency,
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
    /// See [`crate::Event::Sold`].
    Sold {
        /// The part.
        part: PartId,
        /// The seller.
        from: Party,
        /// The agent: the member that is paid for the seller, its sponsor or the seller itself.
        agent: MemberId,
        /// The currency.
        currency: Currency,
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
    /// See [`crate::Event::LockEnded`].
    LockEnded {
        /// The part.
        part: PartId,
        /// The lock's key.
        key: Hash,
    }
}
