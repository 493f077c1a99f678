//! The risk profile: the class, why it is this one, and how to contest it.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{Client, QUESTIONNAIRE, page};
use crate::bars::bar;
use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::table;

/// The page over the `profile` of `GET /advice/users/{user}`.
pub fn profile(client: &Client, profile: &Value) -> String {
    let language = client.language();
    let body = html! {
        @if profile.is_object() { (known(client, profile)) }
        @else {
            div .card {
                p { (language.say(Word::FirstQuestions)) }
                p { a href=(QUESTIONNAIRE) { (language.say(Word::ToQuestions)) } }
            }
        }
    };
    page(client, language.say(Word::Profile), body)
}

fn known(client: &Client, profile: &Value) -> Markup {
    let language = client.language();
    let scores =
        [("capacity", Word::Capacity), ("willingness", Word::Willingness), ("knowledge", Word::Knowledge)];
    html! {
        dl .facts .large {
            div { dt { (language.say(Word::YourClass)) } dd { (text(profile, "class")) } }
            div { dt { (language.say(Word::GoodUntil)) } dd { (text(profile, "expires")) } }
        }
        p { (language.say(means(text(profile, "class")))) }
        @if profile["lowest"] == true { p .open { (language.say(Word::Lowest)) } }
        h2 { (language.say(Word::WhyClass)) }
        p { (language.say(Word::LowerCounts)) }
        (table(language.say(Word::Scores), html! {
            th scope="col" { (language.say(Word::Score)) }
            th scope="col" { (language.say(Word::OfHundred)) }
            th .number scope="col" { (language.say(Word::Points)) }
        }, html! {
            @for (key, word) in scores {
                @let points = whole(profile, key).unwrap_or(0);
                tr { th scope="row" { (language.say(word)) } td { (bar(points, 100, "good")) } td .number { (points) } }
            }
        }))
        ol { @for reason in list(profile, "reasons") { li { (why(reason.as_str().unwrap_or_default(), language)) } } }
        @if !list(profile, "contradictions").is_empty() {
            p { (language.say(Word::Contradictions)) ": "
                span lang="en" { @for one in list(profile, "contradictions") { (one.as_str().unwrap_or_default()) "; " } } }
        }
        h2 { (language.say(Word::Contest)) }
        p { (language.say(Word::ContestHint)) }
        p { a href=(QUESTIONNAIRE) { (language.say(Word::AnswerAgain)) } }
        form .card method="post" action="/advice/complaints" {
            input type="hidden" name="about" value=(text(profile, "id"));
            p { label for="complaint" { (language.say(Word::Complaint)) }
                textarea #complaint name="text" rows="3" required maxlength="1000" {} }
            button type="submit" { (language.say(Word::SendComplaint)) }
        }
        p .quiet { (language.say(Word::Version)) " " (text(profile, "questionnaire")) " · " (text(profile, "id")) }
    }
}

/// A reason in the client's language, as far as its form is known; the rest as the service said it.
fn why(reason: &str, language: Language) -> Markup {
    if reason.starts_with("capacity ")
        && let Some((_, class)) = reason.rsplit_once(' ')
    {
        return html! { (language.tell(Word::LowerGives, &[("class", class)])) };
    }
    if let Some((class, cause)) = reason.strip_prefix("at most ").and_then(|rest| rest.split_once(": ")) {
        return html! { (language.tell(Word::AtMost, &[("class", class)])) " " (because(cause, language)) };
    }
    match reason.strip_prefix("lowest category: ") {
        Some(cause) => html! { (language.say(Word::LowestBecause)) " " (because(cause, language)) },
        None => html! { span lang="en" { (reason) } },
    }
}

fn because(cause: &str, language: Language) -> Markup {
    let words: Vec<&str> = cause.split(' ').collect();
    match words[..] {
        ["knowledge", points, "of", "100", "is", "below", bar] => {
            html! { (language.tell(Word::KnowledgeBelow, &[("points", points), ("bar", bar)])) }
        }
        ["age", years] => html! { (language.tell(Word::OfAge, &[("years", years)])) },
        ["no", "full", "legal", "capacity"] => html! { (language.say(Word::NoCapacity)) },
        _ => html! { span lang="en" { (cause) } },
    }
}

fn means(class: &str) -> Word {
    match class {
        "C1" => Word::C1,
        "C2" => Word::C2,
        "C3" => Word::C3,
        "C4" => Word::C4,
        _ => Word::C5,
    }
}
