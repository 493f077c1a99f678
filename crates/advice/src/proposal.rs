//! One request in, one answer out: a proposal with its orders, checks, alternatives and explanation, or a refusal.
//! The answer carries its request, so anyone can compute it again and compare every byte. It books nothing.

use crate::digest::sha256;
use crate::json::Json;
use crate::mandate::{Action, permit};
use crate::refusal::{Code, Refusal};
use crate::suitability::Matching;

mod compare;
mod explain;
mod orders;
mod request;
mod weigh;

pub use compare::Alternative;
pub use explain::{Explanation, refuse_promises};
pub use orders::{Order, OrderSide, Orders, Skip};
pub use request::{GoalPlan, History, Kind, Lot, Request};
pub use weigh::{ClassDrift, Decision};

/// The version of the rules in this code; part of every answer.
pub const CODE_VERSION: &str = concat!("advice ", env!("CARGO_PKG_VERSION"), " rules 1");

/// A proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What to trade, what was left out and why.
    pub orders: Orders,
    /// How the weights were found.
    pub decision: Decision,
    /// The matching opinion on the portfolio as it would be.
    pub matching: Matching,
    /// Ours first, then 1/N, 60/40 where classes allow, money fund, doing nothing.
    pub alternatives: Vec<Alternative>,
    /// The same facts in words.
    pub explanation: Explanation,
    /// Why a person must look first, if one must.
    pub review: Option<String>,
    /// Last day on which it can be accepted.
    pub expires: crate::calendar::Day,
}

/// Makes a proposal, or refuses by name.
pub fn propose(request: &Request) -> Result<Proposal, Refusal> {
    request.refuse_unusable()?;
    let decision = weigh::decide(request)?;
    let orders = orders::build(request, &decision.weights, &decision.unstable, true);
    let matching = compare::match_after(request, &orders);
    matching.permit()?;
    permit_by_mandate(request, &orders.list, true)?;
    let alternatives = compare::alternatives(request, &orders)?;
    let explanation = explain::explain(request, &decision, &orders, &alternatives)?;
    Ok(Proposal {
        review: review(request),
        expires: crate::calendar::Day(request.day.0 + request.policy.proposal_days as i32),
        orders,
        decision,
        matching,
        alternatives,
        explanation,
    })
}

/// The same rules once more when orders are booked, on the day's products, profile and holdings: the matching opinion on
/// the plan as these orders would leave it.
pub fn match_booking(request: &Request, orders: &[Order]) -> Matching {
    compare::match_after(request, &orders::after(request, orders))
}

/// Refuses orders beyond the client's mandate. `confirmed` says whether the client agreed to these very orders.
/// A request without a mandate asks for advice only, and that needs none.
pub fn permit_by_mandate(request: &Request, orders: &[Order], confirmed: bool) -> Result<(), Refusal> {
    let Some(mandate) = &request.mandate else { return Ok(()) };
    let action = Action {
        day: request.day,
        codes: orders.iter().map(|order| order.code.as_str()).collect(),
        turnover_bp: turnover_bp(request, orders),
        turnover_past_bp: request.turnover_past_bp,
        confirmed,
    };
    permit(Some(mandate), &action)
}

/// Bought and sold beyond new money and payments out, basis points of what is invested, rounded down.
pub fn turnover_bp(request: &Request, orders: &[Order]) -> i64 {
    let of =
        |side| -> i128 { orders.iter().filter(|o| o.side == side).map(|o| i128::from(o.amount_minor)).sum() };
    // What one side has more than the other is money that came or goes.
    let traded = 2 * of(OrderSide::Buy).min(of(OrderSide::Sell));
    let whole = i128::from(request.invested_minor().max(1));
    i64::try_from(traded * 10_000 / whole).unwrap_or(i64::MAX)
}

/// The whole answer to a request, as it is recorded: request, hashes, and the proposal or the refusal.
pub fn answer(request: &Request) -> Json {
    let asked = request.to_json();
    let hash = |json: &Json| Json::text(sha256(json.canonical().as_bytes()));
    let part = |key: &str| asked.member(key).map_or(Json::Null, hash);
    let hashes = Json::object([
        ("request", hash(&asked)),
        ("profile", part("profile")),
        ("goal", part("goal")),
        ("history", part("history")),
        ("model", part("model")),
        ("products", part("products")),
        ("policy", part("policy")),
    ]);
    let (key, outcome) = match propose(request) {
        Ok(proposal) => ("proposal", proposal.to_json()),
        Err(refusal) => ("refusal", refusal.to_json()),
    };
    Json::object([
        ("code_version", Json::text(CODE_VERSION)),
        ("seed", Json::Whole(request.seed() as i64)),
        ("hashes", hashes),
        ("request", asked),
        (key, outcome),
    ])
}

/// Computes a recorded answer again. The error names the first part that differs.
pub fn replay(recorded: &Json) -> Result<(), Refusal> {
    let changed = |rule: &str, message: String| Refusal::new(Code::InputsChanged, rule, message);
    let asked = recorded
        .member("request")
        .ok_or_else(|| Refusal::new(Code::MalformedTable, "record", "The record holds no request."))?;
    let again = answer(&Request::from_json(asked)?);
    if again.canonical() == recorded.canonical() {
        return Ok(());
    }
    for key in ["code_version", "seed", "hashes", "request", "proposal", "refusal"] {
        let (then, now) = (recorded.member(key), again.member(key));
        if then != now {
            let message = format!("Computed again, the {key} differs from the record.");
            return Err(changed(key, message).remedy("Replay with the code version in the record."));
        }
    }
    Err(changed("record", "The record holds more than an answer.".into()))
}

impl Proposal {
    /// The proposal as it is recorded.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("orders", self.orders.to_json()),
            ("decision", self.decision.to_json()),
            ("matching", self.matching.to_json()),
            ("alternatives", Json::List(self.alternatives.iter().map(Alternative::to_json).collect())),
            ("explanation", self.explanation.to_json()),
            ("review", self.review.as_ref().map_or(Json::Null, Json::text)),
            ("expires", Json::text(self.expires.to_string())),
        ])
    }
}

/// Large moves never stop advice silently: they send it to a person.
fn review(request: &Request) -> Option<String> {
    let limit = request.policy.crisis_move_bp;
    for (code, returns) in request.history.codes.iter().zip(&request.history.returns) {
        let last = returns.last().map_or(0.0, |r| r.abs() * 10_000.0);
        if last > limit as f64 {
            return Some(format!(
                "{code} moved {} bp in its last month; the limit without review is {limit}",
                last as i64
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests;
