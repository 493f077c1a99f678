//! What a plan holds: holdings, how far each class is from its target and band, lots with what leaving would cost, and
//! the orders on their way.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{ADVICE, Client, asset_class, goal_ways, page};
use crate::bars::{banded, bar};
use crate::document::{list, members, number, text, truth, whole};
use crate::shell::{percent, table};

/// The page over `GET /advice/portfolios/{id}`, `/drift` and `/lots`; what was refused is null.
pub fn portfolio(client: &Client, answer: &Value, drift: &Value, lots: &Value) -> String {
    let language = client.language();
    let name = text(&answer["goal"], "name");
    let body = html! {
        (goal_ways(client, text(answer, "id")))
        dl .facts .large {
            div { dt { (language.say(Word::Worth)) } dd { (client.amount(answer, "value_minor")) } }
            div { dt { (language.say(Word::Cash)) } dd { (client.amount(answer, "cash_minor")) } }
            div { dt { (language.say(Word::CashShare)) } dd { (percent(whole(answer, "cash_share_bp").unwrap_or(0))) } }
            div { dt { (language.say(Word::FeesPaid)) } dd { (client.amount(answer, "fees_minor")) } }
        }
        (open(client, answer))
        (holdings(client, answer))
        (bands(client, drift))
        (lots_of(client, list(lots, "lots")))
    };
    page(client, &format!("{name}: {}", language.say(Word::Portfolio)), body)
}

fn open(client: &Client, answer: &Value) -> Markup {
    let language = client.language();
    html! {
        @if !list(answer, "orders_open").is_empty() {
            h2 { (language.say(Word::OpenOrders)) }
            (table(language.say(Word::OpenOrders), html! {
                th scope="col" { (language.say(Word::Side)) }
                th scope="col" { (language.say(Word::Product)) }
                th .number scope="col" { (language.say(Word::Amount)) }
                th scope="col" { (language.say(Word::TradeDay)) }
            }, html! {
                @for order in list(answer, "orders_open") {
                    tr {
                        td { (language.say(if text(order, "side") == "buy" { Word::Buy } else { Word::Sell })) }
                        th scope="row" { (text(order, "product")) }
                        td .number { (client.amount(order, "amount_minor")) }
                        td { (text(order, "trade_day")) }
                    }
                }
            }))
            form .card method="post" action={ (ADVICE) "/goals/" (text(answer, "id")) "/fills" } {
                p { (language.say(Word::BrokerHint)) }
                button type="submit" { (language.say(Word::CarryOut)) }
            }
        }
    }
}

fn holdings(client: &Client, answer: &Value) -> Markup {
    let language = client.language();
    let worth = whole(answer, "value_minor").unwrap_or(0);
    html! {
        h2 { (language.say(Word::Holdings)) }
        @if members(answer, "holdings_minor").next().is_none() { p .empty { (language.say(Word::NothingHeld)) } }
        @else {
            (table(language.say(Word::Holdings), html! {
                th scope="col" { (language.say(Word::Product)) }
                th scope="col" { (language.say(Word::Share)) }
                th .number scope="col" { (language.say(Word::Worth)) }
            }, html! {
                @for (code, value) in members(answer, "holdings_minor") {
                    @let value = number(value).unwrap_or(0);
                    tr { th scope="row" { (code) } td { (bar(value, worth, "")) } td .number { (client.money(value)) } }
                }
            }))
        }
    }
}

fn bands(client: &Client, drift: &Value) -> Markup {
    let language = client.language();
    html! {
        @if drift["classes"].is_array() {
            h2 { (language.say(Word::Bands)) }
            p .quiet { (language.tell(Word::BandsHint, &[("model", text(drift, "model"))])) }
            (table(language.say(Word::Bands), html! {
                th scope="col" { (language.say(Word::AssetClass)) }
                th scope="col" { (language.say(Word::Share)) }
                th .number scope="col" { (language.say(Word::Actual)) }
                th .number scope="col" { (language.say(Word::TargetShare)) }
                th .number scope="col" { (language.say(Word::Band)) }
            }, html! {
                @for one in list(drift, "classes") {
                    @let bp = |key: &str| whole(one, key).unwrap_or(0);
                    tr {
                        th scope="row" {
                            (asset_class(text(one, "class"), language))
                            @if truth(one, "broken") { " " b .bad { (language.say(Word::OutOfBand)) } }
                        }
                        td { (banded(bp("actual_bp"), bp("target_bp"), bp("band_bp"), 10_000, if truth(one, "broken") { "bad" } else { "" })) }
                        td .number { (percent(bp("actual_bp"))) }
                        td .number { (percent(bp("target_bp"))) }
                        td .number { "± " (percent(bp("band_bp"))) }
                    }
                }
            }))
        }
    }
}

fn lots_of(client: &Client, lots: &[Value]) -> Markup {
    let language = client.language();
    html! {
        @if !lots.is_empty() {
            h2 { (language.say(Word::Lots)) }
            p .quiet { (language.say(Word::LotsHint)) }
            (table(language.say(Word::Lots), html! {
                th scope="col" { (language.say(Word::Product)) }
                th scope="col" { (language.say(Word::Bought)) }
                th .number scope="col" { (language.say(Word::Units)) }
                th .number scope="col" { (language.say(Word::Cost)) }
                th .number scope="col" { (language.say(Word::Worth)) }
                th scope="col" { (language.say(Word::FeeToLeave)) }
            }, html! {
                @for lot in lots {
                    tr {
                        th scope="row" { (text(lot, "product")) }
                        td { (text(lot, "bought")) @if !truth(lot, "settled") { " " span .open { (language.say(Word::NotSettled)) } } }
                        td .number { (units(whole(lot, "units_millionths").unwrap_or(0))) }
                        td .number { (client.amount(lot, "cost_minor")) }
                        td .number { (client.amount(lot, "value_minor")) }
                        td {
                            (percent(whole(lot, "redemption_fee_bp").unwrap_or(0)))
                            @if let Some(days) = whole(lot, "fee_falls_in_days") {
                                ", " (language.tell(Word::FallsIn, &[("days", &days.to_string())]))
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// `12.345678`: a unit has six decimals.
fn units(millionths: i64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}
