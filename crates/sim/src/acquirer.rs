//! An acquirer: asks for payments, polls as Alipay+ prescribes and cancels after a minute, takes notices, refunds;
//! and does the things it should not do. Believes only what the network tells it.

mod refunds;
mod sale;
mod till;

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::MemberId;
use engine::{Input, Reply};
use money::{Amount, Currency};
use switch::{Effect, PayHow, Payment, PaymentId, Reference, RefundAsked, Refusal};

use crate::cast::AcquirerRole;
use crate::hands::Hands;
use crate::letter::{Letter, Told, Wake};
pub(crate) use refunds::WishState;
use sale::Sale;
pub(crate) use sale::Verdict;
pub(crate) use till::{TERMINAL, TILL_DEVICE};

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
