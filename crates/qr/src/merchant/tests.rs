use super::{AdditionalData, Amount, Builder, Code, Initiation, Percentage, Template, Tip};
use crate::{Currency, Defect, Malformed, checksum};

/// EMVCo MPM, the example of its annex.
const ANNEX: &str = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN\
    5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A6008667\
    0902ME91320016A0112233449988770708123456786304A13A";

/// Puts a right checksum behind `body`.
fn sealed(body: &str) -> String {
    let text = format!("{body}6304");
    let crc = checksum::crc16(text.as_bytes());
    format!("{text}{crc:04X}")
}

#[test]
fn the_annex_example_is_read_in_full() {
    let code = Code::parse(ANNEX).unwrap();
    assert_eq!(code.as_str(), ANNEX);
    assert_eq!(code.initiation(), Some(Initiation::Dynamic));
    let accounts: Vec<_> = code.accounts().map(|account| (account.id(), account.guid())).collect();
    assert_eq!(accounts, [(29, Some("D15600000000")), (31, Some("D15600000001"))]);
    assert_eq!(code.account("d15600000000").unwrap().text(5), Some("A93FO3230Q"));
    assert_eq!(code.category(), Some("4111"));
    assert_eq!(
        (code.country(), code.name(), code.city()),
        (Some("CN"), Some("BEST TRANSPORT"), Some("BEIJING"))
    );
    assert_eq!(code.currency(), Currency::from_numeric(156));
    assert_eq!(code.amount().unwrap().minor_units(2), Some(2372));
    assert_eq!(code.tip(), Some(Tip::Prompt));
    let additional = code.additional().unwrap();
    assert_eq!((additional.store(), additional.customer()), (Some("1234"), Some("***")));
    assert_eq!((additional.terminal(), additional.consumer_data_request()), (Some("A6008667"), Some("ME")));
    let language = code.language().unwrap();
    assert_eq!((language.language(), language.name(), language.city()), ("ZH", "最佳运输", Some("北京")));
    let unreserved = code.object(91).unwrap();
    assert_eq!((unreserved.text(0), unreserved.text(7)), (Some("A011223344998877"), Some("12345678")));
    assert_eq!((unreserved.at(), code.checksum()), (ANNEX.chars().count() - 44, "A13A"));
}

#[test]
fn the_annex_example_is_made_again() {
    let code = Builder::new()
        .initiation(Initiation::Dynamic)
        .template(29, Template::of("D15600000000").object(5, "A93FO3230Q"))
        .template(31, Template::of("D15600000001").object(3, "12345678"))
        .category("4111")
        .country("CN")
        .name("BEST TRANSPORT")
        .city("BEIJING")
        .language("ZH", "最佳运输", Some("北京"))
        .amount(Amount::parse("23.72").unwrap())
        .currency(Currency::from_alphabetic("CNY").unwrap())
        .tip(Tip::Prompt)
        .additional(AdditionalData {
            store: Some("1234"),
            customer: Some("***"),
            terminal: Some("A6008667"),
            consumer_data_request: Some("ME"),
            ..Default::default()
        })
        .template(91, Template::of("A011223344998877").object(7, "12345678"))
        .build()
        .unwrap();
    assert_eq!(code.as_str(), ANNEX);
}

#[test]
fn every_cut_and_every_changed_character_is_refused() {
    let ends: Vec<usize> = ANNEX.char_indices().map(|(at, _)| at).collect();
    for &end in &ends {
        assert!(Code::parse(&ANNEX[..end]).is_err(), "cut at byte {end}");
    }
    for &at in &ends {
        let old = ANNEX[at..].chars().next().unwrap();
        let new = if old == '1' { '2' } else { '1' };
        let changed = format!("{}{new}{}", &ANNEX[..at], &ANNEX[at + old.len_utf8()..]);
        assert!(Code::parse(&changed).is_err(), "changed at byte {at}");
    }
}

