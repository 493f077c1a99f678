//! An acquirer: asks for payments, polls as Alipay+ prescribes and cancels after a minute, takes notices, refunds;
//! and does the things it should not do. Believes only what the network tells it.

mod refunds;
mod sale;

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::{MemberId, Time};
use engine::{Input, Reply};
use money::{Amount, Currency};
use switch::{CodeNumber, Effect, Pay, PayHow, Payment, PaymentId, Reference, RefundAsked, Refusal};

use crate::cast::{AcquirerRole, worth};
use crate::hands::Hands;
use crate::letter::{Ask, Letter, Told, Wake};
use crate::plan::pick;
pub(crate) use refunds::WishState;
use sale::Sale;
pub(crate) use sale::Verdict;

/// Without an answer within 8 s a request is repeated.
const ANSWER_MS: u64 = 8_000;
/// A payment by the payer's code is given up after this long.
const POLLED_MS: u64 = 60_000;
const POLL_MS: u64 = 3_000;

/// One acquirer.
pub(crate) struct Acquirer {
    pub(crate) member: MemberId,
    pub(crate) currency: Currency,
    merchants: Vec<Arc<str>>,
    pub(crate) sales: Vec<Sale>,
    calls: BTreeMap<u64, Call>,
    by_payment: BTreeMap<PaymentId, usize>,
}

/// What a call to the network was for.
#[derive(Clone, Copy)]
enum Call {
    Pay(usize),
    PayChanged,
    /// `known`: asked when the network had told of the payment, or of the refund.
    Poll {
        sale: usize,
        known: bool,
    },
    Cancel {
        sale: usize,
        known: bool,
    },
    Refund {
        sale: usize,
        wish: usize,
    },
    PollRefund {
        sale: usize,
        wish: usize,
        known: bool,
    },
    Meddle,
}

impl Acquirer {
    pub(crate) fn new(role: &AcquirerRole) -> Acquirer {
        Acquirer {
            member: role.member,
            currency: role.currency,
            merchants: role.merchants.clone(),
            sales: Vec::new(),
            calls: BTreeMap::new(),
            by_payment: BTreeMap::new(),
        }
    }

    pub(crate) fn take(&mut self, letter: Letter, hands: &mut Hands<'_>) {
        match letter {
            Letter::Wake(wake) => self.wake(wake, hands),
            Letter::Effect(Effect::TellResult(payment)) => self.told_result(&payment, hands),
            Letter::Effect(effect) => hands.broken(format!("an acquirer was sent {effect:?}")),
            Letter::Answer { call, told } => {
                if let Some(call) = self.calls.get(&call).copied() {
                    self.answered(call, told, hands);
                }
            }
            Letter::Request { .. } => hands.broken("an acquirer was sent a request".to_owned()),
        }
    }

    fn wake(&mut self, wake: Wake, hands: &mut Hands<'_>) {
        match wake {
            Wake::CodeShown { prefix, code } => self.sell(PayHow::PaymentCode { prefix, code }, hands),
            Wake::Sell { standing_link } => {
                let expires = self.expiry(hands);
                self.sell(
                    match standing_link {
                        true => PayHow::EntryCode { expires },
                        false => PayHow::OrderCode { expires },
                    },
                    hands,
                );
            }
            Wake::PayAgain { sale } => self.pay_again(sale, hands),
            Wake::PayChanged { sale } => self.pay_changed(sale, hands),
            Wake::Poll { sale } => self.poll(sale, hands),
            Wake::Cancel { sale, attempt } => self.cancel(sale, attempt, hands),
            Wake::Refund { sale, wish } => self.ask_refund(sale, wish, hands),
            Wake::PollRefund { sale, wish } => self.poll_refund(sale, wish, hands),
            Wake::Meddle { payment } => self.meddle(payment, hands),
            other => hands.broken(format!("an acquirer was woken for {other:?}")),
        }
    }

