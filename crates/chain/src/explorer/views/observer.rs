//! What a supervisor looks for: exposure per buyer, guarantor and sponsor, concentration, what money costs, long terms,
//! what is overdue, questions asked. Programmes are few; everything else is counted as events come.

use std::collections::BTreeMap;

use maud::{Markup, html};
use money::Currency;
use receivables::Hash;
use receivables::identity::Party;
use receivables::price::share;
use receivables::state::{CertificateRecord, State};

use super::super::draw::{amount, date, percent, short, time};
use super::super::words::Word;
use super::super::{Asking, Page, ROWS_MAX};
use crate::replica::{Source, Taken};

/// Buyers of which the shares are drawn, by currency.
const LARGEST: usize = 5;

/// Owed and limit of one buyer in one currency.
#[derive(Default)]
struct Exposure {
    owed: u64,
    limit: u64,
}

/// What one member answers for in one currency.
#[derive(Default)]
struct Answerable {
    guaranteed: u64,
    vouched: u64,
}

#[derive(Default)]
struct Exposures {
    buyers: BTreeMap<(Party, Currency), Exposure>,
    members: BTreeMap<(u32, Currency), Answerable>,
}

pub(in crate::explorer) fn page(asking: &Asking<'_>) -> Page {
    let day = asking.day();
    let exposures = asking.replica.look(exposures);
    let overdue = asking.replica.overdue(day, ROWS_MAX);
    let (long, first_long) = asking.replica.long_terms(ROWS_MAX);
    let body = html! {
        (by_buyer(asking, &exposures.buyers))
        (by_member(asking, &exposures.members))
        (concentration(asking, &exposures.buyers))
        (costs(asking))
        h2 { (asking.say(Word::Overdue)) " (" (overdue.count) ")" }
        @for (currency, sum) in &overdue.sums { p { (asking.say(Word::Unpaid)) " " (amount(*currency, *sum)) } }
        (listed(asking, overdue.count, &overdue.oldest))
        h2 { (asking.say(Word::LongTenors)) " (" (long) ")" }
        (listed(asking, long, &first_long))
        (queries(asking))
    };
    Page::new(asking.say(Word::Observer), "/explorer/observer", body)
}

fn exposures(state: &State) -> Exposures {
    let mut all = Exposures::default();
    for (_, record) in state.programmes() {
        let (terms, currency) = (&record.terms, record.terms.currency);
        let exposure = all.buyers.entry((terms.buyer, currency)).or_default();
        exposure.owed = exposure.owed.saturating_add(record.owed);
        exposure.limit = exposure.limit.saturating_add(terms.limit);
        if let Some(guarantee) = &terms.guarantee {
            let sum = &mut all.members.entry((guarantee.member, currency)).or_default().guaranteed;
            *sum = sum.saturating_add(share(record.owed, guarantee.share_ppm).min(guarantee.limit));
        }
        let sponsor = match &terms.buyer {
            Party::Member(member) => Some(*member),
            Party::Pseudonym(pseudonym) => state.party(pseudonym).map(|party| party.sponsor),
        };
        if let Some(sponsor) = sponsor {
            let sum = &mut all.members.entry((sponsor, currency)).or_default().vouched;
            *sum = sum.saturating_add(record.owed);
        }
    }
    all
}

fn by_buyer(asking: &Asking<'_>, buyers: &BTreeMap<(Party, Currency), Exposure>) -> Markup {
    html! {
        h2 { (asking.say(Word::Exposure)) }
        @if buyers.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Buyer)) } th .number { (asking.say(Word::Owed)) }
                th .number { (asking.say(Word::Limit)) } th .number { (asking.say(Word::Used)) }
            } }
            tbody { @for ((buyer, currency), exposure) in buyers.iter().take(ROWS_MAX) { tr {
                td { (asking.party(buyer)) }
                td .number { (amount(*currency, exposure.owed)) }
                td .number { (amount(*currency, exposure.limit)) }
                td .number { (percent(part_of(exposure.owed, exposure.limit))) }
            } } }
        } }
        (asking.more(buyers.len(), ROWS_MAX))
    }
}

fn by_member(asking: &Asking<'_>, members: &BTreeMap<(u32, Currency), Answerable>) -> Markup {
    html! {
        h2 { (asking.say(Word::ExposureOfMembers)) }
        p .quiet { (asking.say(Word::NoGroups)) }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Member)) } th .number { (asking.say(Word::Guaranteed)) }
                th .number { (asking.say(Word::VouchedFor)) }
            } }
            tbody { @for ((member, currency), answerable) in members.iter().take(ROWS_MAX) { tr {
                td { (asking.member(*member)) }
                td .number { (amount(*currency, answerable.guaranteed)) }
                td .number { (amount(*currency, answerable.vouched)) }
            } } }
        } }
        (asking.more(members.len(), ROWS_MAX))
    }
}

/// The largest buyers' shares, drawn.
fn concentration(asking: &Asking<'_>, buyers: &BTreeMap<(Party, Currency), Exposure>) -> Markup {
    let mut currencies = BTreeMap::<Currency, Vec<(&Party, u64)>>::new();
    for ((buyer, currency), exposure) in buyers.iter().filter(|(_, exposure)| exposure.owed > 0) {
        currencies.entry(*currency).or_default().push((buyer, exposure.owed));
    }
    html! {
        h2 { (asking.say(Word::Concentration)) }
        @if currencies.is_empty() { p .quiet { (asking.say(Word::None)) } }
        @for (currency, owed) in &mut currencies {
            (largest(asking, *currency, owed))
        }
    }
}

