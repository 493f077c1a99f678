//! The list of payments that are followed, newest first: each is a link that shows it.

use maud::{Markup, html};

use super::figures::{money, time};
use super::stage::{spoken, tone};
use super::words::Word;
use super::{Language, Row};

/// The list, as an element that is replaced whole.
pub fn payments(rows: &[Row], shown: Option<&str>, language: Language) -> String {
    draw(rows, shown, language).into_string()
}

pub(crate) fn draw(rows: &[Row], shown: Option<&str>, language: Language) -> Markup {
    let page = format!("/play?lang={}", language.short());
    html! {
        section .panel #payments aria-labelledby="payments-name" {
            header .panel-head {
                h2 #payments-name { (language.say(Word::Payments)) }
                a #follow-newest href=(page) data-show="" { (language.say(Word::FollowNewest)) }
            }
            div .panel-body #payments-scroll {
                @if rows.is_empty() { p .quiet .empty { (language.say(Word::NoPayments)) } }
                ul .entries {
                    @for row in rows {
                        // Rows have no ids: the board keeps its rows, and what they say changes.
                        li {
                            a href={ (page) "&payment=" (row.payment) }
                                data-show=(row.payment) aria-current=[(shown == Some(row.payment.as_str())).then_some("true")] {
                                (entry(row, language))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn entry(row: &Row, language: Language) -> Markup {
    html! {
        span .entry {
            span .who { (row.merchant) }
            (money(row.payee))
        }
        span .entry .quiet {
            span .who {
                (row.wallet)
                @if !row.ours { " (" (language.say(Word::FromOutside)) ")" }
            }
            @if let Some(payer) = row.payer { (money(payer)) }
        }
        span .entry .quiet {
            (time(row.at_ms))
            span .(tone(row.stage)) { (spoken(row.stage, language)) }
        }
    }
}
