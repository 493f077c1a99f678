//! Evidence for models: walk-forward tables with their benchmark rows; and, in a part of its own, what plans really did.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{minor, page, percent_of};
use crate::document::{list, text, truth, whole};
use crate::language::Language;
use crate::shell::{Visit, table};

/// The page over the answer of `GET /operator/v1/advice/report` and of each of its back-tests, newest first.
pub fn evidence(visit: &Visit, report: &Value, backtests: &[Value]) -> String {
    let language = visit.language;
    let body = html! {
        h2 { (language.say(Word::Live)) }
        p .quiet { (language.say(Word::LiveHint)) }
        (live(list(report, "live"), language))
        h2 { (language.say(Word::Backtests)) }
        p .quiet { (language.say(Word::BacktestsHint)) }
        @if backtests.is_empty() { p .empty { (language.say(Word::NoBacktests)) } }
        @for test in backtests { (walk(test, language)) }
    };
    page(visit, Word::Evidence, body)
}

fn live(rows: &[Value], language: Language) -> Markup {
    html! {
        @if rows.is_empty() { p .empty { (language.say(Word::NoLive)) } }
        @else {
            (table(language.say(Word::Live), html! {
                th scope="col" { (language.say(Word::Model)) }
                th scope="col" { (language.say(Word::Member)) }
                th scope="col" { (language.say(Word::Since)) }
                th .number scope="col" { (language.say(Word::Plans)) }
                th .number scope="col" { (language.say(Word::PaidIn)) }
                th .number scope="col" { (language.say(Word::Worth)) }
                th .number scope="col" { (language.say(Word::Gain)) }
                th .number scope="col" { (language.say(Word::Fees)) }
            }, html! {
                @for row in rows {
                    tr {
                        th scope="row" { (text(row, "model")) " " (whole(row, "version").unwrap_or(0)) }
                        td { (text(row, "member")) }
                        td { (text(row, "since")) }
                        @for key in ["plans", "paid_in_minor", "value_minor", "gain_minor", "fees_minor"] {
                            td .number { (minor(whole(row, key))) }
                        }
                    }
                }
            }))
        }
    }
}

fn walk(test: &Value, language: Language) -> Markup {
    html! {
        div .card {
            h3 { (text(test, "id")) }
            p {
                (language.tell(Word::WalkLine, &[
                    ("from", text(test, "from")), ("to", text(test, "to")),
                    ("fits", &minor(whole(test, "fits"))), ("comparisons", &minor(whole(test, "comparisons"))),
                    ("p", &decimals(&test["p_needed"])),
                ]))
            }
            (table(text(test, "id"), html! {
                th scope="col" { (language.say(Word::Method)) }
                th .number scope="col" { (language.say(Word::Mean)) }
                th .number scope="col" { (language.say(Word::Volatility)) }
                th .number scope="col" { (language.say(Word::Sharpe)) }
                th .number scope="col" { (language.say(Word::Drawdown)) }
                th .number scope="col" { (language.say(Word::Turnover)) }
                th .number scope="col" { (language.say(Word::PValue)) }
            }, html! {
                @for row in list(test, "rows") {
                    tr {
                        th scope="row" {
                            (text(row, "name"))
                            @if truth(row, "benchmark") { " " span .quiet { (language.say(Word::Benchmark)) } }
                        }
                        td .number { (percent_of(&row["mean_yearly"])) }
                        td .number { (percent_of(&row["volatility_yearly"])) }
                        td .number { (decimals(&row["sharpe"])) }
                        td .number { (percent_of(&row["drawdown"])) }
                        td .number { (percent_of(&row["turnover_per_fit"])) }
                        td .number { (decimals(&row["p_value"])) }
                    }
                }
            }))
        }
    }
}

fn decimals(of: &Value) -> String {
    of.as_f64().map_or_else(|| "–".to_owned(), |number| format!("{number:.3}").replace('-', "−"))
}
