//! What a client allowed: funds, turnover in a year, rules; signed, and revocable at once. It decides no trade.

use crate::calendar::Day;
use crate::json::Json;
use crate::refusal::{Code, Refusal};

/// A client's permission to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Whether orders may follow without asking each time.
    pub managed: bool,
    /// Product codes allowed; all on the list if empty.
    pub funds: Vec<String>,
    /// Largest turnover (bought and sold) in twelve months, basis points of the plan.
    pub turnover_year_bp: i64,
    /// Day it was signed.
    pub signed: Day,
    /// Day it was revoked, if it was.
    pub revoked: Option<Day>,
}

impl Mandate {
    /// The mandate as it is recorded.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("managed", Json::Bool(self.managed)),
            ("funds", Json::texts(&self.funds)),
            ("turnover_year_bp", Json::Whole(self.turnover_year_bp)),
            ("signed", Json::text(self.signed.to_string())),
            ("revoked", self.revoked.map_or(Json::Null, |day| Json::text(day.to_string()))),
        ])
    }

    /// Reads a mandate; `managed` is false and the funds are all if left out.
    pub fn from_json(json: &Json) -> Result<Mandate, Refusal> {
        let missing =
            |what: &str| Refusal::new(Code::MalformedTable, "mandate", format!("The mandate lacks {what}."));
        let day = |key: &str| match json.member(key).map(|value| value.as_text().and_then(Day::parse)) {
            None => Ok(None),
            Some(Some(day)) => Ok(Some(day)),
            Some(None) => Err(missing(&format!("a date in {key}"))),
        };
        let turnover = json.member("turnover_year_bp").and_then(Json::as_whole);
        Ok(Mandate {
            managed: json.member("managed").and_then(Json::as_bool).unwrap_or(false),
            funds: json
                .member("funds")
                .map(Json::elements)
                .unwrap_or_default()
                .iter()
                .map(|fund| fund.as_text().map(str::to_owned).ok_or_else(|| missing("codes in funds")))
                .collect::<Result<_, _>>()?,
            turnover_year_bp: turnover
                .filter(|bp| (0..=1_000_000).contains(bp))
                .ok_or_else(|| missing("turnover_year_bp"))?,
            signed: day("signed")?.ok_or_else(|| missing("signed"))?,
            revoked: day("revoked")?,
        })
    }
}

/// What an action would do, to be held against a mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action<'a> {
    /// The day.
    pub day: Day,
    /// Product codes traded.
    pub codes: Vec<&'a str>,
    /// Turnover of the action, basis points of the plan.
    pub turnover_bp: i64,
    /// Turnover of the twelve months before it.
    pub turnover_past_bp: i64,
    /// Whether the client confirmed this very action.
    pub confirmed: bool,
}

/// Refuses an action beyond the mandate. Without a mandate nothing is done; advice-only needs a confirmation.
pub fn permit(mandate: Option<&Mandate>, action: &Action) -> Result<(), Refusal> {
    let mandate = mandate.ok_or_else(|| {
        Refusal::new(Code::MandateMissing, "mandate", "Nothing is ordered without a signed mandate.")
            .remedy("Sign a mandate.")
    })?;
    if mandate.signed > action.day || mandate.revoked.is_some_and(|day| day <= action.day) {
        return Err(Refusal::new(
            Code::MandateRevoked,
            "mandate",
            format!("No mandate is in force on {}.", action.day),
        ));
    }
    if !mandate.managed && !action.confirmed {
        return Err(Refusal::new(
            Code::MandateExceeded,
            "advice only",
            "This mandate needs a confirmation each time.",
        )
        .remedy("Confirm the proposal."));
    }
    if let Some(code) =
        action.codes.iter().find(|c| !mandate.funds.is_empty() && !mandate.funds.iter().any(|f| f == **c))
    {
        return Err(Refusal::new(
            Code::MandateExceeded,
            "funds allowed",
            format!("The mandate does not name {code}."),
        ));
    }
    let total = action.turnover_past_bp.saturating_add(action.turnover_bp);
    if total > mandate.turnover_year_bp {
        return Err(Refusal::new(
            Code::TurnoverBudget,
            "turnover in twelve months",
            "The turnover budget is used up.",
        )
        .found(mandate.turnover_year_bp as f64, total as f64)
        .nearest((mandate.turnover_year_bp - action.turnover_past_bp).max(0) as f64)
        .remedy("Trade less, wait, or widen the mandate."));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
