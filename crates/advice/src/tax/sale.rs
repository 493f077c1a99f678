//! The arithmetic of one sale or purchase: whole units, whole minor units, nothing lost to rounding.

use super::{LotOrder, Rules};
use crate::calendar::Day;
use crate::refusal::{Code, Refusal};

/// Units of one product bought together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxLot {
    /// Name of the lot, unique among the client's.
    pub id: String,
    /// Day of purchase.
    pub bought: Day,
    /// Day from which the holding period counts; earlier than the purchase if a loss was carried into the lot.
    pub since: Day,
    /// Units.
    pub units: i64,
    /// What the units cost for tax, minor units.
    pub basis_minor: i64,
    /// Whether the lot has already taken back a loss or a sale.
    pub matched: bool,
}

/// What leaves one lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The lot.
    pub lot: String,
    /// Units that leave it.
    pub units: i64,
    /// Their cost, minor units.
    pub basis_minor: i64,
    /// Their share of what was received, minor units.
    pub proceeds_minor: i64,
    /// Since when they were held.
    pub since: Day,
}

impl Part {
    /// The part as it was sold on a day, no purchase matched with it yet.
    pub fn sold(&self, day: Day) -> Sale {
        Sale {
            day,
            since: self.since,
            units: self.units,
            open_units: self.units,
            basis_minor: self.basis_minor,
            proceeds_minor: self.proceeds_minor,
        }
    }
}

/// A part that was sold, as later purchases see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Day of the sale.
    pub day: Day,
    /// Since when the units were held.
    pub since: Day,
    /// Units sold.
    pub units: i64,
    /// Units that no purchase is matched with yet.
    pub open_units: i64,
    /// Cost of all its units when it was sold, minor units.
    pub basis_minor: i64,
    /// Received for all its units, minor units.
    pub proceeds_minor: i64,
}

/// A purchase takes back a sale, or its loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carry {
    /// Units matched.
    pub units: i64,
    /// Added to the cost of the units bought, and to the gain of the sale, minor units. Above zero: a loss put off.
    pub moved_minor: i64,
    /// Since when the units bought count as held.
    pub since: Day,
}

/// Which units leave, at which cost. `lots` are the plan's of this product; `pool` is units and cost of all the client's
/// of it that were not bought on the day, for rules that take an average. `named` are the lots the client chose.
pub fn sell(
    rules: &Rules,
    lots: &[TaxLot],
    pool: (i64, i64),
    sold: (Day, i64, i64),
    named: &[(String, i64)],
) -> Result<Vec<Part>, Refusal> {
    let (day, units, proceeds_minor) = sold;
    if rules.order == LotOrder::Pool && !named.is_empty() {
        let message = "Where units are pooled, none can be chosen.";
        return Err(Refusal::new(Code::NotALot, "lots sold", message).remedy("Leave the lots out."));
    }
    let taken =
        if named.is_empty() { by_order(rules.order, lots, day, units) } else { by_name(lots, units, named)? };
    let mut parts = Vec::new();
    let (mut before, mut left_of_pool) = (0, pool);
    for (lot, units_taken) in taken {
        let received = |units_before: i64| share(proceeds_minor, units_before, units);
        let basis_minor = if rules.order == LotOrder::Pool && lot.bought != day {
            let basis = share(left_of_pool.1, units_taken, left_of_pool.0);
            left_of_pool = (left_of_pool.0 - units_taken, left_of_pool.1 - basis);
            basis
        } else {
            share(lot.basis_minor, units_taken, lot.units)
        };
        parts.push(Part {
            lot: lot.id.clone(),
            units: units_taken,
            basis_minor,
            proceeds_minor: received(before + units_taken) - received(before),
            since: lot.since,
        });
        before += units_taken;
    }
    Ok(parts)
}

