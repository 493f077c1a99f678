use super::{report, rules};
use crate::finding::{ConsumerRule, LinkRule, NationalRule, PaymentCodeRule, Rule, Severity};
use crate::lint::ReportKind;
use crate::profile::Scheme;

#[test]
fn every_payment_code_rule_is_found_and_only_where_it_is_broken() {
    use PaymentCodeRule as P;
    let right =
        ["251001020123456789012345", "28012345678901234", "280123456789012345", "2891234567890612345"];
    for text in right {
        let report = report(text);
        assert_eq!(
            (report.kind, report.accepted, report.strict),
            (ReportKind::PaymentCode, true, true),
            "{text}"
        );
        assert_eq!((rules(&report), report.profiles), (Vec::new(), vec![Scheme::AlipayPlus]), "{text}");
    }
    let wrong = [
        ("2510010201234567", P::Length, Severity::Error, 0),
        ("251001030123456789012345", P::Business, Severity::Warning, 6),
        ("28012345678901234567", P::Reserved, Severity::Warning, 0),
        ("134567890123456789", P::Legacy, Severity::Notice, 0),
    ];
    for (text, rule, severity, at) in wrong {
        let report = report(text);
        assert_eq!(rules(&report), [(severity, Rule::PaymentCode(rule))], "{text}");
        assert_eq!((report.findings[0].at, report.accepted), (at, severity != Severity::Error), "{text}");
        assert_eq!(report.strict, severity == Severity::Notice);
    }
    // Digits with anything else among them are not taken for a payment code, so this rule speaks only to callers.
    let direct = crate::PaymentCode::parse("25100102012345678901234X").unwrap_err();
    assert_eq!(crate::finding::Finding::from(direct).rule, Rule::PaymentCode(P::Digits));
}

#[test]
fn every_consumer_rule_is_found_and_only_where_it_is_broken() {
    use crate::consumer::{AccountNumber, Application, Builder, tag};
    use ConsumerRule as C;
    let name = [0xA0, 0, 0, 9, 0x99];
    let number = AccountNumber::parse("9512345678901234").unwrap();
    let application = || Application::new(&name).label("SOJOURN").account_number(number);
    let text = |application: Application| Builder::new().application(application).build().unwrap().to_text();
    let plain = report(&text(application()));
    assert_eq!(
        (plain.kind, plain.accepted, plain.strict, rules(&plain)),
        (ReportKind::Consumer, true, true, Vec::new())
    );
    assert!(!plain.to_json().contains("9512345678901234"), "account numbers are masked");
    assert!(plain.to_json().contains("951234******1234"));
    let bytes = |parts: &[&[u8]]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(parts.concat())
    };
    let head = b"\x85\x05CPV01";
    let twice = b"\x61\x0C\x4F\x05\xA0\x00\x00\x09\x99\x5A\x03\x12\x34\x5F";
    let unnamed = b"\x61\x03\x50\x01A";
    let big = application().object(0xDF55, &[0x55; 400]);
    let cases = [
        (text(big), C::Size, Severity::Notice),
        (bytes(&[head, twice, b"\xC1\x01A", unnamed]), C::Order, Severity::Warning),
        (bytes(&[head, twice, twice, twice]), C::Order, Severity::Error),
        ("hQVDUFYwMWE".to_owned(), C::Encoding, Severity::Error),
        (bytes(&[head, twice, b"\x62\x05"]), C::Encoding, Severity::Error),
        (bytes(&[b"\x85\x05CPV02", twice]), C::Version, Severity::Error),
        (bytes(&[head, unnamed]), C::Application, Severity::Error),
        (bytes(&[head, twice, unnamed]), C::Application, Severity::Warning),
        (bytes(&[head, twice, b"\x62\x05\x5A\x03\x12\x34\x5F"]), C::Duplicate, Severity::Error),
        (text(Application::new(&name)), C::AccountNumber, Severity::Error),
        (
            bytes(&[head, b"\x61\x0B\x4F\x05\xA0\x00\x00\x09\x99\x5A\x02\x1A\x23"]),
            C::AccountNumberForm,
            Severity::Error,
        ),
        (text(Application::new(&name).label("A-B").account_number(number)), C::Value, Severity::Warning),
        (text(application().object(tag::LANGUAGE, b"en1")), C::Value, Severity::Warning),
        (text(application().object(tag::ISSUER_LINK, b"https://example.org")), C::Value, Severity::Warning),
        (text(application().object(tag::LAST_DIGITS, b"\x12\x3F")), C::Value, Severity::Warning),
    ];
    for (text, rule, severity) in &cases {
        let report = report(text);
        let hit = (*severity, Rule::Consumer(*rule));
        assert!(rules(&report).contains(&hit), "{rule:?} in {text}: {:?}", report.findings);
        assert_eq!(report.accepted, *severity != Severity::Error, "{rule:?}");
        assert_eq!(report.strict, *severity == Severity::Notice, "{rule:?}");
    }
    for rule in ConsumerRule::ALL {
        assert!(cases.iter().any(|(_, tested, _)| tested == rule), "{rule:?}");
    }
    let annex = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1\
        WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";
    assert_eq!(rules(&report(annex)), [], "the standard's own example");
}

#[test]
fn every_link_rule_is_found_and_only_where_it_is_broken() {
    for text in ["https://pay.example.org/o/1", "https://alipay.com/28100204ABCD"] {
        let report = report(text);
        assert_eq!((report.kind, report.accepted, report.strict), (ReportKind::Link, true, true), "{text}");
    }
    for (text, rule, at) in [
        ("https://pay.example.org/a b", LinkRule::Form, 25),
        ("http://pay.example.org/o/1", LinkRule::Protected, 0),
        ("https://pay.example.org/MPM/3/AAAA", LinkRule::Payload, 30),
    ] {
        let report = report(text);
        assert_eq!(rules(&report), [(Severity::Error, Rule::Link(rule))], "{text}");
        assert_eq!((report.findings[0].at, report.accepted), (at, false));
    }
    let upi = report("upi://pay?pa=shop@bank&pn=Test&am=1.00&cu=INR");
    assert_eq!(
        (upi.accepted, upi.profiles.as_slice(), rules(&upi)),
        (true, [Scheme::Upi].as_slice(), Vec::new())
    );
    for (text, rule, severity) in [
        ("upi://mandate?pa=shop@bank&pn=Test", NationalRule::Form, Severity::Error),
        ("upi://pay?pa=shop&pn=Test", NationalRule::Form, Severity::Error),
        ("upi://pay?pn=Test", NationalRule::Presence, Severity::Error),
        ("upi://pay?pa=shop@bank", NationalRule::Presence, Severity::Warning),
        ("upi://pay?pa=shop@bank&pn=T&am=1.005", NationalRule::Amount, Severity::Error),
        ("upi://pay?pa=shop@bank&pn=T&cu=USD", NationalRule::Currency, Severity::Error),
        ("upi://pay?pa=shop@bank&pn=T&mc=58", NationalRule::Form, Severity::Warning),
        (
            "upi://pay?pa=shop@bank&pn=T&tr=123456789012345678901234567890123456",
            NationalRule::Form,
            Severity::Error,
        ),
    ] {
        let report = report(text);
        assert_eq!(rules(&report), [(severity, Rule::National(Scheme::Upi, rule))], "{text}");
        assert_eq!((report.accepted, report.strict), (severity != Severity::Error, false), "{text}");
    }
}
