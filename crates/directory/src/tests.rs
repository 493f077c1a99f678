//! The directory's rules, each in both directions.

use std::sync::Arc;

use money::{Currency, Share};

use crate::{
    Agreement, Change, Country, Directory, Key, KeyAlgorithm, Limit, MemberId, MerchantId, Refusal, Role,
    Standing, Store, Time,
};

const NOW: Time = Time(1_000_000);

fn member(client_id: &str, role: Role, code_prefix: Option<u32>) -> Change {
    Change::MemberAdded {
        client_id: client_id.into(),
        role,
        name: "Some member".into(),
        country: Country::parse("PH").unwrap(),
        endpoint: Some("https://wallet.example".into()),
        code_prefix,
    }
}

fn key(version: u32, algorithm: KeyAlgorithm, until: Option<Time>) -> Change {
    let key = Key { version, algorithm, public_pem: "pem".into(), from: Time(0), until };
    Change::KeyAdded { member: MemberId(1), key }
}

fn agreement(from: u64, member: u32, interchange_ppm: u32) -> Change {
    let currency = Currency::parse("PHP").unwrap();
    let agreement = Agreement {
        from: Time(from),
        limits: vec![Limit { currency, payment_min_minor: 1, payment_max_minor: 50_000_000 }],
        settlement_currency: currency,
        interchange: Share::from_ppm(interchange_ppm).unwrap(),
        network_fee: Share::from_ppm(500).unwrap(),
    };
    Change::AgreementAdded { member: MemberId(member), agreement }
}

fn merchant(acquirer: u32, reference: &str) -> Change {
    Change::MerchantAdded {
        acquirer: MemberId(acquirer),
        reference: reference.into(),
        name: "Noodles".into(),
        category: 5812,
        country: Country::parse("CN").unwrap(),
        city: "SHANGHAI".into(),
    }
}

fn network() -> Directory {
    let mut directory = Directory::default();
    for change in [
        member("wallet-1", Role::Wallet, Some(251_001)),
        member("acquirer-1", Role::Acquirer, None),
        key(1, KeyAlgorithm::Ed25519, None),
        key(2, KeyAlgorithm::Ed25519, None),
        key(1, KeyAlgorithm::Rsa256, None),
        agreement(2_000_000, 1, 0),
        merchant(2, "M-1"),
    ] {
        directory.check(NOW, &change).unwrap();
        directory.apply(&change);
    }
    directory
}

#[test]
fn changes_that_make_no_sense_are_refused() {
    let directory = network();
    for (change, refusal) in [
        (member("wallet-1", Role::Wallet, None), Some(Refusal::ClientIdTaken)),
        (member("wallet-2", Role::Wallet, Some(251_001)), Some(Refusal::CodePrefixTaken)),
        (member("wallet-2", Role::Wallet, Some(99)), Some(Refusal::CodePrefixTaken)),
        (member("wallet-2", Role::Wallet, Some(251_002)), None),
        (member("acquirer-2", Role::Acquirer, Some(251_002)), Some(Refusal::WrongRole)),
        (key(1, KeyAlgorithm::Ed25519, None), Some(Refusal::KeyVersionTaken)),
        (key(3, KeyAlgorithm::Ed25519, None), Some(Refusal::TooManyLiveKeys)),
        (key(2, KeyAlgorithm::Rsa256, None), None),
        (agreement(2_000_000, 1, 0), Some(Refusal::AgreementInThePast)),
        (agreement(999_999, 2, 0), Some(Refusal::AgreementInThePast)),
        (agreement(2_000_001, 1, 6_000), Some(Refusal::WrongRole)),
        (agreement(2_000_001, 2, 6_000), None),
        (agreement(2_000_001, 9, 0), Some(Refusal::UnknownMember)),
        (merchant(2, "M-1"), Some(Refusal::ReferenceTaken)),
        (merchant(1, "M-2"), Some(Refusal::WrongRole)),
        (merchant(2, "M-2"), None),
        (
            Change::KeyEnded {
                member: MemberId(1),
                algorithm: KeyAlgorithm::Ed25519,
                version: 9,
                until: NOW,
            },
            Some(Refusal::UnknownKey),
        ),
        (
            Change::StandingSet { member: MemberId(9), standing: Standing::Suspended },
            Some(Refusal::UnknownMember),
        ),
    ] {
        assert_eq!(directory.check(NOW, &change).err(), refusal, "{change:?}");
    }
}

#[test]
fn agreements_and_keys_hold_from_their_dates() {
    let mut directory = network();
    let wallet = MemberId(1);
    assert!(directory.agreement(wallet, Time(1_999_999)).is_none());
    assert!(directory.agreement(wallet, Time(2_000_000)).is_some());
    directory.apply(&Change::KeyEnded {
        member: wallet,
        algorithm: KeyAlgorithm::Ed25519,
        version: 1,
        until: Time(3_000_000),
    });
    let member = directory.member_by_client("wallet-1").unwrap().clone();
    assert!(member.key(KeyAlgorithm::Ed25519, 1, Time(2_999_999)).is_some());
    assert!(member.key(KeyAlgorithm::Ed25519, 1, Time(3_000_000)).is_none());
    assert!(member.key(KeyAlgorithm::Rsa256, 1, Time(3_000_000)).is_some(), "the other kind lives on");
    assert_eq!(directory.check(Time(3_000_000), &key(3, KeyAlgorithm::Ed25519, None)), Ok(()));
}

#[test]
fn merchants_are_found_and_stores_replaced() {
    let mut directory = network();
    let store = |terminals: &[&str]| Change::StoreSet {
        merchant: MerchantId(1),
        store: Store {
            reference: "S-1".into(),
            name: "Bund".into(),
            terminals: terminals.iter().map(|terminal| Arc::from(*terminal)).collect(),
        },
    };
    directory.apply(&store(&["T1"]));
    directory.apply(&store(&["T1", "T2"]));
    let merchant = directory.merchant_by_reference(MemberId(2), "M-1").unwrap();
    assert_eq!(merchant.store("S-1").unwrap().terminals.len(), 2);
    assert_eq!(merchant.stores.len(), 1);
    assert_eq!(directory.only_merchant(MemberId(2)).unwrap().id, MerchantId(1));
    directory.apply(&super::tests::merchant(2, "M-2"));
    assert!(directory.only_merchant(MemberId(2)).is_none());
    assert_eq!(directory.wallet_by_prefix(251_001).unwrap().id, MemberId(1));
}

#[test]
fn corridors_are_open_until_they_are_closed() {
    let mut directory = network();
    let (cny, php) = (Currency::parse("CNY").unwrap(), Currency::parse("PHP").unwrap());
    assert!(directory.is_open(cny, php));
    directory.apply(&Change::CorridorSet { payee: cny, payer: php, open: false });
    assert!(!directory.is_open(cny, php) && directory.is_open(php, cny));
    directory.apply(&Change::CorridorSet { payee: cny, payer: php, open: true });
    assert!(directory.is_open(cny, php));
}

#[test]
fn code_rules_are_published_one_version_after_the_other() {
    let mut directory = network();
    let publish = |version| Change::CodeRulesPublished { version, rules: "rules".into() };
    assert_eq!(directory.check(NOW, &publish(2)), Err(Refusal::RulesOutdated));
    assert_eq!(directory.check(NOW, &publish(1)), Ok(()));
    directory.apply(&publish(1));
    assert_eq!(directory.check(NOW, &publish(1)), Err(Refusal::RulesOutdated));
    assert_eq!(directory.code_rules().map(|(version, _)| version), Some(1));
}
