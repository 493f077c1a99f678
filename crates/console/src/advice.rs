//! A client's advice pages: start, risk profile, goal, proposal, portfolio, performance, documents. Draws what the
//! advisory service answered, in the client's language; asks nothing itself and computes no figure.

mod alternatives;
mod documents;
mod goal;
mod models;
mod performance;
mod portfolio;
mod profile;
mod proposal;
mod questionnaire;
mod start;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use documents::kind_of;
pub use documents::{Replayed, documents};
pub use goal::{Asked, goal};
pub use models::models;
pub use performance::performance;
pub use portfolio::portfolio;
pub use profile::profile;
pub use proposal::{Proposed, proposal};
pub use questionnaire::{Form, questionnaire};
pub use start::start;

use maud::{Markup, html};
use money::Currency;
use serde_json::Value;

use crate::document::{number, text};
use crate::language::Language;
use crate::shell::{Shell, Visit, shell};
use words::Word;

/// Where the pages are.
pub const ADVICE: &str = "/advice";
/// The risk profile.
pub const PROFILE: &str = "/advice/profile";
/// The questions.
pub const QUESTIONNAIRE: &str = "/advice/questionnaire";
/// Models that the client may follow.
pub const MODELS: &str = "/advice/models";
/// Records, export and complaints.
pub const DOCUMENTS: &str = "/advice/documents";

/// Whose pages these are.
#[derive(Clone, Debug)]
pub struct Client {
    /// What this visit is.
    pub visit: Visit,
    /// The wallet's name.
    pub wallet: String,
    /// What its users hold.
    pub currency: Currency,
}

impl Client {
    fn language(&self) -> Language {
        self.visit.language
    }

    /// An amount of the client's own currency.
    fn money(&self, minor: i64) -> Markup {
        html! { span .money { (crate::play::position(i128::from(minor), self.currency)) } }
    }

    /// The amount that a member of an answer is.
    fn amount(&self, of: &Value, key: &str) -> Markup {
        number(&of[key]).map_or_else(|| html! { "–" }, |minor| self.money(minor))
    }

    /// Minor units as a field of a form has them: `1234.50`.
    fn field(&self, minor: i64) -> String {
        money::Amount::new(self.currency, minor.unsigned_abs()).major()
    }
}

/// A page of a client's.
fn page(client: &Client, title: &str, body: Markup) -> String {
    let language = client.language();
    let way = |path, word| (path, language.say(word));
    let ways = vec![
        way(ADVICE, Word::Start),
        way(PROFILE, Word::Profile),
        way(MODELS, Word::Models),
        way(DOCUMENTS, Word::Documents),
    ];
    let corner = html! {
        span .quiet { (client.wallet) }
        a href="/play" { (language.say(Word::Playground)) }
    };
    shell(Shell { visit: &client.visit, place: language.say(Word::Advice), title, ways, corner, body })
}

/// The ways between the pages of one goal.
fn goal_ways(client: &Client, id: &str) -> Markup {
    let language = client.language();
    let base = format!("{ADVICE}/goals/{id}");
    let ways = [("", Word::Goal), ("/portfolio", Word::Portfolio), ("/performance", Word::Performance)];
    html! {
        nav .ways aria-label=(language.say(Word::Goal)) { ul {
            @for (path, word) in ways {
                @let to = format!("{base}{path}");
                li { a href=(to) aria-current=[(client.visit.path == to).then_some("page")] { (language.say(word)) } }
            }
        } }
    }
}

/// What a fraction of one is in basis points, without arithmetic on it: `0.7831` is 7,831.
fn points(of: &Value) -> Option<i64> {
    let number = of.as_f64().filter(|number| number.is_finite())?;
    format!("{number:.4}").replace('.', "").parse().ok()
}

/// `78 ± 1 %` of a probability and its standard error in basis points; the error is never told as none.
fn give_or_take(bp: i64, error_bp: i64) -> String {
    format!("{}\u{a0}±\u{a0}{}\u{a0}%", (bp + 50) / 100, ((error_bp + 50) / 100).max(1))
}

/// An asset class in the client's language, where it is one of the known ones.
fn asset_class(name: &str, language: Language) -> &str {
    match name {
        "equity" => language.say(Word::Equity),
        "bond" => language.say(Word::Bonds),
        "cash" => language.say(Word::CashClass),
        "commodity" => language.say(Word::Commodities),
        other => other,
    }
}

/// A rule's code in words, where it is one that clients meet.
fn rule(code: &str, language: Language) -> Markup {
    html! { @match crate::refusals::said(code, language) {
        Some(said) => { (said) " " code .quiet { (code) } }
        None => code { (code) },
    } }
}

/// Two languages of one sentence that the service made; the page shows its own.
fn both<'a>(of: &'a Value, english: &str, chinese: &str, language: Language) -> &'a str {
    match language {
        Language::English => text(of, english),
        Language::Chinese => text(of, chinese),
    }
}
