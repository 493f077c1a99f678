//! `POST /advice/rebalance-runs`: a member's plans are screened, and those out of their bands get a proposal each. Who
//! is skipped is counted by reason; what was screened is what the promise counters count.

use std::collections::BTreeMap;

use advice::proposal::Kind;
use advice::rebalance::{Screen, Seen};
use advice::record::Record;
use advice::{Json, Refusal};

use super::propose::{Asked, Wish, assemble, facts, refuse_moved};
use super::tax::losses;
use crate::adviser::{Adviser, Step, subject_of, user_of};
use crate::call::{Call, Moment, Who};
use crate::fields::{Fields, not_known};
use crate::house::note_newest;
use crate::investor::Investor;
use crate::record::Draft;
use crate::work::{Computed, Screened, Task, Work};

/// Plans screened in one run; `more` says where the next begins.
const PLANS_MAX: i64 = 20_000;
/// Proposals computed in one run.
const PROPOSALS_MAX: usize = 64;

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "rebalance run", &["request_id", "dry_run", "after"])?;
    let Who::Member(member) = &call.who else { return Err(not_known("member", "")) };
    fields.truth("dry_run")?;
    adviser.house.refuse_stopped()?;
    let after = match fields.optional("after") {
        Some(_) => subject_of(member, fields.name("after")?),
        None => subject_of(member, ""),
    };
    let mut screens = BTreeMap::new();
    let (mut screened, mut asked) = (Screened::default(), Vec::new());
    let beyond = (std::ops::Bound::Excluded(after.clone()), std::ops::Bound::Unbounded);
    let prefix = subject_of(member, "");
    let mine = adviser.investors.range(beyond).take_while(|(subject, _)| subject.starts_with(&prefix));
    for (subject, investor) in mine {
        if screened.plans >= PLANS_MAX || asked.len() >= PROPOSALS_MAX {
            break;
        }
        for goal in investor.plans.keys() {
            screened.plans += 1;
            screened.losses += free_losses(adviser, now, investor, goal);
            match look_at(adviser, now, subject, investor, goal, &mut screens) {
                Ok(flagged) => asked.push(flagged),
                Err(reason) => *screened.skipped.entry(reason).or_default() += 1,
            }
        }
        screened.more = Some(user_of(subject).to_owned());
    }
    if screened.plans < PLANS_MAX && asked.len() < PROPOSALS_MAX {
        screened.more = None;
    }
    Ok(Step::Work(Box::new(Work { call: call.clone(), task: Task::Proposals { asked, screened } })))
}

/// Losses of a plan that would count if they were taken today.
fn free_losses(adviser: &Adviser, now: Moment, investor: &Investor, goal: &str) -> i64 {
    let (Some(rules), Some(plan)) = (adviser.house.tax.get(&investor.jurisdiction), investor.plans.get(goal))
    else {
        return 0;
    };
    let losses = losses(&adviser.house, investor, rules, plan, now.day());
    losses.iter().filter(|loss| loss.is_free()).count() as i64
}

/// A plan's request if the screen flags it, otherwise why it is skipped.
fn look_at(
    adviser: &Adviser,
    now: Moment,
    subject: &str,
    investor: &Investor,
    goal: &str,
    screens: &mut BTreeMap<(String, i64), Screen>,
) -> Result<Asked, String> {
    let by_code = |refusal: Refusal| refusal.code.name().to_owned();
    let wish = Wish { kind: Kind::Drift, deposit_minor: 0, withdraw_minor: 0 };
    let mut asked = assemble(adviser, now, subject, investor, goal, &wish).map_err(by_code)?;
    let request = &asked.request;
    let codes = request.codes();
    let fresh = || Screen::try_new(&request.model, &request.products, &codes, &request.policy);
    let key = (request.model.id.clone(), request.model.version);
    // Plans that hold something beside the model have a screen of their own.
    let own;
    let screen = match screens.get(&key) {
        Some(screen) if screen.codes() == codes => screen,
        _ => {
            own = fresh().map_err(by_code)?;
            screens.entry(key).or_insert_with(|| own.clone());
            &own
        }
    };
    let amounts: Vec<i64> = codes.iter().map(|code| request.held_minor(code)).collect();
    match screen.look(&amounts, request.cash_minor - request.reserve_minor) {
        Seen::Quiet => Err("within its bands".into()),
        Seen::Empty => Err("nothing invested".into()),
        Seen::NewMoney => {
            asked.request.kind = Kind::Deposit;
            Ok(asked)
        }
        Seen::Broken(_) => Ok(asked),
    }
}

