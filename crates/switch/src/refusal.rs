//! Why a request changes nothing: the requester's mistake or bad luck, as a value. Not an error of the machine.

use crate::payment::Decline;

/// Why a request was refused; nothing was recorded for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The member is suspended, of another role, or has no agreement in force.
    NotAllowed,
    /// The same request id came with other content.
    RepeatInconsistent,
    /// No payment or refund is known under this reference.
    UnknownPayment,
    /// The merchant is not registered under this acquirer.
    UnknownMerchant,
    /// The store is not registered under this merchant.
    UnknownStore,
    /// The code is not one of this network's, or not of the wallet it names, or was used.
    InvalidCode,
    /// The code was good and is no longer.
    ExpiredCode,
    /// An amount of nothing.
    AmountZero,
    /// The amount is below what the agreement allows, or too small to be worth a unit to the payer.
    AmountTooSmall,
    /// The amount is above what an agreement allows.
    AmountTooLarge,
    /// No agreement covers this currency.
    CurrencyNotAgreed,
    /// Payments between these two currencies are closed.
    CorridorClosed,
    /// The amount is in another currency than the payment's.
    CurrencyDiffers,
    /// Settlement in this currency is not agreed.
    SettlementNotAgreed,
    /// No executable rate between the two currencies right now.
    NoRate,
    /// An order that ends before it begins, or lives too long.
    ExpiryOutOfRange,
    /// The payment is not waiting for this.
    WrongStage,
    /// Another wallet has it.
    AnotherWallet,
    /// The confirmed quote is not the present one; scan again.
    QuoteChanged,
    /// It ended, was cancelled or expired.
    Closed,
    /// The window for cancelling has passed; refund instead.
    CancelWindowExceeded,
    /// Refunds have begun; what remains can be refunded.
    HasRefunds,
    /// Only a payment that succeeded can be refunded.
    NotPaid,
    /// The window for refunding has passed.
    RefundWindowExceeded,
    /// Refunds would add up to more than was paid.
    RefundExceedsPayment,
    /// The payment has as many refunds as it may have.
    TooManyRefunds,
    /// A member's funds at the network do not cover it.
    Shortage(Decline),
    /// More at once than allowed.
    TooMany,
}
