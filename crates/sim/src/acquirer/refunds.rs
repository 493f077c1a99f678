//! What merchants give back: refunds in parts, whole, too much, twice, and under a request id that was used.

use std::sync::Arc;

use directory::Time;
use engine::Input;
use money::Amount;
use switch::{Payment, Refund, RefundAsked, RefundStage, Refusal};

use super::{Acquirer, Call, Verdict};
use crate::hands::Hands;
use crate::letter::{Ask, Wake};

const AGAIN_MS: u64 = 6_000;
const POLL_MS_MAX: u64 = 3_600_000;

/// What an acquirer knows of a refund.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WishState {
    /// Nothing final yet.
    Open,
    /// The payer has the money.
    Done,
    /// The wallet said no.
    Failed,
    /// The network never made it.
    Refused,
}

/// A refund a merchant wants to give.
pub(crate) struct Wish {
    pub(crate) request_id: Arc<str>,
    amount: Amount,
    /// Uses the request id of another refund: must be refused.
    pub(crate) forged: bool,
    asked_at: Option<Time>,
    refused_at: Option<Time>,
    answered: bool,
    polls: u32,
    pub(crate) state: WishState,
    /// As the network has it.
    pub(crate) refund: Option<Refund>,
}

impl Wish {
    fn new(request_id: Arc<str>, amount: Amount, forged: bool) -> Wish {
        Wish {
            request_id,
            amount,
            forged,
            asked_at: None,
            refused_at: None,
            answered: false,
            polls: 0,
            state: WishState::Open,
            refund: None,
        }
    }

    pub(super) fn position(&self) -> i128 {
        let done = self.refund.as_ref().filter(|_| self.state == WishState::Done);
        done.map_or(0, |refund| i128::from(refund.interchange.minor) - i128::from(refund.amount.minor))
    }
}

impl Acquirer {
    pub(super) fn wish_refunds(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        let whole = payment.opened.amount.minor;
        let amounts: Vec<u64> = match hands.rng.u8(0..8) {
            0 | 1 => vec![whole],
            2 => vec![whole, whole],
            3 => vec![whole + 1, whole / 2],
            4 => vec![0, 1.min(whole)],
            _ => {
                let mut left = whole;
                let mut parts = Vec::new();
                while left > 0 && parts.len() < 12 {
                    let part = if hands.chance(150) { left } else { hands.rng.u64(1..=left.div_ceil(2)) };
                    parts.push(part);
                    left -= part;
                }
                parts
            }
        };
        let currency = if hands.mishap(30) { money::Currency::parse("XOF").ok() } else { None };
        let currency = currency.unwrap_or(self.currency);
        let pace_ms = [200, 3_000, 60_000, 5 * 3_600_000][hands.rng.usize(0..4)];
        let mut at_ms = 0;
        for minor in amounts {
            at_ms += hands.rng.u64(0..=pace_ms);
            let wish = self.sales[number].wishes.len();
            let request_id = format!("{}-{number}-r{wish}", self.member.0).into();
            self.sales[number].wishes.push(Wish::new(request_id, Amount::new(currency, minor), false));
            hands.wake(at_ms, Wake::Refund { sale: number, wish });
        }
    }

    pub(super) fn ask_refund(&mut self, number: usize, index: usize, hands: &mut Hands<'_>) {
        let reference = self.reference(number);
        let sale = &mut self.sales[number];
        let wish = &mut sale.wishes[index];
        if wish.answered || (wish.forged && wish.asked_at.is_some()) {
            return;
        }
        // A merchant does not give back what it never got, or has taken back.
        if sale.verdict != Verdict::Paid && wish.asked_at.is_none() && hands.chance(800) {
            (wish.answered, wish.state) = (true, WishState::Refused);
            return;
        }
        wish.asked_at = Some(hands.now);
        let asked = RefundAsked {
            acquirer: self.member,
            reference,
            request_id: wish.request_id.clone(),
            amount: wish.amount,
        };
        let call = hands.ask_engine(Input::Switch(switch::Input::Refund(asked)));
        self.calls.insert(call, Call::Refund { sale: number, wish: index });
        hands.wake(AGAIN_MS, Wake::Refund { sale: number, wish: index });
    }

