//! Binding a payer, a rate and the fees to a payment: the terms on which it will be made.

use std::sync::Arc;

use directory::MemberId;
use money::Amount;

use crate::fee;
use crate::payment::Terms;
use crate::quote;
use crate::refusal::Refusal;
use crate::switch::Context;

/// Who pays.
pub(crate) struct Payer {
    pub(crate) wallet: MemberId,
    pub(crate) customer: Arc<str>,
    pub(crate) device: Option<Arc<str>>,
}

/// The terms for `payer` paying `amount` to the acquirer's merchant, at the best executable rate there is.
pub(crate) fn bind(
    ctx: &Context<'_>,
    acquirer: MemberId,
    amount: Amount,
    payer: Payer,
    quote_number: u32,
    lifetime_ms: u64,
) -> Result<Terms, Refusal> {
    let acquirer = ctx.directory.agreement(acquirer, ctx.now).ok_or(Refusal::NotAllowed)?;
    let wallet = ctx.directory.agreement(payer.wallet, ctx.now).ok_or(Refusal::NotAllowed)?;
    let currency = wallet.settlement_currency;
    let limit = wallet.limit(currency).ok_or(Refusal::CurrencyNotAgreed)?;
    if !ctx.directory.is_open(amount.currency, currency) {
        return Err(Refusal::CorridorClosed);
    }
    let quote = quote::choose(ctx, amount, currency, quote_number, lifetime_ms).ok_or(Refusal::NoRate)?;
    let prices = fee::price(amount, quote.rate, acquirer, wallet).map_err(|_| Refusal::AmountTooLarge)?;
    if prices.payer_amount.minor > limit.payment_max_minor {
        return Err(Refusal::AmountTooLarge);
    }
    if prices.payer_amount.is_zero() || prices.payer_amount.minor < limit.payment_min_minor {
        return Err(Refusal::AmountTooSmall);
    }
    Ok(Terms {
        wallet: payer.wallet,
        customer: payer.customer,
        device: payer.device,
        quote,
        payer_amount: prices.payer_amount,
        interchange: prices.interchange,
        interchange_payer: prices.interchange_payer,
        acquirer_fee: prices.acquirer_fee,
        wallet_fee: prices.wallet_fee,
    })
}
