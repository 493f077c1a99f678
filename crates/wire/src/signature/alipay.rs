//! Scheme `alipay` (Alipay+ message signing): SHA256withRSA over `<METHOD> <PATH>\n<client id>.<time>.<body>`, for
//! requests and answers alike. What it does not cover (host, content type, status, the request behind an answer) and
//! why repeats pass is told in the parent module.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::identity::{OutgoingRequest, OutgoingResponse, SignedHeaders, Signer};
use super::message::{RequestParts, ResponseParts, Target, required};
use super::{Exchange, Moment, NoKey, Refusal, Refused, Responder, Scheme, Verified};
use crate::header::{CLIENT_ID, REQUEST_TIME, RESPONSE_TIME, SIGNATURE};
use crate::key::{ClientId, KeyKind, KeyVersion, PublicKey};
use crate::time;

/// Longest signature field read: an RSA signature of 8192 bits, each character of its base64 escaped.
const FIELD_LENGTH_MAX: usize = 4_500;

pub(super) fn verify_request(
    request: &RequestParts<'_>,
    moment: Moment,
    find_key: impl FnOnce(&ClientId, Scheme, KeyVersion) -> Result<PublicKey, NoKey>,
) -> Result<Verified, Refusal> {
    let client_id = read_client_id(required(request.headers, CLIENT_ID)?)?;
    let field = Field::parse(required(request.headers, SIGNATURE)?)?;
    let key = find_key(&client_id, Scheme::Alipay, field.version);
    if key == Err(NoKey::UnknownClient) {
        return Err(Refused::UnknownClient.into());
    }
    let exchange = Exchange {
        scheme: Scheme::Alipay,
        client_id: client_id.clone(),
        method: request.method.to_owned(),
        target_uri: request.target_uri.to_owned(),
        signature: String::new(),
    };
    let judge = || {
        let key = key.map_err(|_| Refused::UnknownKey)?;
        let time = required(request.headers, REQUEST_TIME)?;
        judge_time(REQUEST_TIME, time, moment)?;
        let message = message(&exchange, time, request.body)?;
        judge_signature(&key, &message, &field.signature)
    };
    match judge() {
        Ok(()) => Ok(Verified { client_id, key_version: field.version, nonce: None, exchange }),
        Err(refused) => Err(Refusal { refused, exchange: Some(Box::new(exchange)) }),
    }
}

pub(super) fn verify_response(
    exchange: &Exchange,
    response: &ResponseParts<'_>,
    responder: Responder<'_>,
    moment: Moment,
) -> Result<KeyVersion, Refused> {
    let field = Field::parse(required(response.headers, SIGNATURE)?)?;
    let time = required(response.headers, RESPONSE_TIME)?;
    let client_id = read_client_id(required(response.headers, CLIENT_ID)?)?;
    if client_id != exchange.client_id {
        return Err(Refused::WrongSigner);
    }
    let key = (responder.find_key)(Scheme::Alipay, field.version).ok_or(Refused::UnknownKey)?;
    judge_time(RESPONSE_TIME, time, moment)?;
    judge_signature(&key, &message(exchange, time, response.body)?, &field.signature)?;
    Ok(field.version)
}

/// Adds the fields of a signed request.
pub(super) fn sign_request(
    signer: Signer<'_>,
    request: &OutgoingRequest<'_>,
    now_ms: u64,
    headers: &mut SignedHeaders,
) -> String {
    let time = time::write_iso(now_ms - now_ms % 1000);
    let path = path_and_query(request.target_uri).unwrap_or(request.target_uri);
    let message = join(request.method, path, signer.client_id, &time, request.body);
    headers.push((CLIENT_ID, signer.client_id.to_string()));
    headers.push((REQUEST_TIME, time));
    headers.push((SIGNATURE, Field::write(signer, &message)));
    String::new()
}

/// Adds the fields of a signed answer. The client id is the caller's, as the official clients expect.
pub(super) fn sign_response(
    signer: Signer<'_>,
    exchange: &Exchange,
    response: &OutgoingResponse<'_>,
    now_ms: u64,
    headers: &mut SignedHeaders,
) {
    let time = time::write_iso(now_ms - now_ms % 1000);
    let path = path_and_query(&exchange.target_uri).unwrap_or(&exchange.target_uri);
    let message = join(&exchange.method, path, &exchange.client_id, &time, response.body);
    headers.push((CLIENT_ID, exchange.client_id.to_string()));
    headers.push((RESPONSE_TIME, time));
    headers.push((SIGNATURE, Field::write(signer, &message)));
}

