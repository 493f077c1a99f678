//! Who we are when we sign: a name and a key for each scheme. Makes the header fields of requests and answers, and
//! knows nothing of how they are sent.

use std::fmt;

use super::{Exchange, Nonce, Scheme, alipay, rfc9421};
use crate::header;
use crate::key::{ClientId, KeyVersion, PrivateKey};

/// Header fields to be set on a message, besides its body. They include the content type and whatever else is signed.
pub type SignedHeaders = Vec<(&'static str, String)>;

/// A name with one signing key for each scheme that it can use.
#[derive(Clone, Debug)]
pub struct Identity {
    client_id: ClientId,
    alipay: Option<(KeyVersion, PrivateKey)>,
    rfc9421: Option<(KeyVersion, PrivateKey)>,
}

/// There is no key for the scheme that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoSigningKey(pub Scheme);

impl fmt::Display for NoSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Scheme::Alipay => f.write_str("there is no RSA key to sign with"),
            Scheme::Rfc9421 => f.write_str("there is no Ed25519 key to sign with"),
        }
    }
}

impl std::error::Error for NoSigningKey {}

/// A request to be signed.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingRequest<'a> {
    /// `POST`, in upper case.
    pub method: &'a str,
    /// The absolute URI it is sent to.
    pub target_uri: &'a str,
    /// The request id, if the call has one.
    pub idempotency_key: Option<&'a str>,
    /// Milliseconds we will wait for the answer.
    pub deadline_ms: Option<u32>,
    /// JSON, byte for byte as it is sent.
    pub body: &'a [u8],
}

/// An answer to be signed.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingResponse<'a> {
    /// The HTTP status.
    pub status: u16,
    /// JSON, byte for byte as it is sent.
    pub body: &'a [u8],
}

/// A signed request: its header fields, and what its answer must be tied to.
#[derive(Clone, Debug)]
pub struct Signed {
    /// All header fields but those that the HTTP library sets itself.
    pub headers: SignedHeaders,
    /// For [`super::verify_response`].
    pub exchange: Exchange,
}

impl Identity {
    /// A name without keys.
    #[must_use]
    pub fn new(client_id: ClientId) -> Identity {
        Identity { client_id, alipay: None, rfc9421: None }
    }

    /// The same with this key for the scheme of its kind; an earlier key of that kind is let go.
    #[must_use]
    pub fn with(mut self, version: KeyVersion, key: PrivateKey) -> Identity {
        match Scheme::of(key.kind()) {
            Scheme::Alipay => self.alipay = Some((version, key)),
            Scheme::Rfc9421 => self.rfc9421 = Some((version, key)),
        }
        self
    }

    /// The name.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Whether there is a key for this scheme.
    #[must_use]
    pub fn signs(&self, scheme: Scheme) -> bool {
        self.key(scheme).is_ok()
    }

    /// Signs a request at `now_ms` (unix milliseconds). The nonce is used by scheme `rfc9421` and must never be used
    /// again; scheme `alipay` has none.
    pub fn sign_request(
        &self,
        scheme: Scheme,
        request: &OutgoingRequest<'_>,
        now_ms: u64,
        nonce: &Nonce,
    ) -> Result<Signed, NoSigningKey> {
        let signer = self.key(scheme)?;
        let mut headers: SignedHeaders = vec![(header::CONTENT_TYPE, header::JSON.to_owned())];
        if let Some(key) = request.idempotency_key {
            headers.push((header::IDEMPOTENCY_KEY, key.to_owned()));
        }
        if let Some(deadline_ms) = request.deadline_ms {
            headers.push((header::DEADLINE_MS, deadline_ms.to_string()));
        }
        let signature = match scheme {
            Scheme::Alipay => alipay::sign_request(signer, request, now_ms, &mut headers),
            Scheme::Rfc9421 => rfc9421::sign_request(signer, request, now_ms, nonce, &mut headers),
        };
        let exchange = Exchange {
            scheme,
            client_id: self.client_id.clone(),
            method: request.method.to_owned(),
            target_uri: request.target_uri.to_owned(),
            signature,
        };
        Ok(Signed { headers, exchange })
    }

    /// Signs the answer to a request at `now_ms` (unix milliseconds), in the scheme of the request.
    pub fn sign_response(
        &self,
        exchange: &Exchange,
        response: &OutgoingResponse<'_>,
        now_ms: u64,
    ) -> Result<SignedHeaders, NoSigningKey> {
        let signer = self.key(exchange.scheme)?;
        let mut headers: SignedHeaders = vec![(header::CONTENT_TYPE, header::JSON.to_owned())];
        match exchange.scheme {
            Scheme::Alipay => alipay::sign_response(signer, exchange, response, now_ms, &mut headers),
            Scheme::Rfc9421 => rfc9421::sign_response(signer, exchange, response, now_ms, &mut headers),
        }
        Ok(headers)
    }

    /// Signs bytes that are published rather than sent, and says by which version of the key. What they are must show
    /// from their beginning, so that no message can be mistaken for them.
    pub fn seal(&self, scheme: Scheme, bytes: &[u8]) -> Result<(KeyVersion, Vec<u8>), NoSigningKey> {
        let signer = self.key(scheme)?;
        Ok((signer.version, signer.key.sign(bytes)))
    }

    fn key(&self, scheme: Scheme) -> Result<Signer<'_>, NoSigningKey> {
        let key = match scheme {
            Scheme::Alipay => &self.alipay,
            Scheme::Rfc9421 => &self.rfc9421,
        };
        match key {
            Some((version, key)) => Ok(Signer { client_id: &self.client_id, version: *version, key }),
            None => Err(NoSigningKey(scheme)),
        }
    }
}

/// One name, one key: what a scheme signs with.
#[derive(Clone, Copy)]
pub(super) struct Signer<'a> {
    pub(super) client_id: &'a ClientId,
    pub(super) version: KeyVersion,
    pub(super) key: &'a PrivateKey,
}
