//! Where an acquirer's merchants sell: asks for payments, repeats, changes and polls them, and cancels after a minute,
//! as Alipay+ prescribes.

use std::sync::Arc;

use directory::Time;
use engine::Input;
use money::{Amount, Currency};
use switch::{CodeNumber, Pay, PayHow, PaymentId, Placed, Reference};

use super::sale::{Sale, Verdict};
use super::{Acquirer, Call};
use crate::cast::worth;
use crate::hands::Hands;
use crate::letter::{Ask, Wake};
use crate::plan::pick;

/// Without an answer within 8 s a request is repeated.
const ANSWER_MS: u64 = 8_000;
/// A payment by the payer's code is given up after this long.
const POLLED_MS: u64 = 60_000;
const POLL_MS: u64 = 3_000;

/// The terminal and its device at which some orders are placed.
pub(crate) const TERMINAL: &str = "t1";
pub(crate) const TILL_DEVICE: &str = "till-device";

/// Half of the orders say where they were placed: at a till, or by the buyer in a browser.
fn placed(hands: &mut Hands<'_>) -> Placed {
    let token = |token: &str| Some(Arc::from(token));
    match hands.rng.u8(0..4) {
        0 => Placed { terminal: token(TERMINAL), device: token(TILL_DEVICE), by_buyer: false },
        1 => {
            let device = format!("browser-{}", hands.rng.u8(0..40));
            Placed { terminal: None, device: token(&device), by_buyer: true }
        }
        _ => Placed::default(),
    }
}

impl Acquirer {
    pub(super) fn expiry(&self, hands: &mut Hands<'_>) -> Option<Time> {
        let after_ms = match hands.rng.u8(0..8) {
            0 => return None,
            1 => hands.rng.u64(1_000..20_000),
            2 if !hands.quiet => hands.rng.u64(0..40 * 60_000),
            _ => hands.rng.u64(60_000..29 * 60_000),
        };
        Some(hands.now.plus_ms(after_ms))
    }

    fn settlement(&self, hands: &mut Hands<'_>) -> Option<Currency> {
        match hands.mishap(10) {
            true => Currency::parse("XOF").ok(),
            false => hands.rng.bool().then_some(self.currency),
        }
    }

    fn amount(&self, hands: &mut Hands<'_>) -> Amount {
        let large = worth(self.currency);
        let minor = match hands.rng.u32(0..1000) {
            0..15 if !hands.quiet => *pick(hands.rng, &[0, 4 * large, money::MINOR_MAX]),
            roll if roll < hands.plan.tiny + 15 => hands.rng.u64(1..=hands.plan.tiny_minor_max),
            _ => hands.rng.u64(1..=large),
        };
        Amount::new(self.currency, minor)
    }

    /// A sale begins: by a code that was shown, or with a code to show.
    pub(super) fn sell(&mut self, how: PayHow, hands: &mut Hands<'_>) {
        let number = self.sales.len();
        let give_up_ms = match how {
            PayHow::PaymentCode { .. } => POLLED_MS,
            PayHow::OrderCode { expires } | PayHow::EntryCode { expires } => {
                expires.map_or(600_000, |expires| expires.since_ms(hands.now)) + POLLED_MS
            }
        };
        let several = self.merchants.len() > 1;
        let request = Pay {
            acquirer: self.member,
            request_id: format!("{}-{number}", self.member.0).into(),
            how,
            merchant: (several || hands.rng.bool()).then(|| pick(hands.rng, &self.merchants).clone()),
            store: hands.rng.bool().then(|| Arc::from(if hands.mishap(10) { "nowhere" } else { "s1" })),
            amount: self.amount(hands),
            settlement_currency: self.settlement(hands),
            order_reference: format!("order-{number}").into(),
            order_description: Arc::from("things"),
            notify_url: hands.rng.bool().then(|| Arc::from("notify")),
            placed: placed(hands),
            entropy: hands.rng.u64(..),
        };
        self.sales.push(Sale::of_request(request, hands.now.plus_ms(give_up_ms)));
        if hands.mishap(30) {
            // The cancel may overtake its payment.
            self.cancel(number, 1, hands);
        }
        if hands.mishap(60) {
            hands.wake_in(10..12_000, Wake::Cancel { sale: number, attempt: 1 });
        }
        self.pay_again(number, hands);
        hands.wake(POLL_MS, Wake::Poll { sale: number });
    }

