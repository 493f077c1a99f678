//! One case: what is held and why, who it is linked to, and where a person takes it and rules.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{CASES, age, console, count, dollars, evidence, ruling, state};
use crate::bars::bar;
use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::{Visit, instant, table};

/// What is known of a case.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The answer of `GET /operator/v1/risk/cases/{number}`.
    pub answer: Value,
    /// The cases that hang together with it through shared devices, merchants and terminals, itself left out: its ring.
    pub ring: Vec<String>,
}

/// The page of a case.
pub fn case(visit: &Visit, gathered: &Gathered) -> String {
    let language = visit.language;
    let (case, payments) = (&gathered.answer["case"], list(&gathered.answer, "evidence"));
    let number = text(case, "number");
    let ruled = !text(case, "ruling").is_empty();
    let body = html! {
        p { a href=(CASES) { "← " (language.say(Word::Cases)) } }
        (summary(case, language))
        @if ruled { (ruled_by(case, language)) } @else { (forms(case, visit)) }
        (hits(list(&gathered.answer, "hits"), language))
        (links(gathered, language))
        h2 { (language.say(Word::Evidence)) }
        @for (place, payment) in payments.iter().enumerate().rev() {
            (evidence::payment(payment, place + 1 == payments.len(), language))
        }
        (evidence::windows(list(&gathered.answer, "windows"), language))
    };
    console(visit, &language.tell(Word::CaseNumber, &[("n", number)]), body)
}

fn summary(case: &Value, language: Language) -> Markup {
    let line = |word, value: Markup| html! { div { dt { (language.say(word)) } dd { (value) } } };
    html! {
        dl .facts {
            (line(Word::State, state(case, language)))
            (line(Word::Payer, html! { (text(case, "payer")) }))
            @if !text(case, "partyName").is_empty() { (line(Word::PartyName, html! { (text(case, "partyName")) })) }
            (line(Word::Merchant, html! { (text(case, "merchant")) }))
            (line(Word::Worth, dollars(whole(case, "amountCents"))))
            (line(Word::ExpectedLoss, dollars(whole(case, "expectedLossCents"))))
            (line(Word::Payments, html! { (count(case, "paymentCount")) }))
            (line(Word::Raised, instant(text(case, "raisedTime"))))
            (line(Word::Age, html! { (age(whole(case, "ageSeconds").unwrap_or(0), language)) }))
            (line(Word::Due, instant(text(case, "dueTime"))))
            @if !text(case, "claimedBy").is_empty() {
                (line(Word::ClaimedBy, html! {
                    (text(case, "claimedBy")) ", " (language.say(Word::Until)) " " (instant(text(case, "claimedUntil")))
                }))
            }
        }
    }
}

fn ruled_by(case: &Value, language: Language) -> Markup {
    html! {
        p .card {
            (language.tell(Word::RuledBy, &[("who", text(case, "ruledBy"))])) " "
            b { (ruling(text(case, "ruling"), language)) } ". " (text(case, "rulingReason"))
        }
    }
}

fn forms(case: &Value, visit: &Visit) -> Markup {
    let language = visit.language;
    let address = format!("{CASES}/{}", text(case, "number"));
    let mine = visit.person.as_deref() == Some(text(case, "claimedBy"));
    let choice = |value: &str, word| {
        html! {
            label .choice { input type="radio" name="ruling" value=(value) required; " " (language.say(word)) }
        }
    };
    html! {
        div .pair {
            form .card method="post" action={ (address) "/claim" } {
                h2 { (language.say(Word::Claim)) }
                p { (language.say(Word::ClaimHint)) }
                button .primary[!mine] type="submit" { (language.say(if mine { Word::ClaimAgain } else { Word::Claim })) }
            }
            form .card method="post" action={ (address) "/ruling" } {
                h2 { (language.say(Word::Ruling)) }
                @if text(case, "sanctions") == "true" { p .open { (language.say(Word::TwoMustAgree)) } }
                @if !text(case, "proposedBy").is_empty() {
                    p {
                        (language.tell(Word::FirstRuling, &[("who", text(case, "proposedBy"))])) " "
                        b { (ruling(text(case, "proposedRuling"), language)) } "."
                    }
                }
                fieldset {
                    legend { (language.say(Word::WhatFound)) }
                    (choice("FRAUD", Word::Fraud)) (choice("GENUINE", Word::Genuine)) (choice("UNCLEAR", Word::Unclear))
                }
                p {
                    label for="reason" { (language.say(Word::Reason)) }
                    textarea #reason name="reason" rows="2" required maxlength="512" {}
                }
                button .primary[mine] type="submit" { (language.say(Word::Rule)) }
            }
        }
    }
}

/// Entries of sanctions lists that the party may be, each with what made it alike.
fn hits(hits: &[Value], language: Language) -> Markup {
    html! {
        @if !hits.is_empty() {
            h2 { (language.say(Word::Hits)) }
            (table(language.say(Word::Hits), html! {
                th scope="col" { (language.say(Word::ListedName)) }
                th scope="col" { (language.say(Word::List)) }
                th .number scope="col" { (language.say(Word::Alike)) }
                th scope="col" { (language.say(Word::Comparison)) }
            }, html! {
                @for hit in hits {
                    @let milli = whole(hit, "milli").unwrap_or(0);
                    tr {
                        th scope="row" {
                            (text(hit, "name"))
                            @if text(hit, "confirmed") == "true" { " " b .bad { (language.say(Word::ConfirmedHit)) } }
                        }
                        td { (text(hit, "list")) " " code { (text(hit, "entry")) } }
                        td .number { (bar(milli, 1_000, "bad")) " " (milli / 10) "." (milli % 10) "\u{a0}%" }
                        td .long lang="en" { (text(hit, "why")) }
                    }
                }
            }))
        }
    }
}

fn links(gathered: &Gathered, language: Language) -> Markup {
    let links = list(&gathered.answer, "links");
    let word = |shared: &str| match shared {
        "DEVICE" => Word::SharedDevice,
        "MERCHANT" => Word::SharedMerchant,
        _ => Word::SharedTerminal,
    };
    html! {
        h2 { (language.say(Word::Links)) }
        @if links.is_empty() { p .quiet { (language.say(Word::NoLinks)) } }
        @else {
            ul {
                @for kind in ["DEVICE", "MERCHANT", "TERMINAL"] {
                    @if links.iter().any(|link| text(link, "shared") == kind) {
                        li {
                            (language.say(word(kind))) ": "
                            @for link in links.iter().filter(|link| text(link, "shared") == kind) {
                                (to_case(text(link, "number"), language)) " "
                            }
                        }
                    }
                }
                @if gathered.ring.len() > links.len() {
                    li {
                        (language.tell(Word::Ring, &[("n", &(gathered.ring.len() + 1).to_string())])) ": "
                        @for number in &gathered.ring { (to_case(number, language)) " " }
                    }
                }
            }
        }
    }
}

fn to_case(number: &str, language: Language) -> Markup {
    html! { a href={ (CASES) "/" (number) } { (language.tell(Word::CaseNumber, &[("n", number)])) } }
}