    pub(super) fn refund_known(
        &mut self,
        number: usize,
        index: usize,
        payment: &Payment,
        refund: u16,
        hands: &mut Hands<'_>,
    ) {
        let sale = &mut self.sales[number];
        let wish = &mut sale.wishes[index];
        let Some(found) = payment.refunds.get(usize::from(refund)) else {
            hands.broken(format!("was told of refund {refund}, which is not there"));
            return;
        };
        if wish.forged || found.amount != wish.amount || found.request_id != wish.request_id {
            hands.broken(format!("{} was answered with another refund", wish.request_id));
            return;
        }
        let state = match found.stage {
            RefundStage::Succeeded => WishState::Done,
            RefundStage::Failed => WishState::Failed,
            RefundStage::Sent | RefundStage::Stuck => WishState::Open,
        };
        let was_final = matches!(wish.state, WishState::Done | WishState::Failed);
        if was_final && state != WishState::Open && state != wish.state {
            hands.broken(format!("{} was {:?} and is {state:?}", wish.request_id, wish.state));
        }
        let first = !wish.answered;
        wish.answered = true;
        if !was_final {
            (wish.state, wish.refund) = (state, Some(found.clone()));
        }
        if first {
            self.poll_refund(number, index, hands);
        }
        if first && hands.mishap(60) {
            let wish = &self.sales[number].wishes[index];
            let (request_id, mut amount) = (wish.request_id.clone(), wish.amount);
            amount.minor += 1;
            let mut forged = Wish::new(request_id, amount, true);
            forged.state = WishState::Refused;
            self.sales[number].wishes.push(forged);
            let wish = self.sales[number].wishes.len() - 1;
            hands.wake_in(10..9_000, Wake::Refund { sale: number, wish });
        }
    }

    pub(super) fn refund_refused(
        &mut self,
        number: usize,
        index: usize,
        refusal: Refusal,
        hands: &mut Hands<'_>,
    ) {
        let wish = &mut self.sales[number].wishes[index];
        if let Refusal::Shortage(decline) = refusal {
            hands.coverage.saw("decline", format!("{decline:?}"));
        }
        match (refusal, wish.forged) {
            (Refusal::RepeatInconsistent, true) => {
                hands.coverage.saw("member", "changed refund refused");
            }
            (Refusal::RepeatInconsistent, false) => {
                hands.broken(format!("{} was repeated as it was, and refused as changed", wish.request_id));
            }
            (refusal, true) => {
                hands.broken(format!("{} with other content was answered {refusal:?}", wish.request_id));
            }
            (refusal, false) if wish.refund.is_some() => {
                hands.broken(format!("{} is known, and a repeat is refused: {refusal:?}", wish.request_id));
            }
            (_, false) => {
                wish.answered = true;
                (wish.state, wish.refused_at) = (WishState::Refused, Some(hands.now));
            }
        }
    }

    /// Asks what became of a refund until that is final.
    pub(super) fn poll_refund(&mut self, number: usize, index: usize, hands: &mut Hands<'_>) {
        let wish = &mut self.sales[number].wishes[index];
        if wish.state != WishState::Open {
            return;
        }
        wish.polls += 1;
        let known = wish.refund.is_some();
        let gap_ms = (POLL_MS_MAX).min(3_000 << wish.polls.min(20));
        let ask = Ask::Refund { acquirer: self.member, request_id: wish.request_id.clone() };
        let call = hands.ask(ask);
        self.calls.insert(call, Call::PollRefund { sale: number, wish: index, known });
        hands.wake(gap_ms, Wake::PollRefund { sale: number, wish: index });
    }

    pub(super) fn refund_not_found(
        &mut self,
        number: usize,
        index: usize,
        known: bool,
        hands: &mut Hands<'_>,
    ) {
        let wish = &self.sales[number].wishes[index];
        if known {
            hands.broken(format!("the network has forgotten {}", wish.request_id));
        }
    }
}
