//! Dates as codes write them, made into seconds since 1970. Knows the Gregorian calendar and fixed offsets; reads no
//! clock.

/// Seconds since 1970-01-01 UTC of `YYYYMMDD` (its last second), `YYYYMMDDhhmmss` or `YYMMDDhhmmss`, written in a
/// zone that lies `offset_hours` east of Greenwich.
pub(crate) fn unix_seconds(digits: &str, offset_hours: i64) -> Option<i64> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match digits.len() {
        8 | 14 => (number(&digits[..4])?, &digits[4..]),
        12 => (2000 + number(&digits[..2])?, &digits[2..]),
        _ => return None,
    };
    let (month, day) = (number(&rest[..2])?, number(&rest[2..4])?);
    let (hour, minute, second) = match rest.len() {
        4 => (23, 59, 59),
        _ => (number(&rest[4..6])?, number(&rest[6..8])?, number(&rest[8..10])?),
    };
    let in_range =
        (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day) && hour < 24 && minute < 60;
    if !in_range || second > 59 {
        return None;
    }
    let days = days_since_1970(year, month, day);
    Some(((days * 24 + hour - offset_hours) * 60 + minute) * 60 + second)
}

fn number(digits: &str) -> Option<i64> {
    digits.parse().ok()
}

fn month_days(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts days with years that begin in March, so that the leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests;
