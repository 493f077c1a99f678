//! Everything a proposal depends on, in one document. What is not in it cannot influence the answer.

use crate::calendar::Day;
use crate::digest::sha256;
use crate::json::Json;
use crate::mandate::Mandate;
use crate::model::Model;
use crate::profile::RiskProfile;
use crate::refusal::{Code, Refusal};
use crate::suitability::{Policy, Product};

/// Why a proposal is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// First investment.
    Initial,
    /// New money.
    Deposit,
    /// Money out.
    Withdrawal,
    /// A regular look at the bands.
    Drift,
    /// A step down the glide path.
    Glide,
    /// The profile changed.
    ProfileChange,
    /// The model changed.
    ModelChange,
    /// A product's grade changed.
    GradeChange,
}

/// Part of a holding bought on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Product code.
    pub code: String,
    /// Day of purchase.
    pub bought: Day,
    /// Value today, minor units.
    pub value_minor: i64,
}

/// What the money is for.
#[derive(Debug, Clone, PartialEq)]
pub struct GoalPlan {
    /// Name given by the client.
    pub name: String,
    /// Months left.
    pub months: usize,
    /// Added each month, minor units.
    pub monthly_minor: i64,
    /// Wanted at the end, minor units.
    pub target_minor: i64,
    /// Probability wanted, basis points.
    pub required_bp: i64,
}

/// Monthly returns of the products, the same months for all.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Product codes.
    pub codes: Vec<String>,
    /// One list for each code, oldest first.
    pub returns: Vec<Vec<f64>>,
    /// Day of the last price.
    pub until: Day,
}

/// A request for a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Whom it is about.
    pub subject: String,
    /// The day it is made.
    pub day: Day,
    /// Why.
    pub kind: Kind,
    /// The risk profile, if one is known.
    pub profile: Option<RiskProfile>,
    /// The product list of the day.
    pub products: Vec<Product>,
    /// The model portfolio.
    pub model: Model,
    /// Holdings, lot by lot.
    pub holdings: Vec<Lot>,
    /// Cash of the plan, new money included, minor units.
    pub cash_minor: i64,
    /// Part of the cash that stays, minor units.
    pub reserve_minor: i64,
    /// Money wanted out, minor units.
    pub withdraw_minor: i64,
    /// What it is for, if that is known.
    pub goal: Option<GoalPlan>,
    /// Returns of every product in the model or held.
    pub history: History,
    /// Products the client does not want.
    pub excluded: Vec<String>,
    /// Limits in force.
    pub policy: Policy,
    /// The client's permission, where one is signed; what it does not allow is not proposed.
    pub mandate: Option<Mandate>,
    /// Turnover of the twelve months before, basis points of the plan; counted against the mandate.
    pub turnover_past_bp: i64,
    /// Products that wait, and the first day on which buying them no longer puts off a loss the client has taken.
    pub waits: Vec<(String, Day)>,
}

