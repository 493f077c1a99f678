//! What every page stands in: head, ways to the others, language. All by path, nothing from elsewhere, readable without
//! script.

use maud::{DOCTYPE, Markup, html};

use super::words::{Language, Word};

/// Where pages look for the style sheet.
pub(super) const STYLE_PATH: &str = "/explorer/style.css";
/// The style sheet, in the manner of the console's.
pub(super) const STYLE: &str = include_str!("style.css");

/// Ways from every page.
const WAYS: [(&str, Word); 7] = [
    ("/explorer", Word::Chain),
    ("/explorer/auctions", Word::Auctions),
    ("/explorer/holder", Word::Holder),
    ("/explorer/funder", Word::Funder),
    ("/explorer/buyer", Word::Buyer),
    ("/explorer/observer", Word::Observer),
    ("/explorer/check", Word::Check),
];

/// A page to be framed.
pub(super) struct Frame<'a> {
    pub(super) language: Language,
    /// Its path and query without the language, for the same page in the other one.
    pub(super) here: &'a str,
    pub(super) title: &'a str,
    /// Path of a module that runs once everything is there.
    pub(super) module: Option<&'a str>,
    pub(super) body: Markup,
}

/// The page, whole.
pub(super) fn frame(frame: Frame<'_>) -> String {
    let Frame { language, here, title, module, body } = frame;
    let other = match language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Sojourn" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(STYLE_PATH);
                @if let Some(path) = module { script type="module" src=(path) {} }
            }
            body {
                a .skip href="#content" { (language.say(Word::SkipToContent)) }
                header {
                    p .brand { "Sojourn · " (language.say(Word::Title)) }
                    nav {
                        @for (path, word) in WAYS {
                            a href=(to(language, path)) aria-current=[(here == path).then_some("page")] {
                                (language.say(word))
                            }
                        }
                        a .language href=(to(other, here)) lang=(other.tag()) {
                            (language.say(Word::OtherLanguage))
                        }
                    }
                    h1 { (title) }
                }
                main #content { (body) }
            }
        }
    };
    page.into_string()
}

/// A path in a language.
pub(super) fn to(language: Language, path: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={}", language.short())
}
