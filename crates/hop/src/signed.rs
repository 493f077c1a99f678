//! The served side of a signed hop: who asks, and an answer in the scheme of the question.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use wire::signature::{
    Exchange, Freshness, Identity, Moment, NONCES_MAX, NoKey, OutgoingResponse, Refused, ReplayCache,
    RequestParts, Scheme, Verified, verify_request,
};
use wire::{ClientId, KeyVersion, PublicKey};

use crate::clock::now_ms;
use crate::courier::Fields;
use crate::serve::{Answer, Received, plain};

/// Admits signed requests and signs answers, under one identity.
pub struct Door {
    identity: Arc<Identity>,
    freshness: Freshness,
    replays: Mutex<ReplayCache>,
}

/// Why a request is not admitted.
pub struct NotAdmitted {
    /// The reason.
    pub refused: Refused,
    /// Set when the one who asks is known, so that the refusal can be signed.
    pub exchange: Option<Box<Exchange>>,
}

impl Door {
    /// A door that answers as `identity`.
    pub fn new(identity: Arc<Identity>, freshness: Freshness) -> Door {
        Door { identity, freshness, replays: Mutex::new(ReplayCache::new(freshness, NONCES_MAX)) }
    }

    /// Who answers.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// Proves who asks. `find_key` knows the live keys of all who may.
    pub fn admit(
        &self,
        received: &Received,
        find_key: impl FnOnce(&ClientId, Scheme, KeyVersion) -> Result<PublicKey, NoKey>,
    ) -> Result<Verified, NotAdmitted> {
        let headers = Fields(&received.headers);
        let parts = RequestParts {
            method: received.method.as_str(),
            target_uri: &received.target_uri,
            headers: &headers,
            body: &received.body,
        };
        let now_ms = now_ms();
        let moment = Moment { now_ms, freshness: self.freshness };
        let verified = verify_request(&parts, moment, find_key)
            .map_err(|refusal| NotAdmitted { refused: refusal.refused, exchange: refusal.exchange })?;
        if let Some(nonce) = &verified.nonce {
            let mut replays = self.replays.lock().expect("nothing panics while it holds this lock");
            if let Err(refused) = replays.admit(&verified.client_id, nonce, now_ms) {
                return Err(NotAdmitted { refused, exchange: Some(Box::new(verified.exchange)) });
            }
        }
        Ok(verified)
    }

    /// A signed answer with status 200 and this JSON.
    pub fn answer(&self, exchange: &Exchange, body: Vec<u8>) -> Answer {
        self.answer_with(exchange, StatusCode::OK, body)
    }

    /// A signed answer.
    pub fn answer_with(&self, exchange: &Exchange, status: StatusCode, body: Vec<u8>) -> Answer {
        let outgoing = OutgoingResponse { status: status.as_u16(), body: &body };
        let headers = match self.identity.sign_response(exchange, &outgoing, now_ms()) {
            Ok(headers) => headers,
            // An answer that cannot be signed is worth nothing to its reader.
            Err(missing) => return plain(StatusCode::INTERNAL_SERVER_ERROR, &missing.to_string()),
        };
        let mut answer = Response::new(Full::new(Bytes::from(body)).boxed_unsync());
        *answer.status_mut() = status;
        for (name, value) in headers {
            match HeaderValue::try_from(value) {
                Ok(value) => drop(answer.headers_mut().insert(HeaderName::from_static(name), value)),
                Err(_) => {
                    return plain(StatusCode::INTERNAL_SERVER_ERROR, "a signature that is no header field");
                }
            }
        }
        answer
    }
}
