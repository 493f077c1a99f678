//! How what the engine knows is said on the wire: results, amounts, quotes, orders. Decides nothing.

use directory::{Directory, Merchant, Time};
use switch::{CodeNumber, Decline, Payment, Quote, Refund, RefundStage, Refusal, Stage};
use wire::body::amount::{Amount, AmountOrZero, CurrencyCode, CurrencyPair, MinorOrZero, Price};
use wire::body::order::Order;
use wire::body::outcome::Outcome;
use wire::body::party;
use wire::body::quote;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, Instant, Region, Text, Truth};

use wire::ClientId;

use crate::number;

/// An id of ours or of a member; all are shorter than 64 characters where they come from.
pub fn id(text: &str) -> Id<64> {
    Id::try_new(text).unwrap_or_else(|_| Id::try_new("-").expect("one visible character"))
}

/// A member's name.
pub fn client_id(text: &str) -> Option<ClientId> {
    ClientId::parse(text)
}

/// A point in time.
pub fn instant(time: Time) -> Instant {
    Instant(time.0)
}

/// A currency.
pub fn currency(currency: money::Currency) -> CurrencyCode {
    CurrencyCode::parse(currency.code()).expect("ISO 4217 codes are three capital letters")
}

/// An amount; nothing for one of zero, which the wire leaves out.
pub fn amount(amount: money::Amount) -> Option<Amount> {
    Amount::try_of(currency(amount.currency), amount.minor).ok()
}

/// An amount that may be zero.
pub fn amount_or_zero(amount: money::Amount) -> Option<AmountOrZero> {
    Some(AmountOrZero {
        currency: currency(amount.currency),
        value: MinorOrZero::try_new(amount.minor).ok()?,
    })
}

/// The quote bound to a payment; nothing where no currency is crossed.
pub fn quote(payment: &Payment) -> Option<quote::Quote> {
    let bound = &payment.terms.as_ref()?.quote;
    bound.provider?;
    Some(quote_as(bound, number::quote(payment.id(), bound.number), true))
}

/// A quote under this number.
pub fn quote_as(bound: &Quote, number: String, guaranteed: bool) -> quote::Quote {
    let pair = CurrencyPair { base: currency(bound.rate.base()), quote: currency(bound.rate.quote()) };
    let price = Price::try_new(&bound.rate.to_string()).expect("rates have at most 18 digits");
    quote::Quote {
        quote_start_time: Some(instant(bound.bound)),
        quote_expiry_time: Some(instant(bound.expires)),
        base_currency: Some(pair.base),
        guaranteed: Some(Truth(guaranteed)),
        ..quote::Quote::new(id(&number), pair, price)
    }
}

/// How a payment stands.
pub fn outcome(payment: &Payment) -> Outcome {
    match (payment.stage, payment.decline) {
        (Stage::Succeeded, _) => Outcome::success(),
        (Stage::Failed | Stage::Rejected, decline) => {
            Outcome::of(decline.map_or(ResultCode::ProcessFail, code_of))
        }
        (Stage::Expired, _) => {
            Outcome::because(ResultCode::OrderIsClosed, "The payment expired before it was paid.")
        }
        (Stage::Cancelled, _) => Outcome::because(ResultCode::OrderIsClosed, "The payment was cancelled."),
        (Stage::CodeIssued | Stage::Quoted | Stage::Reserved | Stage::Sent | Stage::InDoubt, _) => {
            Outcome::of(ResultCode::PaymentInProcess)
        }
    }
}

/// How a refund stands.
pub fn refund_outcome(refund: &Refund) -> Outcome {
    match refund.stage {
        RefundStage::Succeeded => Outcome::success(),
        RefundStage::Sent | RefundStage::Stuck => Outcome::of(ResultCode::RefundInProcess),
        RefundStage::Failed => Outcome::of(refund.decline.map_or(ResultCode::ProcessFail, code_of)),
    }
}

/// The result code of a decline.
pub fn code_of(decline: Decline) -> ResultCode {
    match decline {
        Decline::BalanceNotEnough => ResultCode::UserBalanceNotEnough,
        Decline::UserNotExist => ResultCode::UserNotExist,
        Decline::UserStatusAbnormal => ResultCode::UserStatusAbnormal,
        Decline::KycNotQualified => ResultCode::UserKycNotQualified,
        Decline::VerificationFailed => ResultCode::UserPaymentVerificationFailed,
        Decline::UserLimitExceeded => ResultCode::UserAmountExceedLimit,
        Decline::RiskReject => ResultCode::RiskReject,
        Decline::ProcessFail => ResultCode::ProcessFail,
        Decline::LiquidityPayer => ResultCode::LiquidityPayer,
        Decline::LiquidityFx => ResultCode::LiquidityFx,
        Decline::LiquidityAcquirer => ResultCode::LiquidityAcquirer,
    }
}

/// The decline a wallet means by a code; one we do not know is its own business.
pub fn decline_of(code: Option<ResultCode>) -> Decline {
    match code {
        Some(ResultCode::UserBalanceNotEnough) => Decline::BalanceNotEnough,
        Some(ResultCode::UserNotExist) => Decline::UserNotExist,
        Some(ResultCode::UserStatusAbnormal) => Decline::UserStatusAbnormal,
        Some(ResultCode::UserKycNotQualified) => Decline::KycNotQualified,
        Some(ResultCode::UserPaymentVerificationFailed) => Decline::VerificationFailed,
        Some(ResultCode::UserAmountExceedLimit | ResultCode::PaymentCountExceedLimit) => {
            Decline::UserLimitExceeded
        }
        Some(ResultCode::RiskReject) => Decline::RiskReject,
        _ => Decline::ProcessFail,
    }
}

