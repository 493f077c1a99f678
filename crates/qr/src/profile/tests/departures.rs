use crate::finding::{NationalRule, Rule, Severity};
use crate::merchant::{Builder, Code, Template};
use crate::profile::{Scheme, read};
use NationalRule::{Amount, CheckDigit, Country, Currency, Form, Initiation, Presence, Version};
use Severity::{Error, Warning};

/// An account object and its template.
type Account = (u8, Template);
/// Root objects set to other values, or removed by an empty one.
type Changes = &'static [(u8, &'static str)];

/// A code of `scheme` around an account template, with root objects replaced (or removed by an empty value).
fn around(scheme: Scheme, account: Account, changes: Changes) -> Code {
    let (country, currencies) = scheme.home().unwrap();
    let usual = [
        (1, "11"),
        (52, "5812"),
        (53, currencies[0]),
        (54, ""),
        (58, country),
        (59, "TEST"),
        (60, "TEST"),
        (62, "0503***"),
    ];
    let value =
        |id: u8, usual| changes.iter().find(|(other, _)| *other == id).map_or(usual, |(_, value)| *value);
    let mut builder = Builder::of_version(value(0, "01")).template(account.0, account.1);
    for (id, usual) in usual {
        let value = value(id, usual);
        if !value.is_empty() {
            builder = builder.object(id, value);
        }
    }
    builder.build().unwrap()
}

fn of(id: u8, guid: &str, objects: &[(u8, &str)]) -> Account {
    let template =
        objects.iter().fold(Template::of(guid), |template, (id, value)| template.object(*id, value));
    (id, template)
}

fn promptpay(id: u8, value: &str) -> Account {
    of(29, "A000000677010111", &[(id, value)])
}

fn bill(biller: &str) -> Account {
    of(30, "A000000677010112", &[(1, biller)])
}

fn paynow(kind: &str, value: &str) -> Account {
    of(26, "SG.PAYNOW", &[(1, kind), (2, value)])
}

fn expiry(date: &str) -> Account {
    of(26, "SG.PAYNOW", &[(1, "0"), (2, "+6581234567"), (4, date)])
}

fn fps(id: u8, value: &str) -> Account {
    of(26, "hk.com.hkicl", &[(id, value)])
}

fn pix(id: u8, value: &str) -> Account {
    of(26, "br.gov.bcb.pix", &[(id, value)])
}

fn viet(bank: &str, account: &str, service: &str) -> Account {
    let inner = Template::default().object(0, bank).object(1, account);
    (38, Template::of("A000000727").template(1, inner).object(2, service))
}

fn khqr(account: &str) -> Account {
    of(30, account, &[(1, "M1")])
}

fn duitnow() -> Account {
    of(26, "A0000006150001", &[(1, "501664"), (2, "M1")])
}

fn qris(number: &str) -> Account {
    of(26, "ID.CO.EXAMPLE.WWW", &[(1, number)])
}

fn national(number: &str) -> Account {
    of(51, "ID.CO.QRIS.WWW", &[(2, number)])
}

fn qrph(bank: &str) -> Account {
    of(28, "ph.ppmi.p2m", &[(1, bank), (3, "M1")])
}

fn lao(institution: &str) -> Account {
    of(38, "A005266284662577", &[(1, institution), (2, "002"), (3, "M1")])
}

fn upi(address: &str) -> Account {
    of(26, "A000000524", &[(1, address)])
}

#[test]
fn right_codes_have_no_finding() {
    let right: Vec<(Scheme, Account, Changes)> = vec![
        (Scheme::PromptPay, promptpay(1, "0066812345678"), &[(52, ""), (59, ""), (60, "")]),
        (Scheme::PromptPay, promptpay(4, "004-1234567890"), &[]),
        (Scheme::PromptPay, bill("099400016550100"), &[]),
        (Scheme::PayNow, paynow("2", "197401143C"), &[]),
        (Scheme::PayNow, paynow("2", "00192200M01"), &[]),
        (Scheme::PayNow, paynow("3", "TEST#WALLET"), &[]),
        (Scheme::PayNow, expiry("20271231235959"), &[]),
        (Scheme::Fps, fps(4, "shop@example.com"), &[(53, "156")]),
        (Scheme::Pix, pix(1, "11222333000181"), &[(60, "")]),
        (Scheme::Pix, pix(1, "+5511912345678"), &[]),
        (Scheme::Pix, pix(1, "123e4567-e89b-12d3-a456-426614174000"), &[]),
        (Scheme::Pix, pix(1, "shop@example.com"), &[(54, "0")]),
        (Scheme::VietQr, viet("970403", "1", "QRPUSH"), &[]),
        (Scheme::Khqr, khqr("shop@bank"), &[(53, "840"), (54, "1.50")]),
        (Scheme::DuitNow, duitnow(), &[(0, "02")]),
        (Scheme::Qris, qris("936009990000000001"), &[(54, "10000000")]),
        (Scheme::Qris, national("ID1020000000001"), &[]),
        (Scheme::QrPh, qrph("TESTPHM2"), &[]),
        (Scheme::LaoQr, lao("27710418"), &[]),
        (Scheme::BharatQr, upi("test.shop@bank"), &[]),
    ];
    for (scheme, account, changes) in right {
        let code = around(scheme, account, changes);
        let readings = read(&code);
        assert_eq!(
            (readings[0].scheme, readings[0].findings.as_slice()),
            (scheme, [].as_slice()),
            "{code:?}"
        );
    }
}

