//! Both schemes: vectors of others, round trips, every reason to refuse, replay, and arbitrary bytes.

mod alipay_refusals;
mod answers;
mod replay;
mod rfc9421_refusals;
mod rfc_vectors;

use super::*;
use crate::key::PrivateKey;

pub(super) const NOW_MS: u64 = 1_795_341_600_400;
pub(super) const URI: &str = "https://pay.example.org/ams/api/v1/payments/pay";

pub(super) fn moment(now_ms: u64) -> Moment {
    Moment { now_ms, freshness: Freshness::default() }
}

pub(super) fn rsa() -> PrivateKey {
    PrivateKey::from_pem(include_str!("../../testdata/test-only-rsa-pkcs8.pem")).unwrap()
}

pub(super) fn ed25519() -> PrivateKey {
    PrivateKey::from_pem(include_str!("../../testdata/test-only-ed25519.pem")).unwrap()
}

pub(super) fn client(name: &str) -> ClientId {
    ClientId::parse(name).unwrap()
}

pub(super) fn acquirer() -> Identity {
    Identity::new(client("acquirer-cn"))
        .with(KeyVersion::FIRST, rsa())
        .with(KeyVersion::try_new(2).unwrap(), ed25519())
}

pub(super) fn network_key() -> PrivateKey {
    PrivateKey::generate_ed25519([9; 32])
}

pub(super) fn network() -> Identity {
    Identity::new(client("network")).with(KeyVersion::FIRST, rsa()).with(KeyVersion::FIRST, network_key())
}

/// The directory of the tests: one acquirer with RSA version 1 and Ed25519 version 2.
pub(super) fn directory(
    client_id: &ClientId,
    scheme: Scheme,
    version: KeyVersion,
) -> Result<PublicKey, NoKey> {
    match (client_id.as_str(), scheme, version.number()) {
        ("acquirer-cn", Scheme::Alipay, 1) => Ok(rsa().public()),
        ("acquirer-cn", Scheme::Rfc9421, 2) => Ok(ed25519().public()),
        ("acquirer-cn", ..) => Err(NoKey::UnknownKey),
        _ => Err(NoKey::UnknownClient),
    }
}

pub(super) type Fields = Vec<(String, String)>;

pub(super) fn fields(headers: &SignedHeaders) -> Fields {
    headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(super) fn signed(scheme: Scheme, body: &[u8]) -> Signed {
    let request = OutgoingRequest {
        method: "POST",
        target_uri: URI,
        idempotency_key: Some("pr-1"),
        deadline_ms: Some(8000),
        body,
    };
    acquirer().sign_request(scheme, &request, NOW_MS, &Nonce::new([3; 16])).unwrap()
}

pub(super) fn check(headers: &Fields, body: &[u8], now_ms: u64) -> Result<Verified, Refused> {
    let request = RequestParts { method: "POST", target_uri: URI, headers, body };
    verify_request(&request, moment(now_ms), directory).map_err(|refusal| refusal.refused)
}

pub(super) fn check_response(
    exchange: &Exchange,
    headers: &Fields,
    status: u16,
    body: &[u8],
    now_ms: u64,
) -> Result<KeyVersion, Refused> {
    let find_key = |scheme, version: KeyVersion| match (scheme, version.number()) {
        (Scheme::Alipay, 1) => Some(rsa().public()),
        (Scheme::Rfc9421, 1) => Some(network_key().public()),
        _ => None,
    };
    let responder = Responder { client_id: &client("network"), find_key: &find_key };
    verify_response(exchange, &ResponseParts { status, headers, body }, responder, moment(now_ms))
}

pub(super) fn set(headers: &mut Fields, name: &str, value: &str) {
    match headers.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value.to_owned(),
        None => headers.push((name.to_owned(), value.to_owned())),
    }
}

pub(super) fn value<'a>(headers: &'a Fields, name: &str) -> &'a str {
    &headers.iter().find(|(known, _)| known == name).unwrap().1
}

pub(super) fn replaced(headers: &Fields, name: &str, from: &str, to: &str) -> Fields {
    let mut headers = headers.clone();
    let old = value(&headers, name).to_owned();
    assert!(old.contains(from), "{name}: {old} has no {from}");
    set(&mut headers, name, &old.replacen(from, to, 1));
    headers
}

pub(super) fn without(headers: &Fields, name: &str) -> Fields {
    headers.iter().filter(|(known, _)| known != name).cloned().collect()
}

pub(super) const BODY: &[u8] = br#"{"paymentAmount":{"currency":"CNY","value":"10000"}}"#;

#[test]
fn a_request_and_its_answer_in_both_schemes() {
    let body = br#"{"paymentRequestId":"pr-1"}"#;
    for scheme in [Scheme::Alipay, Scheme::Rfc9421] {
        let sent = signed(scheme, body);
        let verified = check(&fields(&sent.headers), body, NOW_MS + 700).unwrap();
        assert_eq!(verified.client_id, client("acquirer-cn"));
        assert_eq!(verified.key_version.number(), if scheme == Scheme::Alipay { 1 } else { 2 });
        assert_eq!(verified.nonce.is_some(), scheme == Scheme::Rfc9421);
        assert_eq!(verified.exchange, sent.exchange, "both sides tie the answer to the same request");

        let answer = OutgoingResponse { status: 200, body: b"{}" };
        let headers = fields(&network().sign_response(&verified.exchange, &answer, NOW_MS + 900).unwrap());
        let version = check_response(&sent.exchange, &headers, 200, b"{}", NOW_MS + 1_000);
        assert_eq!(version, Ok(KeyVersion::FIRST), "{scheme:?}");
    }
}

