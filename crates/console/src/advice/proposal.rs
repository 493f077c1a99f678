//! A proposal: what would be ordered and why, before and after, cost and benefit, the boring alternatives beside it,
//! the checks, what is not done and why; and where the client agrees or declines.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{ADVICE, Client, asset_class, both, page, rule};
use crate::bars::bar;
use crate::document::{list, members, number, text, truth, whole};
use crate::language::Language;
use crate::shell::{percent, table};

/// A proposal with what it is seen beside.
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// The answer of `GET /advice/proposals/{id}`.
    pub answer: Value,
    /// The answer of `GET /advice/portfolios/{goal}`, while the proposal is open.
    pub before: Value,
    /// The client's mandate, if one was signed.
    pub mandate: Value,
}

/// The page of a proposal.
pub fn proposal(client: &Client, proposed: &Proposed) -> String {
    let language = client.language();
    let answer = &proposed.answer;
    let (whole_one, goal) = (&answer["proposal"], text(answer, "goal"));
    let explanation = &whole_one["explanation"];
    let body = html! {
        p {
            a href={ (ADVICE) "/goals/" (goal) } { "← " (language.say(Word::Goal)) } " · "
            b { (state(text(answer, "state"), language)) } " · "
            (language.say(Word::GoodUntil)) " " (text(whole_one, "expires"))
        }
        @if !text(whole_one, "review").is_empty() {
            p .open { (language.say(Word::ReviewFirst)) " " span lang="en" { (text(whole_one, "review")) } }
        }
        p { (both(explanation, "english", "chinese", language)) }
        p .quiet { (both(explanation, "would_change_english", "would_change_chinese", language)) }
        (orders(client, &whole_one["orders"]))
        (before_after(client, proposed))
        (cost_and_benefit(client, explanation))
        (super::alternatives::draw(client, list(whole_one, "alternatives")))
        (checks(&whole_one["matching"], language))
        (not_done(client, list(&whole_one["orders"], "not_done")))
        (conflicts(answer, language))
        @if text(answer, "state") == "open" { (answers(client, proposed)) }
        (recorded(answer, language))
    };
    page(client, &language.tell(Word::ProposalNumber, &[("id", text(answer, "id"))]), body)
}

/// What became of a proposal, in words.
pub(super) fn state(state: &str, language: Language) -> &str {
    match state {
        "open" => language.say(Word::Open),
        "accepted" => language.say(Word::Accepted),
        "declined" => language.say(Word::Declined),
        "refused" => language.say(Word::RefusedOne),
        other => other,
    }
}

fn orders(client: &Client, orders: &Value) -> Markup {
    let language = client.language();
    html! {
        h2 { (language.say(Word::Orders)) }
        @if list(orders, "list").is_empty() { p .quiet { (language.say(Word::NoOrders)) } }
        @else {
            (table(language.say(Word::Orders), html! {
                th scope="col" { (language.say(Word::Side)) }
                th scope="col" { (language.say(Word::Product)) }
                th .number scope="col" { (language.say(Word::Amount)) }
                th .number scope="col" { (language.say(Word::Fee)) }
            }, html! {
                @for order in list(orders, "list") {
                    tr {
                        td { (language.say(if text(order, "side") == "buy" { Word::Buy } else { Word::Sell })) }
                        th scope="row" { (text(order, "product")) }
                        td .number { (client.amount(order, "amount_minor")) }
                        td .number { (client.amount(order, "fee_minor")) }
                    }
                }
            }))
        }
    }
}

fn before_after(client: &Client, proposed: &Proposed) -> Markup {
    let language = client.language();
    let orders = &proposed.answer["proposal"]["orders"];
    let after: Vec<(&str, i64)> = members(orders, "holdings_after_minor")
        .filter_map(|(code, value)| Some((code, number(value)?)))
        .collect();
    let before = |code: &str| whole(&proposed.before["holdings_minor"], code);
    let shown_before = proposed.before.is_object();
    let most =
        after.iter().flat_map(|(code, value)| [Some(*value), before(code)]).flatten().max().unwrap_or(1);
    html! {
        h2 { (language.say(Word::BeforeAfter)) }
        (table(language.say(Word::BeforeAfter), html! {
            th scope="col" { (language.say(Word::Product)) }
            @if shown_before { th scope="col" { (language.say(Word::Before)) } th .number scope="col" { (language.say(Word::Worth)) } }
            th scope="col" { (language.say(Word::After)) }
            th .number scope="col" { (language.say(Word::Worth)) }
        }, html! {
            @for (code, value) in &after {
                tr {
                    th scope="row" { (code) }
                    @if shown_before {
                        td { (bar(before(code).unwrap_or(0), most, "quiet")) }
                        td .number { (client.money(before(code).unwrap_or(0))) }
                    }
                    td { (bar(*value, most, "")) }
                    td .number { (client.money(*value)) }
                }
            }
            tr {
                th scope="row" { (language.say(Word::Cash)) }
                @if shown_before { td {} td .number { (client.amount(&proposed.before, "cash_minor")) } }
                td {}
                td .number { (client.amount(orders, "cash_after_minor")) }
            }
        }))
    }
}

