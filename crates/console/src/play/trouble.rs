//! Why something that was asked for on a phone or a till was not done.

use maud::{Markup, html};

use super::words::Word;
use super::{Language, Trouble, TroubleKind};

pub(crate) fn trouble(trouble: Option<&Trouble>, language: Language) -> Markup {
    html! {
        @if let Some(trouble) = trouble {
            p .trouble {
                (language.say(spoken(trouble.kind)))
                @if !trouble.detail.is_empty() { " " code { (trouble.detail) } }
            }
        }
    }
}

pub(crate) fn spoken(kind: TroubleKind) -> Word {
    match kind {
        TroubleKind::NoAnswer => Word::NoAnswer,
        TroubleKind::Refused => Word::RefusedByNetwork,
        TroubleKind::NoCode => Word::NoCode,
        TroubleKind::ForeignCode => Word::ForeignCode,
        TroubleKind::BadAmount => Word::BadAmount,
        TroubleKind::Outdated => Word::Outdated,
    }
}
