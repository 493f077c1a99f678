//! One payment beside its ladder: its way through the lifecycle, what it costs and whom, and who holds what to be true.

use maud::{Markup, html};

use super::figures::money;
use super::lifecycle::lifecycle;
use super::price::{fees, rate};
use super::receipt::{ending, tone};
use super::stage;
use super::words::Word;
use super::{Agreement, Ending, Language, Life, Price};

/// Everything about one payment but its steps, as an element that is replaced whole.
pub fn life(life: &Life, language: Language) -> String {
    draw(Some(life), language).into_string()
}

/// The same with no payment to show.
pub fn no_life(language: Language) -> String {
    draw(None, language).into_string()
}

pub(crate) fn draw(life: Option<&Life>, language: Language) -> Markup {
    let passed = life.map_or(&[][..], |life| &life.passed);
    let said = life.map(said(language)).unwrap_or_default();
    html! {
        section .panel #life aria-labelledby="life-name" data-say=(said) {
            header .panel-head {
                h2 #life-name { (language.say(Word::LifeOfPayment)) }
                @if let Some(life) = life {
                    p .quiet .number { (life.row.payment) }
                    p .state .(stage::tone(life.row.stage)) { (stage::spoken(life.row.stage, language)) }
                }
            }
            div .panel-body #life-scroll {
                (lifecycle(passed, life.map_or(0, Life::began_ms), language))
                div .pair {
                    div {
                        h3 { (language.say(Word::Agreement)) }
                        (agreement(life.and_then(|life| life.agreement.as_ref()), language))
                    }
                    div {
                        h3 { (language.say(Word::Price)) }
                        @if let Some(price) = life.and_then(|life| life.price.as_ref()) { (cost(price, language)) }
                    }
                }
            }
        }
    }
}

impl Life {
    /// The instant that times are counted from: its first step, or its opening. Unix milliseconds.
    pub fn began_ms(&self) -> u64 {
        self.steps.first().map_or(self.row.at_ms, super::Step::at_ms)
    }
}

fn said(language: Language) -> impl Fn(&Life) -> String {
    move |life| match life.agreement.is_some() {
        true => format!("{} {}", life.row.payment, stage::spoken(life.row.stage, language)),
        false => String::new(),
    }
}

fn cost(price: &Price, language: Language) -> Markup {
    let line = |word: Word, value: Markup| html! { div { dt { (language.say(word)) } dd { (value) } } };
    html! {
        dl .lines {
            (line(Word::PayerPays, money(price.payer)))
            (line(Word::PayeeReceives, money(price.payee)))
            (rate(price, language))
        }
        (fees(&price.fees, language))
    }
}

fn agreement(agreement: Option<&Agreement>, language: Language) -> Markup {
    let Some(agreement) = agreement else {
        return html! { p .quiet .empty { (language.say(Word::AgreementPending)) } };
    };
    let holds = |word: Word, held: Option<Ending>, otherwise: Word| {
        html! {
            div {
                dt { (language.say(word)) }
                dd {
                    @match held {
                        Some(held) => span .(tone(held)) { (ending(held, language)) },
                        None => span .quiet { (language.say(otherwise)) },
                    }
                }
            }
        }
    };
    let (money, money_tone) =
        if agreement.nothing_held { (Word::NothingHeld, "good") } else { (Word::StillHeld, "open") };
    let (verdict, verdict_tone) =
        if agreement.agrees { (Word::AllAgree, "good") } else { (Word::NotYetAgreed, "open") };
    html! {
        p .verdict-line .(verdict_tone) #agreement data-agrees=(agreement.agrees) { (language.say(verdict)) }
        dl .lines {
            (holds(Word::NetworkJournal, Some(agreement.network), Word::NotTold))
            (holds(Word::AcquirerTold, agreement.acquirer, Word::NotTold))
            (holds(Word::WalletBooks, agreement.wallet, Word::WalletOutside))
            div { dt { (language.say(Word::HeldFor)) } dd { span .(money_tone) { (language.say(money)) } } }
        }
    }
}
