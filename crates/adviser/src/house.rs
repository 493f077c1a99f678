//! What concerns everybody: products, models and who approved them, prices, limits, calendar, where advice is offered,
//! and the switch that stops it. It knows no client.

use std::collections::{BTreeMap, BTreeSet};

use advice::calendar::Day;
use advice::model::Model;
use advice::profile::Questionnaire;
use advice::suitability::{Policy, Product};
use advice::tax::{LotOrder, Rules};
use advice::{Code, Json, Refusal};

use crate::call::Moment;
use crate::fields::not_known;
use crate::market::Market;

/// Back-tests and runs whose ids are kept at hand.
const NEWEST_MAX: usize = 50;

/// The house.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct House {
    pub(crate) form: Questionnaire,
    pub(crate) policy: Policy,
    pub(crate) market: Market,
    pub(crate) products: BTreeMap<String, Listing>,
    /// By id and version.
    pub(crate) models: BTreeMap<(String, i64), Model>,
    /// Jurisdictions served, as ISO 3166-1 alpha-2.
    pub(crate) served: BTreeSet<String>,
    /// Tax rules by jurisdiction.
    pub(crate) tax: BTreeMap<String, Rules>,
    pub(crate) closed_days: BTreeSet<Day>,
    /// Why the service is stopped, if it is.
    pub(crate) stopped: Option<String>,
    /// Units of each product that all clients together hold, millionths.
    pub(crate) units: BTreeMap<String, i64>,
    /// Comparisons made in all back-tests so far; each makes the next one's bar higher.
    pub(crate) comparisons: usize,
    /// The newest back-tests and rebalancing runs by id, oldest first, at most [`NEWEST_MAX`] of each.
    pub(crate) backtests: Vec<String>,
    pub(crate) runs: Vec<String>,
    pub(crate) counters: Counters,
}

/// A product and what only its seller knows of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listing {
    pub(crate) product: Product,
    /// Most that all clients together may hold, minor units; none for no limit.
    pub(crate) capacity_minor: Option<i64>,
    /// Minute of the day (UTC) from which orders count for the next trading day.
    pub(crate) cutoff_minute: i64,
    /// Days from trade to settlement.
    pub(crate) settlement_days: i64,
    /// Who pays us what for it.
    pub(crate) conflict: String,
    /// What it follows, an index for example; two products that follow the same are the same for tax.
    pub(crate) tracks: String,
    /// The product to hold instead while this one may not be bought back; empty for none.
    pub(crate) replacement: String,
}

/// What the log says was done, to be held against what was promised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) first_day: Option<Day>,
    /// Days on which a member's plans were screened.
    pub(crate) screened_days: BTreeSet<Day>,
    pub(crate) plans_screened: i64,
    /// Days on which losses were looked for: without it nobody may claim that they are.
    pub(crate) losses_days: BTreeSet<Day>,
    pub(crate) losses_found: i64,
    pub(crate) proposals: i64,
    pub(crate) accepted: i64,
    pub(crate) declined: i64,
    pub(crate) complaints: i64,
    /// Questionnaires that gave a profile.
    pub(crate) assessed: i64,
    /// Questionnaires whose answers contradicted each other and were asked once again.
    pub(crate) contradicted: i64,
    /// Bookings against a failed check of suitability: must be 0.
    pub(crate) exceptions: i64,
    /// Refusals of proposals and bookings, by code.
    pub(crate) refused: BTreeMap<String, i64>,
}

impl Default for House {
    fn default() -> House {
        House {
            form: Questionnaire::first(),
            policy: Policy::default(),
            market: Market::default(),
            products: BTreeMap::new(),
            models: BTreeMap::new(),
            served: BTreeSet::new(),
            tax: Rules::known().into_iter().map(|rules| (rules.jurisdiction.clone(), rules)).collect(),
            closed_days: BTreeSet::new(),
            stopped: None,
            units: BTreeMap::new(),
            comparisons: 0,
            backtests: Vec::new(),
            runs: Vec::new(),
            counters: Counters::default(),
        }
    }
}

impl House {
    /// Refuses while the switch is off.
    pub(crate) fn refuse_stopped(&self) -> Result<(), Refusal> {
        let Some(why) = &self.stopped else { return Ok(()) };
        Err(Refusal::new(Code::KillSwitch, "switch", format!("The service is stopped: {why}"))
            .remedy("Holdings stay as they are, mandates can be revoked and records read."))
    }

