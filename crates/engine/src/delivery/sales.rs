//! What merchants with advances sell, a day at a time, until liens have taken their share of it. Days are the
//! network's; a day is over when its payments can no longer be cancelled. What is given back later falls on the day
//! on which it is, and less than nothing waits for better days.

use std::collections::BTreeMap;

use directory::{MerchantId, Time};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::hash::sha256;
use switch::{Event as Paid, Payment, Stage, clock};

use super::{Context, Deliveries, Delivery, Due, Event, What};

const DAY_MS: u64 = 86_400_000;
/// The network's day begins at midnight of UTC+8.
const DAY_OFFSET_MS: u64 = 8 * 3_600_000;

/// The network's day of an instant, since 1970.
pub(super) fn day_of(at: Time) -> u32 {
    u32::try_from(at.plus_ms(DAY_OFFSET_MS).0 / DAY_MS).unwrap_or(u32::MAX)
}

/// When the sales of a day are known for good.
fn over(day: u32) -> Time {
    let noon = Time(u64::from(day) * DAY_MS + DAY_MS / 2 - DAY_OFFSET_MS);
    clock::cancel_until(noon).plus_ms(1)
}

/// Sales of one merchant in one currency that no lien has had its share of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sales {
    /// Net of each day, in minor units.
    pub(crate) days: BTreeMap<u32, i128>,
}

/// Sales up to a day of which liens take something.
struct Unit {
    day: u32,
    net_minor: u64,
    taken_minor: u64,
}

impl Deliveries {
    /// What a fact about a payment means for what its merchant sold. `payment` is as it was before the fact.
    pub(crate) fn sold(&mut self, payment: &Payment, event: &Paid, at: Time) {
        let minor = match event {
            Paid::Succeeded { .. } => i128::from(payment.opened.amount.minor),
            Paid::Cancelled { .. } if payment.stage == Stage::Succeeded => {
                -i128::from(payment.opened.amount.minor)
            }
            Paid::RefundSucceeded { refund, .. } => {
                let refund = payment.refunds.get(usize::from(*refund));
                -i128::from(refund.map_or(0, |refund| refund.amount.minor))
            }
            _ => return,
        };
        let (merchant, currency) = (payment.opened.merchant, payment.opened.amount.currency);
        if let Some(sales) = self.sales.get_mut(&(merchant, currency)) {
            *sales.days.entry(day_of(at)).or_default() += minor;
            self.watch_sales(merchant, currency);
        }
    }

    /// The delivery that pays liens out of a merchant's sales, once their days are over.
    pub(crate) fn unit_due(
        &self,
        ctx: &Context<'_>,
        merchant: MerchantId,
        currency: Currency,
    ) -> Option<Event> {
        let unit = self.unit(merchant, currency).filter(|unit| over(unit.day) <= ctx.now)?;
        // A lien that may or may not stand yet: its share could not be told. Looked at again when that is known.
        if self.open().any(|delivery| self.is_advance_to(delivery, merchant, currency)) {
            return None;
        }
        let acquirer = ctx.directory.merchant(merchant)?.acquirer;
        let what = What::Unit { merchant, day: unit.day, net_minor: unit.net_minor };
        let amount = Amount::new(currency, unit.taken_minor);
        let key = unit_key(merchant, currency, unit.day);
        Some(Event::Begun(self.begun(key, what, acquirer, amount, None).into()))
    }

    pub(super) fn is_advance_to(
        &self,
        delivery: &Delivery,
        merchant: MerchantId,
        currency: Currency,
    ) -> bool {
        let What::Advance { offer } = delivery.begun.what else { return false };
        let offered = self.offer(offer);
        offered.is_some_and(|one| one.merchant == merchant && one.limit.currency == currency)
    }

    /// The first day up to which liens would take something.
    fn unit(&self, merchant: MerchantId, currency: Currency) -> Option<Unit> {
        let mut net = 0;
        for (day, minor) in &self.sales.get(&(merchant, currency))?.days {
            net += minor;
            let Ok(net_minor) = u64::try_from(net) else { continue };
            let taken = self.collecting(merchant, currency, *day).map(|advance| advance.takes(net_minor));
            let taken_minor = taken.fold(0, u64::saturating_add).min(net_minor);
            if taken_minor > 0 {
                return Some(Unit { day: *day, net_minor, taken_minor });
            }
        }
        None
    }

    /// Sees to it that a merchant's sales are looked at when their day is over.
    pub(super) fn watch_sales(&mut self, merchant: MerchantId, currency: Currency) {
        if let Some(unit) = self.unit(merchant, currency) {
            self.due.insert((over(unit.day), Due::Sales(merchant, currency)));
        }
    }

    /// A unit has them now.
    pub(super) fn sales_closed(&mut self, merchant: MerchantId, currency: Currency, day: u32) {
        if let Some(sales) = self.sales.get_mut(&(merchant, currency)) {
            sales.days.retain(|other, _| *other > day);
            self.watch_sales(merchant, currency);
        }
    }

    /// Sales of a merchant that owes nothing any more are nobody's business.
    pub(super) fn forget_sales(&mut self, merchant: MerchantId, currency: Currency, day: u32) {
        if self.collecting(merchant, currency, day).next().is_none() {
            self.sales.remove(&(merchant, currency));
        }
    }
}

fn unit_key(merchant: MerchantId, currency: Currency, day: u32) -> Hash {
    let (merchant, numeric) = (merchant.0.to_be_bytes(), currency.numeric().to_be_bytes());
    sha256(&[b"sojourn unit", &merchant, &numeric, &day.to_be_bytes()])
}
