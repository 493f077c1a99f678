//! Small things that many pages draw: amounts, days, rates, names and links.

use maud::{Markup, html};
use money::{Amount, Currency};
use receivables::Hash;
use receivables::codec::hex;
use receivables::identity::Party;
use receivables::state::DAY_MS;

use super::Asking;
use super::words::Word;

/// Digits of a hash that are shown where the whole is one click away.
const SHORT: usize = 12;

impl Asking<'_> {
    /// A member by number, a pseudonym by its first digits; both lead to what they hold.
    pub(super) fn party(&self, party: &Party) -> Markup {
        match party {
            Party::Member(member) => self.member(*member),
            Party::Pseudonym(key) => {
                let path = self.to(&format!("/explorer/holder?who={}", hex(key)));
                html! { a .hash href=(path) title=(hex(key)) { (short(key)) "…" } }
            }
        }
    }

    pub(super) fn member(&self, member: u32) -> Markup {
        let path = self.to(&format!("/explorer/members/{member}"));
        html! { a href=(path) { (self.say(Word::Member)) " " (member) } }
    }

    pub(super) fn certificate(&self, id: &Hash) -> Markup {
        let path = self.to(&format!("/explorer/certificates/{}", hex(id)));
        html! { a .hash href=(path) title=(hex(id)) { (short(id)) "…" } }
    }

    pub(super) fn block(&self, height: u64) -> Markup {
        html! { a href=(self.to(&format!("/explorer/blocks/{height}"))) { (height) } }
    }

    /// The day by the last block's time, as the rules have it.
    pub(super) fn day(&self) -> u32 {
        day_of(self.replica.standing().time_ms)
    }

    /// The part of a table that is drawn, and a word if there is more.
    pub(super) fn more(&self, all: usize, shown: usize) -> Markup {
        html! { @if all > shown { p .quiet { (self.say(Word::OnlyFirst)) " " (shown) " / " (all) } } }
    }
}

pub(super) fn day_of(time_ms: u64) -> u32 {
    u32::try_from(time_ms / DAY_MS).unwrap_or(u32::MAX)
}

pub(super) fn short(hash: &Hash) -> String {
    hex(hash).chars().take(SHORT).collect()
}

pub(super) fn amount(currency: Currency, minor: u64) -> String {
    format!("{} {}", grouped(&Amount::new(currency, minor).major()), currency.code())
}

/// Digits before the point in groups of three.
fn grouped(major: &str) -> String {
    let (whole, rest) = major.split_at(major.find('.').unwrap_or(major.len()));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// Millionths as percent.
pub(super) fn percent(ppm: u64) -> String {
    format!("{}.{:02} %", ppm / 10_000, ppm / 100 % 100)
}

/// A day as ISO 8601 writes it (days since 1970, Gregorian).
pub(super) fn date(day: u32) -> String {
    let (year, month, day) = civil(i64::from(day));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year and month.
pub(super) fn month(day: u32) -> String {
    let (year, month, _) = civil(i64::from(day));
    format!("{year:04}-{month:02}")
}

/// A time as ISO 8601 writes it, to the second.
pub(super) fn time(ms: u64) -> String {
    let second = ms / 1_000 % 86_400;
    format!("{} {:02}:{:02}:{:02}", date(day_of(ms)), second / 3_600, second / 60 % 60, second % 60)
}

/// Year, month and day of a day since 1970: eras of 400 years, years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_amounts_and_rates_are_written() {
        for (day, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_513, "2026-03-01"),
            (47_540, "2100-02-28"),
        ] {
            assert_eq!(date(day), expected);
        }
        assert_eq!(time(1_772_323_261_999), "2026-03-01 00:01:01");
        assert_eq!(grouped("1234567.80"), "1,234,567.80");
        assert_eq!(grouped("123"), "123");
        assert_eq!(percent(60_900), "6.09 %");
    }
}
