//! People who are not honest, beside those who are: rings that bring many payers to one merchant, somebody who tries out
//! codes, somebody who has taken over another's wallet. Knows no rule by which they might be caught.

use std::sync::Arc;

use money::Amount;

use crate::cast::{Cast, worth};
use crate::hands::Hands;
use crate::letter::{Place, Wake};

/// Honest customers of a wallet, by number from 0.
pub(crate) const HONEST: usize = 6;
/// Mules and victims behind them.
pub(crate) const CROOKS: usize = MULES + 1;
/// A customer that no wallet has.
pub(crate) const NOBODY: usize = 99;

/// Token of the phone that a ring hands around.
pub(crate) const RING_PHONE: &str = "ring-phone";
const MULES: usize = 12;
const VICTIM: usize = HONEST + MULES;

/// What a customer's wallet runs on: a phone of one's own, or nothing that the wallet could tell. Every second mule uses
/// the ring's one phone, whatever wallet is on it.
pub(crate) fn device(wallet: u32, customer: usize) -> Option<Arc<str>> {
    match customer {
        HONEST..VICTIM if customer.is_multiple_of(2) => Some(Arc::from(RING_PHONE)),
        _ if customer.is_multiple_of(3) => None,
        _ => Some(format!("phone-{wallet}-{customer}").into()),
    }
}

/// Begins one of the crimes.
pub(crate) fn commit(cast: &Cast, hands: &mut Hands<'_>) {
    match hands.rng.u8(0..3) {
        0 => ring(cast, hands),
        1 => try_codes(cast, hands),
        _ => take_over(cast, hands),
    }
}

/// Payers nobody has seen before, from every wallet, come to one merchant with large amounts.
fn ring(cast: &Cast, hands: &mut Hands<'_>) {
    let till = hands.rng.usize(0..cast.acquirers.len());
    let currency = cast.acquirers[till].currency;
    for mule in 0..MULES {
        let wallet = Place::Wallet(mule % cast.wallets.len());
        let amount = Amount::new(currency, worth(currency) * hands.rng.u64(90..100) / 100);
        let wake = Wake::StandingSeen { customer: HONEST + mule, till, amount };
        hands.hand(wallet, 15_000 * mule as u64, wake);
    }
    hands.coverage.saw("crime", "ring");
}

/// Codes of somebody who cannot pay, one after the other.
fn try_codes(cast: &Cast, hands: &mut Hands<'_>) {
    let till = hands.rng.usize(0..cast.acquirers.len());
    let wallet = Place::Wallet(hands.rng.usize(0..cast.wallets.len()));
    for attempt in 0..14 {
        hands.hand(wallet, attempt * 20_000, Wake::WantCode { customer: NOBODY, till });
    }
    hands.coverage.saw("crime", "codes tried out");
}

/// A payer of small habits, whose wallet then buys as much as it can somewhere else.
fn take_over(cast: &Cast, hands: &mut Hands<'_>) {
    let wallet = Place::Wallet(hands.rng.usize(0..cast.wallets.len()));
    let mut pay = |till: usize, percent: u64, after_ms: u64| {
        let currency = cast.acquirers[till].currency;
        let amount = Amount::new(currency, worth(currency) * percent / 100);
        hands.hand(wallet, after_ms, Wake::StandingSeen { customer: VICTIM, till, amount });
    };
    for habit in 0..7 {
        pay(0, 2, habit * 30_000);
    }
    for theft in 0..5 {
        pay(1, 90, 400_000 + theft * 25_000);
    }
    hands.coverage.saw("crime", "takeover");
}
