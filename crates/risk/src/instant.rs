//! Reads an ISO 8601 date or UTC instant into milliseconds, and writes one. Does not know the present.

/// Milliseconds since 1970 of `2026-03-01`, `2026-03-01T12:00:00Z` or `2026-03-01T12:00:00.250Z` (ISO 8601, UTC only).
/// Digits beyond the milliseconds are cut off.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time.strip_suffix('Z')?),
        None => (text, "00:00:00"),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let fits =
        (1..=12).contains(&month) && (1..=longest).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let ms = milliseconds(fraction)?;
    fits.then(|| (days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000 + ms)
}

/// The first three digits behind the point, of at most nine.
fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let shown = fraction.bytes().chain(*b"00").take(3);
    digits.then(|| shown.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar; years counted from March, so that the odd
/// month comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    shifted * 365 + shifted.div_euclid(4) - shifted.div_euclid(100) + shifted.div_euclid(400) + of_year
        - 719_468
}

/// The date of an instant, `2026-03-01`.
#[must_use]
pub fn date(at_ms: i64) -> String {
    let day = at_ms.div_euclid(86_400_000) + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn instants_read_and_write() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400_000)),
            ("2018-04-01T00:00:01Z", Some(1_522_540_801_000)),
            ("2026-11-22T22:18:06Z", Some(1_795_385_886_000)),
            ("1970-01-01T00:00:01.25Z", Some(1_250)),
            ("1970-01-01T00:00:01.000999Z", Some(1_000)),
            ("1970-01-01T00:00:01.Z", None),
            ("1970-01-01T00:00:01.2.5Z", None),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-1-1x", None),
            ("2026-01-01T24:00:00Z", None),
            ("2026-01-01T00:00:00+07:00", None),
            ("", None),
        ] {
            assert_eq!(super::parse(text), expected, "{text}");
        }
        for day in -100_000..100_000 {
            assert_eq!(
                super::parse(&super::date(day * 86_400_000)).filter(|_| day > -700_000),
                Some(day * 86_400_000)
            );
        }
    }
}
