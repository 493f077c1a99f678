//! The boring alternatives that stand beside every proposal of ours, by the same measures.

use maud::{Markup, html};
use serde_json::Value;

use super::Client;
use super::words::Word;
use crate::document::{text, truth, whole};
use crate::language::Language;
use crate::shell::{percent, table};

/// The rows in their fixed order, ours first.
pub(super) fn draw(client: &Client, rows: &[Value]) -> Markup {
    let language = client.language();
    let bp = |of: &Value, key: &str| whole(of, key).map_or_else(|| "–".to_owned(), percent);
    html! {
        h2 { (language.say(Word::Alternatives)) }
        (table(language.say(Word::Alternatives), html! {
            th scope="col" { (language.say(Word::Way)) }
            th .number scope="col" { (language.say(Word::GoalChance)) }
            th .number scope="col" { (language.say(Word::BadYear)) }
            th .number scope="col" { (language.say(Word::WorstYear)) }
            th .number scope="col" { (language.say(Word::Fees)) }
            th .number scope="col" { (language.say(Word::YearlyCost)) }
            th scope="col" { (language.say(Word::Grade)) }
        }, html! {
            @for (place, row) in rows.iter().enumerate() {
                tr .ours[place == 0] {
                    th scope="row" {
                        (alternative(text(row, "name"), language))
                        @if !truth(row, "permitted") { " " span .open { (language.say(Word::NotForYou)) } }
                    }
                    td .number {
                        (bp(row, "goal_probability_bp"))
                        @if let Some(error) = whole(row, "goal_probability_se_bp") { " ± " (percent(error)) }
                    }
                    td .number { (bp(row, "loss_bp")) }
                    td .number { (bp(row, "worst_12_months_bp")) }
                    td .number { (client.amount(row, "fees_minor")) }
                    td .number { (bp(row, "yearly_cost_bp")) }
                    td { (text(row, "grade")) }
                }
            }
        }))
    }
}

fn alternative(name: &str, language: Language) -> &str {
    match name.to_ascii_lowercase().as_str() {
        "ours" => language.say(Word::Ours),
        "1/n" => language.say(Word::Equal),
        "60/40" => "60/40",
        "money fund" => language.say(Word::MoneyFund),
        "do nothing" => language.say(Word::DoNothing),
        _ => name,
    }
}
