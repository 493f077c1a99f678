//! Bad input: what is wrong with it is said by a signed result code, or by an HTTP status where nobody is identified;
//! nothing is recorded for it, and the network goes on.

mod courier;
mod table;

use std::time::Duration;

use hyper::Method;
use members::Order;
use members::cast::{ACQUIRERS, PROVIDERS, WALLETS};
use serde_json::{Value, json};
use wire::ClientId;
use wire::body::amount::CurrencyCode;
use wire::signature::{Identity, Scheme};

use crate::town::{Town, credentials_of};
use crate::voice::{SCHEMES, Spoilt, Voice, send};

/// Everybody who speaks, and codes that are what they are.
pub(crate) struct Stand {
    town: Town,
    acquirer: Voice,
    other_acquirer: Voice,
    wallet: Voice,
    other_wallet: Voice,
    provider: Voice,
}

impl Stand {
    async fn open(name: &str) -> Stand {
        let town = Town::found(name).await;
        let voice = |client_id: &str| Voice {
            identity: town.company.credentials[client_id].identity(),
            scheme: Scheme::Rfc9421,
            network: town.network.clone(),
        };
        Stand {
            acquirer: voice(ACQUIRERS[0].client_id),
            other_acquirer: voice(ACQUIRERS[1].client_id),
            wallet: voice(WALLETS[0].client_id),
            other_wallet: voice(WALLETS[1].client_id),
            provider: voice(PROVIDERS[0].client_id),
            town,
        }
    }

    async fn payment_code(&self) -> String {
        let codes = self.town.company.wallets[0].codes("user-1", 1).await.expect("the network is up");
        codes[0].payment_code.to_string()
    }

    /// A body of `pay` with nothing wrong.
    async fn good_pay(&self, request_id: &str) -> Value {
        let amount = json!({ "currency": "CNY", "value": "1200" });
        json!({
            "paymentRequestId": request_id,
            "order": {
                "referenceOrderId": request_id,
                "orderDescription": "noodles",
                "orderAmount": amount,
                "merchant": {
                    "referenceMerchantId": ACQUIRERS[0].merchant,
                    "store": { "referenceStoreId": ACQUIRERS[0].stores[0].0 },
                },
            },
            "paymentAmount": amount,
            "paymentMethod": {
                "paymentMethodType": "CONNECT_WALLET",
                "paymentMethodId": self.payment_code().await,
            },
            "paymentFactor": { "inStorePaymentScenario": "PaymentCode" },
        })
    }

    fn order(&self, request_id: &str, lives_ms: Option<u64>) -> Order {
        Order {
            request_id: request_id.to_owned(),
            merchant: ACQUIRERS[0].merchant.to_owned(),
            store: None,
            description: "noodles".to_owned(),
            minor: 1_200,
            currency: CurrencyCode::parse("CNY").expect("a currency"),
            notify_url: None,
            lives_ms,
            env: None,
        }
    }

    /// An order's payment id and code.
    async fn order_code(&self, request_id: &str, lives_ms: Option<u64>) -> (String, String) {
        let order = self.order(request_id, lives_ms);
        let shown = self.town.company.acquirers[0].order_code(&order).await.expect("the network is up");
        let form = shown.order_code_form.expect("a code");
        (shown.payment_id.expect("a payment").to_string(), form.code_details[0].code_value.to_string())
    }

    /// Nothing was recorded since, and the process is alive.
    async fn nothing_happened(&mut self, facts: u64, after: &str) {
        assert_eq!(self.town.facts().await, facts, "facts were recorded for {after}");
        assert!(self.town.server.is_running(), "the network ended after {after}");
    }
}

