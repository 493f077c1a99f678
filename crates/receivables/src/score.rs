//! A first offer to a merchant without collateral, from its payment history alone: a points table that can be told in
//! a sentence per reason. Integers only. Knows no names, people or places below a region, and no chain; history and
//! consent are given as data, and what comes of generated data says so.

mod fairness;
mod generated;
mod history;
mod table;

pub use fairness::{Band, Group, Outcome, bands, drift_ppm, groups};
pub use generated::generated;
pub use history::{Features, History, Month, Repayment, Source};
pub use table::{FEATURES, Feature, Row, SCORE_MAX, version};

use crate::hash::Hash;
use crate::price::{WHOLE_PPM, share};
use crate::transaction::{Day, Minor, Ppm};

/// Fewest full months of history: below, nothing can be told.
pub const MONTHS_MIN: u32 = 3;
/// Points needed for an offer, of [`SCORE_MAX`].
pub const SCORE_MIN: u32 = 600;
/// Days within which the weak sales path has to repay the advance.
pub const REPAYMENT_DAYS: u64 = 180;
/// Share of median monthly sales that is lent at most.
const LIMIT_SHARE_PPM: Ppm = 300_000;
/// Shares of settlements that are offered: 2 % to 30 %, in steps of 1 %.
const SHARE_PPM_MIN: Ppm = 20_000;
const SHARE_PPM_MAX: Ppm = 300_000;
const SHARE_PPM_STEP: Ppm = 10_000;

/// The merchant's consent to be scored: nothing is looked at without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Salted hash of what was agreed, as the lien will carry it.
    pub hash: Hash,
    /// First day it counts.
    pub from_day: Day,
    /// Day on which it was withdrawn, if it was.
    pub withdrawn_day: Option<Day>,
}

impl Consent {
    fn counts(&self, day: Day) -> bool {
        self.from_day <= day && self.withdrawn_day.is_none_or(|withdrawn| day < withdrawn)
    }
}

/// What the lender offers at most, whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lending {
    /// Largest advance in minor units.
    pub limit_max: Minor,
    /// Smallest advance worth its trouble.
    pub limit_min: Minor,
    /// Cost of the advance, once, as a share of it.
    pub cost_ppm: Ppm,
}

/// An offer, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The merchant may draw up to a limit.
    Offered(Offer),
    /// Not now.
    Refused(Refused),
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Points of [`SCORE_MAX`].
    pub score: u32,
    /// Largest advance.
    pub limit: Minor,
    /// What is to be repaid if all of it is drawn: the advance and its cost.
    pub owed: Minor,
    /// Share of each settlement.
    pub share_ppm: Ppm,
    /// Most that is taken on one day: three times the share of an ordinary day.
    pub cap_per_day: Minor,
    /// The table's version.
    pub version: Hash,
    /// Whether the history was generated, so that the figures are of no merchant.
    pub generated: bool,
}

/// No offer: a person can always be asked to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Points, if it came to counting.
    pub score: Option<u32>,
    /// Up to three reasons, the strongest first.
    pub reasons: Vec<Reason>,
    /// The table's version.
    pub version: Hash,
    /// Whether the history was generated.
    pub generated: bool,
}

/// A reason of a refusal, and what would change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is no consent, or it was withdrawn.
    NoConsent,
    /// Fewer months of history than [`MONTHS_MIN`].
    ShortHistory {
        /// Full months there are.
        months: u32,
    },
    /// The limit would be below the smallest advance.
    SmallSales {
        /// The limit there would be.
        limit: Minor,
    },
    /// A feature that cost points.
    Points {
        /// The feature.
        feature: Feature,
        /// Its value, in the feature's unit.
        value: u64,
        /// Points it misses.
        missing: u32,
        /// The value from which on it gets more points.
        better: u64,
    },
}

impl Reason {
    /// The reason and what would change it, in a sentence.
    pub fn text(&self) -> String {
        match self {
            Reason::NoConsent => {
                "You have not agreed that your history is looked at; agree, and ask again.".to_owned()
            }
            Reason::ShortHistory { months } => {
                format!("There are {months} full months of sales; from {MONTHS_MIN} on an offer can be made.")
            }
            Reason::SmallSales { limit } => {
                format!(
                    "Your sales allow an advance of {limit}, below the smallest there is; more sales raise it."
                )
            }
            Reason::Points { feature, value, missing, better } => {
                let (row, unit) = (feature.row(), feature.row().unit);
                let towards = if row.more_is_better { "at least" } else { "at most" };
                format!(
                    "{} is {value} {unit} and misses {missing} points; it counts for more with {towards} {better} {unit}.",
                    row.name
                )
            }
        }
    }
}

/// Scores a history, if the merchant agrees, and offers what its weak sales could repay.
pub fn decide(history: &History, consent: Option<&Consent>, lending: &Lending, day: Day) -> Decision {
    let generated = matches!(history.source, Source::Generated { .. });
    let refused =
        |score, reasons| Decision::Refused(Refused { score, reasons, version: version(), generated });
    if !consent.is_some_and(|consent| consent.counts(day)) {
        return refused(None, vec![Reason::NoConsent]);
    }
    let features = history.features();
    if features.months < MONTHS_MIN {
        return refused(None, vec![Reason::ShortHistory { months: features.months }]);
    }
    let score = table::score(&features);
    if score < SCORE_MIN {
        return refused(Some(score), table::reasons(&features));
    }
    let factor = u64::from(score) * u64::from(WHOLE_PPM) / u64::from(SCORE_MAX);
    let depth = u64::from(features.months.min(12)) * u64::from(WHOLE_PPM) / 12;
    let ppm = |value: u64| Ppm::try_from(value).unwrap_or(WHOLE_PPM);
    let by_sales = share(share(share(features.monthly, LIMIT_SHARE_PPM), ppm(factor)), ppm(depth));
    let owed_max = share(features.weak_path, SHARE_PPM_MAX);
    let by_path =
        u128::from(owed_max) * u128::from(WHOLE_PPM) / (u128::from(WHOLE_PPM) + u128::from(lending.cost_ppm));
    let limit = by_sales.min(Minor::try_from(by_path).unwrap_or(Minor::MAX)).min(lending.limit_max);
    if limit < lending.limit_min.max(1) {
        let small = [Reason::SmallSales { limit }].into_iter();
        return refused(Some(score), small.chain(table::reasons(&features)).take(3).collect());
    }
    let owed = limit + share(limit, lending.cost_ppm);
    let shares = (SHARE_PPM_MIN..=SHARE_PPM_MAX).step_by(SHARE_PPM_STEP as usize);
    let enough = |share_ppm: &Ppm| share(features.weak_path, *share_ppm) >= owed;
    let share_ppm = shares.into_iter().find(enough).unwrap_or(SHARE_PPM_MAX);
    let cap_per_day = (share(features.monthly, share_ppm) / 10).max(1);
    Decision::Offered(Offer { score, limit, owed, share_ppm, cap_per_day, version: version(), generated })
}

#[cfg(test)]
mod tests;
