//! What a member and the network agreed, from a date on: currencies, limits, fees, settlement.

use money::{Currency, Share};

use crate::Time;

/// The terms of one member from `from` until a later agreement begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// From when it holds.
    pub from: Time,
    /// The currencies it pays, is paid or quotes in, with the limits of one payment.
    pub limits: Vec<Limit>,
    /// The currency its net position is settled in.
    pub settlement_currency: Currency,
    /// What an acquirer pays the wallet of each payment, as a share of it. Zero for others.
    pub interchange: Share,
    /// What the member pays the network of each payment.
    pub network_fee: Share,
}

/// The smallest and largest single payment in one currency, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    /// The currency it limits.
    pub currency: Currency,
    /// The least one payment may move.
    pub payment_min_minor: u64,
    /// The most one payment may move.
    pub payment_max_minor: u64,
}

impl Agreement {
    /// The limits in this currency, if the agreement covers it.
    pub fn limit(&self, currency: Currency) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.currency == currency)
    }
}
