//! What merchants with advances sold and owe, by the facts alone: liens take their share of each day's sales once, when
//! nothing of it can be cancelled any more, and never more than is owed. Shares no code with the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::{MerchantId, Time};
use engine::delivery::{Begun, Offered, Share, What};
use money::Currency;
use receivables::Hash;
use switch::{Event, Stage};

use super::Known;
use crate::chain::Chain;

/// The network's days begin at midnight of UTC+8; what was sold can be cancelled for a quarter of an hour longer.
const DAY_MS: u64 = 86_400_000;
const DAY_OFFSET_MS: u64 = 8 * 3_600_000;
const CANCEL_MS: u64 = 15 * 60_000;

type Merchant = (MerchantId, Currency);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Lent {
    offers: BTreeMap<u64, Arc<Offered>>,
    advances: BTreeMap<Hash, Owed>,
    /// Of merchants that owe something: net sales by day, since the advance or since liens took their share.
    sales: BTreeMap<Merchant, BTreeMap<u64, i128>>,
}

/// An advance that was paid out.
#[derive(Debug)]
struct Owed {
    offered: Arc<Offered>,
    minor: i128,
}

impl Owed {
    fn is_of(&self, merchant: &Merchant) -> bool {
        (self.offered.merchant, self.offered.limit.currency) == *merchant
    }

    fn takes(&self, net: i128) -> i128 {
        let share = net * i128::from(self.offered.share_ppm) / 1_000_000;
        share.min(i128::from(self.offered.cap_minor)).min(self.minor)
    }
}

fn day_of(at: Time) -> u64 {
    (at.0 + DAY_OFFSET_MS) / DAY_MS
}

impl Lent {
    pub(super) fn offered(&mut self, offered: &Arc<Offered>) {
        self.offers.insert(offered.number, offered.clone());
    }

    /// A fact about a payment that stood as `known`.
    pub(super) fn paid(&mut self, known: &Known, event: &Event, at: Time) {
        let whole = i128::from(known.opened.amount.minor);
        let minor = match event {
            Event::Succeeded { .. } => whole,
            Event::Cancelled { .. } if known.stage == Stage::Succeeded => -whole,
            Event::RefundSucceeded { refund, .. } => -known
                .refunds
                .get(usize::from(*refund))
                .map_or(0, |(refund, _)| i128::from(refund.amount.minor)),
            _ => return,
        };
        if let Some(days) = self.sales.get_mut(&(known.opened.merchant, known.opened.amount.currency)) {
            *days.entry(day_of(at)).or_default() += minor;
        }
    }

    /// Liens are to take something of a merchant's sales up to a day: of all of them, once, and no more than they may.
    pub(super) fn begin(&mut self, begun: &Begun, at: Time) -> Result<(), String> {
        let What::Unit { merchant, day, net_minor } = begun.what else { return Ok(()) };
        let merchant = (merchant, begun.amount.currency);
        let day = u64::from(day);
        if at.0 + DAY_OFFSET_MS <= (day + 1) * DAY_MS + CANCEL_MS {
            return Err(format!("sales that can still be cancelled are shared at {at:?}: {begun:?}"));
        }
        let days = self.sales.get_mut(&merchant).ok_or(format!("nothing is owed by {begun:?}"))?;
        let later = days.split_off(&(day + 1));
        let net: i128 = std::mem::replace(days, later).into_values().sum();
        if net != i128::from(net_minor) {
            return Err(format!("{net} was sold, and shared is {begun:?}"));
        }
        let taken: i128 = self.of(&merchant).map(|owed| owed.takes(net)).sum();
        match taken.min(net) == i128::from(begun.amount.minor) {
            true => Ok(()),
            false => Err(format!("liens take {taken} of {begun:?}")),
        }
    }

    /// A delivery has moved: a new advance is owed, or old ones are repaid.
    pub(super) fn repay(&mut self, begun: &Begun, shares: &[Share]) -> Result<(), String> {
        for share in shares {
            let minor = i128::from(share.minor);
            match &begun.what {
                What::Advance { offer } => {
                    let offered = self.offers.get(offer).ok_or(format!("no offer for {begun:?}"))?.clone();
                    self.sales.entry((offered.merchant, offered.limit.currency)).or_default();
                    let minor = minor + minor * i128::from(offered.cost_ppm) / 1_000_000;
                    self.advances.insert(share.of, Owed { offered, minor });
                }
                What::Unit { .. } => {
                    let owed = self.advances.get_mut(&share.of);
                    let owed = owed.ok_or(format!("an advance is repaid that was never paid: {share:?}"))?;
                    owed.minor -= minor;
                    if owed.minor < 0 {
                        return Err(format!("more than is owed was taken of an advance: {share:?}"));
                    }
                }
                What::Sale { .. } | What::Redemption { .. } => {}
            }
        }
        if let What::Unit { merchant, .. } = begun.what {
            let merchant = (merchant, begun.amount.currency);
            if self.of(&merchant).all(|owed| owed.minor == 0) {
                self.sales.remove(&merchant);
            }
        }
        Ok(())
    }

    fn of(&self, merchant: &Merchant) -> impl Iterator<Item = &Owed> {
        self.advances.values().filter(move |owed| owed.is_of(merchant))
    }

    /// At the end the chain says the same about every advance.
    pub(super) fn rests_with(&self, chain: &Chain) -> Result<(), String> {
        for (advance, Owed { minor, .. }) in &self.advances {
            let there = chain.owed(advance);
            if there != Some(*minor) {
                return Err(format!("an advance owes {minor} here and {there:?} on the chain"));
            }
        }
        Ok(())
    }
}
