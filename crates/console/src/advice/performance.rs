//! How a plan did: the client's own gain to the cent, and two rates of return when they say something.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{Client, goal_ways, page, points, rule};
use crate::document::{list, number, text, truth};
use crate::shell::{percent, table};

/// The page over `GET /advice/portfolios/{id}/performance`.
pub fn performance(client: &Client, name: &str, answer: &Value) -> String {
    let language = client.language();
    let measures = &answer["measures"];
    let rate = |key: &str| points(&measures[key]).map_or_else(|| "–".to_owned(), percent);
    let line = |word, value: Markup| html! { div { dt { (language.say(word)) } dd { (value) } } };
    let body = html! {
        (goal_ways(client, text(answer, "id")))
        @if answer["gain_minor"].is_number() {
            dl .facts .large {
                (line(Word::PaidIn, client.amount(answer, "paid_in_minor")))
                (line(Word::Worth, client.amount(answer, "value_minor")))
                (line(Word::Gain, client.amount(answer, "gain_minor")))
                (line(Word::FeesPaid, client.amount(answer, "fees_minor")))
            }
            h2 { (language.say(Word::Rates)) }
            @if measures.is_object() {
                dl .facts {
                    (line(Word::TimeWeighted, html! { (rate("time_weighted_yearly")) }))
                    (line(Word::MoneyWeighted, html! { (rate("money_weighted_yearly")) }))
                    (line(Word::DeepestFall, html! { (rate("drawdown")) }))
                }
                @if truth(measures, "reconciles") { p .good { (language.say(Word::Reconciles)) } }
                @else { p .bad { (language.say(Word::DoesNotReconcile)) } }
            } @else {
                p { (rule(text(&answer["rates_withheld"], "code"), language)) }
            }
            p .quiet { (language.say(Word::RatesHint)) }
            (marks(client, answer))
        }
    };
    page(client, &format!("{name}: {}", language.say(Word::Performance)), body)
}

fn marks(client: &Client, answer: &Value) -> Markup {
    let language = client.language();
    let gains: Vec<i64> = list(&answer["measures"], "gains_minor").iter().filter_map(number).collect();
    html! {
        h2 { (language.say(Word::Marks)) }
        (table(language.say(Word::Marks), html! {
            th scope="col" { (language.say(Word::Day)) }
            th .number scope="col" { (language.say(Word::WorthBefore)) }
            th .number scope="col" { (language.say(Word::PaidInOut)) }
            @if !gains.is_empty() { th .number scope="col" { (language.say(Word::Gain)) } }
        }, html! {
            @for (place, mark) in list(answer, "marks").iter().enumerate() {
                tr {
                    th scope="row" { (text(mark, "day")) }
                    td .number { (client.amount(mark, "value_before_minor")) }
                    td .number { (client.amount(mark, "paid_minor")) }
                    @if !gains.is_empty() {
                        td .number { @if let Some(gain) = place.checked_sub(1).and_then(|place| gains.get(place)) { (client.money(*gain)) } }
                    }
                }
            }
        }))
    }
}
