//! One user of one member: profile, plans, permission, wallet rules, and what was offered to it.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::cash::RoundUps;
use advice::mandate::Mandate;
use advice::profile::RiskProfile;
use advice::proposal::Order;
use advice::{Code, Refusal};

use crate::fields::not_known;
use crate::plan::Plan;
use crate::tax::Sold;

/// A user.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Investor {
    pub(crate) jurisdiction: String,
    pub(crate) profile: Option<(String, RiskProfile)>,
    /// Days of assessments that gave a profile.
    pub(crate) assessed: Vec<Day>,
    /// Whether the last answers contradicted each other, so that the next ones are the second asking.
    pub(crate) contradicted: bool,
    /// Plans by the id of their goal.
    pub(crate) plans: BTreeMap<String, Plan>,
    pub(crate) mandate: Option<(String, Mandate)>,
    pub(crate) cash_rules: Option<CashRules>,
    pub(crate) round_ups: RoundUps,
    pub(crate) offers: BTreeMap<String, Offer>,
    /// Sales of this tax year and the last.
    pub(crate) sold: Vec<Sold>,
}

/// What may move from the wallet by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CashRules {
    /// The goal that is fed.
    pub(crate) goal: String,
    pub(crate) sweep: bool,
    /// Payments are rounded up to multiples of this, minor units; 0 for no round-ups.
    pub(crate) round_up_step_minor: i64,
    /// What the user keeps in the wallet.
    pub(crate) wallet_reserve_minor: i64,
    /// The emergency reserve that is filled before any goal, minor units.
    pub(crate) emergency_minor: i64,
    /// Smallest amount that moves.
    pub(crate) minimum_minor: i64,
}

/// A proposal as it was made to the user.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Offer {
    /// The number of its record in the journal.
    pub(crate) number: u64,
    pub(crate) goal: String,
    /// Of the plan when it was made.
    pub(crate) revision: i64,
    pub(crate) model: (String, i64),
    pub(crate) bucket_months_max: i64,
    pub(crate) kind: String,
    pub(crate) orders: Vec<Order>,
    /// New money in, minor units.
    pub(crate) deposit_minor: i64,
    /// Money out, minor units.
    pub(crate) withdraw_minor: i64,
    pub(crate) expires: Day,
    /// Why a person must look first, as long as none has.
    pub(crate) review: Option<String>,
    pub(crate) state: OfferState,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfferState {
    Open,
    Refused,
    Accepted,
    Declined,
}

impl OfferState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Refused => "refused",
            OfferState::Accepted => "accepted",
            OfferState::Declined => "declined",
        }
    }
}

impl Investor {
    pub(crate) fn plan(&self, goal: &str) -> Result<&Plan, Refusal> {
        self.plans.get(goal).ok_or_else(|| not_known("goal", goal))
    }

    /// The profile if there is one that counts today.
    pub(crate) fn profile(&self, today: Day) -> Result<&RiskProfile, Refusal> {
        let missing = || {
            Refusal::new(Code::ProfileMissing, "profile", "No risk profile is on record.")
                .remedy("Answer the questionnaire.")
        };
        let (_, profile) = self.profile.as_ref().ok_or_else(missing)?;
        profile.refuse_expired(today).map(|()| profile)
    }

    /// Assessments on a day and in the twelve months before it.
    pub(crate) fn attempts(&self, today: Day) -> (u32, u32) {
        let count = |counts: &dyn Fn(&&Day) -> bool| {
            u32::try_from(self.assessed.iter().filter(counts).count()).unwrap_or(u32::MAX)
        };
        (count(&|day| **day == today), count(&|day| day.plus_months(12) > today))
    }
}