fn cost_and_benefit(client: &Client, explanation: &Value) -> Markup {
    let language = client.language();
    let (cost, benefit, why) = (&explanation["cost"], &explanation["benefit"], &explanation["why"]);
    let points: Vec<i64> = list(benefit, "loss_before_after_limit_bp").iter().filter_map(number).collect();
    let chances: Vec<i64> = list(benefit, "goal_before_after_error_bp").iter().filter_map(number).collect();
    let line = |word, value: Markup| html! { div { dt { (language.say(word)) } dd { (value) } } };
    html! {
        h2 { (language.say(Word::CostBenefit)) }
        dl .facts {
            (line(Word::Fees, client.amount(cost, "fees_minor")))
            (line(Word::YearlyCostChange, html! { (percent(whole(cost, "annual_cost_change_bp").unwrap_or(0))) }))
            (line(Word::BenefitLessCost, client.amount(benefit, "benefit_less_cost_minor")))
            @if let [before, after, limit] = points[..] {
                (line(Word::LossUsed, html! { (percent(before)) " → " (percent(after)) ", " (language.say(Word::LimitOf)) " " (percent(limit)) }))
            }
            @if let [before, after, error] = chances[..] {
                (line(Word::GoalChance, html! { (percent(before)) " → " (percent(after)) " (± " (percent(error)) ")" }))
            }
            @if why.is_object() {
                (line(Word::Why, html! {
                    (asset_class(text(why, "class"), language)) ": " (percent(whole(why, "actual_bp").unwrap_or(0))) ", "
                    (language.say(Word::TargetShare)) " " (percent(whole(why, "target_bp").unwrap_or(0))) " ± "
                    (percent(whole(why, "band_bp").unwrap_or(0)))
                }))
            }
        }
    }
}

fn checks(matching: &Value, language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::Checks)) }
        p .quiet { (language.say(Word::PlanGrade)) " " (text(matching, "portfolio_grade")) }
        ul {
            @for check in list(matching, "checks") {
                li {
                    @if truth(check, "passed") { b .good { (language.say(Word::Passed)) } }
                    @else { b .bad { (language.say(Word::Failed)) } }
                    " " (check_of(text(check, "rule"), language))
                    @if !truth(check, "passed") { ": " (rule(text(&check["refusal"], "code"), language)) }
                }
            }
        }
    }
}

/// A check of suitability in the client's language, where it is one of the known ones.
fn check_of(rule: &str, language: Language) -> Markup {
    let word = match rule {
        "profile known and valid" => Word::CheckProfile,
        "lowest category holds R1 only" => Word::CheckLowest,
        "each product within the class" => Word::CheckProducts,
        "products open" => Word::CheckOpen,
        "single fund within its share" => Word::CheckSingle,
        "portfolio within the class" => Word::CheckPortfolio,
        "loss within the class limit" => Word::CheckLoss,
        other => return html! { span lang="en" { (other) } },
    };
    html! { (language.say(word)) }
}

fn not_done(client: &Client, skipped: &[Value]) -> Markup {
    let language = client.language();
    html! {
        h2 { (language.say(Word::NotDone)) }
        @if skipped.is_empty() { p .quiet { (language.say(Word::NothingSkipped)) } }
        ul { @for skip in skipped {
            li {
                b { (text(skip, "product")) } " " (client.amount(skip, "amount_minor")) ": " (rule(text(skip, "reason"), language))
                @if let Some(days) = whole(skip, "days_left") {
                    ", " (language.tell(Word::FeeSaved, &[("days", &days.to_string())])) " " (client.amount(skip, "fee_avoided_minor"))
                }
            }
        } }
    }
}

fn conflicts(answer: &Value, language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::Conflicts)) }
        @if members(answer, "conflicts").next().is_none() { p .quiet { (language.say(Word::NoConflicts)) } }
        ul { @for (code, who) in members(answer, "conflicts") {
            li { b { (code) } ": " (who.as_str().unwrap_or_default()) }
        } }
    }
}

fn answers(client: &Client, proposed: &Proposed) -> Markup {
    let language = client.language();
    let address = format!("{ADVICE}/proposals/{}", text(&proposed.answer, "id"));
    let mandate = &proposed.mandate;
    let signed = mandate.is_object() && text(mandate, "revoked").is_empty();
    html! {
        h2 #mandate { (language.say(Word::YourAnswer)) }
        @if signed {
            p .quiet {
                (language.tell(Word::MandateLine, &[
                    ("day", text(mandate, "signed")), ("turnover", &percent(whole(mandate, "turnover_year_bp").unwrap_or(0))),
                ]))
            }
        } @else {
            form .card method="post" action={ (address) "/mandate" } {
                h3 { (language.say(Word::SignMandate)) }
                p { (language.say(Word::MandateHint)) }
                p { label for="turnover" { (language.say(Word::TurnoverYear)) }
                    input #turnover type="number" name="turnover" min="1" max="1000" value="150" required; }
                button .primary type="submit" { (language.say(Word::SignMandate)) }
            }
        }
        div .pair {
            form .card method="post" action={ (address) "/accept" } {
                label .choice { input type="checkbox" name="confirmed" value="yes" required; " " (language.say(Word::Confirm)) }
                button .primary[signed] type="submit" { (language.say(Word::Accept)) }
            }
            form .card method="post" action={ (address) "/decline" } {
                p { label for="decline-reason" { (language.say(Word::DeclineReason)) }
                    input #decline-reason name="reason" maxlength="200"; }
                button type="submit" { (language.say(Word::Decline)) }
            }
        }
    }
}

fn recorded(answer: &Value, language: Language) -> Markup {
    html! {
        details {
            summary { (language.say(Word::Recorded)) }
            dl .facts {
                @for (name, hash) in members(answer, "hashes") {
                    div { dt { (name) } dd { code { (hash.as_str().unwrap_or_default()) } } }
                }
                div { dt { (language.say(Word::CodeVersion)) } dd { code { (text(answer, "code_version")) } } }
                div { dt { (language.say(Word::Seed)) } dd { code { (answer["seed"].to_string()) } } }
            }
        }
    }
}
