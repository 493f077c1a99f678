//! Tax lots of one client across all its goals: what a fill takes, what it carries into other lots, and how the record
//! of it changes them. What was paid for a lot stays beside what it costs for tax.

use advice::calendar::Day;
use advice::tax::{Carry, LotOrder, Part, Rules, Sale, TaxLot, matched_before, matched_later, sell, share};
use advice::{Json, Refusal};

use crate::house::House;
use crate::investor::Investor;
use crate::plan::{Holding, Plan};

/// Units that left a lot, kept for the tax year in which they did and the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sold {
    /// Order and lot.
    pub(crate) id: String,
    pub(crate) goal: String,
    pub(crate) code: String,
    pub(crate) sale: Sale,
    pub(crate) long: bool,
    /// Put off into what was bought, or taken from it, minor units.
    pub(crate) moved_minor: i64,
}

impl Sold {
    /// What counts as gained, below zero for a loss, minor units.
    pub(crate) fn gain_minor(&self) -> i64 {
        self.sale.proceeds_minor - self.sale.basis_minor + self.moved_minor
    }

    pub(crate) fn to_json(&self) -> Json {
        Json::object([
            ("id", Json::text(&self.id)),
            ("product", Json::text(&self.code)),
            ("day", Json::text(self.sale.day.to_string())),
            ("held_since", Json::text(self.sale.since.to_string())),
            ("long", Json::Bool(self.long)),
            ("units_millionths", Json::Whole(self.sale.units)),
            ("basis_minor", Json::Whole(self.sale.basis_minor)),
            ("proceeds_minor", Json::Whole(self.sale.proceeds_minor)),
            ("moved_minor", Json::Whole(self.moved_minor)),
            ("gain_minor", Json::Whole(self.gain_minor())),
        ])
    }
}

/// A fill as tax sees it.
pub(crate) struct Filled<'a> {
    pub(crate) order: &'a str,
    pub(crate) goal: &'a str,
    pub(crate) code: &'a str,
    pub(crate) day: Day,
    pub(crate) units: i64,
    /// Received after the fee, or spent with it, minor units.
    pub(crate) money_minor: i64,
    /// Lots the client chose, with their units.
    pub(crate) named: &'a [(String, i64)],
}

/// The facts of a sale: parts, and what later lots take back of their losses.
pub(crate) fn sale_facts(
    house: &House,
    investor: &Investor,
    filled: &Filled,
) -> Result<Vec<(&'static str, Json)>, Refusal> {
    let rules = house.tax_rules(&investor.jurisdiction);
    let plan = investor.plan(filled.goal)?;
    let lots: Vec<TaxLot> =
        plan.lots.iter().filter(|lot| lot.code == filled.code).map(Holding::as_taxed).collect();
    let pool = pool(investor, filled.code, filled.day);
    let parts = sell(&rules, &lots, pool, (filled.day, filled.units, filled.money_minor), filled.named)?;
    let mut bought = replacements(house, investor, filled, &parts, &rules);
    let (mut sold, mut carried) = (Vec::new(), Vec::new());
    for part in &parts {
        let mut sale = part.sold(filled.day);
        for (goal, lot) in &mut bought {
            let Some(carry) = matched_before(&rules, &sale, lot) else { continue };
            // What is left of the lot may take back the loss of another part.
            lot.units -= carry.units;
            sale.open_units -= carry.units;
            carried.push(carry_json(&format!("{}:{}", filled.order, part.lot), goal, &lot.id, &carry));
        }
        sold.push(part_json(part, rules.is_long(part.since, filled.day)));
    }
    let mut facts = vec![("sold", Json::List(sold)), ("carried", Json::List(carried))];
    if rules.order == LotOrder::Pool {
        let from_pool = |part: &&Part| lots.iter().any(|lot| lot.id == part.lot && lot.bought != filled.day);
        let left: i64 = parts.iter().filter(from_pool).map(|part| part.basis_minor).sum();
        facts.push(("pool_basis_minor", Json::Whole(pool.1 - left)));
    }
    Ok(facts)
}

