//! Where payers meet merchants: sends people shopping, each in one of the four ways a payment can begin.

use money::Amount;

use crate::cast::{Cast, worth};
use crate::crime::{self, HONEST, NOBODY};
use crate::hands::Hands;
use crate::letter::{Letter, Place, Wake};

/// The street.
pub(crate) struct Street {
    cast: Cast,
    left: u32,
}

impl Street {
    pub(crate) fn new(cast: Cast, purchases: u32) -> Street {
        Street { cast, left: purchases }
    }

    pub(crate) fn take(&mut self, letter: Letter, hands: &mut Hands<'_>) {
        if !matches!(letter, Letter::Wake(Wake::Shop)) || self.left == 0 {
            return;
        }
        self.left -= 1;
        self.shop(hands);
        if hands.chance(hands.plan.crime) {
            crime::commit(&self.cast, hands);
        }
        let gap = hands.plan.purchase_gap_ms;
        // Now and then nobody comes for an hour.
        let pause_ms = if hands.chance(6) { hands.rng.u64(300_000..3_600_000) } else { 0 };
        hands.wake_in(pause_ms..pause_ms + gap * 2, Wake::Shop);
    }

    /// Whether everybody has been shopping.
    pub(crate) fn is_over(&self) -> bool {
        self.left == 0
    }

    fn shop(&mut self, hands: &mut Hands<'_>) {
        let till = hands.rng.usize(0..self.cast.acquirers.len());
        let wallet = Place::Wallet(hands.rng.usize(0..self.cast.wallets.len()));
        let customer = hands.rng.usize(0..=HONEST);
        let customer = if customer == HONEST { NOBODY } else { customer };
        match hands.rng.u8(0..10) {
            0..=4 => hands.hand(wallet, 0, Wake::WantCode { customer, till }),
            5..=7 => {
                let standing_link = hands.chance(300);
                hands.hand(Place::Acquirer(till), 0, Wake::Sell { standing_link });
            }
            _ => {
                let currency = self.cast.acquirers[till].currency;
                let large = worth(currency);
                let tiny = hands.chance(hands.plan.tiny);
                let most = if tiny { hands.plan.tiny_minor_max } else { large };
                let amount = Amount::new(currency, hands.rng.u64(0..=most));
                hands.hand(wallet, 0, Wake::StandingSeen { customer, till, amount });
            }
        }
    }
}
