//! Watches deliveries: each fact must be allowed where its delivery stands, and the chain must have said so before. No
//! part changes hands without its money being held, no money moves without the chain's final word or while a court
//! keeps it.

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::Time;
use engine::delivery::{Begun, Event, Share, Stage, What};
use money::Amount;
use receivables::Hash;

use crate::books::Books;
use crate::chain::Chain;
use crate::coverage::Coverage;
use crate::watch::lent::Lent;

/// Deliveries as the facts make them.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    known: BTreeMap<u64, (Arc<Begun>, Stage)>,
    by_key: BTreeMap<Hash, u64>,
    pub(super) lent: Lent,
    /// What the chain has yet to be asked about.
    unchecked: Vec<(Arc<Begun>, Stage, Vec<Share>)>,
}

impl Delivered {
    /// Where the delivery with this key stands, by durable facts.
    pub(crate) fn stage(&self, key: &Hash) -> Option<Stage> {
        self.by_key.get(key).map(|number| self.known[number].1)
    }

    pub(super) fn event(
        &mut self,
        event: &Event,
        at: Time,
        books: &mut Books,
        coverage: &mut Coverage,
    ) -> Result<(), String> {
        let (number, to, shares): (u64, Stage, &[Share]) = match event {
            Event::Begun(begun) => return self.begin(begun, at, coverage),
            Event::Offered(offered) => {
                self.lent.offered(offered);
                coverage.saw("delivery", "Offered");
                return Ok(());
            }
            Event::Mandated(_) => return Ok(()),
            Event::Reserved { number } => (*number, Stage::Reserved, &[]),
            Event::Withheld { number, shares } => (*number, Stage::Withheld, shares),
            Event::Done { number, shares } => (*number, Stage::Done, shares),
            Event::Released { number } => (*number, Stage::Released, &[]),
        };
        let (begun, stage) = self
            .known
            .get_mut(&number)
            .ok_or(format!("a fact about delivery {number}, which is not begun"))?;
        let (begun, from) = (begun.clone(), std::mem::replace(stage, to));
        coverage.saw("delivery", format!("{} {from:?} {to:?}", name(&begun.what)));
        let sum: u64 = shares.iter().map(|share| share.minor).sum();
        let (currency, payer) = (begun.amount.currency, begun.from);
        match (from, to) {
            (Stage::Begun, Stage::Reserved) => books.hold_delivery(payer, begun.amount, 1),
            (Stage::Begun, Stage::Released) => {}
            (Stage::Reserved, Stage::Released) => books.hold_delivery(payer, begun.amount, -1),
            (Stage::Reserved, Stage::Withheld | Stage::Done) => {
                books.hold_delivery(payer, begun.amount, -1);
                books.take_in(payer, Amount::new(currency, sum));
            }
            (Stage::Withheld, Stage::Done) => {}
            _ => return Err(format!("delivery {number} goes from {from:?} to {to:?}")),
        }
        if to == Stage::Done {
            shares.iter().for_each(|share| books.share_out(share.to, Amount::new(currency, share.minor)));
            self.lent.repay(&begun, shares)?;
        }
        let may_be_less = matches!(begun.what, What::Unit { .. });
        let wrong = if may_be_less { sum > begun.amount.minor } else { sum != begun.amount.minor };
        if !shares.is_empty() && wrong {
            return Err(format!("delivery {number} of {} pays {sum}", begun.amount));
        }
        self.unchecked.push((begun, to, shares.to_vec()));
        Ok(())
    }

    fn begin(&mut self, begun: &Arc<Begun>, at: Time, coverage: &mut Coverage) -> Result<(), String> {
        coverage.saw("delivery", format!("{} Begun", name(&begun.what)));
        let next = self.known.len() as u64 + 1;
        if begun.number != next || self.by_key.insert(begun.key, next).is_some() {
            return Err(format!("delivery {next} was begun as {begun:?}, or twice"));
        }
        self.lent.begin(begun, at)?;
        self.known.insert(next, (begun.clone(), Stage::Begun));
        Ok(())
    }

    /// Money that moved was moved on the chain's final word, and what was held was released on it.
    pub(crate) fn agrees_with(&mut self, chain: &Chain) -> Result<(), String> {
        for (begun, stage, shares) in self.unchecked.drain(..) {
            let said = match stage {
                Stage::Withheld => chain.paid(&begun.key, &shares),
                Stage::Done => chain.paid(&begun.key, &shares) && !chain.keeps(&begun.key),
                Stage::Released => chain.ended(&begun),
                Stage::Begun | Stage::Reserved => true,
            };
            if !said {
                return Err(format!("{begun:?} is {stage:?} with {shares:?}, which the chain never said"));
            }
        }
        Ok(())
    }

    /// When the world has come to rest: nothing is open, and what the chain sold and shared was paid.
    pub(crate) fn rests_with(&self, chain: &Chain) -> Result<(), String> {
        if let Some((begun, stage)) =
            self.known.values().find(|(_, stage)| !matches!(stage, Stage::Done | Stage::Released))
        {
            return Err(format!("{begun:?} is {stage:?} at the end"));
        }
        for key in chain.all_taken() {
            if self.stage(&key) != Some(Stage::Done) {
                return Err(format!(
                    "the chain took the proof of {key:?}, the network {:?}",
                    self.stage(&key)
                ));
            }
        }
        self.lent.rests_with(chain)
    }
}

pub(crate) fn name(what: &What) -> &'static str {
    match what {
        What::Sale { .. } => "Sale",
        What::Redemption { .. } => "Redemption",
        What::Advance { .. } => "Advance",
        What::Unit { .. } => "Unit",
    }
}
