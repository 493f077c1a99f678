//! A payer's phone: the wallet's app, screen by screen, and the buttons that break the wallet.

mod native;
mod present;
mod review;
mod scan;

use maud::{Markup, html};

use super::figures::{money, position, time};
use super::form::form;
use super::receipt::{ending, receipt};
use super::trouble::trouble;
use super::words::Word;
use super::{Language, Mood, Phone, Receipt, Screen};

/// The phone, as an element that is replaced whole.
pub fn phone(phone: &Phone, language: Language) -> String {
    draw(phone, language).into_string()
}

pub(crate) fn draw(phone: &Phone, language: Language) -> Markup {
    let id = format!("phone-{}", phone.wallet);
    html! {
        section .device .phone id=(id) aria-labelledby={ (id) "-name" } data-say=(said(phone, language)) {
            header .device-head {
                h2 id={ (id) "-name" } { (phone.name) }
                p {
                    span .quiet { (country(&phone.country, language)) }
                    span { span .unseen { (language.say(Word::Balance)) " " }
                        b .money { (position(phone.balance_minor, phone.currency)) } }
                }
            }
            div .screen id={ (id) "-screen-" (word(&phone.screen)) } data-screen tabindex="-1" role="group"
                aria-label=(language.tell(Word::PhoneOf, &[("wallet", &phone.name)])) {
                (trouble(phone.trouble.as_ref(), language))
                @match &phone.screen {
                    Screen::Home => (home(phone, &id, language)),
                    Screen::Code(code) => (present::code(phone, &id, code, language)),
                    Screen::Scan { in_sight } => (scan::scan(phone, &id, in_sight, language)),
                    Screen::Amount { merchant, currency } => {
                        (scan::amount(phone, &id, merchant, *currency, language))
                    }
                    Screen::Review(price) => (review::review(phone, &id, price, language)),
                    Screen::Paying(price) => (review::paying(phone, price, language)),
                    Screen::Done(ended) => (done(phone, &id, ended, language)),
                }
            }
            (moods(phone, &id, language))
        }
    }
}

fn word(screen: &Screen) -> &'static str {
    match screen {
        Screen::Home => "home",
        Screen::Code(_) => "code",
        Screen::Scan { .. } => "scan",
        Screen::Amount { .. } => "amount",
        Screen::Review(_) => "review",
        Screen::Paying(_) => "paying",
        Screen::Done(_) => "done",
    }
}

/// What a screen reader says when the screen has changed by itself.
fn said(phone: &Phone, language: Language) -> String {
    let what = match &phone.screen {
        Screen::Home | Screen::Code(_) | Screen::Scan { .. } | Screen::Amount { .. } => return String::new(),
        Screen::Review(price) => super::figures::amount(price.payer),
        Screen::Paying(_) => language.say(Word::Paying).to_owned(),
        Screen::Done(ended) => format!(
            "{}, {}",
            ending(ended.ending, language),
            super::figures::amount(ended.payer.unwrap_or(ended.payee))
        ),
    };
    format!("{}: {what}", phone.name)
}

fn country(code: &str, language: Language) -> &str {
    match code {
        "CN" => language.say(Word::CountryCn),
        "JP" => language.say(Word::CountryJp),
        "KR" => language.say(Word::CountryKr),
        "PH" => language.say(Word::CountryPh),
        "TH" => language.say(Word::CountryTh),
        other => other,
    }
}

fn home(phone: &Phone, id: &str, language: Language) -> Markup {
    let native = native::of(&phone.country);
    let wallet = [("wallet", phone.wallet.as_str())];
    let choice = |name: &str, action: &str, word: Word, own: Option<&str>| {
        let label = html! {
            span { (language.say(word)) }
            @if let (Some(own), Some(native)) = (own, native) { small lang=(native.tag) { (own) } }
        };
        super::form::button(&format!("{id}-{name}"), "choice", action, &wallet, label)
    };
    html! {
        div .choices {
            (choice("show", "phone/show-code", Word::ShowCode, native.map(|native| native.show)))
            (choice("read", "phone/scan", Word::Scan, native.map(|native| native.scan)))
        }
        h3 { (language.say(Word::History)) }
        (history(&phone.history, id, language))
    }
}

fn history(history: &[Receipt], id: &str, language: Language) -> Markup {
    html! {
        @if history.is_empty() { p .quiet .empty { (language.say(Word::NoHistory)) } }
        ul .entries {
            @for entry in history {
                li id={ (id) "-past-" (entry.payment) } {
                    details id={ (id) "-past-" (entry.payment) "-more" } {
                        summary {
                            span .entry {
                                span .who { (entry.other) }
                                (money(entry.payer.unwrap_or(entry.payee)))
                            }
                            span .entry .quiet {
                                (time(entry.at_ms))
                                span {
                                    (ending(entry.ending, language))
                                    @if !entry.refunded.is_zero() {
                                        ", " (language.say(Word::GivenBack)) " " (money(entry.refunded))
                                    }
                                }
                            }
                        }
                        (super::receipt::lines(entry, Word::To, language))
                    }
                }
            }
        }
    }
}

fn done(phone: &Phone, id: &str, ended: &Receipt, language: Language) -> Markup {
    let native = native::of(&phone.country).filter(|_| ended.ending == super::Ending::Paid);
    html! {
        (receipt(ended, Word::To, native.map(|native| (native.tag, native.paid)), language))
        div .actions {
            (super::form::button(
                &format!("{id}-leave"), "primary", "phone/home", &[("wallet", &phone.wallet)],
                html! { (language.say(Word::Done)) },
            ))
        }
    }
}

fn moods(phone: &Phone, id: &str, language: Language) -> Markup {
    let buttons = html! {
        fieldset .moods {
            legend { (language.say(Word::MoodLegend)) }
            @for mood in Mood::ALL {
                button id={ (id) "-" (mood.word()) } type="submit" name="mood" value=(mood.word())
                    .trouble-maker[mood != Mood::Sound] aria-pressed=(phone.mood == mood) {
                    (language.say(spoken(mood)))
                }
            }
        }
    };
    form("break/mood", &[("wallet", &phone.wallet)], buttons)
}

fn spoken(mood: Mood) -> Word {
    match mood {
        Mood::Sound => Word::MoodSound,
        Mood::Declines => Word::MoodDeclines,
        Mood::Late => Word::MoodLate,
        Mood::Silent => Word::MoodSilent,
        Mood::Twice => Word::MoodTwice,
    }
}