    fn answered(&mut self, call: Call, told: Told, hands: &mut Hands<'_>) {
        if let Told::Reply(Reply::Refused(refusal)) = &told {
            hands.coverage.saw("refusal", format!("{refusal:?}"));
        }
        match (call, told) {
            (Call::Pay(sale) | Call::Cancel { sale, .. }, Told::Reply(Reply::Payment(payment))) => {
                self.sales[sale].answered |= matches!(call, Call::Pay(_));
                self.sales[sale].cancel_settled |= matches!(call, Call::Cancel { .. });
                self.learn(sale, &payment, hands);
            }
            (Call::Poll { sale, .. }, Told::Payment(Some(payment))) => self.learn(sale, &payment, hands),
            (Call::Poll { sale, known }, Told::Payment(None)) if known => self.forgotten(sale, hands),
            // It has not heard of it yet, or will never make it.
            (Call::Poll { .. }, Told::Payment(None)) => {}
            (Call::Pay(sale), Told::Reply(Reply::Refused(refusal))) => self.refused(sale, refusal, hands),
            (Call::Cancel { sale, known }, Told::Reply(Reply::Refused(refusal))) => {
                self.cancel_refused(sale, known, refusal, hands);
            }
            (Call::PayChanged, Told::Reply(Reply::Refused(Refusal::RepeatInconsistent))) => {
                hands.coverage.saw("member", "changed content refused");
            }
            (Call::Refund { sale, wish }, Told::Reply(Reply::Refund(payment, number))) => {
                self.refund_known(sale, wish, &payment, number, hands);
            }
            (Call::Refund { sale, wish }, Told::Reply(Reply::Refused(refusal))) => {
                self.refund_refused(sale, wish, refusal, hands);
            }
            (Call::PollRefund { sale, wish, .. }, Told::Refund(Some((payment, number)))) => {
                self.refund_known(sale, wish, &payment, number, hands);
            }
            (Call::PollRefund { sale, wish, known }, Told::Refund(None)) => {
                self.refund_not_found(sale, wish, known, hands);
            }
            (Call::Meddle, Told::Reply(Reply::Refused(Refusal::UnknownPayment))) => {
                hands.coverage.saw("member", "meddling acquirer refused");
            }
            (_, told) => hands.broken(format!("was answered out of place: {told}")),
        }
    }

    fn expiry(&self, hands: &mut Hands<'_>) -> Option<Time> {
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
    fn sell(&mut self, how: PayHow, hands: &mut Hands<'_>) {
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

    fn pay_again(&mut self, number: usize, hands: &mut Hands<'_>) {
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
    fn pay_changed(&mut self, number: usize, hands: &mut Hands<'_>) {
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

    fn poll(&mut self, number: usize, hands: &mut Hands<'_>) {
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

    fn reference(&self, number: usize) -> Reference {
        let sale = &self.sales[number];
        match (&sale.request, &sale.payment) {
            (Some(request), _) => Reference::Request(request.request_id.clone()),
            (None, Some(payment)) => Reference::Payment(payment.id()),
            (None, None) => Reference::Payment(PaymentId(0)),
        }
    }

    fn cancel(&mut self, number: usize, attempt: u32, hands: &mut Hands<'_>) {
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

    fn told_result(&mut self, payment: &Payment, hands: &mut Hands<'_>) {
        let id = payment.id();
        let known = payment.opened.request_id.as_ref().and_then(|request_id| {
            let same = |sale: &Sale| sale.request.as_ref().is_some_and(|own| own.request_id == *request_id);
            self.sales.iter().position(same)
        });
        let number = match known.or_else(|| self.by_payment.get(&id).copied()) {
            Some(number) => number,
            None => {
                // Begun by the payer at a standing code: news to the acquirer.
                self.sales.push(Sale::of_standing_code(hands.now));
                self.sales.len() - 1
            }
        };
        self.learn(number, payment, hands);
        if !hands.in_mood(|mood| mood.silent) {
            hands.say(switch::Input::NoticeTaken { payment: id });
        }
    }

    /// Cancels or refunds a payment of another acquirer.
    fn meddle(&mut self, payment: PaymentId, hands: &mut Hands<'_>) {
        let reference = Reference::Payment(payment);
        let input = match hands.rng.bool() {
            true => switch::Input::Cancel { acquirer: self.member, reference },
            false => switch::Input::Refund(RefundAsked {
                acquirer: self.member,
                reference,
                request_id: format!("{}-not-mine-{}", self.member.0, payment.0).into(),
                amount: Amount::new(self.currency, 1),
            }),
        };
        let call = hands.ask_engine(Input::Switch(input));
        self.calls.insert(call, Call::Meddle);
    }

    /// What the network owes this acquirer because of payments, by the acquirer's own book.
    pub(crate) fn position(&self) -> i128 {
        self.sales.iter().map(Sale::position).sum()
    }
}
