//! The side of a wallet that its users hold in their hands: codes to show, codes to scan, a price to agree to.

use std::sync::Arc;

use engine::Input;
use switch::{
    CodeNumber, Confirm, Event, IssueCodes, Outcome, Payment, PaymentId, Refusal, Scan, ScanTarget, Stage,
};

use super::{Call, Session, Target, Wallet};
use crate::crime;
use crate::hands::Hands;
use crate::letter::{Place, Wake};
use crate::purse::Debit;

const AGAIN_MS: u64 = 6_000;
const ATTEMPTS_MAX: u32 = 6;

impl Wallet {
    pub(super) fn want_code(&mut self, customer: usize, till: usize, hands: &mut Hands<'_>) {
        let mut entropy = [0; 10];
        entropy.fill_with(|| hands.rng.u64(..));
        let count = if hands.mishap(20) { 11 } else { hands.rng.u8(1..=2) };
        let device = crime::device(self.member.0, customer);
        let issue = IssueCodes { wallet: self.member, customer: name(customer), device, count, entropy };
        let call = hands.ask_engine(Input::Switch(switch::Input::IssueCodes(issue)));
        self.calls.insert(call, Call::Codes { till });
    }

    /// The payer shows a code at the till: the new one as a rule, or one it should not show.
    pub(super) fn show_codes(&mut self, till: usize, codes: &Event, hands: &mut Hands<'_>) {
        let Event::CodesIssued { codes, .. } = codes else { return };
        let Some(mut code) = codes.first().copied() else { return };
        self.codes.extend(codes);
        let mut prefix = self.prefix;
        let mut wait_ms = hands.rng.u64(500..20_000);
        match hands.rng.u32(0..1000) {
            _ if hands.quiet => {}
            0..40 => code = self.codes[hands.rng.usize(0..self.codes.len())],
            40..55 => code = CodeNumber(hands.rng.u64(0..10_000_000_000_000_000)),
            55..70 => prefix = 250_000 + hands.rng.u32(0..6),
            70..100 => wait_ms = hands.rng.u64(55_000..70_000),
            _ => {}
        }
        hands.hand(Place::Acquirer(till), wait_ms, Wake::CodeShown { prefix, code });
    }

    pub(super) fn begin(&mut self, customer: usize, target: Target, hands: &mut Hands<'_>) {
        if let Target::Order { payment, .. } = target
            && hands.mishap(40)
        {
            self.meddle(payment, hands);
            return;
        }
        self.sessions.push(Session { customer, target, shown: None, over: false });
        self.scan(self.sessions.len() - 1, 1, hands);
    }

    /// Confirms, or reports as paid, what it has never scanned.
    fn meddle(&mut self, payment: PaymentId, hands: &mut Hands<'_>) {
        let input = if hands.rng.bool() {
            switch::Input::WalletSaid { wallet: self.member, payment, outcome: Outcome::Done }
        } else {
            switch::Input::Confirm(Confirm { wallet: self.member, payment, quote: None })
        };
        let call = hands.ask_engine(Input::Switch(input));
        self.calls.insert(call, Call::Meddle);
    }

    pub(super) fn scan(&mut self, number: usize, attempt: u32, hands: &mut Hands<'_>) {
        let session = &self.sessions[number];
        if session.over || session.shown.is_some() || attempt > ATTEMPTS_MAX {
            return;
        }
        let target = match session.target {
            Target::Order { payment, token } => {
                let wrong = u64::from(hands.mishap(20));
                ScanTarget::Order { payment, token: token ^ wrong }
            }
            Target::Standing { till, amount } => ScanTarget::Standing {
                acquirer: till_member(till, hands),
                merchant: Arc::from(if hands.mishap(20) { "nobody" } else { "m1" }),
                store: hands.rng.bool().then(|| Arc::from("s1")),
                amount,
            },
        };
        let entropy = hands.rng.u64(..);
        let (customer, device) = (name(session.customer), crime::device(self.member.0, session.customer));
        let scan = Scan { wallet: self.member, customer, device, target, entropy };
        let call = hands.ask_engine(Input::Switch(switch::Input::Scan(scan)));
        self.calls.insert(call, Call::Scan(number));
        hands.wake(AGAIN_MS, Wake::Scan { session: number, attempt: attempt + 1 });
    }

