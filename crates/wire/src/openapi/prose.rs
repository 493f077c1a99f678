//! What the document says in words: how messages are signed, which header fields there are. Describes no body.

use serde_json::{Value, json};

use crate::header;

/// The first words of the document.
pub(super) const INTRODUCTION: &str = "\
Wallets, acquirers and FX providers join one network; a customer of any wallet pays at any acquirer's merchants.

**Shape.** JSON after the manner of Alipay+ and Antom. Every scalar is a string; what is optional is absent or null, \
never empty; fields nobody knows are skipped, except those that would change what is paid, which are refused by name. \
Amounts are whole minor units: `{\"currency\": \"CNY\", \"value\": \"10000\"}` is CNY 100.00. The prefixes `/aps/api/v1`, \
`/ams/api/v1` and `/ams/sandbox/api/v1` lead to the same endpoints.

**Results.** Every answer has HTTP status 200 and a `result`: `S` done, `F` definitively not done, `U` not known, ask \
again. Inquiries have two: `result` for the question, `paymentResult` for the payment. Repeating a request with the same \
id and content gives the same answer; with other content, `REPEAT_REQ_INCONSISTENT`. An answer that carries another \
HTTP status is not signed, because the sender could not be identified.

**Signatures.** Every request and every answer is signed, in one of two schemes; an answer uses the scheme of its \
request. A missing, stale, replayed or wrong signature is refused on both sides.

*Scheme `alipay`* (RSA, PKCS#1 v1.5, SHA-256). Header fields `client-id`, `request-time` (ISO 8601 with an offset, or \
unix milliseconds) and `signature: algorithm=RSA256,keyVersion=<n>,signature=<base64, URL-encoded>` over \
`<METHOD> <PATH>\\n<client-id>.<request-time>.<body>`. Answers carry `client-id` (the caller's), `response-time` and \
`signature` over the same with the response time. Times must lie within five minutes of the network's clock. The scheme \
has no nonce: a repeat inside that window is answered by idempotency and moves nothing.

*Scheme `rfc9421`* (Ed25519). HTTP Message Signatures with the label `sig1`. Requests cover `\"@method\"`, \
`\"@target-uri\"`, `\"content-digest\"` and `\"content-type\"` whenever there is a body, and `\"idempotency-key\"` and \
`\"x-deadline-ms\"` whenever they are sent, in any order. Parameters: `created`, `expires` (at most 60 s later), `nonce` \
(16 to 64 characters, never used twice), `keyid=\"<client id>/<key version>\"`, `tag=\"net-v1\"`; `alg`, if there, is \
`ed25519`. Clocks may differ by 5 s. Answers cover `\"@status\"`, `\"content-digest\"`, `\"content-type\"`, \
`\"@method\";req`, `\"@target-uri\";req` and `\"signature\";req;key=\"sig1\"`, so each belongs to exactly one request. \
`content-digest` is RFC 9530 with `sha-256` or `sha-512`.

**Deadlines.** `x-deadline-ms` says how many milliseconds the caller still waits; the network answers before that and \
gives wallets less.";

/// Header fields that every member's request may have, by the names of their components.
pub(super) const MEMBER_PARAMETERS: &[&str] = &[
    "ClientId",
    "RequestTime",
    "Signature",
    "SignatureInput",
    "ContentDigest",
    "IdempotencyKey",
    "DeadlineMs",
];

/// Header fields of signed answers, with the names of their components.
pub(super) const ANSWER_HEADERS: &[(&str, &str)] = &[
    (header::CLIENT_ID, "ClientId"),
    (header::RESPONSE_TIME, "ResponseTime"),
    (header::SIGNATURE, "Signature"),
    (header::SIGNATURE_INPUT, "SignatureInput"),
    (header::CONTENT_DIGEST, "ContentDigest"),
];

/// The header fields of requests.
pub(super) fn parameters() -> Value {
    let parameter = |name: &str, description: &str| {
        json!({
            "name": name, "in": "header", "required": name == header::SIGNATURE, "description": description,
            "schema": { "type": "string" },
        })
    };
    json!({
        "ClientId": parameter(header::CLIENT_ID, "Scheme `alipay`: who signs. In scheme `rfc9421` `keyid` says it."),
        "RequestTime": parameter(header::REQUEST_TIME, "Scheme `alipay`: when it was signed."),
        "Signature": parameter(header::SIGNATURE, "The signature, in the form of its scheme."),
        "SignatureInput": parameter(header::SIGNATURE_INPUT, "Scheme `rfc9421`: what is covered. Its presence chooses the scheme."),
        "ContentDigest": parameter(header::CONTENT_DIGEST, "Scheme `rfc9421`: digest of the body."),
        "IdempotencyKey": parameter(header::IDEMPOTENCY_KEY, "The request id again. If sent, it equals the one in the body."),
        "DeadlineMs": parameter(header::DEADLINE_MS, "Milliseconds that the caller still waits, 1 to 60000."),
    })
}

/// The header fields of answers.
pub(super) fn headers() -> Value {
    let header = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "ClientId": header("Scheme `alipay`: the caller's client id."),
        "ResponseTime": header("Scheme `alipay`: when the answer was signed."),
        "Signature": header("The signature, in the scheme of the request."),
        "SignatureInput": header("Scheme `rfc9421`: what is covered."),
        "ContentDigest": header("Scheme `rfc9421`: digest of the body."),
    })
}

/// The ways to prove who calls.
pub(super) fn security_schemes() -> Value {
    json!({
        "alipay": {
            "type": "apiKey", "in": "header", "name": header::SIGNATURE,
            "description": "`algorithm=RSA256,keyVersion=<n>,signature=<base64, URL-encoded>`, see the introduction.",
        },
        "rfc9421": {
            "type": "apiKey", "in": "header", "name": header::SIGNATURE_INPUT,
            "description": "HTTP Message Signatures with Ed25519, profile `net-v1`, see the introduction.",
        },
        "operator": { "type": "http", "scheme": "bearer", "description": "The token in the network's configuration." },
    })
}
