//! The chain as one role sees it: holder, funder, buyer, observer.

mod observer;

use std::collections::BTreeMap;

use maud::{Markup, html};
use money::Currency;
use receivables::Hash;
use receivables::identity::Party;
use receivables::price::{discount, yearly_cost_ppm};
use receivables::state::{CertificateRecord, PartRecord, RateRecord, Stage, State};

use super::draw::{amount, date, month, percent, time};
use super::words::Word;
use super::{Asking, Page, ROWS_MAX, hash};
pub(super) use observer::page as observer;

/// A part that its holder could sell now, and for how much at the best posted rate.
struct Held {
    certificate: Hash,
    record: CertificateRecord,
    part: PartRecord,
    /// Price and yearly cost in millionths.
    best: Option<(u64, u64)>,
}

pub(super) fn holder(asking: &Asking<'_>) -> Page {
    let (day, now_ms) = (asking.day(), asking.replica.standing().time_ms);
    let held = who(asking).map(|who| asking.replica.look(|state| held_by(state, &who, day, now_ms)));
    let body = html! {
        (form(asking, "/explorer/holder"))
        @if let Some(held) = &held {
            h2 { (asking.say(Word::MyParts)) }
            @if held.is_empty() { p .quiet { (asking.say(Word::None)) } }
            div .scroll tabindex="0" { table {
                thead { tr {
                    th { (asking.say(Word::Certificate)) } th .number { (asking.say(Word::Amount)) }
                    th { (asking.say(Word::State)) } th { (asking.say(Word::Due)) }
                    th .number { (asking.say(Word::DaysLeft)) } th .number { (asking.say(Word::CashToday)) }
                    th .number { (asking.say(Word::YearlyCost)) }
                } }
                tbody { @for held in held.iter().take(ROWS_MAX) { tr {
                    td { (asking.certificate(&held.certificate)) }
                    td .number { (amount(held.record.currency, held.part.unpaid())) }
                    td { (asking.language.name(held.record.stage(day).name())) }
                    td { (date(held.record.due_day)) }
                    td .number { (held.record.due_day.saturating_sub(day)) }
                    @match held.best {
                        Some((price, cost)) => {
                            td .number { (amount(held.record.currency, price)) }
                            td .number { (percent(cost)) }
                        }
                        None => { td .quiet colspan="2" { (asking.say(Word::NoOffer)) } }
                    }
                } } }
            } }
            (asking.more(held.len(), ROWS_MAX))
        }
    };
    named(asking, Word::Holder, "/explorer/holder", body)
}

pub(super) fn funder(asking: &Asking<'_>) -> Page {
    let member = asking.who.parse::<u32>().ok();
    let (rates, book) = asking.replica.look(|state| {
        let of = |rate: &&RateRecord| member.is_none_or(|member| rate.terms.funder == member);
        let rates: Vec<RateRecord> =
            state.rates().map(|(_, rate)| rate).filter(|rate| !rate.replaced).filter(of).cloned().collect();
        (rates, member.map(|member| book(state, member)).unwrap_or_default())
    });
    let body = html! {
        (form(asking, "/explorer/funder"))
        h2 { (asking.say(Word::PostedRates)) }
        @if rates.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Funder)) } th .number { (asking.say(Word::Rate)) }
                th .number { (asking.say(Word::Budget)) } th .number { (asking.say(Word::Spent)) }
                th { (asking.say(Word::Until)) }
            } }
            tbody { @for rate in rates.iter().take(ROWS_MAX) { tr {
                td { (asking.member(rate.terms.funder)) }
                td .number { @for band in &rate.terms.bands { (percent(u64::from(band.rate_ppm))) " " } }
                td .number { (amount(rate.terms.currency, rate.terms.budget)) }
                td .number { (amount(rate.terms.currency, rate.spent)) }
                td { (time(rate.terms.until_ms)) }
            } } }
        } }
        (asking.more(rates.len(), ROWS_MAX))
        @if member.is_some() {
            h2 { (asking.say(Word::Book)) }
            @if book.is_empty() { p .quiet { (asking.say(Word::None)) } }
            div .scroll tabindex="0" { table { tbody { @for ((month, currency), sum) in &book { tr {
                td { (month) } td .number { (amount(*currency, *sum)) }
            } } } } }
        }
    };
    named(asking, Word::Funder, "/explorer/funder", body)
}

pub(super) fn buyer(asking: &Asking<'_>) -> Page {
    let day = asking.day();
    let (accept, pay) = match who(asking) {
        Some(buyer) => asking.replica.look(|state| owed_by(state, &buyer, day)),
        None => Default::default(),
    };
    let body = html! {
        (form(asking, "/explorer/buyer"))
        (owed(asking, Word::ToAccept, &accept, day))
        (owed(asking, Word::ToPay, &pay, day))
    };
    named(asking, Word::Buyer, "/explorer/buyer", body)
}

type Owed = Vec<(Hash, CertificateRecord)>;

