//! Rules of merchants' settlement units: what an acquirer will owe, the liens on it, and its payout. A day without
//! sales takes nothing; an advance beyond its end takes nothing either and waits for a person.

use money::MINOR_MAX;

use crate::codec::Codec;
use crate::event::{Event, LienPlaced, LienShare, UnitRegistered, UnitSettled};
use crate::hash::{Hash, sha256};
use crate::identity::{MemberId, Party, Purpose, Role};
use crate::price::WHOLE_PPM;
use crate::refusal::Refusal;
use crate::state::UnitRecord;
use crate::state::admission::Case;
use crate::state::rules::Decided;
use crate::transaction::{AdjustUnit, Day, NewUnit, PlaceLien, RegisterUnits, SettleUnit};

/// Open advances of one merchant in one currency.
pub const LIENS_MAX: usize = 16;
/// Units registered by one transaction.
const UNITS_MAX: usize = 100;
/// Longest time an advance collects.
const ADVANCE_DAYS_MAX: Day = 365;

/// A unit's id follows from what it is.
pub fn unit_id(registrar: MemberId, merchant: &Party, unit: &NewUnit) -> Hash {
    let mut bytes = b"unit".to_vec();
    registrar.write(&mut bytes);
    merchant.write(&mut bytes);
    unit.scheme.write(&mut bytes);
    unit.currency.write(&mut bytes);
    unit.day.write(&mut bytes);
    sha256(&[&bytes])
}

impl Case<'_> {
    pub(super) fn register_units(&self, wish: &RegisterUnits) -> Decided {
        self.signed_in_role(wish.registrar, Role::Registrar, Purpose::Issue, 0)?;
        self.known(&wish.merchant)?;
        if !(1..=UNITS_MAX).contains(&wish.units.len()) {
            return Err(Refusal::BadAmount);
        }
        let mut seen = Vec::new();
        let mut events = Vec::new();
        for unit in &wish.units {
            let id = unit_id(wish.registrar, &wish.merchant, unit);
            if unit.amount > MINOR_MAX {
                return Err(Refusal::BadAmount);
            }
            if seen.contains(&id) {
                return Err(Refusal::Exists);
            }
            match self.state.unit(&id) {
                Some(before) if before.paid => return Err(Refusal::UnitClosed),
                Some(before) if before.fixed => return Err(Refusal::UnitFixed),
                None if unit.day < self.day => return Err(Refusal::UnitClosed),
                Some(_) | None => {}
            }
            seen.push(id);
            events.push(Event::UnitRegistered(UnitRegistered {
                unit: id,
                registrar: wish.registrar,
                merchant: wish.merchant,
                scheme: unit.scheme,
                currency: unit.currency,
                day: unit.day,
                amount: unit.amount,
                fixed: unit.fixed,
            }));
        }
        Ok(events)
    }

    pub(super) fn adjust_unit(&self, wish: &AdjustUnit) -> Decided {
        let unit = self.state.unit(&wish.unit).ok_or(Refusal::UnknownUnit)?;
        self.signed_in_role(unit.registrar, Role::Registrar, Purpose::Issue, 0)?;
        if unit.paid {
            return Err(Refusal::UnitClosed);
        }
        if !unit.fixed {
            return Err(Refusal::UnitFixed);
        }
        if wish.less == 0 || wish.less > unit.amount {
            return Err(Refusal::BadAmount);
        }
        Ok(vec![Event::UnitAdjusted(wish.clone())])
    }

    pub(super) fn place_lien(&self, wish: &PlaceLien) -> Decided {
        self.known(&wish.merchant)?;
        self.signed_by(&wish.merchant, Purpose::Dispose, wish.owed)?;
        self.signed_in_role(wish.funder, Role::Funder, Purpose::Dispose, wish.owed)?;
        let owed = (1..=MINOR_MAX).contains(&wish.owed);
        let share = (1..=WHOLE_PPM).contains(&wish.share_ppm);
        if !owed || !share || wish.cap_per_day == 0 {
            return Err(Refusal::BadAmount);
        }
        let latest = self.day.saturating_add(ADVANCE_DAYS_MAX);
        if wish.end_day <= self.day || wish.end_day > latest || wish.merchant == Party::Member(wish.funder) {
            return Err(Refusal::BadTerms);
        }
        let liens = self.state.liens(&wish.merchant, wish.currency).iter();
        let collects =
            |id: &&Hash| self.state.advance(id).is_some_and(|advance| self.day <= advance.terms.end_day);
        if liens.filter(collects).count() >= LIENS_MAX {
            return Err(Refusal::TooManyParts);
        }
        self.reference_is_new(&wish.reference)?;
        let agent = self.agent(&wish.merchant)?;
        Ok(vec![Event::LienPlaced(LienPlaced { advance: self.id, terms: wish.clone(), agent })])
    }

    pub(super) fn settle_unit(&self, wish: &SettleUnit) -> Decided {
        self.signed_by_any(Role::Settler, Purpose::Settle)?;
        let unit = self.state.unit(&wish.unit).ok_or(Refusal::UnknownUnit)?;
        if unit.paid || self.day < unit.day {
            return Err(Refusal::UnitClosed);
        }
        if !unit.fixed {
            return Err(Refusal::UnitFixed);
        }
        self.reference_is_new(&wish.reference)?;
        let (liens, rest) = self.lien_shares(unit);
        Ok(vec![Event::UnitSettled(UnitSettled {
            unit: wish.unit,
            registrar: unit.registrar,
            merchant: unit.merchant,
            currency: unit.currency,
            amount: unit.amount,
            reference: wish.reference,
            liens,
            rest,
        })])
    }

    /// Lien holders first, in the order of the chain, each up to its share, its cap of the day and what it is owed.
    fn lien_shares(&self, unit: &UnitRecord) -> (Vec<LienShare>, u64) {
        let mut left = unit.amount;
        let mut shares = Vec::new();
        for id in self.state.liens(&unit.merchant, unit.currency) {
            let advance = self.state.advance(id).expect("a lien is an advance's");
            let amount = advance.takes(unit.amount, left, self.day);
            if amount > 0 {
                left -= amount;
                let (funder, owed) = (advance.terms.funder, advance.owed() - amount);
                shares.push(LienShare { advance: *id, funder, amount, owed });
            }
        }
        (shares, left)
    }
}
