//! What judges at present: rules, versions, lists, stops and limits in force, and the changes that wait for a second
//! person, who approves with a token of their own.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{CONTROL, console, count, decision, dollars, evidence};
use crate::document::{list, number, text, whole};
use crate::language::Language;
use crate::shell::{Visit, instant, table};

/// A key as the operator API writes it, and what is shown of it at once.
const KEY_DIGITS: usize = 16;
const KEY_SHOWN: usize = 6;

/// The page over the answer of `GET /operator/v1/risk` and that of `risk/lists`, nothing where no list is published.
pub fn control(visit: &Visit, answer: &Value, screening: &Value) -> String {
    let language = visit.language;
    let body = html! {
        (tally(answer, language))
        (evidence::versions(list(answer, "versions"), language))
        @if !text(answer, "shadowVersion").is_empty() {
            p .quiet { (language.say(Word::ShadowModel)) " " code { (text(answer, "shadowVersion")) } }
        }
        (proposals(list(answer, "proposals"), visit))
        (stops(answer, language))
        (limits(answer, language))
        (lists(list(answer, "lists"), language))
        (sanctions(screening, language))
        (rules(list(answer, "rules"), language))
    };
    console(visit, language.say(Word::Control), body)
}

fn tally(answer: &Value, language: Language) -> Markup {
    let judged = list(answer, "judged").iter().filter_map(number);
    let words = [Word::Approve, Word::StepUp, Word::Review, Word::Decline];
    html! {
        dl .facts {
            @for (word, count) in words.into_iter().zip(judged) {
                div { dt { (language.say(word)) } dd { (crate::play::count(count.unsigned_abs())) } }
            }
            div { dt { (language.say(Word::Refused)) } dd { (count(answer, "refused")) } }
            div { dt { (language.say(Word::OpenCasesShort)) } dd { (count(answer, "openCases")) } }
        }
    }
}

fn proposals(proposals: &[Value], visit: &Visit) -> Markup {
    let language = visit.language;
    html! {
        h2 { (language.say(Word::Waits)) }
        @if proposals.is_empty() { p .quiet { (language.say(Word::NothingWaits)) } }
        @for proposal in proposals {
            @let (number, maker) = (text(proposal, "number"), text(proposal, "maker"));
            @let id = format!("token-{number}");
            div .card {
                p {
                    b { (number) } " · " (kind(text(proposal, "kind"), language)) " · "
                    (language.tell(Word::ProposedBy, &[("who", maker)])) " · " (instant(text(proposal, "proposedTime")))
                }
                p {
                    @if !text(proposal, "subject").is_empty() { (party(text(proposal, "subject"), language)) " " }
                    @if !text(proposal, "name").is_empty() {
                        code { (text(proposal, "name")) } ", "
                        (language.tell(Word::Entries, &[("n", &count(proposal, "entryCount"))])) " "
                    }
                    @if let Some(cents) = whole(proposal, "amountMaxCents") { (dollars(Some(cents))) }
                }
                @if !text(proposal, "text").is_empty() {
                    details { summary { (language.say(Word::WholeText)) } pre tabindex="0" { (text(proposal, "text")) } }
                }
                form method="post" action={ (CONTROL) "/changes/" (number) "/confirm" } {
                    @if visit.person.as_deref() == Some(maker) {
                        p {
                            label for=(id) { (language.say(Word::OtherToken)) }
                            input id=(id) type="password" name="token" required autocomplete="off" maxlength="512";
                        }
                    }
                    button .primary type="submit" { (language.say(Word::Confirm)) }
                }
                form method="post" action={ (CONTROL) "/changes/" (number) "/withdraw" } {
                    button type="submit" { (language.say(Word::Withdraw)) }
                }
            }
        }
    }
}

fn kind(kind: &str, language: Language) -> &str {
    match kind {
        "RULES" => language.say(Word::Rules),
        "POLICY" => language.say(Word::Policy),
        "MODEL" => language.say(Word::ShadowModel),
        "PROMOTE_MODEL" => language.say(Word::Promote),
        "ROLL_BACK_MODEL" => language.say(Word::RollBack),
        "LIST" => language.say(Word::List),
        "RESUME" => language.say(Word::Resume),
        "LIMIT" => language.say(Word::Limit),
        other => other,
    }
}