fn by_order(order: LotOrder, lots: &[TaxLot], day: Day, units: i64) -> Vec<(&TaxLot, i64)> {
    let mut sorted: Vec<&TaxLot> = lots.iter().filter(|lot| lot.units > 0).collect();
    let per_unit = |a: &TaxLot, b: &TaxLot| {
        // Cost per unit, compared without division: a / b > c / d if a · d > c · b.
        let (left, right) = (
            i128::from(a.basis_minor) * i128::from(b.units),
            i128::from(b.basis_minor) * i128::from(a.units),
        );
        right.cmp(&left)
    };
    match order {
        LotOrder::First => sorted.sort_by_key(|lot| lot.bought),
        LotOrder::HighestCost => sorted.sort_by(|a, b| per_unit(a, b).then(a.bought.cmp(&b.bought))),
        LotOrder::Pool => sorted.sort_by_key(|lot| (lot.bought != day, lot.bought)),
    }
    let mut left = units;
    let mut taken = Vec::new();
    for lot in sorted {
        let part = left.min(lot.units);
        if part > 0 {
            taken.push((lot, part));
            left -= part;
        }
    }
    taken
}

fn by_name<'a>(
    lots: &'a [TaxLot],
    units: i64,
    named: &[(String, i64)],
) -> Result<Vec<(&'a TaxLot, i64)>, Refusal> {
    let refuse = |message: String| Refusal::new(Code::NotALot, "lots sold", message);
    let mut taken: Vec<(&TaxLot, i64)> = Vec::new();
    for (id, part) in named {
        let lot = lots.iter().find(|lot| lot.id == *id);
        let lot =
            lot.ok_or_else(|| refuse(format!("There is no lot {id:?} of this product in the plan.")))?;
        if taken.iter().any(|(seen, _)| seen.id == lot.id) {
            return Err(refuse(format!("Lot {id} is named twice.")));
        }
        if !(1..=lot.units).contains(part) {
            let message = format!("Lot {id} has {} units.", lot.units);
            return Err(refuse(message).found(lot.units as f64, *part as f64).nearest(lot.units as f64));
        }
        taken.push((lot, *part));
    }
    let sum: i128 = named.iter().map(|(_, part)| i128::from(*part)).sum();
    if sum != i128::from(units) {
        return Err(refuse("The units of the lots named are not the units sold.".into())
            .found(units as f64, sum as f64)
            .nearest(units as f64));
    }
    Ok(taken)
}

/// What a lot bought before a sale takes back of its loss, where the rules put losses off. `sale` was made on its day at
/// a loss; the lot is one that is still held.
pub fn matched_before(rules: &Rules, sale: &Sale, lot: &TaxLot) -> Option<Carry> {
    let days = i64::from(sale.day.0 - lot.bought.0);
    (rules.wash_days > 0 && (0..=rules.wash_days).contains(&days) && !lot.matched)
        .then(|| put_off(sale, lot))
        .flatten()
}

/// What a lot that is bought after a sale takes back of it: its loss, or the sale itself.
pub fn matched_later(rules: &Rules, sale: &Sale, lot: &TaxLot) -> Option<Carry> {
    let days = i64::from(lot.bought.0 - sale.day.0);
    if days < 0 || lot.matched || sale.open_units <= 0 || lot.units <= 0 {
        return None;
    }
    if days <= rules.rebuy_days && rules.rebuy_days > 0 {
        let units = sale.open_units.min(lot.units);
        let sold_at = share(sale.basis_minor, units, sale.units);
        let bought_at = share(lot.basis_minor, units, lot.units);
        return Some(Carry { units, moved_minor: sold_at - bought_at, since: lot.since });
    }
    (days <= rules.wash_days && rules.wash_days > 0).then(|| put_off(sale, lot)).flatten()
}

/// The loss of as many units as were bought goes into what was bought, and with it the time they were held.
fn put_off(sale: &Sale, lot: &TaxLot) -> Option<Carry> {
    let loss = sale.basis_minor - sale.proceeds_minor;
    let units = sale.open_units.min(lot.units);
    (loss > 0 && units > 0).then(|| Carry {
        units,
        moved_minor: share(loss, units, sale.units),
        since: Day(lot.since.0 - (sale.day.0 - sale.since.0)),
    })
}

/// `amount · part / whole` in minor units, rounded down; a whole of nothing counts as one.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    let exact = (i128::from(amount) * i128::from(part)).div_euclid(i128::from(whole.max(1)));
    i64::try_from(exact).unwrap_or(amount)
}