/// The facts of a purchase: its cost for tax, and what it takes back of earlier sales.
pub(crate) fn purchase_facts(
    house: &House,
    investor: &Investor,
    filled: &Filled,
) -> Vec<(&'static str, Json)> {
    let rules = house.tax_rules(&investor.jurisdiction);
    let mut lot = TaxLot {
        id: filled.order.to_owned(),
        bought: filled.day,
        since: filled.day,
        units: filled.units,
        basis_minor: filled.money_minor,
        matched: false,
    };
    let same = |sold: &&Sold| house.is_same(&sold.code, filled.code);
    let mut sales: Vec<&Sold> = investor.sold.iter().filter(same).collect();
    sales.sort_by_key(|sold| sold.sale.day);
    let mut carried = Vec::new();
    for sold in sales {
        let Some(carry) = matched_later(&rules, &sold.sale, &lot) else { continue };
        carried.push(carry_json(&sold.id, filled.goal, &lot.id, &carry));
        lot.basis_minor -= share(lot.basis_minor, carry.units, lot.units);
        lot.units -= carry.units;
    }
    vec![("basis_minor", Json::Whole(filled.money_minor)), ("carried", Json::List(carried))]
}

/// Products of a list that are better not bought yet: a loss the client took in the same would be put off.
pub(crate) fn waits(house: &House, investor: &Investor, codes: &[String], today: Day) -> Vec<(String, Day)> {
    let rules = house.tax_rules(&investor.jurisdiction);
    let until = |code: &String| {
        let losing = |sold: &&Sold| {
            sold.sale.open_units > 0 && sold.gain_minor() < 0 && house.is_same(&sold.code, code)
        };
        let last = investor.sold.iter().filter(losing).map(|sold| sold.sale.day).max()?;
        let free = Day(last.0 + rules.wash_days as i32 + 1);
        (free > today).then(|| (code.clone(), free))
    };
    if rules.wash_days == 0 { Vec::new() } else { codes.iter().filter_map(until).collect() }
}

/// Makes the parts of a recorded sale true. `None` if the record and the state do not belong together.
pub(crate) fn apply_sale(house: &House, investor: &mut Investor, filled: &Filled, body: &Json) -> Option<()> {
    let rules = house.tax_rules(&investor.jurisdiction);
    let first = rules.year_of(filled.day);
    // The year before stays: its sales may still be asked for.
    investor.sold.retain(|sold| sold.sale.day >= first.plus_months(-12));
    for part in body.member("sold")?.elements() {
        let (part, long) = read_part(part)?;
        let plan = investor.plans.get_mut(filled.goal)?;
        let lot = plan.lots.iter_mut().find(|lot| lot.id == part.lot && lot.units >= part.units)?;
        lot.cost_minor -= share(lot.cost_minor, part.units, lot.units);
        lot.basis_minor -= part.basis_minor;
        lot.units -= part.units;
        plan.lots.retain(|lot| lot.units > 0);
        investor.sold.push(Sold {
            id: format!("{}:{}", filled.order, part.lot),
            goal: filled.goal.to_owned(),
            code: filled.code.to_owned(),
            sale: part.sold(filled.day),
            long,
            moved_minor: 0,
        });
    }
    if let Some(basis) = body.member("pool_basis_minor").and_then(Json::as_whole) {
        spread(investor, filled.code, filled.day, basis);
    }
    apply_carried(investor, body)
}

/// Makes what was carried true: the lot costs more and counts as held for longer, and the sale's gain is larger.
pub(crate) fn apply_carried(investor: &mut Investor, body: &Json) -> Option<()> {
    for carried in body.member("carried").map(Json::elements).unwrap_or_default() {
        let text = |key: &str| carried.member(key)?.as_text();
        let whole = |key: &str| carried.member(key)?.as_whole();
        let (units, moved_minor) = (whole("units_millionths")?, whole("moved_minor")?);
        let sold = investor.sold.iter_mut().find(|sold| Some(sold.id.as_str()) == text("sale"))?;
        sold.moved_minor += moved_minor;
        sold.sale.open_units -= units;
        let plan = investor.plans.get_mut(text("goal")?)?;
        let lot = part_off(plan, text("lot")?, units)?;
        lot.basis_minor += moved_minor;
        lot.since = Day::parse(text("held_since")?)?;
        lot.matched = true;
    }
    Some(())
}

