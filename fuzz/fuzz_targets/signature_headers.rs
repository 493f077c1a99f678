//! Header fields of both signature schemes, of requests and answers, and keys in PEM: whatever arrives is refused or
//! verified, never a panic, and what no key holder signed never passes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::signature::{
    Freshness, Identity, Moment, Nonce, OutgoingRequest, RequestParts, Responder, ResponseParts, Scheme,
    verify_request, verify_response,
};
use wire::{ClientId, KeyVersion, PrivateKey, PublicKey};

const NOW_MS: u64 = 1_795_341_600_000;
const URI: &str = "https://pay.example.org/aps/api/v1/payments/pay";
const FIELDS: [&str; 9] = [
    "client-id",
    "request-time",
    "response-time",
    "signature",
    "signature-input",
    "content-digest",
    "content-type",
    "idempotency-key",
    "x-deadline-ms",
];

// One line a field, in the order above, an empty line for none; what follows is the body, and tried as a PEM file too.
fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(FIELDS.len() + 1, |byte| *byte == b'\n');
    let mut headers = Vec::new();
    for name in FIELDS {
        let value = lines.next().unwrap_or_default();
        if !value.is_empty() {
            headers.push((name, String::from_utf8_lossy(value).into_owned()));
        }
    }
    let body = lines.next().unwrap_or_default();
    keys(&String::from_utf8_lossy(body));

    let moment = Moment { now_ms: NOW_MS, freshness: Freshness::default() };
    let client_id = ClientId::parse("fuzz").expect("it is a client id");
    let key = PrivateKey::generate_ed25519([1; 32]);
    let public = key.public();
    let request = RequestParts { method: "POST", target_uri: URI, headers: &headers, body };
    assert!(verify_request(&request, moment, |_, _, _| Ok(public.clone())).is_err());

    let outgoing =
        OutgoingRequest { method: "POST", target_uri: URI, idempotency_key: None, deadline_ms: None, body };
    let identity = Identity::new(client_id.clone()).with(KeyVersion::FIRST, key);
    let signed = identity
        .sign_request(Scheme::Rfc9421, &outgoing, NOW_MS, &Nonce::new([2; 16]))
        .expect("there is a key");
    let find_key = |_: Scheme, _: KeyVersion| Some(public.clone());
    let responder = Responder { client_id: &client_id, find_key: &find_key };
    let response = ResponseParts { status: 200, headers: &headers, body };
    assert!(verify_response(&signed.exchange, &response, responder, moment).is_err());
});

fn keys(text: &str) {
    let _ = PrivateKey::from_pem(text);
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key));
    }
}
