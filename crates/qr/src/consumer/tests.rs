use super::{AccountNumber, Application, Builder, Code, Template, tag};
use crate::{Defect, Malformed};

/// EMVCo CPM, annex B.1 and B.2.
const ANNEX_1: &str = "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=";
const ANNEX_2: &str = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0\
    xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";

#[test]
fn the_first_annex_example_is_read_and_made() {
    let code = Code::parse(ANNEX_1).unwrap();
    assert_eq!(code.as_bytes().len(), 35);
    let applications: Vec<_> = code.applications().collect();
    assert_eq!(applications.len(), 1);
    assert!(applications[0].matches(&[0xA0, 0, 0, 0, 0x55]));
    assert!(!applications[0].matches(&[0xA0, 0, 0, 0, 0x56]));
    assert_eq!(applications[0].account_number(), AccountNumber::parse("1234567890123458").ok());
    let track_2 = applications[0].value(tag::TRACK_2).unwrap();

    let application = Application::new(applications[0].name()).object(tag::TRACK_2, track_2);
    assert_eq!(Builder::new().application(application).build().unwrap().to_text(), ANNEX_1);
}

#[test]
fn the_second_annex_example_is_read_and_made() {
    let code = Code::parse(ANNEX_2).unwrap();
    assert_eq!(code.as_bytes().len(), 124);
    let number = AccountNumber::parse("1234567890123458").unwrap();
    let found: Vec<_> = code.applications().map(|one| (one.label(), one.account_number())).collect();
    assert_eq!(found, [(Some("Product1"), Some(number)), (Some("Product2"), Some(number))]);
    let common = code.common().unwrap();
    assert_eq!(common.value_of(tag::HOLDER_NAME), Some(b"CARDHOLDER/EMV".as_slice()));
    assert_eq!(common.value_of(tag::LANGUAGE), Some(b"ruesdeen".as_slice()));
    let transparent = common.objects().find(|object| object.tag() == tag::COMMON_TRANSPARENT).unwrap();
    assert_eq!(transparent.value_of(tag::UNPREDICTABLE), Some([0x6D, 0x58, 0xEF, 0x13].as_slice()));

    let issuer_data = [0x06, 0x01, 0x0A, 0x03, 0, 0, 0];
    let cryptogram = [0x58, 0x4F, 0xD3, 0x85, 0xFA, 0x23, 0x4B, 0xCC];
    let made = Builder::new()
        .application(Application::new(&[0xA0, 0, 0, 0, 0x55, 0x55, 0x55]).label("Product1"))
        .application(Application::new(&[0xA0, 0, 0, 0, 0x66, 0x66, 0x66]).label("Product2"))
        .common(
            Template::default()
                .object(tag::ACCOUNT_NUMBER, &[0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x58])
                .object(tag::HOLDER_NAME, b"CARDHOLDER/EMV")
                .object(tag::LANGUAGE, b"ruesdeen")
                .template(
                    tag::COMMON_TRANSPARENT,
                    Template::default()
                        .object(tag::ISSUER_DATA, &issuer_data)
                        .object(tag::CRYPTOGRAM, &cryptogram)
                        .object(tag::COUNTER, &[0, 1])
                        .object(tag::UNPREDICTABLE, &[0x6D, 0x58, 0xEF, 0x13]),
                ),
        )
        .build()
        .unwrap();
    assert_eq!(made.to_text(), ANNEX_2);
}