fn stops(answer: &Value, language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::Stops)) }
        @if list(answer, "stops").is_empty() { p .quiet { (language.say(Word::None)) } }
        @else {
            (table(language.say(Word::Stops), html! {
                th scope="col" { (language.say(Word::Party)) }
                th scope="col" { (language.say(Word::Since)) }
                th scope="col" { (language.say(Word::Resume)) }
            }, html! {
                @for stop in list(answer, "stops") {
                    tr {
                        th scope="row" { (party(text(stop, "subject"), language)) }
                        td { (instant(text(stop, "since"))) }
                        td {
                            form method="post" action={ (CONTROL) "/resume" } {
                                input type="hidden" name="subject" value=(text(stop, "subject"));
                                button type="submit" { (language.say(Word::ProposeResume)) }
                            }
                        }
                    }
                }
            }))
        }
        form .card method="post" action={ (CONTROL) "/stop" } {
            h3 { (language.say(Word::StopParty)) }
            p { (language.say(Word::StopHint)) }
            p {
                label for="stop-subject" { (language.say(Word::PartyNamed)) }
                input #stop-subject name="subject" required maxlength="256" autocomplete="off";
            }
            p {
                label for="stop-reason" { (language.say(Word::Reason)) }
                input #stop-reason name="reason" required maxlength="512" autocomplete="off";
            }
            button .grave type="submit" { (language.say(Word::StopNow)) }
        }
    }
}

/// A party by its name; one whose name is not known here any more by the first digits of its key, which opens to the
/// whole.
fn party(subject: &str, language: Language) -> Markup {
    let is_key = subject.len() == KEY_DIGITS && subject.bytes().all(|digit| digit.is_ascii_hexdigit());
    match subject.get(..KEY_SHOWN).filter(|_| is_key) {
        None => html! { code { (subject) } },
        Some(first) => html! {
            details .key {
                summary title=(subject) { code { (first) "…" } " " span .quiet { (language.say(Word::NoName)) } }
                code { (subject) }
            }
        },
    }
}

fn limits(answer: &Value, language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::Limits)) }
        @if list(answer, "limits").is_empty() { p .quiet { (language.say(Word::None)) } }
        @else {
            ul {
                @for limit in list(answer, "limits") {
                    li { (party(text(limit, "subject"), language)) " " (dollars(whole(limit, "amountMaxCents"))) }
                }
            }
        }
    }
}

fn lists(lists: &[Value], language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::RuleLists)) }
        @if lists.is_empty() { p .quiet { (language.say(Word::None)) } }
        ul {
            @for one in lists {
                li {
                    code { (text(one, "name")) } ", "
                    (language.tell(Word::Entries, &[("n", &count(one, "entryCount"))]))
                }
            }
        }
    }
}

fn sanctions(screening: &Value, language: Language) -> Markup {
    html! {
        @if screening["lists"].is_array() {
            h2 { (language.say(Word::SanctionsLists)) }
            p {
                (language.tell(Word::ScreenedLine, &[
                    ("parties", &count(screening, "partyCount")), ("hits", &count(screening, "hitCount")),
                    ("cleared", &count(screening, "clearedCount")),
                ]))
                @if text(screening, "stale") == "true" { " " b .bad { (language.say(Word::StaleLists)) } }
                @if text(screening, "waiting") == "true" { " " b .open { (language.say(Word::StillComparing)) } }
            }
            (table(language.say(Word::SanctionsLists), html! {
                th scope="col" { (language.say(Word::Name)) }
                th .number scope="col" { (language.say(Word::EntryCount)) }
                th scope="col" { (language.say(Word::Version)) }
                th scope="col" { (language.say(Word::Published)) }
                th scope="col" { (language.say(Word::Checked)) }
            }, html! {
                @for one in list(screening, "lists") {
                    tr {
                        th scope="row" { (text(one, "name")) }
                        td .number { (count(one, "entryCount")) }
                        td { code { (text(one, "version")) } }
                        td { (instant(text(one, "changedTime"))) }
                        td { (instant(text(one, "checkedTime"))) }
                    }
                }
            }))
        }
    }
}

fn rules(rules: &[Value], language: Language) -> Markup {
    html! {
        h2 { (language.say(Word::RulesInForce)) }
        (table(language.say(Word::RulesInForce), html! {
            th scope="col" { (language.say(Word::Name)) }
            th scope="col" { (language.say(Word::Mode)) }
            th scope="col" { (language.say(Word::Decides)) }
            th scope="col" { (language.say(Word::When)) }
        }, html! {
            @for rule in rules {
                tr {
                    th scope="row" { (text(rule, "name")) br; code .quiet { (text(rule, "code")) } }
                    td { (mode(text(rule, "mode"), language)) }
                    td { (decision(rule, language)) }
                    td .long { code { (text(rule, "when")) } }
                }
            }
        }))
    }
}

fn mode(mode: &str, language: Language) -> &str {
    match mode {
        "LIVE" => language.say(Word::Live),
        "SHADOW" => language.say(Word::Shadow),
        "OFF" => language.say(Word::Off),
        other => other,
    }
}
