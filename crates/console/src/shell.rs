//! What the console's pages and the client's stand in: a head with the way around, the other language and the theme, a
//! notice, one main part. Every page reads without a script.

use maud::{Markup, html};

use crate::frame::{Frame, STYLE, STYLE_PATH, frame};
use crate::language::{Language, catalogue};
use crate::{play, refusals};

const STYLES_PATH: &str = "/pages.css";

/// Whose page is drawn, and how.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The language.
    pub language: Language,
    /// The page's own path, for the link to the other language.
    pub path: String,
    /// Who is signed in.
    pub person: Option<String>,
    /// What became of what was asked for last.
    pub notice: Option<Notice>,
}

/// What became of a request, told at the top of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was done.
    Done,
    /// It was not, and why: a code, a sentence, and what can be done.
    Refused {
        /// The code of the rule or result.
        code: String,
        /// The sentence, as it was answered.
        sentence: String,
        /// What can be changed; may be empty.
        remedy: String,
    },
}

/// A page to be framed.
pub(crate) struct Shell<'a> {
    pub(crate) visit: &'a Visit,
    /// What this part is called, beside the network's name.
    pub(crate) place: &'a str,
    pub(crate) title: &'a str,
    /// Address and name of every page of this part.
    pub(crate) ways: Vec<(&'a str, &'a str)>,
    /// Stands at the end of the head.
    pub(crate) corner: Markup,
    pub(crate) body: Markup,
}

catalogue! {
    Skip: "Skip to the page", "跳到正文";
    OtherLanguage: "中文", "English";
    Dark: "Dark", "深色";
    Light: "Light", "浅色";
    Pages: "Pages", "页面";
    Done: "Recorded.", "已记录。";
    Remedy: "To the questions", "前往问卷";
    OwnWords: "In the service’s own words", "服务原文（英文）";
    NotDone: "That was not done.", "未能完成。";
}

/// Path, content type and text of everything that these pages load.
pub fn assets() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let sheet = "text/css; charset=utf-8";
    let own = [(STYLE_PATH, sheet, STYLE), (STYLES_PATH, sheet, include_str!("pages.css"))];
    own.into_iter().chain(play::assets().iter().copied().filter(|(path, ..)| *path == play::THEME_PATH))
}

pub(crate) fn shell(shell: Shell<'_>) -> String {
    let language = shell.visit.language;
    let here = |path: &str| path == shell.visit.path;
    frame(Frame {
        language: language.tag(),
        title: shell.title,
        class: "pages",
        styles: &[STYLES_PATH],
        first_script: Some(play::THEME_PATH),
        module: None,
        drawn_with: None,
        refresh_s: None,
        body: html! {
            a .skip href="#main" { (language.say(Word::Skip)) }
            header .head {
                p .brand { "Sojourn · " (shell.place) }
                @if !shell.ways.is_empty() {
                    nav aria-label=(language.say(Word::Pages)) { ul {
                        @for (path, name) in &shell.ways {
                            li { a href=(path) aria-current=[here(path).then_some("page")] { (name) } }
                        }
                    } }
                }
                div .corner {
                    (shell.corner)
                    a #other-language hreflang=(language.other().tag()) lang=(language.other().tag())
                        href={ (shell.visit.path) "?lang=" (language.other().short()) } {
                        (language.say(Word::OtherLanguage))
                    }
                    button #theme type="button" hidden data-dark=(language.say(Word::Dark))
                        data-light=(language.say(Word::Light)) { (language.say(Word::Dark)) }
                }
            }
            main #main tabindex="-1" {
                h1 { (shell.title) }
                (notice(shell.visit.notice.as_ref(), language))
                (shell.body)
            }
        },
    })
}

fn notice(notice: Option<&Notice>, language: Language) -> Markup {
    html! {
        @match notice {
            None => {}
            Some(Notice::Done) => p .notice .good role="status" { (language.say(Word::Done)) },
            Some(Notice::Refused { code, sentence, remedy }) => {
                div .notice .bad role="alert" {
                    p {
                        b { (refusals::said(code, language).unwrap_or(language.say(Word::NotDone))) }
                        @if let Some(page) = refusals::remedy_at(code) {
                            " " a href=(page) { (language.say(Word::Remedy)) }
                        }
                    }
                    (own_words(code, sentence, remedy, language))
                }
            }
        }
    }
}

/// The code, and what the service said of it. Its sentences are English: in another language the remedy is translated
/// where it is known, and the sentences stand folded behind.
fn own_words(code: &str, sentence: &str, remedy: &str, language: Language) -> Markup {
    let known = refusals::said(code, language).is_some() && language != Language::English;
    let original = html! { span lang="en" { (sentence) " " (remedy) } };
    html! {
        p .quiet {
            code { (code) } " "
            @if !known { (original) }
            @else if let Some(remedy) = refusals::remedied(remedy, language) { (remedy) }
        }
        @if known && !sentence.is_empty() {
            details .quiet { summary { (language.say(Word::OwnWords)) } p { (original) } }
        }
    }
}

/// A table in a frame that scrolls by itself where it is too wide, reachable by keyboard.
pub(crate) fn table(label: &str, head: Markup, body: Markup) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label=(label) {
            table { thead { tr { (head) } } tbody { (body) } }
        }
    }
}

/// `2026-11-23 04:50 UTC` from an instant of the API in UTC.
pub(crate) fn instant(text: &str) -> Markup {
    let day = text.get(..10).unwrap_or(text);
    let clock = text.get(11..16).unwrap_or_default();
    html! { time datetime=(text) { (day) "\u{a0}" (clock) "\u{a0}UTC" } }
}

/// `12.34 %` of basis points.
pub(crate) fn percent(bp: i64) -> String {
    let sign = if bp < 0 { "−" } else { "" };
    format!("{sign}{}.{:02}\u{a0}%", bp.unsigned_abs() / 100, bp.unsigned_abs() % 100)
}
