//! What a payment network's link to the chain does next: which final events the network is to be told, and what the
//! chain is to be asked for each delivery that the network holds. Knows neither HTTP nor keys, and remembers nothing that
//! cannot be read again.

mod asking;
#[cfg(test)]
mod tests;
mod units;

use std::collections::{BTreeMap, VecDeque};

use crate::codec::{Codec as _, Malformed, record};
use crate::event::{Entry, Event};
use crate::hash::Hash;
use crate::log::{Frontier, leaf_hash};
use crate::proof::{Header, Proof};
use crate::transaction::CertificateId;

pub use asking::{AGAIN_MS, Absence, Ask, Asking, Awaits, Open, What, Wish};
pub use units::{Lien, Sales, Unit, Units};

/// What the payment network is to be told, with proofs of these events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tell {
    /// A part waits for its price.
    Lock(Seen),
    /// The final word on a delivery. Two events where a court lets go what it kept back: the payment, and the release.
    Word(Vec<Seen>),
}

record! {
    /// An event that was read.
    #[derive(Copy)]
    Seen {
        /// Its index in the log.
        index: u64,
        /// Its hash there.
        leaf: Hash,
    }
}

impl Seen {
    /// Whether a proof is of this event and no other.
    pub fn is_shown_by(&self, proof: &Proof) -> bool {
        proof.event.as_ref().is_some_and(|event| leaf_hash(&event.entry) == self.leaf)
    }
}

/// The log as it is read from a node. Nothing of it is to be told before a final header agrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    log: Frontier,
    withheld: BTreeMap<CertificateId, Vec<Seen>>,
    units: Units,
    tells: VecDeque<Tell>,
}

record! {
    /// Where a link goes on reading. Everything in it follows from the log, so it may be lost.
    Position {
        /// What was read.
        log: Frontier,
        /// Payments that a court keeps back.
        withheld: Vec<Withheld>,
        /// Liens on merchants' units, in lists as long as one may be.
        liens: Vec<Vec<Lien>>,
        /// Units that are not settled, in lists as long as one may be.
        units: Vec<Vec<Unit>>,
    }
}

record! {
    /// Payments on a frozen certificate.
    Withheld {
        /// The certificate.
        certificate: CertificateId,
        /// The payments.
        payments: Vec<Seen>,
    }
}

impl Reading {
    /// Goes on where something else has read to; nothing if the position is none of a log.
    pub fn from(position: Position) -> Option<Reading> {
        let Position { log, withheld, liens, units } = position;
        let whole = log.peaks.len() == log.size.count_ones() as usize;
        let withheld = withheld.into_iter().map(|one| (one.certificate, one.payments)).collect();
        let units = Units::from(liens.into_iter().flatten(), units.into_iter().flatten());
        whole.then_some(Reading { log, withheld, units, tells: VecDeque::new() })
    }

    /// Index of the next event.
    pub fn next(&self) -> u64 {
        self.log.size
    }

    /// Takes the next event in, as a node gave it.
    pub fn read(&mut self, leaf: &[u8]) -> Result<(), Malformed> {
        let entry = Entry::decode(leaf)?;
        let hash = leaf_hash(leaf);
        let seen = Seen { index: self.log.append(hash), leaf: hash };
        self.units.read(&entry.event);
        match entry.event {
            Event::Locked(_) => self.tells.push_back(Tell::Lock(seen)),
            Event::Paid(paid) => {
                if paid.withheld {
                    self.withheld.entry(paid.certificate).or_default().push(seen);
                }
                self.tells.push_back(Tell::Word(vec![seen]));
            }
            Event::Sold(_)
            | Event::LockEnded(_)
            | Event::RecoursePaid(_)
            | Event::LienPlaced(_)
            | Event::UnitSettled(_) => self.tells.push_back(Tell::Word(vec![seen])),
            Event::FreezeSet(set) if !set.frozen => {
                let free = self.withheld.remove(&set.certificate).unwrap_or_default();
                self.tells.extend(free.into_iter().map(|paid| Tell::Word(vec![paid, seen])));
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether what was read is the log of which a final header speaks: nothing was changed and nothing left out.
    pub fn agrees(&self, header: &Header) -> bool {
        header.log_size == self.log.size && header.log_root == self.log.root()
    }

    /// What is to be told next. The order is the chain's.
    pub fn tell(&self) -> Option<&Tell> {
        self.tells.front()
    }

    /// The network has heard it.
    pub fn heard(&mut self) {
        self.tells.pop_front();
    }

    /// How much is still to be told.
    pub fn waiting(&self) -> usize {
        self.tells.len()
    }

    /// The unit on the chain that has a merchant's sales, once its acquirer has registered it.
    pub fn unit_of(&self, sales: &Sales) -> Option<Hash> {
        self.units.of(sales)
    }

    /// Where another link could go on, once everything was heard.
    pub fn position(&self) -> Option<Position> {
        let withheld = self.withheld.iter();
        let withheld = withheld.map(|(certificate, payments)| Withheld {
            certificate: *certificate,
            payments: payments.clone(),
        });
        let (liens, units) = self.units.lists();
        let position = Position { log: self.log.clone(), withheld: withheld.collect(), liens, units };
        self.tells.is_empty().then_some(position)
    }
}
