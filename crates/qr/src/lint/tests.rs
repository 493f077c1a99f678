mod merchant;
mod payer_shown;

use super::{Context, Report, ReportKind, lint, lint_bytes};
use crate::checksum;
use crate::finding::{MerchantRule, NationalRule, Rule, Severity};
use crate::profile::Scheme;

fn sealed(body: &str) -> String {
    let text = format!("{body}6304");
    let crc = checksum::crc16(text.as_bytes());
    format!("{text}{crc:04X}")
}

fn object(id: u8, value: &str) -> String {
    format!("{id:02}{:02}{value}", value.chars().count())
}

/// A code that follows every rule, with one object of the root replaced, added or (by `None`) removed.
fn changed(id: u8, value: Option<&str>) -> String {
    let plain = [
        (0, "01"),
        (1, "11"),
        (26, "0015org.example.pay0104SHOP"),
        (52, "5812"),
        (53, "156"),
        (58, "CN"),
        (59, "TEST NOODLE SHOP"),
        (60, "SHANGHAI"),
    ];
    let mut body: String =
        plain
            .iter()
            .filter_map(|(own, usual)| {
                if *own == id { value.map(|value| object(id, value)) } else { Some(object(*own, usual)) }
            })
            .collect();
    if let Some(value) = value.filter(|_| plain.iter().all(|(own, _)| *own != id)) {
        body.push_str(&object(id, value));
    }
    sealed(&body)
}

fn report(text: &str) -> Report {
    lint(text, &Context::default())
}

fn rules(report: &Report) -> Vec<(Severity, Rule)> {
    report.findings.iter().map(|finding| (finding.severity, finding.rule)).collect()
}

#[test]
fn the_standards_own_example_is_strict() {
    let annex = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT\
        6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A011223344\
        998877070812345678";
    let report = report(&sealed(annex));
    assert_eq!((rules(&report), report.accepted, report.strict), (Vec::new(), true, true));
}

#[test]
fn national_readings_accept_what_the_standard_does_not() {
    for (text, scheme, missing) in [
        ("00020101021129370016A0000006770101110113006681234567853037645802TH6304823E", Scheme::PromptPay, 3),
        (
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
            Scheme::VietQr,
            3,
        ),
        (
            "00020201021126410014A0000006150001010650166402091234567895204999953034585802MY5912TEST SDN BHD6005BANGI630470B2",
            Scheme::DuitNow,
            1,
        ),
    ] {
        let report = report(text);
        assert_eq!(
            (report.accepted, report.strict, report.profiles.as_slice()),
            (true, false, [scheme].as_slice()),
            "{text}"
        );
        let warnings = report.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        assert_eq!((report.findings.len(), warnings.count()), (missing, missing), "{:?}", report.findings);
        assert!(report.findings.iter().all(|finding| finding.message.ends_with("allows this)")));
    }
    let foreign = sealed("00020126190015org.example.pay5303764");
    assert!(!report(&foreign).accepted, "no scheme speaks for it");
}

#[test]
fn an_expired_code_is_refused_only_after_its_time() {
    let text = "00020101021226490009SG.PAYNOW010120210197401143C03010040820271231520400005303702540410.55802SG5912TEST PTE LTD\
        6009Singapore62090105INV-163040566";
    // 2027-12-31 23:59:59 in Singapore.
    let end = 1_830_268_799;
    for (now, accepted) in [(None, true), (Some(0), true), (Some(end), true), (Some(end + 1), false)] {
        let report = lint(text, &Context { now });
        let expired =
            rules(&report).contains(&(Severity::Error, Rule::National(Scheme::PayNow, NationalRule::Expiry)));
        assert_eq!((report.accepted, expired), (accepted, !accepted), "{now:?}");
    }
}

#[test]
fn another_account_keeps_a_code_alive() {
    let paynow = "0009SG.PAYNOW010120210197401143C040820200101";
    let body =
        |accounts: &str| sealed(&format!("000201010211{accounts}5204000053037025802SG5904TEST6009Singapore"));
    let context = Context { now: Some(1_800_000_000) };
    let alone = lint(&body(&object(26, paynow)), &context);
    let label = lint(
        &body(&format!("{}{}", object(26, paynow), object(51, "0007SG.SGQR0112180307510317020701.0003"))),
        &context,
    );
    let other =
        lint(&body(&format!("{}{}", object(26, paynow), object(27, "0011SG.COM.NETS0101X"))), &context);
    assert_eq!((alone.accepted, label.accepted, other.accepted), (false, false, true));
}

#[test]
fn lengths_in_bytes_are_recognised() {
    let right = changed(59, Some("TEST"));
    let text = right[..right.len() - 8].to_owned() + "64220002zh0112测试面馆";
    let code = sealed(&text);
    let report = report(&code);
    assert!(!report.accepted);
    assert!(
        report.findings.iter().any(|finding| finding.message.contains("count bytes")),
        "{:?}",
        report.findings
    );
}

#[test]
fn nothing_fails_a_line() {
    for (bytes, kind) in [
        (b"".as_slice(), ReportKind::Unknown),
        (b"\xFF\xFE", ReportKind::Unknown),
        (b"000201\xB2\xE2\xCA\xD4", ReportKind::Merchant),
        (b"hQVDUFY\x80", ReportKind::Consumer),
        (b"https://\xC3", ReportKind::Link),
        (b"\x00\x01\x02", ReportKind::Unknown),
    ] {
        let report = lint_bytes(bytes, &Context::default());
        assert_eq!((report.kind, report.accepted, report.strict), (kind, false, false), "{bytes:?}");
        assert!(!report.findings.is_empty());
    }
    let report = lint_bytes(
        "测试\u{0}".as_bytes().iter().copied().chain([0xFF]).collect::<Vec<_>>().as_slice(),
        &Context::default(),
    );
    let encoding = report.findings.iter().find(|finding| finding.rule == Rule::Encoding).unwrap();
    assert_eq!((encoding.at, encoding.severity), (3, Severity::Error));
    let long = lint(&"9".repeat(9000), &Context::default());
    assert_eq!((long.kind, long.accepted, long.findings.len()), (ReportKind::PaymentCode, false, 1));
}

#[test]
fn json_is_one_line_with_the_agreed_keys() {
    let report = report(&changed(59, Some("A \"B\" \\C")));
    let json = report.to_json();
    assert!(json.starts_with("{\"input\":\"000201010211"), "{json}");
    let mut last = 0;
    for key in ["input", "kind", "accepted", "strict", "profiles", "fields", "findings"] {
        let at = json.find(&format!("\"{key}\":")).unwrap();
        assert!(at >= last, "{key} in order");
        last = at;
    }
    assert!(json.contains(r#""name":"A \"B\" \\C""#) && !json.contains('\n'), "{json}");
    let report = lint_bytes(b"\n\r\t\x01\x7F", &Context::default());
    assert!(
        report.to_json().starts_with("{\"input\":\"\\n\\r\\t\\u0001\\u007f\",\"kind\":\"unknown\""),
        "{}",
        report.to_json()
    );
}

#[test]
fn what_lies_behind_a_break_is_not_called_missing() {
    let whole = "00020101021226270012hk.com.hkicl0207999999952040000530334454031235802HK5902NA6002HK6304D1A3";
    assert_eq!(rules(&report(whole)), []);
    let broken = report(&whole.replace("5902NA", "59X2NA"));
    assert_eq!(rules(&broken), [(Severity::Error, Rule::Merchant(MerchantRule::LengthForm))]);
    assert_eq!(broken.profiles, [Scheme::Fps]);
}
