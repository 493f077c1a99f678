//! What a payment needs from outside, as a function of its stage. Carrying it out is somebody else's.

use directory::Time;

use crate::payment::{Kind, Payment, PaymentId, Stage};
use crate::refund::RefundStage;
use crate::{clock, clock::Strand};

/// One thing to be asked of the outside. Every identifier in it derives from the payment, so asking twice is
/// harmless.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Risk control is to judge it.
    Judge(PaymentId),
    /// The book is to reserve both currencies.
    Reserve(PaymentId),
    /// The wallet is to debit its user.
    AskToPay(Box<Payment>),
    /// The wallet is to say what became of the payment.
    AskWhatBecame(Box<Payment>),
    /// The wallet is to take the payment back.
    AskToCancel(Box<Payment>),
    /// The wallet is to give a refund to its user.
    AskToRefund(Box<Payment>, u16),
    /// The acquirer is to be told the result.
    TellResult(Box<Payment>),
}

impl Payment {
    /// The one thing this stage needs from a wallet, the book or risk control.
    pub fn awaits(&self) -> Option<Effect> {
        let payment = || Box::new(self.clone());
        Some(match self.need()? {
            Need::Judgement => Effect::Judge(self.id()),
            Need::Reservation => Effect::Reserve(self.id()),
            Need::Debit => Effect::AskToPay(payment()),
            Need::Word => Effect::AskWhatBecame(payment()),
            Need::Cancel => Effect::AskToCancel(payment()),
        })
    }

    fn need(&self) -> Option<Need> {
        match self.stage {
            Stage::Quoted if self.is_agreed() && self.judged.is_none() => Some(Need::Judgement),
            Stage::Quoted if self.is_agreed() => Some(Need::Reservation),
            Stage::Sent if self.is_consumer_presented() => Some(Need::Debit),
            Stage::InDoubt => Some(Need::Word),
            Stage::Cancelled if !self.cancel_acknowledged => Some(Need::Cancel),
            Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent => None,
            Stage::Succeeded | Stage::Failed | Stage::Rejected | Stage::Expired | Stage::Cancelled => None,
        }
    }

    /// When this payment must be looked at next: a limit of its stage, or the next time to ask.
    pub fn next_due(&self) -> Option<Time> {
        let refunds = self.refunds.iter().filter_map(|refund| {
            let open = refund.stage == RefundStage::Sent;
            let limit = open.then(|| refund.opened_at.plus_ms(clock::REFUND_LIMIT_MS));
            refund.strand.due().into_iter().chain(limit).min()
        });
        let strands = self.wallet_strand.due().into_iter().chain(self.notice_strand.due());
        self.limit().into_iter().chain(strands).chain(refunds).min()
    }

    /// The limit of the present stage.
    pub(crate) fn limit(&self) -> Option<Time> {
        match self.stage {
            Stage::CodeIssued => Some(self.opened.expires),
            Stage::Quoted if self.opened.kind != Kind::ConsumerPresented => Some(self.opened.expires),
            Stage::Reserved => Some(self.since),
            Stage::Sent => Some(self.since.plus_ms(clock::WALLET_ANSWER_MS)),
            Stage::InDoubt => self.sent_at.map(|sent| sent.plus_ms(clock::SENT_LIMIT_MS)),
            Stage::Quoted | Stage::Succeeded | Stage::Failed => None,
            Stage::Rejected | Stage::Expired | Stage::Cancelled => None,
        }
    }

    /// What is to be asked at `now`; what was asked is not asked again before its time.
    pub(crate) fn take_effects(&mut self, now: Time, effects: &mut Vec<Effect>) {
        if self.wallet_strand.take_due(now) {
            effects.extend(self.awaits());
        }
        for refund in 0..self.refunds.len() {
            if self.refunds[refund].strand.take_due(now) {
                let number = u16::try_from(refund).expect("REFUNDS_MAX is small");
                effects.push(Effect::AskToRefund(Box::new(self.clone()), number));
            }
        }
        if self.notice_strand.take_due(now) {
            effects.push(Effect::TellResult(Box::new(self.clone())));
        }
    }

    /// Begins to owe what the present stage needs; called when a fact has changed the stage.
    pub(crate) fn owe(&mut self, at: Time) {
        match self.need() {
            Some(Need::Judgement | Need::Reservation | Need::Debit) => {
                self.wallet_strand.owe(at, &clock::ONCE)
            }
            Some(Need::Word) => self.wallet_strand.owe(at, &clock::INQUIRE),
            Some(Need::Cancel) => self.wallet_strand.owe(at, &clock::CANCEL),
            None => self.wallet_strand.settle(),
        }
    }

    /// After a restart nobody knows what was asked: ask again.
    pub(crate) fn ask_again(&mut self) {
        self.wallet_strand.restart();
        self.notice_strand.restart();
        self.refunds.iter_mut().map(|refund| &mut refund.strand).for_each(Strand::restart);
    }
}

/// What a stage waits for, without what it takes to ask for it.
enum Need {
    /// Risk control is to judge it.
    Judgement,
    /// The book is to hold both currencies.
    Reservation,
    /// The wallet is to debit its user.
    Debit,
    /// The wallet is to say what became of the payment.
    Word,
    /// The wallet is to take it back.
    Cancel,
}
