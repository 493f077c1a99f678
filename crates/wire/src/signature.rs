//! Signing and verifying of every message, in both schemes and both directions. A message without a good signature is
//! refused, on requests and on answers alike. Knows no clock (`now_ms` is an argument), no directory (keys are looked
//! up by the caller) and no HTTP library (header fields are found through [`Headers`]).
//!
//! # The two schemes
//!
//! | | `alipay` | `rfc9421` |
//! |---|---|---|
//! | key | RSA, PKCS#1 v1.5, SHA-256 | Ed25519 |
//! | covers of a request | method, path, client id, time, body | method, whole target URI, digest of the body, content type, idempotency key, deadline |
//! | covers of an answer | method and path of the request, client id, time, body | status, digest, content type, and the signature of the request it answers |
//! | freshness | the time is within 5 minutes of ours | at most 60 s of life, 5 s of skew |
//! | replay | **not detected here**, see below | refused: every nonce counts once, see [`ReplayCache`] |
//!
//! # Replay in scheme `alipay`
//!
//! That scheme has no nonce, its times are whole seconds, and its signatures are deterministic: a client that repeats a
//! request after a lost answer within the same second sends the very same bytes as an attacker who recorded them. They
//! cannot be told apart, so a repeat inside the window is let through, to the idempotency of every write call: it gets
//! the first answer again and moves no money. Outside the window it is refused here. Five minutes is what a till
//! without time synchronisation drifts in a month or two, and less than any interval at which the answer to a repeat
//! would differ (a request id is remembered for far longer). Members who want more use `rfc9421`.

mod alipay;
mod digest;
mod identity;
mod message;
mod refused;
mod replay;
mod rfc9421;
#[cfg(test)]
mod tests;

pub use identity::{Identity, NoSigningKey, OutgoingRequest, OutgoingResponse, Signed, SignedHeaders};
pub use message::{Header, Headers, RequestParts, ResponseParts};
pub use refused::{Refusal, Refused};
pub use replay::{NONCES_MAX, ReplayCache};
pub use rfc9421::Nonce;

use crate::header;
use crate::key::{ClientId, KeyKind, KeyVersion, PublicKey};

/// How a message is signed. The kind of the key decides it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// `Signature: algorithm=RSA256,keyVersion=…,signature=…` (Alipay+ message signing).
    Alipay,
    /// HTTP Message Signatures with Ed25519 (RFC 9421), profile `net-v1`.
    Rfc9421,
}

impl Scheme {
    /// The scheme that keys of this kind sign in.
    #[must_use]
    pub const fn of(kind: KeyKind) -> Scheme {
        match kind {
            KeyKind::Rsa => Scheme::Alipay,
            KeyKind::Ed25519 => Scheme::Rfc9421,
        }
    }
}

/// How old or early a message may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Freshness {
    /// Scheme `alipay`: how far request and response times may lie from ours, both ways, in milliseconds.
    pub alipay_ms_max: u64,
    /// Scheme `rfc9421`: longest time between `created` and `expires`, in seconds.
    pub rfc9421_life_s_max: u64,
    /// Scheme `rfc9421`: by how much clocks may differ, in milliseconds.
    pub rfc9421_skew_ms_max: u64,
}

impl Default for Freshness {
    fn default() -> Freshness {
        Freshness { alipay_ms_max: 300_000, rfc9421_life_s_max: 60, rfc9421_skew_ms_max: 5_000 }
    }
}

/// The time a message is judged at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Our clock, in unix milliseconds.
    pub now_ms: u64,
    /// How far from it a message may be.
    pub freshness: Freshness,
}

/// What ties an answer to its request. The side that verified the request and the side that sent it hold equal values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exchange {
    scheme: Scheme,
    client_id: ClientId,
    method: String,
    target_uri: String,
    /// Scheme `rfc9421`: the request's signature in base64; otherwise empty.
    signature: String,
}

impl Exchange {
    /// The scheme of the request, which its answer must use too.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }
}

/// Why no key was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoKey {
    /// The directory has no such member.
    UnknownClient,
    /// The member has no such live key.
    UnknownKey,
}

/// A request whose signature is good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Who signed.
    pub client_id: ClientId,
    /// With which key.
    pub key_version: KeyVersion,
    /// Scheme `rfc9421`: the nonce, to be shown to a [`ReplayCache`] next.
    pub nonce: Option<String>,
    /// What the answer is tied to.
    pub exchange: Exchange,
}

/// Verifies a request in whichever scheme it uses: `signature-input` says `rfc9421`, otherwise it is `alipay`.
/// `find_key` is asked once, for a key of the kind that the scheme signs with. The caller must then show the nonce to a [`ReplayCache`].
pub fn verify_request(
    request: &RequestParts<'_>,
    moment: Moment,
    find_key: impl FnOnce(&ClientId, Scheme, KeyVersion) -> Result<PublicKey, NoKey>,
) -> Result<Verified, Refusal> {
    match request.headers.find(header::SIGNATURE_INPUT) {
        Header::Absent => alipay::verify_request(request, moment, find_key),
        _ => rfc9421::verify_request(request, moment, find_key),
    }
}

/// Who must have signed an answer, and where its keys are.
#[derive(Clone, Copy)]
pub struct Responder<'a> {
    /// The name the request was sent to (scheme `rfc9421` names it in `keyid`).
    pub client_id: &'a ClientId,
    /// Its live keys: of the kind that this scheme signs with, of this version.
    pub find_key: &'a dyn Fn(Scheme, KeyVersion) -> Option<PublicKey>,
}

/// Verifies the answer to a request that we sent, and returns the version of the key that signed it. An answer without
/// a signature is refused like one with a wrong signature.
pub fn verify_response(
    exchange: &Exchange,
    response: &ResponseParts<'_>,
    responder: Responder<'_>,
    moment: Moment,
) -> Result<KeyVersion, Refused> {
    match exchange.scheme {
        Scheme::Alipay => alipay::verify_response(exchange, response, responder, moment),
        Scheme::Rfc9421 => rfc9421::verify_response(exchange, response, responder, moment),
    }
}