impl Kind {
    /// All kinds with their names.
    pub const ALL: [(Kind, &'static str); 8] = [
        (Kind::Initial, "initial"),
        (Kind::Deposit, "deposit"),
        (Kind::Withdrawal, "withdrawal"),
        (Kind::Drift, "drift"),
        (Kind::Glide, "glide"),
        (Kind::ProfileChange, "profile-change"),
        (Kind::ModelChange, "model-change"),
        (Kind::GradeChange, "grade-change"),
    ];

    /// The name used in records.
    pub fn name(self) -> &'static str {
        Kind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl Request {
    /// The seed of everything random in the answer: the first 53 bits of the request's hash.
    pub fn seed(&self) -> u64 {
        let hash = sha256(self.to_json().canonical().as_bytes());
        u64::from_str_radix(&hash[..14], 16).unwrap_or(0) >> 3
    }

    /// The product of a code.
    pub fn product(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|p| p.code == code)
    }

    /// Value of all lots of a code.
    pub fn held_minor(&self, code: &str) -> i64 {
        self.holdings.iter().filter(|l| l.code == code).map(|l| l.value_minor).sum()
    }

    /// Codes of the model and the holdings, in ascending order.
    pub fn codes(&self) -> Vec<String> {
        let model = self.model.weights_bp.iter().map(|(code, _)| code.clone());
        let mut codes: Vec<String> = model.chain(self.holdings.iter().map(|l| l.code.clone())).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// Holdings and cash that are to be invested: all but the reserve and what goes out.
    pub fn invested_minor(&self) -> i64 {
        let held: i64 = self.holdings.iter().map(|l| l.value_minor).sum();
        held + self.cash_minor - self.reserve_minor - self.withdraw_minor
    }

    /// Refuses what no proposal can be made from.
    pub(super) fn refuse_unusable(&self) -> Result<(), Refusal> {
        crate::suitability::permit_strategy(self.profile.as_ref(), self.day)?;
        self.model.refuse_unusable(self.day)?;
        crate::prices::refuse_repeated(&self.products.iter().map(|p| p.code.clone()).collect::<Vec<_>>())?;
        crate::prices::refuse_repeated(&self.history.codes)?;
        for code in self.codes() {
            let place = self.history.codes.iter().position(|c| *c == code);
            if self.product(&code).is_none() || place.is_none() {
                let message = format!("{code} is not on the product list or has no history.");
                return Err(Refusal::new(Code::OutOfRange, "product list", message));
            }
        }
        let most = 1i64 << 50;
        let amounts = [self.cash_minor, self.reserve_minor, self.withdraw_minor];
        let mut values = amounts.iter().chain(self.holdings.iter().map(|l| &l.value_minor));
        if values.any(|v| !(0..=most).contains(v)) || self.holdings.len() > 10_000 {
            return Err(Refusal::new(Code::OutOfRange, "amounts", "An amount is below zero or too large."));
        }
        let age = f64::from(self.day.0 - self.history.until.0);
        if age > f64::from(self.policy.price_age_days_max) || age < 0.0 {
            return Err(Refusal::new(Code::PriceStale, "age of prices", "The last price is too old.")
                .found(f64::from(self.policy.price_age_days_max), age)
                .nearest(f64::from(self.policy.price_age_days_max))
                .remedy("Bring newer prices."));
        }
        if self.invested_minor() <= 0 {
            let missing = (1 - self.invested_minor()) as f64;
            return Err(Refusal::new(
                Code::CashReserved,
                "cash reserve",
                "Nothing is left to invest after the reserve.",
            )
            .found(self.reserve_minor as f64, (self.reserve_minor - self.invested_minor()) as f64)
            .nearest(self.reserve_minor as f64)
            .remedy(format!("Pay in {missing} more, or lower the reserve.")));
        }
        Ok(())
    }

    /// The request as it is recorded and hashed.
    pub fn to_json(&self) -> Json {
        let lot = |l: &Lot| {
            Json::object([
                ("code", Json::text(&l.code)),
                ("bought", Json::text(l.bought.to_string())),
                ("value_minor", Json::Whole(l.value_minor)),
            ])
        };
        let goal = |g: &GoalPlan| {
            Json::object([
                ("name", Json::text(&g.name)),
                ("months", Json::Whole(g.months as i64)),
                ("monthly_minor", Json::Whole(g.monthly_minor)),
                ("target_minor", Json::Whole(g.target_minor)),
                ("required_bp", Json::Whole(g.required_bp)),
            ])
        };
        let returns =
            self.history.codes.iter().cloned().zip(self.history.returns.iter().map(|r| Json::numbers(r)));
        let history = Json::object([
            ("returns", Json::object(returns)),
            ("until", Json::text(self.history.until.to_string())),
        ]);
        let mut whole = Json::object([
            ("subject", Json::text(&self.subject)),
            ("day", Json::text(self.day.to_string())),
            ("kind", Json::text(self.kind.name())),
            ("profile", self.profile.as_ref().map_or(Json::Null, RiskProfile::to_json)),
            ("products", Json::List(self.products.iter().map(Product::to_json).collect())),
            ("model", self.model.to_json()),
            ("holdings", Json::List(self.holdings.iter().map(lot).collect())),
            ("cash_minor", Json::Whole(self.cash_minor)),
            ("reserve_minor", Json::Whole(self.reserve_minor)),
            ("withdraw_minor", Json::Whole(self.withdraw_minor)),
            ("goal", self.goal.as_ref().map_or(Json::Null, goal)),
            ("history", history),
            ("excluded", Json::texts(&self.excluded)),
            ("policy", self.policy.to_json()),
        ]);
        // Requests without a mandate keep the spelling, and so the hash, they had before there were any.
        if let (Json::Object(members), Some(mandate)) = (&mut whole, &self.mandate) {
            members.insert("mandate".into(), mandate.to_json());
            members.insert("turnover_past_bp".into(), Json::Whole(self.turnover_past_bp));
        }
        if let (Json::Object(members), false) = (&mut whole, self.waits.is_empty()) {
            let waits = self.waits.iter().map(|(code, day)| (code.clone(), Json::text(day.to_string())));
            members.insert("purchases_wait_until".into(), Json::object(waits));
        }
        whole
    }

    /// Reads a request. Products, model and history are required; the rest has plain defaults.
    pub fn from_json(json: &Json) -> Result<Request, Refusal> {
        let missing =
            |what: &str| Refusal::new(Code::MalformedTable, "request", format!("The request lacks {what}."));
        let text = |key: &str| json.member(key).and_then(Json::as_text);
        let list = |key: &str| json.member(key).map(Json::elements).unwrap_or_default();
        let whole = |key: &str| match json.member(key) {
            None => Ok(0),
            Some(value) => value.as_whole().ok_or_else(|| missing(&format!("a whole {key}"))),
        };
        let day = |value: Option<&str>, what: &str| value.and_then(Day::parse).ok_or_else(|| missing(what));
        let kind = text("kind").unwrap_or("drift");
        let mut holdings = Vec::new();
        for lot in list("holdings") {
            holdings.push(Lot {
                code: lot
                    .member("code")
                    .and_then(Json::as_text)
                    .ok_or_else(|| missing("a holding's code"))?
                    .into(),
                bought: day(lot.member("bought").and_then(Json::as_text), "a holding's bought date")?,
                value_minor: lot
                    .member("value_minor")
                    .and_then(Json::as_whole)
                    .ok_or_else(|| missing("a holding's value_minor"))?,
            });
        }
        Ok(Request {
            subject: text("subject").unwrap_or_default().to_owned(),
            day: day(text("day"), "a day")?,
            kind: Kind::ALL.iter().find(|(_, name)| *name == kind).ok_or_else(|| missing("a known kind"))?.0,
            profile: json.member("profile").map(RiskProfile::from_json).transpose()?,
            products: list("products").iter().map(Product::from_json).collect::<Result<_, _>>()?,
            model: Model::from_json(json.member("model").ok_or_else(|| missing("a model"))?)?,
            holdings,
            cash_minor: whole("cash_minor")?,
            reserve_minor: whole("reserve_minor")?,
            withdraw_minor: whole("withdraw_minor")?,
            goal: json.member("goal").map(goal).transpose()?,
            history: history(json.member("history").ok_or_else(|| missing("a history"))?)?,
            excluded: list("excluded").iter().filter_map(|e| e.as_text().map(str::to_owned)).collect(),
            policy: json.member("policy").map_or(Ok(Policy::default()), Policy::from_json)?,
            mandate: json.member("mandate").map(Mandate::from_json).transpose()?,
            turnover_past_bp: whole("turnover_past_bp")?,
            waits: waits(json.member("purchases_wait_until"))?,
        })
    }
}

fn waits(json: Option<&Json>) -> Result<Vec<(String, Day)>, Refusal> {
    let Some(Json::Object(days)) = json else { return Ok(Vec::new()) };
    let read = |(code, day): (&String, &Json)| {
        let day = day.as_text().and_then(Day::parse).ok_or_else(|| {
            let message = format!("{code} waits until something that is no day.");
            Refusal::new(Code::MalformedTable, "request", message)
        })?;
        Ok((code.clone(), day))
    };
    days.iter().map(read).collect()
}

fn goal(json: &Json) -> Result<GoalPlan, Refusal> {
    let missing = |what: &str| Refusal::new(Code::MalformedTable, "goal", format!("The goal lacks {what}."));
    let whole = |key: &str, most: i64| {
        let value = json.member(key).and_then(Json::as_whole).filter(|v| (0..=most).contains(v));
        value.ok_or_else(|| missing(key))
    };
    Ok(GoalPlan {
        name: json.member("name").and_then(Json::as_text).unwrap_or_default().to_owned(),
        months: whole("months", 720)?.max(1) as usize,
        monthly_minor: whole("monthly_minor", 1 << 50)?,
        target_minor: whole("target_minor", 1 << 50)?,
        required_bp: whole("required_bp", 10_000)?,
    })
}

fn history(json: &Json) -> Result<History, Refusal> {
    let missing =
        |what: &str| Refusal::new(Code::MalformedTable, "history", format!("The history lacks {what}."));
    let Some(Json::Object(columns)) = json.member("returns") else { return Err(missing("returns")) };
    let mut history = History {
        codes: Vec::new(),
        returns: Vec::new(),
        until: json
            .member("until")
            .and_then(Json::as_text)
            .and_then(Day::parse)
            .ok_or_else(|| missing("until"))?,
    };
    for (code, returns) in columns {
        let list: Option<Vec<f64>> = returns.elements().iter().map(Json::as_number).collect();
        history.codes.push(code.clone());
        history.returns.push(list.ok_or_else(|| missing(&format!("numbers for {code}")))?);
    }
    Ok(history)
}