fn largest(asking: &Asking<'_>, currency: Currency, owed: &mut [(&Party, u64)]) -> Markup {
    let all = owed.iter().fold(0_u64, |sum, (_, owed)| sum.saturating_add(*owed));
    owed.sort_by_key(|(_, owed)| std::cmp::Reverse(*owed));
    html! {
        h3 { (currency.code()) }
        div .scroll tabindex="0" { table { tbody { @for (buyer, owed) in owed.iter().take(LARGEST) { tr {
            td { (asking.party(buyer)) }
            td .bar {
                svg viewBox="0 0 1000000 1" preserveAspectRatio="none" aria-hidden="true" {
                    rect width=(part_of(*owed, all)) height="1" {}
                }
            }
            td .number { (percent(part_of(*owed, all))) }
            td .number { (amount(currency, *owed)) }
        } } } } }
    }
}

/// What funders took for their money, by programme and by funder.
fn costs(asking: &Asking<'_>) -> Markup {
    let taken = asking.replica.taken();
    let by = |of: fn(&Source) -> u32| {
        let mut sums = BTreeMap::<(u32, Currency), Taken>::new();
        for (source, one) in &taken {
            let sum = sums.entry((of(source), source.2)).or_default();
            *sum = sum.and(one);
        }
        sums
    };
    let programme = |id: u32| {
        html! { a href=(asking.to(&format!("/explorer/programmes/{id}"))) { (asking.say(Word::Programme)) " " (id) } }
    };
    html! {
        h2 { (asking.say(Word::FeesByProgramme)) }
        p .quiet { (asking.say(Word::FeesSince)) }
        (table_of_costs(asking, Word::Programme, &by(|source| source.0), &programme))
        h2 { (asking.say(Word::FeesByFunder)) }
        (table_of_costs(asking, Word::Funder, &by(|source| source.1), &|id| asking.member(id)))
    }
}

fn table_of_costs(
    asking: &Asking<'_>,
    whose: Word,
    sums: &BTreeMap<(u32, Currency), Taken>,
    named: &dyn Fn(u32) -> Markup,
) -> Markup {
    html! {
        @if sums.is_empty() { p .quiet { (asking.say(Word::None)) } }
        @else { div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(whose)) }
                th .number { (asking.say(Word::Sales)) } th .number { (asking.say(Word::AtMaturity)) }
                th .number { (asking.say(Word::Discount)) } th .number { (asking.say(Word::Fee)) }
                th .number { (asking.say(Word::MeanDays)) } th .number { (asking.say(Word::AllInCost)) }
            } }
            tbody { @for ((id, currency), taken) in sums.iter().take(ROWS_MAX) { tr {
                td { (named(*id)) }
                td .number { (taken.sales) }
                td .number { (amount(*currency, taken.face)) }
                td .number { (amount(*currency, taken.discount)) }
                td .number { (amount(*currency, taken.fee)) }
                td .number { @if let Some(days) = taken.days() { (days) } }
                td .number { @if let Some(cost) = taken.yearly_cost_ppm() { (percent(cost)) } }
            } } }
        } } }
        (asking.more(sums.len(), ROWS_MAX))
    }
}

fn listed(asking: &Asking<'_>, count: usize, certificates: &[Hash]) -> Markup {
    let records: Vec<(Hash, CertificateRecord)> = asking.replica.look(|state| {
        let record = |id: &Hash| Some((*id, state.certificate(id)?.clone()));
        certificates.iter().filter_map(record).collect()
    });
    html! {
        @if records.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table { tbody { @for (id, record) in &records { tr {
            td { (asking.certificate(id)) }
            td .number { (amount(record.currency, record.unpaid())) }
            td { (asking.language.name(record.stage(asking.day()).name())) }
            td { (asking.say(Word::Due)) " " (date(record.due_day)) }
            td { @if let Some(reason) = record.tenor_reason { (asking.say(Word::Reason)) " " (reason) } }
        } } } } }
        (asking.more(count, records.len()))
    }
}

/// This node's own count, under the name of the member whose node it is.
fn queries(asking: &Asking<'_>) -> Markup {
    let epoch = asking.replica.epoch();
    let member = asking.replica.look(|state| {
        let ours = state.validators(epoch).iter().find(|validator| validator.key == asking.key);
        ours.map(|validator| validator.member)
    });
    let asked = &asking.asked;
    html! {
        h2 { (asking.say(Word::Queries)) }
        p .quiet { (asking.say(Word::QueriesHere)) }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Member)) } th .number { (asking.say(Word::Answered)) }
                th { (asking.say(Word::Since)) } th .number { (asking.say(Word::LastHour)) }
                th .number { (asking.say(Word::TooMany)) } th .number { (asking.say(Word::AMinute)) }
            } }
            tbody { tr {
                td { @match member {
                    Some(member) => { (asking.member(member)) }
                    None => { (asking.say(Word::NoMember)) " " code { (short(&asking.key)) "…" } }
                } }
                td .number { (asked.answered) }
                td { @if let Some(since) = asked.since_ms { (time(since)) } }
                td .number { (asked.last_hour) }
                td .number { (asked.refused) }
                td .number { (asked.minute_max) }
            } }
        } }
    }
}

fn part_of(part: u64, whole: u64) -> u64 {
    let ppm = (u128::from(part) * 1_000_000).checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(ppm).unwrap_or(u64::MAX)
}
