//! Scheme `rfc9421`: HTTP Message Signatures (RFC 9421) with Ed25519 in the profile `net-v1`.
//! Verifying rebuilds the signature base from what was received, in the sender's own order, and asks only that
//! everything which matters is covered. Knows no clock and remembers no nonce.

mod base;
pub(super) mod field;
mod received;

#[cfg(test)]
pub(super) use base::{Request, Subject, build};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use self::field::{Bare, InnerList, Parameters};
use self::received::Received;
use super::identity::{OutgoingRequest, OutgoingResponse, SignedHeaders, Signer};
use super::message::{RequestParts, ResponseParts, optional, required};
use super::{Exchange, Moment, NoKey, Refusal, Refused, Responder, Scheme, Verified, digest};
use crate::header::{
    CLIENT_ID, CONTENT_DIGEST, CONTENT_TYPE, DEADLINE_MS, IDEMPOTENCY_KEY, SIGNATURE, SIGNATURE_INPUT,
};
use crate::key::{ClientId, KeyVersion, PublicKey};

/// The one signature of a message that counts; others, say of a proxy, may stand beside it.
const LABEL: &str = "sig1";
/// What our signatures are for (RFC 9421 section 7.2.5: no other protocol's signature is mistaken for ours).
const TAG: &str = "net-v1";
/// Life of the signatures made here, in seconds: the longest that the profile accepts.
const LIFE_S: i64 = 60;
/// Characters of a nonce: 16 random bytes have 22 in base64url.
const NONCE_LENGTH: std::ops::RangeInclusive<usize> = 16..=64;

/// A value used once: 16 random bytes, written in base64url.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nonce(String);

impl Nonce {
    /// A nonce from 16 bytes that are random, or otherwise never used twice by this member.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Nonce {
        Nonce(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
    }
}

pub(super) fn verify_request(
    request: &RequestParts<'_>,
    moment: Moment,
    find_key: impl FnOnce(&ClientId, Scheme, KeyVersion) -> Result<PublicKey, NoKey>,
) -> Result<Verified, Refusal> {
    let received = Received::read(request.headers)?;
    if let Some(stated) = optional(request.headers, CLIENT_ID)?
        && stated != received.client_id.as_str()
    {
        return Err(Refused::Malformed { what: CLIENT_ID, why: "it names another client than keyid" }.into());
    }
    let key = find_key(&received.client_id, Scheme::Rfc9421, received.key_version);
    if key == Err(NoKey::UnknownClient) {
        return Err(Refused::UnknownClient.into());
    }
    let exchange = Exchange {
        scheme: Scheme::Rfc9421,
        client_id: received.client_id.clone(),
        method: request.method.to_owned(),
        target_uri: request.target_uri.to_owned(),
        signature: STANDARD.encode(&received.signature),
    };
    let judge = || {
        let key = key.map_err(|_| Refused::UnknownKey)?;
        received.judge_time(moment)?;
        if received.nonce.is_none() {
            return Err(Refused::Missing { what: "nonce in signature-input" });
        }
        received.demand(["\"@method\"", "\"@target-uri\""])?;
        if !request.body.is_empty() {
            received.demand(["\"content-digest\"", "\"content-type\""])?;
        }
        for (name, component) in [
            (CONTENT_DIGEST, "\"content-digest\""),
            (CONTENT_TYPE, "\"content-type\""),
            (IDEMPOTENCY_KEY, "\"idempotency-key\""),
            (DEADLINE_MS, "\"x-deadline-ms\""),
        ] {
            if optional(request.headers, name)?.is_some() {
                received.demand([component])?;
            }
        }
        if let Some(digest) = optional(request.headers, CONTENT_DIGEST)? {
            digest::check(digest, request.body)?;
        }
        let subject = base::Subject::Request(base::Request {
            method: request.method,
            target_uri: request.target_uri,
            headers: Some(request.headers),
            signature: None,
        });
        received.judge_signature(&key, subject)
    };
    match judge() {
        Ok(()) => Ok(Verified {
            client_id: received.client_id,
            key_version: received.key_version,
            nonce: received.nonce,
            exchange,
        }),
        Err(refused) => Err(Refusal { refused, exchange: Some(Box::new(exchange)) }),
    }
}

