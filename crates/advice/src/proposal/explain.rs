//! The proposal in words, English and Simplified Chinese from the same numbers: what, why, cost, benefit, if nothing
//! is done, and what was left out. Only recorded numbers are filled in; no text promises anything.

use super::compare::{Alternative, drift_in_a_year};
use super::orders::{OrderSide, Orders};
use super::request::{Kind, Request};
use super::weigh::{ClassDrift, Decision};
use crate::json::Json;
use crate::refusal::{Code, Refusal};

/// The facts of an explanation and both texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule that led to the proposal.
    pub rule: &'static str,
    /// The class farthest outside its band, or farthest from its target.
    pub drift: Option<ClassDrift>,
    /// Fees, minor units.
    pub fees_minor: i64,
    /// Change of the yearly cost against doing nothing, basis points.
    pub yearly_cost_change_bp: i64,
    /// Loss measure before and after, and its limit, basis points.
    pub loss_bp: Option<(i64, i64, i64)>,
    /// Goal probability before and after with its standard error, basis points.
    pub goal_bp: Option<(i64, i64, i64)>,
    /// What straying less from the model is worth over the years of amortisation, less fees; minor units.
    pub benefit_less_cost_minor: i64,
    /// Median distance from target in a year if nothing is done, basis points.
    pub drift_in_a_year_bp: Option<i64>,
    /// At most five sentences in English.
    pub english: String,
    /// The same in Simplified Chinese.
    pub chinese: String,
    /// What would change the advice, in both languages.
    pub would_change: [String; 2],
}

pub(super) fn explain(
    request: &Request,
    decision: &Decision,
    orders: &Orders,
    rows: &[Alternative],
) -> Result<Explanation, Refusal> {
    let (ours, nothing) = (&rows[0], &rows[rows.len() - 1]);
    let broken = |d: &&ClassDrift| (d.is_broken(), (d.actual_bp - d.target_bp).abs());
    let drift = decision.drifts.iter().max_by_key(broken).cloned();
    let limit = request.profile.as_ref().map_or(0, |p| request.policy.loss_limits_bp[p.class as usize]);
    let mut explanation = Explanation {
        rule: rule(request, decision),
        fees_minor: orders.fees_minor,
        yearly_cost_change_bp: ours.yearly_cost_bp - nothing.yearly_cost_bp,
        loss_bp: nothing.loss_bp.zip(ours.loss_bp).map(|(before, after)| (before, after, limit)),
        goal_bp: nothing.goal_bp.zip(ours.goal_bp).map(|(before, after)| (before.0, after.0, after.1)),
        benefit_less_cost_minor: benefit(request, decision) - orders.fees_minor,
        drift_in_a_year_bp: drift.as_ref().and_then(|d| drift_in_a_year(request, &d.class, d.target_bp)),
        drift,
        english: String::new(),
        chinese: String::new(),
        would_change: [String::new(), String::new()],
    };
    explanation.english = english(&explanation, request, orders);
    explanation.chinese = chinese(&explanation, request, orders);
    if let Some(drift) = &explanation.drift {
        let (class, band) = (&drift.class, percent(drift.band_bp));
        explanation.would_change = [
            format!(
                "A deposit, a change of your profile or model, or a move of {class} by another {band} would change this."
            ),
            format!("追加资金、风险测评或模型变化，或{}再变动{band}，都会改变本建议。", class_name(class)),
        ];
    }
    refuse_promises(&explanation.english)?;
    refuse_promises(&explanation.chinese)?;
    Ok(explanation)
}

/// Refuses a text that promises a return.
pub fn refuse_promises(text: &str) -> Result<(), Refusal> {
    const WORDS: [&str; 16] = [
        "guarantee",
        "promise",
        "risk-free",
        "riskless",
        "certain profit",
        "sure profit",
        "cannot lose",
        "no risk",
        "保证",
        "保本",
        "承诺",
        "稳赚",
        "无风险",
        "零风险",
        "必涨",
        "只赚不赔",
    ];
    let lower = text.to_lowercase();
    match WORDS.iter().find(|word| lower.contains(*word)) {
        Some(word) => {
            let message = format!("The text says {word:?}.");
            Err(Refusal::new(Code::PromiseWording, "wording", message)
                .remedy("Say what happened, not what will."))
        }
        None => Ok(()),
    }
}

