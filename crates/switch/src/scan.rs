//! A payer's wallet read a merchant's code: the order is shown with its price, or begun from a standing code.

use std::sync::Arc;

use directory::Role;

use crate::clock::{ORDER_DEFAULT_MS, QUOTE_LEFT_MIN_MS, QUOTE_MERCHANT_MS};
use crate::event::Event;
use crate::input::{Scan, ScanTarget};
use crate::open;
use crate::payment::{Kind, Opened, Payment, Placed};
use crate::refusal::Refusal;
use crate::switch::{Context, Switch};
use crate::terms::{self, Payer};

/// Whether whoever scanned has seen the order's code. Asked before anything is told of the payment.
pub(crate) fn has_seen(payment: &Payment, token: u64) -> bool {
    !payment.is_consumer_presented() && payment.opened.order_token == token
}

/// Binds an order to the wallet that scanned it. The same wallet asking again sees the same quote while it lasts;
/// another wallet takes the order over as long as nobody has confirmed.
pub(crate) fn bind(payment: &Payment, scan: &Scan, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if payment.confirmed {
        return Err(Refusal::WrongStage);
    }
    if payment.opened.expires <= ctx.now {
        return Err(Refusal::ExpiredCode);
    }
    let number = match &payment.terms {
        Some(terms)
            if terms.wallet == scan.wallet
                && terms.customer == scan.customer
                && terms.device == scan.device =>
        {
            if terms.quote.expires >= ctx.now.plus_ms(QUOTE_LEFT_MIN_MS) {
                return Ok(vec![]);
            }
            terms.quote.number + 1
        }
        Some(terms) => terms.quote.number + 1,
        None => 1,
    };
    quoted(ctx, &payment.opened, payer(scan), number)
}

/// Begins an order from a merchant's standing code.
pub(crate) fn begin(switch: &Switch, ctx: &Context<'_>, scan: &Scan) -> Result<Vec<Event>, Refusal> {
    let ScanTarget::Standing { acquirer, merchant, store, amount } = &scan.target else {
        return Err(Refusal::InvalidCode);
    };
    let merchant = open::merchant(ctx, *acquirer, Some(merchant), store.as_ref())?;
    open::check_amount(ctx, *acquirer, *amount, None)?;
    let opened = Arc::new(Opened {
        payment: switch.next_payment(),
        kind: Kind::EntryCode,
        acquirer: *acquirer,
        request_id: None,
        merchant: merchant.id,
        store: store.clone(),
        amount: *amount,
        order_reference: Arc::from(""),
        order_description: merchant.name.clone(),
        notify_url: None,
        code: None,
        order_token: scan.entropy,
        expires: ctx.now.plus_ms(ORDER_DEFAULT_MS),
        placed: Placed::default(),
    });
    let mut events = vec![Event::Opened(opened.clone())];
    events.extend(quoted(ctx, &opened, payer(scan), 1)?);
    Ok(events)
}

fn payer(scan: &Scan) -> Payer {
    Payer { wallet: scan.wallet, customer: scan.customer.clone(), device: scan.device.clone() }
}

/// The event that binds terms for a payer at a merchant's code.
pub(crate) fn quoted(
    ctx: &Context<'_>,
    opened: &Opened,
    payer: Payer,
    number: u32,
) -> Result<Vec<Event>, Refusal> {
    let member =
        ctx.directory.member(payer.wallet).filter(|member| member.is_active() && member.role == Role::Wallet);
    member.ok_or(Refusal::NotAllowed)?;
    let terms = terms::bind(ctx, opened.acquirer, opened.amount, payer, number, QUOTE_MERCHANT_MS)?;
    Ok(vec![Event::Quoted { payment: opened.payment, terms: Arc::new(terms) }])
}
