//! What events about merchants' settlement units and their liens do to the state.

use super::FOUND;
use crate::event::{Event, LienPlaced, UnitSettled};
use crate::state::{AdvanceRecord, LienKey, LienRecord, State, UnitRecord};
use crate::transaction::Day;

impl State {
    pub(super) fn apply_unit(&mut self, event: &Event) {
        match event {
            Event::UnitRegistered(unit) => {
                let record = UnitRecord {
                    registrar: unit.registrar,
                    merchant: unit.merchant,
                    scheme: unit.scheme,
                    currency: unit.currency,
                    day: unit.day,
                    amount: unit.amount,
                    fixed: unit.fixed,
                    paid: false,
                };
                self.tables.units.insert(unit.unit, record);
            }
            Event::UnitAdjusted(wish) => {
                self.tables.units.change(&wish.unit).expect(FOUND).amount -= wish.less;
            }
            _ => {}
        }
    }

    /// Advances beyond their end make room: they take nothing any more.
    pub(super) fn apply_lien(&mut self, event: &LienPlaced, day: Day) {
        self.tables.references.insert(event.terms.reference, ());
        let key = LienKey { merchant: event.terms.merchant, currency: event.terms.currency };
        let before = self.liens(&key.merchant, key.currency).iter().copied();
        let collects = |id: &[u8; 32]| self.advance(id).is_some_and(|advance| day <= advance.terms.end_day);
        let advances = before.filter(collects).chain([event.advance]).collect();
        self.tables.liens.insert(key, LienRecord { advances });
        let record = AdvanceRecord { terms: event.terms.clone(), repaid: 0, day: 0, taken: 0 };
        self.tables.advances.insert(event.advance, record);
    }

    pub(super) fn apply_settlement(&mut self, event: &UnitSettled, day: Day) {
        self.tables.references.insert(event.reference, ());
        let unit = self.tables.units.change(&event.unit).expect(FOUND);
        unit.paid = true;
        let key = LienKey { merchant: unit.merchant, currency: unit.currency };
        for lien in &event.liens {
            let advance = self.tables.advances.change(&lien.advance).expect(FOUND);
            let before = if advance.day == day { advance.taken } else { 0 };
            advance.day = day;
            advance.taken = before + lien.amount;
            advance.repaid += lien.amount;
            if advance.owed() == 0 {
                let record = self.tables.liens.change(&key).expect(FOUND);
                record.advances.retain(|other| *other != lien.advance);
            }
        }
    }
}
