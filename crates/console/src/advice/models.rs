//! The model portfolios that a client of this class may follow; shown after the profile only.

use maud::html;
use serde_json::Value;

use super::words::Word;
use super::{Client, page};
use crate::document::{list, members, number, text, whole};
use crate::shell::{percent, table};

/// The page over the answer of `GET /advice/models`; a refusal stands in the visit's notice.
pub fn models(client: &Client, answer: &Value) -> String {
    let language = client.language();
    let body = html! {
        @if answer["models"].is_array() {
            p { (language.say(Word::ModelsHint)) }
            @if list(answer, "models").is_empty() { p .empty { (language.say(Word::NoModels)) } }
            @for model in list(answer, "models") {
                h2 { (text(model, "id")) " · " (text(model, "class")) }
                p .quiet {
                    (language.tell(Word::ModelLine, &[
                        ("version", &whole(model, "version").unwrap_or(0).to_string()),
                        ("months", &whole(model, "horizon_months_max").unwrap_or(0).to_string()),
                        ("people", &list(model, "approvals").len().to_string()),
                    ]))
                }
                (table(&format!("{} {}", text(model, "id"), whole(model, "version").unwrap_or(0)), html! {
                    th scope="col" { (language.say(Word::Product)) }
                    th scope="col" { (language.say(Word::Share)) }
                    th .number scope="col" { "%" }
                }, html! {
                    @for (code, weight) in members(model, "weights_bp") {
                        @let bp = number(weight).unwrap_or(0);
                        tr {
                            th scope="row" { (code) }
                            td { (crate::bars::bar(bp, 10_000, "")) }
                            td .number { (percent(bp)) }
                        }
                    }
                }))
            }
        }
    };
    page(client, language.say(Word::Models), body)
}
