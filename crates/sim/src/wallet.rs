//! A wallet: asks for codes, scans, confirms, debits its users once and gives back what is cancelled or refunded.
//! An honest one keeps to the rulebook however letters fare; a liar answers as it likes.

mod answers;
mod phone;

use std::collections::BTreeMap;
use std::sync::Arc;

use directory::MemberId;
use engine::Reply;
use money::{Amount, Currency};
use switch::{CodeNumber, Decline, Effect, Payment, PaymentId, Terms};

use crate::cast::{WalletRole, worth};
use crate::hands::Hands;
use crate::letter::{Letter, Told, Wake};
use crate::purse::{Debit, Purse};

/// Everything a wallet may say no for.
const REASONS: [Decline; 8] = [
    Decline::BalanceNotEnough,
    Decline::UserNotExist,
    Decline::UserStatusAbnormal,
    Decline::KycNotQualified,
    Decline::VerificationFailed,
    Decline::UserLimitExceeded,
    Decline::RiskReject,
    Decline::ProcessFail,
];
const CUSTOMERS: usize = crate::crime::HONEST + crate::crime::CROOKS;

/// One wallet.
pub(crate) struct Wallet {
    pub(crate) member: MemberId,
    pub(crate) currency: Currency,
    prefix: u32,
    pub(crate) honest: bool,
    stubborn: bool,
    pub(crate) purse: Purse,
    sessions: Vec<Session>,
    calls: BTreeMap<u64, Call>,
    /// Codes its users were given, also used ones.
    codes: Vec<CodeNumber>,
    /// Terms of the payments its users were debited for.
    terms: BTreeMap<PaymentId, Arc<Terms>>,
    /// What the network owes for refunds that were given, and what interchange goes back.
    given: BTreeMap<(PaymentId, u16), (Amount, Amount)>,
}

/// A payer at a merchant's code.
struct Session {
    customer: usize,
    target: Target,
    /// The payment that is shown, and its quote.
    shown: Option<(PaymentId, u32)>,
    over: bool,
}

#[derive(Clone, Copy)]
enum Target {
    Order { payment: PaymentId, token: u64 },
    Standing { till: usize, amount: Amount },
}

/// What a call to the network was for.
#[derive(Clone, Copy)]
enum Call {
    Codes {
        till: usize,
    },
    Scan(usize),
    Confirm(usize),
    Tell(PaymentId),
    TellRefund(PaymentId, u16),
    /// Something it should not do: must be refused.
    Meddle,
}

impl Wallet {
    pub(crate) fn new(role: &WalletRole, honest: bool, stubborn: bool, hands: &mut Hands<'_>) -> Wallet {
        let balances = (0..CUSTOMERS).map(|_| hands.rng.u64(0..8 * worth(role.currency))).collect();
        Wallet {
            member: role.member,
            currency: role.currency,
            prefix: role.prefix,
            honest,
            stubborn,
            purse: Purse::new(balances),
            sessions: Vec::new(),
            calls: BTreeMap::new(),
            codes: Vec::new(),
            terms: BTreeMap::new(),
            given: BTreeMap::new(),
        }
    }

    pub(crate) fn take(&mut self, letter: Letter, hands: &mut Hands<'_>) {
        match letter {
            Letter::Wake(wake) => self.wake(wake, hands),
            Letter::Effect(Effect::AskToPay(payment)) => self.asked_to_pay(&payment, hands),
            Letter::Effect(Effect::AskWhatBecame(payment)) => self.asked_what_became(&payment, hands),
            Letter::Effect(Effect::AskToCancel(payment)) => self.asked_to_cancel(&payment, hands),
            Letter::Effect(Effect::AskToRefund(payment, number)) => {
                self.asked_to_refund(&payment, number, hands);
            }
            Letter::Effect(effect @ (Effect::Judge(_) | Effect::Reserve(_) | Effect::TellResult(_))) => {
                hands.broken(format!("a wallet was sent {effect:?}"));
            }
            Letter::Answer { call, told } => {
                if let (Some(call), Told::Reply(reply)) = (self.calls.get(&call).copied(), told) {
                    self.answered(call, reply, hands);
                }
            }
            Letter::Request { .. } => hands.broken("a wallet was sent a request".to_owned()),
        }
    }

