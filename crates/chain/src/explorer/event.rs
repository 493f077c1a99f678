//! An event of the log: what became true, when, by which transaction, and its proof to take along.

use maud::html;
use receivables::codec::{Codec as _, hex};
use receivables::{Entry, Event};

use super::draw::time;
use super::words::Word;
use super::{Asking, Page};

pub(super) fn page(asking: &Asking<'_>, index: u64) -> Option<Page> {
    let entry = Entry::decode(&asking.replica.entry(index)?).ok()?;
    let id = hex(&entry.transaction);
    let number = place(asking, &entry, index);
    let body = html! {
        dl {
            dt { (asking.say(Word::Height)) } dd { (asking.block(entry.height)) }
            dt { (asking.say(Word::Time)) } dd { (time(entry.time_ms)) }
            dt { (asking.say(Word::Transactions)) } dd { code { (id) } }
            @if let Some(certificate) = certificate(&entry.event) {
                dt { (asking.say(Word::Certificate)) } dd { (asking.certificate(certificate)) }
            }
        }
        @if let Some(number) = number {
            p { a href=(format!("/proof/{id}?event={number}")) download={ (id) "-" (number) ".proof.json" } {
                (asking.say(Word::DownloadProof))
            } }
        }
        pre tabindex="0" { code { (entry.json()) } }
    };
    let title = format!("{} {index}: {}", asking.say(Word::Event), asking.language.name(entry.event.name()));
    Some(Page::new(title, format!("/explorer/events/{index}"), body))
}

/// Which of its transaction's events it is, if the transaction is still remembered.
fn place(asking: &Asking<'_>, entry: &Entry, index: u64) -> Option<u64> {
    let first = asking.replica.event_of(&entry.transaction, 0)?.index;
    index.checked_sub(first)
}

fn certificate(event: &Event) -> Option<&receivables::Hash> {
    match event {
        Event::Proposed(proposed) => Some(&proposed.certificate),
        Event::Accepted(accepted) | Event::Closed(accepted) => Some(&accepted.certificate),
        Event::Rejected(rejected) => Some(&rejected.certificate),
        Event::Paid(paid) => Some(&paid.certificate),
        _ => None,
    }
}
