use super::{Answer, Pattern, Refused, Rule, RuleSet, Signed};
use crate::PresentedCode;
use crate::profile::Scheme;

fn rule(pattern: &str, member: &str) -> Rule {
    let (kind, text) = pattern.split_once(' ').unwrap();
    Rule::new(Pattern::parse(kind, text).unwrap(), "test", member).unwrap()
}

fn set(rules: &[(&str, &str)]) -> RuleSet {
    RuleSet::publish(3, 1_795_385_924, rules.iter().map(|(pattern, member)| rule(pattern, member)).collect())
        .unwrap()
}

/// Members a code can go to, best first.
fn members(rules: &RuleSet, code: &str) -> String {
    let code = PresentedCode::parse(code).unwrap();
    let routes = rules.routes(&code);
    routes.iter().map(|route| route.rule.member()).collect::<Vec<_>>().join(" ")
}

const VIETQR: &str =
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F";
const SGQR: &str = "0002010102110416541275000000000026380009SG.PAYNOW010100211+65812345670301127420011SG.COM.NETS0123230120\
    1840183283112882328470010com.alipay0129https://qr.alipay.com/ocxTEST51720007SG.SGQR0112180307510317020701.0003\
    03060810060402020502030708201801025204581453037025802SG5916FOOD XYZ PTE LTD6009SINGAPORE610608100663042551";
const QRIS: &str = "00020101021126640017ID.CO.EXAMPLE.WWW01189360099900000000010210T0000000010303UMI51440014ID.CO.QRIS.WWW021\
    5ID10200000000010303UMI5204581453033605802ID5910WARUNG UJI6007JAKARTA610512345630471D5";
const CONSUMER: &str = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVI\
    vRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";

#[test]
fn the_longest_match_wins() {
    for (rules, code, expected) in [
        (
            &[("prefix 25", "a"), ("prefix 2510", "b"), ("prefix 251002", "c")][..],
            "251001020123456789012345",
            "b",
        ),
        (&[("prefix 25", "a"), ("scheme alipayplus", "b")], "251001020123456789012345", "a"),
        (&[("prefix 26", "a"), ("scheme alipayplus", "b")], "251001020123456789012345", "b"),
        (&[("prefix 26", "a"), ("scheme alipayplus", "b")], "134567890123456789", ""),
        (&[("domain example.org", "a"), ("domain pay.example.org", "b")], "https://PAY.example.org/x", "b"),
        (&[("domain example.org", "a"), ("domain pay.example.org", "b")], "https://shop.example.org/x", "a"),
        (&[("domain example.org", "a")], "https://notexample.org/x", ""),
        (&[("domain example.org", "a"), ("domain example.org/o/", "b")], "https://example.org/o/1", "b"),
        (&[("domain example.org", "a"), ("domain example.org/o/", "b")], "https://example.org/p", "a"),
        (&[("domain example.org", "a"), ("domain example.org/o/", "b")], "https://example.org", "a"),
        (&[("domain alipay.com/281002", "a")], "https://alipay.com/28100304ABCD", ""),
        (
            &[("domain alipay.com/281002", "a"), ("scheme alipayplus", "b")],
            "https://alipay.com/28100304ABCD",
            "b",
        ),
        (&[("scheme upi", "a"), ("institution upi:bank", "b")], "upi://pay?pa=shop@bank", "b"),
        (&[("scheme upi", "a"), ("institution upi:other", "b")], "upi://pay?pa=shop@bank", "a"),
        (&[("owner A000000727", "a")], VIETQR, "a"),
        (&[("owner A0000007", "a")], VIETQR, "a"),
        (&[("owner A000000727", "a"), ("scheme vietqr", "b")], VIETQR, "b"),
        (&[("scheme vietqr", "a"), ("institution vietqr:970403", "b")], VIETQR, "b"),
        (&[("institution vietqr:970404", "a"), ("scheme vietqr", "b")], VIETQR, "b"),
        (&[("institution qris:93600999", "a"), ("institution qris:93600998", "b")], QRIS, "a"),
        (&[("application A000000055", "a"), ("application A0000000555555", "b")], CONSUMER, "b"),
        (&[("application A000000066", "a"), ("application A000000055", "b")], CONSUMER, "b a"),
    ] {
        assert_eq!(members(&set(rules), code), expected, "{code} by {rules:?}");
    }
}

