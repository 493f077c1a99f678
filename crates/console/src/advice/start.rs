//! Where a client begins: profile, reserve, goals with one line on how likely each is, and a form for a new goal.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{ADVICE, Client, PROFILE, QUESTIONNAIRE, give_or_take, page, points};
use crate::document::{list, text, whole};
use crate::shell::table;

/// The page over the answer of `GET /advice/users/{user}` (nothing for somebody new) and each goal's projection.
pub fn start(client: &Client, user: &Value, projections: &[(String, Value)]) -> String {
    let language = client.language();
    let goals = list(user, "goals");
    let body = html! {
        (class(client, user))
        (reserve(client, goals))
        h2 { (language.say(Word::Goals)) }
        @if goals.is_empty() { p .empty { (language.say(Word::NoGoals)) } }
        @else { (table_of(client, goals, projections)) }
        @if user["profile"].is_object() { (new_goal(client)) }
        (proposals(client, user))
    };
    page(client, language.say(Word::Start), body)
}

fn class(client: &Client, user: &Value) -> Markup {
    let language = client.language();
    let profile = &user["profile"];
    html! {
        @if profile.is_object() {
            p {
                (language.say(Word::YourClass)) " " b { (text(profile, "class")) } ", "
                (language.say(Word::GoodUntil)) " " (text(profile, "expires")) ". "
                a href=(PROFILE) { (language.say(Word::WhyClass)) }
            }
        } @else {
            div .card {
                p { (language.say(Word::FirstQuestions)) }
                p { a href=(QUESTIONNAIRE) { (language.say(Word::ToQuestions)) } }
            }
        }
    }
}

fn reserve(client: &Client, goals: &[Value]) -> Markup {
    let language = client.language();
    let reserves = goals.iter().filter(|goal| text(goal, "kind") == "reserve");
    let sums = reserves.fold(None, |sums: Option<(i64, i64)>, goal| {
        let (held, wanted) = sums.unwrap_or_default();
        Some((
            held + whole(goal, "value_minor").unwrap_or(0),
            wanted + whole(goal, "target_minor").unwrap_or(0),
        ))
    });
    html! {
        @if let Some((held, wanted)) = sums {
            p .line {
                (language.say(Word::ReserveHeld)) " " b { (client.money(held)) } " / " (client.money(wanted)) " "
                (crate::bars::bar(held, wanted, "good"))
            }
        } @else if !goals.is_empty() {
            p .quiet { (language.say(Word::NoReserve)) }
        }
    }
}

fn table_of(client: &Client, goals: &[Value], projections: &[(String, Value)]) -> Markup {
    let language = client.language();
    let chance = |id: &str| {
        let projection = projections.iter().find(|(goal, _)| goal == id).map(|(_, projection)| projection)?;
        let success = &projection["success"];
        Some(give_or_take(points(&success["probability"])?, points(&success["standard_error"])?))
    };
    let head = html! {
        th scope="col" { (language.say(Word::Goal)) }
        th .number scope="col" { (language.say(Word::Worth)) }
        th .number scope="col" { (language.say(Word::Target)) }
        th scope="col" { (language.say(Word::By)) }
        th scope="col" { (language.say(Word::OnTrack)) }
    };
    let rows = html! {
        @for goal in goals {
            @let id = text(goal, "id");
            tr {
                th scope="row" { a href={ (ADVICE) "/goals/" (id) } { (text(goal, "name")) } }
                td .number { (client.amount(goal, "value_minor")) }
                td .number { (client.amount(goal, "target_minor")) }
                td { (text(goal, "until")) }
                td {
                    @match chance(id) {
                        Some(chance) => b { (language.tell(Word::OnTrackLine, &[("chance", &chance)])) },
                        None => span .quiet { (language.say(Word::NotProjected)) },
                    }
                }
            }
        }
    };
    table(language.say(Word::Goals), head, rows)
}

fn new_goal(client: &Client) -> Markup {
    let language = client.language();
    let kinds = [
        ("home", Word::KindHome),
        ("education", Word::KindEducation),
        ("retirement", Word::KindRetirement),
        ("reserve", Word::KindReserve),
        ("other", Word::KindOther),
    ];
    html! {
        details .card {
            summary { (language.say(Word::NewGoal)) }
            form method="post" action="/advice/goals" {
                p { label for="goal-name" { (language.say(Word::GoalName)) }
                    input #goal-name name="name" required maxlength="64"; }
                p { label for="goal-kind" { (language.say(Word::Kind)) }
                    select #goal-kind name="kind" { @for (kind, word) in kinds { option value=(kind) { (language.say(word)) } } } }
                p { label for="goal-until" { (language.say(Word::By)) }
                    input #goal-until type="date" name="until" required; }
                p { label for="goal-target" { (language.say(Word::Target)) ", " (client.currency) }
                    input #goal-target name="target" inputmode="decimal" required pattern="[0-9]+([.][0-9]+)?"; }
                p { label for="goal-monthly" { (language.say(Word::Monthly)) ", " (client.currency) }
                    input #goal-monthly name="monthly" inputmode="decimal" required pattern="[0-9]+([.][0-9]+)?" value="0"; }
                button .primary type="submit" { (language.say(Word::SetGoal)) }
            }
        }
    }
}

fn proposals(client: &Client, user: &Value) -> Markup {
    let language = client.language();
    let proposals = list(user, "proposals");
    html! {
        @if !proposals.is_empty() {
            h2 { (language.say(Word::Proposals)) }
            ul { @for one in proposals {
                li {
                    a href={ (ADVICE) "/proposals/" (text(one, "id")) } { (text(one, "id")) } ", "
                    (super::proposal::state(text(one, "state"), language)) ", " (text(one, "expires"))
                }
            } }
        }
    }
}
