//! A block: its header, who signed it, and what became of its transactions.

use consensus::Archive;
use maud::{Markup, html};
use receivables::codec::hex;

use super::draw::time;
use super::words::Word;
use super::{Asking, Page};
use crate::block::header_of;
use crate::replica::{Executed, Outcome};

pub(super) async fn page(asking: &Asking<'_>, archive: &Archive, height: u64) -> Option<Page> {
    let header = header_of(&archive.block(height).await?)?;
    let signers = archive.finalization(height).await.map(|found| {
        let mut keys = asking.replica.look(|state| {
            let validators = state.validators(header.epoch).iter();
            validators.map(|validator| (validator.key, validator.member)).collect::<Vec<_>>()
        });
        keys.sort_unstable();
        let members =
            found.signatures.iter().filter_map(|(index, _)| keys.get(usize::try_from(*index).ok()?));
        members.map(|(_, member)| *member).collect::<Vec<u32>>()
    });
    let executed = asking.replica.executed_at(height);
    let body = html! {
        dl {
            dt { (asking.say(Word::Time)) } dd { (time(header.time_ms)) }
            dt { (asking.say(Word::Epoch)) } dd { (header.epoch) }
            dt { (asking.say(Word::Block)) } dd { code { (hex(&header.digest())) } }
            dt { (asking.say(Word::Signers)) }
            dd {
                @match &signers {
                    Some(members) => { @for member in members { (asking.member(*member)) " " } }
                    None => { (asking.say(Word::NoCertificate)) }
                }
            }
            dt { (asking.say(Word::LogRoot)) }
            dd { code { (hex(&header.log_root)) } " (" (header.log_size) ")" }
            dt { (asking.say(Word::StateRoot)) }
            dd { code { (hex(&header.state_root)) } " (" (header.state_height) ")" }
        }
        h2 { (asking.say(Word::Transactions)) }
        @match &executed {
            Some(executed) => { (transactions(asking, executed)) }
            None => { p .quiet { (asking.say(Word::Forgotten)) } }
        }
        p {
            @if height > 1 { a href=(asking.to(&format!("/explorer/blocks/{}", height - 1))) { "← " (height - 1) } " " }
            a href=(asking.to(&format!("/explorer/blocks/{}", height + 1))) { (height + 1) " →" }
        }
    };
    let title = format!("{} {height}", asking.say(Word::Block));
    Some(Page::new(title, format!("/explorer/blocks/{height}"), body))
}

fn transactions(asking: &Asking<'_>, executed: &Executed) -> Markup {
    html! {
        div .scroll tabindex="0" { table {
            tbody { @for (id, outcome) in &executed.outcomes { tr {
                td { code { (hex(id)) } }
                @match outcome {
                    Outcome::Applied { first, events } => {
                        td .good { (asking.say(Word::Applied)) }
                        td { @for index in *first..first + events {
                            a href=(asking.to(&format!("/explorer/events/{index}"))) {
                                (asking.say(Word::Event)) " " (index)
                            } " "
                        } }
                        td { a href=(format!("/proof/{}", hex(id))) download={ (hex(id)) ".proof.json" } {
                            (asking.say(Word::DownloadProof))
                        } }
                    }
                    Outcome::Refused(refusal) => {
                        td .bad { (asking.say(Word::Refused)) }
                        td colspan="2" { (refusal.name()) ": " (refusal.text()) }
                    }
                }
            } } }
        } }
        @if executed.outcomes.is_empty() { p .quiet { (asking.say(Word::None)) } }
    }
}