#[test]
fn the_table_chooses_among_several_schemes() {
    let rules = [
        ("owner SG.COM.NETS", "nets"),
        ("scheme paynow", "paynow"),
        ("card 04", "card"),
        ("owner com", "com"),
    ];
    assert_eq!(
        members(&set(&rules), SGQR),
        "nets com card paynow",
        "longer matches first, then the code's order"
    );
    let preferred = rules.map(|(pattern, member)| {
        let preference = if member == "paynow" { 10 } else { 0 };
        rule(pattern, member).preferred(preference)
    });
    let set = RuleSet::publish(1, 0, preferred.to_vec()).unwrap();
    assert_eq!(members(&set, SGQR), "paynow nets com card");
    let code = PresentedCode::parse(SGQR).unwrap();
    let Answer::Mine(route) = set.answer(&code, "card") else {
        panic!("one of the accounts is the member's")
    };
    assert_eq!((route.rule.member(), route.at), ("card", 12));
    let Answer::Network(route) = set.answer(&code, "stranger") else { panic!("the network knows it") };
    assert_eq!((route.rule.member(), route.rule.scheme()), ("paynow", "test"));
}

#[test]
fn nobody_is_an_answer() {
    let rules = set(&[("prefix 25", "a")]);
    for code in ["https://example.org/x", VIETQR, SGQR, CONSUMER, "134567890123456789"] {
        assert_eq!(rules.answer(&PresentedCode::parse(code).unwrap(), "a"), Answer::Nobody, "{code}");
    }
}

#[test]
fn conflicts_are_refused_at_publication() {
    for (first, second) in [
        ("prefix 2510", "prefix 2510"),
        ("owner SG.PAYNOW", "owner sg.paynow"),
        ("domain Pay.Example.org", "domain pay.example.org/"),
        ("application a000000055", "application A000000055"),
        ("institution vietqr:970403", "institution vietqr:970403"),
    ] {
        let rules = vec![rule(first, "a"), rule(second, "b")];
        let pattern = rules[0].pattern().clone();
        let conflict = Refused::Conflict { pattern, first: "a".to_owned(), second: "b".to_owned() };
        assert_eq!(RuleSet::publish(1, 0, rules), Err(conflict), "{first}, {second}");
    }
    assert!(
        RuleSet::publish(1, 0, vec![rule("prefix 25", "a"), rule("prefix 251", "b")]).is_ok(),
        "longer is no conflict"
    );
    let many = (0..=RuleSet::RULES_MAX).map(|n| rule(&format!("prefix {n:06}"), "a")).collect();
    assert_eq!(RuleSet::publish(1, 0, many), Err(Refused::TooManyRules { most: RuleSet::RULES_MAX }));
}

#[test]
fn patterns_that_match_nothing_are_refused() {
    for (kind, text) in [
        ("prefix", ""),
        ("prefix", "25a"),
        ("prefix", "123456789012345678901234567890123"),
        ("application", "A00"),
        ("application", "G0"),
        ("owner", ""),
        ("owner", "org.example."),
        ("owner", "a b"),
        ("institution", "970403"),
        ("institution", "nobody:1"),
        ("scheme", "nobody"),
        ("card", "26"),
        ("card", "x"),
        ("domain", "localhost"),
        ("domain", "https://example.org"),
        ("domain", "example..org"),
        ("domain", "example.org/a b"),
        ("word", "x"),
    ] {
        assert_eq!(
            Pattern::parse(kind, text),
            Err(Refused::Pattern { text: text.to_owned() }),
            "{kind} {text}"
        );
    }
    for name in ["", "a b", "测", "a\n"] {
        let refused = Err(Refused::Name { text: name.to_owned() });
        assert_eq!(Rule::new(Pattern::prefix("25").unwrap(), "test", name), refused);
        assert_eq!(Rule::new(Pattern::prefix("25").unwrap(), name, "member"), refused);
    }
}

