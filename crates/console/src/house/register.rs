//! The register of models: weights, class, who approved them, and where a person approves; and the switch.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{REGISTER, minor, page, stopped};
use crate::document::{list, members, number, text, whole};
use crate::language::Language;
use crate::shell::{Visit, percent, table};

/// The page over the answer of `GET /operator/v1/advice/state`.
pub fn register(visit: &Visit, state: &Value) -> String {
    let language = visit.language;
    let body = html! {
        (stopped(text(state, "stopped"), language))
        p {
            (language.tell(Word::StateLine, &[
                ("users", &minor(whole(state, "users"))), ("records", &minor(whole(state, "records"))),
                ("served", &list(state, "jurisdictions").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
            ]))
        }
        @for model in list(state, "models") { (one(visit, model)) }
        @if list(state, "models").is_empty() { p .empty { (language.say(Word::NoModels)) } }
        (switch(state, language))
    };
    page(visit, Word::Register, body)
}

fn one(visit: &Visit, model: &Value) -> Markup {
    let language = visit.language;
    let (id, version) = (text(model, "id"), whole(model, "version").unwrap_or(0));
    let approvals: Vec<&str> = list(model, "approvals").iter().filter_map(Value::as_str).collect();
    let mine = visit.person.as_deref().is_some_and(|person| approvals.contains(&person));
    let token = format!("token-{id}-{version}");
    html! {
        div .card {
            h2 { (id) " " (version) " · " (text(model, "class")) }
            p {
                @if approvals.len() >= 2 { b .good { (language.say(Word::InUse)) } } @else { b .open { (language.say(Word::WaitsApproval)) } }
                ", " (language.say(Word::ApprovedBy)) " "
                @if approvals.is_empty() { (language.say(Word::Nobody)) } @else { (approvals.join(", ")) }
            }
            (weights(model, language))
            @if approvals.len() < 2 {
                form method="post" action={ (REGISTER) "/models/" (id) "/" (version) "/approve" } {
                    @if mine {
                        p { label for=(token) { (language.say(Word::OtherToken)) }
                            input id=(token) type="password" name="token" required autocomplete="off" maxlength="512"; }
                    }
                    button .primary type="submit" { (language.say(Word::Approve)) " " (id) }
                }
            }
        }
    }
}

fn weights(model: &Value, language: Language) -> Markup {
    table(
        &format!("{} {}", text(model, "id"), whole(model, "version").unwrap_or(0)),
        html! {
            th scope="col" { (language.say(Word::Product)) }
            th scope="col" { (language.say(Word::Share)) }
            th .number scope="col" { "%" }
        },
        html! {
            @for (code, weight) in members(model, "weights_bp") {
                @let bp = number(weight).unwrap_or(0);
                tr { th scope="row" { (code) } td { (crate::bars::bar(bp, 10_000, "")) } td .number { (percent(bp)) } }
            }
        },
    )
}

fn switch(state: &Value, language: Language) -> Markup {
    let is_stopped = !text(state, "stopped").is_empty();
    html! {
        form .card method="post" action={ (REGISTER) "/switch" } {
            h2 { (language.say(Word::Switch)) }
            p { (language.say(Word::SwitchHint)) }
            input type="hidden" name="stopped" value=(if is_stopped { "no" } else { "yes" });
            p { label for="switch-why" { (language.say(Word::Why)) }
                input #switch-why name="why" required maxlength="200" autocomplete="off"; }
            button .grave[!is_stopped] .primary[is_stopped] type="submit" {
                (language.say(if is_stopped { Word::StartAgain } else { Word::StopAdvice }))
            }
        }
    }
}