fn owed(asking: &Asking<'_>, title: Word, certificates: &Owed, day: u32) -> Markup {
    html! {
        h2 { (asking.say(title)) }
        @if certificates.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table { tbody { @for (id, record) in certificates.iter().take(ROWS_MAX) { tr {
            td { (asking.certificate(id)) }
            td .number { (amount(record.currency, record.unpaid())) }
            td { (asking.language.name(record.stage(day).name())) }
            td { (asking.say(Word::Due)) " " (date(record.due_day)) }
            td { (asking.party(&record.supplier)) }
        } } } } }
        (asking.more(certificates.len(), ROWS_MAX))
    }
}

fn owed_by(state: &State, buyer: &Party, day: u32) -> (Owed, Owed) {
    let (mut accept, mut pay) = (Vec::new(), Vec::new());
    for (id, record) in state.certificates() {
        let ours = state.programme(record.programme).is_some_and(|programme| programme.terms.buyer == *buyer);
        match record.stage(day) {
            _ if !ours => {}
            Stage::Proposed => accept.push((*id, record.clone())),
            Stage::Live | Stage::Matured | Stage::Overdue | Stage::Defaulted => {
                pay.push((*id, record.clone()))
            }
            Stage::WrittenOff | Stage::Closed | Stage::Rejected => {}
        }
    }
    pay.sort_by_key(|(_, record)| record.due_day);
    (accept, pay)
}

fn held_by(state: &State, holder: &Party, day: u32, now_ms: u64) -> Vec<Held> {
    let open = state.parts().filter(|(_, part)| part.holder == *holder && !part.split && part.unpaid() > 0);
    let held = open.filter_map(|(_, part)| {
        let record = state.certificate(&part.certificate)?;
        let best = best_price(state, record, part, day, now_ms);
        Some(Held { certificate: part.certificate, record: record.clone(), part: part.clone(), best })
    });
    let mut held: Vec<Held> = held.filter(|held| held.record.stage(day) != Stage::Rejected).collect();
    held.sort_by_key(|held| held.record.due_day);
    held
}

/// What a part brings today at the best posted rate, and what that costs a year.
fn best_price(
    state: &State,
    record: &CertificateRecord,
    part: &PartRecord,
    day: u32,
    now_ms: u64,
) -> Option<(u64, u64)> {
    let free = part.lock.is_none() && part.pledge.is_none() && part.paid == 0 && !record.frozen;
    if !free || record.stage(day) != Stage::Live {
        return None;
    }
    let terms = &state.programme(record.programme)?.terms;
    let days = record.due_day.saturating_sub(day);
    let stands = |rate: &&RateRecord| {
        !rate.replaced && rate.terms.until_ms > now_ms && rate.terms.currency == record.currency
    };
    let prices = state.rates().map(|(_, rate)| rate).filter(stands).filter_map(|rate| {
        let band = rate.terms.bands.iter().find(|band| {
            let amounts = (band.amount_min..=band.amount_max).contains(&part.amount);
            band.buyer_class == terms.buyer_class && days <= u32::from(band.days_max) && amounts
        })?;
        let cost = discount(part.amount, band.rate_ppm, days, record.terms.basis).checked_add(band.fee)?;
        let price = part.amount.checked_sub(cost)?;
        (rate.spent.checked_add(price)? <= rate.terms.budget).then_some(price)
    });
    let price = prices.max()?;
    Some((price, yearly_cost_ppm(part.amount - price, price, days, record.terms.basis)?))
}

/// What a member is owed, by month of maturity.
fn book(state: &State, member: u32) -> BTreeMap<(String, Currency), u64> {
    let mut book = BTreeMap::new();
    let own = state.parts().filter(|(_, part)| part.holder == Party::Member(member) && !part.split);
    for (_, part) in own.filter(|(_, part)| part.unpaid() > 0) {
        let Some(record) = state.certificate(&part.certificate) else { continue };
        let sum: &mut u64 = book.entry((month(record.due_day), record.currency)).or_default();
        *sum = sum.saturating_add(part.unpaid());
    }
    book
}

fn who(asking: &Asking<'_>) -> Option<Party> {
    let member = asking.who.parse().ok().map(Party::Member);
    member.or_else(|| hash(asking.who).map(Party::Pseudonym))
}

fn form(asking: &Asking<'_>, path: &str) -> Markup {
    html! {
        form action=(path) {
            label { (asking.say(Word::Who)) input name="who" value=(asking.who) autocomplete="off" spellcheck="false"; }
            input type="hidden" name="lang" value=(asking.language.short());
            button { (asking.say(Word::Show)) }
        }
    }
}

fn named(asking: &Asking<'_>, title: Word, path: &str, body: Markup) -> Page {
    let asked: String = asking.who.chars().filter(char::is_ascii_alphanumeric).collect();
    let here = if asked.is_empty() { path.to_owned() } else { format!("{path}?who={asked}") };
    Page::new(asking.say(title), here, body)
}
