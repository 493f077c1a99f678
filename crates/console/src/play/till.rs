//! A till: the bill, the two ways to be paid, the wait, the receipt, and what was sold.

mod sales;

use maud::{Markup, html};
use money::Amount;

use super::code::{countdown_line, picture};
use super::figures::{amount, elapsed, money};
use super::form::{address, button, form};
use super::receipt::{ending, receipt};
use super::trouble::trouble;
use super::words::Word;
use super::{Language, ShownCode, Till, TillScreen};

/// The till, as an element that is replaced whole.
pub fn till(till: &Till, language: Language) -> String {
    draw(till, language).into_string()
}

pub(crate) fn draw(till: &Till, language: Language) -> Markup {
    let id = format!("till-{}", till.acquirer);
    html! {
        section .device .till id=(id) aria-labelledby={ (id) "-name" } data-say=(said(till, language)) {
            header .device-head {
                div {
                    h2 id={ (id) "-name" } { (till.merchant) }
                    p .quiet {
                        (till.store) ", " span .town { (till.city) } br;
                        (language.tell(Word::AcquiredBy, &[("acquirer", &till.acquirer_name)]))
                    }
                }
            }
            div .screen id={ (id) "-screen-" (word(&till.screen)) } data-screen tabindex="-1" role="group"
                aria-label=(language.tell(Word::TillAt, &[("merchant", &till.merchant)])) {
                (trouble(till.trouble.as_ref(), language))
                @match &till.screen {
                    TillScreen::Home => (home(till, &id, language)),
                    TillScreen::Code { code, amount } => (order(till, &id, code, *amount, language)),
                    TillScreen::Waiting { amount, since_ms, unreachable } => {
                        (waiting(till, &id, *amount, *since_ms, *unreachable, language))
                    }
                    TillScreen::Done(ended) => {
                        (receipt(ended, Word::PaidBy, None, language))
                        div .actions {
                            (button(
                                &format!("{id}-leave"), "primary", "till/home", &[("till", &till.acquirer)],
                                html! { (language.say(Word::NextCustomer)) },
                            ))
                        }
                    }
                }
            }
            (sales::sales(till, &id, language))
        }
    }
}

fn word(screen: &TillScreen) -> &'static str {
    match screen {
        TillScreen::Home => "home",
        TillScreen::Code { .. } => "code",
        TillScreen::Waiting { .. } => "waiting",
        TillScreen::Done(_) => "done",
    }
}

fn said(till: &Till, language: Language) -> String {
    let what = match &till.screen {
        TillScreen::Home | TillScreen::Code { .. } => return String::new(),
        TillScreen::Waiting { .. } => language.say(Word::Waiting).to_owned(),
        TillScreen::Done(ended) => format!("{}, {}", ending(ended.ending, language), amount(ended.payee)),
    };
    format!("{}: {what}", till.merchant)
}

fn home(till: &Till, id: &str, language: Language) -> Markup {
    let usual = Amount::new(till.currency, till.usual_minor).major();
    form(
        "till/charge",
        &[("till", &till.acquirer)],
        html! {
            label for={ (id) "-amount" } { (language.tell(Word::Bill, &[("currency", till.currency.code())])) }
            input .figure id={ (id) "-amount" } name="amount" inputmode="decimal" value=(usual);
            button .primary .wide id={ (id) "-show" } type="submit" formaction=(address("till/show")) {
                (language.say(Word::ShowOrderCode))
            }
            div .in-sight {
                @if till.in_sight.is_empty() { p .quiet { (language.say(Word::NoPhoneInSight)) } }
                @for (wallet, name) in &till.in_sight {
                    button .wide id={ (id) "-scan-" (wallet) } type="submit" name="wallet" value=(wallet) {
                        (language.tell(Word::ScanPhone, &[("wallet", name)]))
                    }
                }
            }
            div .beside {
                input id={ (id) "-digits" } name="code" inputmode="numeric" data-optional data-enter={ (id) "-charge" }
                    aria-label=(language.say(Word::TypedCode)) placeholder=(language.say(Word::TypedCode));
                button id={ (id) "-charge" } type="submit" { (language.say(Word::Charge)) }
            }
        },
    )
}

fn order(till: &Till, id: &str, code: &ShownCode, asked: Amount, language: Language) -> Markup {
    let put_in = [("merchant", till.merchant.as_str()), ("amount", &amount(asked))];
    html! {
        p .total .one { (language.say(Word::OrderCode)) " " b { (money(asked)) } }
        (picture(code, &language.tell(Word::OrderCodeOf, &put_in)))
        (countdown_line(Word::GoodFor, code.until_ms, language))
        details .says id={ (id) "-says" } {
            summary { (language.say(Word::WhatItSays)) }
            code id={ (id) "-text" } { (code.text) }
            button id={ (id) "-copy" } type="button" data-copy={ (id) "-text" } { (language.say(Word::Copy)) }
        }
        div .actions { (cancel(till, id, language)) }
    }
}

fn waiting(
    till: &Till,
    id: &str,
    asked: Amount,
    since_ms: u64,
    unreachable: bool,
    language: Language,
) -> Markup {
    html! {
        div .total {
            p .quiet { (language.say(Word::Asks)) }
            p .large { (money(asked)) }
        }
        div .waiting {
            span .pulse aria-hidden="true" {}
            p { b { (language.say(Word::Waiting)) } }
            p .quiet { (language.say(Word::WaitingSince)) " " (elapsed(since_ms)) }
            p .trouble hidden[!unreachable] { (language.say(Word::NetworkUnreachable)) }
        }
        div .actions { (cancel(till, id, language)) }
    }
}

fn cancel(till: &Till, id: &str, language: Language) -> Markup {
    let label = html! { (language.say(Word::Cancel)) };
    button(&format!("{id}-cancel"), "", "till/cancel", &[("till", &till.acquirer)], label)
}