#[test]
fn a_payment_token_survives_the_way() {
    for digits in ["9", "12", "9512345678901234567", "1234567890123458"] {
        let token = AccountNumber::parse(digits).unwrap();
        let application = Application::new(&[0xA0, 0, 0, 9, 0x99, 1]).label("SOJOURN").account_number(token);
        let text = Builder::new().application(application).build().unwrap().to_text();
        let read = Code::parse(&text).unwrap();
        let number = read.applications().next().unwrap().account_number().unwrap();
        assert_eq!((number, number.digits()), (token, digits));
    }
    assert_eq!(format!("{:?}", AccountNumber::parse("1234567890123458").unwrap()), "AccountNumber(…3458)");
    for wrong in ["", "12345678901234567890", "12A"] {
        assert!(AccountNumber::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn values_of_every_length_form_come_back() {
    for length in [0, 1, 127, 128, 255, 256, 4000] {
        let value = vec![0x5A; length];
        let application = Application::new(&[0xA0, 0, 0, 9, 0x99]).object(0xDF55, &value);
        let code = Builder::new().application(application).build().unwrap();
        let read = Code::parse(&code.to_text()).unwrap();
        assert_eq!(read.applications().next().unwrap().value(0xDF55), Some(value.as_slice()), "{length}");
    }
}

#[test]
fn every_cut_is_refused() {
    let bytes = Code::parse(ANNEX_2).unwrap().as_bytes().to_vec();
    for end in 0..bytes.len() {
        // A cut between the outer objects leaves a shorter code that is whole in itself.
        let between = [28, 49].contains(&end);
        assert_eq!(Code::from_bytes(bytes[..end].to_vec()).is_ok(), between, "cut at {end}");
    }
    for end in 0..ANNEX_2.len() {
        assert!(Code::parse(&ANNEX_2[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn defects_are_told_with_their_place() {
    let head = b"\x85\x05CPV01";
    let application = b"\x61\x07\x4F\x05\xA0\x00\x00\x09\x99";
    let bytes = |parts: &[&[u8]]| parts.concat();
    for (bytes, at, defect) in [
        (bytes(&[]), 0, Defect::ConsumerVersionWrong),
        (bytes(&[b"\x85\x05CPV02", application]), 0, Defect::ConsumerVersionWrong),
        (bytes(&[application, head]), 0, Defect::ConsumerVersionWrong),
        (bytes(&[head]), 0, Defect::ApplicationMissing),
        (bytes(&[head, b"\x61\x06\x4F\x04\xA0\x00\x00\x09"]), 0, Defect::ApplicationMissing),
        (
            bytes(&[head, application, b"\x62\x05\x50"]),
            21,
            Defect::TagTruncated { tag: 0x62, declared: 5, left: 1 },
        ),
        (bytes(&[head, application, b"\x9F"]), 21, Defect::TagWrong),
        (bytes(&[head, application, b"\x50\x83\x00\x00\x01A"]), 21, Defect::TagWrong),
        (bytes(&[head, application, b"\x62\x02\x50\x05"]), 21, Defect::TagWrong),
        (bytes(&[head, application, b"\x62\x00\x62\x00"]), 24, Defect::TagDuplicate { tag: 0x62 }),
        (
            bytes(&[head, application, b"\x62\x07\x4F\x05\xA0\x00\x00\x09\x99"]),
            24,
            Defect::TagDuplicate { tag: 0x4F },
        ),
        (bytes(&[head, application, application, application]), 33, Defect::ApplicationsTooMany),
        (bytes(&[head, application, b"\x62\x04\x5A\x02\x1A\x23"]), 24, Defect::AccountNumberWrong),
        (bytes(&[head, application, b"\x62\x04\x57\x02\x12\x34"]), 24, Defect::AccountNumberWrong),
    ] {
        assert_eq!(Code::from_bytes(bytes.clone()), Err(Malformed { at, defect }), "{bytes:X?}");
    }
    for (text, at) in [("hQVDUFYw*WE=", 8), ("hQVDUFYwMWE", 11), ("hQVDUFY测", 7), ("hQVDUFYwMWF=", 10)] {
        assert_eq!(Code::parse(text), Err(Malformed { at, defect: Defect::NotBase64 }), "{text}");
    }
}

#[test]
fn what_does_not_fit_is_not_made() {
    let name = [0xA0, 0, 0, 9, 0x99];
    for (application, defect) in [
        (Application::new(&[1, 2, 3, 4]), Defect::TagLengthWrong { tag: tag::APPLICATION_NAME }),
        (Application::new(&name).label("A LABEL TOO LONG!"), Defect::TagLengthWrong { tag: tag::LABEL }),
        (Application::new(&name).object(0x9F, &[]), Defect::TagWrong),
        (Application::new(&name).object(0, &[]), Defect::TagWrong),
        (Application::new(&name).object(0xDF8101, &[0; 9000]), Defect::TagLengthWrong { tag: 0xDF8101 }),
        (Application::new(&name).label("A").label("B"), Defect::TagDuplicate { tag: tag::LABEL }),
    ] {
        let found = Builder::new().application(application).build().map_err(|malformed| malformed.defect);
        assert_eq!(found, Err(defect));
    }
}

#[test]
fn deep_nesting_ends_without_harm() {
    let mut inner = Vec::new();
    for _ in 0..200 {
        let length = u8::try_from(inner.len());
        let mut outer = match length {
            Ok(length @ 0..=127) => vec![0x61, length],
            _ => [&[0x61, 0x82][..], &u16::try_from(inner.len()).unwrap().to_be_bytes()].concat(),
        };
        outer.append(&mut inner);
        inner = outer;
    }
    let bytes = [&b"\x85\x05CPV01"[..], &inner].concat();
    assert_eq!(
        Code::from_bytes(bytes).map_err(|malformed| malformed.defect),
        Err(Defect::ApplicationMissing)
    );
}
