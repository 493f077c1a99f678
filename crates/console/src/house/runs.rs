//! Rebalancing runs: plans screened, flagged, ordered, and skipped by reason.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{minor, page};
use crate::document::{list, members, number, text, truth, whole};
use crate::language::Language;
use crate::shell::Visit;

/// The page over the answers of `GET /operator/v1/advice/rebalance-runs/{id}`, newest first.
pub fn runs(visit: &Visit, runs: &[Value]) -> String {
    let language = visit.language;
    let body = html! {
        @if runs.is_empty() { p .empty { (language.say(Word::NoRuns)) } }
        @for run in runs { (one(run, language)) }
    };
    page(visit, Word::Runs, body)
}

fn one(run: &Value, language: Language) -> Markup {
    let ordered = list(run, "proposals").iter().filter(|one| whole(one, "orders").unwrap_or(0) > 0).count();
    let line = |word, value: String| html! { div { dt { (language.say(word)) } dd { (value) } } };
    html! {
        div .card {
            h2 { (text(run, "id")) @if truth(run, "dry_run") { " " span .quiet { (language.say(Word::DryRun)) } } }
            dl .facts {
                (line(Word::Screened, minor(whole(run, "plans_screened"))))
                (line(Word::Flagged, minor(whole(run, "plans_flagged"))))
                (line(Word::WithOrders, ordered.to_string()))
            }
            h3 { (language.say(Word::SkippedBy)) }
            @if members(run, "skipped").next().is_none() { p .quiet { (language.say(Word::NoneSkipped)) } }
            ul { @for (reason, count) in members(run, "skipped") {
                li { (skipped(reason, language)) ": " (minor(number(count))) }
            } }
        }
    }
}

fn skipped(reason: &str, language: Language) -> Markup {
    html! {
        @match reason {
            "within its bands" => (language.say(Word::WithinBands)),
            "nothing invested" => (language.say(Word::NothingInvested)),
            code => {
                @match crate::refusals::said(code, language) {
                    Some(said) => { (said) " " code .quiet { (code) } }
                    None => code { (code) },
                }
            }
        }
    }
}
