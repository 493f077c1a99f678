//! The operator's sanctions lists: names payers, publishes versions of a list on which some of them stand, and keeps the
//! desk that compares the two. Its messages are lost, late and doubled like everybody's.

use engine::{Engine, Input, RiskAsked, subject};
use risk::screening::list::Entry;
use risk::screening::{Party, difference};

use super::Operator;
use crate::hands::Hands;
use crate::letter::Wake;
use crate::plan::pick;

/// What payers are called, by their number.
const NAMES: [&str; 6] = [
    "Aurelio Montefalco Drake",
    "Yevgenia Petrovna Kolt",
    "Tariq Hassan Vandermeer",
    "Mireille Duquesne",
    "Bartholomew Okonkwo",
    "Sun Weizhe",
];
/// The same as lists spell them.
const LISTED: [&str; 6] = [
    "DRAKE, Aurelio Montefalco",
    "KOLT, Evgenia Petrovna",
    "VANDERMEER, Tarek Hasan",
    "DUQUESNE, Mireille",
    "OKONKWO, Bartholomew",
    "SUN, Weizhe",
];
/// Entries nobody is, so that the few that come and go are not taken for a broken download.
const OTHERS: usize = 400;

impl Operator {
    /// The next task, done at once; what was found arrives when the mail lets it.
    pub(super) fn screen(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let task = engine.and_then(|engine| engine.control().judge().register().task());
        if let Some(task) = task {
            match self.desk.search(&task) {
                Ok(searched) => {
                    hands.coverage.saw("screening", if searched.hits.is_empty() { "clean" } else { "hit" });
                    self.begin(Input::Risk(RiskAsked::Searched(searched)), false, hands);
                }
                Err(error) => hands.broken(format!("a task cannot be done: {error}")),
            }
        }
        hands.wake_in(500..20_000, Wake::Desk);
    }

    /// A payer's name, or the next version of the list.
    pub(super) fn compare(&self, engine: &Engine, hands: &mut Hands<'_>) -> Option<RiskAsked> {
        if hands.rng.bool() {
            let wallet = pick(hands.rng, &self.cast.wallets).member.0;
            let customer = hands.rng.usize(0..NAMES.len());
            let subject = subject::payer(&format!("member-{wallet}"), &format!("u{customer}"));
            let name = if hands.rng.u8(0..4) == 0 { "Somebody Else" } else { NAMES[customer] };
            return Some(RiskAsked::Name { subject, party: Party { name: name.to_owned(), birth: None } });
        }
        let others = (0..OTHERS).map(|number| (format!("o{number}"), format!("Other Entry {number}")));
        let listed = LISTED.iter().enumerate().filter(|_| hands.rng.u8(0..3) == 0);
        let listed: Vec<_> =
            listed.map(|(number, name)| (format!("p{number}"), (*name).to_owned())).collect();
        let entries = others.chain(listed).map(|(id, name)| Entry {
            id,
            names: vec![name],
            births: Vec::new(),
            person: true,
        });
        let published = engine.control().judge().register().list("own");
        let published = published.as_ref().map(|(version, entries)| (*version, &**entries));
        let parts = difference("own", published, entries.collect(), 0).ok()?;
        hands.coverage.saw("screening", "list published");
        Some(RiskAsked::PublishList { parts })
    }
}