#[test]
fn the_fields_are_written_as_documented() {
    let names = |headers: &SignedHeaders| headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    let alipay = signed(Scheme::Alipay, b"{}");
    let rfc9421 = signed(Scheme::Rfc9421, b"{}");
    assert_eq!(
        names(&alipay.headers),
        "content-type idempotency-key x-deadline-ms client-id request-time signature"
    );
    assert_eq!(
        names(&rfc9421.headers),
        "content-type idempotency-key x-deadline-ms content-digest signature-input signature"
    );
    let input = &rfc9421.headers.iter().find(|(name, _)| *name == "signature-input").unwrap().1;
    assert_eq!(
        input,
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"idempotency-key\" \"x-deadline-ms\")\
         ;created=1795341600;expires=1795341660;nonce=\"AwMDAwMDAwMDAwMDAwMDAw\";keyid=\"acquirer-cn/2\";tag=\"net-v1\""
    );
    let answer = OutgoingResponse { status: 200, body: b"{}" };
    let headers = network().sign_response(&rfc9421.exchange, &answer, NOW_MS).unwrap();
    let input = &headers.iter().find(|(name, _)| *name == "signature-input").unwrap().1;
    assert_eq!(
        input,
        "sig1=(\"@status\" \"content-digest\" \"content-type\" \"@method\";req \"@target-uri\";req \
         \"signature\";req;key=\"sig1\");created=1795341600;expires=1795341660;keyid=\"network/1\";tag=\"net-v1\""
    );
}

/// Made with `signature_tool.sign` of the official SDK for Python 1.7.1 and the test key.
#[test]
fn a_request_of_the_official_python_sdk() {
    let body = "{\n   \"paymentRequestId\": \"pr-1\",\n   \"note\": \"été 你好\"\n}".as_bytes();
    let signature = "Urwg60VykRpFa8%2Bcp3qI%2B8%2BND3W63OGRjl8o3gJRbC4Nuz1jsKvrL7SCjY7nKec5On8DN5%2B1C%2BYWBx2DExumgsRUMSOXNGj3cQNfgOMYSecvr9SG%2BXnLllDUqUHNyEFyGJO6TO7TnCX9LllXbIsEQ%2F1hV%2BoCr0XqvNK49Krz6N3aHh0pEW%2BIihmf7qeNc3vrb3cgyvpCCkMDYVBB3bniOru0nXiVgb4F%2BFs56OqIULn3BCIcOxNdc5WSi0imOU8peP70n8D39pVHf6dDMrrS0yXj3AAYYPlJQmvRxm8uJlm3VX0j0UuDEurFn8fh97GijoSwR%2BhH87bJyZ6YmPZWlg%3D%3D";
    let headers: Fields = [
        ("Content-type", "application/json; charset=UTF-8"),
        ("Request-Time", "2026-11-22T10:00:00+00:00"),
        ("client-id", "SANDBOX_5Y0000000000"),
        ("Signature", &format!("algorithm=RSA256,keyVersion=1,signature={signature}")),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let request = RequestParts { method: "POST", target_uri: URI, headers: &headers, body };
    let verified = verify_request(&request, moment(NOW_MS), |_, _, _| Ok(rsa().public())).unwrap();
    assert_eq!(verified.client_id.as_str(), "SANDBOX_5Y0000000000");

    // Signatures are deterministic: ours over the same text is the very same one.
    let sdk = Identity::new(client("SANDBOX_5Y0000000000")).with(KeyVersion::FIRST, rsa());
    let request =
        OutgoingRequest { method: "POST", target_uri: URI, idempotency_key: None, deadline_ms: None, body };
    let ours = sdk.sign_request(Scheme::Alipay, &request, NOW_MS, &Nonce::new([0; 16])).unwrap();
    let field = &ours.headers.iter().find(|(name, _)| *name == "signature").unwrap().1;
    assert_eq!(field, &format!("algorithm=RSA256,keyVersion=1,signature={signature}"));
}

#[test]
fn an_identity_without_the_key_says_so() {
    let identity = Identity::new(client("a")).with(KeyVersion::FIRST, ed25519());
    let request = OutgoingRequest {
        method: "POST",
        target_uri: URI,
        idempotency_key: None,
        deadline_ms: None,
        body: b"",
    };
    let refused = identity.sign_request(Scheme::Alipay, &request, NOW_MS, &Nonce::new([0; 16])).err();
    assert_eq!(refused, Some(NoSigningKey(Scheme::Alipay)));
    assert!(identity.signs(Scheme::Rfc9421) && !identity.signs(Scheme::Alipay));
}
