//! Everything that was recorded of a client, as a list, as one file that verifies without the service, and each proposal
//! computed again.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{ADVICE, Client, page};
use crate::document::{text, whole};
use crate::language::Language;
use crate::shell::table;

/// What came of computing a proposal again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The proposal.
    pub proposal: String,
    /// Whether every bit was the same.
    pub equal: bool,
    /// Why not, in the service's words.
    pub why: String,
}

/// The page over the client's records, oldest first.
pub fn documents(client: &Client, records: &[Value], replayed: Option<&Replayed>) -> String {
    let language = client.language();
    let body = html! {
        @if let Some(replayed) = replayed { (outcome(replayed, language)) }
        p { (language.say(Word::RecordsHint)) }
        @if !records.is_empty() {
            p { a href="/advice/export" download="advice-records.jsonl" { (language.say(Word::Export)) } }
            p { (language.say(Word::ExportHint)) " " code { "sojourn advise replay advice-records.jsonl" } }
        }
        (table(language.say(Word::Documents), html! {
            th .number scope="col" { "#" }
            th scope="col" { (language.say(Word::Day)) }
            th scope="col" { (language.say(Word::What)) }
            th scope="col" { (language.say(Word::Replay)) }
        }, html! { @for record in records.iter().rev() { (row(record, language)) } }))
    };
    page(client, language.say(Word::Documents), body)
}

fn outcome(replayed: &Replayed, language: Language) -> Markup {
    let put = [("id", replayed.proposal.as_str())];
    html! {
        @if replayed.equal { p .notice .good role="status" { (language.tell(Word::EqualYes, &put)) } }
        @else { div .notice .bad role="alert" { p { (language.tell(Word::EqualNo, &put)) } p lang="en" { (replayed.why) } } }
    }
}

fn row(record: &Value, language: Language) -> Markup {
    let body = &record["body"];
    let (kind, id) = (text(record, "kind"), text(body, "id"));
    html! {
        tr {
            td .number { (whole(record, "sequence").unwrap_or(0)) }
            td { (text(record, "day")) }
            th scope="row" {
                (kind_of(kind, language)) " "
                @if kind == "proposal" && !id.is_empty() { a href={ (ADVICE) "/proposals/" (id) } { (id) } }
                @else { code .quiet { (id) } }
                @if body["refusal"].is_object() { " " code .bad { (text(&body["refusal"], "code")) } }
            }
            td {
                @if kind == "proposal" && !id.is_empty() {
                    form method="post" action={ (ADVICE) "/proposals/" (id) "/replay" } {
                        button type="submit" aria-label={ (language.say(Word::ComputeAgain)) " " (id) } { (language.say(Word::ComputeAgain)) }
                    }
                }
            }
        }
    }
}

/// A kind of record, in words.
pub(crate) fn kind_of(kind: &str, language: Language) -> &str {
    let word = match kind {
        "profile" => Word::KindProfile,
        "contradiction" => Word::KindContradiction,
        "goal" => Word::KindGoal,
        "goal-change" => Word::KindGoalChange,
        "proposal" => Word::KindProposal,
        "accept" => Word::KindAccept,
        "decline" => Word::KindDecline,
        "fill" => Word::KindFill,
        "mandate" => Word::KindMandate,
        "revocation" => Word::KindRevocation,
        "complaint" => Word::KindComplaint,
        "grade-notice" => Word::KindGradeNotice,
        "backtest" => Word::KindBacktest,
        "rebalance-run" => Word::KindRun,
        other => return other,
    };
    language.say(word)
}
