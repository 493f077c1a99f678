//! One line a payment: who, where, both amounts, the rate and whose, fees, result, milliseconds.

use std::time::Duration;

use money::{Amount, Currency};
use serde_json::Value;

use super::play::Played;
use members::cast::{AcquirerPart, PROVIDERS, WalletPart};

/// The names of the columns.
pub(crate) fn head() -> String {
    format!(
        "{:>4}  {:<18} {:<18} {:<32} {:>14} {:>18}  {:<26} {:<34} {:<24} {:>9}",
        "#", "kind", "payer's wallet", "merchant", "asks", "payer pays", "rate", "fees", "result", "ms"
    )
}

/// The line of one payment, from what the network knows of it.
pub(crate) fn of(
    number: u32,
    played: &Played,
    wallet: &WalletPart,
    acquirer: &AcquirerPart,
    view: &Value,
) -> String {
    let terms = &view["terms"];
    let rate = match (terms["price"].as_str(), terms["provider"].as_str()) {
        (Some(price), Some(provider)) => format!("{price} {}", provider_name(provider)),
        _ => "–".to_owned(),
    };
    let fees = match terms.is_object() {
        true => format!(
            "{} + {} + {}",
            amount(&terms["interchange"]),
            amount(&terms["acquirerFee"]),
            amount(&terms["walletFee"])
        ),
        false => "–".to_owned(),
    };
    format!(
        "{number:>4}  {:<18} {:<18} {:<32} {:>14} {:>18}  {rate:<26} {fees:<34} {:<24} {:>9}",
        played.kind.name(),
        wallet.name,
        format!("{}, {}", acquirer.merchant_name, acquirer.city),
        amount(&view["paymentAmount"]),
        amount(&terms["payerAmount"]),
        played.result.code.to_string(),
        milliseconds(played.elapsed),
    )
}

/// Milliseconds with one decimal: `26.9`.
fn milliseconds(elapsed: Duration) -> String {
    let tenths = elapsed.as_micros() / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn provider_name(client_id: &str) -> &str {
    PROVIDERS.iter().find(|part| part.client_id == client_id).map_or(client_id, |part| part.name)
}

/// `CNY 100.00`, or a dash where there is none.
fn amount(value: &Value) -> String {
    let currency = value["currency"].as_str().and_then(|code| Currency::parse(code).ok());
    let minor = value["value"].as_str().and_then(|minor| minor.parse().ok());
    match (currency, minor) {
        (Some(currency), Some(minor)) => Amount::new(currency, minor).to_string(),
        _ => "–".to_owned(),
    }
}
