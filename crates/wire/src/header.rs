//! The names of the HTTP header fields of the contract, all in lower case as HTTP/2 and our own answers write them,
//! and the reading of the one field that is not a signature. Knows no HTTP library.

/// Who sends: the member's client id (scheme `alipay`, Alipay+ message signing).
pub const CLIENT_ID: &str = "client-id";
/// When the request was signed, ISO 8601 or unix milliseconds (scheme `alipay`).
pub const REQUEST_TIME: &str = "request-time";
/// When the answer was signed, ISO 8601 (scheme `alipay`).
pub const RESPONSE_TIME: &str = "response-time";
/// The signature, in either scheme (RFC 9421 section 4.2, Alipay+ message signing).
pub const SIGNATURE: &str = "signature";
/// What an RFC 9421 signature covers (RFC 9421 section 4.1).
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Digest of the body (RFC 9530 section 2).
pub const CONTENT_DIGEST: &str = "content-digest";
/// Media type of the body (RFC 9110 section 8.3).
pub const CONTENT_TYPE: &str = "content-type";
/// The request id again, where a proxy can see it (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Milliseconds the caller still waits; every hop passes on less than it was given.
pub const DEADLINE_MS: &str = "x-deadline-ms";

/// The media type every body is sent with.
pub const JSON: &str = "application/json; charset=UTF-8";

/// Longest deadline anybody may ask for, in milliseconds: one minute, after which every payment is decided anyway.
pub const DEADLINE_MS_MAX: u32 = 60_000;

/// Reads `x-deadline-ms`: decimal digits, 1 to [`DEADLINE_MS_MAX`] milliseconds. `None` when it is anything else.
#[must_use]
pub fn parse_deadline_ms(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|ms| (1..=DEADLINE_MS_MAX).contains(ms))
}

/// Whether a `content-type` is JSON in UTF-8: `application/json`, with no charset or with `utf-8`, in any case.
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    media_type.eq_ignore_ascii_case("application/json")
        && parts.filter(|part| !part.is_empty()).all(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn deadlines() {
        let cases = [
            ("1", Some(1)),
            ("8000", Some(8000)),
            ("60000", Some(60_000)),
            ("60001", None),
            ("0", None),
            ("", None),
            ("-1", None),
            ("+5", None),
            ("8000.0", None),
            ("999999", None),
            (" 7", None),
        ];
        for (text, expected) in cases {
            assert_eq!(super::parse_deadline_ms(text), expected, "{text:?}");
        }
    }

    #[test]
    fn media_types() {
        let cases = [
            ("application/json", true),
            ("application/json; charset=UTF-8", true),
            ("Application/JSON;charset=\"utf-8\"", true),
            ("application/json;", true),
            ("application/json; charset=gbk", false),
            ("application/json; version=2", false),
            ("application/xml", false),
            ("text/plain", false),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(super::is_json(text), expected, "{text:?}");
        }
    }
}