impl Explanation {
    /// The explanation as it is recorded.
    pub fn to_json(&self) -> Json {
        let why = self.drift.as_ref().map_or(Json::Null, |d| {
            Json::object([
                ("rule", Json::text(self.rule)),
                ("class", Json::text(&d.class)),
                ("target_bp", Json::Whole(d.target_bp)),
                ("actual_bp", Json::Whole(d.actual_bp)),
                ("band_bp", Json::Whole(d.band_bp)),
            ])
        });
        let list = |values: Option<(i64, i64, i64)>| {
            values.map_or(Json::Null, |(a, b, c)| {
                Json::List(vec![Json::Whole(a), Json::Whole(b), Json::Whole(c)])
            })
        };
        let cost = Json::object([
            ("fees_minor", Json::Whole(self.fees_minor)),
            ("annual_cost_change_bp", Json::Whole(self.yearly_cost_change_bp)),
        ]);
        let benefit = Json::object([
            ("loss_before_after_limit_bp", list(self.loss_bp)),
            ("goal_before_after_error_bp", list(self.goal_bp)),
            ("benefit_less_cost_minor", Json::Whole(self.benefit_less_cost_minor)),
        ]);
        Json::object([
            ("why", why),
            ("cost", cost),
            ("benefit", benefit),
            ("drift_in_a_year_p50_bp", self.drift_in_a_year_bp.map_or(Json::Null, Json::Whole)),
            ("english", Json::text(&self.english)),
            ("chinese", Json::text(&self.chinese)),
            ("would_change_english", Json::text(&self.would_change[0])),
            ("would_change_chinese", Json::text(&self.would_change[1])),
        ])
    }
}

fn rule(request: &Request, decision: &Decision) -> &'static str {
    match (request.kind, decision.sells, decision.drifts.iter().any(ClassDrift::is_broken)) {
        (Kind::Initial, ..) => "FIRST_INVESTMENT",
        (Kind::Withdrawal, ..) => "WITHDRAWAL",
        (_, true, true) => "BAND_HYBRID",
        (_, false, true) => "DEPOSIT_CURES_BAND",
        _ => "DEPOSIT_TO_MODEL",
    }
}

/// What straying less is worth: ½ · aversion · (variance before − after), for each year of amortisation.
fn benefit(request: &Request, decision: &Decision) -> i64 {
    let square = |bp: i64| (bp as f64 / 10_000.0) * (bp as f64 / 10_000.0);
    let policy = &request.policy;
    let years = (policy.tracking_aversion * policy.amortisation_years) as f64;
    let share = 0.5 * years * (square(decision.tracking_bp.0) - square(decision.tracking_bp.1));
    (share * request.invested_minor() as f64).round() as i64
}

fn traded(orders: &Orders, side: OrderSide) -> Vec<(&str, i64)> {
    orders.list.iter().filter(|o| o.side == side).map(|o| (o.code.as_str(), o.amount_minor)).collect()
}

fn english(e: &Explanation, request: &Request, orders: &Orders) -> String {
    let list = |side: OrderSide, verb: &str| {
        let parts: Vec<String> =
            traded(orders, side).iter().map(|(c, a)| format!("{} of {c}", money(*a))).collect();
        (!parts.is_empty()).then(|| format!("{verb} {}", parts.join(", ")))
    };
    let trades: Vec<String> =
        [list(OrderSide::Sell, "sell"), list(OrderSide::Buy, "buy")].into_iter().flatten().collect();
    let what = if trades.is_empty() {
        "We propose no trade.".into()
    } else {
        format!("We propose to {}.", trades.join(" and "))
    };
    let why = e.drift.as_ref().map_or(String::new(), |d| match e.rule {
        "FIRST_INVESTMENT" => format!(" It is the first investment by model {}.", request.model.id),
        "WITHDRAWAL" => format!(
            " It raises {} with the least departure from model {}.",
            money(request.withdraw_minor),
            request.model.id
        ),
        "DEPOSIT_TO_MODEL" => format!(
            " Every class is within its band; new money goes where model {} lacks most.",
            request.model.id
        ),
        _ => format!(
            " {} stands at {} of this plan; its target is {}, and we act when the gap passes {}.",
            capital(&d.class),
            percent(d.actual_bp),
            percent(d.target_bp),
            percent(d.band_bp)
        ),
    });
    let sign = if e.yearly_cost_change_bp > 0 { "more" } else { "less" };
    let cost = format!(
        " It costs {} in fees now and {} {sign} each year.",
        money(e.fees_minor),
        percent(e.yearly_cost_change_bp.abs())
    );
    let benefit = match (e.goal_bp, e.loss_bp) {
        (Some((before, after, error)), _) => format!(
            " On past returns the goal was reached in {} of projections before and {} after, give or take {}.",
            percent(before),
            percent(after),
            percent(error)
        ),
        (None, Some((before, after, limit))) => format!(
            " The mean loss of the worst twentieth of past years goes from {} to {}; your limit is {}.",
            percent(before),
            percent(after),
            percent(limit)
        ),
        _ => String::new(),
    };
    let nothing = match (&e.drift, e.drift_in_a_year_bp) {
        (Some(d), Some(drift)) => format!(
            " If you do nothing, {} would in the middle of past cases stand {} {} its target after a year.",
            d.class,
            percent(drift.abs()),
            if drift < 0 { "below" } else { "above" }
        ),
        _ => String::new(),
    };
    what + &why + &cost + &benefit + &nothing
}

