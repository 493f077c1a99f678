//! What can be asked of all payments, codes and refusals. Changes nothing.

use std::sync::Arc;

use directory::{MemberId, Time};

use super::Switch;
use crate::code::IssuedCode;
use crate::input::Reference;
use crate::payment::{CodeNumber, Payment, PaymentId, Stage};
use crate::refusal::Refusal;
use crate::refused::Asked;

impl Switch {
    /// The payment of this number.
    pub fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.payments.get(&id).map(|payment| &**payment)
    }

    /// The payment an acquirer means; only its own.
    pub fn find(&self, acquirer: MemberId, reference: &Reference) -> Option<&Payment> {
        let id = match reference {
            Reference::Request(request_id) => *self.requests.get(&(acquirer, request_id.clone()))?,
            Reference::Payment(id) => *id,
        };
        self.payment(id).filter(|payment| payment.opened.acquirer == acquirer)
    }

    /// The refund an acquirer knows under this key, with its payment.
    pub fn find_refund(&self, acquirer: MemberId, request_id: &Arc<str>) -> Option<(&Payment, u16)> {
        let (id, number) = self.refunds.get(&(acquirer, request_id.clone()))?;
        self.payment(*id).map(|payment| (payment, *number))
    }

    /// All payments, by number.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        let mut ids: Vec<PaymentId> = self.payments.keys().copied().collect();
        ids.sort_unstable();
        ids.into_iter().map(|id| &*self.payments[&id])
    }

    /// The latest payments, newest first.
    pub fn latest(&self) -> impl Iterator<Item = &Payment> {
        (1..=self.opened).rev().filter_map(|id| self.payment(PaymentId(id)))
    }

    /// How many payments are in this stage.
    pub fn count(&self, stage: Stage) -> u64 {
        self.by_stage[stage as usize]
    }

    /// How many payments there are.
    pub fn len(&self) -> usize {
        self.payments.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.payments.is_empty()
    }

    /// All codes that are not forgotten, in order of issue.
    pub fn codes(&self) -> impl Iterator<Item = (CodeNumber, &IssuedCode)> {
        self.codes.all()
    }

    /// Cancels that overtook their payments and are not forgotten, in order.
    pub fn unseen_cancels(&self) -> impl Iterator<Item = (Time, &(MemberId, Arc<str>))> {
        self.unseen_order.iter().map(|(at, key)| (*at, key))
    }

    /// Refusals that are remembered and why, in order.
    pub fn refused(&self) -> impl Iterator<Item = (Time, &(Asked, MemberId, Arc<str>), Refusal)> {
        self.refused.all()
    }
}