#[test]
fn defects_are_told_with_their_place() {
    let wrong_crc = ANNEX.replace("A13A", "A13B");
    let nested = sealed("00020126240015org.example.pay0109A5204000053031565802CN");
    for (text, at, defect) in [
        ("", 0, Defect::Empty),
        ("0002", 2, Defect::Truncated { id: 0, declared: 2, left: 0 }),
        ("000201", 6, Defect::ChecksumMissing),
        ("0002016304", 6, Defect::ChecksumMissing),
        ("000201630412G4", 6, Defect::ChecksumNotHexadecimal),
        ("00020163031D0", 6, Defect::ChecksumNotHexadecimal),
        (&wrong_crc, 244, Defect::ChecksumWrong { written: 0xA13B, computed: 0xA13A }),
        (&format!("{ANNEX} "), 248, Defect::AfterChecksum { characters: 1 }),
        (&format!("{ANNEX}5802测试"), 248, Defect::AfterChecksum { characters: 6 }),
        (&nested, 31, Defect::Truncated { id: 1, declared: 9, left: 1 }),
        (&sealed("000201X802CN"), 6, Defect::IdentifierNotDigits),
        (&sealed("00020158XXCN"), 8, Defect::LengthNotDigits { id: 58 }),
        (&sealed("5802CN000201"), 0, Defect::FormatIndicatorNotFirst),
        (&sealed("0002015802CN5802CN"), 12, Defect::Duplicate { id: 58 }),
        (&sealed("0002016212010212010234"), 16, Defect::Duplicate { id: 1 }),
        (&sealed("00020154041,00"), 6, Defect::AmountNotNumber { id: 54 }),
        (&sealed("0002015414"), 8, Defect::Truncated { id: 54, declared: 14, left: 8 }),
        (&sealed("00020154141000000000.000"), 6, Defect::AmountNotNumber { id: 54 }),
        (&sealed("0002015303CNY"), 6, Defect::CurrencyNotNumeric),
        (&sealed("00020155020456041.00"), 6, Defect::TipIndicatorWrong),
        (&sealed("00020155020257013"), 6, Defect::TipIndicatorWrong),
        (&sealed("000201550203570500.00"), 12, Defect::PercentageWrong),
    ] {
        assert_eq!(Code::parse(text), Err(Malformed { at, defect }), "{text:?}");
    }
}

#[test]
fn a_checksum_in_lower_case_is_read_and_written_in_upper_case() {
    let lower = format!("{}a13a", &ANNEX[..ANNEX.len() - 4]);
    let code = Code::parse(&lower).unwrap();
    assert_eq!((code.as_str(), code.checksum()), (ANNEX, "A13A"));
}

#[test]
fn templates_nest_as_deep_as_their_owner_says() {
    let bank = "0010A000000727012600069704150112012345678901";
    let account = format!("{bank}0208QRIBFTTA");
    let text = sealed(&format!("00020138{}{account}5303704", account.len()));
    let code = Code::parse(&text).unwrap();
    let beneficiary = code.account("A000000727").unwrap().object().object(1).unwrap();
    assert!(beneficiary.is_template());
    assert_eq!((beneficiary.text(0), beneficiary.text(1)), (Some("970415"), Some("012345678901")));

    let broken = account.replace("0112012345678901", "0113012345678901");
    let text = sealed(&format!("00020138{}{broken}5303704", broken.len()));
    let at = Code::parse(&text).unwrap_err().at;
    assert_eq!(at, 6 + 4 + 14 + 4 + 10 + 2, "inside the inner template");

    let foreign = sealed("00020126240015org.example.pay0101X8504ABCD");
    let code = Code::parse(&foreign).unwrap();
    assert!(code.object(26).unwrap().is_template(), "an owner unknown here keeps plain values");
    assert!(!code.object(85).unwrap().is_template(), "unreserved objects may hold plain text");
}

#[test]
fn amounts_are_decimal_text() {
    for (text, exponent, minor) in [
        ("98.73", 2, Some(9873)),
        ("98", 2, Some(9800)),
        ("98.", 2, Some(9800)),
        (".5", 2, Some(50)),
        ("0", 2, Some(0)),
        ("888888.3", 0, None),
        ("888888.0", 0, Some(888_888)),
        ("100003.00", 2, Some(10_000_300)),
        ("1.005", 2, None),
        ("1.005", 3, Some(1005)),
        ("9999999999999", 4, Some(99_999_999_999_990_000)),
        ("9999999999999", 8, None),
    ] {
        let amount = Amount::parse(text).unwrap();
        assert_eq!((amount.as_str(), amount.minor_units(exponent)), (text, minor));
    }
    for wrong in ["", ".", "98,73", "3 705", "1.2.3", "-1", "+1", "1e3", "12345678901234", "１"] {
        assert!(Amount::parse(wrong).is_err(), "{wrong}");
    }
    for (minor, exponent, text) in
        [(10_000, 2, "100.00"), (5, 2, "0.05"), (500, 0, "500"), (1005, 3, "1.005")]
    {
        assert_eq!(Amount::from_minor_units(minor, exponent).unwrap().as_str(), text);
    }
    assert!(Amount::from_minor_units(u64::MAX, 2).is_err());
    assert!(Amount::from_minor_units(1, 20).is_err());
}

