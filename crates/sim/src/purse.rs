//! What a wallet's users have, and every movement of it: the wallet's own, durable ledger. Knows no message.

use std::collections::BTreeMap;

use switch::{Decline, PaymentId};

/// What a wallet's own books say about a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Debit {
    /// Not decided.
    Thinking,
    /// The user was debited.
    Taken,
    /// The user was not and will not be debited.
    Refused(Decline),
    /// Taken back by the network's cancel, which may have come before anything else: never to be debited again.
    Cancelled,
}

/// A user's movements for one payment, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Movements {
    pub(crate) customer: usize,
    pub(crate) debits: u32,
    pub(crate) debited: u64,
    pub(crate) returned: u64,
    pub(crate) refunded: u64,
}

/// The users' money at one wallet.
#[derive(Debug)]
pub(crate) struct Purse {
    balances: Vec<u64>,
    debits: BTreeMap<PaymentId, Debit>,
    movements: BTreeMap<PaymentId, Movements>,
    refunds: BTreeMap<(PaymentId, u16), Result<u64, Decline>>,
}

impl Purse {
    pub(crate) fn new(balances: Vec<u64>) -> Purse {
        let (debits, movements, refunds) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Purse { balances, debits, movements, refunds }
    }

    pub(crate) fn debit(&self, payment: PaymentId) -> Option<Debit> {
        self.debits.get(&payment).copied()
    }

    pub(crate) fn movements(&self, payment: PaymentId) -> Movements {
        self.movements.get(&payment).copied().unwrap_or_default()
    }

    pub(crate) fn payments(&self) -> impl Iterator<Item = PaymentId> {
        self.movements.keys().copied()
    }

    pub(crate) fn think(&mut self, payment: PaymentId) {
        self.debits.insert(payment, Debit::Thinking);
    }

    pub(crate) fn refuse(&mut self, payment: PaymentId, why: Decline) -> Debit {
        self.debits.insert(payment, Debit::Refused(why));
        Debit::Refused(why)
    }

    /// Debits a customer, if there is enough.
    pub(crate) fn take(&mut self, payment: PaymentId, customer: usize, minor: u64) -> Debit {
        let Some(balance) = self.balances.get_mut(customer) else {
            return self.refuse(payment, Decline::UserNotExist);
        };
        if *balance < minor {
            return self.refuse(payment, Decline::BalanceNotEnough);
        }
        *balance -= minor;
        let movements = self.movements.entry(payment).or_default();
        movements.customer = customer;
        movements.debits += 1;
        movements.debited += minor;
        self.debits.insert(payment, Debit::Taken);
        Debit::Taken
    }

    /// Accepts a cancel whatever the state, and gives back what was taken.
    pub(crate) fn cancel(&mut self, payment: PaymentId) {
        if let Some(Debit::Taken) = self.debit(payment) {
            let movements = self.movements.entry(payment).or_default();
            let back = movements.debited - movements.returned;
            movements.returned += back;
            self.balances[movements.customer] += back;
        }
        self.debits.insert(payment, Debit::Cancelled);
    }

    /// What was answered to a refund, if anything was.
    pub(crate) fn refund(&self, payment: PaymentId, refund: u16) -> Option<Result<u64, Decline>> {
        self.refunds.get(&(payment, refund)).copied()
    }

    pub(crate) fn give_refund(&mut self, payment: PaymentId, refund: u16, minor: u64) {
        let movements = self.movements.entry(payment).or_default();
        movements.refunded += minor;
        if let Some(balance) = self.balances.get_mut(movements.customer) {
            *balance += minor;
        }
        self.refunds.insert((payment, refund), Ok(minor));
    }

    pub(crate) fn refuse_refund(&mut self, payment: PaymentId, refund: u16, why: Decline) {
        self.refunds.insert((payment, refund), Err(why));
    }
}
