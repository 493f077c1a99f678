//! `GET /advice/portfolios/{id}/tax`: what was gained this tax year, what each lot would bring, and which losses could
//! be taken without being put off. And the house's tax rules. It makes nobody's tax return.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::proposal::OrderSide;
use advice::record::Record;
use advice::tax::Rules;
use advice::{Json, Refusal};

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment};
use crate::fields::{Fields, not_known};
use crate::house::House;
use crate::investor::Investor;
use crate::plan::{Holding, Plan, value_minor};
use crate::record::{Draft, HOUSE};
use crate::tax::Sold;

pub(super) fn set(now: Moment, call: &Call) -> Result<Step, Refusal> {
    let fields = Fields::of(&call.body, "tax rules", &["request_id", "rules"])?;
    let rules = Rules::from_json(fields.optional("rules").unwrap_or(&Json::Null))?.to_json();
    Ok(Step::Facts(vec![Draft::of(now, call, HOUSE, "tax-rules", vec![("rules", rules.clone())], rules)]))
}

pub(super) fn apply(adviser: &mut Adviser, record: &Record) -> Option<()> {
    let rules = Rules::from_json(record.body.member("rules")?).ok()?;
    adviser.house.tax.insert(rules.jurisdiction.clone(), rules);
    Some(())
}

pub(super) fn look(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    Fields::of(&call.body, "look", &[])?;
    let id = call.names.first().map_or("", String::as_str);
    let (_, investor) = adviser.owner(call, "goal", id)?;
    let (house, today, plan) = (&adviser.house, now.day(), investor.plan(id)?);
    let place = investor.jurisdiction.as_str();
    let rules = house.tax.get(place).ok_or_else(|| not_known("set of tax rules for", place))?;
    let year = rules.year_of(today);
    let this_year: Vec<&Sold> = investor.sold.iter().filter(|sold| sold.sale.day >= year).collect();
    let here = investor.sold.iter().filter(|sold| sold.goal == id);
    let lot = |lot: &Holding| lot_json(house, rules, today, lot);
    let losses = losses(house, investor, rules, plan, today);
    Ok(Step::Answer(Json::object([
        ("id", Json::text(id)),
        ("rules", rules.to_json()),
        ("year_begins", Json::text(year.to_string())),
        ("all_goals_this_year", totals(&this_year)),
        ("sales", Json::List(here.map(Sold::to_json).collect())),
        ("lots", Json::List(plan.lots.iter().map(lot).collect())),
        ("losses", Json::List(losses.iter().map(Loss::to_json).collect())),
    ])))
}

/// Gains and losses of all the client's goals; a loss that was put off is in neither.
fn totals(sold: &[&Sold]) -> Json {
    let sum = |long: bool, gains: bool| {
        let of = sold.iter().filter(|s| s.long == long && (s.gain_minor() > 0) == gains);
        Json::Whole(of.map(|sold| sold.gain_minor()).sum())
    };
    let put_off = sold.iter().map(|sold| sold.moved_minor.max(0)).sum();
    Json::object([
        ("short_gains_minor", sum(false, true)),
        ("short_losses_minor", sum(false, false)),
        ("long_gains_minor", sum(true, true)),
        ("long_losses_minor", sum(true, false)),
        ("losses_put_off_minor", Json::Whole(put_off)),
    ])
}

fn lot_json(house: &House, rules: &Rules, today: Day, lot: &Holding) -> Json {
    let value = value_minor(&house.market, &lot.code, lot.units);
    // The first day on which it is long-term, if there are terms and it is not yet.
    let from = rules.long_after_months.filter(|_| !rules.is_long(lot.since, today));
    let from = from.map(|months| Day(lot.since.plus_months(i32::try_from(months).unwrap_or(1_200)).0 + 1));
    Json::object([
        ("lot", Json::text(&lot.id)),
        ("product", Json::text(&lot.code)),
        ("held_since", Json::text(lot.since.to_string())),
        ("units_millionths", Json::Whole(lot.units)),
        ("basis_minor", Json::Whole(lot.basis_minor)),
        ("value_minor", Json::Whole(value)),
        ("gain_minor", Json::Whole(value - lot.basis_minor)),
        ("long_from", from.map_or(Json::Null, |day| Json::text(day.to_string()))),
    ])
}

