//! Who gives what to whom in a payment and in a refund (rulebook C.5: P1, P2, F1 to F4, R1 to R4). Does not know the
//! book, nor which of it is reserved, posted or taken back when.

use directory::MemberId;
use money::Amount;

use crate::funds::Reason;
use crate::payment::{Payment, Terms};

/// One movement between two members.
#[derive(Clone, Copy)]
pub(crate) struct Leg {
    pub(crate) from: MemberId,
    pub(crate) to: MemberId,
    pub(crate) amount: Amount,
    pub(crate) reason: Reason,
}

/// P1, P2 and F1 to F4.
const LEGS_MAX: usize = 6;

/// The legs that are reserved before the payer is asked, and those that follow when it has paid.
pub(crate) struct Legs {
    legs: [Leg; LEGS_MAX],
    reserved: usize,
    count: usize,
}

impl Leg {
    pub(crate) fn mirrored(self) -> Leg {
        Leg { from: self.to, to: self.from, reason: Reason::Reversal, ..self }
    }
}

impl Legs {
    /// The legs of a payment on its terms.
    pub(crate) fn of_payment(payment: &Payment, terms: &Terms) -> Legs {
        let (acquirer, wallet) = (payment.opened.acquirer, terms.wallet);
        let network = MemberId::NETWORK;
        let leg = |from, to, amount, reason| Leg { from, to, amount, reason };
        let payer_leg = |to| leg(wallet, to, terms.payer_amount, Reason::PayerLeg);
        let mut legs = Legs::begin(payer_leg(terms.quote.provider.unwrap_or(acquirer)));
        if let Some(provider) = terms.quote.provider {
            legs.reserve(leg(provider, acquirer, payment.opened.amount, Reason::PayeeLeg));
        }
        let wallet_fee = leg(wallet, network, terms.wallet_fee, Reason::NetworkFee);
        // A fee that the interchange does not cover must be sure before the payer is debited.
        let covered = terms.wallet_fee.minor <= terms.interchange_payer.minor;
        if !covered {
            legs.reserve(wallet_fee);
        }
        match terms.quote.provider {
            Some(provider) => {
                legs.follow(leg(acquirer, provider, terms.interchange, Reason::Interchange));
                legs.follow(leg(provider, wallet, terms.interchange_payer, Reason::Interchange));
            }
            None => legs.follow(leg(acquirer, wallet, terms.interchange, Reason::Interchange)),
        }
        legs.follow(leg(acquirer, network, terms.acquirer_fee, Reason::NetworkFee));
        if covered {
            legs.follow(wallet_fee);
        }
        legs
    }

    /// The legs of a refund of a payment: R1 to R4 by their amounts. The network's fees are not returned.
    pub(crate) fn of_refund(payment: &Payment, terms: &Terms, amounts: [Amount; 4]) -> Legs {
        let (acquirer, wallet) = (payment.opened.acquirer, terms.wallet);
        let [amount, payer_amount, interchange, interchange_payer] = amounts;
        let leg = |from, to, amount| Leg { from, to, amount, reason: Reason::Refund };
        let mut legs = Legs::begin(leg(acquirer, terms.quote.provider.unwrap_or(wallet), amount));
        match terms.quote.provider {
            Some(provider) => {
                legs.reserve(leg(provider, wallet, payer_amount));
                legs.follow(leg(provider, acquirer, interchange));
                legs.follow(leg(wallet, provider, interchange_payer));
            }
            None => legs.follow(leg(wallet, acquirer, interchange)),
        }
        legs
    }

    pub(crate) fn reserved(&self) -> &[Leg] {
        &self.legs[..self.reserved]
    }

    pub(crate) fn following(&self) -> &[Leg] {
        &self.legs[self.reserved..self.count]
    }

    fn begin(first: Leg) -> Legs {
        Legs { legs: [first; LEGS_MAX], reserved: 1, count: 1 }
    }

    /// All reserved legs come before the first that follows.
    fn reserve(&mut self, leg: Leg) {
        self.legs[self.count] = leg;
        self.count += 1;
        self.reserved = self.count;
    }

    fn follow(&mut self, leg: Leg) {
        if !leg.amount.is_zero() {
            self.legs[self.count] = leg;
            self.count += 1;
        }
    }
}
