//! `POST /advice/goals` and `PATCH /advice/goals/{id}`: what the money is for.

use advice::calendar::Day;
use advice::record::Record;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields};
use crate::plan::{Goal, Plan};
use crate::record::Draft;

/// Goals of one user.
const GOALS_MAX: usize = 16;
const KINDS: [&str; 5] = ["reserve", "home", "education", "retirement", "other"];
const FIELDS: &[&str] = &[
    "request_id",
    "user",
    "kind",
    "name",
    "until",
    "monthly_minor",
    "target_minor",
    "required_bp",
    "priority",
    "floor_minor",
    "reserve_minor",
    "excluded",
];

pub(super) fn set(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "goal", FIELDS)?;
    let subject = subject_in(call, &fields)?;
    adviser.house.refuse_stopped()?;
    // Only who has answered questions is somebody's user here.
    let investor = adviser.investor(&subject)?;
    if investor.plans.len() >= GOALS_MAX {
        let message = format!("A user has {GOALS_MAX} goals at most.");
        return Err(Refusal::new(Code::OutOfRange, "goals", message)
            .found(GOALS_MAX as f64, (GOALS_MAX + 1) as f64)
            .nearest(GOALS_MAX as f64));
    }
    let blank = Goal {
        kind: String::new(),
        name: String::new(),
        until: Day(0),
        monthly_minor: 0,
        target_minor: 0,
        required_bp: 8_000,
        priority: 1,
        floor_minor: 0,
        reserve_minor: 0,
        excluded: Vec::new(),
    };
    let goal = read(&fields, now.day(), &blank, true)?;
    let id = adviser.new_id("goal-", 0);
    recorded(now, call, &subject, "goal", &id, &goal)
}

pub(super) fn change(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "goal", FIELDS)?;
    let id = call.names.first().map_or("", String::as_str);
    let (subject, investor) = adviser.owner(call, "goal", id)?;
    adviser.house.refuse_stopped()?;
    let goal = read(&fields, now.day(), &investor.plan(id)?.goal, false)?;
    recorded(now, call, subject, "goal-change", id, &goal)
}

fn recorded(
    now: Moment,
    call: &Call,
    subject: &str,
    kind: &'static str,
    id: &str,
    goal: &Goal,
) -> Result<Step, Refusal> {
    let facts = vec![("id", Json::text(id)), ("goal", goal.to_json())];
    let Json::Object(mut answer) = goal.to_json() else { return Ok(Step::Answer(Json::Null)) };
    answer.insert("id".into(), Json::text(id));
    Ok(Step::Facts(vec![Draft::of(now, call, subject, kind, facts, Json::Object(answer))]))
}

/// The goal that fields make of what was before. `whole` asks for everything that has no default.
fn read(fields: &Fields, today: Day, before: &Goal, whole: bool) -> Result<Goal, Refusal> {
    let amount = |key: &str, before: i64| Ok(fields.optional_whole(key, 0..=AMOUNT_MAX)?.unwrap_or(before));
    let given = |key: &str| whole || fields.optional(key).is_some();
    let kind = if given("kind") { fields.text("kind")? } else { &before.kind };
    if !KINDS.contains(&kind) {
        let message = format!("There is no goal of kind {kind}.");
        return Err(Refusal::new(Code::OutOfRange, "kind", message)
            .remedy(format!("Choose among {}.", KINDS.join(", "))));
    }
    let until = if given("until") { fields.day("until")? } else { before.until };
    if given("until") && !(today.plus_months(1)..=today.plus_months(720)).contains(&until) {
        let message = "A goal is one month to sixty years away.";
        return Err(Refusal::new(Code::OutOfRange, "until", message));
    }
    Ok(Goal {
        kind: kind.to_owned(),
        name: if given("name") { fields.text("name")? } else { &before.name }.to_owned(),
        until,
        monthly_minor: amount("monthly_minor", before.monthly_minor)?,
        target_minor: if whole {
            fields.amount("target_minor")?
        } else {
            amount("target_minor", before.target_minor)?
        },
        required_bp: fields.optional_whole("required_bp", 0..=10_000)?.unwrap_or(before.required_bp),
        priority: fields.optional_whole("priority", 1..=100)?.unwrap_or(before.priority),
        floor_minor: amount("floor_minor", before.floor_minor)?,
        reserve_minor: amount("reserve_minor", before.reserve_minor)?,
        excluded: if fields.optional("excluded").is_some() {
            fields.names("excluded")?
        } else {
            before.excluded.clone()
        },
    })
}

/// A goal as it was recorded.
fn recorded_goal(json: &Json) -> Option<Goal> {
    let text = |key: &str| json.member(key)?.as_text().map(str::to_owned);
    let whole = |key: &str| json.member(key)?.as_whole();
    let excluded = json.member("excluded").map(Json::elements).unwrap_or_default();
    Some(Goal {
        kind: text("kind")?,
        name: text("name")?,
        until: Day::parse(&text("until")?)?,
        monthly_minor: whole("monthly_minor")?,
        target_minor: whole("target_minor")?,
        required_bp: whole("required_bp")?,
        priority: whole("priority")?,
        floor_minor: whole("floor_minor")?,
        reserve_minor: whole("reserve_minor")?,
        excluded: excluded.iter().filter_map(|code| code.as_text().map(str::to_owned)).collect(),
    })
}

pub(super) fn apply_new(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    let id = record.body.member("id")?.as_text()?;
    let goal = recorded_goal(record.body.member("goal")?)?;
    let investor = adviser.investors.get_mut(&record.subject)?;
    investor.plans.insert(id.to_owned(), Plan::new(goal));
    adviser.note_place(id, &record.subject, number);
    Some(())
}

pub(super) fn apply_change(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let id = record.body.member("id")?.as_text()?;
    let plan = adviser.investors.get_mut(&record.subject)?.plans.get_mut(id)?;
    plan.goal = recorded_goal(record.body.member("goal")?)?;
    plan.revision += 1;
    Some(())
}
