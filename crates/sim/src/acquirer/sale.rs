//! One sale as its acquirer knows it, and what it learns of it.

use directory::Time;
use switch::{Pay, PayHow, Payment, Refusal, Stage};

use super::Acquirer;
use super::refunds::{Wish, WishState};
use crate::hands::Hands;
use crate::letter::{Place, Wake};

/// What an acquirer tells its merchant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Not known yet.
    Open,
    /// Paid: the goods may go.
    Paid,
    /// Not paid, and never will be.
    NotPaid,
}

/// One sale.
pub(crate) struct Sale {
    /// What was asked of the network; nothing for a payment that began at a standing code.
    pub(crate) request: Option<Pay>,
    /// The newest the network has told.
    pub(crate) payment: Option<Box<Payment>>,
    pub(crate) verdict: Verdict,
    pub(super) give_up: Time,
    /// The pay request was answered.
    pub(super) answered: bool,
    pub(super) cancel_asked: bool,
    pub(super) cancel_settled: bool,
    pub(crate) wishes: Vec<Wish>,
}

impl Sale {
    pub(super) fn of_request(request: Pay, give_up: Time) -> Sale {
        Sale {
            request: Some(request),
            payment: None,
            verdict: Verdict::Open,
            give_up,
            answered: false,
            cancel_asked: false,
            cancel_settled: false,
            wishes: Vec::new(),
        }
    }

    pub(super) fn of_standing_code(now: Time) -> Sale {
        Sale {
            request: None,
            payment: None,
            verdict: Verdict::Open,
            give_up: now,
            answered: true,
            cancel_asked: false,
            cancel_settled: false,
            wishes: Vec::new(),
        }
    }

    /// The merchant shows the code.
    pub(super) fn code_is_ours(&self) -> bool {
        let how = self.request.as_ref().map(|request| request.how);
        !matches!(how, Some(PayHow::PaymentCode { .. }))
    }

    pub(super) fn position(&self) -> i128 {
        let paid = self.payment.as_ref().filter(|_| self.verdict == Verdict::Paid);
        let Some((payment, terms)) = paid.and_then(|payment| Some((payment, payment.terms.as_ref()?))) else {
            return 0;
        };
        let signed = |amount: money::Amount| i128::from(amount.minor);
        let received = signed(payment.opened.amount) - signed(terms.interchange) - signed(terms.acquirer_fee);
        received + self.wishes.iter().map(Wish::position).sum::<i128>()
    }
}

impl Acquirer {
    /// The network has told how a payment stands; what it told before may arrive after it.
    pub(super) fn learn(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        let sale = &mut self.sales[number];
        let first = sale.payment.is_none();
        if let Some(request) = &sale.request
            && (request.amount != payment.opened.amount
                || payment.opened.request_id.as_ref() != Some(&request.request_id))
        {
            hands.broken(format!("sale {number} was told of another payment, {:?}", payment.id()));
        }
        if sale.payment.as_ref().is_none_or(|known| known.since <= payment.since) {
            sale.payment = Some(Box::new(payment.clone()));
        }
        self.by_payment.insert(payment.id(), number);
        match payment.stage {
            Stage::CodeIssued if first => self.show_code(payment, hands),
            Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent | Stage::InDoubt => {}
            Stage::Succeeded => self.learn_paid(number, payment, hands),
            Stage::Failed | Stage::Rejected | Stage::Expired | Stage::Cancelled => {
                self.learn_not_paid(number, payment, hands);
            }
        }
        if first && hands.mishap(40) {
            hands.wake_in(100..9_000, Wake::PayChanged { sale: number });
        }
        if first && hands.mishap(30) {
            let other = hands.rng.usize(0..hands.plan.acquirers);
            if hands.me != Place::Acquirer(other) {
                hands.hand(Place::Acquirer(other), 500, Wake::Meddle { payment: payment.id() });
            }
        }
    }

