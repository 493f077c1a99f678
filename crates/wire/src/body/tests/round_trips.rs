//! Every body, filled from its own published schema: what the schema promises is read, and is written back the same.
//! And arbitrary bytes into every reader.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::body::operator::{
    ChangeAnswer, cases, deliveries, funds, member, merchant, risk, screening, terms,
};
use crate::body::{
    Body, Described, Malformed, advance, cancel, code, confirm, consult, exchange, inquire, notify,
    parse_within, pay, rates, refund, scan, wallet, write,
};

/// The longest body of any reader: a change to risk control that carries a model.
const LENGTH_MAX: usize = 32 << 20;

struct Reader {
    name: &'static str,
    describe: fn(&mut BTreeMap<&'static str, Value>) -> Value,
    /// Reads, writes, reads again and compares; gives what was written.
    round_trip: fn(&[u8]) -> Result<Value, Malformed>,
}

fn round_trip<T: Body + serde::Serialize + PartialEq + std::fmt::Debug>(
    bytes: &[u8],
) -> Result<Value, Malformed> {
    let body: T = parse_within(bytes, LENGTH_MAX)?;
    let written = write(&body);
    assert_eq!(parse_within::<T>(&written, LENGTH_MAX).as_ref(), Ok(&body));
    Ok(serde_json::from_slice(&written).unwrap())
}

macro_rules! readers {
    ($( $module:ident :: $name:ident ),+ $(,)?) => {
        &[$( Reader {
            name: stringify!($name),
            describe: $module::$name::describe,
            round_trip: round_trip::<$module::$name>,
        }, )+ Reader { name: "ChangeAnswer", describe: ChangeAnswer::describe, round_trip: round_trip::<ChangeAnswer> }]
    };
}

const READERS: &[Reader] = readers![
    pay::PayRequest,
    pay::PayAnswer,
    inquire::InquiryRequest,
    inquire::InquiryAnswer,
    inquire::InquiryRefundRequest,
    inquire::InquiryRefundAnswer,
    cancel::CancelRequest,
    cancel::CancelAnswer,
    refund::RefundRequest,
    refund::RefundAnswer,
    consult::ConsultRequest,
    consult::ConsultAnswer,
    code::PaymentCodeRequest,
    code::PaymentCodeAnswer,
    scan::ScanRequest,
    scan::ScanAnswer,
    confirm::ConfirmRequest,
    confirm::ConfirmAnswer,
    notify::NotifyAcquirerRequest,
    risk::RiskChange,
    risk::RiskStep,
    risk::RiskStop,
    risk::RiskScreening,
    risk::RiskLabel,
    cases::RiskRuling,
    cases::RiskVerdictAnswer,
    cases::RiskCasesAnswer,
    cases::RiskCaseAnswer,
    risk::RiskAnswer,
    screening::ScreeningName,
    screening::ScreeningListsAnswer,
    screening::ScreeningPartyAnswer,
    notify::NotifyNetworkRequest,
    notify::NotifyAnswer,
    exchange::ExchangeQuoteRequest,
    exchange::ExchangeQuoteAnswer,
    rates::RatesRequest,
    rates::RatesAnswer,
    wallet::WalletPayRequest,
    wallet::WalletPayAnswer,
    wallet::WalletInquiryRequest,
    wallet::WalletInquiryAnswer,
    wallet::WalletCancelRequest,
    wallet::WalletRefundRequest,
    wallet::WalletRefundAnswer,
    member::MemberAdd,
    member::StandingSet,
    member::EndpointSet,
    member::KeyAdd,
    member::KeyEnd,
    member::MembersAnswer,
    merchant::MerchantAdd,
    merchant::StoreSet,
    merchant::MerchantsAnswer,
    terms::Agreement,
    terms::Corridor,
    terms::CorridorsAnswer,
    funds::Funding,
    funds::PositionsAnswer,
    advance::AdvanceConsultRequest,
    advance::AdvanceConsultAnswer,
    advance::AdvanceDrawRequest,
    advance::AdvanceDrawAnswer,
    deliveries::LockHeard,
    deliveries::DeliveryWord,
    deliveries::Lending,
    deliveries::DeliveriesAnswer,
];

/// Fills a schema: with every optional field, or with a random choice of them.
struct Filler {
    components: BTreeMap<&'static str, Value>,
    random: Option<fastrand::Rng>,
}

impl Filler {
    fn fill(&mut self, schema: &Value, name: &str) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let component = reference.rsplit('/').next().unwrap();
            let schema = self.components[component].clone();
            return self.fill(&schema, name);
        }
        match (schema["type"].as_str(), name) {
            // What no schema can say: a key must be one, and a time must come after another.
            (_, "publicKey") => include_str!("../../../testdata/test-only-ed25519-public.pem").into(),
            (_, "until") => "2026-11-23T10:00:00+00:00".into(),
            (Some("object"), _) => self.object(schema),
            (Some("array"), _) => json!([self.fill(&schema["items"], "")]),
            (Some("boolean"), _) => json!(true),
            (Some("string"), _) => self.string(schema),
            other => panic!("{other:?}"),
        }
    }

    fn object(&mut self, schema: &Value) -> Value {
        if let Some(items) = schema.get("additionalProperties") {
            return json!({ "CNY": self.fill(&items.clone(), "") });
        }
        let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let there = required.iter().any(|required| *required == name)
                || self.random.as_mut().is_none_or(fastrand::Rng::bool);
            if there {
                object.insert(name.clone(), self.fill(property, name));
            }
        }
        object.into()
    }

    fn string(&mut self, schema: &Value) -> Value {
        if let Some(words) = schema["enum"].as_array() {
            let index = self.random.as_mut().map_or(0, |random| random.usize(..words.len()));
            return words[index].clone();
        }
        if schema["format"] == "date-time" {
            return "2026-11-22T10:00:00+00:00".into();
        }
        if schema["format"] == "uri" {
            return "https://member.example/v1".into();
        }
        if let Some(example) = schema["examples"].get(0) {
            return example.clone();
        }
        let longest = schema["maxLength"].as_u64().unwrap() as usize;
        let plain = if schema["pattern"].is_string() { "x" } else { "é" };
        plain.repeat(self.random.as_mut().map_or(longest, |random| random.usize(1..=longest.min(40)))).into()
    }
}

