//! Prices as they were published: the last one of each product exactly, and its month ends for moments and
//! projections. Publications are only ever added to.

use std::collections::BTreeMap;

use advice::calendar::Day;
use advice::prices::Prices;
use advice::proposal::History;
use advice::{Code, Json, Refusal};

/// A move of more than half from one price to the next is believed only when a person says so.
const JUMP_MAX: f64 = 0.5;
/// Prices in millionths of a minor unit.
pub(crate) const PRICE_SCALE: i64 = 1_000_000;
/// Dearest price taken, minor units.
const PRICE_MAX: i64 = 1_000_000_000;

/// All series by product code.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Market {
    series: BTreeMap<String, Series>,
}

/// One product's prices.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Series {
    /// Last price of each month by months since year 0, minor units for one unit; the newest month as far as it goes.
    month_ends: BTreeMap<i32, f64>,
    /// Day of the newest price.
    pub(crate) last: Option<Day>,
    /// The newest price, millionths of a minor unit.
    pub(crate) price_millionths: i64,
}

/// A price as published: the day, and the text as exact millionths.
pub(crate) type Quote = (Day, i64);

/// Reads `[["2026-05-29", "101.23"], …]`: days ascending, prices in minor units with at most six decimals.
pub(crate) fn read_quotes(json: &Json) -> Result<Vec<Quote>, Refusal> {
    let malformed =
        |what: String| Refusal::new(Code::MalformedTable, "prices", format!("The prices have {what}."));
    let Json::List(list) = json else { return Err(malformed("no list of [day, price]".into())) };
    let mut quotes: Vec<Quote> = Vec::with_capacity(list.len());
    for (place, pair) in list.iter().enumerate() {
        let [day, price] = pair.elements() else {
            return Err(malformed(format!("no [day, price] at place {place}")));
        };
        let day = day.as_text().and_then(Day::parse);
        let day = day.ok_or_else(|| malformed(format!("no date like 2026-05-29 at place {place}")))?;
        let price = price.as_text().and_then(parse_price).ok_or_else(|| {
            malformed(format!("no price above zero as text, like \"101.23\", at place {place}"))
        })?;
        if quotes.last().is_some_and(|(before, _)| *before >= day) {
            return Err(malformed(format!("a day out of order at place {place}")));
        }
        quotes.push((day, price));
    }
    if quotes.is_empty() { Err(malformed("no price".into())) } else { Ok(quotes) }
}

fn parse_price(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 10 || decimals.len() > 6 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let padded = format!("{decimals:0<6}");
    let price = whole.checked_mul(PRICE_SCALE)? + padded.parse::<i64>().ok()?;
    (1..=PRICE_MAX * PRICE_SCALE).contains(&price).then_some(price)
}

impl Market {
    pub(crate) fn series(&self, code: &str) -> Option<&Series> {
        self.series.get(code)
    }

    /// Refuses prices that are not after the known ones, and jumps nobody has looked at.
    pub(crate) fn permit(&self, code: &str, quotes: &[Quote], checked: bool) -> Result<(), Refusal> {
        let known = self.series.get(code);
        let mut before = known.and_then(|series| Some((series.last?, series.price_millionths)));
        for (day, price) in quotes {
            if before.is_some_and(|(last, _)| last >= *day) {
                let message =
                    format!("{code} has a price on or after {day} already; publications are only added to.");
                return Err(Refusal::new(Code::InputsChanged, "prices", message));
            }
            if let Some((_, last)) = before {
                let change = (*price as f64 / last as f64 - 1.0).abs();
                if change > JUMP_MAX && !checked {
                    return Err(Refusal::new(
                        Code::PriceJump,
                        "price jump",
                        format!("{code} moved on {day}."),
                    )
                    .found(JUMP_MAX, change)
                    .remedy("Look for a split or a wrong price; say `checked` if it is right."));
                }
            }
            before = Some((*day, *price));
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, code: &str, quotes: &[Quote]) {
        let series = self.series.entry(code.to_owned()).or_default();
        for (day, price) in quotes {
            let (year, month, _) = day.civil();
            series.month_ends.insert(year * 12 + month, *price as f64 / PRICE_SCALE as f64);
            (series.last, series.price_millionths) = (Some(*day), *price);
        }
    }

    /// Day of the oldest among the newest prices of these products; none if one has none.
    fn until(&self, codes: &[String]) -> Result<Day, Refusal> {
        let last = |code: &String| {
            self.series.get(code).and_then(|series| series.last).ok_or_else(|| unpriced(code))
        };
        codes.iter().map(last).try_fold(Day(i32::MAX), |least, day| Ok(least.min(day?)))
    }

    /// Month ends of these products over the months all have without a gap, up to the newest.
    pub(crate) fn month_ends(&self, codes: &[String]) -> Result<Prices, Refusal> {
        let mut months: Option<Vec<i32>> = None;
        for code in codes {
            let series = self.series.get(code).ok_or_else(|| unpriced(code))?;
            months = Some(match months {
                None => series.month_ends.keys().copied().collect(),
                Some(months) => months.into_iter().filter(|m| series.month_ends.contains_key(m)).collect(),
            });
        }
        let months = months.unwrap_or_default();
        let gap = months.windows(2).rposition(|pair| pair[1] != pair[0] + 1).map_or(0, |place| place + 1);
        let months = &months[gap..];
        let column = |code: &String| -> Vec<f64> {
            let series = self.series.get(code);
            months.iter().filter_map(|m| series.and_then(|s| s.month_ends.get(m)).copied()).collect()
        };
        // The last day of the month stands for it; the newest month is as long as it is.
        let date = |month: &i32| {
            format!("{:04}-{:02}-28", (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1)
        };
        Ok(Prices {
            names: codes.to_vec(),
            dates: months.iter().map(date).collect(),
            columns: codes.iter().map(column).collect(),
        })
    }

    /// Monthly returns of these products, as proposals take them.
    pub(crate) fn history(&self, codes: &[String]) -> Result<History, Refusal> {
        let returns = self.month_ends(codes)?.returns()?;
        Ok(History { codes: codes.to_vec(), returns: returns.columns().to_vec(), until: self.until(codes)? })
    }
}

fn unpriced(code: &str) -> Refusal {
    Refusal::new(Code::PriceStale, "prices", format!("{code} has no published price."))
}
