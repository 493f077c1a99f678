//! The endpoints, one file each: read what was asked, hand it to the gate, say what came of it.

pub(crate) mod advance_consult;
pub(crate) mod advance_draw;
pub(crate) mod advance_offer;
pub(crate) mod cancel;
pub(crate) mod certificate_pay;
pub(crate) mod code_rules;
pub(crate) mod confirm;
pub(crate) mod consult;
pub(crate) mod exchange_quote;
pub(crate) mod inquiry_payment;
pub(crate) mod inquiry_refund;
pub(crate) mod notify_payment;
pub(crate) mod pay;
pub(crate) mod payment_code;
pub(crate) mod rates;
pub(crate) mod refund;
pub(crate) mod user_initiated_pay;

use std::sync::Arc;

use money::Currency;
use runtime::number;
use switch::Reference;
use wire::body::amount::{Amount, CurrencyCode};
use wire::body::inquire::PaymentReference;
use wire::body::outcome::Outcome;
use wire::body::party::Env;
use wire::body::result_code::ResultCode;

/// A currency we know, in a field of this name.
pub(crate) fn currency(code: CurrencyCode, field: &str) -> Result<Currency, Outcome> {
    Currency::parse(code.as_str()).map_err(|_| {
        Outcome::because(
            ResultCode::ParamIllegal,
            &format!("{field} is {code}, which is no currency in circulation"),
        )
    })
}

/// An amount of a currency we know, in a field of this name.
pub(crate) fn amount(amount: &Amount, field: &str) -> Result<money::Amount, Outcome> {
    let currency = currency(amount.currency, &format!("{field}.currency"))?;
    let minor = amount.value.units();
    if minor > money::MINOR_MAX {
        let sentence = format!("{field}.value is above {} minor units", money::MINOR_MAX);
        return Err(Outcome::because(ResultCode::PaymentAmountExceedLimit, &sentence));
    }
    Ok(money::Amount::new(currency, minor))
}

/// The device that circumstances name.
pub(crate) fn device(env: Option<&Env>) -> Option<Arc<str>> {
    let token = env?.device_token_id.as_ref()?.as_str();
    (!token.is_empty()).then(|| Arc::from(token))
}

/// The payment a member names.
pub(crate) fn reference(named: PaymentReference<'_>) -> Result<Reference, Outcome> {
    match named {
        PaymentReference::Request(request_id) => Ok(Reference::Request(Arc::from(request_id))),
        PaymentReference::Payment(text) => number::read_payment(text)
            .map(Reference::Payment)
            .ok_or_else(|| Outcome::of(ResultCode::OrderNotExist)),
    }
}