    pub(super) fn pay_again(&mut self, number: usize, hands: &mut Hands<'_>) {
        let sale = &self.sales[number];
        let Some(request) = sale.request.clone() else { return };
        if sale.answered || sale.verdict != Verdict::Open || hands.now >= sale.give_up {
            return;
        }
        let call = hands.ask_engine(Input::Switch(switch::Input::Pay(request)));
        self.calls.insert(call, Call::Pay(number));
        hands.wake(ANSWER_MS, Wake::PayAgain { sale: number });
    }

    /// The same request id with other content: never a payment.
    pub(super) fn pay_changed(&mut self, number: usize, hands: &mut Hands<'_>) {
        let Some(mut request) = self.sales[number].request.clone() else { return };
        match hands.rng.u8(0..4) {
            0 => request.amount.minor += 1,
            1 => request.store = if request.store.is_some() { None } else { Some(Arc::from("s1")) },
            2 => request.how = PayHow::PaymentCode { prefix: 250_000, code: CodeNumber(1) },
            _ => {
                request.how = match request.how {
                    PayHow::OrderCode { expires } => PayHow::EntryCode { expires },
                    PayHow::PaymentCode { .. } | PayHow::EntryCode { .. } => {
                        PayHow::OrderCode { expires: None }
                    }
                }
            }
        }
        let call = hands.ask_engine(Input::Switch(switch::Input::Pay(request)));
        self.calls.insert(call, Call::PayChanged);
    }

    pub(super) fn poll(&mut self, number: usize, hands: &mut Hands<'_>) {
        let sale = &self.sales[number];
        if sale.verdict != Verdict::Open {
            return;
        }
        if hands.now >= sale.give_up {
            self.cancel(number, 1, hands);
        }
        let ask = Ask::Payment { acquirer: self.member, reference: self.reference(number) };
        let call = hands.ask(ask);
        let known = self.sales[number].payment.is_some();
        self.calls.insert(call, Call::Poll { sale: number, known });
        let is_order = self.sales[number].code_is_ours();
        let gap_ms = if is_order { hands.rng.u64(3_000..30_000) } else { POLL_MS };
        hands.wake(gap_ms, Wake::Poll { sale: number });
    }

    pub(super) fn reference(&self, number: usize) -> Reference {
        let sale = &self.sales[number];
        match (&sale.request, &sale.payment) {
            (Some(request), _) => Reference::Request(request.request_id.clone()),
            (None, Some(payment)) => Reference::Payment(payment.id()),
            (None, None) => Reference::Payment(PaymentId(0)),
        }
    }

    pub(super) fn cancel(&mut self, number: usize, attempt: u32, hands: &mut Hands<'_>) {
        let sale = &mut self.sales[number];
        if sale.cancel_settled && attempt > 1 {
            return;
        }
        (sale.cancel_asked, sale.cancel_settled) = (true, sale.cancel_settled && attempt > 1);
        let input = switch::Input::Cancel { acquirer: self.member, reference: self.reference(number) };
        let call = hands.ask_engine(Input::Switch(input));
        let known = self.sales[number].payment.is_some();
        self.calls.insert(call, Call::Cancel { sale: number, known });
        let gap_ms = u64::from(attempt).min(8) * 5_000;
        hands.wake(gap_ms, Wake::Cancel { sale: number, attempt: attempt + 1 });
    }
}
