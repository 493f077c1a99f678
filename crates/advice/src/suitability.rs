//! Which class may hold which grade: a table without exceptions, applied when a proposal is made and again when an
//! order is booked. Whole numbers only; limits whose legal source is uncertain are data in `Policy`.

use crate::calendar::Day;
use crate::json::Json;
use crate::profile::RiskProfile;
use crate::refusal::{Code, Refusal};

mod policy;
mod product;
mod trial;

pub use policy::Policy;
pub use product::{GradeChange, Product, ProductKind, State};
pub use trial::{Trial, breaches};

/// How much risk a person may be advised to take (AMAC suitability guide 2017).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// R1 only; about no loss.
    C1,
    /// Up to R2.
    C2,
    /// Up to R3.
    C3,
    /// Up to R4.
    C4,
    /// Up to R5.
    C5,
}

/// How risky a product or portfolio is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Lowest.
    R1,
    /// Second.
    R2,
    /// Third.
    R3,
    /// Fourth.
    R4,
    /// Highest.
    R5,
}

impl Class {
    /// All classes, most cautious first.
    pub const ALL: [Class; 5] = [Class::C1, Class::C2, Class::C3, Class::C4, Class::C5];

    /// The class of a score of 0 to 100, twenty points each.
    pub fn of_score(score: u32) -> Class {
        Class::ALL[(score / 20).min(4) as usize]
    }

    /// `C1` to `C5`.
    pub fn name(self) -> &'static str {
        ["C1", "C2", "C3", "C4", "C5"][self as usize]
    }

    /// Reads `C1` to `C5`.
    pub fn parse(text: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == text)
    }

    /// The highest grade this class may buy.
    pub fn grade_max(self) -> Grade {
        Grade::ALL[self as usize]
    }
}

impl Grade {
    /// All grades, least risky first.
    pub const ALL: [Grade; 5] = [Grade::R1, Grade::R2, Grade::R3, Grade::R4, Grade::R5];

    /// `R1` to `R5`.
    pub fn name(self) -> &'static str {
        ["R1", "R2", "R3", "R4", "R5"][self as usize]
    }

    /// Reads `R1` to `R5`.
    pub fn parse(text: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.name() == text)
    }

    /// 1 to 5.
    pub fn number(self) -> i64 {
        self as i64 + 1
    }
}

/// One holding as it would be after the trades, and how much of it is bought.
#[derive(Debug, Clone, Copy)]
pub struct Position<'a> {
    /// The product.
    pub product: &'a Product,
    /// Value after the trades, minor units, not below zero.
    pub value_minor: i64,
    /// Amount bought now, minor units; 0 when kept or sold.
    pub bought_minor: i64,
}

/// One rule and how it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The rule.
    pub rule: &'static str,
    /// The refusal, if the rule refused.
    pub refusal: Option<Refusal>,
}

/// The matching opinion: every rule that was looked at, passed or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// All checks in their fixed order.
    pub checks: Vec<Check>,
    /// Grade of the portfolio as a whole.
    pub portfolio_grade: Grade,
    /// Its loss measure, basis points of the value, if known.
    pub loss_bp: Option<i64>,
}

impl Matching {
    /// The first refusal, if any.
    pub fn permit(&self) -> Result<(), Refusal> {
        self.checks.iter().find_map(|check| check.refusal.clone()).map_or(Ok(()), Err)
    }

    /// The opinion as it is recorded.
    pub fn to_json(&self) -> Json {
        let check = |c: &Check| {
            Json::object([
                ("rule", Json::text(c.rule)),
                ("passed", Json::Bool(c.refusal.is_none())),
                ("refusal", c.refusal.as_ref().map_or(Json::Null, Refusal::to_json)),
            ])
        };
        Json::object([
            ("checks", Json::List(self.checks.iter().map(check).collect())),
            ("portfolio_grade", Json::text(self.portfolio_grade.name())),
            ("loss_bp", self.loss_bp.map_or(Json::Null, Json::Whole)),
        ])
    }
}

/// Looks at a portfolio as it would be after trades. `loss_bp` is its twelve-month CVaR 95 in basis points, where a
/// history is known; without it the products' grades decide alone. Selling is always permitted.
pub fn matching(
    profile: Option<&RiskProfile>,
    today: Day,
    policy: &Policy,
    positions: &[Position],
    loss_bp: Option<i64>,
) -> Matching {
    let portfolio_grade = portfolio_grade(positions, loss_bp, policy);
    let mut matching = Matching { checks: Vec::new(), portfolio_grade, loss_bp };
    let buying = positions.iter().any(|p| p.bought_minor > 0);
    let known = profile.ok_or_else(|| {
        Refusal::new(Code::ProfileMissing, "profile", "No advice is given before the risk profile is known.")
            .remedy("Answer the questionnaire.")
    });
    let current = known.and_then(|profile| profile.refuse_expired(today).map(|()| profile));
    matching.note("profile known and valid", current.as_ref().err().filter(|_| buying).cloned());
    let Ok(profile) = current else { return matching };
    matching.note("lowest category holds R1 only", lowest_refusal(profile, positions));
    matching.note("each product within the class", product_refusal(profile, positions));
    matching.note("products open", positions.iter().find_map(|p| p.product.refuse_closed(p.bought_minor)));
    matching.note("single fund within its share", single_fund_refusal(policy, positions));
    matching.note(
        "portfolio within the class",
        if buying { portfolio_refusal(profile, portfolio_grade) } else { None },
    );
    matching.note(
        "loss within the class limit",
        if buying { loss_refusal(profile, policy, loss_bp) } else { None },
    );
    matching
}