/// Whose code, its account and root, and the one finding it has.
fn wrong() -> Vec<(Scheme, Account, Changes, Severity, NationalRule)> {
    vec![
        (Scheme::PromptPay, promptpay(1, "0066812345678"), &[(53, "702")], Error, Currency),
        (Scheme::PromptPay, promptpay(1, "0066812345678"), &[(58, "SG")], Error, Country),
        (Scheme::PromptPay, promptpay(1, "0066812345678"), &[(53, "")], Error, Presence),
        (Scheme::PromptPay, promptpay(1, "0066812345678"), &[(0, "02")], Error, Version),
        (Scheme::PromptPay, promptpay(1, "66812345678"), &[], Error, Form),
        (Scheme::PromptPay, promptpay(1, "6681234567890"), &[], Warning, Form),
        (Scheme::PromptPay, promptpay(2, "0994000165502"), &[], Warning, CheckDigit),
        (Scheme::PromptPay, promptpay(6, "1"), &[], Error, Presence),
        (Scheme::PromptPay, of(29, "A000000677999999", &[]), &[], Error, Form),
        (Scheme::PromptPay, bill("099400016550200"), &[], Warning, CheckDigit),
        (Scheme::PromptPay, bill("0994000165502"), &[], Error, Form),
        (Scheme::PayNow, paynow("0", "81234567"), &[], Error, Form),
        (Scheme::PayNow, paynow("2", "197401143D"), &[], Warning, CheckDigit),
        (Scheme::PayNow, paynow("9", "X"), &[], Error, Form),
        (Scheme::PayNow, (26, Template::of("SG.PAYNOW").object(1, "0")), &[], Error, Presence),
        (Scheme::PayNow, expiry("20271331"), &[], Error, Form),
        (Scheme::Fps, fps(2, "12345"), &[], Error, Form),
        (Scheme::Fps, fps(3, "91234567"), &[], Error, Form),
        (Scheme::Fps, fps(1, "004"), &[], Error, Presence),
        (Scheme::Fps, fps(2, "9999999"), &[(59, "")], Error, Presence),
        (Scheme::Pix, pix(1, "key"), &[], Error, Form),
        (Scheme::Pix, pix(1, "12345678900"), &[], Warning, CheckDigit),
        (Scheme::Pix, pix(1, "11222333000182"), &[], Warning, CheckDigit),
        (Scheme::Pix, pix(2, "text"), &[], Error, Presence),
        (Scheme::Pix, pix(1, "a@b"), &[(62, "0505A-B-C")], Error, Form),
        (Scheme::Pix, pix(1, "a@b"), &[(62, "")], Warning, Presence),
        (Scheme::Pix, pix(25, "https://pix.example.com/1"), &[], Warning, Form),
        (Scheme::VietQr, viet("97040", "1", "QRIBFTTA"), &[], Error, Form),
        (Scheme::VietQr, viet("970403", "1", "QRNONE"), &[], Error, Form),
        (Scheme::VietQr, viet("970403", "1", "QRPUSH"), &[(59, "")], Error, Presence),
        (Scheme::VietQr, (38, Template::of("A000000727")), &[], Error, Presence),
        (Scheme::Khqr, khqr("shop@bank"), &[(54, "1.50")], Error, Amount),
        (Scheme::Khqr, khqr("shop@bank"), &[(1, "12")], Warning, Initiation),
        (Scheme::Khqr, (30, Template::of("shop@bank")), &[], Error, Presence),
        (Scheme::DuitNow, duitnow(), &[(0, "03")], Error, Version),
        (Scheme::DuitNow, duitnow(), &[(60, "")], Error, Presence),
        (Scheme::Qris, qris("936009990000000001"), &[(54, "10000001")], Warning, Amount),
        (Scheme::Qris, qris("9360099"), &[], Error, Form),
        (Scheme::Qris, national("XX1020000000001"), &[], Error, Form),
        (Scheme::QrPh, qrph("test"), &[], Error, Form),
        (Scheme::QrPh, qrph("testphm2"), &[], Error, Form),
        (Scheme::LaoQr, lao("2771"), &[], Error, Form),
        (Scheme::BharatQr, upi("test.shop"), &[], Error, Form),
        (Scheme::BharatQr, (6, Template::default()), &[], Warning, CheckDigit),
        (Scheme::BharatQr, (8, Template::default()), &[], Error, Form),
        (Scheme::BharatQr, (27, Template::of("A000000524").object(1, "ORD1")), &[], Error, Presence),
    ]
}

#[test]
fn wrong_codes_have_exactly_theirs() {
    for (scheme, account, changes, severity, rule) in wrong() {
        let code = around(scheme, account, changes);
        let reading = read(&code).remove(0);
        let found: Vec<_> = reading.findings.iter().map(|finding| (finding.severity, finding.rule)).collect();
        assert_eq!(found, [(severity, Rule::National(scheme, rule))], "{code:?}");
        assert_eq!(reading.is_accepted(), severity != Error, "{code:?}");
    }
}
