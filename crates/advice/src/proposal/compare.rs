//! The boring alternatives beside the proposal, all measured the same way on the same history. It recommends none.

use super::orders::{self, Orders};
use super::request::Request;
use super::weigh::returns;
use crate::json::Json;
use crate::portfolio::shortfall::conditional_of;
use crate::prices::Returns;
use crate::project::{Method, Plan, successes};
use crate::refusal::Refusal;
use crate::suitability::{Grade, Matching, Position, ProductKind, matching};

/// One row of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// `ours`, `1/N`, `60/40`, `money fund` or `do nothing`.
    pub name: &'static str,
    /// Whether the class of the client permits it.
    pub permitted: bool,
    /// One-off fees of getting there, minor units.
    pub fees_minor: i64,
    /// Total cost each year, basis points of what is invested.
    pub yearly_cost_bp: i64,
    /// Mean loss of the worst twentieth of twelve-month spans, basis points; none below five years of history.
    pub loss_bp: Option<i64>,
    /// Worst twelve months, basis points of loss.
    pub worst_bp: Option<i64>,
    /// Probability of the goal and its standard error, basis points.
    pub goal_bp: Option<(i64, i64)>,
    /// Grade of the whole.
    pub grade: Grade,
}

impl Alternative {
    /// The row as it is recorded.
    pub fn to_json(&self) -> Json {
        let whole = |value: Option<i64>| value.map_or(Json::Null, Json::Whole);
        Json::object([
            ("name", Json::text(self.name)),
            ("permitted", Json::Bool(self.permitted)),
            ("fees_minor", Json::Whole(self.fees_minor)),
            ("yearly_cost_bp", Json::Whole(self.yearly_cost_bp)),
            ("loss_bp", whole(self.loss_bp)),
            ("worst_12_months_bp", whole(self.worst_bp)),
            ("goal_probability_bp", whole(self.goal_bp.map(|g| g.0))),
            ("goal_probability_se_bp", whole(self.goal_bp.map(|g| g.1))),
            ("grade", Json::text(self.grade.name())),
        ])
    }
}

/// The matching opinion on a plan as it would be after orders.
pub(super) fn match_after(request: &Request, orders: &Orders) -> Matching {
    let positions: Vec<Position> = orders
        .holdings
        .iter()
        .filter_map(|(code, value)| {
            let product = request.product(code)?;
            Some(Position { product, value_minor: *value, bought_minor: orders.bought_minor(code) })
        })
        .collect();
    let loss = losses(request, orders).map(|l| l.0);
    matching(request.profile.as_ref(), request.day, &request.policy, &positions, loss)
}

/// Ours and the others, in the fixed order.
pub(super) fn alternatives(request: &Request, ours: &Orders) -> Result<Vec<Alternative>, Refusal> {
    let codes = request.codes();
    let share = |wanted: &dyn Fn(usize) -> f64| -> Option<Vec<f64>> {
        let list: Vec<f64> = (0..codes.len()).map(wanted).collect();
        let sum: f64 = list.iter().sum();
        (sum > 0.0).then(|| list.iter().map(|w| w / sum).collect())
    };
    let model = |i: usize| {
        request.model.weights_bp.iter().find(|(c, _)| *c == codes[i]).map_or(0, |(_, w)| *w) as f64
    };
    let class = |i: usize| request.product(&codes[i]).map(|p| p.class.as_str()).unwrap_or_default();
    let money = |i: usize| request.product(&codes[i]).is_some_and(|p| p.kind == ProductKind::Money);
    let equal = share(&|i| f64::from(u8::from(model(i) > 0.0)));
    let of_class = |name: &str| share(&|i| if class(i) == name { model(i) } else { 0.0 });
    let sixty = of_class("equity").zip(of_class("bond")).map(|(stocks, bonds)| {
        stocks.iter().zip(&bonds).map(|(s, b)| 0.6 * s + 0.4 * b).collect::<Vec<f64>>()
    });
    let safe = share(&|i| f64::from(u8::from(money(i))));
    let mut orders = vec![("ours", ours.clone())];
    for (name, weights) in [("1/N", equal), ("60/40", sixty), ("money fund", safe)] {
        if let Some(weights) = weights {
            orders.push((name, orders::build(request, &weights, &[], false)));
        }
    }
    orders.push(("do nothing", untouched(request)));
    let goals = goals(request, &orders)?;
    Ok(orders.iter().zip(goals).map(|((name, orders), goal)| row(request, name, orders, goal)).collect())
}

/// The plan as it stands; a withdrawal comes out of cash as far as that reaches.
fn untouched(request: &Request) -> Orders {
    Orders {
        list: Vec::new(),
        skipped: Vec::new(),
        fees_minor: 0,
        cash_minor: (request.cash_minor - request.withdraw_minor).max(0),
        holdings: request.codes().iter().map(|c| (c.clone(), request.held_minor(c))).collect(),
    }
}