impl Matching {
    fn note(&mut self, rule: &'static str, refusal: Option<Refusal>) {
        self.checks.push(Check { rule, refusal });
    }
}

/// The portfolio's grade: the mean of the products' grades by value, rounded up, or what its loss measure says if
/// that is higher.
pub fn portfolio_grade(positions: &[Position], loss_bp: Option<i64>, policy: &Policy) -> Grade {
    let held = positions.iter().filter(|p| p.value_minor > 0);
    let (mut total, mut weighted) = (0i128, 0i128);
    for position in held {
        total += i128::from(position.value_minor);
        weighted += i128::from(position.value_minor) * i128::from(position.product.grade().number());
    }
    let mean = if total > 0 { (weighted + total - 1) / total } else { 1 };
    let by_products = Grade::ALL[(mean - 1).clamp(0, 4) as usize];
    let by_loss = loss_bp.map_or(Grade::R1, |loss| {
        let class = policy.loss_limits_bp.iter().position(|limit| loss <= *limit);
        Grade::ALL[class.unwrap_or(4)]
    });
    by_products.max(by_loss)
}

fn lowest_refusal(profile: &RiskProfile, positions: &[Position]) -> Option<Refusal> {
    if !profile.lowest {
        return None;
    }
    let above = positions.iter().find(|p| p.bought_minor > 0 && p.product.grade() > Grade::R1)?;
    let message = format!(
        "{} is {}; the lowest category may buy R1 only.",
        above.product.code,
        above.product.grade().name()
    );
    Some(
        Refusal::new(Code::ClassLowestR1Only, "lowest category", message)
            .found(1.0, above.product.grade().number() as f64)
            .nearest(1.0)
            .remedy("Choose products graded R1."),
    )
}

fn product_refusal(profile: &RiskProfile, positions: &[Position]) -> Option<Refusal> {
    let most = profile.class.grade_max();
    let above = positions.iter().find(|p| p.bought_minor > 0 && p.product.grade() > most)?;
    let grade = above.product.grade();
    let message = format!(
        "{} is {} and {} may buy up to {}.",
        above.product.code,
        grade.name(),
        profile.class.name(),
        most.name()
    );
    Some(
        Refusal::new(Code::ProductAboveClass, "product grade", message)
            .found(most.number() as f64, grade.number() as f64)
            .nearest(most.number() as f64)
            .remedy(format!("Choose products graded {} or below.", most.name())),
    )
}

fn single_fund_refusal(policy: &Policy, positions: &[Position]) -> Option<Refusal> {
    let total: i128 = positions.iter().map(|p| i128::from(p.value_minor)).sum();
    for position in positions.iter().filter(|p| p.bought_minor > 0 && p.product.kind.is_capped()) {
        let value = i128::from(position.value_minor);
        if value * 10_000 > total * i128::from(policy.single_fund_cap_bp) {
            let share = (value * 10_000 / total.max(1)) as i64;
            let message = format!("{} would be {} bp of the plan.", position.product.code, share);
            return Some(
                Refusal::new(Code::SingleFundCap, "single fund", message)
                    .found(policy.single_fund_cap_bp as f64, share as f64)
                    .nearest(policy.single_fund_cap_bp as f64)
                    .remedy("Spread over more funds; money-market and index funds are excepted."),
            );
        }
    }
    None
}

fn portfolio_refusal(profile: &RiskProfile, grade: Grade) -> Option<Refusal> {
    let most = if profile.lowest { Grade::R1 } else { profile.class.grade_max() };
    (grade > most).then(|| {
        let message = format!(
            "The portfolio as a whole is {}; {} may hold {}.",
            grade.name(),
            profile.class.name(),
            most.name()
        );
        Refusal::new(Code::PortfolioAboveClass, "portfolio grade", message)
            .found(most.number() as f64, grade.number() as f64)
            .nearest(most.number() as f64)
            .remedy("Move part of it into calmer products.")
    })
}

fn loss_refusal(profile: &RiskProfile, policy: &Policy, loss_bp: Option<i64>) -> Option<Refusal> {
    let (loss, limit) = (loss_bp?, policy.loss_limits_bp[profile.class as usize]);
    (loss > limit).then(|| {
        let message = format!(
            "The worst twentieth of years lost {loss} bp on average; {} allows {limit}.",
            profile.class.name()
        );
        Refusal::new(Code::LossLimitExceeded, "twelve-month CVaR 95", message)
            .found(limit as f64, loss as f64)
            .nearest(limit as f64)
            .remedy("Move part of it into calmer products.")
    })
}

/// No strategy is shown before the profile is known.
pub fn permit_strategy(profile: Option<&RiskProfile>, today: Day) -> Result<(), Refusal> {
    let unknown =
        || Refusal::new(Code::StrategyBeforeProfile, "page order", "Strategies follow the risk profile.");
    profile.ok_or_else(unknown)?.refuse_expired(today)
}

/// No past performance before matching, and none shorter than a year.
pub fn permit_performance(matching: Option<&Matching>, from: Day, to: Day) -> Result<(), Refusal> {
    let unmatched =
        || Refusal::new(Code::StrategyBeforeProfile, "page order", "Performance follows the matching.");
    matching.ok_or_else(unmatched)?.permit()?;
    if from.plus_months(12) > to {
        return Err(Refusal::new(
            Code::PerformanceTooShort,
            "shown performance",
            "Less than a year is not shown.",
        )
        .found(365.0, f64::from(to.0 - from.0))
        .nearest(365.0));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
