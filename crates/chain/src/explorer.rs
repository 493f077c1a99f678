//! The chain for people: one page a thing, rendered here, readable without script, in two languages. Reads a node's copy
//! of the chain and decides nothing. Knows no socket.

mod auctions;
mod block;
mod certificate;
mod chain;
mod check;
mod draw;
mod event;
mod frame;
mod member;
#[cfg(test)]
mod tests;
mod views;
mod words;

use consensus::{Archive, Health};
use maud::{Markup, html};
use receivables::Hash;
use receivables::codec::unhex;

use crate::node::queries::Asked;
use crate::replica::Replica;
use frame::{Frame, frame, to};
pub(crate) use words::Language;
use words::Word;

/// Rows of a table at most: a page is for looking, not for copying the state.
const ROWS_MAX: usize = 200;

/// What a page is made from.
pub(crate) struct Asking<'a> {
    /// The node's copy of the chain.
    pub(crate) replica: &'a Replica,
    /// How the network looks.
    pub(crate) health: Health,
    /// The node's own key.
    pub(crate) key: [u8; 32],
    /// This machine's clock.
    pub(crate) now_ms: u64,
    /// Questions for fingerprints so far.
    pub(crate) asked: Asked,
    /// The reader's language.
    pub(crate) language: Language,
    /// What a form asks for.
    pub(crate) who: &'a str,
}

/// What stands at a path under `/explorer`.
pub(crate) enum Shown {
    /// A page.
    Page(String),
    /// Something that a page loads: content type and text.
    Asset(&'static str, String),
    /// A file to be kept: its name and text.
    File(&'static str, String),
    /// A page that says that there is nothing.
    Missing(String),
}

/// A page's title and body, and the script that it runs.
struct Page {
    title: String,
    here: String,
    module: Option<&'static str>,
    body: Markup,
}

impl Page {
    fn new(title: impl Into<String>, here: impl Into<String>, body: Markup) -> Self {
        Self { title: title.into(), here: here.into(), module: None, body }
    }
}

impl Asking<'_> {
    /// The page at a path; blocks and certificates are in the archive.
    pub(crate) async fn show(&self, path: &[&str], archive: &Archive) -> Shown {
        let found = match path {
            [] => Some(chain::page(self)),
            ["style.css"] => return Shown::Asset("text/css; charset=utf-8", frame::STYLE.to_owned()),
            ["verify.js"] => return script(check::VERIFY),
            ["check.js"] => return script(check::CHECK),
            ["check.html"] => return Shown::File("check-a-proof.html", check::alone(self)),
            ["check"] => Some(check::page(self)),
            ["blocks", height] => match height.parse() {
                Ok(height) => block::page(self, archive, height).await,
                Err(_) => None,
            },
            ["events", index] => index.parse().ok().and_then(|index| event::page(self, index)),
            ["certificates", id] => hash(id).and_then(|id| certificate::page(self, &id)),
            ["members", id] => id.parse().ok().and_then(|id| member::page(self, id)),
            ["programmes", id] => id.parse().ok().and_then(|id| member::programme(self, id)),
            ["auctions"] => Some(auctions::page(self)),
            ["holder"] => Some(views::holder(self)),
            ["funder"] => Some(views::funder(self)),
            ["buyer"] => Some(views::buyer(self)),
            ["observer"] => Some(views::observer(self)),
            _ => None,
        };
        match found {
            Some(page) => Shown::Page(self.framed(page)),
            None => {
                let body = html! { p { a href=(self.to("/explorer")) { (self.say(Word::Back)) } } };
                Shown::Missing(self.framed(Page::new(self.say(Word::NotFound), "/explorer", body)))
            }
        }
    }

    fn framed(&self, page: Page) -> String {
        let Page { title, here, module, body } = page;
        frame(Frame { language: self.language, here: &here, title: &title, module, body })
    }

    fn say(&self, word: Word) -> &'static str {
        self.language.say(word)
    }

    fn to(&self, path: &str) -> String {
        to(self.language, path)
    }
}

fn script(text: &str) -> Shown {
    Shown::Asset("text/javascript; charset=utf-8", text.to_owned())
}

fn hash(text: &str) -> Option<Hash> {
    unhex(text)?.try_into().ok()
}