    /// Refuses where advice is not offered.
    pub(crate) fn refuse_unserved(&self, jurisdiction: &str) -> Result<(), Refusal> {
        if self.served.contains(jurisdiction) {
            return Ok(());
        }
        let message = format!("Advice is not offered in {jurisdiction}.");
        Err(Refusal::new(Code::JurisdictionNotServed, "jurisdictions", message))
    }

    pub(crate) fn listing(&self, code: &str) -> Result<&Listing, Refusal> {
        self.products.get(code).ok_or_else(|| not_known("product", code))
    }

    /// The tax rules of a jurisdiction. Where none are known, units leave first-in first-out and nothing is said of tax.
    pub(crate) fn tax_rules(&self, jurisdiction: &str) -> Rules {
        self.tax.get(jurisdiction).cloned().unwrap_or_else(|| Rules {
            jurisdiction: jurisdiction.to_owned(),
            version: String::new(),
            source: String::new(),
            taxed: false,
            order: LotOrder::First,
            long_after_months: None,
            wash_days: 0,
            rebuy_days: 0,
            year_begins: (1, 1),
        })
    }

    /// Whether two products are the same for tax: one code, or the same that both follow.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        let follows = |code: &str| {
            let listing = self.products.get(code)?;
            (!listing.tracks.is_empty()).then_some(listing.tracks.as_str())
        };
        one == other || follows(one).is_some_and(|tracked| follows(other) == Some(tracked))
    }

    /// All versions of all models.
    pub(crate) fn all_models(&self) -> Vec<Model> {
        self.models.values().cloned().collect()
    }

    /// The day for which an order given now counts, and whether that is a later day than asked.
    pub(crate) fn trade_day(&self, now: Moment, listing: &Listing) -> (Day, bool) {
        let late = now.minute() >= listing.cutoff_minute;
        let day = self.next_open(Day(now.day().0 + i32::from(late)));
        (day, late)
    }

    /// The day on which units traded on a day are settled.
    pub(crate) fn settlement_day(&self, traded: Day, listing: &Listing) -> Day {
        (0..listing.settlement_days).fold(traded, |day, _| self.next_open(Day(day.0 + 1)))
    }

    fn next_open(&self, mut day: Day) -> Day {
        // 1970-01-01 was a Thursday; Saturdays and Sundays are 2 and 3 days on.
        while [2, 3].contains(&day.0.rem_euclid(7)) || self.closed_days.contains(&day) {
            day = Day(day.0 + 1);
        }
        day
    }
}

/// Puts an id at the end of those kept at hand.
pub(crate) fn note_newest(newest: &mut Vec<String>, id: &str) {
    newest.push(id.to_owned());
    if newest.len() > NEWEST_MAX {
        newest.remove(0);
    }
}

impl Listing {
    pub(crate) fn to_json(&self) -> Json {
        Json::object([
            ("product", self.product.to_json()),
            ("grade", Json::text(self.product.grade().name())),
            ("capacity_minor", self.capacity_minor.map_or(Json::Null, Json::Whole)),
            ("cutoff_minute", Json::Whole(self.cutoff_minute)),
            ("settlement_days", Json::Whole(self.settlement_days)),
            ("conflict", Json::text(&self.conflict)),
            ("tracks", Json::text(&self.tracks)),
            ("replacement", Json::text(&self.replacement)),
        ])
    }
}

impl Counters {
    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        *self.refused.entry(refusal.code.name().to_owned()).or_default() += 1;
    }

    pub(crate) fn to_json(&self, today: Day) -> Json {
        let days = self.first_day.map_or(0, |first| i64::from(today.0 - first.0) + 1);
        let refused = self.refused.iter().map(|(code, count)| (code.clone(), Json::Whole(*count)));
        Json::object([
            ("days_in_service", Json::Whole(days)),
            ("days_screened", Json::Whole(self.screened_days.len() as i64)),
            ("plans_screened", Json::Whole(self.plans_screened)),
            ("days_losses_looked_for", Json::Whole(self.losses_days.len() as i64)),
            ("losses_found", Json::Whole(self.losses_found)),
            ("proposals", Json::Whole(self.proposals)),
            ("accepted", Json::Whole(self.accepted)),
            ("declined", Json::Whole(self.declined)),
            ("complaints", Json::Whole(self.complaints)),
            ("refused", Json::object(refused)),
        ])
    }
}
