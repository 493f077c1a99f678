//! The ladder: messages between three lifelines and facts of the network's journal, each at its time.

mod fact;

use maud::{Markup, html};

use super::figures::{count, since};
use super::words::Word;
use super::{Check, Language, Life, Message, MessageKind, Party, Step};

/// The whole ladder, as an element that is replaced whole.
pub fn steps(life: &Life, language: Language) -> String {
    draw(Some(life), language).into_string()
}

/// The ladder of no payment.
pub fn no_steps(language: Language) -> String {
    draw(None, language).into_string()
}

/// One step to append to the ladder. `began_ms` is the payment's [`Life::began_ms`].
pub fn step(step: &Step, began_ms: u64, language: Language) -> String {
    rung(step, began_ms, language).into_string()
}

pub(crate) fn draw(life: Option<&Life>, language: Language) -> Markup {
    let payment = life.map_or("", |life| &life.row.payment);
    let began_ms = life.map_or(0, Life::began_ms);
    html! {
        section .panel #steps aria-labelledby="steps-name" data-payment=(payment) {
            header .panel-head { h2 #steps-name { (language.say(Word::Steps)) } }
            div .lifelines aria-hidden="true" {
                @for (place, role) in [Word::WalletRole, Word::NetworkRole, Word::AcquirerRole].iter().enumerate() {
                    p {
                        b { (life.map_or("", |life| &life.lifelines[place])) }
                        span .quiet { (language.say(*role)) }
                    }
                }
            }
            div .panel-body #steps-scroll tabindex="0" role="group" aria-labelledby="steps-name" {
                @if life.is_none_or(|life| life.steps.is_empty()) {
                    p .quiet .empty { (language.say(Word::NoSteps)) }
                }
                ol .ladder {
                    @for step in life.map_or(&[][..], |life| &life.steps) { (rung(step, began_ms, language)) }
                }
            }
        }
    }
}

impl Step {
    /// When it happened, unix milliseconds.
    pub fn at_ms(&self) -> u64 {
        match self {
            Step::Message(message) => message.at_ms,
            Step::Fact(fact) => fact.at_ms,
            Step::Killed { at_ms } | Step::Recovered { at_ms, .. } => *at_ms,
        }
    }

    /// The id of its element.
    fn id(&self) -> String {
        match self {
            Step::Message(message) => format!("message-{}", message.id),
            Step::Fact(fact) => format!("fact-{}", fact.number),
            Step::Killed { at_ms } => format!("killed-{at_ms}"),
            Step::Recovered { at_ms, .. } => format!("recovered-{at_ms}"),
        }
    }
}

fn rung(step: &Step, began_ms: u64, language: Language) -> Markup {
    html! {
        li .rung id=(step.id()) data-at=(step.at_ms()) {
            span .at { (since(began_ms, step.at_ms())) span .quiet { " ms" } }
            @match step {
                Step::Message(message) => (arrow(message, language)),
                Step::Fact(fact) => (fact::fact(fact, language)),
                Step::Killed { .. } => p .band .bad { (language.say(Word::Killed)) },
                Step::Recovered { facts, .. } => {
                    p .band .good { (language.tell(Word::Recovered, &[("facts", &count(*facts))])) }
                }
            }
        }
    }
}

fn arrow(message: &Message, language: Language) -> Markup {
    let wallet_side = message.from == Party::Wallet || message.to == Party::Wallet;
    let rightwards = message.from == Party::Wallet || message.to == Party::Acquirer;
    let side = if wallet_side { "wallet-side" } else { "acquirer-side" };
    let direction = if rightwards { "rightwards" } else { "leftwards" };
    let kind = match &message.kind {
        MessageKind::Request => "request",
        MessageKind::Answer { .. } => "answer",
        MessageKind::NoAnswer { .. } => "no-answer",
    };
    let spoken = language.tell(
        Word::OpenMessage,
        &[
            ("name", &message.name),
            ("from", party(message.from, language)),
            ("to", party(message.to, language)),
            ("kind", &kind_text(&message.kind, language)),
            ("check", check_word(&message.check, language)),
        ],
    );
    html! {
        button .message .(side) .(direction) .(kind) type="button" id={ "open-" (message.id) } data-message=(message.id)
            aria-haspopup="dialog" {
            span .unseen { (spoken) }
            span .label aria-hidden="true" { (label(message, language)) (seal(&message.check)) }
            span .line aria-hidden="true" {}
        }
    }
}

fn label(message: &Message, language: Language) -> Markup {
    html! {
        @match &message.kind {
            MessageKind::Request => b { (message.name) },
            MessageKind::Answer { result, status } if result.is_empty() => {
                (message.name) " " (language.say(Word::AnswerPlain)) " " (status)
            }
            MessageKind::Answer { result, status } => b .(status_tone(status)) { (result) },
            MessageKind::NoAnswer { .. } => { (message.name) " " b .bad { (language.say(Word::NoAnswerKind)) } }
        }
    }
}

fn status_tone(status: &str) -> &'static str {
    match status {
        "S" => "good",
        "F" => "bad",
        "U" => "open",
        _ => "",
    }
}

/// A small mark beside a message: its signature is good, or it is not.
fn seal(check: &Check) -> Markup {
    html! {
        @match check {
            Check::Good { .. } => svg .seal .good viewBox="0 0 12 12" width="12" height="12" {
                path d="M2 6.5L5 9.5L10.5 2.5" {}
            },
            Check::Bad { .. } => svg .seal .bad viewBox="0 0 12 12" width="12" height="12" {
                path d="M2.5 2.5L9.5 9.5M9.5 2.5L2.5 9.5" {}
            },
            Check::Nothing => {},
        }
    }
}

pub(crate) fn party(party: Party, language: Language) -> &'static str {
    language.say(match party {
        Party::Wallet => Word::WalletRole,
        Party::Network => Word::NetworkRole,
        Party::Acquirer => Word::AcquirerRole,
    })
}

pub(crate) fn kind_text(kind: &MessageKind, language: Language) -> String {
    match kind {
        MessageKind::Request => language.say(Word::Request).to_owned(),
        MessageKind::Answer { result, .. } if result.is_empty() => language.say(Word::AnswerPlain).to_owned(),
        MessageKind::Answer { result, .. } => language.tell(Word::Answer, &[("result", result)]),
        MessageKind::NoAnswer { why } => format!("{}: {why}", language.say(Word::NoAnswerKind)),
    }
}

fn check_word(check: &Check, language: Language) -> &'static str {
    language.say(match check {
        Check::Good { .. } => Word::Signed,
        Check::Bad { .. } => Word::NotSigned,
        Check::Nothing => Word::NothingToCheck,
    })
}
