//! What becomes true. Events are the journal's facts: deciding may change between versions, applying may not.

use std::sync::Arc;

use directory::{MemberId, Time};
use money::Amount;

use crate::judged::Judged;
use crate::payment::{CodeNumber, Decline, Opened, PaymentId, Terms};
use crate::refusal::Refusal;
use crate::refused::Asked;

/// One fact about payments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The network gave a wallet payment codes for one payer.
    CodesIssued {
        /// The wallet they were given to.
        wallet: MemberId,
        /// The payer, in the wallet's words.
        customer: Arc<str>,
        /// Token of the payer's device, where the wallet told it.
        device: Option<Arc<str>>,
        /// The codes.
        codes: Vec<CodeNumber>,
        /// Until when they can be used.
        until: Time,
    },
    /// A payment was asked for; its code is used up.
    Opened(Arc<Opened>),
    /// Wallet, rate and fees were bound, anew if they had been before.
    Quoted {
        /// Which payment.
        payment: PaymentId,
        /// On these terms.
        terms: Arc<Terms>,
    },
    /// The payer agreed to a merchant-presented payment.
    Confirmed {
        /// Which payment.
        payment: PaymentId,
    },
    /// Risk control judged a payment the payer has agreed to: it goes on, or is rejected.
    Judged {
        /// Which payment.
        payment: PaymentId,
        /// How, and what follows.
        judged: Arc<Judged>,
    },
    /// Both currencies are reserved in the book.
    Reserved {
        /// Which payment.
        payment: PaymentId,
    },
    /// The wallet is asked, or told, to debit.
    Sent {
        /// Which payment.
        payment: PaymentId,
    },
    /// The network declined.
    Rejected {
        /// Which payment.
        payment: PaymentId,
        /// Why.
        decline: Decline,
    },
    /// The wallet's answer is missing or unclear.
    InDoubt {
        /// Which payment.
        payment: PaymentId,
    },
    /// The wallet has debited its user; posted in the book.
    Succeeded {
        /// Which payment.
        payment: PaymentId,
    },
    /// The wallet declined; released in the book.
    Failed {
        /// Which payment.
        payment: PaymentId,
        /// Why.
        decline: Decline,
    },
    /// Nobody paid in time.
    Expired {
        /// Which payment.
        payment: PaymentId,
    },
    /// Taken back; released or reversed in the book, as its stage demands.
    Cancelled {
        /// Which payment.
        payment: PaymentId,
        /// By whom.
        by: CancelledBy,
    },
    /// The wallet has confirmed a cancel.
    CancelAcknowledged {
        /// Which payment.
        payment: PaymentId,
    },
    /// A wallet reported success of a cancelled payment; it is asked to take it back again.
    LateSuccess {
        /// Which payment.
        payment: PaymentId,
    },
    /// The acquirer has taken the notice of the result.
    NoticeTaken {
        /// Which payment.
        payment: PaymentId,
    },
    /// An acquirer cancelled a request the network has not seen; should it still come, it is closed.
    CancelledUnseen {
        /// Whose request.
        acquirer: MemberId,
        /// Its idempotency key.
        request_id: Arc<str>,
    },
    /// A request was refused for a reason that may pass; should a copy of it still come, it is refused again.
    Refused {
        /// What was asked for.
        asked: Asked,
        /// By whom.
        acquirer: MemberId,
        /// Its idempotency key.
        request_id: Arc<str>,
        /// Why not.
        why: Refusal,
    },
    /// A refund was reserved in the book and the wallet is asked.
    RefundOpened(RefundOpened),
    /// The payer has the money; posted in the book.
    RefundSucceeded {
        /// Which payment.
        payment: PaymentId,
        /// Which of its refunds, from 0.
        refund: u16,
    },
    /// The wallet said no; released in the book.
    RefundFailed {
        /// Which payment.
        payment: PaymentId,
        /// Which of its refunds, from 0.
        refund: u16,
        /// Why.
        decline: Decline,
    },
    /// The wallet never answered a refund: an operator's exception.
    RefundStuck {
        /// Which payment.
        payment: PaymentId,
        /// Which of its refunds, from 0.
        refund: u16,
    },
}

/// Who took a payment back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CancelledBy {
    /// The acquirer asked.
    Acquirer,
    /// The wallet stayed silent for a minute.
    Limit,
}

/// A refund as it was opened, with every amount it moves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundOpened {
    /// Of which payment.
    pub payment: PaymentId,
    /// The acquirer's idempotency key.
    pub request_id: Arc<str>,
    /// What the merchant gives back (R1).
    pub amount: Amount,
    /// What the payer receives (R2).
    pub payer_amount: Amount,
    /// Interchange the acquirer gets back (R3).
    pub interchange: Amount,
    /// The same in the payer's currency (R4).
    pub interchange_payer: Amount,
}

impl Event {
    /// The payment it is about, if it is about one.
    pub fn payment(&self) -> Option<PaymentId> {
        match self {
            Event::CodesIssued { .. } | Event::CancelledUnseen { .. } | Event::Refused { .. } => None,
            Event::Opened(opened) => Some(opened.payment),
            Event::RefundOpened(refund) => Some(refund.payment),
            Event::Quoted { payment, .. }
            | Event::Confirmed { payment }
            | Event::Judged { payment, .. }
            | Event::Reserved { payment }
            | Event::Sent { payment }
            | Event::Rejected { payment, .. }
            | Event::InDoubt { payment }
            | Event::Succeeded { payment }
            | Event::Failed { payment, .. }
            | Event::Expired { payment }
            | Event::Cancelled { payment, .. }
            | Event::CancelAcknowledged { payment }
            | Event::LateSuccess { payment }
            | Event::NoticeTaken { payment }
            | Event::RefundSucceeded { payment, .. }
            | Event::RefundFailed { payment, .. }
            | Event::RefundStuck { payment, .. } => Some(*payment),
        }
    }
}
