//! How amounts, counts, instants and spans are written on the page. Rounds nothing: an amount has the decimals of its
//! currency. Knows no zone but UTC; the browser puts times into the viewer's.

use maud::{Markup, html};
use money::{Amount, Currency};

/// Stands between a currency and its number, so that no line breaks there.
const NO_BREAK: char = '\u{a0}';

/// `CNY 1,234.50`, `KRW 20,340`.
pub(crate) fn amount(amount: Amount) -> String {
    format!("{}{NO_BREAK}{}", amount.currency, grouped(&amount.major()))
}

/// An amount that must stay in one piece.
pub(crate) fn money(what: Amount) -> Markup {
    html! { span .money { (amount(what)) } }
}

/// `−1,234.50`, with a real minus sign and without the currency.
pub(crate) fn signed(minor: i128, currency: Currency) -> String {
    let size = minor.unsigned_abs();
    let size = match u64::try_from(size) {
        Ok(minor) => grouped(&Amount::new(currency, minor).major()),
        Err(_) => format!("{size} × 10^−{}", currency.exponent()),
    };
    if minor < 0 { format!("−{size}") } else { size }
}

/// As [`signed`], with the currency before it.
pub(crate) fn position(minor: i128, currency: Currency) -> String {
    format!("{currency}{NO_BREAK}{}", signed(minor, currency))
}

/// `1,234`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// `812 B`, `1,234 kB`: decimal, cut down.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{}{NO_BREAK}B", count(bytes)),
        10_000..10_000_000 => format!("{}{NO_BREAK}kB", count(bytes / 1_000)),
        _ => format!("{}{NO_BREAK}MB", count(bytes / 1_000_000)),
    }
}

/// Digits in fours, as they are read out.
pub(crate) fn in_fours(digits: &str) -> String {
    let letters: Vec<char> = digits.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The time of day of an instant in unix milliseconds; the whole of it in UTC on hover.
pub(crate) fn time(at_ms: u64) -> Markup {
    let whole = instant(at_ms);
    let clock = whole.get(11..19).unwrap_or_default();
    let spoken =
        format!("{} {} UTC", whole.get(..10).unwrap_or_default(), whole.get(11..23).unwrap_or_default());
    html! { time datetime=(whole) title=(spoken) { (clock) } }
}

/// A span that ends at an instant: the browser counts it down.
pub(crate) fn countdown(until_ms: u64, ended: &str) -> Markup {
    html! { span .clock data-until=(until_ms) data-ended=(ended) { "–:––" } }
}

/// A span that began at an instant: the browser counts it up.
pub(crate) fn elapsed(since_ms: u64) -> Markup {
    html! { span .clock data-since=(since_ms) { "–:––" } }
}

/// `+0`, `+1,234`: milliseconds since the first step.
pub(crate) fn since(began_ms: u64, at_ms: u64) -> String {
    format!("+{}", count(at_ms.saturating_sub(began_ms)))
}

/// `2026-11-23T02:00:00.123Z`; nothing where the calendar ends.
fn instant(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    at.map(|at| format!("{at:.3}")).unwrap_or_default()
}

fn grouped(major: &str) -> String {
    let (whole, fraction) = major.split_at(major.find('.').unwrap_or(major.len()));
    let mut grouped = String::with_capacity(major.len() + whole.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}
