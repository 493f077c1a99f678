//! A product on the list: grades, fees by holding days, minimums, lots, state. Prices come from elsewhere.

use super::Grade;
use crate::calendar::Day;
use crate::json::Json;
use crate::refusal::{Code, Refusal};

/// A fund or other product that can be advised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Code, unique on the list.
    pub code: String,
    /// Asset class it belongs to, for example `equity`, `bond`, `cash`.
    pub class: String,
    /// What it is.
    pub kind: ProductKind,
    /// Grade given by its issuer.
    pub issuer_grade: Grade,
    /// Grade given by us.
    pub own_grade: Grade,
    /// Total yearly cost, basis points.
    pub yearly_cost_bp: i64,
    /// Purchase fee, basis points.
    pub purchase_fee_bp: i64,
    /// Redemption fees: (held fewer than so many days, basis points), ascending; none beyond the last.
    pub redemption_fees: Vec<(i64, i64)>,
    /// Smallest order, minor units.
    pub minimum_minor: i64,
    /// Orders are whole multiples of this many minor units; 1 for any amount.
    pub step_minor: i64,
    /// Whether orders are taken.
    pub state: State,
}

/// What a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductKind {
    /// Money-market fund; excepted from the single-fund cap.
    Money,
    /// Index fund; excepted from the single-fund cap.
    Index,
    /// Any other fund.
    Active,
}

/// Whether orders are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Purchases and sales.
    Open,
    /// Sales only.
    Limited,
    /// Nothing.
    Suspended,
}

/// Told to everyone who holds the product; it forces no sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeChange {
    /// The product.
    pub code: String,
    /// First day of the new grade.
    pub day: Day,
    /// Effective grade before and after.
    pub grades: (Grade, Grade),
}

impl ProductKind {
    /// Whether one fund of this kind may only be so much of a plan.
    pub fn is_capped(self) -> bool {
        self == ProductKind::Active
    }

    /// The name used in lists.
    pub fn name(self) -> &'static str {
        ["money", "index", "active"][self as usize]
    }
}

impl Product {
    /// The grade that counts: the higher of the issuer's and ours (China, NFRA Order 2025 No. 7).
    pub fn grade(&self) -> Grade {
        self.issuer_grade.max(self.own_grade)
    }

    /// Changes our own grade; the notice if that changes what counts.
    pub fn regrade(&mut self, own: Grade, day: Day) -> Option<GradeChange> {
        let before = self.grade();
        self.own_grade = own;
        let grades = (before, self.grade());
        (grades.0 != grades.1).then(|| GradeChange { code: self.code.clone(), day, grades })
    }

    /// Redemption fee for units held so many days, basis points, and the days until it next falls.
    pub fn redemption_fee_bp(&self, held_days: i64) -> (i64, Option<i64>) {
        match self.redemption_fees.iter().find(|(days, _)| held_days < *days) {
            Some((days, fee)) => (*fee, Some(days - held_days)),
            None => (0, None),
        }
    }

    pub(super) fn refuse_closed(&self, bought_minor: i64) -> Option<Refusal> {
        (bought_minor > 0 && self.state != State::Open).then(|| {
            Refusal::new(Code::FundSuspended, "fund state", format!("{} takes no purchases.", self.code))
                .remedy("Choose another fund of the same class.")
        })
    }

    /// The product as it is recorded.
    pub fn to_json(&self) -> Json {
        let fees = self.redemption_fees.iter();
        let fees = fees.map(|(days, fee)| Json::List(vec![Json::Whole(*days), Json::Whole(*fee)])).collect();
        Json::object([
            ("code", Json::text(&self.code)),
            ("class", Json::text(&self.class)),
            ("kind", Json::text(self.kind.name())),
            ("issuer_grade", Json::text(self.issuer_grade.name())),
            ("own_grade", Json::text(self.own_grade.name())),
            ("yearly_cost_bp", Json::Whole(self.yearly_cost_bp)),
            ("purchase_fee_bp", Json::Whole(self.purchase_fee_bp)),
            ("redemption_fees", Json::List(fees)),
            ("minimum_minor", Json::Whole(self.minimum_minor)),
            ("step_minor", Json::Whole(self.step_minor)),
            ("state", Json::text(["open", "limited", "suspended"][self.state as usize])),
        ])
    }

    /// Reads a product; grades, class and code are required, the rest has plain defaults.
    pub fn from_json(json: &Json) -> Result<Product, Refusal> {
        let text = |key: &str| json.member(key).and_then(Json::as_text);
        let code = text("code").unwrap_or_default().to_owned();
        let missing = |what: &str| {
            Refusal::new(Code::MalformedTable, "product", format!("Product {code:?} lacks {what}."))
        };
        let whole = |key: &str, default: i64, limit: i64| match json.member(key) {
            None => Ok(default),
            Some(value) => value
                .as_whole()
                .filter(|v| (0..=limit).contains(v))
                .ok_or_else(|| missing(&format!("a {key} between 0 and {limit}"))),
        };
        let grade = |key: &str| text(key).and_then(Grade::parse).ok_or_else(|| missing(key));
        if code.is_empty() {
            return Err(missing("a code"));
        }
        let mut redemption_fees = Vec::new();
        for fee in json.member("redemption_fees").map(Json::elements).unwrap_or_default() {
            match fee.elements() {
                [Json::Whole(days), Json::Whole(fee)] if (0..=10_000).contains(fee) && *days > 0 => {
                    redemption_fees.push((*days, *fee));
                }
                _ => return Err(missing("redemption fees like [[7, 150], [30, 50]]")),
            }
        }
        redemption_fees.sort_unstable();
        Ok(Product {
            class: text("class").ok_or_else(|| missing("a class"))?.to_owned(),
            kind: match text("kind").unwrap_or("active") {
                "money" => ProductKind::Money,
                "index" => ProductKind::Index,
                "active" => ProductKind::Active,
                _ => return Err(missing("a kind: money, index or active")),
            },
            issuer_grade: grade("issuer_grade")?,
            own_grade: grade("own_grade")?,
            yearly_cost_bp: whole("yearly_cost_bp", 0, 10_000)?,
            purchase_fee_bp: whole("purchase_fee_bp", 0, 10_000)?,
            redemption_fees,
            minimum_minor: whole("minimum_minor", 1, 1 << 50)?,
            step_minor: whole("step_minor", 1, 1 << 50)?.max(1),
            state: match text("state").unwrap_or("open") {
                "open" => State::Open,
                "limited" => State::Limited,
                "suspended" => State::Suspended,
                _ => return Err(missing("a state: open, limited or suspended")),
            },
            code,
        })
    }
}
