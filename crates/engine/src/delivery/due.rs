//! When deliveries are looked at again: those for which nothing is held, and merchants' sales when their day is over.

use directory::{MerchantId, Time};
use money::Currency;

use super::{Deliveries, Stage, What};

/// What is to be looked at again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Due {
    /// A delivery for which nothing is held.
    Delivery(u64),
    /// A merchant's sales of days that are over.
    Sales(MerchantId, Currency),
}

impl Deliveries {
    /// After a restart: everything that is not over is looked at again.
    pub(crate) fn look_again(&mut self) {
        for number in &self.open {
            self.due.insert((Time(0), Due::Delivery(*number)));
        }
        let merchants: Vec<(MerchantId, Currency)> = self.sales.keys().copied().collect();
        merchants.into_iter().for_each(|(merchant, currency)| self.watch_sales(merchant, currency));
    }

    /// What must be looked at now, if anything; each call names another.
    pub(crate) fn pop_due(&mut self, now: Time) -> Option<Due> {
        let (_, due) = self.due.first().copied().filter(|(at, _)| *at <= now)?;
        self.due.pop_first();
        Some(due)
    }

    /// When something must be looked at.
    pub(crate) fn next_due(&self) -> Option<Time> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Looks again later at a delivery that still has nothing: soon while it is young, hourly when it is old.
    pub(crate) fn wait(&mut self, number: u64, now: Time) {
        let Some(delivery) = self.delivery(number).filter(|delivery| delivery.stage == Stage::Begun) else {
            return;
        };
        let pause = (now.since_ms(delivery.begun_at) / 4).clamp(1_000, 3_600_000);
        let mut at = now.plus_ms(pause);
        if let Some(until) = delivery.begun.until.filter(|until| now < *until) {
            at = at.min(until);
        }
        let waits_for_the_chain = matches!(delivery.begun.what, What::Sale { .. })
            && delivery.begun.until.is_some_and(|until| until <= now);
        if !waits_for_the_chain {
            self.due.insert((at, Due::Delivery(number)));
        }
    }
}
