use super::PresentedCode;
use crate::{Defect, LONGEST_BYTES, Malformed};

#[test]
fn each_text_is_read_as_what_it_is() {
    for (text, kind) in [
        ("00020101021126190015org.example.pay6304F706", "merchant"),
        ("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=", "consumer"),
        ("251001020123456789012345", "payment"),
        ("28012345678901234", "payment"),
        ("https://pay.example.org/o/01J9ZK3E8Q6T7V0W1X2Y3Z4A5B", "link"),
        ("upi://pay?pa=shop@example", "link"),
    ] {
        let found = match PresentedCode::parse(text) {
            Ok(PresentedCode::Merchant(code)) if code.as_str() == text => "merchant",
            Ok(PresentedCode::Consumer(code)) if code.to_text() == text => "consumer",
            Ok(PresentedCode::Payment(code)) if code.as_str() == text => "payment",
            Ok(PresentedCode::Link(link)) if link.as_str() == text => "link",
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(found, kind, "{text}");
    }
}

#[test]
fn what_is_no_code_is_refused_with_its_place() {
    let long = "1".repeat(LONGEST_BYTES + 1);
    for (text, at, defect) in [
        ("", 0, Defect::Empty),
        (long.as_str(), 0, Defect::TooLong { longest: LONGEST_BYTES }),
        ("hello", 0, Defect::Unrecognised),
        ("测试", 0, Defect::Unrecognised),
        (" 251001020123456789012345", 0, Defect::Unrecognised),
        ("2510010201234567", 0, Defect::DigitCount { digits: 16 }),
        ("https://", 8, Defect::LinkWrong),
        ("https://pay.example.org/a b", 25, Defect::LinkWrong),
        ("hQVDUFYwMWE", 11, Defect::NotBase64),
        ("5802CN63041234", 0, Defect::FormatIndicatorNotFirst),
    ] {
        assert_eq!(PresentedCode::parse(text), Err(Malformed { at, defect }), "{text:.40}");
    }
}