    fn learn_paid(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        let sale = &mut self.sales[number];
        match sale.verdict {
            Verdict::Paid => {}
            // The answer from before the cancel may arrive after the cancel's.
            Verdict::NotPaid if sale.cancel_asked => {}
            Verdict::NotPaid => {
                hands.broken(format!("sale {number} ({:?}) was not paid, and now it is", payment.id()));
            }
            Verdict::Open => {
                sale.verdict = Verdict::Paid;
                sale.payment = Some(Box::new(payment.clone()));
                let wait_ms = match hands.rng.u32(0..1000) {
                    0..120 => hands.rng.u64(10..20_000),
                    120..160 => hands.rng.u64(600_000..30 * 3_600_000),
                    _ => 0,
                };
                if wait_ms > 0 {
                    hands.wake(wait_ms, Wake::Cancel { sale: number, attempt: 1 });
                }
                if hands.chance(300) {
                    self.wish_refunds(number, payment, hands);
                }
            }
        }
    }

    fn learn_not_paid(&mut self, number: usize, payment: &Payment, hands: &mut Hands<'_>) {
        let sale = &mut self.sales[number];
        let taken_back = payment.stage == Stage::Cancelled && sale.cancel_asked;
        if sale.verdict == Verdict::Paid && !taken_back {
            hands.broken(format!("sale {number} ({:?}) was paid, and now it is not", payment.id()));
        }
        sale.verdict = Verdict::NotPaid;
    }

    /// The network does not know a payment it has told of.
    pub(super) fn forgotten(&mut self, number: usize, hands: &mut Hands<'_>) {
        if let Some(payment) = &self.sales[number].payment {
            hands.broken(format!("the network has forgotten {:?}", payment.id()));
        }
    }

    /// The network will not make this payment.
    pub(super) fn refused(&mut self, number: usize, refusal: Refusal, hands: &mut Hands<'_>) {
        let sale = &mut self.sales[number];
        sale.answered = true;
        match (refusal, &sale.payment) {
            (Refusal::RepeatInconsistent, _) => {
                hands.broken(format!("sale {number} was repeated as it was, and refused as changed"));
            }
            (_, Some(payment)) => {
                let id = payment.id();
                hands
                    .broken(format!("sale {number} is payment {id:?}, and a repeat is refused: {refusal:?}"));
            }
            (_, None) => sale.verdict = Verdict::NotPaid,
        }
    }

    pub(super) fn cancel_refused(
        &mut self,
        number: usize,
        known: bool,
        refusal: Refusal,
        hands: &mut Hands<'_>,
    ) {
        let sale = &mut self.sales[number];
        sale.cancel_settled = true;
        match refusal {
            Refusal::UnknownPayment if known => self.forgotten(number, hands),
            // Cancelled before it came: it will not be made. But if it was made before this answer was heard, the
            // answer says no more than that the cancel is to be sent again.
            Refusal::UnknownPayment if sale.payment.is_none() => sale.verdict = Verdict::NotPaid,
            Refusal::UnknownPayment => {}
            Refusal::CancelWindowExceeded | Refusal::HasRefunds => {}
            other => hands.broken(format!("a cancel of sale {number} was refused: {other:?}")),
        }
    }

    /// The merchant shows the code: to one payer, to two, or to nobody.
    fn show_code(&self, payment: &Payment, hands: &mut Hands<'_>) {
        let wallets = hands.plan.wallets;
        let first = hands.rng.usize(0..wallets);
        let looking = match hands.rng.u8(0..10) {
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for wallet in 0..looking {
            let customer = hands.rng.usize(0..6);
            let (id, token) = (payment.id(), payment.opened.order_token);
            let seen = Wake::OrderSeen { customer, payment: id, token };
            hands.hand_in(Place::Wallet((first + wallet) % wallets), 200..15_000, seen);
        }
    }

    /// Whether nothing of a sale is open.
    pub(crate) fn open_business(&self) -> Option<String> {
        for (number, sale) in self.sales.iter().enumerate() {
            if sale.verdict == Verdict::Open {
                return Some(format!("sale {number} never came to an end"));
            }
            if let Some(wish) = sale.wishes.iter().find(|wish| wish.state == WishState::Open) {
                return Some(format!("refund {} never came to an end", wish.request_id));
            }
        }
        None
    }
}
