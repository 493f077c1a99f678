//! Tables of prices read from CSV and turned into returns, with named rules for what is missing. It fetches nothing.

use crate::refusal::{Code, Refusal};

mod returns;

pub use returns::Returns;

/// Prices of several assets at the same dates, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Asset names, unique.
    pub names: Vec<String>,
    /// ISO 8601 dates, strictly ascending; row numbers if the table has no date column.
    pub dates: Vec<String>,
    /// One list of prices for each asset; not a number where the table has none.
    pub columns: Vec<Vec<f64>>,
}

/// What happens to a date on which some asset has no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// The table is refused with the first such place.
    #[default]
    Refuse,
    /// The date is left out for all assets.
    DropDate,
    /// The last price is carried on, at most this many dates.
    Carry(u32),
}

const ASSETS_MAX: usize = 2_000; // dense covariances beyond this need other methods
const DATES_MAX: usize = 200_000; // more than a century of days several times over

impl Prices {
    /// Reads a table: a header of names, then one line for each date. The separator is the first of `,`, `;` or tab
    /// in the header. A first column named like a date, or whose header is empty, holds the dates.
    pub fn parse_csv(text: &str) -> Result<Prices, Refusal> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, header) = lines.next().ok_or_else(|| malformed(1, "the table is empty"))?;
        let separator = header.chars().find(|c| [',', ';', '\t'].contains(c)).unwrap_or(',');
        let mut names: Vec<String> =
            header.split(separator).map(|name| name.trim().trim_matches('"').to_owned()).collect();
        let dated = is_date_header(&names[0]);
        if dated {
            names.remove(0);
        }
        if names.is_empty() || names.len() > ASSETS_MAX {
            return Err(malformed(
                1,
                &format!("{} assets; between 1 and {ASSETS_MAX} are read", names.len()),
            ));
        }
        refuse_repeated(&names)?;
        let mut prices = Prices { columns: vec![Vec::new(); names.len()], names, dates: Vec::new() };
        for (place, line) in lines {
            prices.add_line(line, place + 1, separator, dated)?;
        }
        if prices.dates.len() < 2 {
            return Err(malformed(2, "fewer than two dates"));
        }
        Ok(prices)
    }

    fn add_line(&mut self, line: &str, place: usize, separator: char, dated: bool) -> Result<(), Refusal> {
        if self.dates.len() >= DATES_MAX {
            return Err(malformed(place, &format!("more than {DATES_MAX} dates")));
        }
        let mut cells = line.split(separator).map(|cell| cell.trim().trim_matches('"'));
        let date = match dated {
            true => parse_date(cells.next().unwrap_or_default(), place)?,
            false => format!("{:06}", self.dates.len() + 1),
        };
        if self.dates.last().is_some_and(|last| *last >= date) {
            return Err(malformed(place, &format!("the date {date} does not come after the line before")));
        }
        self.dates.push(date);
        for (column, name) in self.columns.iter_mut().zip(&self.names) {
            let cell = cells.next().ok_or_else(|| malformed(place, "the line has too few cells"))?;
            column.push(
                parse_price(cell)
                    .ok_or_else(|| malformed(place, &format!("{cell:?} is no price of {name}")))?,
            );
        }
        match cells.next() {
            Some(_) => Err(malformed(place, "the line has too many cells")),
            None => Ok(()),
        }
    }

    /// Applies a rule for missing prices.
    pub fn complete(mut self, missing: Missing) -> Result<Prices, Refusal> {
        match missing {
            Missing::Refuse => {}
            Missing::DropDate => {
                let whole: Vec<bool> =
                    (0..self.dates.len()).map(|t| self.columns.iter().all(|c| c[t].is_finite())).collect();
                let keep = |t: &usize| whole[*t];
                self.dates = (0..whole.len()).filter(keep).map(|t| self.dates[t].clone()).collect();
                for column in &mut self.columns {
                    *column = (0..whole.len()).filter(keep).map(|t| column[t]).collect();
                }
            }
            Missing::Carry(most) => {
                for column in &mut self.columns {
                    let mut carried = 0;
                    for t in 1..column.len() {
                        if column[t].is_finite() {
                            carried = 0;
                        } else if carried < most {
                            column[t] = column[t - 1];
                            carried += 1;
                        }
                    }
                }
            }
        }
        for (column, name) in self.columns.iter().zip(&self.names) {
            if let Some(t) = column.iter().position(|p| !p.is_finite()) {
                let date = &self.dates[t];
                return Err(Refusal::new(
                    Code::NanOrInf,
                    "missing prices",
                    format!("{name} has no price on {date}."),
                )
                .remedy("Complete the table, drop the date, or carry the last price on."));
            }
        }
        Ok(self)
    }

    /// The same table with only these assets, in this order.
    pub fn select(&self, names: &[String]) -> Result<Prices, Refusal> {
        refuse_repeated(names)?;
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let place = self.names.iter().position(|n| n == name).ok_or_else(|| {
                Refusal::new(Code::OutOfRange, "assets", format!("The table has no asset {name}."))
                    .remedy(format!("Choose among {}.", self.names.join(", ")))
            })?;
            columns.push(self.columns[place].clone());
        }
        Ok(Prices { names: names.to_vec(), dates: self.dates.clone(), columns })
    }

    /// Refuses a price that moved by more than `share` from one date to the next (0.5 = half).
    pub fn refuse_jumps(&self, share: f64) -> Result<(), Refusal> {
        for (column, name) in self.columns.iter().zip(&self.names) {
            for (t, pair) in column.windows(2).enumerate() {
                let move_ = (pair[1] / pair[0] - 1.0).abs();
                if move_ > share {
                    let date = &self.dates[t + 1];
                    return Err(Refusal::new(
                        Code::PriceJump,
                        "price jump",
                        format!("{name} moved on {date}."),
                    )
                    .found(share, move_)
                    .remedy("Check for a split or a wrong price, or raise the limit."));
                }
            }
        }
        Ok(())
    }

    /// Only the last date of each calendar month, the last month included as far as it goes. Needs ISO dates; a table
    /// without them stays as it is.
    pub fn month_ends(&self) -> Prices {
        let month = |t: usize| self.dates[t].get(..7);
        let last = self.dates.len() - 1;
        let dated = self.dates.iter().all(|date| date.len() == 10);
        let keep: Vec<usize> =
            (0..=last).filter(|t| !dated || *t == last || month(*t) != month(t + 1)).collect();
        Prices {
            names: self.names.clone(),
            dates: keep.iter().map(|t| self.dates[*t].clone()).collect(),
            columns: self.columns.iter().map(|c| keep.iter().map(|t| c[*t]).collect()).collect(),
        }
    }

    /// Simple returns from each date to the next.
    pub fn returns(&self) -> Result<Returns, Refusal> {
        Returns::from_prices(self)
    }
}