pub(super) fn verify_response(
    exchange: &Exchange,
    response: &ResponseParts<'_>,
    responder: Responder<'_>,
    moment: Moment,
) -> Result<KeyVersion, Refused> {
    let received = Received::read(response.headers)?;
    if received.client_id != *responder.client_id {
        return Err(Refused::WrongSigner);
    }
    let key = (responder.find_key)(Scheme::Rfc9421, received.key_version).ok_or(Refused::UnknownKey)?;
    received.judge_time(moment)?;
    received.demand(RESPONSE_COMPONENTS)?;
    digest::check(required(response.headers, CONTENT_DIGEST)?, response.body)?;
    let subject = base::Subject::Response {
        status: response.status,
        headers: response.headers,
        request: request_of(exchange),
    };
    received.judge_signature(&key, subject)?;
    Ok(received.key_version)
}

/// What an answer covers, and must cover.
const RESPONSE_COMPONENTS: [&str; 6] = [
    "\"@status\"",
    "\"content-digest\"",
    "\"content-type\"",
    "\"@method\";req",
    "\"@target-uri\";req",
    "\"signature\";req;key=\"sig1\"",
];

fn request_of(exchange: &Exchange) -> base::Request<'_> {
    base::Request {
        method: &exchange.method,
        target_uri: &exchange.target_uri,
        headers: None,
        signature: Some((LABEL, &exchange.signature)),
    }
}

/// Adds the fields of a signed request, and returns its signature in base64.
pub(super) fn sign_request(
    signer: Signer<'_>,
    request: &OutgoingRequest<'_>,
    now_ms: u64,
    nonce: &Nonce,
    headers: &mut SignedHeaders,
) -> String {
    headers.push((CONTENT_DIGEST, digest::write(request.body)));
    let names = ["@method", "@target-uri", CONTENT_DIGEST, CONTENT_TYPE, IDEMPOTENCY_KEY, DEADLINE_MS];
    let items = names
        .iter()
        .filter(|name| name.starts_with('@') || headers.iter().any(|(present, _)| present == *name))
        .map(|name| (Bare::Text((*name).to_owned()), Parameters::default()))
        .collect();
    let covered = InnerList { items, parameters: parameters(signer, now_ms, Some(nonce)) };
    let subject = base::Subject::Request(base::Request {
        method: request.method,
        target_uri: request.target_uri,
        headers: Some(headers),
        signature: None,
    });
    let (fields, base64) = sign(signer, subject, &covered);
    headers.extend(fields);
    base64
}

/// Adds the fields of a signed answer.
pub(super) fn sign_response(
    signer: Signer<'_>,
    exchange: &Exchange,
    response: &OutgoingResponse<'_>,
    now_ms: u64,
    headers: &mut SignedHeaders,
) {
    headers.push((CONTENT_DIGEST, digest::write(response.body)));
    let flag = || ("req".to_owned(), Bare::Boolean(true));
    let label = ("key".to_owned(), Bare::Text(LABEL.to_owned()));
    let items = [
        ("@status", vec![]),
        (CONTENT_DIGEST, vec![]),
        (CONTENT_TYPE, vec![]),
        ("@method", vec![flag()]),
        ("@target-uri", vec![flag()]),
        (SIGNATURE, vec![flag(), label]),
    ];
    let items =
        items.into_iter().map(|(name, parameters)| (Bare::Text(name.to_owned()), Parameters(parameters)));
    let covered = InnerList { items: items.collect(), parameters: parameters(signer, now_ms, None) };
    let subject = base::Subject::Response { status: response.status, headers, request: request_of(exchange) };
    let (fields, _) = sign(signer, subject, &covered);
    headers.extend(fields);
}

fn parameters(signer: Signer<'_>, now_ms: u64, nonce: Option<&Nonce>) -> Parameters {
    let created = (now_ms / 1000).cast_signed();
    let text = |text: &str| Bare::Text(text.to_owned());
    let mut parameters = vec![
        ("created".to_owned(), Bare::Integer(created)),
        ("expires".to_owned(), Bare::Integer(created + LIFE_S)),
    ];
    if let Some(Nonce(nonce)) = nonce {
        parameters.push(("nonce".to_owned(), text(nonce)));
    }
    parameters.push(("keyid".to_owned(), Bare::Text(format!("{}/{}", signer.client_id, signer.version))));
    parameters.push(("tag".to_owned(), text(TAG)));
    Parameters(parameters)
}

fn sign(
    signer: Signer<'_>,
    subject: base::Subject<'_>,
    covered: &InnerList,
) -> ([(&'static str, String); 2], String) {
    // A target that is not absolute cannot be signed; the far side then refuses the empty signature, as it must.
    let signature =
        base::build(subject, covered).map(|base| signer.key.sign(base.as_bytes())).unwrap_or_default();
    let base64 = STANDARD.encode(signature);
    let mut input = format!("{LABEL}=");
    covered.write(&mut input);
    ([(SIGNATURE_INPUT, input), (SIGNATURE, format!("{LABEL}=:{base64}:"))], base64)
}
