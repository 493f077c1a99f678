//! One goal: what may become of it as a fan, how often such intervals held, what another monthly amount would do, and
//! where a proposal is asked for. The slider is a field of a plain form.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::words::Word;
use super::{ADVICE, Client, give_or_take, goal_ways, page, points};
use crate::document::{list, number, text, truth, whole};
use crate::shell::table;

/// What was asked of a projection.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Monthly payment tried, minor units; none for the plan's own.
    pub monthly_minor: Option<i64>,
    /// Years looked ahead; none for the goal's own.
    pub years: Option<i64>,
}

/// The page over a goal of `GET /advice/users/{user}` and its projection; a refusal stands in the visit's notice.
pub fn goal(client: &Client, goal: &Value, asked: &Asked, projection: &Value) -> String {
    let id = text(goal, "id");
    let body = html! {
        (goal_ways(client, id))
        (facts(client, goal))
        @if projection["years"].is_array() { (projected(client, goal, asked, projection)) }
        (what_if(client, goal, asked))
        (propose(client, id))
    };
    page(client, text(goal, "name"), body)
}

fn facts(client: &Client, goal: &Value) -> Markup {
    let language = client.language();
    html! {
        dl .facts .large {
            div { dt { (language.say(Word::Worth)) } dd { (client.amount(goal, "value_minor")) } }
            div { dt { (language.say(Word::Target)) } dd { (client.amount(goal, "target_minor")) } }
            div { dt { (language.say(Word::By)) } dd { (text(goal, "until")) } }
            div { dt { (language.say(Word::Monthly)) } dd { (client.amount(goal, "monthly_minor")) } }
        }
    }
}

fn projected(client: &Client, goal: &Value, asked: &Asked, projection: &Value) -> Markup {
    let language = client.language();
    let success = &projection["success"];
    let chance = points(&success["probability"]).zip(points(&success["standard_error"]));
    let years: Vec<[i64; 5]> = list(projection, "years").iter().filter_map(row).collect();
    html! {
        @if let Some((bp, error_bp)) = chance {
            p { b { (language.tell(Word::OnTrackLine, &[("chance", &give_or_take(bp, error_bp))])) } ". "
                @if asked.monthly_minor.is_some() || asked.years.is_some() { span .open { (language.say(Word::OnlyTried)) } } }
        }
        (remedy(client, &projection["remedy"]))
        (fan(client, goal, projection, &years))
        p .quiet {
            (language.tell(Word::ProjectedFrom, &[
                ("model", text(projection, "model")),
                ("months", &whole(projection, "history_months").unwrap_or(0).to_string()),
                ("assumptions", text(projection, "assumptions").get(..12).unwrap_or_default()),
                ("seed", &whole(projection, "seed").unwrap_or(0).to_string()),
            ]))
        }
        details {
            summary { (language.say(Word::AsTable)) }
            (table(language.say(Word::FanTitle), html! {
                th .number scope="col" { (language.say(Word::Years)) }
                @for share in ["5 %", "25 %", "50 %", "75 %", "95 %"] { th .number scope="col" { (share) } }
            }, html! {
                @for (place, values) in years.iter().enumerate() {
                    tr { th .number scope="row" { (place + 1) } @for value in values { td .number { (client.money(*value)) } } }
                }
            }))
        }
    }
}

fn row(year: &Value) -> Option<[i64; 5]> {
    let values: Vec<i64> = year.as_array()?.iter().filter_map(number).collect();
    values.try_into().ok()
}

/// The fan of `advice::picture`, in the page's own colours, with what must stand beside it.
fn fan(client: &Client, goal: &Value, projection: &Value, years: &[[i64; 5]]) -> Markup {
    let language = client.language();
    let words = [Word::Years, Word::Worth, Word::Aim, Word::Middle].map(|word| language.say(word));
    // The picture's numbers are for the eye: the exact ones stand in the table.
    let major = |minor: i64| client.field(minor).parse::<f64>().unwrap_or_default();
    let rows: Vec<[f64; 5]> = years.iter().map(|year| year.map(major)).collect();
    let target = whole(goal, "target_minor").filter(|minor| *minor > 0).map(major);
    let start = major(whole(projection, "start_minor").unwrap_or(0));
    let title = format!("{}, {}", language.say(Word::FanTitle), client.currency);
    let svg = advice::picture::fan_in(words, &title, start, &rows, (target, ""));
    let coverage = &projection["coverage"];
    let put = |key: &str| whole(coverage, key).unwrap_or(0).to_string();
    html! {
        figure {
            div .scroll tabindex="0" role="region" aria-label=(language.say(Word::FanPicture)) { (PreEscaped(svg)) }
            figcaption {
                (language.say(Word::FanHint)) " "
                @if truth(projection, "mean_uncertain") { (language.say(Word::MeanUncertain)) " " }
                @if coverage.is_object() {
                    (language.tell(Word::Coverage, &[
                        ("inside", &put("inside_90")), ("spans", &put("spans")), ("months", &put("months")),
                    ]))
                } @else { (language.say(Word::NoCoverage)) }
            }
        }
    }
}

