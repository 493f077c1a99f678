//! One payment as it was judged: decision, reasons, score with what moved it, facts, versions; and what the windows
//! hold.

use maud::{Markup, html};
use serde_json::Value;

use super::words::Word;
use super::{decision, dollars, probability, reasons, ruling};
use crate::bars::{bar, swing};
use crate::document::{list, text, whole};
use crate::language::Language;
use crate::shell::{instant, table};

/// Contributions shown; the weakest say little.
const CONTRIBUTIONS: usize = 12;

/// One payment of a case.
pub(super) fn payment(payment: &Value, open: bool, language: Language) -> Markup {
    let number = text(payment, "paymentId");
    html! {
        details .card open[open] {
            summary {
                b { (number) } " · " (dollars(whole(payment, "amountCents"))) " · " (decision(payment, language))
                " · " (instant(text(payment, "judgedTime")))
            }
            (verdict(payment, language))
            p { a href={ "/console/payments/" (number) } { (language.say(Word::WholePayment)) } }
        }
    }
}

/// A verdict, whole.
pub(super) fn verdict(verdict: &Value, language: Language) -> Markup {
    let passed = if text(verdict, "letThrough") == "true" { Word::LetThrough } else { Word::Held };
    html! {
        p { (decision(verdict, language)) ", " (language.say(passed)) }
        h3 { (language.say(Word::RulesFired)) }
        @if list(verdict, "reasons").is_empty() { p .quiet { (language.say(Word::None)) } } @else { (reasons(verdict)) }
        (names(Word::ShadowRules, list(verdict, "shadowRules"), language))
        (names(Word::Lacks, list(verdict, "lacks"), language))
        (score(verdict, language))
        @if !text(verdict, "device").is_empty() {
            p { (language.say(Word::Device)) ": " code { (text(verdict, "device")) } }
        }
        (facts(list(verdict, "facts"), language))
        @if !text(verdict, "label").is_empty() {
            p { (language.say(Word::Label)) ": " b { (ruling(text(verdict, "label"), language)) } }
        }
        (versions(list(verdict, "versions"), language))
    }
}

fn names(word: Word, names: &[Value], language: Language) -> Markup {
    html! {
        @if !names.is_empty() {
            p { (language.say(word)) ": " @for name in names { code { (name.as_str().unwrap_or_default()) } " " } }
        }
    }
}

fn score(verdict: &Value, language: Language) -> Markup {
    let ppm = whole(verdict, "scorePpm").unwrap_or(0);
    let contributions = list(verdict, "contributions");
    let most = contributions.iter().filter_map(|one| whole(one, "micro")).map(i64::unsigned_abs).max();
    let most = most.and_then(|most| i64::try_from(most).ok()).unwrap_or(1);
    html! {
        h3 { (language.say(Word::Score)) }
        @if ppm == 0 && contributions.is_empty() {
            p .quiet { (language.say(Word::NoModel)) }
        } @else {
            p .line { (bar(ppm, 1_000_000, "bad")) " " span .number { (probability(ppm)) } }
            @if let Some(shadow) = whole(verdict, "shadowScorePpm") {
                p .quiet { (language.say(Word::ShadowScore)) " " (probability(shadow)) }
            }
        }
        @if !contributions.is_empty() {
            (table(&format!("{} {}", language.say(Word::Contributions), text(verdict, "paymentId")), html! {
                th scope="col" { (language.say(Word::Feature)) }
                th scope="col" { (language.say(Word::LowersRaises)) }
                th .number scope="col" { (language.say(Word::LogOdds)) }
            }, html! {
                @for one in contributions.iter().take(CONTRIBUTIONS) {
                    @let micro = whole(one, "micro").unwrap_or(0);
                    tr {
                        th scope="row" { code { (text(one, "feature")) } }
                        td { (swing(micro, most)) }
                        td .number { (millionths(micro)) }
                    }
                }
            }))
            @if contributions.len() > CONTRIBUTIONS {
                p .quiet { (language.tell(Word::More, &[("n", &(contributions.len() - CONTRIBUTIONS).to_string())])) }
            }
        }
    }
}

fn millionths(micro: i64) -> String {
    let sign = if micro < 0 { "−" } else { "+" };
    format!("{sign}{}.{:03}", micro.unsigned_abs() / 1_000_000, micro.unsigned_abs() / 1_000 % 1_000)
}

fn facts(facts: &[Value], language: Language) -> Markup {
    html! {
        @if !facts.is_empty() {
            h3 { (language.say(Word::Facts)) }
            dl .facts { @for fact in facts { div { dt { code { (text(fact, "name")) } } dd { (text(fact, "value")) } } } }
        }
    }
}

/// What the windows hold at present for the newest payment.
pub(super) fn windows(windows: &[Value], language: Language) -> Markup {
    html! {
        @if !windows.is_empty() {
            details .card {
                summary { (language.tell(Word::Windows, &[("n", &windows.len().to_string())])) }
                dl .facts { @for one in windows { div { dt { code { (text(one, "name")) } } dd { (text(one, "value")) } } } }
            }
        }
    }
}

/// Versions of what judged, by their names.
pub(super) fn versions(versions: &[Value], language: Language) -> Markup {
    let names = [Word::Features, Word::Rules, Word::Model, Word::Lists, Word::Policy];
    html! {
        @if !versions.is_empty() {
            p .quiet {
                (language.say(Word::Versions)) ": "
                @for (word, version) in names.into_iter().zip(versions) {
                    (language.say(word)) "\u{a0}" code { (version.as_str().unwrap_or_default()) } " "
                }
            }
        }
    }
}
