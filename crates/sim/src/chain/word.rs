//! What the chain has finally said, by its log alone and not by what the link made of it: for the checks.

use directory::Time;
use engine::delivery::{Begun, Share, What};
use receivables::{Event, Hash};

use super::Chain;

impl Chain {
    /// The delivery whose proof the chain took with this event, if it did.
    pub(super) fn taken(&self, event: &Event) -> Option<Hash> {
        match event {
            Event::Sold(sold) => Some(sold.key),
            Event::Paid(paid) => self.link.proved(&paid.reference),
            Event::LienPlaced(placed) => self.link.proved(&placed.terms.reference),
            Event::UnitSettled(settled) => self.link.proved(&settled.reference),
            _ => None,
        }
    }

    /// Deliveries whose proof the chain took.
    pub(crate) fn all_taken(&self) -> impl Iterator<Item = Hash> {
        self.log.iter().filter_map(|(_, _, event)| self.taken(event))
    }

    /// Whether the chain has paid a delivery in just this way.
    pub(crate) fn paid(&self, key: &Hash, shares: &[Share]) -> bool {
        self.paid.get(key).is_some_and(|paid| paid == shares)
    }

    /// Whether a court keeps what was paid from its payees.
    pub(crate) fn keeps(&self, key: &Hash) -> bool {
        let events = self.log.iter().map(|(_, _, event)| event);
        let mut after = events.skip_while(|event| self.taken(event) != Some(*key));
        let Some(Event::Paid(paid)) = after.next() else { return false };
        let frees = |event: &Event| match event {
            Event::FreezeSet(freeze) => freeze.certificate == paid.certificate && !freeze.frozen,
            _ => false,
        };
        paid.withheld && !after.any(frees)
    }

    /// Whether the chain will never take the proof of a delivery any more.
    pub(crate) fn ended(&self, begun: &Begun) -> bool {
        if self.all_taken().any(|key| key == begun.key) {
            return false;
        }
        let over = begun.until.is_some_and(|until| until <= self.time);
        let ended = |(_, _, event): &(Time, Hash, Event)| matches!(event, Event::LockEnded(ended) if ended.key == begun.key);
        match begun.what {
            What::Sale { .. } => self.log.iter().any(ended),
            // What was never held was never told: its own time may end it.
            What::Redemption { .. } | What::Advance { .. } => over || !self.link.has_proved(&begun.key),
            What::Unit { .. } => !self.link.has_proved(&begun.key),
        }
    }

    /// What is owed on an advance.
    pub(crate) fn owed(&self, advance: &Hash) -> Option<i128> {
        self.state.advance(advance).map(|advance| i128::from(advance.owed()))
    }

    /// Whether nothing is locked or frozen any more.
    pub(crate) fn rests(&self) -> Result<(), String> {
        match self.state.parts().find(|(_, part)| part.lock.is_some()) {
            Some((_, part)) => Err(format!("a part is locked at the end: {part:?}")),
            None => Ok(()),
        }
    }
}
