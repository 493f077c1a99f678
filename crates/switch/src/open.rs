//! An acquirer asks for a payment: every check in its fixed order, then the payment as a fact.

use std::sync::Arc;

use directory::{MemberId, Merchant, Role, Time};
use money::{Amount, Currency};

use crate::clock::{ORDER_DEFAULT_MS, ORDER_MAX_MS, QUOTE_CONSUMER_MS, SENT_LIMIT_MS};
use crate::event::Event;
use crate::input::{Pay, PayHow};
use crate::payment::{CodeNumber, Kind, Opened, Payment};
use crate::refusal::Refusal;
use crate::switch::{Context, Switch};
use crate::terms::{self, Payer};

/// Decides a request whose idempotency key is new.
pub(crate) fn pay(switch: &Switch, ctx: &Context<'_>, pay: &Pay) -> Result<Vec<Event>, Refusal> {
    let merchant = merchant(ctx, pay.acquirer, pay.merchant.as_ref(), pay.store.as_ref())?;
    check_amount(ctx, pay.acquirer, pay.amount, pay.settlement_currency)?;
    let (kind, code, expires) = match pay.how {
        PayHow::PaymentCode { code, .. } => {
            (Kind::ConsumerPresented, Some(code), ctx.now.plus_ms(SENT_LIMIT_MS))
        }
        PayHow::OrderCode { expires } => (Kind::OrderCode, None, order_expiry(ctx, expires)?),
        PayHow::EntryCode { expires } => (Kind::EntryCode, None, order_expiry(ctx, expires)?),
    };
    let opened = Arc::new(Opened {
        payment: switch.next_payment(),
        kind,
        acquirer: pay.acquirer,
        request_id: Some(pay.request_id.clone()),
        merchant: merchant.id,
        store: pay.store.clone(),
        amount: pay.amount,
        order_reference: pay.order_reference.clone(),
        order_description: pay.order_description.clone(),
        notify_url: pay.notify_url.clone(),
        code,
        order_token: pay.entropy,
        expires,
        placed: pay.placed.clone(),
    });
    let mut events = Vec::with_capacity(2);
    events.push(Event::Opened(opened.clone()));
    if let PayHow::PaymentCode { prefix, code } = pay.how {
        let payer = payer_of(switch, ctx, prefix, code)?;
        let terms = terms::bind(ctx, pay.acquirer, pay.amount, payer, 1, QUOTE_CONSUMER_MS)?;
        events.push(Event::Quoted { payment: opened.payment, terms: Arc::new(terms) });
    }
    Ok(events)
}

/// Whether a request repeats the one that opened `payment`: the same in everything that decides about money.
pub(crate) fn is_repeat(payment: &Payment, pay: &Pay, ctx: &Context<'_>) -> bool {
    let opened = &payment.opened;
    let same_how = match pay.how {
        PayHow::PaymentCode { prefix, code } => {
            let wallet = ctx.directory.wallet_by_prefix(prefix).map(|wallet| wallet.id);
            let same_wallet = payment.terms.as_ref().is_none_or(|terms| Some(terms.wallet) == wallet);
            opened.code == Some(code) && same_wallet
        }
        PayHow::OrderCode { .. } => opened.kind == Kind::OrderCode,
        PayHow::EntryCode { .. } => opened.kind == Kind::EntryCode,
    };
    let merchant = ctx.directory.merchant(opened.merchant);
    let same_merchant =
        pay.merchant.as_ref().is_none_or(|asked| merchant.is_some_and(|m| m.reference == *asked));
    let same_settlement = pay.settlement_currency.is_none_or(|currency| currency == opened.amount.currency);
    same_how && same_merchant && same_settlement && opened.amount == pay.amount && opened.store == pay.store
}

/// The merchant and store a request means, if the acquirer is in good standing and has registered them.
pub(crate) fn merchant<'a>(
    ctx: &'a Context<'_>,
    acquirer: MemberId,
    reference: Option<&Arc<str>>,
    store: Option<&Arc<str>>,
) -> Result<&'a Merchant, Refusal> {
    let member = ctx.directory.member(acquirer).filter(|m| m.is_active() && m.role == Role::Acquirer);
    member.ok_or(Refusal::NotAllowed)?;
    let merchant = match reference {
        Some(reference) => ctx.directory.merchant_by_reference(acquirer, reference),
        None => ctx.directory.only_merchant(acquirer),
    };
    let merchant = merchant.ok_or(Refusal::UnknownMerchant)?;
    match store {
        Some(store) if merchant.store(store).is_none() => Err(Refusal::UnknownStore),
        Some(_) | None => Ok(merchant),
    }
}

/// Whether the acquirer's agreement lets its merchants be paid this much of this currency.
pub(crate) fn check_amount(
    ctx: &Context<'_>,
    acquirer: MemberId,
    amount: Amount,
    settlement: Option<Currency>,
) -> Result<(), Refusal> {
    let agreement = ctx.directory.agreement(acquirer, ctx.now).ok_or(Refusal::NotAllowed)?;
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    let limit = agreement.limit(amount.currency).ok_or(Refusal::CurrencyNotAgreed)?;
    if amount.minor < limit.payment_min_minor {
        return Err(Refusal::AmountTooSmall);
    }
    if amount.minor > limit.payment_max_minor {
        return Err(Refusal::AmountTooLarge);
    }
    // Acquirers are settled in the currency their merchants are paid in.
    match settlement {
        Some(currency) if currency != amount.currency => Err(Refusal::SettlementNotAgreed),
        Some(_) | None => Ok(()),
    }
}

fn order_expiry(ctx: &Context<'_>, asked: Option<Time>) -> Result<Time, Refusal> {
    let expires = asked.unwrap_or(ctx.now.plus_ms(ORDER_DEFAULT_MS));
    let in_range = expires > ctx.now && expires <= ctx.now.plus_ms(ORDER_MAX_MS);
    if in_range { Ok(expires) } else { Err(Refusal::ExpiryOutOfRange) }
}

/// Whose code this is, if it can still be used.
fn payer_of(switch: &Switch, ctx: &Context<'_>, prefix: u32, code: CodeNumber) -> Result<Payer, Refusal> {
    let wallet = ctx.directory.wallet_by_prefix(prefix).ok_or(Refusal::InvalidCode)?;
    let issued = switch.code(code).filter(|issued| issued.wallet == wallet.id && !issued.used);
    let issued = issued.ok_or(Refusal::InvalidCode)?;
    if issued.until <= ctx.now {
        return Err(Refusal::ExpiredCode);
    }
    if !wallet.is_active() {
        return Err(Refusal::NotAllowed);
    }
    Ok(Payer { wallet: wallet.id, customer: issued.customer.clone(), device: issued.device.clone() })
}
