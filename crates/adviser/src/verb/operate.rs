//! The house's switches: the service stopped or started, jurisdictions served, limits in force, days without trade.

use advice::calendar::Day;
use advice::record::Record;
use advice::suitability::Policy;
use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::Fields;
use crate::record::{Draft, HOUSE};

pub(super) fn switch(now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "switch", &["request_id", "stopped", "why"])?;
    let stopped = fields.truth("stopped")?;
    let why = fields.text("why")?;
    recorded(now, call, "switch", Json::object([("stopped", Json::Bool(stopped)), ("why", Json::text(why))]))
}

pub(super) fn serve(now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "jurisdictions", &["request_id", "served"])?;
    let served = fields.names("served")?;
    let plain = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    if let Some(code) = served.iter().find(|code| !plain(code)) {
        return Err(
            fields.refuse(&format!("{code:?}, which is not two capital letters (ISO 3166-1 alpha-2)"))
        );
    }
    recorded(now, call, "jurisdictions", Json::object([("served", Json::texts(&served))]))
}

pub(super) fn policy(now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "policy", &["request_id", "policy"])?;
    let policy = Policy::from_json(fields.optional("policy").unwrap_or(&Json::Null))?;
    recorded(now, call, "policy", Json::object([("policy", policy.to_json())]))
}

pub(super) fn calendar(now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "calendar", &["request_id", "closed_days"])?;
    let days = fields.names("closed_days")?;
    if let Some(day) = days.iter().find(|day| Day::parse(day).is_none()) {
        return Err(fields.refuse(&format!("{day:?}, which is no date like 2026-05-31")));
    }
    recorded(now, call, "calendar", Json::object([("closed_days", Json::texts(&days))]))
}

fn recorded(now: Moment, call: &Call, kind: &'static str, set: Json) -> Result<Step, Refusal> {
    let facts = vec![("set", set.clone())];
    Ok(Step::Facts(vec![Draft::of(now, call, HOUSE, kind, facts, set)]))
}

pub(super) fn apply(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let set = record.body.member("set")?;
    let house = &mut adviser.house;
    let texts = |key: &str| {
        let list = set.member(key).map(Json::elements).unwrap_or_default();
        list.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect::<Vec<_>>()
    };
    match record.kind.as_str() {
        "switch" => {
            let why = set.member("why")?.as_text()?.to_owned();
            house.stopped = set.member("stopped")?.as_bool()?.then_some(why);
        }
        "jurisdictions" => house.served = texts("served").into_iter().collect(),
        "policy" => house.policy = Policy::from_json(set.member("policy")?).ok()?,
        "calendar" => {
            house.closed_days =
                texts("closed_days").iter().map(|day| Day::parse(day)).collect::<Option<_>>()?;
        }
        _ => return None,
    }
    Some(())
}
