//! `POST /advice/cash-rules` and `POST /advice/cash-moves`: what may move from the payment wallet by itself, and what
//! is to move now. The wallet moves it; a deposit follows as a proposal of its own.

use advice::cash::{RoundUps, Wallet, reserve_first};
use advice::record::Record;
use advice::{Code, Json, Refusal};

use crate::adviser::{Adviser, Step, subject_in};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields, not_known};
use crate::investor::{CashRules, Investor};
use crate::record::Draft;

const RULES: &[&str] = &[
    "request_id",
    "user",
    "goal",
    "sweep",
    "round_up_step_minor",
    "wallet_reserve_minor",
    "emergency_minor",
    "minimum_minor",
];
const MOVE: &[&str] = &[
    "request_id",
    "user",
    "paid_minor",
    "refunded_minor",
    "balance_minor",
    "outflows_30_days_minor",
    "due_30_days_minor",
];
/// Spans of thirty days taken: five years.
const SPANS_MAX: usize = 61;

pub(super) fn set(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "cash rules", RULES)?;
    let subject = subject_in(call, &fields)?;
    adviser.house.refuse_stopped()?;
    let investor = adviser.investor(&subject)?;
    let goal = fields.name("goal")?;
    investor.plan(goal)?;
    let amount = |key: &str| Ok(fields.optional_whole(key, 0..=AMOUNT_MAX)?.unwrap_or(0));
    let rules = Json::object([
        ("goal", Json::text(goal)),
        ("sweep", Json::Bool(fields.truth("sweep")?)),
        ("round_up_step_minor", Json::Whole(amount("round_up_step_minor")?)),
        ("wallet_reserve_minor", Json::Whole(amount("wallet_reserve_minor")?)),
        ("emergency_minor", Json::Whole(amount("emergency_minor")?)),
        ("minimum_minor", Json::Whole(amount("minimum_minor")?)),
    ]);
    let facts = vec![("rules", rules.clone())];
    Ok(Step::Facts(vec![Draft::of(now, call, &subject, "cash-rules", facts, rules)]))
}

pub(super) fn moved(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "cash move", MOVE)?;
    let subject = subject_in(call, &fields)?;
    adviser.house.refuse_stopped()?;
    let investor = adviser.investor(&subject)?;
    let Some(rules) = &investor.cash_rules else { return Err(not_known("cash rule", fields.name("user")?)) };
    let wallet = wallet(&fields, rules)?;
    let paid = fields.optional_whole("paid_minor", 0..=AMOUNT_MAX)?.unwrap_or(0);
    let refunded = fields.optional_whole("refunded_minor", 0..=AMOUNT_MAX)?.unwrap_or(0);
    let mut round_ups = investor.round_ups;
    let collected = round_ups.collect(paid, rules.round_up_step_minor, &wallet);
    let reversed = round_ups.reverse(refunded, rules.round_up_step_minor);
    let released = round_ups.release(rules.minimum_minor, &wallet);
    // What waits as change is not swept: it moves once, as change.
    let free = (wallet.sweep_minor() - round_ups.collected_minor - released).max(0);
    let swept = if rules.sweep && free >= rules.minimum_minor.max(1) { free } else { 0 };
    let (emergency, goal) =
        reserve_first(released + swept, emergency_held(adviser, investor), rules.emergency_minor);
    let answer = Json::object([
        ("round_up_minor", Json::Whole(collected)),
        ("round_up_reversed_minor", Json::Whole(reversed)),
        ("round_ups_waiting_minor", Json::Whole(round_ups.collected_minor)),
        ("kept_minor", Json::Whole(wallet.kept_minor())),
        ("move_to_emergency_minor", Json::Whole(emergency)),
        ("move_to_goal_minor", Json::Whole(goal)),
        ("goal", Json::text(&rules.goal)),
    ]);
    let facts = vec![("waiting_minor", Json::Whole(round_ups.collected_minor))];
    Ok(Step::Facts(vec![Draft::of(now, call, &subject, "cash-move", facts, answer)]))
}

fn wallet(fields: &Fields, rules: &CashRules) -> Result<Wallet, Refusal> {
    let spans = fields.optional("outflows_30_days_minor").map(Json::elements).unwrap_or_default();
    let amounts = spans.iter().map(|span| span.as_whole().filter(|v| (0..=AMOUNT_MAX).contains(v)));
    let outflows: Option<Vec<i64>> = amounts.collect();
    let outflows = outflows.filter(|list| list.len() <= SPANS_MAX).ok_or_else(|| {
        let message = format!("outflows_30_days_minor has up to {SPANS_MAX} amounts.");
        Refusal::new(Code::OutOfRange, "outflows_30_days_minor", message)
    })?;
    Ok(Wallet {
        balance_minor: fields.amount("balance_minor")?,
        reserve_minor: rules.wallet_reserve_minor,
        outflows_30_days_minor: outflows,
        due_30_days_minor: fields.optional_whole("due_30_days_minor", 0..=AMOUNT_MAX)?.unwrap_or(0),
    })
}

/// What the user's reserve goals are worth.
fn emergency_held(adviser: &Adviser, investor: &Investor) -> i64 {
    let reserves = investor.plans.values().filter(|plan| plan.goal.kind == "reserve");
    reserves.map(|plan| plan.value_minor(&adviser.house.market)).sum()
}

pub(super) fn apply_rules(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let rules = record.body.member("rules")?;
    let whole = |key: &str| rules.member(key)?.as_whole();
    adviser.investors.get_mut(&record.subject)?.cash_rules = Some(CashRules {
        goal: rules.member("goal")?.as_text()?.to_owned(),
        sweep: rules.member("sweep")?.as_bool()?,
        round_up_step_minor: whole("round_up_step_minor")?,
        wallet_reserve_minor: whole("wallet_reserve_minor")?,
        emergency_minor: whole("emergency_minor")?,
        minimum_minor: whole("minimum_minor")?,
    });
    Some(())
}

pub(super) fn apply_moved(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let collected_minor = record.body.member("waiting_minor")?.as_whole()?;
    adviser.investors.get_mut(&record.subject)?.round_ups = RoundUps { collected_minor };
    Some(())
}
