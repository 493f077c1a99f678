//! A payer agreed to a merchant-presented payment: at the quote that was shown, while it still holds long enough.

use crate::clock::QUOTE_LEFT_MIN_MS;
use crate::event::Event;
use crate::input::Confirm;
use crate::payment::{Payment, Terms};
use crate::refusal::Refusal;
use crate::scan;
use crate::switch::Context;
use crate::terms::Payer;

/// Takes the payer's word, or binds a new quote to be shown when the old one would end before the payment could.
pub(crate) fn agree(payment: &Payment, confirm: &Confirm, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let terms = own_terms(payment, confirm)?;
    if payment.confirmed {
        return repeat(payment, confirm);
    }
    if payment.opened.expires <= ctx.now {
        return Err(Refusal::ExpiredCode);
    }
    if confirm.quote.is_some_and(|seen| seen != terms.quote.number) {
        return Err(Refusal::QuoteChanged);
    }
    if terms.quote.expires < ctx.now.plus_ms(QUOTE_LEFT_MIN_MS) {
        let (wallet, customer, device) = (terms.wallet, terms.customer.clone(), terms.device.clone());
        let payer = Payer { wallet, customer, device };
        return scan::quoted(ctx, &payment.opened, payer, terms.quote.number + 1);
    }
    Ok(vec![Event::Confirmed { payment: payment.id() }])
}

/// A wallet that confirms again learns where the payment is.
pub(crate) fn repeat(payment: &Payment, confirm: &Confirm) -> Result<Vec<Event>, Refusal> {
    let terms = own_terms(payment, confirm)?;
    match confirm.quote {
        Some(seen) if seen != terms.quote.number => Err(Refusal::RepeatInconsistent),
        Some(_) | None => Ok(vec![]),
    }
}

/// A wallet whose confirmation was taken learns how the payment ended; everybody else is too late.
pub(crate) fn closed(payment: &Payment, confirm: &Confirm) -> Result<Vec<Event>, Refusal> {
    if payment.confirmed { repeat(payment, confirm) } else { Err(Refusal::Closed) }
}

fn own_terms<'a>(payment: &'a Payment, confirm: &Confirm) -> Result<&'a Terms, Refusal> {
    if payment.is_consumer_presented() {
        return Err(Refusal::WrongStage);
    }
    match &payment.terms {
        Some(terms) if terms.wallet == confirm.wallet => Ok(terms),
        Some(_) | None => Err(Refusal::AnotherWallet),
    }
}
