//! Three measures of the same history of a plan: time-weighted, money-weighted and plain gain, and the proof that
//! they belong together to the last minor unit. It knows no benchmark.

use crate::calendar::Day;
use crate::json::Json;
use crate::number::power;
use crate::refusal::{Code, Refusal};

/// What the plan was worth on a day before that day's payment, and the payment itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The day; strictly ascending in a list.
    pub day: Day,
    /// Value before the payment, minor units, not below zero.
    pub value_minor: i64,
    /// Paid in (above zero) or out (below zero) after the valuation.
    pub paid_minor: i64,
}

/// The three measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    /// Growth of 1 left alone from first to last mark, less 1.
    pub time_weighted: f64,
    /// The same for each year of 365 days.
    pub time_weighted_yearly: f64,
    /// The yearly rate at which all payments grow to the last value; none if no single rate does.
    pub money_weighted_yearly: Option<f64>,
    /// Last value less everything paid in, minor units.
    pub gain_minor: i64,
    /// Gain between each two marks; they sum to the whole gain exactly.
    pub gains_minor: Vec<i64>,
    /// By how much payments grown at the money-weighted rate miss the last value, minor units; at most half of one.
    pub unreconciled_minor: f64,
    /// Deepest fall of the time-weighted growth from its highest point.
    pub drawdown: f64,
}

/// Measures a plan from its first payment to its last valuation.
pub fn measure(marks: &[Mark]) -> Result<Performance, Refusal> {
    let malformed = |what: &str| Err(Refusal::new(Code::MalformedTable, "valuations", what));
    if marks.len() < 2 {
        return malformed("At least two valuations are needed.");
    }
    if marks.windows(2).any(|pair| pair[0].day >= pair[1].day) {
        return malformed("Days must ascend.");
    }
    let huge = |m: &Mark| !(0..=1i64 << 53).contains(&m.value_minor) || m.paid_minor.unsigned_abs() > 1 << 53;
    if marks.iter().any(huge) || marks.iter().any(|m| m.value_minor + m.paid_minor < 0) {
        return malformed("A value is below zero, or more was paid out than there was.");
    }
    let (mut growth, mut peak, mut drawdown) = (1.0f64, 1.0f64, 0.0f64);
    let mut gains = Vec::with_capacity(marks.len() - 1);
    for pair in marks.windows(2) {
        let invested = pair[0].value_minor + pair[0].paid_minor;
        gains.push(pair[1].value_minor - invested);
        if invested == 0 {
            if pair[1].value_minor != 0 {
                return malformed("A value appeared without a payment.");
            }
            continue;
        }
        growth *= pair[1].value_minor as f64 / invested as f64;
        peak = peak.max(growth);
        drawdown = drawdown.max(1.0 - growth / peak);
    }
    let (first, last) = (marks[0], marks[marks.len() - 1]);
    let days = f64::from(last.day.0 - first.day.0);
    let rate = money_weighted(marks);
    let paid: i64 = first.value_minor + marks[..marks.len() - 1].iter().map(|m| m.paid_minor).sum::<i64>();
    let grown = rate.map(|rate| grown_at(marks, rate));
    Ok(Performance {
        time_weighted: growth - 1.0,
        time_weighted_yearly: power(growth, 365.0 / days) - 1.0,
        money_weighted_yearly: rate,
        gain_minor: last.value_minor - paid,
        gains_minor: gains,
        unreconciled_minor: grown.map_or(0.0, |grown| grown - last.value_minor as f64),
        drawdown,
    })
}

impl Performance {
    /// Whether the parts belong together: gains sum to the gain, and the rate grows the payments to the last value.
    pub fn reconciles(&self) -> bool {
        self.gains_minor.iter().sum::<i64>() == self.gain_minor && self.unreconciled_minor.abs() <= 0.5
    }

    /// The measures as they are shown.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("time_weighted", Json::Number(self.time_weighted)),
            ("time_weighted_yearly", Json::Number(self.time_weighted_yearly)),
            ("money_weighted_yearly", self.money_weighted_yearly.map_or(Json::Null, Json::Number)),
            ("gain_minor", Json::Whole(self.gain_minor)),
            ("gains_minor", Json::List(self.gains_minor.iter().map(|g| Json::Whole(*g)).collect())),
            ("drawdown", Json::Number(self.drawdown)),
            ("reconciles", Json::Bool(self.reconciles())),
        ])
    }
}

/// All payments grown to the last day at a yearly rate.
fn grown_at(marks: &[Mark], rate: f64) -> f64 {
    let end = marks[marks.len() - 1].day.0;
    let mut sum = 0.0;
    for (place, mark) in marks[..marks.len() - 1].iter().enumerate() {
        let paid = mark.paid_minor + if place == 0 { mark.value_minor } else { 0 };
        sum += paid as f64 * power(1.0 + rate, f64::from(end - mark.day.0) / 365.0);
    }
    sum
}

/// The rate by halving between −99.99 % and the first doubling that brackets it.
fn money_weighted(marks: &[Mark]) -> Option<f64> {
    let value = marks[marks.len() - 1].value_minor as f64;
    let miss = |rate: f64| grown_at(marks, rate) - value;
    let (mut low, mut high) = (-0.9999, 1.0);
    if miss(low) > 0.0 {
        return None;
    }
    while miss(high) < 0.0 {
        high *= 2.0;
        if high > 1e6 {
            return None;
        }
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if miss(middle) <= 0.0 { low = middle } else { high = middle }
    }
    let rate = if miss(low).abs() <= miss(high).abs() { low } else { high };
    (miss(rate).abs() <= 0.5).then_some(rate)
}

#[cfg(test)]
mod tests;