#[test]
fn canonical_bytes_come_back_and_depend_on_nothing_but_the_rules() {
    let texts = [
        ("domain pay.example.org/o/", "a"),
        ("prefix 2510", "b"),
        ("scheme khqr", "c"),
        ("card 04", "d"),
        ("institution vietqr:970403", "e"),
        ("owner org.example.pay", "f"),
        ("application A000000055", "g"),
    ];
    let rules = set(&texts);
    let expected = "code-rules 1\nversion 3\nissued 1795385924\nprefix 2510 0 test b\napplication A000000055 0 test g\n\
        owner org.example.pay 0 test f\ninstitution vietqr:970403 0 test e\nscheme khqr 0 test c\ncard 04 0 test d\n\
        domain pay.example.org/o/ 0 test a\n";
    assert_eq!(String::from_utf8(rules.canonical()).unwrap(), expected);
    assert_eq!(RuleSet::parse(expected.as_bytes()), Ok(rules.clone()));
    let mut reversed = texts;
    reversed.reverse();
    assert_eq!((set(&reversed).canonical(), set(&reversed).etag()), (rules.canonical(), rules.etag()));
    assert_ne!(set(&texts[1..]).etag(), rules.etag());
    assert!(rules.etag().starts_with("\"3-") && rules.etag().len() == 36, "{}", rules.etag());
}

#[test]
fn what_is_not_canonical_is_refused_with_its_line() {
    let right = "code-rules 1\nversion 3\nissued 7\nprefix 25 0 test a\nprefix 26 0 test b\n";
    assert!(RuleSet::parse(right.as_bytes()).is_ok());
    for (text, number) in [
        ("".to_owned(), 1),
        (right.replace("code-rules 1", "code-rules 2"), 1),
        (right.replace("version 3", "version 03"), 2),
        (right.replace("version 3", "version x"), 2),
        (right.replace("issued 7", "issued"), 3),
        (right.replace("25 0", "25  0"), 4),
        (right.replace("25 0", "25 00"), 4),
        (right.replace("25 0", "27 0"), 4),
        (right.replace("test b", "test b c"), 5),
        (right.replace("test b\n", "test b"), 5),
        (right.replace("test a\n", "test a\r\n"), 4),
        (format!("{right}\n"), 6),
    ] {
        assert_eq!(RuleSet::parse(text.as_bytes()), Err(Refused::Line { number }), "{text:?}");
    }
    assert_eq!(RuleSet::parse(b"\xFF"), Err(Refused::Line { number: 1 }));
    let twice = right.replace("prefix 26 0 test b", "prefix 25 0 test b");
    assert!(matches!(RuleSet::parse(twice.as_bytes()), Err(Refused::Conflict { .. })));
}

#[test]
fn a_downloaded_set_is_checked_before_it_is_read() {
    let held = set(&[("prefix 25", "a")]);
    let newer = RuleSet::publish(4, 0, vec![rule("prefix 25", "b")]).unwrap();
    let other = RuleSet::publish(3, 0, vec![rule("prefix 25", "b")]).unwrap();
    let older = RuleSet::publish(2, 0, vec![rule("prefix 25", "b")]).unwrap();
    // A stand-in for a signature: the sum of the bytes under a key.
    let sign = |bytes: &[u8]| vec![bytes.iter().fold(7_u8, |sum, byte| sum.wrapping_add(*byte))];
    let verify = |key: &str, bytes: &[u8], signature: &[u8]| key == "network" && sign(bytes) == signature;
    let sealed = |rules: &RuleSet| Signed::seal(rules, "network", sign);
    assert_eq!(sealed(&newer).open(Some(&held), verify), Ok(newer.clone()));
    assert_eq!(sealed(&held).open(Some(&held), verify), Ok(held.clone()));
    assert_eq!(sealed(&older).open(None, verify), Ok(older.clone()));
    assert_eq!(sealed(&older).open(Some(&held), verify), Err(Refused::Older { held: 3, offered: 2 }));
    assert_eq!(sealed(&other).open(Some(&held), verify), Err(Refused::Older { held: 3, offered: 3 }));
    let mut forged = sealed(&newer);
    forged.bytes.extend_from_slice(b"prefix 99 0 test x\n");
    assert_eq!(forged.open(Some(&held), verify), Err(Refused::Signature));
    let stranger = Signed { key: "stranger".to_owned(), ..sealed(&newer) };
    assert_eq!(stranger.open(None, verify), Err(Refused::Signature));
}

#[test]
fn every_scheme_can_be_a_pattern() {
    for scheme in Scheme::ALL {
        let pattern = Pattern::Scheme(scheme);
        let text = pattern.to_string();
        let (kind, name) = text.split_once(' ').unwrap();
        assert_eq!(Pattern::parse(kind, name), Ok(pattern));
    }
}