const PAY: &str = "aps/api/v1/payments/pay";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_body_gets_its_code_and_leaves_no_trace() {
    let mut stand = Stand::open("bodies").await;
    let codes = table::Codes::make(&stand).await;
    let good = stand.good_pay("good").await;
    let facts = stand.town.facts().await;
    let (mut checked, mut wrong) = (0, Vec::new());
    for scheme in SCHEMES {
        for case in table::pays(&codes, &good).into_iter().chain(table::others(&codes)) {
            let voice = Voice { scheme, ..case.who.of(&stand).clone() };
            let code = voice.code(case.path, &case.body).await;
            if code != case.code {
                let body: String = String::from_utf8_lossy(&case.body).chars().take(900).collect();
                wrong.push(format!("{scheme:?} {}: {code}, expected {}: {body}", case.name, case.code));
            }
            checked += 1;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        stand.nothing_happened(facts, &format!("wrong bodies in {scheme:?}")).await;
    }
    assert!(checked > 150, "{checked}");
    // The request they were all made from was good.
    assert_eq!(stand.acquirer.code(PAY, good.to_string().as_bytes()).await, "SUCCESS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_without_a_good_signature() {
    let mut stand = Stand::open("signatures").await;
    let good = stand.good_pay("good").await.to_string();
    let good = good.as_bytes();
    let other = stand.good_pay("other").await.to_string();
    let facts = stand.town.facts().await;
    let stranger = credentials_of(ACQUIRERS[0].client_id, 99).ed25519;
    let version = wire::KeyVersion::parse("1").expect("a number");
    for scheme in SCHEMES {
        let voice = Voice { scheme, ..stand.acquirer.clone() };
        let alipay = scheme == Scheme::Alipay;
        let (signature, input) = ("signature", "signature-input");
        let unsigned: &[&str] = &["signature", "signature-input"];
        let cases: &[(&str, Spoilt<'_>, &str)] = &[
            ("stale", Spoilt { age_ms: 360_000, ..Spoilt::default() }, "INVALID_SIGNATURE"),
            ("from the future", Spoilt { ahead_ms: 360_000, ..Spoilt::default() }, "INVALID_SIGNATURE"),
            (
                "another body",
                Spoilt { body: Some(other.as_bytes()), ..Spoilt::default() },
                "INVALID_SIGNATURE",
            ),
            ("no body", Spoilt { body: Some(b""), ..Spoilt::default() }, "INVALID_SIGNATURE"),
            ("no signature", Spoilt { without: unsigned, ..Spoilt::default() }, "401"),
            ("no words", Spoilt { with: Some((signature, "")), ..Spoilt::default() }, "401"),
            (
                "another content type",
                Spoilt { with: Some(("content-type", "text/plain")), ..Spoilt::default() },
                // Only RFC 9421 signs it.
                if alipay { "MEDIA_TYPE_NOT_ACCEPTABLE" } else { "INVALID_SIGNATURE" },
            ),
            ("a stranger's name", Spoilt { with: Some(("client-id", "NOBODY")), ..Spoilt::default() }, "401"),
            (
                "no digest",
                Spoilt { without: &["content-digest"], ..Spoilt::default() },
                if alipay { "SUCCESS" } else { "INVALID_SIGNATURE" },
            ),
            (
                "half a signature",
                Spoilt { without: &[input], ..Spoilt::default() },
                if alipay { "SUCCESS" } else { "401" },
            ),
        ];
        let (harmless, spoilt): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.2 == "SUCCESS");
        for (name, how, expected) in spoilt {
            assert_eq!(voice.spoilt(PAY, good, how).await, *expected, "{scheme:?}: {name}");
        }
        let forger = Identity::new(ClientId::parse(ACQUIRERS[0].client_id).expect("a name"));
        let forger = forger.with(version, stranger.clone()).with(version, other_rsa());
        let forger = Voice { identity: std::sync::Arc::new(forger), ..voice.clone() };
        assert_eq!(forger.code(PAY, good).await, "INVALID_SIGNATURE", "{scheme:?}: another key");
        let newer = wire::KeyVersion::parse("2").expect("a number");
        let keys = credentials_of(ACQUIRERS[0].client_id, 4);
        let rotated = Identity::new(keys.client_id.clone()).with(newer, keys.rsa).with(newer, keys.ed25519);
        let rotated = Voice { identity: std::sync::Arc::new(rotated), ..voice.clone() };
        assert_eq!(rotated.code(PAY, good).await, "INVALID_SIGNATURE", "{scheme:?}: an unknown version");
        let nobody = Identity::new(ClientId::parse("NOBODY").expect("a name"));
        let nobody = nobody.with(version, stranger.clone()).with(version, other_rsa());
        let nobody = Voice { identity: std::sync::Arc::new(nobody), ..voice.clone() };
        assert_eq!(nobody.code(PAY, good).await, "401", "{scheme:?}: a stranger");
        stand.nothing_happened(facts, &format!("wrong signatures in {scheme:?}")).await;
        // What a signature does not depend on does not spoil it. Inquiries, so that nothing is recorded for them either.
        let inquiry = br#"{"paymentRequestId":"never"}"#;
        for (name, how, _) in harmless {
            let code = voice.spoilt("aps/api/v1/payments/inquiryPayment", inquiry, how).await;
            assert_eq!(code, "ORDER_NOT_EXIST", "{scheme:?}: {name}");
        }
    }
    stand.nothing_happened(facts, "wrong signatures").await;
}

/// The same bytes twice: RFC 9421 refuses them by their nonce; the older scheme has none, so the repeat gets the first
/// answer and changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recorded_message_is_worth_nothing() {
    let mut stand = Stand::open("replays").await;
    for (scheme, expected) in [(Scheme::Rfc9421, "INVALID_SIGNATURE"), (Scheme::Alipay, "SUCCESS")] {
        let voice = Voice { scheme, ..stand.acquirer.clone() };
        let body = stand.good_pay(&format!("once-{scheme:?}")).await.to_string();
        let (signed, url) = voice.sign(PAY, body.as_bytes(), Spoilt::default());
        let mut said = Vec::new();
        let mut facts = 0;
        for _ in 0..2 {
            facts = if said.is_empty() { 0 } else { stand.town.facts().await };
            let heard = send(Method::POST, &url, &signed.headers, body.as_bytes()).await;
            said.push(serde_json::from_slice::<Value>(&heard.body).expect("JSON"));
        }
        assert_eq!(said[0]["result"]["resultCode"], "SUCCESS");
        assert_eq!(said[1]["result"]["resultCode"], expected, "{scheme:?}");
        if scheme == Scheme::Alipay {
            assert_eq!(said[0], said[1]);
        }
        stand.nothing_happened(facts, "a repeat").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_members_request_gets_a_status() {
    let mut stand = Stand::open("statuses").await;
    let facts = stand.town.facts().await;
    let json = [("content-type", "application/json")];
    let large = vec![b' '; hop::BODY_BYTES_MAX + 1];
    let cases: &[(Method, &str, &[u8], u16)] = &[
        (Method::POST, "aps/api/v1/payments/nothing", b"{}", 404),
        (Method::POST, "aps/api/v2/payments/pay", b"{}", 404),
        (Method::POST, "payments/pay", b"{}", 404),
        (Method::GET, "", b"", 404),
        (Method::GET, "aps/api/v1/payments/../../operator/v1/members", b"", 405),
        (Method::GET, PAY, b"", 405),
        (Method::PUT, PAY, b"{}", 405),
        (Method::DELETE, "ams/api/v1/payments/refund", b"", 405),
        (Method::POST, PAY, b"{}", 401),
        (Method::POST, "ams/api/v1/payments/consult", b"{}", 401),
        (Method::POST, PAY, &large, 413),
        (Method::POST, "operator/v1/members", &large, 413),
    ];
    for (method, path, body, status) in cases {
        let url = format!("{}/{path}", stand.town.base_url);
        let heard = send(method.clone(), &url, &json, body).await;
        assert_eq!(heard.status.as_u16(), *status, "{method} /{path}: {}", heard.text());
        assert!(!heard.headers.iter().any(|(name, _)| name == "signature"), "signed for nobody");
        if *status == 405 {
            let allow = heard.headers.iter().find(|(name, _)| name == "allow");
            assert_eq!(allow.map(|(_, value)| value.as_str()), Some("POST"), "{method} /{path}");
        }
    }
    stand.nothing_happened(facts, "requests of nobody").await;
}

/// Members that the operator suspended begin nothing new. The refusal may pass, so it is remembered: a copy of the
/// request under way is refused as well, even when the member is let in again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_member_begins_nothing() {
    let stand = Stand::open("suspended").await;
    let path = format!("members/{}/standing", ACQUIRERS[0].client_id);
    let operator = &stand.town.operator;
    let refused = stand.good_pay("while-suspended").await.to_string();
    operator.change(&path, &json!({ "standing": "SUSPENDED" })).await.expect("the operator suspends");
    for scheme in SCHEMES {
        let voice = Voice { scheme, ..stand.acquirer.clone() };
        assert_eq!(voice.code(PAY, refused.as_bytes()).await, "ACCESS_DENIED", "{scheme:?}");
    }
    operator.change(&path, &json!({ "standing": "ACTIVE" })).await.expect("the operator lets it in");
    assert_eq!(stand.acquirer.code(PAY, refused.as_bytes()).await, "ACCESS_DENIED");
    let body = stand.good_pay("let-in-again").await.to_string();
    assert_eq!(stand.acquirer.code(PAY, body.as_bytes()).await, "SUCCESS");
}

/// A payer's code lives for a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "waits for a minute"]
async fn an_expired_payment_code_is_called_expired() {
    let stand = Stand::open("expired").await;
    let body = stand.good_pay("too-late").await.to_string();
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert_eq!(stand.acquirer.code(PAY, body.as_bytes()).await, "EXPIRED_CODE");
}

/// A second RSA key, for those who do not have the members'.
fn other_rsa() -> wire::PrivateKey {
    static OTHER: std::sync::OnceLock<wire::PrivateKey> = std::sync::OnceLock::new();
    OTHER.get_or_init(|| wire::PrivateKey::generate_rsa([8; 32])).clone()
}