/// Refuses a name that appears twice.
pub(crate) fn refuse_repeated(names: &[String]) -> Result<(), Refusal> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let message = format!("{} appears twice.", pair[0]);
            Err(Refusal::new(Code::DuplicateAsset, "asset names", message).remedy("Keep one of them."))
        }
        None => Ok(()),
    }
}

fn is_date_header(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.is_empty()
        || ["date", "day", "month", "time", "timestamp", "index", "period", "日期"].contains(&lower.as_str())
}

fn parse_date(cell: &str, place: usize) -> Result<String, Refusal> {
    // A time of day after the date is ignored.
    let day = cell.get(..10).unwrap_or(cell);
    crate::calendar::Day::parse(day)
        .map(|_| day.to_owned())
        .ok_or_else(|| malformed(place, &format!("{cell:?} is no date like 2024-05-31")))
}

fn parse_price(cell: &str) -> Option<f64> {
    if ["", "NA", "N/A", "NaN", "nan", "null", "-"].contains(&cell) {
        return Some(f64::NAN);
    }
    cell.parse::<f64>().ok().filter(|price| price.is_finite() && *price > 0.0)
}

fn malformed(line: usize, what: &str) -> Refusal {
    Refusal::new(Code::MalformedTable, "price table", format!("Line {line}: {what}."))
        .remedy("Give a CSV with a header of names, dates in the first column and prices above zero.")
}

#[cfg(test)]
mod tests;
