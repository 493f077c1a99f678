//! A member, and a programme with what is owed under it.

use maud::html;
use receivables::codec::hex;
use receivables::identity::{Party, Role};
use receivables::price::share;

use super::draw::{amount, date, percent, short};
use super::words::Word;
use super::{Asking, Page, ROWS_MAX};

pub(super) fn page(asking: &Asking<'_>, id: u32) -> Option<Page> {
    let (member, programmes) = asking.replica.look(|state| {
        let own = state.programmes().filter(|(_, record)| record.terms.buyer == Party::Member(id));
        Some((state.member(id)?.clone(), own.map(|(number, _)| *number).collect::<Vec<u32>>()))
    })?;
    let body = html! {
        dl {
            dt { (asking.say(Word::State)) } dd { (asking.language.name(member.status.name())) }
            dt { (asking.say(Word::Roles)) }
            dd { @for role in Role::ALL.iter().filter(|role| member.roles.has(**role)) {
                (asking.language.name(role.name())) " "
            } }
            dt { (asking.say(Word::Keys)) }
            dd { @for grant in &member.keys {
                code title=(hex(&grant.key)) { (short(&grant.key)) "…" } " "
                span .quiet { (grant.from_height) "–" @if let Some(until) = grant.until_height { (until) } }
                " "
            } }
            @if !programmes.is_empty() {
                dt { (asking.say(Word::Programmes)) }
                dd { @for number in &programmes {
                    a href=(asking.to(&format!("/explorer/programmes/{number}"))) { (number) } " "
                } }
            }
        }
        p {
            @for (view, word) in [("holder", Word::Holder), ("funder", Word::Funder), ("buyer", Word::Buyer)] {
                a href=(asking.to(&format!("/explorer/{view}?who={id}"))) { (asking.say(word)) } " "
            }
        }
    };
    let title = format!("{} {id}", asking.say(Word::Member));
    Some(Page::new(title, format!("/explorer/members/{id}"), body))
}

pub(super) fn programme(asking: &Asking<'_>, id: u32) -> Option<Page> {
    let day = asking.day();
    let (record, certificates) = asking.replica.look(|state| {
        let own = state.certificates().filter(|(_, certificate)| certificate.programme == id);
        let own = own.map(|(id, certificate)| (*id, certificate.clone())).take(ROWS_MAX + 1);
        Some((state.programme(id)?.clone(), own.collect::<Vec<_>>()))
    })?;
    let terms = &record.terms;
    let used =
        if terms.limit == 0 { 0 } else { u128::from(record.owed) * 1_000_000 / u128::from(terms.limit) };
    let body = html! {
        dl {
            dt { (asking.say(Word::Buyer)) } dd { (asking.party(&terms.buyer)) }
            dt { (asking.say(Word::Limit)) } dd { (amount(terms.currency, terms.limit)) }
            dt { (asking.say(Word::Owed)) }
            dd { (amount(terms.currency, record.owed)) " · " (asking.say(Word::Used)) " "
                (percent(u64::try_from(used).unwrap_or(u64::MAX))) }
            @if let Some(guarantee) = &terms.guarantee {
                dt { (asking.language.name(Role::Guarantor.name())) }
                dd { (asking.member(guarantee.member)) " · "
                    (amount(terms.currency, share(record.owed, guarantee.share_ppm).min(guarantee.limit))) }
            }
        }
        h2 { (asking.say(Word::Certificates)) }
        div .scroll tabindex="0" { table { tbody { @for (id, certificate) in certificates.iter().take(ROWS_MAX) { tr {
            td { (asking.certificate(id)) }
            td .number { (amount(certificate.currency, certificate.face)) }
            td { (asking.language.name(certificate.stage(day).name())) }
            td { (asking.say(Word::Due)) " " (date(certificate.due_day)) }
            td { (asking.party(&certificate.supplier)) }
        } } } } }
        @if certificates.len() > ROWS_MAX { p .quiet { (asking.say(Word::OnlyFirst)) } }
    };
    let title = format!("{} {id}", asking.say(Word::Programme));
    Some(Page::new(title, format!("/explorer/programmes/{id}"), body))
}