/// A loss that could be taken by selling, and what stands in the way.
pub(super) struct Loss {
    code: String,
    loss_minor: i64,
    replacement: String,
    /// First day on which purchases made so far no longer put it off.
    free_from: Option<Day>,
    /// Something will or may buy the same again within the window.
    pub(super) in_the_way: Vec<String>,
}

impl Loss {
    /// Whether it counts if it is taken today and nothing is bought back.
    pub(super) fn is_free(&self) -> bool {
        self.free_from.is_none() && self.in_the_way.is_empty()
    }

    fn to_json(&self) -> Json {
        Json::object([
            ("product", Json::text(&self.code)),
            ("loss_minor", Json::Whole(self.loss_minor)),
            ("free", Json::Bool(self.is_free())),
            ("free_from", self.free_from.map_or(Json::Null, |day| Json::text(day.to_string()))),
            ("in_the_way", Json::texts(&self.in_the_way)),
            (
                "replacement",
                if self.replacement.is_empty() { Json::Null } else { Json::text(&self.replacement) },
            ),
        ])
    }
}

/// Products of a plan with lots that are worth less than they cost; none where gains are not taxed.
pub(super) fn losses(
    house: &House,
    investor: &Investor,
    rules: &Rules,
    plan: &Plan,
    today: Day,
) -> Vec<Loss> {
    let mut by_code: BTreeMap<&str, i64> = BTreeMap::new();
    let losing = |lot: &&Holding| value_minor(&house.market, &lot.code, lot.units) < lot.basis_minor;
    for lot in plan.lots.iter().filter(|_| rules.taxed).filter(losing) {
        *by_code.entry(&lot.code).or_default() +=
            lot.basis_minor - value_minor(&house.market, &lot.code, lot.units);
    }
    let days = rules.wash_days.max(rules.rebuy_days) as i32;
    let loss = |(code, loss_minor): (&str, i64)| {
        let all = investor.plans.values().flat_map(|plan| &plan.lots);
        // A lot that is sold with its own loss replaces nothing; one that wins, or another goal's, does.
        let kept = all.filter(|lot| {
            house.is_same(&lot.code, code) && !(plan.lots.contains(lot) && losing(lot)) && !lot.matched
        });
        let recent = kept.map(|lot| lot.bought).filter(|day| rules.wash_days > 0 && day.0 + days >= today.0);
        Loss {
            code: code.to_owned(),
            loss_minor,
            replacement: house.products.get(code).map(|l| l.replacement.clone()).unwrap_or_default(),
            free_from: recent.max().map(|day| Day(day.0 + days + 1)),
            in_the_way: if days > 0 { coming(house, investor, code) } else { Vec::new() },
        }
    };
    by_code.into_iter().map(loss).collect()
}

/// Purchases of the same that are ordered, or that rules in force would make.
fn coming(house: &House, investor: &Investor, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (goal, plan) in &investor.plans {
        let buys = |side, bought: &str| side == OrderSide::Buy && house.is_same(bought, code);
        if plan.open.values().any(|order| buys(order.side, &order.code)) {
            found.push(format!("an open order of {goal}"));
        }
        let fed = investor
            .cash_rules
            .as_ref()
            .is_some_and(|rules| rules.goal == *goal && (rules.sweep || rules.round_up_step_minor > 0));
        if fed && plan.lots.iter().any(|lot| house.is_same(&lot.code, code)) {
            found.push(format!("the cash rules that feed {goal}"));
        }
    }
    found
}
