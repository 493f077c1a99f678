//! What must hold: no suitability exceptions; what waits for a person; what was promised held against what the log says;
//! how people answer the questionnaire.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{RECORDS, REGISTER, minor, page};
use crate::bars::bar;
use crate::document::{list, members, number, text, whole};
use crate::language::Language;
use crate::shell::{Visit, percent, table};

/// The page over the answer of `GET /operator/v1/advice/report`.
pub fn watch(visit: &Visit, report: &Value) -> String {
    let language = visit.language;
    let body = html! {
        (exceptions(report, language))
        (reviews(list(report, "reviews_waiting"), language))
        (promises(&report["counters"], language))
        (questionnaire(report, language))
    };
    page(visit, Word::Watch, body)
}

fn exceptions(report: &Value, language: Language) -> Markup {
    let count = whole(report, "suitability_exceptions").unwrap_or(0);
    html! {
        h2 { (language.say(Word::Exceptions)) }
        dl .facts .large {
            div { dt { (language.say(Word::AgainstCheck)) } dd #exceptions .good[count == 0] .bad[count != 0] { (minor(Some(count))) } }
            div { dt { (language.say(Word::AboveClass)) } dd { (minor(whole(report, "plans_above_class"))) } }
            div { dt { (language.say(Word::ProfilesExpired)) } dd { (minor(whole(report, "profiles_expired"))) } }
        }
        p .quiet { (language.say(Word::ExceptionsHint)) }
    }
}

fn reviews(waiting: &[Value], language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::Reviews)) }
        @if waiting.is_empty() { p .quiet { (language.say(Word::NoReviews)) } }
        @for one in waiting {
            @let id = text(one, "id");
            form .card method="post" action={ (REGISTER) "/proposals/" (id) "/release" } {
                p { b { (id) } " " code { (text(one, "subject")) } " " span lang="en" { (text(one, "why")) } }
                p { label for={ "why-" (id) } { (language.say(Word::Why)) }
                    input id={ "why-" (id) } name="why" required maxlength="200" autocomplete="off"; }
                button type="submit" { (language.say(Word::Release)) " " (id) }
            }
        }
    }
}

fn promises(counters: &Value, language: Language) -> Markup {
    let line =
        |word, key: &str| html! { div { dt { (language.say(word)) } dd { (minor(whole(counters, key))) } } };
    html! {
        h2 { (language.say(Word::Promises)) }
        dl .facts {
            (line(Word::DaysInService, "days_in_service"))
            (line(Word::DaysScreened, "days_screened"))
            (line(Word::Screened, "plans_screened"))
            (line(Word::Proposals, "proposals"))
            (line(Word::Accepted, "accepted"))
            (line(Word::Declined, "declined"))
            (line(Word::Complaints, "complaints"))
        }
        @if members(counters, "refused").next().is_some() {
            h3 { (language.say(Word::RefusedBy)) }
            ul { @for (code, count) in members(counters, "refused") {
                li { (crate::refusals::said(code, language).unwrap_or(code)) " " code .quiet { (code) } ": " (minor(number(count))) }
            } }
        }
        p { a href=(RECORDS) { (language.say(Word::ToRecords)) } }
    }
}

fn questionnaire(report: &Value, language: Language) -> Markup {
    let classes: Vec<(&str, i64)> =
        members(report, "classes").filter_map(|(class, count)| Some((class, number(count)?))).collect();
    let all: i64 = classes.iter().map(|(_, count)| count).sum();
    let asked = whole(report, "assessments").unwrap_or(0) + whole(report, "contradictions").unwrap_or(0);
    let rate = whole(report, "contradictions").unwrap_or(0) * 10_000 / asked.max(1);
    html! {
        h2 { (language.say(Word::Questionnaire)) " " (text(report, "questionnaire")) }
        p {
            (language.tell(Word::QuestionnaireLine, &[
                ("asked", &minor(Some(asked))), ("contradictions", &minor(whole(report, "contradictions"))),
                ("rate", &percent(rate)),
            ]))
        }
        (table(language.say(Word::Classes), html! {
            th scope="col" { (language.say(Word::Class)) }
            th scope="col" { (language.say(Word::Share)) }
            th .number scope="col" { (language.say(Word::People)) }
        }, html! {
            @for (class, count) in &classes {
                tr { th scope="row" { (class) } td { (bar(*count, all, "")) } td .number { (minor(Some(*count))) } }
            }
        }))
    }
}
