//! `GET /advice/goals/{id}/projection`: what may become of a goal when a model is followed.

use advice::digest::sha256;
use advice::project::{Method, Plan};
use advice::suitability::permit_strategy;
use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields, not_known};
use crate::work::{Task, Work};

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "projection", &["monthly", "years", "model"])?;
    let id = call.names.first().map_or("", String::as_str);
    let (_, investor) = adviser.owner(call, "goal", id)?;
    let (house, today) = (&adviser.house, now.day());
    permit_strategy(investor.profile.as_ref().map(|(_, profile)| profile), today)?;
    let profile = investor.profile(today)?;
    let plan = investor.plan(id)?;
    let models = house.all_models();
    let months =
        fields.optional_whole("years", 1..=60)?.map_or(plan.goal.months_left(today), |years| years * 12);
    let model = match fields.optional_text("model")? {
        // A model above the user's class is not shown, so it is not projected either.
        Some(name) => models
            .iter()
            .filter(|m| m.id == name && m.class <= profile.class && m.refuse_unusable(today).is_ok())
            .max_by_key(|m| m.version)
            .ok_or_else(|| not_known("model", name))?,
        None => advice::model::follow(&models, profile.class, months, today, plan.bucket)?.0,
    };
    let codes: Vec<String> = model.weights_bp.iter().map(|(code, _)| code.clone()).collect();
    let returns = house.market.month_ends(&codes)?.returns()?;
    let weights: Vec<f64> = model.weights_bp.iter().map(|(_, bp)| *bp as f64 / 10_000.0).collect();
    let history = returns.portfolio(&weights);
    let assumptions = sha256(Json::numbers(&history).canonical().as_bytes());
    let projected = Plan {
        start_minor: plan.value_minor(&house.market),
        monthly_minor: fields.optional_whole("monthly", 0..=AMOUNT_MAX)?.unwrap_or(plan.goal.monthly_minor),
        months: months.clamp(1, 720) as usize,
        target_minor: (plan.goal.target_minor > 0).then_some(plan.goal.target_minor),
        required_probability: plan.goal.required_bp as f64 / 10_000.0,
    };
    let seed = u64::from_str_radix(&assumptions[..13], 16).unwrap_or(1);
    let told = Json::object([
        ("goal", Json::text(id)),
        ("model", Json::text(&model.id)),
        ("model_version", Json::Whole(model.version)),
        ("assumptions", Json::text(&assumptions)),
        ("seed", Json::Whole(seed as i64)),
        ("monthly_minor", Json::Whole(projected.monthly_minor)),
        ("months", Json::Whole(projected.months as i64)),
        ("start_minor", Json::Whole(projected.start_minor)),
    ]);
    let method = Method { seed, ..Method::default() };
    let task = Task::Projection { history, plan: projected, method, told };
    Ok(Step::Work(Box::new(Work { call: call.clone(), task })))
}