/// So many units of a lot as a lot of their own.
fn part_off<'a>(plan: &'a mut Plan, id: &str, units: i64) -> Option<&'a mut Holding> {
    let place = plan.lots.iter().position(|lot| lot.id == id && lot.units >= units)?;
    if plan.lots[place].units == units {
        return plan.lots.get_mut(place);
    }
    let prefix = format!("{id}.");
    // Earlier parts may be sold by now, so their number says nothing.
    let number = |lot: &Holding| lot.id.strip_prefix(&prefix)?.parse::<usize>().ok();
    let last = plan.lots.iter().filter_map(number).max().unwrap_or(0);
    let lot = &mut plan.lots[place];
    let (cost, basis) = (share(lot.cost_minor, units, lot.units), share(lot.basis_minor, units, lot.units));
    let part = Holding {
        id: format!("{prefix}{}", last + 1),
        units,
        cost_minor: cost,
        basis_minor: basis,
        ..lot.clone()
    };
    lot.units -= units;
    lot.cost_minor -= cost;
    lot.basis_minor -= basis;
    plan.lots.insert(place + 1, part);
    plan.lots.get_mut(place + 1)
}

/// Units and cost of all the client's lots of a product that were not bought on a day.
fn pool(investor: &Investor, code: &str, day: Day) -> (i64, i64) {
    let pooled = investor.plans.values().flat_map(|plan| &plan.lots);
    let pooled = pooled.filter(|lot| lot.code == code && lot.bought != day);
    pooled.fold((0, 0), |(units, basis), lot| (units + lot.units, basis + lot.basis_minor))
}

/// Gives every pooled lot its share of what the pool costs.
fn spread(investor: &mut Investor, code: &str, day: Day, basis_minor: i64) {
    let (all, _) = pool(investor, code, day);
    let mut before = 0;
    let lots = investor.plans.values_mut().flat_map(|plan| &mut plan.lots);
    for lot in lots.filter(|lot| lot.code == code && lot.bought != day) {
        let of = |units: i64| share(basis_minor, units, all.max(1));
        lot.basis_minor = of(before + lot.units) - of(before);
        before += lot.units;
    }
}

/// Lots that may take back a loss of this sale: the same or as good as the same, still held, and none that it took
/// units from (the rest of one lot replaces nothing: Rev. Rul. 56-602).
fn replacements(
    house: &House,
    investor: &Investor,
    filled: &Filled,
    parts: &[Part],
    rules: &Rules,
) -> Vec<(String, TaxLot)> {
    let mut found = Vec::new();
    for (goal, plan) in investor.plans.iter().filter(|_| rules.wash_days > 0) {
        let untouched = |lot: &&Holding| {
            house.is_same(&lot.code, filled.code) && !parts.iter().any(|part| part.lot == lot.id)
        };
        found.extend(plan.lots.iter().filter(untouched).map(|lot| (goal.clone(), lot.as_taxed())));
    }
    found.sort_by_key(|(_, lot)| lot.bought);
    found
}

fn carry_json(sale: &str, goal: &str, lot: &str, carry: &Carry) -> Json {
    Json::object([
        ("sale", Json::text(sale)),
        ("goal", Json::text(goal)),
        ("lot", Json::text(lot)),
        ("units_millionths", Json::Whole(carry.units)),
        ("moved_minor", Json::Whole(carry.moved_minor)),
        ("held_since", Json::text(carry.since.to_string())),
    ])
}

fn part_json(part: &Part, long: bool) -> Json {
    Json::object([
        ("lot", Json::text(&part.lot)),
        ("units_millionths", Json::Whole(part.units)),
        ("basis_minor", Json::Whole(part.basis_minor)),
        ("proceeds_minor", Json::Whole(part.proceeds_minor)),
        ("held_since", Json::text(part.since.to_string())),
        ("long", Json::Bool(long)),
    ])
}

fn read_part(json: &Json) -> Option<(Part, bool)> {
    let whole = |key: &str| json.member(key)?.as_whole();
    let part = Part {
        lot: json.member("lot")?.as_text()?.to_owned(),
        units: whole("units_millionths")?,
        basis_minor: whole("basis_minor")?,
        proceeds_minor: whole("proceeds_minor")?,
        since: Day::parse(json.member("held_since")?.as_text()?)?,
    };
    Some((part, json.member("long")?.as_bool()?))
}
