//! A code on a screen: its picture, and how long it is good.

use maud::{Markup, html};

use super::figures::countdown;
use super::words::Word;
use super::{Language, ShownCode};

/// The symbol as a picture of its own, so that nothing in it touches the page.
pub(crate) fn picture(code: &ShownCode, spoken: &str) -> Markup {
    html! { img .symbol alt=(spoken) width="140" height="140" src={ "data:image/svg+xml," (escaped(&code.svg)) }; }
}

/// `Good for 0:54`.
pub(crate) fn countdown_line(label: Word, until_ms: u64, language: Language) -> Markup {
    html! { p .quiet .centred { (language.say(label)) " " (countdown(until_ms, language.say(Word::Ended))) } }
}

/// Text for a `data:` address (RFC 3986): every byte that could end it or mean something is a percent triple.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
