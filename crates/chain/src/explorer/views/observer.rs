//! What a supervisor looks for: exposure per buyer, long terms, what is overdue, concentration, questions asked.

use std::collections::BTreeMap;

use maud::{Markup, html};
use money::Currency;
use receivables::Hash;
use receivables::identity::Party;
use receivables::state::{CertificateRecord, Stage, State, TENOR_DAYS_USUAL};

use super::super::draw::{amount, date, percent};
use super::super::words::Word;
use super::super::{Asking, Page, ROWS_MAX};

/// Owed and limit of one buyer in one currency.
#[derive(Default)]
struct Exposure {
    owed: u64,
    limit: u64,
}

struct Seen {
    exposures: BTreeMap<(Party, Currency), Exposure>,
    long: Vec<(Hash, CertificateRecord)>,
    overdue: Vec<(Hash, CertificateRecord)>,
}

pub(in crate::explorer) fn page(asking: &Asking<'_>) -> Page {
    let day = asking.day();
    let seen = asking.replica.look(|state| see(state, day));
    let body = html! {
        h2 { (asking.say(Word::Exposure)) }
        @if seen.exposures.is_empty() { p .quiet { (asking.say(Word::None)) } }
        div .scroll tabindex="0" { table {
            thead { tr {
                th { (asking.say(Word::Buyer)) } th .number { (asking.say(Word::Owed)) }
                th .number { (asking.say(Word::Limit)) } th .number { (asking.say(Word::Used)) }
            } }
            tbody { @for ((buyer, currency), exposure) in seen.exposures.iter().take(ROWS_MAX) { tr {
                td { (asking.party(buyer)) }
                td .number { (amount(*currency, exposure.owed)) }
                td .number { (amount(*currency, exposure.limit)) }
                td .number { (part_of(exposure.owed, exposure.limit)) }
            } } }
        } }
        dl {
            @for (currency, share) in concentration(&seen.exposures) {
                dt { (asking.say(Word::Concentration)) " (" (currency.code()) ")" } dd { (share) }
            }
            dt { (asking.say(Word::Queries)) } dd { (asking.queries) }
        }
        (listed(asking, Word::LongTenors, &seen.long))
        (listed(asking, Word::Overdue, &seen.overdue))
    };
    Page::new(asking.say(Word::Observer), "/explorer/observer", body)
}

fn see(state: &State, day: u32) -> Seen {
    let mut seen = Seen { exposures: BTreeMap::new(), long: Vec::new(), overdue: Vec::new() };
    for (_, record) in state.programmes() {
        let exposure = seen.exposures.entry((record.terms.buyer, record.terms.currency)).or_default();
        exposure.owed = exposure.owed.saturating_add(record.owed);
        exposure.limit = exposure.limit.saturating_add(record.terms.limit);
    }
    for (id, record) in state.certificates() {
        let stage = record.stage(day);
        let over = matches!(stage, Stage::Rejected | Stage::Closed);
        if !over && record.due_day.saturating_sub(record.issue_day) > u32::from(TENOR_DAYS_USUAL) {
            seen.long.push((*id, record.clone()));
        }
        if matches!(stage, Stage::Overdue | Stage::Defaulted | Stage::WrittenOff) {
            seen.overdue.push((*id, record.clone()));
        }
    }
    seen
}

fn listed(asking: &Asking<'_>, title: Word, certificates: &[(Hash, CertificateRecord)]) -> Markup {
    html! {
        h2 { (asking.say(title)) " (" (certificates.len()) ")" }
        div .scroll tabindex="0" { table { tbody { @for (id, record) in certificates.iter().take(ROWS_MAX) { tr {
            td { (asking.certificate(id)) }
            td .number { (amount(record.currency, record.unpaid())) }
            td { (asking.say(Word::Due)) " " (date(record.due_day)) }
            td { @if let Some(reason) = record.tenor_reason { (asking.say(Word::Reason)) " " (reason) } }
        } } } } }
        (asking.more(certificates.len(), ROWS_MAX))
    }
}

/// The largest buyer's share, by currency.
fn concentration(exposures: &BTreeMap<(Party, Currency), Exposure>) -> Vec<(Currency, String)> {
    let mut sums = BTreeMap::<Currency, (u64, u64)>::new();
    for ((_, currency), exposure) in exposures {
        let (all, largest) = sums.entry(*currency).or_default();
        *all = all.saturating_add(exposure.owed);
        *largest = (*largest).max(exposure.owed);
    }
    sums.into_iter().map(|(currency, (all, largest))| (currency, part_of(largest, all))).collect()
}

fn part_of(part: u64, whole: u64) -> String {
    let ppm = (u128::from(part) * 1_000_000).checked_div(u128::from(whole)).unwrap_or(0);
    percent(u64::try_from(ppm).unwrap_or(u64::MAX))
}