pub(super) fn finish(
    adviser: &Adviser,
    now: Moment,
    call: &Call,
    computed: Computed,
) -> Result<Step, Refusal> {
    let Who::Member(member) = &call.who else { return Err(not_known("member", "")) };
    let dry = call.body.member("dry_run").and_then(Json::as_bool).unwrap_or(false);
    let Computed { all, mut screened } = computed;
    let flagged = all.len();
    let mut drafts = Vec::new();
    let mut made = Vec::new();
    for (asked, answer) in all {
        if let Err(refusal) = refuse_moved(adviser, &asked) {
            *screened.skipped.entry(refusal.code.name().to_owned()).or_default() += 1;
            continue;
        }
        if let Some(refusal) = answer.member("refusal").and_then(Refusal::from_json) {
            *screened.skipped.entry(refusal.code.name().to_owned()).or_default() += 1;
        }
        let id = adviser.new_id("proposal-", 1 + drafts.len());
        let ordered =
            answer.member("proposal").and_then(|p| p.member("orders")).and_then(|o| o.member("list"));
        made.push(Json::object([
            ("user", Json::text(user_of(&asked.subject))),
            ("goal", Json::text(&asked.goal)),
            ("proposal", if dry { Json::Null } else { Json::text(&id) }),
            ("orders", Json::Whole(ordered.map_or(0, |list| list.elements().len()) as i64)),
        ]));
        if !dry {
            let (mut facts, told) = facts(adviser, &id, &asked, answer);
            facts.push(("answer", told));
            drafts.push(Draft::notice(now, &asked.subject, "proposal", facts));
        }
    }
    let id = adviser.new_id("run-", 0);
    let skipped = screened.skipped.iter().map(|(reason, count)| (reason.clone(), Json::Whole(*count)));
    let answer = Json::object([
        ("id", Json::text(&id)),
        ("plans_screened", Json::Whole(screened.plans)),
        ("plans_flagged", Json::Whole(flagged as i64)),
        ("skipped", Json::object(skipped)),
        ("losses_to_take", Json::Whole(screened.losses)),
        ("proposals", Json::List(made)),
        ("dry_run", Json::Bool(dry)),
        ("after", screened.more.as_ref().map_or(Json::Null, Json::text)),
    ]);
    let facts = vec![
        ("id", Json::text(&id)),
        ("plans", Json::Whole(screened.plans)),
        ("losses", Json::Whole(screened.losses)),
    ];
    drafts.insert(0, Draft::of(now, call, member, "rebalance-run", facts, answer));
    Ok(Step::Facts(drafts))
}

pub(super) fn apply(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    adviser.house.counters.plans_screened += record.body.member("plans")?.as_whole()?;
    adviser.house.counters.screened_days.insert(record.day);
    // Runs recorded before losses were counted have looked for none.
    if let Some(losses) = record.body.member("losses").and_then(Json::as_whole) {
        adviser.house.counters.losses_days.insert(record.day);
        adviser.house.counters.losses_found += losses;
    }
    let id = record.body.member("id")?.as_text()?;
    note_newest(&mut adviser.house.runs, id);
    adviser.note_place(id, &record.subject, number);
    Some(())
}