fn read_client_id(text: &str) -> Result<ClientId, Refused> {
    ClientId::parse(text)
        .ok_or(Refused::Malformed { what: CLIENT_ID, why: "it is not 1 to 64 letters, digits, '_' or '-'" })
}

fn judge_time(what: &'static str, time: &str, moment: Moment) -> Result<(), Refused> {
    let signed_ms = time::parse_iso_or_unix_ms(time).ok_or(Refused::Malformed {
        what,
        why: "it is neither ISO 8601 with an offset nor unix milliseconds",
    })?;
    let age_ms = moment.now_ms.saturating_sub(signed_ms);
    if age_ms > moment.freshness.alipay_ms_max {
        return Err(Refused::Stale { age_ms });
    }
    let ahead_ms = signed_ms.saturating_sub(moment.now_ms);
    if ahead_ms > moment.freshness.alipay_ms_max {
        return Err(Refused::FromTheFuture { ahead_ms });
    }
    Ok(())
}

fn judge_signature(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), Refused> {
    if key.kind() != KeyKind::Rsa {
        return Err(Refused::UnknownAlgorithm);
    }
    if key.verifies(message, signature) { Ok(()) } else { Err(Refused::WrongSignature) }
}

fn message(exchange: &Exchange, time: &str, body: &[u8]) -> Result<Vec<u8>, Refused> {
    let path = path_and_query(&exchange.target_uri)?;
    Ok(join(&exchange.method, path, &exchange.client_id, time, body))
}

fn join(method: &str, path: &str, client_id: &ClientId, time: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{method} {path}\n{client_id}.{time}.");
    [head.as_bytes(), body].concat()
}

/// What the official clients sign as `<PATH>`: everything after the host.
fn path_and_query(target_uri: &str) -> Result<&str, Refused> {
    let target = Target::parse(target_uri)?;
    if target.query == "?" {
        return Ok(target.path);
    }
    let start = target.scheme.len() + "://".len() + target.authority.len();
    Ok(&target_uri[start..])
}

/// The signature field, taken apart.
#[derive(Debug)]
struct Field {
    version: KeyVersion,
    signature: Vec<u8>,
}

impl Field {
    fn parse(text: &str) -> Result<Field, Refused> {
        let malformed = |why| Refused::Malformed { what: SIGNATURE, why };
        if text.len() > FIELD_LENGTH_MAX {
            return Err(malformed("it is too long"));
        }
        let [mut algorithm, mut version, mut signature] = [None; 3];
        for part in text.split(',') {
            let (name, value) =
                part.trim().split_once('=').ok_or(malformed("a part of it is not name=value"))?;
            let place = match name {
                "algorithm" => &mut algorithm,
                "keyVersion" => &mut version,
                "signature" => &mut signature,
                _ => return Err(malformed("it has another part than algorithm, keyVersion and signature")),
            };
            if place.replace(value).is_some() {
                return Err(Refused::Repeated { what: "a part of signature" });
            }
        }
        if algorithm.ok_or(Refused::Missing { what: "algorithm in signature" })? != "RSA256" {
            return Err(Refused::UnknownAlgorithm);
        }
        let version = version.ok_or(Refused::Missing { what: "keyVersion in signature" })?;
        let signature = signature.ok_or(Refused::Missing { what: "signature in signature" })?;
        Ok(Field {
            version: KeyVersion::parse(version)
                .ok_or(malformed("keyVersion is not a number from 1 to 999999"))?,
            signature: unescape(signature)
                .ok_or(malformed("the value is not base64, with or without URL escapes"))?,
        })
    }

    fn write(signer: Signer<'_>, message: &[u8]) -> String {
        let escaped = STANDARD
            .encode(signer.key.sign(message))
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        format!("algorithm=RSA256,keyVersion={},signature={escaped}", signer.version)
    }
}

/// Base64 in which `+`, `/` and `=` may be percent-encoded, and nothing else.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'%', [b'2', b'B' | b'b', after @ ..]) => (b'+', after),
            (b'%', [b'2', b'F' | b'f', after @ ..]) => (b'/', after),
            (b'%', [b'3', b'D' | b'd', after @ ..]) => (b'=', after),
            (b'%', _) => return None,
            (byte, after) => (*byte, after),
        };
        plain.push(byte);
        rest = after;
    }
    STANDARD.decode(plain).ok()
}
