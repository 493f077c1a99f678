//! `GET /advice/portfolios/{id}` with `/drift`, `/lots` and `/performance`: what a plan holds, how far it is from its
//! model, what leaving would cost, and how it did by three measures that reconcile.

use advice::calendar::Day;
use advice::performance::{Mark, measure};
use advice::proposal::Lot;
use advice::suitability::{Position, matching, permit_performance};
use advice::{Code, Json, Refusal};

use super::propose::side_name;
use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::Fields;
use crate::investor::Investor;
use crate::plan::Plan;

fn own<'a>(adviser: &'a Adviser, call: &'a Call) -> Result<(&'a str, &'a Investor, &'a Plan), Refusal> {
    Fields::of(&call.body, "look", &[])?;
    let id = call.names.first().map_or("", String::as_str);
    let (_, investor) = adviser.owner(call, "goal", id)?;
    Ok((id, investor, investor.plan(id)?))
}

/// Value by product code, ascending.
fn by_code(lots: &[Lot]) -> std::collections::BTreeMap<&str, i64> {
    let mut values = std::collections::BTreeMap::new();
    for lot in lots {
        *values.entry(lot.code.as_str()).or_default() += lot.value_minor;
    }
    values
}

pub(super) fn whole(adviser: &Adviser, _: Moment, call: &Call) -> Result<Step, Refusal> {
    let (id, _, plan) = own(adviser, call)?;
    let lots = plan.valued(&adviser.house.market);
    let values = by_code(&lots);
    let held = values.iter().map(|(code, value)| (*code, Json::Whole(*value)));
    let open = plan.open.iter().map(|(id, order)| {
        Json::object([
            ("id", Json::text(id)),
            ("side", Json::text(side_name(order.side))),
            ("product", Json::text(&order.code)),
            ("amount_minor", Json::Whole(order.amount_minor)),
            ("proposal", Json::text(&order.proposal)),
            ("trade_day", Json::text(order.trade_day.to_string())),
        ])
    });
    let value = plan.value_minor(&adviser.house.market);
    let idle_bp = i128::from(plan.cash_minor) * 10_000 / i128::from(value.max(1));
    Ok(Step::Answer(Json::object([
        ("id", Json::text(id)),
        ("goal", plan.goal.to_json()),
        ("value_minor", Json::Whole(value)),
        ("cash_minor", Json::Whole(plan.cash_minor)),
        ("cash_share_bp", Json::Whole(i64::try_from(idle_bp).unwrap_or(i64::MAX))),
        ("holdings_minor", Json::object(held)),
        ("orders_open", Json::List(open.collect())),
        ("payout_waiting_minor", Json::Whole(plan.payout_minor)),
        ("fees_minor", Json::Whole(plan.fees_minor)),
    ])))
}

pub(super) fn lots(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let (id, _, plan) = own(adviser, call)?;
    let today = now.day();
    let shown = plan.lots.iter().zip(plan.valued(&adviser.house.market)).map(|(lot, valued)| {
        let listing = adviser.house.products.get(&lot.code);
        let days = i64::from(today.0 - lot.bought.0);
        let (fee_bp, falls) = listing.map_or((0, None), |l| l.product.redemption_fee_bp(days));
        Json::object([
            ("lot", Json::text(&lot.id)),
            ("product", Json::text(&lot.code)),
            ("bought", Json::text(lot.bought.to_string())),
            ("units_millionths", Json::Whole(lot.units)),
            ("cost_minor", Json::Whole(lot.cost_minor)),
            ("value_minor", Json::Whole(valued.value_minor)),
            ("settled", Json::Bool(lot.settles <= today)),
            ("redemption_fee_bp", Json::Whole(fee_bp)),
            ("fee_falls_in_days", falls.map_or(Json::Null, Json::Whole)),
        ])
    });
    Ok(Step::Answer(Json::object([("id", Json::text(id)), ("lots", Json::List(shown.collect()))])))
}