fn chinese(e: &Explanation, request: &Request, orders: &Orders) -> String {
    let list = |side: OrderSide, verb: &str| {
        let parts: Vec<String> =
            traded(orders, side).iter().map(|(c, a)| format!("{c} {}", money(*a))).collect();
        (!parts.is_empty()).then(|| format!("{verb}{}", parts.join("、")))
    };
    let trades: Vec<String> =
        [list(OrderSide::Sell, "卖出"), list(OrderSide::Buy, "买入")].into_iter().flatten().collect();
    let what = if trades.is_empty() {
        "我们建议不交易。".into()
    } else {
        format!("我们建议{}。", trades.join("，"))
    };
    let why = e.drift.as_ref().map_or(String::new(), |d| match e.rule {
        "FIRST_INVESTMENT" => format!("这是按照模型{}进行的首次投资。", request.model.id),
        "WITHDRAWAL" => {
            format!("在尽量少偏离模型{}的前提下取出{}。", request.model.id, money(request.withdraw_minor))
        }
        "DEPOSIT_TO_MODEL" => {
            format!("各类资产均在区间内，新资金投向模型{}中缺口最大的部分。", request.model.id)
        }
        _ => format!(
            "{}目前占本计划的{}，目标为{}，偏离超过{}时我们会行动。",
            class_name(&d.class),
            percent(d.actual_bp),
            percent(d.target_bp),
            percent(d.band_bp)
        ),
    });
    let sign = if e.yearly_cost_change_bp > 0 { "增加" } else { "减少" };
    let cost = format!(
        "一次性费用为{}，每年费用{sign}{}。",
        money(e.fees_minor),
        percent(e.yearly_cost_change_bp.abs())
    );
    let benefit = match (e.goal_bp, e.loss_bp) {
        (Some((before, after, error)), _) => format!(
            "按历史收益推算，达成目标的比例由{}变为{}，误差约{}。",
            percent(before),
            percent(after),
            percent(error)
        ),
        (None, Some((before, after, limit))) => format!(
            "历史上最差二十分之一年份的平均亏损由{}变为{}，您的上限为{}。",
            percent(before),
            percent(after),
            percent(limit)
        ),
        _ => String::new(),
    };
    let nothing = match (&e.drift, e.drift_in_a_year_bp) {
        (Some(d), Some(drift)) => format!(
            "若不操作，按历史中位情形，一年后{}将{}目标{}。",
            class_name(&d.class),
            if drift < 0 { "低于" } else { "高于" },
            percent(drift.abs())
        ),
        _ => String::new(),
    };
    what + &why + &cost + &benefit + &nothing
}

fn class_name(class: &str) -> String {
    match class {
        "equity" => "股票类资产".into(),
        "bond" => "债券类资产".into(),
        "cash" | "money" => "货币类资产".into(),
        "commodity" => "商品类资产".into(),
        "property" => "不动产类资产".into(),
        other => format!("{other}类资产"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Minor units as an amount with two decimals and no currency.
fn money(minor: i64) -> String {
    let size = minor.unsigned_abs();
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, size / 100, size % 100)
}

/// Basis points as a percentage without needless zeros.
fn percent(bp: i64) -> String {
    let size = bp.unsigned_abs();
    let sign = if bp < 0 { "-" } else { "" };
    match (size % 100, size % 10) {
        (0, _) => format!("{sign}{} %", size / 100),
        (_, 0) => format!("{sign}{}.{} %", size / 100, size % 100 / 10),
        _ => format!("{sign}{}.{:02} %", size / 100, size % 100),
    }
}
