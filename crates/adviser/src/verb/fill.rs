//! `POST /advice/orders/{id}/fills`: what became of an order, told by the member whose broker carried it out.

use advice::calendar::Day;
use advice::proposal::OrderSide;
use advice::record::Record;
use advice::{Code, Json, Refusal};

use super::propose::side_name;
use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::{AMOUNT_MAX, Fields, not_known};
use crate::investor::Investor;
use crate::plan::{Booked, Holding, Plan};
use crate::record::Draft;
use crate::tax::{Filled, apply_carried, apply_sale, purchase_facts, sale_facts};

const FIELDS: &[&str] =
    &["request_id", "carried_out", "units_millionths", "amount_minor", "fee_minor", "day", "lots"];
/// Most units of one fill, in millionths.
const UNITS_MAX: i64 = 1 << 60;

pub(super) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "fill", FIELDS)?;
    let id = call.names.first().map_or("", String::as_str);
    let (subject, investor) = adviser.owner(call, "order", id)?;
    let (goal, plan, order) = open_order(investor, id)?;
    let carried_out = fields.truth("carried_out")?;
    let (mut units, mut amount, mut fee, mut day) = (0, 0, 0, now.day());
    if carried_out {
        units = fields.whole("units_millionths", 1..=UNITS_MAX)?;
        amount = fields.whole("amount_minor", 1..=AMOUNT_MAX)?;
        fee = fields.whole("fee_minor", 0..=amount)?;
        day = fields.day("day")?;
        refuse_impossible(plan, order, units, amount, day, now.day())?;
    }
    let listing = adviser.house.listing(&order.code)?;
    let cash = match (carried_out, order.side) {
        (false, _) => plan.cash_minor,
        (true, OrderSide::Buy) => plan.cash_minor - amount,
        (true, OrderSide::Sell) => plan.cash_minor + amount - fee,
    };
    let payout = if plan.open.len() == 1 { plan.payout_minor.min(cash.max(0)) } else { 0 };
    let mut facts = vec![
        ("id", Json::text(id)),
        ("goal", Json::text(goal)),
        ("carried_out", Json::Bool(carried_out)),
        ("units_millionths", Json::Whole(units)),
        ("amount_minor", Json::Whole(amount)),
        ("fee_minor", Json::Whole(fee)),
        ("day", Json::text(day.to_string())),
        ("settles", Json::text(adviser.house.settlement_day(day, listing).to_string())),
    ];
    if carried_out {
        let named = named(&fields, order)?;
        let filled = Filled { order: id, goal, code: &order.code, day, units, money_minor: 0, named: &named };
        facts.extend(match order.side {
            OrderSide::Buy => {
                purchase_facts(&adviser.house, investor, &Filled { money_minor: amount, ..filled })
            }
            OrderSide::Sell => {
                sale_facts(&adviser.house, investor, &Filled { money_minor: amount - fee, ..filled })?
            }
        });
    }
    let answer = Json::object([
        ("id", Json::text(id)),
        ("side", Json::text(side_name(order.side))),
        ("product", Json::text(&order.code)),
        ("cash_minor", Json::Whole(cash - payout)),
        ("payout_minor", Json::Whole(payout)),
        ("orders_open", Json::Whole(plan.open.len() as i64 - 1)),
    ]);
    Ok(Step::Facts(vec![Draft::of(now, call, subject, "fill", facts, answer)]))
}

/// Lots that the client chose to sell, with their units: `{"order-7": 1500000}`.
fn named(fields: &Fields, order: &Booked) -> Result<Vec<(String, i64)>, Refusal> {
    if fields.optional("lots").is_none() {
        return Ok(Vec::new());
    }
    if order.side == OrderSide::Buy {
        return Err(fields.refuse("lots, which only a sale has"));
    }
    let units = |(lot, units): (&String, &Json)| {
        let units = units.as_whole().ok_or_else(|| fields.refuse("lots whose units are no whole numbers"))?;
        Ok((lot.clone(), units))
    };
    fields.object("lots")?.iter().map(units).collect()
}

fn open_order<'a>(investor: &'a Investor, id: &str) -> Result<(&'a str, &'a Plan, &'a Booked), Refusal> {
    let found =
        investor.plans.iter().find_map(|(goal, plan)| Some((goal.as_str(), plan, plan.open.get(id)?)));
    found.ok_or_else(|| not_known("open order", id))
}

fn refuse_impossible(
    plan: &Plan,
    order: &Booked,
    units: i64,
    amount: i64,
    day: Day,
    today: Day,
) -> Result<(), Refusal> {
    if day > today || day.plus_months(1) < today {
        return Err(Refusal::new(Code::OutOfRange, "day", "A fill is of the last month."));
    }
    match order.side {
        OrderSide::Buy => {
            let most = order.amount_minor.min(plan.cash_minor);
            if amount > most {
                let message = "More was spent than was ordered or is there.";
                return Err(Refusal::new(Code::OutOfRange, "amount spent", message)
                    .found(most as f64, amount as f64)
                    .nearest(most as f64));
            }
            Ok(())
        }
        OrderSide::Sell => plan.refuse_too_many(&order.code, units),
    }
}

pub(super) fn apply(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let body = &record.body;
    let id = body.member("id")?.as_text()?;
    let goal = body.member("goal")?.as_text()?;
    let whole = |key: &str| body.member(key)?.as_whole();
    let day = |key: &str| Day::parse(body.member(key)?.as_text()?);
    let (units, amount, fee) = (whole("units_millionths")?, whole("amount_minor")?, whole("fee_minor")?);
    let Adviser { house, investors, .. } = adviser;
    let investor = investors.get_mut(&record.subject)?;
    let plan = investor.plans.get_mut(goal)?;
    let order = plan.open.remove(id)?;
    plan.revision += 1;
    if body.member("carried_out")?.as_bool()? {
        plan.fees_minor += fee;
        let held = house.units.entry(order.code.clone()).or_default();
        match order.side {
            OrderSide::Buy => {
                plan.cash_minor -= amount;
                *held += units;
                plan.lots.push(Holding {
                    id: id.to_owned(),
                    code: order.code,
                    bought: day("day")?,
                    settles: day("settles")?,
                    units,
                    cost_minor: amount - fee,
                    basis_minor: whole("basis_minor").unwrap_or(amount - fee),
                    since: day("day")?,
                    matched: false,
                });
                apply_carried(investor, body)?;
            }
            OrderSide::Sell => {
                plan.cash_minor += amount - fee;
                *held -= units;
                let (day, code) = (day("day")?, order.code.as_str());
                let filled =
                    Filled { order: id, goal, code, day, units, money_minor: amount - fee, named: &[] };
                if body.member("sold").is_some() {
                    apply_sale(house, investor, &filled, body)?;
                } else {
                    plan.take(code, units);
                }
            }
        }
    }
    investor.plans.get_mut(goal)?.pay_out(record.day, &house.market);
    Some(())
}
