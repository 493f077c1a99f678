use super::{Form, Issuer, PaymentCode};
use crate::{Defect, Malformed};

#[test]
fn issued_codes_come_back_as_they_were_made() {
    for (issuer, unique, text) in [
        ("251001", 123_456_789_012_345, "251001020123456789012345"),
        ("000000", 0, "000000020000000000000000"),
        ("999999", 9_999_999_999_999_999, "999999029999999999999999"),
    ] {
        let issuer = Issuer::parse(issuer).unwrap();
        let code = PaymentCode::issue(issuer, unique).unwrap();
        assert_eq!(code.as_str(), text);
        let read = PaymentCode::parse(text).unwrap();
        assert_eq!(read, code);
        assert_eq!(read.form(), Form::Issued { issuer, unique });
    }
    let issuer = Issuer::parse("251001").unwrap();
    assert_eq!(issuer.to_string(), "251001");
    assert!(PaymentCode::issue(issuer, PaymentCode::UNIQUE_END).is_err());
}

#[test]
fn legacy_codes_are_17_to_32_digits() {
    for text in ["28012345678901234", "280123456789012345", "251001010123456789012345", &"3".repeat(32)] {
        let code = PaymentCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text);
        assert_eq!((code.form(), code.issuer(), code.unique()), (Form::Legacy, None, None));
    }
    for (text, at, defect) in [
        ("", 0, Defect::DigitCount { digits: 0 }),
        ("2801234567890123", 0, Defect::DigitCount { digits: 16 }),
        (&"3".repeat(33), 0, Defect::DigitCount { digits: 33 }),
        ("25100102 123456789012345", 8, Defect::NotDigits),
        ("25100102０123456789012345", 8, Defect::NotDigits),
        ("251001020123456789012345\n", 24, Defect::NotDigits),
    ] {
        assert_eq!(PaymentCode::parse(text), Err(Malformed { at, defect }), "{text:?}");
    }
}

#[test]
fn debug_hides_the_secret_digits() {
    let code = PaymentCode::parse("251001020123456789012345").unwrap();
    assert_eq!(format!("{code:?}"), "PaymentCode(25100102…45)");
}
