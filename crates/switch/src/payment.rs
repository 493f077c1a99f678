//! One payment as the switch knows it: what was asked, on what terms, how far it is. Its life is in `lifecycle`.

use std::sync::Arc;

use directory::{MemberId, MerchantId, Time};
use money::{Amount, Rate};

use crate::clock::Strand;
use crate::judged::Judged;
use crate::refund::Refund;

/// The number of a payment: given in order of opening, never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PaymentId(pub u64);

/// Where a payment is in its life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// The merchant shows a code; no payer yet.
    CodeIssued,
    /// Wallet, rate and fees are bound; nothing is reserved.
    Quoted,
    /// Both currencies are reserved. Lasts no longer than the turn.
    Reserved,
    /// The wallet has been asked, or told, to debit its user.
    Sent,
    /// The wallet's answer is missing or unclear.
    InDoubt,
    /// Paid.
    Succeeded,
    /// The wallet declined.
    Failed,
    /// The network declined.
    Rejected,
    /// Nobody paid in time.
    Expired,
    /// Taken back.
    Cancelled,
}

impl Stage {
    /// All stages, in the order of a life.
    pub const ALL: [Stage; 10] = [
        Stage::CodeIssued,
        Stage::Quoted,
        Stage::Reserved,
        Stage::Sent,
        Stage::InDoubt,
        Stage::Succeeded,
        Stage::Failed,
        Stage::Rejected,
        Stage::Expired,
        Stage::Cancelled,
    ];

    /// Whether the merchant may rely on it (a success can still be cancelled within its window).
    pub fn is_final(self) -> bool {
        match self {
            Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent | Stage::InDoubt => false,
            Stage::Succeeded | Stage::Failed | Stage::Rejected | Stage::Expired | Stage::Cancelled => true,
        }
    }

    /// Whether money is held for it in the book.
    pub fn holds_reservation(self) -> bool {
        matches!(self, Stage::Reserved | Stage::Sent | Stage::InDoubt)
    }
}

/// Who shows the code, and which.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// The payer shows a payment code; the acquirer asks (PaymentCode).
    ConsumerPresented,
    /// The merchant shows a code made for this order (OrderCode).
    OrderCode,
    /// The merchant's standing code is opened and the acquirer or the payer gives the amount (EntryCode).
    EntryCode,
}

/// What was asked for when the payment was opened. Never changes afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// Its number.
    pub payment: PaymentId,
    /// Who shows the code.
    pub kind: Kind,
    /// The acquirer that is paid.
    pub acquirer: MemberId,
    /// The acquirer's idempotency key (`paymentRequestId`); absent where the payer began at a standing code.
    pub request_id: Option<Arc<str>>,
    /// The merchant that is paid.
    pub merchant: MerchantId,
    /// The store, by the acquirer's reference.
    pub store: Option<Arc<str>>,
    /// What the merchant asks.
    pub amount: Amount,
    /// The acquirer's order reference (`referenceOrderId`).
    pub order_reference: Arc<str>,
    /// What was bought, for the payer to read.
    pub order_description: Arc<str>,
    /// Where the acquirer wants the result posted.
    pub notify_url: Option<Arc<str>>,
    /// Payer's code, for a consumer-presented payment.
    pub code: Option<CodeNumber>,
    /// What a scanned order code must carry, so that nobody pays by guessing numbers.
    pub order_token: u64,
    /// Until when the order can be paid.
    pub expires: Time,
    /// Where the acquirer says that it was placed.
    pub placed: Placed,
}

/// Where an order was placed, in the acquirer's words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placed {
    /// The terminal, by the acquirer's reference.
    pub terminal: Option<Arc<str>>,
    /// Token of the device that placed the order.
    pub device: Option<Arc<str>>,
    /// The device is the buyer's own (a browser or an app), not the merchant's.
    pub by_buyer: bool,
}

/// The unique sixteen digits of a payment code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CodeNumber(pub u64);

/// The payer's side and the price, bound to the payment when it was quoted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The wallet that pays.
    pub wallet: MemberId,
    /// The payer, in the wallet's own words.
    pub customer: Arc<str>,
    /// Token of the device on which the wallet runs, where the wallet told it.
    pub device: Option<Arc<str>>,
    /// The rate and where it came from.
    pub quote: Quote,
    /// What the payer is debited (P1).
    pub payer_amount: Amount,
    /// Acquirer to wallet, in the payee's currency (F1).
    pub interchange: Amount,
    /// The same at the payment's rate, as the wallet receives it (F2).
    pub interchange_payer: Amount,
    /// Acquirer to network (F3).
    pub acquirer_fee: Amount,
    /// Wallet to network (F4).
    pub wallet_fee: Amount,
}

