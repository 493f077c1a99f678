//! The cases that wait for a person, in the order in which they should be worked off.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{CASES, age, console, count, dollars, reasons, state};
use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::{Visit, table};

/// The queue as `GET /operator/v1/risk/cases` tells it.
pub fn queue(visit: &Visit, answer: &Value) -> String {
    let language = visit.language;
    let cases = list(answer, "cases");
    let body = html! {
        p { (language.tell(Word::OpenCases, &[("n", &count(answer, "openCount"))])) }
        @if cases.is_empty() {
            p .empty { (language.say(Word::NoCases)) }
        } @else {
            (table(language.say(Word::Cases), head(language), html! { @for case in cases { (row(case, language)) } }))
        }
    };
    console(visit, language.say(Word::Cases), body)
}

fn head(language: Language) -> Markup {
    html! {
        th scope="col" { (language.say(Word::Case)) }
        th scope="col" { (language.say(Word::State)) }
        th .number scope="col" { (language.say(Word::Age)) }
        th scope="col" { (language.say(Word::What)) }
        th .number scope="col" { (language.say(Word::Worth)) }
        th .number scope="col" { (language.say(Word::ExpectedLoss)) }
        th scope="col" { (language.say(Word::Reasons)) }
    }
}

fn row(case: &Value, language: Language) -> Markup {
    let number = text(case, "number");
    html! {
        tr {
            th scope="row" { a href={ (CASES) "/" (number) } { (number) } }
            td { (state(case, language)) @if !text(case, "claimedBy").is_empty() { br; (text(case, "claimedBy")) } }
            td .number { (age(whole(case, "ageSeconds").unwrap_or(0), language)) }
            td {
                (text(case, "payer")) br;
                span .quiet {
                    (text(case, "merchant")) ", "
                    (language.tell(Word::PaymentCount, &[("n", &count(case, "paymentCount"))]))
                }
            }
            td .number { (dollars(whole(case, "amountCents"))) }
            td .number { (dollars(whole(case, "expectedLossCents"))) }
            td .long { (reasons(case)) }
        }
    }
}