    fn wake(&mut self, wake: Wake, hands: &mut Hands<'_>) {
        match wake {
            Wake::WantCode { customer, till } => self.want_code(customer, till, hands),
            Wake::OrderSeen { customer, payment, token } => {
                self.begin(customer, Target::Order { payment, token }, hands);
            }
            Wake::StandingSeen { customer, till, amount } => {
                self.begin(customer, Target::Standing { till, amount }, hands);
            }
            Wake::Scan { session, attempt } => self.scan(session, attempt, hands),
            Wake::Confirm { session, attempt } => self.confirm(session, attempt, hands),
            Wake::Decide { payment } => self.decide_at_last(payment, hands),
            Wake::Tell { payment, attempt } => self.tell(payment, attempt, hands),
            Wake::GiveRefund { payment, refund } => self.give_refund_at_last(payment, refund, hands),
            other => hands.broken(format!("a wallet was woken for {other:?}")),
        }
    }

    fn answered(&mut self, call: Call, reply: Reply, hands: &mut Hands<'_>) {
        if let Reply::Refused(refusal) = &reply {
            hands.coverage.saw("refusal", format!("{refusal:?}"));
        }
        match (call, reply) {
            (Call::Codes { till }, Reply::Codes(_, codes)) => self.show_codes(till, &codes, hands),
            (Call::Scan(session), Reply::Payment(payment)) => self.shown(session, &payment, hands),
            (Call::Scan(session), Reply::Refused(_)) => self.sessions[session].over = true,
            (Call::Confirm(session), Reply::Payment(payment)) => self.confirmed(session, &payment, hands),
            (Call::Confirm(session), Reply::Refused(refusal)) => {
                self.confirm_refused(session, refusal, hands);
            }
            (Call::Tell(payment), Reply::Refused(refusal)) if self.honest => {
                hands.broken(format!("told of payment {payment:?}, the network answered {refusal:?}"));
            }
            (Call::Tell(payment), _) => {
                self.calls.retain(|_, call| !matches!(call, Call::Tell(other) if *other == payment));
            }
            (Call::TellRefund(..), Reply::Refused(refusal)) => {
                hands.broken(format!("told of a refund, the network answered {refusal:?}"));
            }
            (Call::TellRefund(payment, refund), _) => {
                let heard =
                    |call: &Call| matches!(call, Call::TellRefund(p, r) if (*p, *r) == (payment, refund));
                self.calls.retain(|_, call| !heard(call));
            }
            (Call::Meddle, Reply::Refused(_)) => hands.coverage.saw("member", "meddling wallet refused"),
            (Call::Meddle, reply) => {
                hands.broken(format!("the network took what it should have refused: {reply:?}"));
            }
            _ => {}
        }
    }

    /// What the network owes this wallet because of payments, by the wallet's own book.
    pub(crate) fn position(&self) -> i128 {
        let signed = |amount: Amount| i128::from(amount.minor);
        let mut position = 0;
        for (payment, terms) in &self.terms {
            if self.purse.debit(*payment) == Some(Debit::Taken) {
                position += signed(terms.interchange_payer);
                position -= signed(terms.payer_amount) + signed(terms.wallet_fee);
            }
        }
        for ((payment, refund), (payer_amount, interchange)) in &self.given {
            if matches!(self.purse.refund(*payment, *refund), Some(Ok(_))) {
                position += signed(*payer_amount) - signed(*interchange);
            }
        }
        position
    }

    /// What becomes of a payment that is new here.
    fn decide(&mut self, payment: &Payment, hands: &mut Hands<'_>) -> Debit {
        let id = payment.id();
        let Some(terms) = payment.terms.clone() else {
            hands.broken(format!("was asked about payment {id:?} without terms"));
            return self.purse.refuse(id, Decline::ProcessFail);
        };
        if hands.in_mood(|mood| mood.declined) {
            let why = REASONS[hands.rng.usize(0..REASONS.len())];
            return self.purse.refuse(id, why);
        }
        self.take_from_user(id, terms)
    }

    fn take_from_user(&mut self, payment: PaymentId, terms: Arc<Terms>) -> Debit {
        let customer = terms.customer.strip_prefix('u').and_then(|number| number.parse().ok());
        let customer = customer.unwrap_or(usize::MAX);
        let debit = self.purse.take(payment, customer, terms.payer_amount.minor);
        if debit == Debit::Taken {
            self.terms.insert(payment, terms);
        }
        debit
    }
}
