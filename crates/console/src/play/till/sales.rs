//! What a till has sold, and giving it back in whole or in part.

use maud::{Markup, html};
use money::Amount;

use crate::play::figures::{amount, money, time};
use crate::play::form::form;
use crate::play::receipt::{ending, lines};
use crate::play::words::Word;
use crate::play::{Language, Sale, Till};

pub(super) fn sales(till: &Till, id: &str, language: Language) -> Markup {
    html! {
        div .sales {
            h3 { (language.say(Word::Sales)) }
            @if till.sales.is_empty() { p .quiet .empty { (language.say(Word::NoSales)) } }
            ul .entries {
                @for sale in &till.sales { li id={ (id) "-sale-" (sale.receipt.payment) } { (entry(till, id, sale, language)) } }
            }
        }
    }
}

fn entry(till: &Till, id: &str, sale: &Sale, language: Language) -> Markup {
    let receipt = &sale.receipt;
    html! {
        details id={ (id) "-sale-" (receipt.payment) "-more" } {
            summary {
                span .entry { span .who { (receipt.other) } (money(receipt.payee)) }
                span .entry .quiet {
                    (time(receipt.at_ms))
                    span {
                        (ending(receipt.ending, language))
                        @if !receipt.refunded.is_zero() {
                            ", " (language.say(Word::GivenBack)) " " (money(receipt.refunded))
                        }
                    }
                }
            }
            @if sale.refundable_minor > 0 { (refund(till, id, sale, language)) }
            (lines(receipt, Word::PaidBy, language))
        }
    }
}

fn refund(till: &Till, id: &str, sale: &Sale, language: Language) -> Markup {
    let payment = sale.receipt.payment.as_str();
    let left = amount(Amount::new(till.currency, sale.refundable_minor));
    let label = language.tell(Word::RefundAmount, &[("currency", till.currency.code()), ("left", &left)]);
    form(
        "till/refund",
        &[("till", &till.acquirer), ("payment", payment)],
        html! {
            div .beside {
                input id={ (id) "-refund-" (payment) } name="amount" inputmode="decimal" aria-label=(label)
                    placeholder=(language.tell(Word::AllLeft, &[("left", &left)]));
                button id={ (id) "-give-back-" (payment) } type="submit"
                    aria-label=(language.tell(Word::RefundOf, &[("payment", payment)])) {
                    (language.say(Word::Refund))
                }
            }
        },
    )
}
