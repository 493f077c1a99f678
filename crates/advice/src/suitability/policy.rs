//! The limits in force, versioned. They are data because their legal sources change and some are uncertain.

use crate::json::Json;

/// Limits of suitability and advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Name of this set, recorded with every proposal.
    pub version: String,
    /// Largest share of one fund, basis points; money-market and index funds are excepted (China, fund advisory
    /// pilot 2019).
    pub single_fund_cap_bp: i64,
    /// Largest twelve-month CVaR 95 of each class, basis points.
    pub loss_limits_bp: [i64; 5],
    /// Months for which a profile counts.
    pub profile_months: u32,
    /// Assessments a day; the rule exists in practice, its number is not verified.
    pub assessments_per_day_max: u32,
    /// Assessments in twelve months, likewise.
    pub assessments_per_year_max: u32,
    /// Knowledge below this caps at C3.
    pub knowledge_bar: u32,
    /// Younger persons are in the lowest category.
    pub age_years_min: u32,
    /// Older persons are in the lowest category.
    pub age_years_max: u32,
    /// Days for which a proposal can be accepted.
    pub proposal_days: u32,
    /// Oldest price used, in days.
    pub price_age_days_max: u32,
    /// Share of the resampled covariances in which a trade may change sign before it is not proposed, basis points.
    pub sign_flips_bp_max: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            version: "2026-1".into(),
            single_fund_cap_bp: 2_000,
            loss_limits_bp: [0, 500, 1_500, 2_500, 3_700],
            profile_months: 12,
            assessments_per_day_max: 2,
            assessments_per_year_max: 8,
            knowledge_bar: 50,
            age_years_min: 18,
            age_years_max: 80,
            proposal_days: 1,
            price_age_days_max: 5,
            sign_flips_bp_max: 2_000,
        }
    }
}

impl Policy {
    /// The policy as it is recorded and hashed.
    pub fn to_json(&self) -> Json {
        let whole = |value: u32| Json::Whole(i64::from(value));
        Json::object([
            ("version", Json::text(&self.version)),
            ("single_fund_cap_bp", Json::Whole(self.single_fund_cap_bp)),
            ("loss_limits_bp", Json::List(self.loss_limits_bp.iter().map(|v| Json::Whole(*v)).collect())),
            ("profile_months", whole(self.profile_months)),
            ("assessments_per_day_max", whole(self.assessments_per_day_max)),
            ("assessments_per_year_max", whole(self.assessments_per_year_max)),
            ("knowledge_bar", whole(self.knowledge_bar)),
            ("age_years_min", whole(self.age_years_min)),
            ("age_years_max", whole(self.age_years_max)),
            ("proposal_days", whole(self.proposal_days)),
            ("price_age_days_max", whole(self.price_age_days_max)),
            ("sign_flips_bp_max", Json::Whole(self.sign_flips_bp_max)),
        ])
    }
}
