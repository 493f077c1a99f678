//! What members can still spend while a batch of transfers is put together, and the credit that covers what one of
//! them lacks where the money must move all the same. Does not know why it must.

use directory::MemberId;
use ledger::Ledger;
use money::{Amount, Currency};

use crate::funds::available;

/// The purses of the members a batch touches, as they are after the legs put into it so far.
pub(crate) struct Purses<'a> {
    book: &'a dyn Ledger,
    left: Vec<(MemberId, Currency, u128)>,
}

impl<'a> Purses<'a> {
    pub(crate) fn new(book: &'a dyn Ledger) -> Purses<'a> {
        Purses { book, left: Vec::with_capacity(8) }
    }

    /// A member is given something.
    pub(crate) fn receive(&mut self, member: MemberId, amount: Amount) {
        *self.left(member, amount.currency) += u128::from(amount.minor);
    }

    /// A member gives something; returns what it lacks, which its credit line is to give it first. The network
    /// itself is not limited.
    pub(crate) fn give(&mut self, member: MemberId, amount: Amount) -> u128 {
        let needed = u128::from(amount.minor);
        let left = self.left(member, amount.currency);
        let lacking = if member == MemberId::NETWORK { 0 } else { needed.saturating_sub(*left) };
        *left = left.saturating_sub(needed);
        lacking
    }

    fn left(&mut self, member: MemberId, currency: Currency) -> &mut u128 {
        let known = self.left.iter().position(|(m, c, _)| *m == member && *c == currency);
        let index = known.unwrap_or_else(|| {
            self.left.push((member, currency, available(self.book, member, currency)));
            self.left.len() - 1
        });
        &mut self.left[index].2
    }
}
