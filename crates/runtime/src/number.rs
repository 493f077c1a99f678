//! How payments, refunds and quotes are numbered on the wire. Nobody but the network reads meaning into them.

use switch::PaymentId;

const PAYMENT_DIGITS: usize = 18;

/// `P000000000000000017`.
pub fn payment(id: PaymentId) -> String {
    format!("P{:0PAYMENT_DIGITS$}", id.0)
}

/// Reads a payment's number.
pub fn read_payment(text: &str) -> Option<PaymentId> {
    let digits = text.strip_prefix('P').filter(|digits| digits.len() == PAYMENT_DIGITS)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok().map(PaymentId)).flatten()
}

/// The refund of this place of a payment: `P000000000000000017R1`, counted from 1.
pub fn refund(id: PaymentId, number: u16) -> String {
    format!("{}R{}", payment(id), u32::from(number) + 1)
}

/// A quote of a payment: `P000000000000000017Q2`.
pub fn quote(id: PaymentId, number: u32) -> String {
    format!("{}Q{number}", payment(id))
}

/// Reads a quote's number back: the payment and which of its quotes.
pub fn read_quote(text: &str) -> Option<(PaymentId, u32)> {
    let (payment, number) = text.split_once('Q')?;
    Some((read_payment(payment)?, number.parse().ok()?))
}

/// Reads a refund's number back: the payment and the place of the refund, from 0.
pub fn read_refund(text: &str) -> Option<(PaymentId, u16)> {
    let (payment, number) = text.split_once('R')?;
    Some((read_payment(payment)?, number.parse::<u16>().ok()?.checked_sub(1)?))
}
