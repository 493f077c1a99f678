//! The payer's own code on the phone, for a till to scan.

use maud::{Markup, html};

use crate::play::code::{countdown_line, picture};
use crate::play::figures::in_fours;
use crate::play::form::button;
use crate::play::words::Word;
use crate::play::{Language, Phone, ShownCode};

pub(super) fn code(phone: &Phone, id: &str, code: &ShownCode, language: Language) -> Markup {
    let digits = code.digits.as_deref().unwrap_or_default();
    html! {
        h3 { (language.say(Word::PaymentCode)) }
        (picture(code, &language.tell(Word::PaymentCodeOf, &[("wallet", &phone.name)])))
        p .digits id={ (id) "-digits" } data-digits=(digits) { (in_fours(digits)) }
        p .quiet .centred { (language.say(Word::PaymentCodeHint)) }
        (countdown_line(Word::GoodFor, code.until_ms, language))
        div .actions {
            (button(
                &format!("{id}-leave"), "", "phone/home", &[("wallet", &phone.wallet)],
                html! { (language.say(Word::Back)) },
            ))
        }
    }
}
