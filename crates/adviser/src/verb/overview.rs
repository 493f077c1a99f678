//! `GET /advice/users/{user}`: everything a user has here, by id, so that a wallet's app finds its way with the user's
//! name alone.

use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step, subject_of};
use crate::call::{Call, Who};
use crate::fields::{Fields, not_known};
use crate::plan::Plan;

pub(super) fn look(adviser: &Adviser, call: &Call) -> Result<Step, Refusal> {
    Fields::of(&call.body, "look", &[])?;
    let user = call.names.first().map_or("", String::as_str);
    let Who::Member(member) = &call.who else { return Err(not_known("user", user)) };
    let investor = adviser.investor(&subject_of(member, user))?;
    let profile =
        investor.profile.as_ref().map_or(Json::Null, |(id, profile)| with_id(id, profile.to_json()));
    let mandate =
        investor.mandate.as_ref().map_or(Json::Null, |(id, mandate)| with_id(id, mandate.to_json()));
    let goals = investor.plans.iter().map(|(id, plan)| with_id(id, goal(adviser, plan)));
    let mut offers: Vec<_> = investor.offers.iter().collect();
    offers.sort_by_key(|(_, offer)| std::cmp::Reverse(offer.number));
    let proposals = offers.into_iter().map(|(id, offer)| {
        Json::object([
            ("id", Json::text(id)),
            ("goal", Json::text(&offer.goal)),
            ("kind", Json::text(&offer.kind)),
            ("state", Json::text(offer.state.name())),
            ("expires", Json::text(offer.expires.to_string())),
        ])
    });
    Ok(Step::Answer(Json::object([
        ("user", Json::text(user)),
        ("jurisdiction", Json::text(&investor.jurisdiction)),
        ("contradicted", Json::Bool(investor.contradicted)),
        ("profile", profile),
        ("mandate", mandate),
        ("goals", Json::List(goals.collect())),
        ("proposals", Json::List(proposals.collect())),
    ])))
}

fn goal(adviser: &Adviser, plan: &Plan) -> Json {
    let Json::Object(mut goal) = plan.goal.to_json() else { return Json::Null };
    let value = plan.value_minor(&adviser.house.market);
    goal.insert("value_minor".into(), Json::Whole(value));
    goal.insert("cash_minor".into(), Json::Whole(plan.cash_minor));
    goal.insert("orders_open".into(), Json::Whole(plan.open.len() as i64));
    Json::Object(goal)
}

fn with_id(id: &str, json: Json) -> Json {
    let Json::Object(mut members) = json else { return Json::Null };
    members.insert("id".into(), Json::text(id));
    Json::Object(members)
}
