//! The lifecycle of a payment as a drawing, with the way that one payment took. Every line in it is an arm of the
//! switch's table; it decides nothing.

use maud::{Markup, html};
use switch::Stage;
use switch::Stage::{
    Cancelled, CodeIssued, Expired, Failed, InDoubt, Quoted, Rejected, Reserved, Sent, Succeeded,
};

use super::Language;
use super::figures::since;
use super::stage::{spoken, tone};
use super::words::Word;

const WIDTH: i32 = 88;
const HEIGHT: i32 = 38;

/// Where each stage stands: the middle of its box.
fn place(stage: Stage) -> (i32, i32) {
    match stage {
        CodeIssued => (80, 44),
        Quoted => (190, 44),
        Reserved => (300, 44),
        Sent => (410, 44),
        Succeeded => (532, 44),
        InDoubt => (410, 108),
        Expired => (120, 172),
        Rejected => (232, 172),
        Failed => (372, 172),
        Cancelled => (532, 172),
    }
}

/// Every way from one stage to another, and how it is drawn (SVG path data). None as the first: where a payment begins.
const WAYS: &[(Option<Stage>, Stage, &str)] = &[
    (None, CodeIssued, "M16 44H34"),
    (None, Quoted, "M10 38C10 4 190 -4 190 23"),
    (Some(CodeIssued), Quoted, "M124 44H144"),
    (Some(CodeIssued), Expired, "M90 63C96 100 102 130 106 151"),
    (Some(CodeIssued), Cancelled, "M52 63V207H546V193"),
    (Some(Quoted), Reserved, "M234 44H254"),
    (Some(Quoted), Rejected, "M210 63C222 100 228 120 230 151"),
    (Some(Quoted), Expired, "M168 63C148 100 140 120 134 151"),
    (Some(Quoted), Cancelled, "M182 63V201H518V193"),
    (Some(Reserved), Sent, "M344 44H364"),
    (Some(Sent), Succeeded, "M454 44H486"),
    (Some(Sent), InDoubt, "M410 63V87"),
    (Some(Sent), Failed, "M378 63C350 96 350 120 360 151"),
    (Some(Sent), Cancelled, "M446 63C486 86 506 116 514 151"),
    (Some(InDoubt), Succeeded, "M454 104C490 100 512 86 520 65"),
    (Some(InDoubt), Failed, "M394 127C390 136 388 142 384 151"),
    (Some(InDoubt), Cancelled, "M446 127C466 140 478 144 490 152"),
    (Some(Succeeded), Cancelled, "M552 63V151"),
];

/// The drawing. `passed` is the way, with unix milliseconds; `began_ms` the instant they are counted from.
pub(crate) fn lifecycle(passed: &[(Stage, u64)], began_ms: u64, language: Language) -> Markup {
    let way: Vec<&str> = passed.iter().map(|(stage, _)| spoken(*stage, language)).collect();
    let spoken_way = match way.is_empty() {
        true => language.say(Word::LifecycleNone).to_owned(),
        false => language.tell(Word::LifecycleAlt, &[("way", &way.join(" → "))]),
    };
    html! {
        div .drawing tabindex="0" role="group" aria-label=(language.say(Word::Lifecycle)) {
            svg .lifecycle viewBox="0 0 584 212" width="584" height="212" role="img" aria-label=(spoken_way) {
                defs {
                    @for (id, class) in [("head", "head"), ("head-taken", "head taken")] {
                        marker id=(id) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
                            orient="auto-start-reverse" { path class=(class) d="M0 0L8 4L0 8z" {} }
                    }
                }
                circle .begin cx="10" cy="44" r="5" {}
                // What was taken is drawn last, so that nothing crosses it.
                @for (from, to, path) in WAYS { @if !took(passed, *from, *to) { (line(path, false)) } }
                @for (from, to, path) in WAYS { @if took(passed, *from, *to) { (line(path, true)) } }
                @for stage in Stage::ALL { (node(stage, passed, began_ms, language)) }
            }
        }
    }
}

/// Whether the payment went this way.
fn took(passed: &[(Stage, u64)], from: Option<Stage>, to: Stage) -> bool {
    match from {
        None => passed.first().is_some_and(|(first, _)| *first == to),
        Some(from) => passed.windows(2).any(|pair| pair[0].0 == from && pair[1].0 == to),
    }
}

fn line(path: &str, taken: bool) -> Markup {
    let (class, head) = if taken { ("way taken", "url(#head-taken)") } else { ("way", "url(#head)") };
    html! { path class=(class) d=(path) marker-end=(head) {} }
}

fn node(stage: Stage, passed: &[(Stage, u64)], began_ms: u64, language: Language) -> Markup {
    let (x, y) = place(stage);
    let at = passed.iter().rev().find(|(known, _)| *known == stage).map(|(_, at)| *at);
    let here = passed.last().is_some_and(|(last, _)| *last == stage);
    html! {
        g .stage .(tone(stage)) .passed[at.is_some()] .here[here] {
            rect x=(x - WIDTH / 2) y=(y - HEIGHT / 2) width=(WIDTH) height=(HEIGHT) rx="5" {}
            @if let Some(at) = at {
                text x=(x) y=(y - 2) { (spoken(stage, language)) }
                text .at x=(x) y=(y + 13) { (since(began_ms, at)) " ms" }
            } @else {
                text x=(x) y=(y + 5) { (spoken(stage, language)) }
            }
        }
    }
}
