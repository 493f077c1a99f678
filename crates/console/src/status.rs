//! The status page: how many payments are where, how members stand, the latest payments.

use std::collections::BTreeMap;

use directory::MemberId;
use engine::{Engine, Position};
use maud::{Markup, html};
use money::{Amount, Currency};
use runtime::number;
use switch::{Payment, Stage};

use crate::frame::page;

/// Payments shown, newest first.
const LATEST: usize = 25;
/// The page asks again this often.
const REFRESH_S: u32 = 2;

/// What the page shows, taken from the engine in one look.
pub struct Status {
    facts: u64,
    stages: [(Stage, u64); Stage::ALL.len()],
    judged: u64,
    refused: u64,
    cases: usize,
    positions: Vec<(String, Position)>,
    latest: Vec<Row>,
}

struct Row {
    payment: Payment,
    merchant: String,
    wallet: String,
}

impl Status {
    /// Looks at the engine.
    pub fn of(engine: &Engine) -> Status {
        let switch = engine.switch();
        let named = |member: MemberId| match engine.directory().member(member) {
            Some(member) => member.name.to_string(),
            None => "Network".to_owned(),
        };
        let row = |payment: &Payment| Row {
            payment: payment.clone(),
            merchant: engine
                .directory()
                .merchant(payment.opened.merchant)
                .map(|merchant| merchant.name.to_string())
                .unwrap_or_default(),
            wallet: payment.terms.as_ref().map(|terms| named(terms.wallet)).unwrap_or_default(),
        };
        let tally = engine.control().tally();
        Status {
            facts: engine.commit(),
            judged: tally.decided.iter().sum(),
            refused: tally.refused,
            cases: engine.control().cases().open_count(),
            stages: Stage::ALL.map(|stage| (stage, switch.count(stage))),
            positions: engine.positions().into_iter().map(|p| (named(p.member), p)).collect(),
            latest: switch.latest().take(LATEST).map(row).collect(),
        }
    }
}

/// The page.
pub fn status(status: &Status) -> String {
    let body = html! {
        (payments(status))
        (positions(status))
        (latest(status))
    };
    page("Status of the network", Some(REFRESH_S), body)
}

fn payments(status: &Status) -> Markup {
    html! {
        h2 { "Payments" }
        div .scroll { table {
            caption {
                (status.facts) " facts in the journal; risk control has judged " (status.judged) " payments, refused "
                (status.refused) " and holds " (status.cases) " open cases"
            }
            thead { tr { @for (stage, _) in status.stages { th .number scope="col" { (spoken(stage)) } } } }
            tbody { tr {
                @for (_, count) in status.stages { td .number { (count) } }
            } }
        } }
    }
}

fn positions(status: &Status) -> Markup {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for (_, position) in &status.positions {
        *sums.entry(position.currency).or_default() += position.net_minor;
    }
    html! {
        h2 { "Positions" }
        div .scroll { table {
            caption { "What members are owed (+) or owe (−) because of payments" }
            thead { tr {
                th scope="col" { "Member" } th scope="col" { "Currency" }
                th .number scope="col" { "Net" } th .number scope="col" { "Reserved" }
                th .number scope="col" { "Available" }
            } }
            tbody {
                @for (name, position) in &status.positions {
                    tr {
                        td { (name) } td { (position.currency) }
                        td .number { (signed(position.net_minor, position.currency)) }
                        td .number { (signed(position.reserved_minor as i128, position.currency)) }
                        td .number { (signed(position.available_minor, position.currency)) }
                    }
                }
                @for (currency, sum) in &sums {
                    tr {
                        td { "Sum" } td { (currency) }
                        td .number .good[*sum == 0] .bad[*sum != 0] { (signed(*sum, *currency)) } td {} td {}
                    }
                }
            }
        } }
    }
}

fn latest(status: &Status) -> Markup {
    html! {
        h2 { "Latest payments" }
        div .scroll { table {
            thead { tr {
                th scope="col" { "Payment" } th scope="col" { "Wallet" } th scope="col" { "Merchant" }
                th .number scope="col" { "Payee receives" } th .number scope="col" { "Payer pays" }
                th .number scope="col" { "Rate" } th scope="col" { "Stage" }
            } }
            tbody {
                @for row in &status.latest {
                    tr {
                        td { (number::payment(row.payment.id())) }
                        td { (row.wallet) } td { (row.merchant) }
                        td .number { (row.payment.opened.amount) }
                        @match &row.payment.terms {
                            Some(terms) => {
                                td .number { (terms.payer_amount) } td .number { (terms.quote.rate) }
                            }
                            None => { td {} td {} }
                        }
                        td .good[row.payment.stage == Stage::Succeeded] { (spoken(row.payment.stage)) }
                    }
                }
            }
        } }
    }
}

fn spoken(stage: Stage) -> &'static str {
    match stage {
        Stage::CodeIssued => "code issued",
        Stage::Quoted => "quoted",
        Stage::Reserved => "reserved",
        Stage::Sent => "sent",
        Stage::InDoubt => "in doubt",
        Stage::Succeeded => "succeeded",
        Stage::Failed => "failed",
        Stage::Rejected => "rejected",
        Stage::Expired => "expired",
        Stage::Cancelled => "cancelled",
    }
}

/// A signed number of minor units in major units, with a real minus sign.
fn signed(minor: i128, currency: Currency) -> String {
    let size = u64::try_from(minor.unsigned_abs()).map(|minor| Amount::new(currency, minor).major());
    let size = size.unwrap_or_else(|_| format!("{} minor units", minor.unsigned_abs()));
    if minor < 0 { format!("−{size}") } else { size }
}
