//! The operator's console: signing in, the cases that wait for a person, one case with its evidence, and what judges.
//! Draws what the operator API answered; asks nothing itself.

mod case;
mod control;
mod evidence;
mod payment;
mod queue;
mod sign_in;
#[cfg(test)]
mod tests;
mod words;

pub use case::{Gathered, case};
pub use control::control;
pub use payment::payment;
pub use queue::queue;
pub use sign_in::sign_in;

use maud::{Markup, html};
use serde_json::Value;

use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::{Shell, Visit, shell};
use words::Word;

/// Where the console is.
pub const CONSOLE: &str = "/console";
/// Its sign-in form.
pub const SIGN_IN: &str = "/console/sign-in";
/// The queue of cases.
pub const CASES: &str = "/console/cases";
/// What judges at present.
pub const CONTROL: &str = "/console/control";

/// A page of the console for somebody who is signed in.
pub(crate) fn console(visit: &Visit, title: &str, body: Markup) -> String {
    let language = visit.language;
    let way = |path, word| (path, language.say(word));
    let ways =
        vec![way(CASES, Word::Cases), way(CONTROL, Word::Control), way(crate::house::REGISTER, Word::Advice)];
    let corner = html! {
        @if let Some(person) = &visit.person {
            form method="post" action="/console/sign-out" {
                span .quiet { (language.say(Word::SignedInAs)) " " b { (person) } } " "
                button type="submit" { (language.say(Word::SignOut)) }
            }
        }
    };
    shell(Shell { visit, place: language.say(Word::Console), title, ways, corner, body })
}

/// `≈ USD 1,234.50`: what risk control takes a payment to be worth.
fn dollars(cents: Option<i64>) -> Markup {
    let Some(cents) = cents else { return html! { "–" } };
    let usd = money::Currency::parse("USD").expect("a currency of ISO 4217");
    html! { span .money { "≈\u{a0}" (crate::play::position(i128::from(cents), usd)) } }
}

/// `3 h 12 min`.
fn age(seconds: i64, language: Language) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let put = |word, number: i64| language.tell(word, &[("n", &number.to_string())]);
    match (days, hours) {
        (0, 0) => put(Word::Minutes, minutes),
        (0, _) => format!("{} {}", put(Word::Hours, hours), put(Word::Minutes, minutes)),
        _ => format!("{} {}", put(Word::Days, days), put(Word::Hours, hours)),
    }
}

/// Reason codes with the sentence of each.
fn reasons(of: &Value) -> Markup {
    html! {
        ul .reasons {
            @for reason in list(of, "reasons") {
                li { code { (text(reason, "code")) } " " span lang="en" { (text(reason, "say")) } }
            }
        }
    }
}

/// `0.42 %` of parts per million.
fn probability(ppm: i64) -> String {
    format!("{}.{:02}\u{a0}%", ppm / 10_000, ppm / 100 % 100)
}

fn decision(of: &Value, language: Language) -> Markup {
    let (class, word) = match text(of, "decision") {
        "APPROVE" => ("good", Word::Approve),
        "STEP_UP" => ("open", Word::StepUp),
        "REVIEW" => ("open", Word::Review),
        "DECLINE" => ("bad", Word::Decline),
        other => return html! { (other) },
    };
    html! { b .(class) { (language.say(word)) } }
}

fn ruling(word: &str, language: Language) -> &str {
    match word {
        "FRAUD" => language.say(Word::Fraud),
        "GENUINE" => language.say(Word::Genuine),
        "UNCLEAR" => language.say(Word::Unclear),
        other => other,
    }
}

/// The state of a case, in a word or two.
fn state(case: &Value, language: Language) -> Markup {
    html! {
        @if !text(case, "ruling").is_empty() {
            b .good { (language.say(Word::Ruled)) }
        } @else if text(case, "overdue") == "true" {
            b .bad { (language.say(Word::Overdue)) }
        } @else if !text(case, "claimedBy").is_empty() {
            b .open { (language.say(Word::Claimed)) }
        } @else {
            b { (language.say(Word::Waiting)) }
        }
        @if text(case, "sanctions") == "true" { " " b .bad { (language.say(Word::Sanctions)) } }
    }
}

fn count(of: &Value, key: &str) -> String {
    whole(of, key).map_or_else(|| "–".to_owned(), |number| crate::play::count(number.unsigned_abs()))
}
