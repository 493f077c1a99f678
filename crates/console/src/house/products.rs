//! Products: grades of issuer and house, what counts, state, costs, who pays us, and how fresh their prices are; and
//! where a grade is changed.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{PRODUCTS, page};
use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::{Visit, percent, table};

/// The page over the answer of `GET /operator/v1/advice/state` and the house's records of grades, newest first.
/// `stale_before` is the first day (ISO 8601) whose price is fresh enough.
pub fn products(visit: &Visit, state: &Value, changes: &[Value], stale_before: &str) -> String {
    let language = visit.language;
    let body = html! {
        p .quiet { (language.tell(Word::FreshHint, &[("day", stale_before)])) }
        (table(language.say(Word::Products), head(language), html! {
            @for listing in list(state, "products") { (row(listing, stale_before, language)) }
        }))
        (grade_form(list(state, "products"), language))
        h2 { (language.say(Word::GradeChanges)) }
        @if changes.is_empty() { p .empty { (language.say(Word::NoChanges)) } }
        ul { @for change in changes { (changed(change, language)) } }
    };
    page(visit, Word::Products, body)
}

fn head(language: Language) -> Markup {
    html! {
        th scope="col" { (language.say(Word::Product)) }
        th scope="col" { (language.say(Word::Grade)) }
        th scope="col" { (language.say(Word::IssuerOwn)) }
        th scope="col" { (language.say(Word::State)) }
        th .number scope="col" { (language.say(Word::YearlyCost)) }
        th scope="col" { (language.say(Word::LastPrice)) }
        th scope="col" { (language.say(Word::Conflict)) }
    }
}

fn row(listing: &Value, stale_before: &str, language: Language) -> Markup {
    let product = &listing["product"];
    let day = text(listing, "last_price_day");
    html! {
        tr {
            th scope="row" { (text(product, "code")) " " span .quiet { (text(product, "class")) } }
            td { b { (text(listing, "grade")) } }
            td { (text(product, "issuer_grade")) " / " (text(product, "own_grade")) }
            td { (state(text(product, "state"), language)) }
            td .number { (percent(whole(product, "yearly_cost_bp").unwrap_or(0))) }
            td {
                @if day.is_empty() { b .bad { (language.say(Word::NoPrice)) } }
                @else if day < stale_before { b .bad { (day) " " (language.say(Word::Stale)) } }
                @else { (day) }
            }
            td .long { (text(listing, "conflict")) }
        }
    }
}

fn state(state: &str, language: Language) -> &str {
    match state {
        "open" => language.say(Word::Open),
        "limited" => language.say(Word::Limited),
        "suspended" => language.say(Word::Suspended),
        other => other,
    }
}

fn grade_form(listings: &[Value], language: Language) -> Markup {
    html! {
        form .card method="post" action={ (PRODUCTS) "/grade" } {
            h2 { (language.say(Word::ChangeGrade)) }
            p { (language.say(Word::GradeHint)) }
            p { label for="grade-product" { (language.say(Word::Product)) }
                select #grade-product name="product" {
                    @for listing in listings { option { (text(&listing["product"], "code")) } }
                } }
            p { label for="grade" { (language.say(Word::OwnGrade)) }
                select #grade name="grade" { @for grade in ["R1", "R2", "R3", "R4", "R5"] { option { (grade) } } } }
            p { label for="grade-why" { (language.say(Word::Why)) }
                input #grade-why name="why" required maxlength="200" autocomplete="off"; }
            button .primary type="submit" { (language.say(Word::ChangeGrade)) }
        }
    }
}

fn changed(record: &Value, language: Language) -> Markup {
    let body = &record["body"];
    let answer = &body["answer"];
    html! {
        li {
            (text(record, "day")) ": " b { (text(answer, "product")) } " " (text(answer, "grade_before")) " → " (text(answer, "grade"))
            ", " (text(body, "why")) " (" (text(body, "by")) "; "
            (language.tell(Word::HoldersTold, &[("n", &whole(answer, "holders_told").unwrap_or(0).to_string())])) ")"
        }
    }
}