fn remedy(client: &Client, remedy: &Value) -> Markup {
    let language = client.language();
    html! {
        @if remedy.is_object() {
            div .card {
                p { (language.say(Word::WouldReach)) }
                ul {
                    li { (language.say(Word::Monthly)) ": " (client.amount(remedy, "monthly_minor")) }
                    li { (language.say(Word::OnceNow)) ": " (client.amount(remedy, "start_minor")) }
                    @if let Some(months) = whole(remedy, "months") {
                        li { (language.tell(Word::InMonths, &[("n", &months.to_string())])) }
                    }
                }
            }
        }
    }
}

fn what_if(client: &Client, goal: &Value, asked: &Asked) -> Markup {
    let (id, language) = (text(goal, "id"), client.language());
    let own = whole(goal, "monthly_minor").unwrap_or(0);
    let tried = asked.monthly_minor.unwrap_or(own);
    let unit = 10_i64.pow(u32::from(client.currency.exponent()));
    let most = (own.max(tried) / unit * 3).max(1_000);
    html! {
        div .pair {
            form .card method="get" action={ (ADVICE) "/goals/" (id) } {
                h2 { (language.say(Word::WhatIf)) }
                p { label for="monthly" { (language.say(Word::Monthly)) ", " (client.currency) }
                    input #monthly type="range" name="monthly" min="0" max=(most) step=((most / 60).max(1)) value=(tried / unit)
                        aria-describedby="monthly-hint";
                    span #monthly-hint .quiet .block {
                        (client.money(0)) " – " (client.money(most * unit)) ", "
                        (language.say(Word::Tried)) " " (client.money(tried))
                    }
                }
                p { label for="years" { (language.say(Word::YearsAhead)) }
                    input #years type="number" name="years" min="1" max="60" value=[asked.years]; }
                button .primary type="submit" { (language.say(Word::TryIt)) }
            }
            form .card method="post" action={ (ADVICE) "/goals/" (id) } {
                h2 { (language.say(Word::ChangePlan)) }
                p { label for="new-monthly" { (language.say(Word::Monthly)) ", " (client.currency) }
                    input #new-monthly name="monthly" inputmode="decimal" required pattern="[0-9]+([.][0-9]+)?"
                        value=(client.field(tried)); }
                p { label for="new-target" { (language.say(Word::Target)) ", " (client.currency) }
                    input #new-target name="target" inputmode="decimal" required pattern="[0-9]+([.][0-9]+)?"
                        value=(client.field(whole(goal, "target_minor").unwrap_or(0))); }
                button type="submit" { (language.say(Word::MakePlan)) }
            }
        }
    }
}

fn propose(client: &Client, id: &str) -> Markup {
    let language = client.language();
    let kinds = [
        ("initial", Word::Initial),
        ("deposit", Word::Deposit),
        ("withdrawal", Word::Withdrawal),
        ("drift", Word::LookAtBands),
    ];
    html! {
        form .card method="post" action={ (ADVICE) "/goals/" (id) "/proposals" } {
            h2 { (language.say(Word::AskProposal)) }
            p { label for="proposal-kind" { (language.say(Word::Kind)) }
                select #proposal-kind name="kind" {
                    @for (kind, word) in kinds { option value=(kind) { (language.say(word)) } }
                } }
            p { label for="proposal-amount" { (language.say(Word::Amount)) ", " (client.currency) }
                input #proposal-amount name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]+)?"; }
            button .primary type="submit" { (language.say(Word::AskProposal)) }
        }
    }
}
