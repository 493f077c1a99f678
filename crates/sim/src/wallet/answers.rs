//! The side of a wallet that the network asks: pay, what became of it, take it back, give a refund. Repeats of a
//! request are answered as before; a cancel is always taken, also one that comes first.

use switch::{Decline, Outcome, Payment, PaymentId};

use super::{Call, REASONS, Wallet};
use crate::hands::Hands;
use crate::letter::Wake;
use crate::purse::Debit;

/// A stubborn wallet gives a refund after this long: later than the network asks for it.
const STUBBORN_MS: u64 = 80 * 3_600_000;
const AGAIN_MS: u64 = 6_000;

impl Wallet {
    pub(super) fn asked_to_pay(&mut self, payment: &Payment, hands: &mut Hands<'_>) {
        let id = payment.id();
        if self.purse.debit(id).is_none() {
            if hands.in_mood(|mood| mood.unclear) {
                self.purse.think(id);
                if let Some(terms) = payment.terms.clone() {
                    self.terms.insert(id, terms);
                }
                hands.wake_in(1_000..90_000, Wake::Decide { payment: id });
            } else {
                self.decide(payment, hands);
            }
        }
        self.answer(id, hands);
    }

    pub(super) fn asked_what_became(&mut self, payment: &Payment, hands: &mut Hands<'_>) {
        let id = payment.id();
        // Of a payment it has not heard of, a wallet may say that it will never make it.
        if self.purse.debit(id).is_none() && hands.chance(250) {
            hands.coverage.saw("member", "declined what it had not heard of");
            self.purse.refuse(id, Decline::ProcessFail);
        }
        self.answer(id, hands);
    }

    fn answer(&mut self, payment: PaymentId, hands: &mut Hands<'_>) {
        let outcome = self.outcome(payment, hands).unwrap_or(Outcome::Unclear);
        hands.say(switch::Input::WalletSaid { wallet: self.member, payment, outcome });
    }

    /// What this wallet says about a payment, if it has anything to say.
    pub(super) fn outcome(&self, payment: PaymentId, hands: &mut Hands<'_>) -> Option<Outcome> {
        if !self.honest && hands.chance(500) {
            hands.coverage.saw("member", "lie");
            let lies = [Outcome::Done, Outcome::Unclear, Outcome::Declined(Decline::RiskReject)];
            return Some(lies[hands.rng.usize(0..lies.len())]);
        }
        match self.purse.debit(payment)? {
            Debit::Thinking => Some(Outcome::Unclear),
            Debit::Taken => Some(Outcome::Done),
            Debit::Refused(why) => Some(Outcome::Declined(why)),
            Debit::Cancelled => Some(Outcome::Declined(Decline::ProcessFail)),
        }
    }

    /// A payment that was answered with U is decided, unless it has been cancelled meanwhile.
    pub(super) fn decide_at_last(&mut self, payment: PaymentId, hands: &mut Hands<'_>) {
        if self.purse.debit(payment) != Some(Debit::Thinking) {
            return;
        }
        match self.terms.remove(&payment) {
            Some(terms) if !hands.in_mood(|mood| mood.declined) => {
                self.take_from_user(payment, terms);
            }
            _ => {
                let why = REASONS[hands.rng.usize(0..REASONS.len())];
                self.purse.refuse(payment, why);
            }
        }
        self.tell(payment, 1, hands);
    }

    pub(super) fn asked_to_cancel(&mut self, payment: &Payment, hands: &mut Hands<'_>) {
        let id = payment.id();
        if self.purse.debit(id).is_none() {
            hands.coverage.saw("member", "cancel before pay");
        }
        self.purse.cancel(id);
        hands.say(switch::Input::CancelTaken { payment: id });
    }

    pub(super) fn asked_to_refund(&mut self, payment: &Payment, number: u16, hands: &mut Hands<'_>) {
        let id = payment.id();
        let Some(refund) = payment.refunds.get(usize::from(number)) else {
            hands.broken(format!("was asked for refund {number} of {id:?}, which has none"));
            return;
        };
        let is_new = self.purse.refund(id, number).is_none();
        if self.honest && is_new && self.purse.debit(id) != Some(Debit::Taken) {
            hands.broken(format!("was asked to refund {id:?}, for which nobody was debited"));
        }
        if is_new {
            if self.stubborn {
                let amounts = (refund.payer_amount, refund.interchange_payer);
                if self.given.insert((id, number), amounts).is_none() {
                    hands.wake(STUBBORN_MS, Wake::GiveRefund { payment: id, refund: number });
                }
                hands.say(refund_said(id, number, Outcome::Unclear));
                return;
            }
            if hands.in_mood(|mood| mood.unclear) {
                hands.say(refund_said(id, number, Outcome::Unclear));
                return;
            }
            if hands.in_mood(|mood| mood.declined) {
                self.purse.refuse_refund(id, number, REASONS[hands.rng.usize(0..REASONS.len())]);
            } else {
                self.purse.give_refund(id, number, refund.payer_amount.minor);
                self.given.insert((id, number), (refund.payer_amount, refund.interchange_payer));
            }
        }
        match self.purse.refund(id, number) {
            Some(Err(why)) => hands.say(refund_said(id, number, Outcome::Declined(why))),
            Some(Ok(_)) | None => hands.say(refund_said(id, number, Outcome::Done)),
        }
    }

    /// The stubborn wallet has given the refund after all, and says so until it is heard.
    pub(super) fn give_refund_at_last(&mut self, payment: PaymentId, number: u16, hands: &mut Hands<'_>) {
        let Some((payer_amount, _)) = self.given.get(&(payment, number)).copied() else { return };
        let first = self.purse.refund(payment, number).is_none();
        if first {
            self.purse.give_refund(payment, number, payer_amount.minor);
        }
        let unheard = |call: &Call| matches!(call, Call::TellRefund(p, r) if (*p, *r) == (payment, number));
        if first || self.calls.values().any(unheard) {
            let said = refund_said(payment, number, Outcome::Done);
            let call = hands.ask_engine(engine::Input::Switch(said));
            self.calls.insert(call, Call::TellRefund(payment, number));
            hands.wake(AGAIN_MS, Wake::GiveRefund { payment, refund: number });
        }
    }
}

fn refund_said(payment: PaymentId, refund: u16, outcome: Outcome) -> switch::Input {
    switch::Input::RefundSaid { payment, refund, outcome }
}
