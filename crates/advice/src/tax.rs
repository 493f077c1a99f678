//! What a sale means for tax: which units leave, what they cost, and which losses a repurchase takes back. Rules are
//! data, one set for each jurisdiction; nobody's tax return is made here, and no rate of tax is known.

use crate::calendar::Day;
use crate::json::Json;
use crate::refusal::{Code, Refusal};

mod sale;

pub use sale::{Carry, Part, Sale, TaxLot, matched_before, matched_later, sell, share};

/// Which units a sale takes when the client names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotOrder {
    /// Oldest first.
    First,
    /// Dearest first, so that the gain is smallest.
    HighestCost,
    /// Units of one day first, then all others at their average cost.
    Pool,
}

/// What holds for private clients of one jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// ISO 3166-1 alpha-2.
    pub jurisdiction: String,
    /// Version of this set.
    pub version: String,
    /// Law and section, or who says so.
    pub source: String,
    /// Whether gains on funds are taxed at all.
    pub taxed: bool,
    /// Which units leave.
    pub order: LotOrder,
    /// A gain is long-term when units were held for more than so many months; none where it makes no difference.
    pub long_after_months: Option<i64>,
    /// A loss does not count as far as the same was bought within so many days before or after the sale. 0 for no such rule.
    pub wash_days: i64,
    /// Units bought within so many days after a sale are the ones that were sold, gain or loss. 0 for no such rule.
    pub rebuy_days: i64,
    /// Month and day on which a tax year begins.
    pub year_begins: (i32, i32),
}

const ORDERS: [(LotOrder, &str); 3] =
    [(LotOrder::First, "first"), (LotOrder::HighestCost, "highest-cost"), (LotOrder::Pool, "pool")];
/// No rule looks further than a year.
const DAYS_MAX: i64 = 366;

impl LotOrder {
    /// The name used in records.
    pub fn name(self) -> &'static str {
        ORDERS.iter().find(|(order, _)| *order == self).map_or("", |(_, name)| name)
    }
}

impl Rules {
    /// The sets that come with this version. Whoever serves a jurisdiction has them confirmed, or replaces them.
    pub fn known() -> Vec<Rules> {
        let rules = |jurisdiction: &str, source: &str, taxed, order| Rules {
            jurisdiction: jurisdiction.to_owned(),
            version: "1".to_owned(),
            source: source.to_owned(),
            taxed,
            order,
            long_after_months: None,
            wash_days: 0,
            rebuy_days: 0,
            year_begins: (1, 1),
        };
        let china = "individuals' gains on funds are not taxed at present; units leave first-in first-out by fund contract";
        let states =
            "26 USC 1012 (cost of the units sold), 1091 (wash sales), 1222 (terms), 1223(3) (holding period)";
        let kingdom = "TCGA 1992 s.104 (pool), s.105 (same day), s.106A (30 days)";
        vec![
            rules("CN", china, false, LotOrder::First),
            Rules { rebuy_days: 30, year_begins: (4, 6), ..rules("GB", kingdom, true, LotOrder::Pool) },
            Rules {
                long_after_months: Some(12),
                wash_days: 30,
                ..rules("US", states, true, LotOrder::HighestCost)
            },
        ]
    }

    /// The first day of the tax year that a day belongs to.
    pub fn year_of(&self, day: Day) -> Day {
        let (year, month, of_month) = day.civil();
        let (first_month, first_day) = self.year_begins;
        let year = if (month, of_month) < (first_month, first_day) { year - 1 } else { year };
        Day::from_civil(year, first_month, first_day)
    }

    /// Whether units held since a day are long-term when sold on another.
    pub fn is_long(&self, since: Day, sold: Day) -> bool {
        self.long_after_months
            .is_some_and(|months| since.plus_months(i32::try_from(months).unwrap_or(1_200)) < sold)
    }

    /// The set as it is recorded.
    pub fn to_json(&self) -> Json {
        let (month, day) = self.year_begins;
        Json::object([
            ("jurisdiction", Json::text(&self.jurisdiction)),
            ("version", Json::text(&self.version)),
            ("source", Json::text(&self.source)),
            ("taxed", Json::Bool(self.taxed)),
            ("order", Json::text(self.order.name())),
            ("long_after_months", self.long_after_months.map_or(Json::Null, Json::Whole)),
            ("wash_days", Json::Whole(self.wash_days)),
            ("rebuy_days", Json::Whole(self.rebuy_days)),
            ("year_begins", Json::text(format!("{month:02}-{day:02}"))),
        ])
    }

    /// Reads a set. Jurisdiction, version, source, taxed and order are required.
    pub fn from_json(json: &Json) -> Result<Rules, Refusal> {
        let malformed = |what: &str| {
            Refusal::new(Code::MalformedTable, "tax rules", format!("The tax rules have {what}."))
        };
        let text = |key: &str| {
            let text = json.member(key).and_then(Json::as_text).filter(|t| (1..=500).contains(&t.len()));
            text.map(str::to_owned).ok_or_else(|| malformed(&format!("no {key}, a text of up to 500 bytes")))
        };
        let days = |key: &str, most: i64| match json.member(key) {
            None | Some(Json::Null) => Ok(0),
            Some(value) => value
                .as_whole()
                .filter(|days| (0..=most).contains(days))
                .ok_or_else(|| malformed(&format!("a {key} that is not between 0 and {most}"))),
        };
        let jurisdiction = text("jurisdiction")?;
        if jurisdiction.len() != 2 || !jurisdiction.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(malformed("a jurisdiction that is not two capital letters (ISO 3166-1 alpha-2)"));
        }
        let order = text("order")?;
        let order = ORDERS.iter().find(|(_, name)| *name == order).map(|(order, _)| *order);
        let begins = json.member("year_begins").map_or(Some("01-01"), Json::as_text);
        // The 29th of February begins no year: it is not there in most of them.
        let begins = begins.and_then(|begins| Day::parse(&format!("2001-{begins}")));
        let (_, month, day) = begins.ok_or_else(|| malformed("no year_begins like 04-06"))?.civil();
        Ok(Rules {
            jurisdiction,
            version: text("version")?,
            source: text("source")?,
            taxed: json
                .member("taxed")
                .and_then(Json::as_bool)
                .ok_or_else(|| malformed("no taxed, true or false"))?,
            order: order.ok_or_else(|| malformed("an order that is not first, highest-cost or pool"))?,
            long_after_months: Some(days("long_after_months", 1_200)?).filter(|months| *months > 0),
            wash_days: days("wash_days", DAYS_MAX)?,
            rebuy_days: days("rebuy_days", DAYS_MAX)?,
            year_begins: (month, day),
        })
    }
}

#[cfg(test)]
mod tests;
