//! Amounts and prices that are none, each with its own sentence.

use super::refusals::refused;
use crate::body::rates::RatesRequest;
use crate::body::refund::RefundRequest;

#[test]
fn amounts() {
    let amount = |value: &str| {
        refused::<RefundRequest>(&format!(
            r#"{{"refundRequestId":"r","paymentId":"p","refundAmount":{{"currency":"CNY","value":{value}}}}}"#
        ))
    };
    let cases = [
        (r#""1""#, "accepted"),
        ("1", "accepted"),
        (r#""9999999999999999""#, "accepted"),
        ("9999999999999999", "accepted"),
        (r#""0""#, "refundAmount.value is zero"),
        ("0", "refundAmount.value is zero"),
        (r#""-1""#, "refundAmount.value is negative"),
        ("-1", "refundAmount.value is negative"),
        (r#""+1""#, "refundAmount.value begins with a plus sign"),
        (r#""007""#, "refundAmount.value begins with a zero"),
        (r#""1.00""#, "refundAmount.value is not a whole number: send minor units"),
        (r#""1,000""#, "refundAmount.value is not a whole number: send minor units"),
        (r#""1e3""#, "refundAmount.value is not a whole number: send minor units"),
        ("1.5", "refundAmount.value is not a whole number: send minor units"),
        ("1e3", "refundAmount.value is not a whole number: send minor units"),
        ("1e400", "the body is not JSON: number out of range"),
        (r#""10000000000000000""#, "refundAmount.value has more than 16 digits"),
        ("10000000000000000", "refundAmount.value has more than 16 digits"),
        (r#""99999999999999999999999""#, "refundAmount.value has more than 16 digits"),
        (r#""ten""#, "refundAmount.value has something else than digits"),
        (r#"" 1""#, "refundAmount.value has something else than digits"),
        (r#""١""#, "refundAmount.value has something else than digits"),
        (r#""""#, "refundAmount.value is empty: leave it out or send null"),
        ("true", "refundAmount.value has the wrong type: boolean `true`, expected digits as a string"),
        ("null", "refundAmount.value has the wrong type: null, expected digits as a string"),
    ];
    for (value, expected) in cases {
        let found = amount(value);
        assert!(found == expected || found.starts_with(&format!("{expected} at line")), "{value}: {found}");
    }
    for (currency, expected) in [
        (r#""cny""#, "refundAmount.currency is not three capital letters (ISO 4217)"),
        (r#""CNYX""#, "refundAmount.currency is not three capital letters (ISO 4217)"),
        ("156", "refundAmount.currency is not three capital letters (ISO 4217)"),
    ] {
        let json = format!(
            r#"{{"refundRequestId":"r","paymentId":"p","refundAmount":{{"currency":{currency},"value":"1"}}}}"#
        );
        assert_eq!(refused::<RefundRequest>(&json), expected);
    }
    // A list is no object, even with the right values in the right order.
    let listed = r#"{"refundRequestId":"r","paymentId":"p","refundAmount":["CNY","1"]}"#;
    assert_eq!(
        refused::<RefundRequest>(listed),
        "refundAmount has the wrong type: sequence, expected an object"
    );
}

#[test]
fn rates() {
    let rates = |offers: &[(&str, &str)]| {
        let offers: Vec<String> = offers
            .iter()
            .map(|(pair, price)| {
                format!(
                    r#"{{"pair":"{pair}","price":{price},"size":"0","validUntil":"2026-11-22T10:00:00Z"}}"#
                )
            })
            .collect();
        refused::<RatesRequest>(&format!(r#"{{"rates":[{}]}}"#, offers.join(",")))
    };
    let cases: [(&[(&str, &str)], &str); 12] = [
        (&[("CNY/PHP", "\"8.1250\""), ("PHP/CNY", "\"0.1231\"")], "accepted"),
        (&[("CNY/PHP", "8")], "accepted"),
        (
            &[("CNY/PHP", "8.125")],
            "rates[0].price is a number with a point, which not everybody reads alike: send it as a string",
        ),
        (&[("CNY/PHP", "\"0.000\"")], "rates[0].price is zero"),
        (&[("CNY/PHP", "\"8,1\"")], "rates[0].price is not digits with at most one point"),
        (&[("CNY/PHP", "\"8.\"")], "rates[0].price is not digits with at most one point"),
        (&[("CNY/PHP", "\".8\"")], "rates[0].price is not digits with at most one point"),
        (&[("CNY/PHP", "\"1.0000000000001\"")], "rates[0].price has more than 12 decimals or 18 characters"),
        (
            &[("CNYPHP", "\"8\"")],
            "rates[0].pair is not two currencies with a slash between them, like CNY/PHP",
        ),
        (&[("CNY/CNY", "\"1\"")], "rates[0].pair has the same currency twice"),
        (&[("CNY/PHP", "\"8\""), ("CNY/PHP", "\"9\"")], "rates has two offers for CNY/PHP"),
        (&[("CNY/PHP", "\"8\""); 501], "rates is a list of more than 500"),
    ];
    for (offers, expected) in cases {
        assert_eq!(rates(offers), expected);
    }
}
