//! Checking a proof in the reader's own browser: a page whose script asks nobody, and the same page as one file that
//! works offline.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use receivables::codec::hex;

use super::frame::STYLE;
use super::words::Word;
use super::{Asking, Page};

/// The verifier, written from the proof's format alone.
pub(super) const VERIFY: &str = include_str!("../../../receivables/verify.js");
/// What joins it to the page.
pub(super) const CHECK: &str = include_str!("check.js");

pub(super) fn page(asking: &Asking<'_>) -> Page {
    let body = html! {
        (form(asking, &hex(asking.replica.chain())))
        p { a href=(asking.to("/explorer/check.html")) download="check-a-proof.html" {
            (asking.say(Word::CheckSave))
        } }
    };
    let title = asking.say(Word::Check);
    Page { module: Some("/explorer/check.js"), ..Page::new(title, "/explorer/check", body) }
}

/// The page as one file: style and scripts inside, and no chain's id, which its user must know from elsewhere.
pub(super) fn alone(asking: &Asking<'_>) -> String {
    // In one script there is nothing to fetch from each other.
    let verify = VERIFY.replace("\nexport ", "\n");
    let check = CHECK.replace("import { verify } from \"./verify.js\";\n", "");
    let page = html! {
        (DOCTYPE)
        html lang=(asking.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                title { (asking.say(Word::Check)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { h1 { (asking.say(Word::Check)) } (form(asking, "")) }
                script type="module" { (PreEscaped(verify)) (PreEscaped(check)) }
            }
        }
    };
    page.into_string()
}

fn form(asking: &Asking<'_>, chain: &str) -> Markup {
    let words = [
        ("good", Word::CheckGood),
        ("bad", Word::CheckBad),
        ("final", Word::CheckFinal),
        ("absent", Word::CheckAbsent),
        ("stands", Word::CheckStands),
        ("event", Word::CheckEvent),
        ("by", Word::CheckBy),
        ("took", Word::CheckTook),
    ];
    html! {
        p { (asking.say(Word::CheckWhat)) }
        noscript { p .bad { (asking.say(Word::CheckScript)) } }
        form #check {
            label { (asking.say(Word::CheckChain))
                input name="chain" value=(chain) autocomplete="off" spellcheck="false" required;
            }
            label { (asking.say(Word::CheckFile)) input name="file" type="file" accept=".json" required; }
            button { (asking.say(Word::CheckGo)) }
        }
        div #shown role="status" {}
        template #words { @for (name, word) in words { span data-word=(name) { (asking.say(word)) } } }
    }
}
