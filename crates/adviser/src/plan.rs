//! One goal's plan: its money, its lots and its open orders. Every movement is exact in minor units: what is in cash,
//! lots at cost, fees and payments out is what was paid in and gained.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::model::Bucket;
use advice::performance::Mark;
use advice::proposal::{GoalPlan, Lot, OrderSide};
use advice::tax::{TaxLot, share};
use advice::{Code, Json, Refusal};

use crate::market::{Market, PRICE_SCALE};

/// Units are counted in millionths.
pub(crate) const UNIT_SCALE: i64 = 1_000_000;

/// What the money is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Goal {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) until: Day,
    pub(crate) monthly_minor: i64,
    pub(crate) target_minor: i64,
    pub(crate) required_bp: i64,
    /// 1 comes first.
    pub(crate) priority: i64,
    /// Least that must be left at the end.
    pub(crate) floor_minor: i64,
    /// Cash that stays in the plan.
    pub(crate) reserve_minor: i64,
    pub(crate) excluded: Vec<String>,
}

/// A goal with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) goal: Goal,
    pub(crate) cash_minor: i64,
    pub(crate) lots: Vec<Holding>,
    /// Orders booked and not yet carried out, by id.
    pub(crate) open: BTreeMap<String, Booked>,
    /// Goes out once the open orders are carried out, minor units.
    pub(crate) payout_minor: i64,
    pub(crate) fees_minor: i64,
    /// Valuations at each payment in or out.
    pub(crate) marks: Vec<Mark>,
    /// Turnover of each booking, basis points of the plan.
    pub(crate) turnover: Vec<(Day, i64)>,
    pub(crate) bucket: Option<Bucket>,
    /// Goes up with every change; a proposal belongs to one state of its plan.
    pub(crate) revision: i64,
}

/// Units bought on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holding {
    /// The order that bought it, and a number where that was parted.
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) bought: Day,
    pub(crate) settles: Day,
    /// Millionths of a unit.
    pub(crate) units: i64,
    /// Paid for the units, without the fee.
    pub(crate) cost_minor: i64,
    /// What the units cost for tax.
    pub(crate) basis_minor: i64,
    /// Since when they count as held for tax.
    pub(crate) since: Day,
    /// Whether a loss or sale was carried into them.
    pub(crate) matched: bool,
}

impl Holding {
    pub(crate) fn as_taxed(&self) -> TaxLot {
        TaxLot {
            id: self.id.clone(),
            bought: self.bought,
            since: self.since,
            units: self.units,
            basis_minor: self.basis_minor,
            matched: self.matched,
        }
    }
}

/// An order that was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Booked {
    pub(crate) side: OrderSide,
    pub(crate) code: String,
    pub(crate) amount_minor: i64,
    pub(crate) proposal: String,
    pub(crate) trade_day: Day,
}

impl Goal {
    pub(crate) fn to_json(&self) -> Json {
        Json::object([
            ("kind", Json::text(&self.kind)),
            ("name", Json::text(&self.name)),
            ("until", Json::text(self.until.to_string())),
            ("monthly_minor", Json::Whole(self.monthly_minor)),
            ("target_minor", Json::Whole(self.target_minor)),
            ("required_bp", Json::Whole(self.required_bp)),
            ("priority", Json::Whole(self.priority)),
            ("floor_minor", Json::Whole(self.floor_minor)),
            ("reserve_minor", Json::Whole(self.reserve_minor)),
            ("excluded", Json::texts(&self.excluded)),
        ])
    }

    /// Whole months from a day to the goal, 1 at least.
    pub(crate) fn months_left(&self, today: Day) -> i64 {
        let ((year, month, _), (now_year, now_month, _)) = (self.until.civil(), today.civil());
        i64::from((year - now_year) * 12 + month - now_month).max(1)
    }

    pub(crate) fn as_planned(&self, today: Day) -> GoalPlan {
        GoalPlan {
            name: self.name.clone(),
            months: self.months_left(today).clamp(1, 720) as usize,
            monthly_minor: self.monthly_minor,
            target_minor: self.target_minor,
            required_bp: self.required_bp,
        }
    }
}

