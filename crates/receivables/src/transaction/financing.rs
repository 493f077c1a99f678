//! What is asked to find a funder and to sell a part for a price.

use money::Currency;

use super::{Minor, PartId, Ppm, TimeMs};
use crate::codec::{choice, record};
use crate::hash::Hash;
use crate::identity::MemberId;

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
    /// See [`crate::Transaction::PostRate`]. Its id is the transaction's.
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
    /// See [`crate::Transaction::OpenAuction`]. Its id is the transaction's.
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
    /// See [`crate::Transaction::CommitBid`].
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
    /// See [`crate::Transaction::RevealBid`].
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
    /// See [`crate::Transaction::TakeOffer`]. The lock's key is the transaction's id.
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
    /// See [`crate::Transaction::SettleLock`].
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
    /// See [`crate::Transaction::ExpireLock`].
    ExpireLock {
        /// The part.
        part: PartId,
        /// The lock's key.
        key: Hash,
    }
}
