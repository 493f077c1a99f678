//! A fact of the journal in the ladder: its record, what it did to the book, and that the book still sums to zero.

use maud::{Markup, html};

use crate::play::figures::{count, money, position, signed};
use crate::play::stage::{spoken, tone};
use crate::play::words::Word;
use crate::play::{Balance, Decision, FactName, Language, Posting, PostingKind, Recorded, Verdict};

pub(super) fn fact(fact: &Recorded, language: Language) -> Markup {
    html! {
        div .fact {
            p .fact-head {
                b { (language.say(name(fact.name))) }
                span .quiet { (language.tell(Word::Fact, &[("number", &count(fact.number))])) }
                span .quiet { (language.tell(Word::RecordBytes, &[("bytes", &count(fact.bytes))])) }
                @if let Some(stage) = fact.stage {
                    span .state .(tone(stage)) {
                        (language.tell(Word::ToStage, &[("stage", spoken(stage, language))]))
                    }
                }
            }
            @if let Some(verdict) = &fact.verdict { (judged(verdict, language)) }
            @if !fact.postings.is_empty() {
                ul .postings aria-label=(language.say(Word::Postings)) {
                    @for posting in &fact.postings { (line(posting, language)) }
                }
                (book(fact, language))
            }
        }
    }
}

fn judged(verdict: &Verdict, language: Language) -> Markup {
    let (word, tone) = match verdict.decision {
        Decision::Approve => (Word::Approve, "good"),
        Decision::StepUp => (Word::StepUp, "open"),
        Decision::Review => (Word::Review, "open"),
        Decision::Decline => (Word::Decline, "bad"),
    };
    let percent = format!("{}.{:02}", verdict.score_ppm / 10_000, verdict.score_ppm / 100 % 100);
    let [rules, model] = verdict.versions.map(count);
    html! {
        ul .postings {
            li {
                span .state .(tone) { (language.say(word)) }
                span .way { (verdict.reasons.join(", ")) }
                span .quiet { (language.tell(Word::Score, &[("percent", &percent)])) }
            }
            li { span .quiet { (language.tell(Word::JudgedBy, &[("rules", &rules), ("model", &model)])) } }
        }
    }
}

fn line(posting: &Posting, language: Language) -> Markup {
    let leg = if posting.leg == "cover" { language.say(Word::Cover) } else { posting.leg.as_str() };
    html! {
        li {
            span .kind { (language.say(kind(posting.kind))) }
            span .leg { (leg) }
            span .way { (posting.from) " → " (posting.to) }
            (money(posting.amount))
        }
    }
}

fn book(fact: &Recorded, language: Language) -> Markup {
    html! {
        table .book {
            thead { tr {
                th scope="col" { (language.say(Word::Account)) }
                th .number scope="col" { (language.say(Word::BeforeAfter)) }
            } }
            tbody { @for balance in &fact.balances { (account(balance, language)) } }
            tfoot { @for (currency, sum) in &fact.sums {
                tr {
                    th scope="row" { (language.say(Word::Sum)) }
                    td .number .(if *sum == 0 { "good" } else { "bad" }) { (position(*sum, *currency)) }
                }
            } }
        }
    }
}

fn account(balance: &Balance, language: Language) -> Markup {
    let held = |minor: u128| signed(i128::try_from(minor).unwrap_or(i128::MAX), balance.currency);
    html! {
        tr {
            th scope="row" { (balance.member) " " span .quiet { (balance.currency) } }
            td .number {
                (signed(balance.before_minor, balance.currency)) " → "
                @if balance.before_minor == balance.after_minor { (signed(balance.after_minor, balance.currency)) }
                @else { b { (signed(balance.after_minor, balance.currency)) } }
                @if balance.held_before_minor != balance.held_after_minor {
                    br;
                    span .quiet {
                        (language.say(Word::Held)) " " (held(balance.held_before_minor)) " → "
                        b { (held(balance.held_after_minor)) }
                    }
                }
            }
        }
    }
}

fn kind(kind: PostingKind) -> Word {
    match kind {
        PostingKind::Reserve => Word::Reserve,
        PostingKind::Post => Word::Post,
        PostingKind::Void => Word::Void,
        PostingKind::Move => Word::Move,
    }
}

fn name(name: FactName) -> Word {
    match name {
        FactName::Opened => Word::FactOpened,
        FactName::Quoted => Word::FactQuoted,
        FactName::Confirmed => Word::FactConfirmed,
        FactName::Reserved => Word::FactReserved,
        FactName::Sent => Word::FactSent,
        FactName::Rejected => Word::FactRejected,
        FactName::InDoubt => Word::FactInDoubt,
        FactName::Succeeded => Word::FactSucceeded,
        FactName::Failed => Word::FactFailed,
        FactName::Expired => Word::FactExpired,
        FactName::Cancelled => Word::FactCancelled,
        FactName::CancelAcknowledged => Word::FactCancelAcknowledged,
        FactName::LateSuccess => Word::FactLateSuccess,
        FactName::NoticeTaken => Word::FactNoticeTaken,
        FactName::RefundOpened => Word::FactRefundOpened,
        FactName::RefundSucceeded => Word::FactRefundSucceeded,
        FactName::RefundFailed => Word::FactRefundFailed,
        FactName::RefundStuck => Word::FactRefundStuck,
        FactName::Judged => Word::FactJudged,
    }
}
