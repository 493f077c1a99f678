use super::{changed, object, report, rules, sealed};
use crate::finding::{MerchantRule as M, Rule, Severity};
use Severity::{Error, Notice, Warning};

/// A rule, how grave its breach is, where it is told, a text that breaks it and one like it that does not.
type Pair = (M, Severity, usize, String, String);

/// The plain code with object `id` set to `value`.
fn with(id: u8, value: &str) -> String {
    changed(id, Some(value))
}

fn plain() -> String {
    with(1, "11")
}

/// The plain code without its checksum.
fn body() -> String {
    let plain = plain();
    plain[..plain.len() - 8].to_owned()
}

fn structure() -> Vec<Pair> {
    let (plain, body) = (plain(), body());
    let end = body.len();
    let filler = format!("0015org.example.pay0176{}", "x".repeat(76));
    let long: String = (80..85).map(|id| object(id, &filler)).collect();
    let cut = with(61, "200000")[..end + 6].to_owned();
    let lower = format!("{body}6304{}", plain[end + 4..].to_ascii_lowercase());
    assert_ne!(lower, plain, "the sample's checksum has a letter");
    let decomposed = format!("{body}6505cafe\u{301}");
    vec![
        (M::PayloadLength, Notice, 0, sealed(&format!("{body}{long}")), plain.clone()),
        (M::Identifier, Error, end, sealed(&format!("{body}X802CN")), plain.clone()),
        (M::Duplicate, Error, end, sealed(&format!("{body}5802CN")), plain.clone()),
        (M::Length, Error, end + 2, cut, with(61, "200000")),
        (M::LengthForm, Error, end + 2, sealed(&format!("{body}61XX200000")), plain.clone()),
        (M::LengthForm, Warning, end, with(61, ""), with(61, "200000")),
        (M::Numeric, Warning, 43, with(52, "58A2"), plain.clone()),
        (M::Special, Warning, 64, with(59, "测试面馆"), plain.clone()),
        (M::Precomposed, Warning, end, sealed(&decomposed), with(65, "café")),
        (M::ValueLength, Warning, 64, with(59, "A NAME THAT IS FAR TOO LONG"), plain.clone()),
        (M::ValueLength, Warning, 43, with(52, "581"), plain.clone()),
        (M::FormatFirst, Error, 0, sealed(&body[6..]), plain.clone()),
        (M::ChecksumLast, Error, end + 8, format!("{plain} "), plain.clone()),
        (M::ChecksumLast, Error, end, body.clone(), plain.clone()),
        (M::ChecksumLast, Error, end, format!("{body}6304"), plain.clone()),
        (M::Checksum, Error, end + 4, format!("{body}63040000"), plain.clone()),
        (M::ChecksumForm, Error, end, format!("{body}6304GGGG"), plain.clone()),
        (M::ChecksumForm, Warning, end + 4, lower, plain),
    ]
}

fn root() -> Vec<Pair> {
    let (plain, body) = (plain(), body());
    let end = body.len();
    let fee = |tail: &str| sealed(&format!("{body}{tail}"));
    vec![
        (M::Presence, Error, 0, changed(52, None), plain.clone()),
        (M::Presence, Error, 0, changed(53, None), plain.clone()),
        (M::Presence, Error, 0, changed(58, None), plain.clone()),
        (M::Presence, Error, 0, changed(59, None), plain.clone()),
        (M::Presence, Error, 0, changed(60, None), plain.clone()),
        (M::FormatValue, Error, 0, with(0, "02"), plain.clone()),
        (M::Initiation, Warning, 6, with(1, "13"), plain.clone()),
        (M::Amount, Error, end, with(54, "1,00"), with(54, "1.00")),
        (M::Amount, Error, end, with(54, "0.00"), with(54, "98.")),
        (M::AmountDecimals, Error, end, with(54, "1.005"), with(54, "1.5")),
        (M::AmountDecimals, Notice, end, with(54, "1.000"), with(54, "1.00")),
        (M::Currency, Error, 51, with(53, "CNY"), plain.clone()),
        (M::Currency, Error, 51, with(53, "000"), plain.clone()),
        (M::Tip, Error, end, with(55, "04"), with(55, "01")),
        (M::Tip, Error, end, with(55, "02"), fee("55020256041.00")),
        (M::FixedFee, Error, end, with(56, "1.00"), fee("55020256041.00")),
        (M::FixedFee, Error, end + 6, fee("55020256040.00"), fee("55020256040.01")),
        (M::FixedFee, Error, end + 6, fee("5502015604x.00"), fee("55020256041.00")),
        (M::FeePercentage, Error, end, with(57, "1.00"), fee("55020357041.00")),
        (M::FeePercentage, Error, end + 6, fee("5502015703100"), fee("550203570499.9")),
        (M::Account, Error, 0, changed(26, None), plain.clone()),
        (M::AccountReserved, Warning, end, with(17, "12345"), with(15, "12345")),
        (M::Country, Warning, 58, with(58, "XX"), plain.clone()),
        (M::Country, Warning, 58, with(58, "cn"), plain.clone()),
        (M::Reserved, Warning, end, with(65, "X"), plain.clone()),
        (M::Unreserved, Warning, end, with(80, "PLAIN"), with(80, "0010A000000004")),
        (M::Unreserved, Warning, end, with(80, "0105PLAIN"), with(80, "0010A000000004")),
    ]
}