    /// The payer sees the price, and thinks.
    pub(super) fn shown(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        let session = &mut self.sessions[number];
        let Some(terms) = payment.terms.as_ref().filter(|_| payment.stage == Stage::Quoted) else {
            session.over = true;
            return;
        };
        // A standing code scanned twice began two orders; the payer sees the first.
        if session.shown.is_some_and(|(shown, _)| shown != payment.id()) {
            return;
        }
        let is_new = session.shown.is_none_or(|(_, quote)| quote != terms.quote.number);
        session.shown = Some((payment.id(), terms.quote.number));
        if !is_new || hands.mishap(60) {
            return;
        }
        let think_ms = match hands.rng.u32(0..1000) {
            0..60 => hands.rng.u64(30_000..200_000),
            60..120 => hands.rng.u64(480_000..800_000),
            _ => hands.rng.u64(500..15_000),
        };
        hands.wake(think_ms, Wake::Confirm { session: number, attempt: 1 });
    }

    pub(super) fn confirm(&mut self, number: usize, attempt: u32, hands: &mut Hands<'_>) {
        let session = &self.sessions[number];
        let Some((payment, quote)) = session.shown.filter(|_| !session.over && attempt <= ATTEMPTS_MAX)
        else {
            return;
        };
        let quote = Some(quote).filter(|_| !hands.mishap(50));
        let confirm = Confirm { wallet: self.member, payment, quote };
        let call = hands.ask_engine(Input::Switch(switch::Input::Confirm(confirm)));
        self.calls.insert(call, Call::Confirm(number));
        hands.wake(AGAIN_MS, Wake::Confirm { session: number, attempt: attempt + 1 });
    }

    /// The network holds the money: the user is debited now. Or the price is another, and is shown again.
    pub(super) fn confirmed(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        if self.sessions[number].over {
            return;
        }
        match payment.stage {
            Stage::Quoted => self.shown(number, payment, hands),
            Stage::Sent | Stage::InDoubt => {
                self.sessions[number].over = true;
                self.debit_now(payment, hands);
            }
            Stage::Succeeded => {
                self.sessions[number].over = true;
                let taken = self.purse.debit(payment.id()) == Some(Debit::Taken);
                if self.honest && !taken {
                    hands.broken(format!("payment {:?} is paid, but nobody was debited", payment.id()));
                }
            }
            Stage::CodeIssued | Stage::Reserved | Stage::Failed | Stage::Rejected => {
                self.sessions[number].over = true;
            }
            Stage::Expired | Stage::Cancelled => self.sessions[number].over = true,
        }
    }

    fn debit_now(&mut self, payment: &Payment, hands: &mut Hands<'_>) {
        let id = payment.id();
        if self.purse.debit(id).is_some() {
            return;
        }
        if hands.in_mood(|mood| mood.late) {
            self.purse.think(id);
            if let Some(terms) = payment.terms.clone() {
                self.terms.insert(id, terms);
            }
            hands.wake_in(1_000..80_000, Wake::Decide { payment: id });
            return;
        }
        self.decide(payment, hands);
        self.tell(id, 1, hands);
    }

    pub(super) fn confirm_refused(&mut self, number: usize, refusal: Refusal, hands: &mut Hands<'_>) {
        let session = &mut self.sessions[number];
        match refusal {
            // Somebody of this wallet scanned after this payer: look again.
            Refusal::QuoteChanged if !session.over => {
                session.shown = None;
                hands.wake(1_000, Wake::Scan { session: number, attempt: 2 });
            }
            _ => session.over = true,
        }
    }

    /// Tells the network what became of a payment, until it has heard.
    pub(super) fn tell(&mut self, payment: PaymentId, attempt: u32, hands: &mut Hands<'_>) {
        let unheard = |call: &Call| matches!(call, Call::Tell(other) if *other == payment);
        if attempt > ATTEMPTS_MAX || (attempt > 1 && !self.calls.values().any(unheard)) {
            return;
        }
        let Some(outcome) = self.outcome(payment, hands) else { return };
        if hands.in_mood(|mood| mood.silent) {
            return;
        }
        let said = switch::Input::WalletSaid { wallet: self.member, payment, outcome };
        let call = hands.ask_engine(Input::Switch(said));
        self.calls.insert(call, Call::Tell(payment));
        hands.wake(AGAIN_MS, Wake::Tell { payment, attempt: attempt + 1 });
    }
}

fn name(customer: usize) -> Arc<str> {
    format!("u{customer}").into()
}

/// Acquirers are registered after all wallets.
fn till_member(till: usize, hands: &Hands<'_>) -> directory::MemberId {
    directory::MemberId(u32::try_from(hands.plan.wallets + till).expect("a few members") + 1)
}