impl Plan {
    pub(crate) fn new(goal: Goal) -> Plan {
        Plan {
            goal,
            cash_minor: 0,
            lots: Vec::new(),
            open: BTreeMap::new(),
            payout_minor: 0,
            fees_minor: 0,
            marks: Vec::new(),
            turnover: Vec::new(),
            bucket: None,
            revision: 0,
        }
    }

    /// Lots at the last published prices, rounded down: nobody is told more than there is.
    pub(crate) fn valued(&self, market: &Market) -> Vec<Lot> {
        let value = |lot: &Holding| Lot {
            code: lot.code.clone(),
            bought: lot.bought,
            value_minor: value_minor(market, &lot.code, lot.units),
        };
        self.lots.iter().map(value).collect()
    }

    /// Cash and lots at the last published prices.
    pub(crate) fn value_minor(&self, market: &Market) -> i64 {
        self.cash_minor + self.valued(market).iter().map(|lot| lot.value_minor).sum::<i64>()
    }

    /// Notes a payment in (above zero) or out, with what the plan was worth before it.
    pub(crate) fn mark(&mut self, day: Day, value_minor: i64, paid_minor: i64) {
        match self.marks.last_mut() {
            Some(last) if last.day >= day => last.paid_minor += paid_minor,
            _ => self.marks.push(Mark { day, value_minor, paid_minor }),
        }
    }

    /// Pays out what was asked for once nothing is open, as far as cash reaches.
    pub(crate) fn pay_out(&mut self, day: Day, market: &Market) {
        if !self.open.is_empty() || self.payout_minor == 0 {
            return;
        }
        let before = self.value_minor(market);
        let paid = self.payout_minor.min(self.cash_minor);
        self.payout_minor = 0;
        if paid > 0 {
            self.mark(day, before, -paid);
            self.cash_minor -= paid;
        }
    }

    /// Turnover of the twelve months before a day, basis points.
    pub(crate) fn turnover_past_bp(&self, today: Day) -> i64 {
        let counts = |(day, _): &&(Day, i64)| day.plus_months(12) > today;
        self.turnover.iter().filter(counts).map(|(_, bp)| bp).sum()
    }

    /// Units of a code that may be sold on a day.
    pub(crate) fn settled_units(&self, code: &str, day: Day) -> i64 {
        self.lots.iter().filter(|lot| lot.code == code && lot.settles <= day).map(|lot| lot.units).sum()
    }

    /// Refuses to take more units out than are held.
    pub(crate) fn refuse_too_many(&self, code: &str, units: i64) -> Result<(), Refusal> {
        let held: i64 = self.lots.iter().filter(|lot| lot.code == code).map(|lot| lot.units).sum();
        if units <= held {
            return Ok(());
        }
        Err(Refusal::new(Code::OutOfRange, "units sold", format!("The plan holds fewer units of {code}."))
            .found(held as f64, units as f64)
            .nearest(held as f64))
    }

    /// Takes units out, oldest lots first, each with its share of the cost: what a record that names no lots means.
    pub(crate) fn take(&mut self, code: &str, units: i64) {
        let mut left = units;
        self.lots.sort_by_key(|lot| lot.bought);
        for lot in self.lots.iter_mut().filter(|lot| lot.code == code) {
            let part = left.min(lot.units);
            lot.cost_minor -= share(lot.cost_minor, part, lot.units);
            lot.basis_minor -= share(lot.basis_minor, part, lot.units);
            lot.units -= part;
            left -= part;
        }
        self.lots.retain(|lot| lot.units > 0);
    }
}

/// Units at the last published price, minor units, rounded down; nothing without a price.
pub(crate) fn value_minor(market: &Market, code: &str, units: i64) -> i64 {
    let price = market.series(code).map_or(0, |series| series.price_millionths);
    let value = i128::from(units) * i128::from(price) / i128::from(PRICE_SCALE) / i128::from(UNIT_SCALE);
    i64::try_from(value).unwrap_or(i64::MAX)
}
