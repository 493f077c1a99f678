//! Instants as the contract writes them: ISO 8601 with an offset on the wire, unix milliseconds inside. Reads no clock.

use jiff::Timestamp;

/// Earliest and latest instants the contract accepts, in unix milliseconds: the years 2000 to 2199. What lies outside
/// is a mistake of unit (seconds for milliseconds), not a time.
const UNIX_MS: std::ops::Range<u64> = 946_684_800_000..7_258_118_400_000;

/// Reads `2026-11-22T18:00:00+08:00` or `2026-11-22T10:00:00.123Z` to unix milliseconds; finer digits are cut off.
/// `None` without an offset, outside the years 2000 to 2199, or when it is no instant at all.
#[must_use]
pub fn parse_iso(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    // jiff also reads dates with annotations, signed years and other forms of its own: the contract has only this one.
    let plain = (20..=35).contains(&bytes.len())
        && bytes[10] == b'T'
        && bytes.iter().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(byte));
    if !plain {
        return None;
    }
    let instant: Timestamp = text.parse().ok()?;
    u64::try_from(instant.as_millisecond()).ok().filter(|ms| UNIX_MS.contains(ms))
}

/// Reads a `request-time`: ISO 8601, or the 13 digits of unix milliseconds that the official Java client sends.
#[must_use]
pub fn parse_iso_or_unix_ms(text: &str) -> Option<u64> {
    if text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|ms| UNIX_MS.contains(ms));
    }
    parse_iso(text)
}

/// Writes `2026-11-22T10:00:00+00:00`, with three more digits when the instant is not a whole second. The offset is
/// spelled out because older Python and Java readers know no `Z`. Instants outside the accepted years are moved to the
/// nearest accepted one.
#[must_use]
pub fn write_iso(unix_ms: u64) -> String {
    let unix_ms = unix_ms.clamp(UNIX_MS.start, UNIX_MS.end - 1).cast_signed();
    let instant = Timestamp::from_millisecond(unix_ms).expect("the accepted years are inside jiff's range");
    let plain = instant.to_string();
    format!("{}+00:00", plain.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let cases = [
            ("2026-11-22T10:00:00+00:00", Some(1_795_341_600_000)),
            ("2026-11-22T18:00:00+08:00", Some(1_795_341_600_000)),
            ("2026-11-22T10:00:00Z", Some(1_795_341_600_000)),
            ("2026-11-22T10:00:00.123Z", Some(1_795_341_600_123)),
            ("2026-11-22T10:00:00.123456789+00:00", Some(1_795_341_600_123)),
            ("2026-11-22T10:00:00", None),
            ("2026-11-22 10:00:00Z", None),
            ("2026-11-22T10:00:00+00:00[UTC]", None),
            ("2026-13-22T10:00:00Z", None),
            ("1999-12-31T23:59:59Z", None),
            ("2200-01-01T00:00:00Z", None),
            ("1795341600000", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_iso(text), expected, "{text:?}");
        }
        assert_eq!(write_iso(1_795_341_600_000), "2026-11-22T10:00:00+00:00");
        assert_eq!(write_iso(1_795_341_600_120), "2026-11-22T10:00:00.12+00:00");
        for ms in [UNIX_MS.start, 1_795_341_600_001, UNIX_MS.end - 1] {
            assert_eq!(parse_iso(&write_iso(ms)), Some(ms));
        }
    }

    #[test]
    fn unix_milliseconds() {
        assert_eq!(parse_iso_or_unix_ms("1795341600000"), Some(1_795_341_600_000));
        assert_eq!(parse_iso_or_unix_ms("1795341600"), None, "seconds are not milliseconds");
        assert_eq!(parse_iso_or_unix_ms("0000000000000"), None);
    }
}
