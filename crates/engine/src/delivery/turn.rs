//! Deliveries' part of a turn: what is asked becomes facts, and what waits for money or for a day's end is looked at.

use super::{Asked, Context, Due, OfferAnswer, Offered};
use crate::engine::{Engine, Log, Reply, Turn};
use crate::record::Fact;

impl Engine {
    pub(crate) fn take_delivery(&mut self, asked: &Asked, log: Log<'_>, turn: &mut Turn) -> Reply {
        let ctx = self.delivery_context();
        if let Asked::Offer { acquirer, merchant, currency, consent } = asked {
            let made = self.deliveries.offered(&ctx, *acquirer, merchant, *currency, *consent);
            return match made {
                Ok(made) => {
                    made.fact.into_iter().for_each(|event| self.fact(Fact::Delivery(event), log, turn));
                    Reply::Offer(Box::new(made.answer))
                }
                Err(refusal) => Reply::DeliveryRefused(refusal),
            };
        }
        match self.deliveries.decide(&ctx, asked) {
            Ok(event) => event.into_iter().for_each(|event| self.fact(Fact::Delivery(event), log, turn)),
            Err(refusal) => return Reply::DeliveryRefused(refusal),
        }
        self.look_at_deliveries(log, turn);
        let granted = |offer: &Offered| self.deliveries.offer_under(&offer.consent);
        match (self.deliveries.meant(asked), asked) {
            (Some(delivery), _) => Reply::Delivery(Box::new(delivery.clone())),
            (None, Asked::Grant(offer)) => match granted(offer) {
                Some(offered) => Reply::Offer(Box::new(OfferAnswer::Offered(offered.clone()))),
                None => Reply::Done,
            },
            (None, _) => Reply::Done,
        }
    }

    fn delivery_context(&self) -> Context<'_> {
        let Engine { now, directory, book, switch, .. } = self;
        Context { now: *now, directory, book, switch }
    }

    /// Holds money for deliveries that wait for it, ends those that waited in vain, and asks liens' share of sales
    /// whose day is over.
    pub(crate) fn look_at_deliveries(&mut self, log: Log<'_>, turn: &mut Turn) {
        while let Some(due) = self.deliveries.pop_due(self.now) {
            let ctx = self.delivery_context();
            let event = match due {
                Due::Delivery(number) => self.deliveries.looked_at(number, &ctx),
                Due::Sales(merchant, currency) => self.deliveries.unit_due(&ctx, merchant, currency),
            };
            event.into_iter().for_each(|event| self.fact(Fact::Delivery(event), log, turn));
            if let Due::Delivery(number) = due {
                self.deliveries.wait(number, self.now);
            }
        }
    }
}