fn fill(reader: &Reader, random: Option<fastrand::Rng>) -> Value {
    let mut filler = Filler { components: BTreeMap::new(), random };
    let schema = (reader.describe)(&mut filler.components);
    filler.fill(&schema, "")
}

#[test]
fn a_body_with_every_field_is_read_and_written_back() {
    for reader in READERS {
        let full = fill(reader, None);
        let written = (reader.round_trip)(&serde_json::to_vec(&full).unwrap());
        assert_eq!(written, Ok(full), "{}", reader.name);
    }
}

#[test]
fn a_body_with_some_fields_is_read_and_written_back() {
    let mut random = fastrand::Rng::with_seed(11);
    for reader in READERS {
        let mut read = 0;
        for _ in 0..40 {
            let some = fill(reader, Some(random.fork()));
            match (reader.round_trip)(&serde_json::to_vec(&some).unwrap()) {
                Ok(written) => {
                    assert_eq!(written, some, "{}", reader.name);
                    read += 1;
                }
                // What must come together may be torn apart by chance; single fields may not be the reason.
                Err(malformed) => assert!(
                    ["neither", "missing", "is U", "wallets only", "not after", "not the currency"]
                        .iter()
                        .any(|reason| malformed.problem.contains(reason)),
                    "{}: {malformed}",
                    reader.name
                ),
            }
        }
        assert!(read > 0, "{} was never read", reader.name);
    }
}

#[test]
fn nothing_less_than_what_is_required_is_read() {
    for reader in READERS {
        let full = fill(reader, None);
        let mut components = BTreeMap::new();
        let reference = (reader.describe)(&mut components);
        let schema = &components[reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap()];
        for required in schema["required"].as_array().into_iter().flatten() {
            let mut less = full.clone();
            less.as_object_mut().unwrap().remove(required.as_str().unwrap());
            let malformed = (reader.round_trip)(&serde_json::to_vec(&less).unwrap()).unwrap_err();
            assert_eq!(
                (malformed.field.as_str(), malformed.problem.as_str()),
                (required.as_str().unwrap(), "is missing")
            );
        }
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(13);
    for reader in READERS {
        let good = serde_json::to_vec(&fill(reader, Some(random.fork()))).unwrap();
        for round in 0..150 {
            let mut bytes = match round % 3 {
                0 => (0..random.usize(..200)).map(|_| random.u8(..)).collect(),
                _ => good.clone(),
            };
            for _ in 0..random.usize(..4) {
                let position = random.usize(..=bytes.len());
                match random.u8(..3) {
                    0 => bytes.truncate(position),
                    1 => bytes.insert(position, *random.choice(br#"{}[]",:0-.e\ntf"#.iter()).unwrap()),
                    _ => bytes.iter_mut().skip(position).take(1).for_each(|byte| *byte = random.u8(..)),
                }
            }
            // A round trip inside: whatever is read is written and read again the same.
            if let Err(malformed) = (reader.round_trip)(&bytes) {
                assert!(malformed.to_string().chars().count() <= 240);
            }
        }
    }
}
