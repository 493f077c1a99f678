//! Requests that were refused for a reason that may pass. A copy of one that is still under way must not be carried out
//! once its sender has been told no, so such a refusal is a fact for as long as a signature stays fresh. Bad input is
//! refused again for what it is, and leaves no trace.

use std::collections::VecDeque;
use std::sync::Arc;

use directory::{MemberId, Time};
use rustc_hash::FxHashMap;

use crate::clock::UNSEEN_CANCEL_MS;
use crate::event::Event;
use crate::input::{Input, Pay, RefundAsked};
use crate::open;
use crate::refusal::Refusal;
use crate::switch::{Context, Switch};

/// What was asked for: each has its own idempotency keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Asked {
    /// A payment, by its `paymentRequestId`.
    Payment,
    /// A refund, by its `refundRequestId`.
    Refund,
}

type Key = (Asked, MemberId, Arc<str>);

/// The refusals that are remembered, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    reasons: FxHashMap<Key, (Time, Refusal)>,
    order: VecDeque<(Time, Key)>,
}

impl Refused {
    /// Why this request was refused, if that is still remembered at `now`.
    pub(crate) fn find(
        &self,
        asked: Asked,
        acquirer: MemberId,
        request_id: &Arc<str>,
        now: Time,
    ) -> Option<Refusal> {
        let (since, why) = self.reasons.get(&(asked, acquirer, request_id.clone()))?;
        (now <= since.plus_ms(UNSEEN_CANCEL_MS)).then_some(*why)
    }

    pub(crate) fn remember(&mut self, at: Time, key: Key, why: Refusal) {
        while let Some((since, old)) = self.order.front()
            && since.plus_ms(UNSEEN_CANCEL_MS) < at
        {
            self.reasons.remove(old);
            self.order.pop_front();
        }
        self.reasons.insert(key.clone(), (at, why));
        self.order.push_back((at, key));
    }

    /// In order of refusal.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Time, &Key, Refusal)> {
        self.order.iter().map(|(at, key)| (*at, key, self.reasons[key].1))
    }
}

impl Switch {
    /// The fact that this input was refused, if a copy of it could be accepted later.
    pub fn refusal_to_remember(&self, ctx: &Context<'_>, input: &Input, why: Refusal) -> Option<Event> {
        let (asked, acquirer, request_id) = match input {
            Input::Pay(pay) if payment_may_pass(ctx, pay, why) => {
                (Asked::Payment, pay.acquirer, &pay.request_id)
            }
            Input::Refund(refund) if self.refund_may_pass(refund, why) => {
                (Asked::Refund, refund.acquirer, &refund.request_id)
            }
            _ => return None,
        };
        if self.refused.find(asked, acquirer, request_id, ctx.now).is_some() {
            return None;
        }
        Some(Event::Refused { asked, acquirer, request_id: request_id.clone(), why })
    }

    /// Funds come and go, and a refund that fails makes room for another. Nothing of it may pass for a payment that
    /// was not made.
    fn refund_may_pass(&self, asked: &RefundAsked, why: Refusal) -> bool {
        match why {
            Refusal::Shortage(_) | Refusal::RefundExceedsPayment => true,
            Refusal::NotPaid => {
                let payment = self.find(asked.acquirer, &asked.reference);
                payment.is_some_and(|payment| !payment.stage.is_final())
            }
            _ => false,
        }
    }
}

/// Rates move, members are let in again, corridors open. What an acquirer itself asks in too small, too large or in a
/// currency of its own choice is bad input; what becomes too small or too large at today's rate is not.
fn payment_may_pass(ctx: &Context<'_>, pay: &Pay, why: Refusal) -> bool {
    match why {
        Refusal::NoRate | Refusal::NotAllowed | Refusal::CorridorClosed | Refusal::ExpiryOutOfRange => true,
        Refusal::AmountTooSmall | Refusal::AmountTooLarge | Refusal::CurrencyNotAgreed => {
            open::check_amount(ctx, pay.acquirer, pay.amount, pay.settlement_currency).is_ok()
        }
        _ => false,
    }
}
