//! What events about offers, locks and sales do to the state.

use super::FOUND;
use crate::event::Event;
use crate::identity::Party;
use crate::state::{AuctionRecord, BidRecord, LockRecord, State};
use crate::transaction::Offer;

impl State {
    pub(super) fn apply_auction(&mut self, event: &Event) {
        match event {
            Event::AuctionOpened(opened) => {
                let record = AuctionRecord {
                    part: opened.part,
                    seller: opened.seller,
                    commit_until_ms: opened.commit_until_ms,
                    reveal_until_ms: opened.reveal_until_ms,
                    rate_ppm_max: opened.rate_ppm_max,
                    recourse: opened.recourse,
                    bids: Vec::new(),
                    taken: false,
                };
                self.tables.auctions.insert(opened.auction, record);
                self.change_part(&opened.part).auction = Some(Box::new(opened.auction));
            }
            Event::BidCommitted(bid) => {
                let record = BidRecord {
                    bidder: bid.bidder,
                    commitment: bid.commitment,
                    rate_ppm: None,
                    failed: false,
                };
                self.tables.auctions.change(&bid.auction).expect(FOUND).bids.push(record);
            }
            Event::BidRevealed(bid) => {
                let auction = self.tables.auctions.change(&bid.auction).expect(FOUND);
                let sealed = auction.bids.iter_mut().find(|other| other.bidder == bid.bidder);
                sealed.expect(FOUND).rate_ppm = Some(bid.rate_ppm);
            }
            _ => {}
        }
    }

    pub(super) fn apply_sale(&mut self, event: &Event) {
        match event {
            Event::Locked(locked) => {
                match &locked.offer {
                    Offer::Posted(rate) => {
                        self.tables.rates.change(rate).expect(FOUND).spent += locked.price;
                    }
                    Offer::Auction(auction) => {
                        self.tables.auctions.change(auction).expect(FOUND).taken = true;
                    }
                }
                self.change_part(&locked.part).lock = Some(Box::new(LockRecord {
                    to: locked.to,
                    price: locked.price,
                    until_ms: locked.until_ms,
                    key: locked.key,
                    offer: locked.offer,
                    recourse: locked.recourse,
                }));
            }
            Event::Sold(sold) => {
                self.tables.references.insert(sold.reference, ());
                let part = self.change_part(&sold.part);
                let lock = part.lock.take().expect(FOUND);
                if lock.recourse {
                    part.recourse.push(part.holder);
                }
                part.holder = Party::Member(lock.to);
            }
            Event::LockEnded(ended) => {
                let lock = self.change_part(&ended.part).lock.take().expect(FOUND);
                match &lock.offer {
                    Offer::Posted(rate) => {
                        self.tables.rates.change(rate).expect(FOUND).spent -= lock.price;
                    }
                    Offer::Auction(auction) => {
                        let auction = self.tables.auctions.change(auction).expect(FOUND);
                        auction.taken = false;
                        let taken = auction.bids.iter_mut().find(|bid| bid.bidder == lock.to);
                        taken.expect(FOUND).failed = true;
                    }
                }
            }
            _ => {}
        }
    }
}
