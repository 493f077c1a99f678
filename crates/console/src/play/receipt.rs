//! What both sides keep of a payment.

use maud::{Markup, html};

use super::figures::{money, time};
use super::words::Word;
use super::{Ending, Language, Receipt};

/// The receipt as it stands on a screen. `other` says how the other side is called; `native` is the ending in the
/// payer's own language.
pub(crate) fn receipt(
    receipt: &Receipt,
    other: Word,
    native: Option<(&str, &str)>,
    language: Language,
) -> Markup {
    html! {
        div .total {
            p .verdict .(tone(receipt.ending)) {
                (ending(receipt.ending, language))
                @if let Some((tag, native)) = native { " · " span lang=(tag) { (native) } }
            }
            p .large { (money(if other == Word::To { receipt.payer.unwrap_or(receipt.payee) } else { receipt.payee })) }
        }
        (lines(receipt, other, language))
    }
}

/// Its lines, without the large ones.
pub(crate) fn lines(receipt: &Receipt, other: Word, language: Language) -> Markup {
    let line = |word: Word, value: Markup| html! { div { dt { (language.say(word)) } dd { (value) } } };
    html! {
        dl .lines {
            (line(other, html! { (receipt.other) }))
            @if other == Word::To {
                (line(Word::PayeeReceives, money(receipt.payee)))
            } @else if let Some(payer) = receipt.payer {
                (line(Word::PayerPaid, money(payer)))
            }
            @if let (Some(rate), Some(payer)) = (&receipt.rate, receipt.payer) {
                (line(Word::Rate, html! {
                    span .money { "1\u{a0}" (receipt.payee.currency) " = " (rate) "\u{a0}" (payer.currency) }
                    @if let Some(provider) = &receipt.provider { br; span .quiet { (provider) } }
                }))
            }
            @if !receipt.refunded.is_zero() { (line(Word::GivenBack, money(receipt.refunded))) }
            (line(Word::When, time(receipt.at_ms)))
            (line(Word::Number, html! { span .number { (receipt.payment) } }))
            @if !receipt.result.is_empty() { (line(Word::Result, html! { code { (receipt.result) } })) }
        }
    }
}

/// How it ended, in words.
pub(crate) fn ending(ending: Ending, language: Language) -> &'static str {
    language.say(match ending {
        Ending::Paid => Word::Paid,
        Ending::Declined => Word::Declined,
        Ending::Cancelled => Word::Cancelled,
        Ending::Expired => Word::Expired,
        Ending::Unknown => Word::Unknown,
    })
}

/// The class that colours it.
pub(crate) fn tone(ending: Ending) -> &'static str {
    match ending {
        Ending::Paid => "good",
        Ending::Declined | Ending::Expired => "bad",
        Ending::Cancelled | Ending::Unknown => "open",
    }
}
