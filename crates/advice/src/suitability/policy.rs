//! The limits in force, versioned. They are data because their legal sources change and some are uncertain.

use crate::json::Json;
use crate::refusal::{Code, Refusal};

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
    /// A share of a plan's class this far from its target, relative to it, is out of its band, basis points.
    pub band_relative_bp: i64,
    /// Least band, basis points of the plan.
    pub band_floor_bp: i64,
    /// Lots whose redemption fee falls within so many days are left until then.
    pub wait_days_max: i64,
    /// Aversion to straying from the model when trades are weighed against their costs.
    pub tracking_aversion: i64,
    /// Years over which one-off costs are weighed against the benefit.
    pub amortisation_years: i64,
    /// A product that moved more in its last period sends the proposal to a person first, basis points.
    pub crisis_move_bp: i64,
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
            band_relative_bp: 2_000,
            band_floor_bp: 100,
            wait_days_max: 7,
            tracking_aversion: 4,
            amortisation_years: 3,
            crisis_move_bp: 2_000,
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
            ("band_relative_bp", Json::Whole(self.band_relative_bp)),
            ("band_floor_bp", Json::Whole(self.band_floor_bp)),
            ("wait_days_max", Json::Whole(self.wait_days_max)),
            ("tracking_aversion", Json::Whole(self.tracking_aversion)),
            ("amortisation_years", Json::Whole(self.amortisation_years)),
            ("crisis_move_bp", Json::Whole(self.crisis_move_bp)),
        ])
    }

    /// Reads a policy; what it leaves out has the default.
    pub fn from_json(json: &Json) -> Result<Policy, Refusal> {
        let mut policy = Policy::default();
        let Json::Object(members) = json else { return Err(malformed("object")) };
        for (key, value) in members {
            let whole =
                value.as_whole().filter(|v| (0..=1_000_000).contains(v)).ok_or_else(|| malformed(key));
            match key.as_str() {
                "version" => policy.version = value.as_text().ok_or_else(|| malformed(key))?.to_owned(),
                "loss_limits_bp" => {
                    let list: Vec<i64> = value.elements().iter().filter_map(Json::as_whole).collect();
                    policy.loss_limits_bp = list.try_into().map_err(|_| malformed(key))?;
                }
                "single_fund_cap_bp" => policy.single_fund_cap_bp = whole?,
                "profile_months" => policy.profile_months = whole? as u32,
                "assessments_per_day_max" => policy.assessments_per_day_max = whole? as u32,
                "assessments_per_year_max" => policy.assessments_per_year_max = whole? as u32,
                "knowledge_bar" => policy.knowledge_bar = whole? as u32,
                "age_years_min" => policy.age_years_min = whole? as u32,
                "age_years_max" => policy.age_years_max = whole? as u32,
                "proposal_days" => policy.proposal_days = whole? as u32,
                "price_age_days_max" => policy.price_age_days_max = whole? as u32,
                "sign_flips_bp_max" => policy.sign_flips_bp_max = whole?,
                "band_relative_bp" => policy.band_relative_bp = whole?,
                "band_floor_bp" => policy.band_floor_bp = whole?,
                "wait_days_max" => policy.wait_days_max = whole?,
                "tracking_aversion" => policy.tracking_aversion = whole?.max(1),
                "amortisation_years" => policy.amortisation_years = whole?.max(1),
                "crisis_move_bp" => policy.crisis_move_bp = whole?,
                _ => return Err(malformed(key)),
            }
        }
        Ok(policy)
    }
}

fn malformed(key: &str) -> Refusal {
    Refusal::new(Code::MalformedTable, "policy", format!("The policy has no usable {key}."))
}