pub(super) fn drift(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let (id, investor, plan) = own(adviser, call)?;
    let (house, today) = (&adviser.house, now.day());
    let profile = investor.profile(today)?;
    let models = house.all_models();
    let (model, _) =
        advice::model::follow(&models, profile.class, plan.goal.months_left(today), today, plan.bucket)?;
    let lots = plan.valued(&house.market);
    let class = |code: &str| house.products.get(code).map_or("", |listing| listing.product.class.as_str());
    let mut classes: std::collections::BTreeMap<&str, (i64, i64)> = std::collections::BTreeMap::new();
    for (code, weight) in &model.weights_bp {
        classes.entry(class(code)).or_default().0 += weight;
    }
    for lot in &lots {
        classes.entry(class(&lot.code)).or_default().1 += lot.value_minor;
    }
    let whole = (plan.value_minor(&house.market) - plan.goal.reserve_minor).max(1);
    let shown = classes.into_iter().map(|(class, (target_bp, value))| {
        let actual = i128::from(value) * 10_000 / i128::from(whole);
        let actual_bp = i64::try_from(actual).unwrap_or(i64::MAX);
        let band_bp = (target_bp * house.policy.band_relative_bp / 10_000).max(house.policy.band_floor_bp);
        Json::object([
            ("class", Json::text(class)),
            ("target_bp", Json::Whole(target_bp)),
            ("actual_bp", Json::Whole(actual_bp)),
            ("band_bp", Json::Whole(band_bp)),
            ("broken", Json::Bool((actual_bp - target_bp).abs() > band_bp)),
        ])
    });
    Ok(Step::Answer(Json::object([
        ("id", Json::text(id)),
        ("model", Json::text(&model.id)),
        ("classes", Json::List(shown.collect())),
    ])))
}

pub(super) fn performance(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let (id, investor, plan) = own(adviser, call)?;
    let (house, today) = (&adviser.house, now.day());
    let lots = plan.valued(&house.market);
    let values = by_code(&lots);
    let positions: Vec<Position> = values
        .iter()
        .filter_map(|(code, value)| {
            let product = &house.products.get(*code)?.product;
            Some(Position { product, value_minor: *value, bought_minor: 0 })
        })
        .collect();
    let profile = investor.profile(today)?;
    let opinion = matching(Some(profile), today, &house.policy, &positions, None);
    let mut marks = plan.marks.clone();
    let first = marks.first().map_or(today, |mark| mark.day);
    let now_worth = plan.value_minor(&house.market);
    if marks.last().is_none_or(|last| last.day < today) {
        marks.push(Mark { day: today, value_minor: now_worth, paid_minor: 0 });
    }
    let paid: i64 = marks.iter().map(|mark| mark.paid_minor).sum();
    let mut shown = vec![
        ("id", Json::text(id)),
        ("value_minor", Json::Whole(now_worth)),
        ("paid_in_minor", Json::Whole(paid)),
        ("gain_minor", Json::Whole(now_worth - paid)),
        ("fees_minor", Json::Whole(plan.fees_minor)),
        ("marks", Json::List(marks.iter().map(mark_json).collect())),
    ];
    // The client's own gain is always told; rates only when they say something.
    match permit_performance(Some(&opinion), first, today) {
        Ok(()) => shown.push(("measures", measure(&marks)?.to_json())),
        Err(refusal) if refusal.code == Code::PerformanceTooShort => {
            shown.push(("rates_withheld", refusal.to_json()));
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(Step::Answer(Json::object(shown)))
}

fn mark_json(mark: &Mark) -> Json {
    let Mark { day: Day(_), value_minor, paid_minor } = mark;
    Json::object([
        ("day", Json::text(mark.day.to_string())),
        ("value_before_minor", Json::Whole(*value_minor)),
        ("paid_minor", Json::Whole(*paid_minor)),
    ])
}
