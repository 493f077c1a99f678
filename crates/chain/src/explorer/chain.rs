//! The chain itself: where it stands, how fast it is, who votes and who missed turns, the latest blocks.

use maud::{Markup, html};
use receivables::codec::hex;

use super::draw::{short, time};
use super::words::Word;
use super::{Asking, Page};
use crate::replica::Minute;

/// Blocks shown.
const LATEST: u64 = 20;

pub(super) fn page(asking: &Asking<'_>) -> Page {
    let standing = asking.replica.standing();
    let pace = asking.replica.pace();
    let ago = asking.now_ms.saturating_sub(standing.executed_at_ms) / 1_000;
    let body = html! {
        dl {
            dt { (asking.say(Word::Height)) } dd { (asking.block(standing.height)) }
            dt { (asking.say(Word::LastBlock)) }
            dd { (time(standing.time_ms)) " · " span .bad[ago > 5] { (ago) " " (asking.say(Word::SecondsAgo)) } }
            dt { (asking.say(Word::BlockTime)) } dd { (between(asking, &pace)) }
            dt { (asking.say(Word::Finality)) } dd { (finality(asking, &pace)) }
            dt { (asking.say(Word::Events)) } dd { (standing.log_size) }
            dt { (asking.say(Word::Records)) } dd { (standing.records) }
            dt { (asking.say(Word::Epoch)) } dd { (asking.replica.epoch()) }
            dt { (asking.say(Word::StateRoot)) }
            dd { code { (hex(&standing.state_root)) } " (" (standing.state_height) ")" }
            dt { (asking.say(Word::LogRoot)) } dd { code { (hex(&standing.log_root)) } }
            dt { (asking.say(Word::ChainId)) } dd { code { (hex(asking.replica.chain())) } }
        }
        (validators(asking))
        (lists(asking))
        (blocks(asking, standing.height))
    };
    Page::new(asking.say(Word::Chain), "/explorer", body)
}

fn sums(pace: &[Minute]) -> (u64, u64, u64) {
    pace.iter().fold((0, 0, 0), |(blocks, took, longest), minute| {
        (blocks + minute.blocks, took + minute.took_ms, longest.max(minute.longest_ms))
    })
}

fn finality(asking: &Asking<'_>, pace: &[Minute]) -> String {
    let (blocks, took, longest) = sums(pace);
    let ms = asking.say(Word::Milliseconds);
    match took.checked_div(blocks) {
        Some(mean) => {
            format!("{} {mean} {ms}, {} {longest} {ms}", asking.say(Word::Mean), asking.say(Word::Longest))
        }
        None => asking.say(Word::NoBlocks).to_owned(),
    }
}

/// Of the minutes before the one that runs.
fn between(asking: &Asking<'_>, pace: &[Minute]) -> String {
    let whole = &pace[..pace.len().saturating_sub(1)];
    let (blocks, _, _) = sums(whole);
    match (whole.len() as u64 * 60_000).checked_div(blocks) {
        Some(mean) => format!("{} {mean} {}", asking.say(Word::Mean), asking.say(Word::Milliseconds)),
        None => asking.say(Word::None).to_owned(),
    }
}

fn validators(asking: &Asking<'_>) -> Markup {
    let epoch = asking.replica.epoch();
    let validators = asking.replica.look(|state| state.validators(epoch).to_vec());
    let missed = |key: &[u8; 32]| {
        asking.health.skipped.iter().find(|(known, _)| known == key).map_or(0, |(_, turns)| *turns)
    };
    html! {
        h2 #validators { (asking.say(Word::Validators)) }
        div .scroll tabindex="0" { table aria-labelledby="validators" {
            thead { tr {
                th { (asking.say(Word::Member)) } th { (asking.say(Word::Key)) } th { (asking.say(Word::State)) }
                th .number { (asking.say(Word::TurnsMissed)) }
            } }
            tbody { @for validator in &validators { tr {
                td { (asking.member(validator.member)) }
                td { code title=(hex(&validator.key)) { (short(&validator.key)) "…" } }
                td {
                    @if validator.key == asking.key { (asking.say(Word::ThisNode)) }
                    @else if asking.health.peers.contains(&validator.key) {
                        span .good { (asking.say(Word::Connected)) }
                    } @else { span .bad { (asking.say(Word::NotConnected)) } }
                }
                td .number { (missed(&validator.key)) }
            } } }
        } }
    }
}

fn lists(asking: &Asking<'_>) -> Markup {
    let (members, programmes) = asking.replica.look(|state| {
        let members: Vec<u32> = state.members().map(|(id, _)| *id).collect();
        let programmes: Vec<u32> = state.programmes().map(|(id, _)| *id).collect();
        (members, programmes)
    });
    html! {
        h2 { (asking.say(Word::Members)) }
        p { @for member in members { (asking.member(member)) " " } }
        h2 { (asking.say(Word::Programmes)) }
        p {
            @if programmes.is_empty() { span .quiet { (asking.say(Word::None)) } }
            @for id in programmes {
                a href=(asking.to(&format!("/explorer/programmes/{id}"))) {
                    (asking.say(Word::Programme)) " " (id)
                } " "
            }
        }
    }
}

fn blocks(asking: &Asking<'_>, height: u64) -> Markup {
    let mut latest = asking.replica.executed_since(height.saturating_sub(LATEST));
    latest.reverse();
    html! {
        h2 #blocks { (asking.say(Word::Blocks)) }
        div .scroll tabindex="0" { table aria-labelledby="blocks" {
            thead { tr {
                th { (asking.say(Word::Height)) } th { (asking.say(Word::Time)) }
                th .number { (asking.say(Word::Milliseconds)) } th .number { (asking.say(Word::Transactions)) }
            } }
            tbody { @for block in &latest { tr {
                td { (asking.block(block.height)) } td { (time(block.time_ms)) }
                td .number { (block.at_ms.saturating_sub(block.time_ms)) }
                td .number { (block.outcomes.len()) }
            } } }
        } }
    }
}
