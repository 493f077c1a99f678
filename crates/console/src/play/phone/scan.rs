//! The phone's camera: tills in sight, a picture, or the text of a code; and the amount where a code has none.

use maud::{Markup, html};
use money::Currency;

use crate::play::form::{button, form};
use crate::play::words::Word;
use crate::play::{Language, Phone};

pub(super) fn scan(phone: &Phone, id: &str, in_sight: &[(String, String)], language: Language) -> Markup {
    let wallet = phone.wallet.as_str();
    html! {
        h3 { (language.say(Word::InSight)) }
        @if in_sight.is_empty() { p .quiet .empty { (language.say(Word::NothingInSight)) } }
        @for (till, merchant) in in_sight {
            (button(
                &format!("{id}-read-{till}"), "primary wide", "phone/read", &[("wallet", wallet), ("till", till)],
                html! { (language.tell(Word::TillOf, &[("merchant", merchant)])) },
            ))
        }
        h3 { label for={ (id) "-picture" } { (language.say(Word::FromPicture)) } }
        (form("phone/read", &[("wallet", wallet)], html! {
            input type="file" id={ (id) "-picture" } accept="image/png,image/jpeg" data-picture;
        }))
        h3 { (language.say(Word::FromText)) }
        (form("phone/read", &[("wallet", wallet)], html! {
            textarea id={ (id) "-text" } name="text" rows="2" spellcheck="false" required
                aria-label=(language.say(Word::CodeText)) {}
            button id={ (id) "-read-text" } type="submit" { (language.say(Word::Read)) }
        }))
        div .actions {
            (button(
                &format!("{id}-leave"), "", "phone/home", &[("wallet", wallet)],
                html! { (language.say(Word::Back)) },
            ))
        }
    }
}

pub(super) fn amount(
    phone: &Phone,
    id: &str,
    merchant: &str,
    currency: Currency,
    language: Language,
) -> Markup {
    let asked = language.tell(Word::AmountIn, &[("currency", currency.code())]);
    html! {
        h3 { (language.say(Word::HowMuch)) }
        dl .lines { div { dt { (language.say(Word::To)) } dd { (merchant) } } }
        (form("phone/amount", &[("wallet", &phone.wallet)], html! {
            label for={ (id) "-amount" } { (asked) }
            input .figure id={ (id) "-amount" } name="amount" inputmode="decimal" required;
            div .actions {
                button .primary id={ (id) "-continue" } type="submit" { (language.say(Word::Continue)) }
            }
        }))
        div .actions {
            (button(
                &format!("{id}-leave"), "", "phone/home", &[("wallet", &phone.wallet)],
                html! { (language.say(Word::Back)) },
            ))
        }
    }
}