#[test]
fn percentages_lie_between_their_limits() {
    for (text, points) in [("00.01", 1), ("99.99", 9999), ("3.00", 300), ("3", 300), ("3.5", 350)] {
        let percentage = Percentage::parse(text).unwrap();
        assert_eq!(percentage.basis_points(), points);
        assert_eq!(Percentage::parse(&percentage.to_string()), Ok(percentage));
    }
    for wrong in ["", "0", "00.00", "100", "3%", "1.001"] {
        assert!(Percentage::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_does_not_fit_is_not_made() {
    for (builder, at, defect) in [
        (Builder::new().name("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 6, Defect::ValueTooLong { id: 59, longest: 25 }),
        (Builder::new().country("CN").object(100, "x"), 12, Defect::IdentifierTooLarge),
        (
            Builder::new().template(26, Template::of("org.example.pay").object(1, &"x".repeat(100))),
            6 + 4 + 19,
            Defect::ValueTooLong { id: 1, longest: 99 },
        ),
        (
            Builder::new().template(26, Template::of("org.example.pay").object(1, &"x".repeat(90))),
            6,
            Defect::ValueTooLong { id: 26, longest: 99 },
        ),
        (Builder::new().country("CN").country("CN"), 12, Defect::Duplicate { id: 58 }),
        (Builder::new().object(63, "0000"), 14, Defect::AfterChecksum { characters: 8 }),
        (
            Builder::new().template(38, Template::default().object(0, "A000000727").object(1, "plain")),
            28,
            Defect::IdentifierNotDigits,
        ),
        (
            Builder::new().template(62, Template::default().object(50, "plain")),
            14,
            Defect::IdentifierNotDigits,
        ),
        (Builder::new().template(54, Template::of("x")), 6, Defect::AmountNotNumber { id: 54 }),
        (Builder::new().object(54, "1,00"), 6, Defect::AmountNotNumber { id: 54 }),
        (Builder::new().object(26, "plain"), 10, Defect::IdentifierNotDigits),
        (
            Builder::new().template(38, Template::of("A000000727").object(1, "plain")),
            28,
            Defect::IdentifierNotDigits,
        ),
    ] {
        assert_eq!(builder.clone().payload(), Err(Malformed { at, defect }));
        assert_eq!(builder.build(), Err(Malformed { at, defect }));
    }
}

#[test]
fn a_tree_is_written_only_if_it_can_be_read() {
    use super::Item::{Inside, Value};
    use super::encode;
    let head = Value(0, "01");
    let long = "x".repeat(100);
    let text = encode(&[head, Value(53, "156"), Value(54, "1.00"), Inside(62, &[Value(5, "测试")])]).unwrap();
    assert_eq!(text, sealed("000201530315654041.0062060502测试"));
    for (items, at, defect) in [
        (&[Value(1, "11")][..], 0, Defect::FormatIndicatorNotFirst),
        (&[], 0, Defect::FormatIndicatorNotFirst),
        (&[head, Value(58, "CN"), Value(58, "CN")], 12, Defect::Duplicate { id: 58 }),
        (&[head, Inside(62, &[Value(1, "A"), Value(1, "B")])], 15, Defect::Duplicate { id: 1 }),
        (&[head, Value(100, "x")], 6, Defect::IdentifierTooLarge),
        (&[head, Inside(26, &[Value(200, "x")])], 10, Defect::IdentifierTooLarge),
        (&[head, Value(65, &long)], 6, Defect::ValueTooLong { id: 65, longest: 99 }),
        (&[head, Inside(26, &[Value(1, &long)])], 10, Defect::ValueTooLong { id: 1, longest: 99 }),
        (&[head, Inside(26, &[Value(1, &long[..96])])], 6, Defect::ValueTooLong { id: 26, longest: 99 }),
        (&[head, Value(53, "CNY")], 6, Defect::CurrencyNotNumeric),
        (&[head, Value(54, "1,00")], 6, Defect::AmountNotNumber { id: 54 }),
        (&[head, Inside(54, &[Value(1, "x")])], 6, Defect::AmountNotNumber { id: 54 }),
        (&[head, Value(55, "02")], 6, Defect::TipIndicatorWrong),
        (&[head, Value(26, "plain")], 10, Defect::IdentifierNotDigits),
        (&[head, Value(63, "0000")], 14, Defect::AfterChecksum { characters: 8 }),
        (&[head, Inside(62, &[Value(50, "plain")])], 14, Defect::IdentifierNotDigits),
        (&[head, Inside(38, &[Value(0, "A000000727"), Value(1, "plain")])], 28, Defect::IdentifierNotDigits),
    ] {
        assert_eq!(encode(items), Err(Malformed { at, defect }), "{items:?}");
    }
}
