//! What is watched over many decisions: approval and limits by region and sector, defaults by score band, drift.
//! Knows no merchant.

use std::collections::BTreeMap;

use crate::price::WHOLE_PPM;
use crate::score::{Decision, SCORE_MAX};
use crate::transaction::Minor;

/// One decision, to whom it was, and what came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The merchant's region.
    pub region: u16,
    /// The merchant's sector.
    pub sector: u16,
    /// What was decided.
    pub decision: Decision,
    /// Whether the advance defaulted; unknown while it runs or if none was drawn.
    pub defaulted: Option<bool>,
}

/// Figures of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Region or sector.
    pub group: u16,
    /// How many asked.
    pub asked: u64,
    /// How many got an offer.
    pub offered: u64,
    /// Offered of asked, in millionths.
    pub approval_ppm: u64,
    /// Approval over that of the group that fares best, in millionths; below 800,000 a person has to look (the
    /// four-fifths rule of 29 CFR 1607.4).
    pub ratio_ppm: u64,
    /// Average limit of the offers.
    pub limit: Minor,
    /// Average share of settlements of the offers, in millionths.
    pub share_ppm: u64,
}

/// Figures of one band of scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Lowest score of the band; it is a hundred points wide.
    pub from: u32,
    /// Offers whose end is known.
    pub ended: u64,
    /// Of these, defaulted.
    pub defaulted: u64,
    /// Defaulted of ended, in millionths.
    pub default_ppm: u64,
}

/// Figures by a group that `of` tells: region or sector. Compare groups only where enough asked.
pub fn groups(outcomes: &[Outcome], of: fn(&Outcome) -> u16) -> Vec<Group> {
    let mut sums: BTreeMap<u16, (u64, u64, u128, u128)> = BTreeMap::new();
    for outcome in outcomes {
        let sum = sums.entry(of(outcome)).or_default();
        sum.0 += 1;
        if let Decision::Offered(offer) = &outcome.decision {
            sum.1 += 1;
            sum.2 += u128::from(offer.limit);
            sum.3 += u128::from(offer.share_ppm);
        }
    }
    let approval = |asked: u64, offered: u64| offered * u64::from(WHOLE_PPM) / asked;
    let best = sums.values().map(|sum| approval(sum.0, sum.1)).max().unwrap_or(0);
    let average = |sum: u128, count: u64| u64::try_from(sum.checked_div(u128::from(count)).unwrap_or(0));
    let figures = |(group, (asked, offered, limits, shares))| {
        let approval_ppm = approval(asked, offered);
        Group {
            group,
            asked,
            offered,
            approval_ppm,
            ratio_ppm: (approval_ppm * u64::from(WHOLE_PPM))
                .checked_div(best)
                .unwrap_or(u64::from(WHOLE_PPM)),
            limit: average(limits, offered).unwrap_or(Minor::MAX),
            share_ppm: average(shares, offered).unwrap_or(u64::MAX),
        }
    };
    sums.into_iter().map(figures).collect()
}

/// Defaults by score, a hundred points a band, the lowest first.
pub fn bands(outcomes: &[Outcome]) -> Vec<Band> {
    let mut sums: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for outcome in outcomes {
        let (Decision::Offered(offer), Some(defaulted)) = (&outcome.decision, outcome.defaulted) else {
            continue;
        };
        let sum = sums.entry(offer.score / 100 * 100).or_default();
        sum.0 += 1;
        sum.1 += u64::from(defaulted);
    }
    let figures = |(from, (ended, defaulted))| Band {
        from,
        ended,
        defaulted,
        default_ppm: defaulted * u64::from(WHOLE_PPM) / ended,
    };
    sums.into_iter().map(figures).collect()
}

/// How far the scores of two periods are apart: half the sum of differences of their bands' shares, in millionths.
/// Nothing if either is empty.
pub fn drift_ppm(before: &[u32], after: &[u32]) -> Option<u64> {
    let count =
        |scores: &[u32], band: u32| scores.iter().filter(|score| **score / 100 == band).count() as u64;
    let whole = u64::from(WHOLE_PPM);
    let mut distance = 0u64;
    for band in 0..=SCORE_MAX / 100 {
        let one = (count(before, band) * whole).checked_div(before.len() as u64)?;
        let other = (count(after, band) * whole).checked_div(after.len() as u64)?;
        distance += one.abs_diff(other);
    }
    Some(distance / 2)
}