fn row(request: &Request, name: &'static str, orders: &Orders, goal_bp: Option<(i64, i64)>) -> Alternative {
    let opinion = match_after(request, orders);
    let whole = invested(request, orders).max(1);
    let cost: i128 = orders
        .holdings
        .iter()
        .filter_map(|(code, value)| {
            Some(i128::from(*value) * i128::from(request.product(code)?.yearly_cost_bp))
        })
        .sum();
    let losses = losses(request, orders);
    Alternative {
        name,
        permitted: opinion.permit().is_ok(),
        fees_minor: orders.fees_minor,
        yearly_cost_bp: (cost / i128::from(whole)) as i64,
        loss_bp: losses.map(|l| l.0),
        worst_bp: losses.map(|l| l.1),
        goal_bp,
        grade: opinion.portfolio_grade,
    }
}

/// Holdings and idle cash without the reserve.
fn invested(request: &Request, orders: &Orders) -> i64 {
    let held: i64 = orders.holdings.iter().map(|(_, v)| v).sum();
    held + (orders.cash_minor - request.reserve_minor).max(0)
}

/// Monthly returns of the plan after orders, idle cash earning nothing.
fn monthly(request: &Request, orders: &Orders) -> Option<Vec<f64>> {
    let codes = request.codes();
    let returns: Returns = returns(request, &codes).ok()?;
    let whole = invested(request, orders).max(1) as f64;
    let weights: Vec<f64> = orders.holdings.iter().map(|(_, value)| *value as f64 / whole).collect();
    Some(returns.portfolio(&weights))
}

/// (CVaR 95, worst) of rolling twelve months as losses in basis points, not below zero, rounded up.
fn losses(request: &Request, orders: &Orders) -> Option<(i64, i64)> {
    let monthly = monthly(request, orders)?;
    if monthly.len() < 60 {
        return None;
    }
    let spans: Vec<f64> =
        monthly.windows(12).map(|w| w.iter().fold(1.0, |v, r| v * (1.0 + r)) - 1.0).collect();
    let worst = spans.iter().copied().fold(0.0, f64::min);
    let (_, loss) = conditional_of(spans, 0.95);
    let bp = |loss: f64| (loss.max(0.0) * 10_000.0 - 1e-9).ceil().max(0.0) as i64;
    Some((bp(loss), bp(-worst)))
}

/// The goal's probability and its standard error after each of these orders, basis points.
fn goals(request: &Request, all: &[(&'static str, Orders)]) -> Result<Vec<Option<(i64, i64)>>, Refusal> {
    let none = || vec![None; all.len()];
    let Some(goal) = &request.goal else { return Ok(none()) };
    let mut portfolios = Vec::new();
    for (_, orders) in all {
        let Some(history) = monthly(request, orders) else { return Ok(none()) };
        let plan = Plan {
            start_minor: invested(request, orders),
            monthly_minor: goal.monthly_minor,
            months: goal.months,
            target_minor: Some(goal.target_minor),
            required_probability: goal.required_bp as f64 / 10_000.0,
        };
        portfolios.push((history, plan));
    }
    let method = Method { paths: 4_000, seed: request.seed(), ..Method::default() };
    let bp = |share: f64| (share * 10_000.0).round() as i64;
    let found = successes(&portfolios, &method)?;
    Ok(found.into_iter().map(|one| one.map(|(p, error)| (bp(p), bp(error).max(1)))).collect())
}

/// Median change over the next twelve months of a class's share if nothing is done: what the history's twelve-month
/// spans would make of it, basis points away from its target.
pub(super) fn drift_in_a_year(request: &Request, class: &str, target_bp: i64) -> Option<i64> {
    let codes = request.codes();
    let returns = returns(request, &codes).ok()?;
    let held: Vec<f64> = codes.iter().map(|c| request.held_minor(c) as f64).collect();
    let inside: Vec<bool> =
        codes.iter().map(|c| request.product(c).is_some_and(|p| p.class == class)).collect();
    let idle = (request.cash_minor - request.reserve_minor).max(0) as f64;
    let mut drifts: Vec<f64> = (12..=returns.periods())
        .map(|end| {
            let grown = |i: usize| {
                held[i] * returns.columns()[i][end - 12..end].iter().fold(1.0, |v, r| v * (1.0 + r))
            };
            let values: Vec<f64> = (0..codes.len()).map(grown).collect();
            let whole = values.iter().sum::<f64>() + idle;
            let part: f64 = values.iter().zip(&inside).filter(|(_, inside)| **inside).map(|(v, _)| v).sum();
            if whole > 0.0 { part / whole * 10_000.0 - target_bp as f64 } else { -(target_bp as f64) }
        })
        .collect();
    drifts.sort_by(f64::total_cmp);
    (!drifts.is_empty()).then(|| crate::number::quantile(&drifts, 0.5).round() as i64)
}
