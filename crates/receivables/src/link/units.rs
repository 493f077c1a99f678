//! Units of merchants that have liens: which of them has the sales that a network wants settled. An acquirer registers a
//! unit as it sees fit; it is found by merchant, currency and amount.

use std::collections::BTreeMap;

use money::Currency;

use crate::codec::{LIST_MAX, record};
use crate::event::Event;
use crate::hash::Hash;
use crate::identity::Party;
use crate::transaction::Minor;

record! {
    /// A lien on a merchant's units.
    Lien {
        /// The advance's id.
        advance: Hash,
        /// The merchant.
        merchant: Party,
    }
}

record! {
    /// A unit that is not settled.
    Unit {
        /// Its id.
        unit: Hash,
        /// The merchant.
        merchant: Party,
        /// The currency.
        currency: Currency,
        /// What it is over now.
        amount: Minor,
        /// Whether it can only fall.
        fixed: bool,
    }
}

/// A merchant's sales that liens take something of, as the network lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sales {
    /// Advances of the merchant.
    pub advances: Vec<Hash>,
    /// The currency.
    pub currency: Currency,
    /// Sales less what was given back, in minor units.
    pub net: Minor,
}

/// Liens, and open units of the merchants that have them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    liens: BTreeMap<Hash, Party>,
    units: BTreeMap<Hash, Unit>,
}

impl Units {
    pub(super) fn from(liens: impl Iterator<Item = Lien>, units: impl Iterator<Item = Unit>) -> Units {
        Units {
            liens: liens.map(|lien| (lien.advance, lien.merchant)).collect(),
            units: units.map(|unit| (unit.unit, unit)).collect(),
        }
    }

    pub(super) fn read(&mut self, event: &Event) {
        match event {
            Event::LienPlaced(placed) => {
                self.liens.insert(placed.advance, placed.terms.merchant);
            }
            Event::UnitRegistered(new) if self.liens.values().any(|merchant| *merchant == new.merchant) => {
                let unit = Unit {
                    unit: new.unit,
                    merchant: new.merchant,
                    currency: new.currency,
                    amount: new.amount,
                    fixed: new.fixed,
                };
                self.units.insert(new.unit, unit);
            }
            Event::UnitAdjusted(adjusted) => {
                if let Some(unit) = self.units.get_mut(&adjusted.unit) {
                    unit.amount = unit.amount.saturating_sub(adjusted.less);
                }
            }
            Event::UnitSettled(settled) => {
                self.units.remove(&settled.unit);
            }
            _ => {}
        }
    }

    pub(super) fn of(&self, sales: &Sales) -> Option<Hash> {
        let merchants: Vec<&Party> =
            sales.advances.iter().filter_map(|advance| self.liens.get(advance)).collect();
        let has = |unit: &&Unit| {
            unit.fixed
                && unit.amount == sales.net
                && unit.currency == sales.currency
                && merchants.contains(&&unit.merchant)
        };
        self.units.values().find(has).map(|unit| unit.unit)
    }

    pub(super) fn lists(&self) -> (Vec<Vec<Lien>>, Vec<Vec<Unit>>) {
        let lien = |(advance, merchant): (&Hash, &Party)| Lien { advance: *advance, merchant: *merchant };
        let liens: Vec<Lien> = self.liens.iter().map(lien).collect();
        let units: Vec<Unit> = self.units.values().cloned().collect();
        (
            liens.chunks(LIST_MAX).map(<[Lien]>::to_vec).collect(),
            units.chunks(LIST_MAX).map(<[Unit]>::to_vec).collect(),
        )
    }
}
