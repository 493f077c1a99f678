//! The codes this network makes are read back as what they were, and its rules say whose they are.

use directory::{Change, Country, Directory, MemberId, Merchant, MerchantId, Role, Time};
use money::{Amount, Currency};
use qr::PresentedCode;
use qr::routing::{Answer, RuleSet};
use switch::{CodeNumber, Kind, Opened, PaymentId};
use wire::ClientId;
use wire::PrivateKey;
use wire::body;
use wire::body::code_rules::CodeRulesPublish;
use wire::signature::Identity;

use crate::code::{self, Shown};
use crate::code_rules;

const URL: &str = "https://pay.network.example";

fn merchant(name: &str, city: &str) -> Merchant {
    Merchant {
        id: MerchantId(7),
        acquirer: MemberId(2),
        reference: "M-1".into(),
        name: name.into(),
        category: 5812,
        country: Country::parse("CN").unwrap(),
        city: city.into(),
        stores: Vec::new(),
    }
}

fn opened(kind: Kind) -> Opened {
    Opened {
        payment: PaymentId(17),
        kind,
        acquirer: MemberId(2),
        request_id: Some("R-1".into()),
        merchant: MerchantId(7),
        store: None,
        amount: Amount::new(Currency::parse("CNY").unwrap(), 10_000),
        order_reference: "ORDER-0001".into(),
        order_description: "Noodles".into(),
        notify_url: None,
        code: None,
        order_token: 0x0123_4567_89AB_CDEF,
        expires: Time(1_000),
        placed: switch::Placed::default(),
    }
}

#[test]
fn payment_codes_are_read_in_both_forms() {
    for number in [0, 1, 9_999_999_999_999_999] {
        let code = CodeNumber(number);
        let digits = code::payment_code(281_001, code).unwrap();
        assert_eq!(digits.as_str().len(), 24);
        let square = code::consumer_code(281_001, code).unwrap();
        for text in [digits.as_str(), &square] {
            assert_eq!(code::read_payment_code(text).unwrap(), (281_001, code), "{text}");
        }
    }
    for text in ["", "hello", "2810010212345678901234", "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ=="] {
        assert!(code::read_payment_code(text).is_err(), "{text}");
    }
}

#[test]
fn merchants_codes_are_read_back_whatever_the_name() {
    for (name, city) in [
        ("Lotus Noodle House", "SHANGHAI"),
        ("莲花面馆", "上海"),
        ("A name that is much longer than the standard's 25", "X"),
    ] {
        let merchant = merchant(name, city);
        let order = Shown::Order { payment: PaymentId(17), token: 0x0123_4567_89AB_CDEF };
        let shown = code::order_code(&opened(Kind::OrderCode), &merchant).unwrap();
        assert_eq!(code::read_shown(&shown).unwrap(), order, "{shown}");
        let link = code::order_link(URL, &opened(Kind::EntryCode));
        assert_eq!(code::read_shown(&link).unwrap(), order, "{link}");
        for store in [None, Some("S-1")] {
            let printed = code::standing_code(&merchant, store, Currency::parse("CNY").unwrap()).unwrap();
            let standing = Shown::Standing { merchant: MerchantId(7), store: store.map(str::to_owned) };
            assert_eq!(code::read_shown(&printed).unwrap(), standing, "{printed}");
        }
    }
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    for (client_id, role, code_prefix) in [
        ("WALLET-A", Role::Wallet, Some(281_001)),
        ("WALLET-B", Role::Wallet, Some(281_002)),
        ("ACQ", Role::Acquirer, None),
    ] {
        directory.apply(&Change::MemberAdded {
            client_id: client_id.into(),
            role,
            name: client_id.into(),
            country: Country::parse("PH").unwrap(),
            endpoint: None,
            code_prefix,
        });
    }
    directory
}

fn publish(rules: &str) -> Result<Change, String> {
    let asked: CodeRulesPublish = body::parse(format!("{{\"rules\":[{rules}]}}").as_bytes()).unwrap();
    code_rules::publication(&directory(), "SOJOURN", URL, &asked, 1_795_385_924)
}

#[test]
fn the_rules_say_whose_a_code_is() {
    let change =
        publish(r#"{"kind":"owner","pattern":"com.example.ours","scheme":"ours","member":"WALLET-A"}"#);
    let mut directory = directory();
    directory.apply(&change.unwrap());
    let key = PrivateKey::generate_ed25519([7; 32]);
    let identity =
        Identity::new(ClientId::parse("SOJOURN").unwrap()).with(wire::KeyVersion::FIRST, key.clone());
    let rules = code_rules::in_force(&directory, &identity).unwrap();
    let signature =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, rules.signature).unwrap();
    assert!(key.public().verifies(rules.text.as_bytes(), &signature), "members can check who published them");
    let set = RuleSet::parse(rules.text.as_bytes()).unwrap();
    let order = code::order_code(&opened(Kind::OrderCode), &merchant("Noodles", "SHANGHAI")).unwrap();
    let link = code::order_link(URL, &opened(Kind::EntryCode));
    for (text, asking, owner) in [
        ("281001020123456789012345", "WALLET-A", Some(("WALLET-A", true))),
        ("281001020123456789012345", "WALLET-B", Some(("WALLET-A", false))),
        (order.as_str(), "WALLET-A", Some(("SOJOURN", false))),
        (link.as_str(), "WALLET-A", Some(("SOJOURN", false))),
        ("999999020123456789012345", "WALLET-A", None),
    ] {
        let code = PresentedCode::parse(text).unwrap();
        let said = match set.answer(&code, asking) {
            Answer::Mine(route) => Some((route.rule.member().to_owned(), true)),
            Answer::Network(route) => Some((route.rule.member().to_owned(), false)),
            _ => None,
        };
        assert_eq!(said, owner.map(|(member, mine)| (member.to_owned(), mine)), "{text} asked by {asking}");
    }
}

#[test]
fn rules_that_contradict_each_other_are_not_published() {
    for (rules, told) in [
        (r#"{"kind":"prefix","pattern":"281001","scheme":"x","member":"WALLET-B"}"#, "281001"),
        (r#"{"kind":"owner","pattern":"org.sojourn","scheme":"x","member":"WALLET-B"}"#, "org.sojourn"),
        (r#"{"kind":"prefix","pattern":"77","scheme":"x","member":"NOBODY"}"#, "NOBODY is no member"),
        (r#"{"kind":"colour","pattern":"red","scheme":"x","member":"ACQ"}"#, "colour red"),
    ] {
        let refused = publish(rules).unwrap_err();
        assert!(refused.contains(told), "{rules}: {refused}");
    }
    assert!(
        publish(r#"{"kind":"prefix","pattern":"28100199","scheme":"x","member":"WALLET-B"}"#).is_ok(),
        "longer wins"
    );
}

#[test]
fn the_networks_own_codes_are_always_among_them() {
    let Change::CodeRulesPublished { version, rules } = publish("").unwrap() else { panic!("a publication") };
    assert_eq!(version, 1);
    assert!(rules.contains("281001") && rules.contains("281002") && rules.contains("org.sojourn"), "{rules}");
}
