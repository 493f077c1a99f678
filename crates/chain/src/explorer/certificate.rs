//! A certificate: what is owed and when, its parts and their holders as a tree, and the log of its events.

use maud::{Markup, html};
use receivables::codec::{Codec as _, hex};
use receivables::state::{CertificateRecord, Key, PartRecord, State};
use receivables::{Entry, Hash};

use super::draw::{amount, date, short};
use super::words::Word;
use super::{Asking, Page, ROWS_MAX};

/// A part with those that it was split into.
struct Branch {
    id: Hash,
    part: PartRecord,
    children: Vec<Branch>,
}

pub(super) fn page(asking: &Asking<'_>, id: &Hash) -> Option<Page> {
    let now_ms = asking.replica.standing().time_ms;
    let (record, tree) = asking.replica.look(|state| {
        let record = state.certificate(id)?.clone();
        let tree = tree(state, &record, now_ms);
        Some((record, tree))
    })?;
    let day = asking.day();
    let stage = record.stage(day).name();
    let state_key = hex(&Key::Certificate(*id).encode());
    let body = html! {
        dl {
            dt { (asking.say(Word::Amount)) } dd { (amount(record.currency, record.face)) }
            dt { (asking.say(Word::State)) }
            dd {
                (asking.language.name(stage))
                @if record.frozen { " · " span .bad { (asking.say(Word::Frozen)) } }
            }
            dt { (asking.say(Word::Due)) }
            dd { (date(record.due_day)) " · " (asking.say(Word::DaysLeft)) " " (record.due_day.saturating_sub(day)) }
            dt { (asking.say(Word::Paid)) } dd { (amount(record.currency, record.paid)) }
            dt { (asking.say(Word::Unpaid)) } dd { (amount(record.currency, record.unpaid())) }
            dt { (asking.say(Word::Supplier)) } dd { (asking.party(&record.supplier)) }
            dt { (asking.say(Word::Programme)) }
            dd { a href=(asking.to(&format!("/explorer/programmes/{}", record.programme))) { (record.programme) } }
            @for fingerprint in &record.fingerprints {
                dt { (asking.say(Word::Fingerprint)) } dd { code { (hex(fingerprint)) } }
            }
        }
        p { a href=(format!("/state/{state_key}")) download={ (short(id)) ".proof.json" } {
            (asking.say(Word::DownloadProof))
        } }
        h2 { (asking.say(Word::TreeOfParts)) }
        @if tree.is_empty() { p .quiet { (asking.say(Word::None)) } }
        ul .tree { @for branch in &tree { (drawn(asking, &record, branch)) } }
        h2 { (asking.say(Word::LogOfEvents)) }
        (events(asking, id))
    };
    let title = format!("{} {}…", asking.say(Word::Certificate), short(id));
    Some(Page::new(title, format!("/explorer/certificates/{}", hex(id)), body))
}

/// From the leaves up to the parts that were split from nothing. An auction that is over is left out.
fn tree(state: &State, record: &CertificateRecord, now_ms: u64) -> Vec<Branch> {
    let mut parts = std::collections::BTreeMap::<Hash, PartRecord>::new();
    for leaf in &record.leaves {
        let mut at = Some(*leaf);
        while let Some(id) = at.filter(|id| !parts.contains_key(id)) {
            let Some(mut part) = state.part(&id).cloned() else { break };
            let open = |auction: &Hash| {
                state
                    .auction(auction)
                    .is_some_and(|auction| !auction.taken && auction.reveal_until_ms > now_ms)
            };
            part.auction = part.auction.filter(|auction| open(auction));
            at = part.parent;
            parts.insert(id, part);
        }
    }
    below(&parts, None)
}

fn below(parts: &std::collections::BTreeMap<Hash, PartRecord>, parent: Option<Hash>) -> Vec<Branch> {
    let children = parts.iter().filter(|(_, part)| part.parent == parent);
    let branch = |(id, part): (&Hash, &PartRecord)| Branch {
        id: *id,
        part: part.clone(),
        children: below(parts, Some(*id)),
    };
    children.map(branch).collect()
}

fn drawn(asking: &Asking<'_>, record: &CertificateRecord, branch: &Branch) -> Markup {
    let part = &branch.part;
    html! {
        li {
            code title=(hex(&branch.id)) { (short(&branch.id)) "…" } " · " (amount(record.currency, part.amount))
            " · "
            @if part.split { span .quiet { (asking.say(Word::Split)) } } @else { (asking.party(&part.holder)) }
            @if part.paid > 0 { " · " (asking.say(Word::Paid)) " " (amount(record.currency, part.paid)) }
            @if let Some(lock) = &part.lock {
                " · " (asking.say(Word::Locked)) ": " (amount(record.currency, lock.price)) " "
                (asking.member(lock.to))
            }
            @if let Some(pledge) = &part.pledge {
                " · " (asking.say(Word::Pledged)) " → " (asking.party(&pledge.to))
            }
            @if part.auction.is_some() && part.lock.is_none() && !part.split {
                " · " span .quiet { (asking.say(Word::InAuction)) }
            }
            @if !branch.children.is_empty() {
                ul { @for child in &branch.children { (drawn(asking, record, child)) } }
            }
        }
    }
}

fn events(asking: &Asking<'_>, id: &Hash) -> Markup {
    let events = asking.replica.events_of(id).unwrap_or_default();
    let entries = events
        .iter()
        .take(ROWS_MAX)
        .filter_map(|index| Some((*index, Entry::decode(&asking.replica.entry(*index)?).ok()?)));
    html! {
        @if asking.replica.begun() > 0 { p .quiet { (asking.say(Word::SinceSnapshot)) } }
        @if events.is_empty() { p .quiet { (asking.say(Word::NoEvents)) } }
        div .scroll tabindex="0" { table { tbody { @for (index, entry) in entries { tr {
            td { a href=(asking.to(&format!("/explorer/events/{index}"))) { (index) } }
            td { (asking.language.name(entry.event.name())) }
            td { (asking.say(Word::Height)) " " (asking.block(entry.height)) }
            td { (super::draw::time(entry.time_ms)) }
        } } } } }
        (asking.more(events.len(), ROWS_MAX))
    }
}
