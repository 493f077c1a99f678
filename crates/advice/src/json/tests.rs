use super::*;

#[test]
fn canonical_spelling_reads_back_the_same() {
    let check = |text: &str, canonical: &str| {
        let value = Json::parse(text).unwrap();
        assert_eq!(value.canonical(), canonical);
        assert_eq!(Json::parse(&value.canonical()).unwrap(), value);
        assert_eq!(Json::parse(&value.pretty()).unwrap(), value);
    };
    check(r#" {"b":1,"a":[true,null,1.50e1]} "#, r#"{"a":[true,null,15.0],"b":1}"#);
    check("-0.0", "0.0");
    check("9223372036854775807", "9223372036854775807");
    check("1e-7", "1e-7");
    check("0.1", "0.1");
    check(r#""\u4f60\ud83d\ude00\n""#, "\"你😀\\n\"");
    check("[]", "[]");
    check("{}", "{}");
}

#[test]
fn malformed_documents_are_refused_with_their_place() {
    for text in [
        "",
        "{",
        "[1,]",
        "01",
        "1.",
        "+1",
        "nul",
        "\"\\q\"",
        "\"\\ud800\"",
        "{\"a\":1,\"a\":2}",
        "1 2",
        "\"\u{1}\"",
        "1e999",
        "{1:2}",
        "\"\\u12",
        "[1 2]",
    ] {
        let refusal = Json::parse(text).unwrap_err();
        assert_eq!(refusal.code, crate::Code::MalformedTable, "{text}");
        assert!(refusal.message.contains("at byte"), "{text}");
    }
    assert!(Json::parse(&"[".repeat(100_000)).is_err());
}

#[test]
fn every_double_survives() {
    let mut random = crate::random::Random::new(7);
    for _ in 0..20_000 {
        let value = f64::from_bits(random.bits());
        if value.is_finite() {
            let back = Json::parse(&Json::Number(value).canonical()).unwrap().as_number().unwrap();
            assert!(back == value, "{value:e}");
        }
    }
}
