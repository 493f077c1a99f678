//! What the chain is asked for each delivery that the network holds. Everything asked derives from the delivery and a
//! coarse clock, so whoever asks again, after whatever crash, asks with the same transaction.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::codec::Codec as _;
use crate::hash::Hash;
use crate::link::{Reading, Sales};
use crate::proof::Shown;
use crate::state::Key;
use crate::transaction::{
    CertificateId, ExpireLock, Minor, PartId, Pay, Payer, SettleLock, SettleUnit, TimeMs, Transaction,
};

/// What did not help is asked again after this time.
pub const AGAIN_MS: u64 = 5_000;
/// Transactions made within so long expire together, and so are the same. They live for one to two of it, which is less
/// than [`crate::envelope::LIFETIME_MS_MAX`].
const EXPIRY_STEP_MS: u64 = 240_000;

/// A delivery that the network has not finished, as it lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Counts deliveries from 1.
    pub number: u64,
    /// What it is known by in the network.
    pub key: Hash,
    /// What the chain is told that its money is known by.
    pub reference: Hash,
    /// What it is for.
    pub what: What,
    /// What is needed of the chain now.
    pub awaits: Option<Awaits>,
    /// From then on the chain takes no proof of it.
    pub until_ms: Option<TimeMs>,
}

/// What a delivery is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The price of a locked part.
    Sale {
        /// The part.
        part: PartId,
    },
    /// A payment on a certificate.
    Redemption {
        /// The certificate.
        certificate: CertificateId,
        /// In whose stead.
        payer: Payer,
        /// Against the unpaid amount.
        principal: Minor,
        /// Against late interest.
        interest: Minor,
    },
    /// An advance to a merchant. Its lien is signed by merchant and funder, not by a link.
    Advance,
    /// What liens take of a merchant's sales.
    Unit(Sales),
}

/// What the network waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Awaits {
    /// That the chain takes the proof that the money is held.
    Proof,
    /// That the chain's time for it is over.
    End,
}

/// What is asked of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// To execute a transaction.
    Submit(Wish),
    /// To show that a reference was never used and cannot be any more.
    ShowAbsent(Absence),
}

/// A transaction that a settlement member signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// For which delivery, by its number.
    pub number: u64,
    /// Its key.
    pub key: Hash,
    /// What is asked.
    pub transaction: Transaction,
    /// Even. Of all transactions for one delivery only one can have an effect, and so uses it; odd ones are left for
    /// whoever finds it out of the window.
    pub nonce: u64,
    /// Not later than the delivery's own end.
    pub expires_ms: TimeMs,
}

/// What is to be shown so that a delivery ends without a word of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The delivery, by its number.
    pub number: u64,
    /// Its key.
    pub key: Hash,
    /// The reference that was not used.
    pub reference: Hash,
    /// From then on it cannot be used.
    pub until_ms: TimeMs,
}

/// When what was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    asked: BTreeMap<(Hash, Awaits), TimeMs>,
}

impl Asking {
    /// What to ask now, by all that the network holds open and what was read of units.
    pub fn due(&mut self, open: &[Open], reading: &Reading, now_ms: TimeMs) -> Vec<Ask> {
        let named = |one: &Open| one.awaits.map(|awaits| (one.key, awaits));
        let awaited: Vec<(Hash, Awaits)> = open.iter().filter_map(named).collect();
        self.asked.retain(|about, at| awaited.contains(about) && now_ms < at.saturating_add(AGAIN_MS));
        let mut asks = Vec::new();
        for one in open {
            let Some(about) = named(one) else { continue };
            if self.asked.contains_key(&about) {
                continue;
            }
            if let Some(ask) = one.ask(reading, now_ms) {
                self.asked.insert(about, now_ms);
                asks.push(ask);
            }
        }
        asks
    }

    /// What was asked of a delivery did not reach the chain: it may be asked again at once.
    pub fn forget(&mut self, key: &Hash) {
        self.asked.retain(|(asked, _), _| asked != key);
    }
}

impl Open {
    fn ask(&self, reading: &Reading, now_ms: TimeMs) -> Option<Ask> {
        let (key, reference) = (self.key, self.reference);
        let transaction = match (&self.what, self.awaits?) {
            (What::Sale { part }, Awaits::Proof) => {
                Transaction::SettleLock(SettleLock { part: *part, key, reference, registries: Vec::new() })
            }
            (What::Sale { part }, Awaits::End) => Transaction::ExpireLock(ExpireLock { part: *part, key }),
            (What::Redemption { certificate, payer, principal, interest }, Awaits::Proof) => {
                Transaction::Pay(Pay {
                    certificate: *certificate,
                    payer: *payer,
                    principal: *principal,
                    interest: *interest,
                    reference,
                })
            }
            (What::Unit(sales), Awaits::Proof) => {
                Transaction::SettleUnit(SettleUnit { unit: reading.unit_of(sales)?, reference })
            }
            (What::Advance, Awaits::Proof) | (What::Unit(_), Awaits::End) => return None,
            (What::Redemption { .. } | What::Advance, Awaits::End) => {
                let until_ms = self.until_ms?;
                return Some(Ask::ShowAbsent(Absence { number: self.number, key, reference, until_ms }));
            }
        };
        let step = (now_ms / EXPIRY_STEP_MS + 2) * EXPIRY_STEP_MS;
        // The end of a lock is asked for after its time; nothing else may be executed then.
        let latest = self.until_ms.filter(|_| self.awaits == Some(Awaits::Proof)).unwrap_or(TimeMs::MAX);
        let expires_ms = step.min(latest);
        let nonce = self.number.checked_mul(2)?;
        Some(Ask::Submit(Wish { number: self.number, key, transaction, nonce, expires_ms }))
    }
}

impl Absence {
    /// The record whose absence is shown.
    pub fn record(&self) -> Key {
        Key::Reference(self.reference)
    }

    /// Whether a proof shows that the chain's time has passed the delivery's: the first of the two that the network asks.
    pub fn is_over(&self, shown: &Shown) -> bool {
        shown.header.time_ms >= self.until_ms
    }

    /// Whether a later proof shows that the reference was not used up to that time: the second of the two.
    pub fn is_shown(&self, over: &Shown, later: &Shown) -> bool {
        let absent =
            |(key, value): &(Vec<u8>, Option<Vec<u8>>)| *key == self.record().encode() && value.is_none();
        self.is_over(over)
            && later.header.state_height >= over.header.height
            && later.state.as_ref().is_some_and(absent)
    }
}