/// A rate bound to one payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quote {
    /// Counts the quotes of this payment, from 1.
    pub number: u32,
    /// Who buys and sells; absent when no currency is crossed.
    pub provider: Option<MemberId>,
    /// Payer's units per unit of the payee's currency.
    pub rate: Rate,
    /// When it was bound.
    pub bound: Time,
    /// Until when the payer may confirm at it.
    pub expires: Time,
    /// Every offer that was weighed, and why it was or was not taken.
    pub considered: Vec<Considered>,
}

/// One offer that was weighed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Considered {
    /// Whose offer.
    pub provider: MemberId,
    /// Its price.
    pub rate: Rate,
    /// What became of it.
    pub outcome: OfferOutcome,
}

/// Why an offer was or was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OfferOutcome {
    /// The cheapest executable one.
    Chosen,
    /// Another was cheaper.
    Dearer,
    /// It ends before the payment could.
    EndsTooSoon,
    /// It is for less than the payer would pay.
    TooSmall,
    /// Its provider has not enough of the payee's currency in the book.
    NoLiquidity,
    /// Its provider is suspended or has no agreement for both currencies.
    NotAgreed,
}

/// Why a payment or refund ended without money: told to the acquirer as a result code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Decline {
    /// The payer has not enough.
    BalanceNotEnough,
    /// The wallet does not know the payer.
    UserNotExist,
    /// The payer's account is blocked or closed.
    UserStatusAbnormal,
    /// The payer is not identified well enough.
    KycNotQualified,
    /// The payer failed to authenticate.
    VerificationFailed,
    /// Above the payer's own limit.
    UserLimitExceeded,
    /// Risk control said no: the wallet's or the network's.
    RiskReject,
    /// The wallet failed the request for a reason of its own.
    ProcessFail,
    /// The wallet's prefunding at the network does not cover the payment.
    LiquidityPayer,
    /// The FX provider's funds at the network do not cover the payment.
    LiquidityFx,
    /// The acquirer's funds at the network do not cover the refund.
    LiquidityAcquirer,
}

/// One payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payment {
    /// What was asked.
    pub opened: Arc<Opened>,
    /// On what terms, once a wallet is known.
    pub terms: Option<Arc<Terms>>,
    /// How it was judged, once the payer has agreed.
    pub judged: Option<Arc<Judged>>,
    /// How far it is.
    pub stage: Stage,
    /// When it was opened.
    pub opened_at: Time,
    /// When the wallet was asked or told to debit.
    pub sent_at: Option<Time>,
    /// When it reached its present stage.
    pub since: Time,
    /// When it was paid.
    pub succeeded_at: Option<Time>,
    /// The commit number of its success: decides the settlement window.
    pub commit: Option<u64>,
    /// Why it ended without money.
    pub decline: Option<Decline>,
    /// The payer has confirmed a merchant-presented payment.
    pub confirmed: bool,
    /// Whether the wallet has confirmed a cancel (`mpp_ack`); true where it never had to.
    pub cancel_acknowledged: bool,
    /// A success arrived after the cancel; an exception for the wallet's daily file.
    pub late_success: bool,
    /// A result is owed to the acquirer and it has not taken it yet.
    pub notice_owed: bool,
    /// Its refunds, oldest first.
    pub refunds: Vec<Refund>,
    /// When the wallet is asked again. Not a fact: begins anew after a restart.
    pub(crate) wallet_strand: Strand,
    /// When the acquirer is told again. Not a fact either.
    pub(crate) notice_strand: Strand,
    /// When the switch will look at it. Not a fact either.
    pub(crate) watched: Option<Time>,
}

impl Payment {
    pub(crate) fn new(opened: Arc<Opened>, at: Time) -> Payment {
        Payment {
            opened,
            terms: None,
            judged: None,
            stage: Stage::CodeIssued,
            opened_at: at,
            sent_at: None,
            since: at,
            succeeded_at: None,
            commit: None,
            decline: None,
            confirmed: false,
            cancel_acknowledged: true,
            late_success: false,
            notice_owed: false,
            refunds: Vec::new(),
            wallet_strand: Strand::default(),
            notice_strand: Strand::default(),
            watched: None,
        }
    }

    /// Its number.
    pub fn id(&self) -> PaymentId {
        self.opened.payment
    }

    /// The payer shows the code, so the network asks the wallet to debit.
    pub fn is_consumer_presented(&self) -> bool {
        self.opened.kind == Kind::ConsumerPresented
    }

    /// The payer has agreed: by showing a code, or to the price shown.
    pub(crate) fn is_agreed(&self) -> bool {
        self.is_consumer_presented() || self.confirmed
    }

    /// What was refunded so far or is being refunded, in the payee's currency.
    pub fn refunded(&self) -> Amount {
        let live = self.refunds.iter().filter(|refund| refund.stage.counts());
        let minor = live.map(|refund| refund.amount.minor).sum();
        Amount::new(self.opened.amount.currency, minor)
    }
}
