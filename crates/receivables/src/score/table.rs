//! The points table: published, versioned by its hash, monotone in every feature. It can be checked by anybody who
//! reads it.

use crate::hash::{Hash, sha256};
use crate::score::history::Features;
use crate::score::{Reason, SCORE_MIN};

/// Points of a history that is best in everything.
pub const SCORE_MAX: u32 = 1_000;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Full months with sales.
    Months,
    /// Median monthly net sales.
    Monthly,
    /// Spread of monthly sales.
    Variation,
    /// Whether sales grow or shrink.
    Trend,
    /// Days with sales.
    Active,
    /// Refunds.
    Refunds,
    /// Chargebacks.
    Chargebacks,
    /// Dependence on few payers.
    LargestFive,
    /// Dependence on one month.
    Season,
    /// Payments a month.
    Payments,
    /// Average payment.
    Ticket,
    /// Earlier advances.
    Repaid,
}

/// One feature's line.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The feature.
    pub feature: Feature,
    /// Its name in a sentence.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Whether more of it earns more points; else less of it does.
    pub more_is_better: bool,
    /// Bounds ascending, with the points from each bound on (more is better) or up to it (less is better).
    pub steps: &'static [(u64, u32)],
}

const fn row(
    feature: Feature,
    name: &'static str,
    unit: &'static str,
    more_is_better: bool,
    steps: &'static [(u64, u32)],
) -> Row {
    Row { feature, name, unit, more_is_better, steps }
}

/// The table. Points of the best steps add up to [`SCORE_MAX`].
pub const FEATURES: [Row; 12] = [
    row(
        Feature::Months,
        "The number of months with sales",
        "months",
        true,
        &[(3, 30), (6, 70), (12, 110), (24, 140)],
    ),
    row(
        Feature::Monthly,
        "Median monthly sales",
        "minor units",
        true,
        &[(50_000, 30), (300_000, 60), (1_000_000, 80)],
    ),
    row(
        Feature::Variation,
        "The spread of monthly sales",
        "millionths of the median",
        false,
        &[(200_000, 120), (400_000, 90), (700_000, 50), (1_200_000, 20)],
    ),
    row(
        Feature::Trend,
        "The last three months' sales",
        "millionths of the three before",
        true,
        &[(600_000, 20), (800_000, 60), (950_000, 100)],
    ),
    row(
        Feature::Active,
        "The share of days with sales",
        "millionths",
        true,
        &[(200_000, 20), (400_000, 50), (600_000, 80), (800_000, 100)],
    ),
    row(
        Feature::Refunds,
        "The share of refunds",
        "millionths of sales",
        false,
        &[(20_000, 70), (50_000, 50), (100_000, 20)],
    ),
    row(
        Feature::Chargebacks,
        "The share of chargebacks",
        "millionths of sales",
        false,
        &[(1_000, 110), (3_000, 80), (8_000, 30)],
    ),
    row(
        Feature::LargestFive,
        "The five largest payers' share",
        "millionths of sales",
        false,
        &[(200_000, 80), (400_000, 50), (700_000, 20)],
    ),
    row(
        Feature::Season,
        "The strongest month",
        "millionths of an even month",
        false,
        &[(1_500_000, 60), (2_000_000, 40), (3_000_000, 15)],
    ),
    row(
        Feature::Payments,
        "The number of payments a month",
        "payments",
        true,
        &[(20, 10), (60, 30), (200, 50)],
    ),
    row(Feature::Ticket, "The average payment", "minor units", false, &[(50_000, 30), (200_000, 15)]),
    row(
        Feature::Repaid,
        "What was repaid of earlier advances",
        "millionths",
        true,
        &[(900_000, 20), (990_000, 60)],
    ),
];

impl Feature {
    /// Its line of the table.
    pub fn row(self) -> &'static Row {
        FEATURES.iter().find(|row| row.feature == self).expect("the table has every feature")
    }

    /// Its value, in its unit.
    pub fn value(self, features: &Features) -> u64 {
        match self {
            Feature::Months => u64::from(features.months),
            Feature::Monthly => features.monthly,
            Feature::Variation => features.variation_ppm,
            Feature::Trend => features.trend_ppm,
            Feature::Active => features.active_ppm,
            Feature::Refunds => features.refunds_ppm,
            Feature::Chargebacks => features.chargebacks_ppm,
            Feature::LargestFive => features.largest_five_ppm,
            Feature::Season => features.season_ppm,
            Feature::Payments => features.payments,
            Feature::Ticket => features.ticket,
            Feature::Repaid => features.repaid_ppm,
        }
    }
}

impl Row {
    /// Points of a value.
    pub fn points(&self, value: u64) -> u32 {
        let mut steps = self.steps.iter();
        let step = if self.more_is_better {
            steps.rfind(|(bound, _)| value >= *bound)
        } else {
            steps.find(|(bound, _)| value <= *bound)
        };
        step.map_or(0, |(_, points)| *points)
    }

    /// Points of the best value.
    pub fn most(&self) -> u32 {
        self.steps.iter().map(|(_, points)| *points).max().unwrap_or(0)
    }

    /// The bound that the next better step begins at.
    fn better(&self, value: u64) -> u64 {
        let better = |(_, points): &&(u64, u32)| *points > self.points(value);
        let mut steps = self.steps.iter();
        let step = if self.more_is_better { steps.find(better) } else { steps.rfind(better) };
        step.map_or(value, |(bound, _)| *bound)
    }
}

/// Points of all features.
pub(super) fn score(features: &Features) -> u32 {
    FEATURES.iter().map(|row| row.points(row.feature.value(features))).sum()
}

/// The three features that miss most points, the first in the table first among equals.
pub(super) fn reasons(features: &Features) -> Vec<Reason> {
    let mut reasons: Vec<(u32, Reason)> = Vec::new();
    for row in &FEATURES {
        let value = row.feature.value(features);
        let missing = row.most() - row.points(value);
        if missing > 0 {
            let better = row.better(value);
            reasons.push((missing, Reason::Points { feature: row.feature, value, missing, better }));
        }
    }
    reasons.sort_by_key(|(missing, _)| std::cmp::Reverse(*missing));
    reasons.into_iter().take(3).map(|(_, reason)| reason).collect()
}

/// The hash of the table as it is published, which every decision carries.
pub fn version() -> Hash {
    let mut text = format!("sojourn score 1, pass {SCORE_MIN}\n");
    for row in &FEATURES {
        let steps: Vec<String> =
            row.steps.iter().map(|(bound, points)| format!("{bound}:{points}")).collect();
        let better = if row.more_is_better { "more" } else { "less" };
        text.push_str(&format!("{:?} {better} {}\n", row.feature, steps.join(" ")));
    }
    sha256(&[text.as_bytes()])
}
