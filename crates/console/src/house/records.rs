//! Records of any subject: searched by its name, read whole, and proposals computed again.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{RECORDS, page};
use crate::advice::{Replayed, kind_of};
use crate::document::{text, whole};
use crate::language::Language;
use crate::shell::Visit;

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The subject asked for: `house`, a member, or `member/user`.
    pub subject: String,
    /// One page of its records, oldest first.
    pub records: Vec<Value>,
    /// Where the next page begins.
    pub next: Option<i64>,
    /// What came of computing a proposal again.
    pub replayed: Option<Replayed>,
}

/// The page over the answer of `GET /operator/v1/advice/records`.
pub fn records(visit: &Visit, found: &Found) -> String {
    let language = visit.language;
    let body = html! {
        @if let Some(replayed) = &found.replayed { (outcome(replayed, language)) }
        form .card method="get" action=(RECORDS) {
            p { label for="subject" { (language.say(Word::Subject)) }
                input #subject name="subject" required maxlength="256" value=(found.subject) autocomplete="off"; }
            button .primary type="submit" { (language.say(Word::Search)) }
        }
        @if found.records.is_empty() { p .empty { (language.say(Word::NothingFound)) } }
        @for record in &found.records { (one(record, &found.subject, language)) }
        @if let Some(next) = found.next {
            form method="get" action=(RECORDS) {
                input type="hidden" name="subject" value=(found.subject);
                input type="hidden" name="from" value=(next);
                button type="submit" { (language.say(Word::Next)) }
            }
        }
    };
    page(visit, Word::Records, body)
}

fn outcome(replayed: &Replayed, language: Language) -> Markup {
    let put = [("id", replayed.proposal.as_str())];
    html! {
        @if replayed.equal { p #replayed .notice .good role="status" { (language.tell(Word::EqualYes, &put)) } }
        @else { div #replayed .notice .bad role="alert" { p { (language.tell(Word::EqualNo, &put)) } p lang="en" { (replayed.why) } } }
    }
}

fn one(record: &Value, subject: &str, language: Language) -> Markup {
    let body = &record["body"];
    let (kind, id) = (text(record, "kind"), text(body, "id"));
    let written = serde_json::to_string_pretty(body).unwrap_or_default();
    // A proposal's record holds the prices it was computed from; the export has every byte.
    let shown: String = written.chars().take(20_000).collect();
    html! {
        details .card {
            summary {
                "#" (whole(record, "sequence").unwrap_or(0)) " · " (text(record, "day")) " · " b { (kind_of(kind, language)) } " "
                code { (id) } " " span .quiet { (text(body, "by")) }
            }
            @if kind == "proposal" && !id.is_empty() {
                form method="post" action={ (RECORDS) "/replay" } {
                    input type="hidden" name="proposal" value=(id);
                    input type="hidden" name="subject" value=(subject);
                    button type="submit" { (language.say(Word::ComputeAgain)) " " (id) }
                }
            }
            p .quiet { (language.say(Word::Previous)) " " code { (text(record, "previous")) } }
            pre tabindex="0" { (shown) @if shown.len() < written.len() { "…" } }
        }
    }
}