/// The result of a request that was refused.
pub fn refusal(refusal: Refusal) -> Outcome {
    let (code, sentence) = match refusal {
        Refusal::NotAllowed => {
            (ResultCode::AccessDenied, "The member is suspended or has no agreement in force.")
        }
        Refusal::RepeatInconsistent => return Outcome::of(ResultCode::RepeatReqInconsistent),
        Refusal::UnknownPayment => return Outcome::of(ResultCode::OrderNotExist),
        Refusal::UnknownMerchant => {
            (ResultCode::MerchantNotRegistered, "order.merchant.referenceMerchantId is not registered.")
        }
        Refusal::UnknownStore => {
            (ResultCode::MerchantNotRegistered, "order.merchant.store.referenceStoreId is not registered.")
        }
        Refusal::InvalidCode => return Outcome::of(ResultCode::InvalidCode),
        Refusal::ExpiredCode => return Outcome::of(ResultCode::ExpiredCode),
        Refusal::AmountZero => (ResultCode::ParamIllegal, "The amount must be above zero."),
        Refusal::AmountTooSmall => {
            (ResultCode::PaymentAmountExceedLimit, "The amount is below the agreed limit.")
        }
        Refusal::AmountTooLarge => {
            (ResultCode::PaymentAmountExceedLimit, "The amount is above the agreed limit.")
        }
        Refusal::CurrencyNotAgreed => return Outcome::of(ResultCode::CurrencyNotSupport),
        Refusal::CorridorClosed => {
            (ResultCode::CurrencyNotSupport, "Payments between these two currencies are closed.")
        }
        Refusal::CurrencyDiffers => {
            (ResultCode::ParamIllegal, "The amount is not in the payment's currency.")
        }
        Refusal::SettlementNotAgreed => return Outcome::of(ResultCode::SettleContractNotMatch),
        Refusal::NoRate => return Outcome::of(ResultCode::ExchangeRateUnavailable),
        Refusal::ExpiryOutOfRange => {
            (ResultCode::ParamIllegal, "paymentExpiryTime must be in the future and within 30 minutes.")
        }
        Refusal::WrongStage => return Outcome::of(ResultCode::OrderStatusInvalid),
        Refusal::AnotherWallet => (ResultCode::OrderStatusInvalid, "Another wallet has this payment."),
        Refusal::QuoteChanged => return Outcome::of(ResultCode::QuoteExpired),
        Refusal::Closed => return Outcome::of(ResultCode::OrderIsClosed),
        Refusal::CancelWindowExceeded => return Outcome::of(ResultCode::CancelWindowExceed),
        Refusal::HasRefunds => {
            (ResultCode::OrderStatusInvalid, "Refunds have begun: refund the rest instead of cancelling.")
        }
        Refusal::NotPaid => {
            (ResultCode::OrderStatusInvalid, "Only a payment that succeeded can be refunded.")
        }
        Refusal::RefundWindowExceeded => return Outcome::of(ResultCode::RefundWindowExceed),
        Refusal::RefundExceedsPayment => return Outcome::of(ResultCode::RefundAmountExceed),
        Refusal::TooManyRefunds => return Outcome::of(ResultCode::RefundCountExceed),
        Refusal::Shortage(decline) => return Outcome::of(code_of(decline)),
        Refusal::TooMany => (ResultCode::ParamIllegal, "codeQuantity must be 1 to 10."),
    };
    Outcome::because(code, sentence)
}

/// What is bought and who sells, for a payer's wallet.
pub fn order(payment: &Payment, directory: &Directory) -> Option<Order> {
    let opened = &payment.opened;
    let reference = match &*opened.order_reference {
        "" => number::payment(opened.payment),
        reference => reference.to_owned(),
    };
    let mut order = Order::new(id(&reference), Text::cut(&opened.order_description), amount(opened.amount)?);
    order.merchant =
        directory.merchant(opened.merchant).map(|found| merchant(found, opened.store.as_deref()));
    Some(order)
}

fn merchant(merchant: &Merchant, store: Option<&str>) -> party::Merchant {
    let address = party::Address {
        region: Region::try_new(merchant.country.code()).ok(),
        city: Some(Text::cut(&merchant.city)),
        ..party::Address::new()
    };
    let store = store.and_then(|reference| merchant.store(reference)).map(|store| party::Store {
        store_name: Some(Text::cut(&store.name)),
        ..party::Store::new(id(&store.reference))
    });
    party::Merchant {
        merchant_mcc: Id::try_new(format!("{:04}", merchant.category)).ok(),
        merchant_name: Some(Text::cut(&merchant.name)),
        merchant_display_name: Some(Text::cut(&merchant.name)),
        merchant_address: Some(address),
        store,
        ..party::Merchant::new(id(&merchant.reference))
    }
}

/// The 24 digits of a payment code.
pub fn payment_code(prefix: u32, code: CodeNumber) -> String {
    format!("{prefix:06}02{:016}", code.0)
}