fn templates() -> Vec<Pair> {
    let end = body().len();
    let inner = end + 4;
    let named = with(27, "0010A000000004");
    let uuid = with(27, "0032581b314e257f41bfbbdc6384daa31d16");
    let chinese = with(64, "0002zh0104测试面馆");
    vec![
        (M::Owner, Warning, end, with(27, "0104SHOP"), named.clone()),
        (M::OwnerForm, Warning, inner, with(27, "0004shop"), uuid),
        (M::OwnerForm, Warning, inner, with(27, "0008A0000004"), named),
        (M::OwnerForm, Warning, inner, with(27, "0009com..name"), with(27, "0008com.name")),
        (M::ConsumerDataRequest, Warning, inner, with(62, "0902MM"), with(62, "0903AME")),
        (M::ConsumerDataRequest, Warning, inner, with(62, "0901X"), with(62, "0901E")),
        (M::AdditionalReserved, Warning, inner, with(62, "1001X"), with(62, "0101X")),
        (M::AdditionalReserved, Warning, inner, with(62, "0001X"), with(62, "0801X")),
        (M::AdditionalOwner, Warning, inner, with(62, "50050101X"), with(62, "50140010A000000004")),
        (M::ValueLength, Warning, inner, with(62, "012612345678901234567890123456"), with(62, "0103***")),
        (M::Language, Warning, end, with(64, "0002zh"), chinese.clone()),
        (M::Language, Warning, end, with(64, "0104测试面馆"), chinese.clone()),
        (M::LanguageCode, Warning, inner, with(64, "0003chi0104测试面馆"), chinese),
    ]
}

#[test]
fn every_rule_is_found_and_only_where_it_is_broken() {
    let pairs = [structure(), root(), templates()].concat();
    for (rule, severity, at, wrong, right) in &pairs {
        let (text, sound) = (report(wrong), report(right));
        let hit = (*severity, Rule::Merchant(*rule));
        assert!(!rules(&sound).contains(&hit), "{rule:?} found in {right}: {:?}", sound.findings);
        let found = text.findings.iter().find(|finding| (finding.severity, finding.rule) == hit);
        let Some(finding) = found else { panic!("{rule:?} not found in {wrong}: {:?}", text.findings) };
        assert_eq!(finding.at, *at, "{rule:?} in {wrong}");
        assert!(finding.message.contains("; ") && finding.message.len() > 30, "{}", finding.message);
        assert_eq!(text.accepted, *severity != Error, "{wrong}: {:?}", text.findings);
        assert_eq!(text.strict, *severity == Notice, "{wrong}: {:?}", text.findings);
        assert!(sound.accepted, "{right}: {:?}", sound.findings);
    }
    for rule in M::ALL {
        // An empty template 62 breaks two rules at once and has its own test.
        let tested = pairs.iter().any(|pair| pair.0 == *rule) || *rule == M::AdditionalEmpty;
        assert!(tested, "{rule:?} has a sample");
    }
}

#[test]
fn an_empty_template_is_told() {
    let found = rules(&report(&with(62, "")));
    assert!(found.contains(&(Warning, Rule::Merchant(M::AdditionalEmpty))), "{found:?}");
    assert_eq!(rules(&report(&with(62, "0101X"))), []);
}
