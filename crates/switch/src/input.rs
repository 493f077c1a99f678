//! What can reach the switch: members' requests, parsed and authenticated, and answers from outside.

use std::sync::Arc;

use directory::{MemberId, Time};
use money::{Amount, Currency};

use crate::judged::Judged;
use crate::payment::{CodeNumber, Decline, PaymentId, Placed};

/// One input. Who sent it is part of it and has been proven at the door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A wallet asks for payment codes for one payer.
    IssueCodes(IssueCodes),
    /// An acquirer asks for a payment.
    Pay(Pay),
    /// A wallet sends what its user scanned.
    Scan(Scan),
    /// A wallet's user agreed to pay.
    Confirm(Confirm),
    /// An acquirer takes a payment back.
    Cancel {
        /// Who asks.
        acquirer: MemberId,
        /// Which payment.
        reference: Reference,
    },
    /// An acquirer gives money back.
    Refund(RefundAsked),
    /// A wallet said what became of a payment: its answer to pay or inquiry, or its own notice.
    WalletSaid {
        /// Which wallet.
        wallet: MemberId,
        /// Which payment.
        payment: PaymentId,
        /// What it said.
        outcome: Outcome,
    },
    /// A wallet confirmed a cancel.
    CancelTaken {
        /// Which payment.
        payment: PaymentId,
    },
    /// A wallet answered a refund.
    RefundSaid {
        /// Which payment.
        payment: PaymentId,
        /// Which of its refunds, from 0.
        refund: u16,
        /// What it said.
        outcome: Outcome,
    },
    /// Risk control's verdict.
    Judged {
        /// Which payment.
        payment: PaymentId,
        /// How, and what follows.
        judged: Arc<Judged>,
    },
    /// The book's answer to a reservation.
    Funded {
        /// Which payment.
        payment: PaymentId,
        /// Why not, if not.
        shortage: Option<Decline>,
    },
    /// An acquirer took a notice.
    NoticeTaken {
        /// Which payment.
        payment: PaymentId,
    },
    /// A time limit of this payment may have passed.
    Due {
        /// Which payment.
        payment: PaymentId,
    },
}

/// A member's answer about money.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// Done (S).
    Done,
    /// Definitively not done (F).
    Declined(Decline),
    /// Not known: U, a timeout, or something unreadable or unsigned.
    Unclear,
}

/// How a member names a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reference {
    /// By its own idempotency key.
    Request(Arc<str>),
    /// By the network's number.
    Payment(PaymentId),
}

/// A wallet asks for payment codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssueCodes {
    /// The wallet.
    pub wallet: MemberId,
    /// The payer, in the wallet's words.
    pub customer: Arc<str>,
    /// Token of the payer's device, where the wallet knows it.
    pub device: Option<Arc<str>>,
    /// How many, 1 to 10.
    pub count: u8,
    /// Random bits from the edge; codes must not be guessable.
    pub entropy: [u64; 10],
}

/// An acquirer asks for a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pay {
    /// The acquirer.
    pub acquirer: MemberId,
    /// Its idempotency key.
    pub request_id: Arc<str>,
    /// Whose code, and which.
    pub how: PayHow,
    /// The acquirer's reference for the merchant; may be left out by an acquirer that has one.
    pub merchant: Option<Arc<str>>,
    /// The acquirer's reference for the store.
    pub store: Option<Arc<str>>,
    /// What the merchant asks.
    pub amount: Amount,
    /// In what currency the acquirer wants it.
    pub settlement_currency: Option<Currency>,
    /// The acquirer's order reference.
    pub order_reference: Arc<str>,
    /// What was bought.
    pub order_description: Arc<str>,
    /// Where the result is to be posted.
    pub notify_url: Option<Arc<str>>,
    /// Where the order was placed.
    pub placed: Placed,
    /// Random bits from the edge, for the order code.
    pub entropy: u64,
}

/// The three ways to ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PayHow {
    /// With the payer's code.
    PaymentCode {
        /// The six digits in front, which name the wallet.
        prefix: u32,
        /// The sixteen that follow.
        code: CodeNumber,
    },
    /// With a code to be shown by the merchant.
    OrderCode {
        /// Until when it can be paid.
        expires: Option<Time>,
    },
    /// With a link to be opened by the payer's wallet.
    EntryCode {
        /// Until when it can be paid.
        expires: Option<Time>,
    },
}

/// A wallet sends what its user scanned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scan {
    /// The wallet.
    pub wallet: MemberId,
    /// The payer, in the wallet's words.
    pub customer: Arc<str>,
    /// Token of the payer's device, where the wallet knows it.
    pub device: Option<Arc<str>>,
    /// What the code means.
    pub target: ScanTarget,
    /// Random bits from the edge, for the order that a standing code begins.
    pub entropy: u64,
}

/// What a merchant's code leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ScanTarget {
    /// An order that is waiting.
    Order {
        /// Its number.
        payment: PaymentId,
        /// What proves that the code was seen.
        token: u64,
    },
    /// A merchant's standing code; the payer gives the amount.
    Standing {
        /// The acquirer.
        acquirer: MemberId,
        /// Its reference for the merchant.
        merchant: Arc<str>,
        /// Its reference for the store.
        store: Option<Arc<str>>,
        /// What the payer wants to pay.
        amount: Amount,
    },
}

/// A wallet's user agreed to pay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirm {
    /// The wallet.
    pub wallet: MemberId,
    /// Which payment.
    pub payment: PaymentId,
    /// The quote the payer saw; absent accepts the present one.
    pub quote: Option<u32>,
}

/// An acquirer gives money back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundAsked {
    /// The acquirer.
    pub acquirer: MemberId,
    /// Of which payment.
    pub reference: Reference,
    /// Its idempotency key for the refund.
    pub request_id: Arc<str>,
    /// How much, in the payee's currency.
    pub amount: Amount,
}
