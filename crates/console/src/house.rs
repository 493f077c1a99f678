//! The operator's advice pages: models and who approved them, evidence, products and grades, rebalancing runs, what must
//! hold and how fresh the data are, and the records. Draws what the advisory service answered the house.

mod evidence;
mod products;
mod records;
mod register;
mod runs;
#[cfg(test)]
mod tests;
mod watch;
mod words;

pub use evidence::evidence;
pub use products::products;
pub use records::{Found, records};
pub use register::register;
pub use runs::runs;
pub use watch::watch;

use maud::{Markup, html};

use crate::cases::console;
use crate::language::Language;
use crate::shell::Visit;
use words::Word;

/// Models and approvals, and the switch.
pub const REGISTER: &str = "/console/advice";
/// Back-tests and, apart from them, the live record.
pub const EVIDENCE: &str = "/console/advice/evidence";
/// Products, grades, prices.
pub const PRODUCTS: &str = "/console/advice/products";
/// Rebalancing runs.
pub const RUNS: &str = "/console/advice/runs";
/// What must hold, promises, questionnaire.
pub const WATCH: &str = "/console/advice/watch";
/// Records and replay.
pub const RECORDS: &str = "/console/advice/records";

/// A page of the console with the ways between the advice pages.
fn page(visit: &Visit, title: Word, body: Markup) -> String {
    let language = visit.language;
    let ways = [
        (REGISTER, Word::Register),
        (EVIDENCE, Word::Evidence),
        (PRODUCTS, Word::Products),
        (RUNS, Word::Runs),
        (WATCH, Word::Watch),
        (RECORDS, Word::Records),
    ];
    let body = html! {
        nav .ways aria-label=(language.say(Word::Advice)) { ul {
            @for (path, word) in ways {
                li { a href=(path) aria-current=[(visit.path == path).then_some("page")] { (language.say(word)) } }
            }
        } }
        (body)
    };
    console(visit, language.say(title), body)
}

/// Minor units of whatever currency the wallet's users hold: sums over wallets have none.
fn minor(value: Option<i64>) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{}", crate::play::count(value.unsigned_abs()))
}

/// What a number per one is in per cent with two decimals, without arithmetic on it.
fn percent_of(of: &serde_json::Value) -> String {
    let Some(number) = of.as_f64().filter(|number| number.is_finite()) else { return "–".to_owned() };
    let bp = format!("{number:.4}").replace('.', "").parse().unwrap_or(0);
    crate::shell::percent(bp)
}

fn stopped(why: &str, language: Language) -> Markup {
    html! { @if !why.is_empty() { p .notice .bad { (language.say(Word::IsStopped)) " " (why) } } }
}
