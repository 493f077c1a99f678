//! The price before the payer agrees, and the wait after that.

use maud::{Markup, html};

use super::native;
use crate::play::code::countdown_line;
use crate::play::figures::{amount, money};
use crate::play::form::button;
use crate::play::price::{fees, rate};
use crate::play::words::Word;
use crate::play::{Language, Phone, Price};

pub(super) fn review(phone: &Phone, id: &str, price: &Price, language: Language) -> Markup {
    let wallet = [("wallet", phone.wallet.as_str())];
    html! {
        (total(phone, price, Word::YouPay, language))
        dl .lines { (rate(price, language)) }
        h3 { (language.say(Word::Fees)) }
        (fees(&price.fees, language))
        (countdown_line(Word::QuoteHolds, price.until_ms, language))
        div .actions .side {
            (button(
                &format!("{id}-agree"), "primary", "phone/pay", &wallet,
                html! { (language.tell(Word::Pay, &[("amount", &amount(price.payer))])) },
            ))
            (button(
                &format!("{id}-refuse"), "", "phone/refuse", &wallet,
                html! { (language.say(Word::Refuse)) },
            ))
        }
    }
}

pub(super) fn paying(phone: &Phone, price: &Price, language: Language) -> Markup {
    html! {
        (total(phone, price, Word::YouPay, language))
        div .waiting {
            span .pulse aria-hidden="true" {}
            p { b { (language.say(Word::Paying)) } }
            p .quiet { (language.say(Word::PayingHint)) }
        }
        dl .lines { (rate(price, language)) }
    }
}

fn total(phone: &Phone, price: &Price, label: Word, language: Language) -> Markup {
    html! {
        div .total {
            p .quiet {
                (language.say(label))
                @if let Some(native) = native::of(&phone.country) {
                    " · " span lang=(native.tag) { (native.pay) }
                }
            }
            p .large { (money(price.payer)) }
            p .quiet { (language.tell(Word::Receives, &[("merchant", &price.merchant)])) }
            p { b { (money(price.payee)) } }
        }
    }
}
