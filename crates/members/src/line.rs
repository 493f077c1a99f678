//! One member's signed line to the network: its keys, the network's keys, and how it asks.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use hop::{Call, CallFailed, Courier, Peer};
use hyper::Method;
use serde::Serialize;
use serde_json::Value;
use wire::body::{self, Body};
use wire::signature::{Identity, NoKey, Scheme};
use wire::{ClientId, KeyVersion, PrivateKey, PublicKey};

/// Longest wait for advice: a back-test or a projection takes its time on a busy machine.
const ADVICE_MS: u32 = 20_000;

/// What a member signs with: one key of each kind, under the same version.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name it signs as.
    pub client_id: ClientId,
    /// The version of both keys.
    pub key_version: KeyVersion,
    /// For the scheme of Alipay+.
    pub rsa: PrivateKey,
    /// For RFC 9421.
    pub ed25519: PrivateKey,
}

impl Credentials {
    /// The identity that signs with these keys.
    pub fn identity(&self) -> Arc<Identity> {
        let identity = Identity::new(self.client_id.clone());
        Arc::new(
            identity.with(self.key_version, self.rsa.clone()).with(self.key_version, self.ed25519.clone()),
        )
    }
}

/// The network, as a member knows it.
#[derive(Clone, Debug)]
pub struct Network {
    /// Where it is, without a slash at the end.
    pub base_url: Arc<str>,
    /// The name it signs as.
    pub client_id: ClientId,
    /// Its keys' version.
    pub key_version: KeyVersion,
    /// Its key for the scheme of Alipay+.
    pub rsa: PublicKey,
    /// Its key for RFC 9421.
    pub ed25519: PublicKey,
}

impl Network {
    /// The network whose directory `sojourn init` made, with its keys under version 1.
    pub fn of_directory(base_url: &str, directory: &Path) -> std::io::Result<Network> {
        let key = |name: &str| {
            let path = directory.join("keys").join(name);
            let wrong = |why: &dyn std::fmt::Display| {
                std::io::Error::other(format!("the public key in {}: {why}", path.display()))
            };
            let pem = std::fs::read_to_string(&path).map_err(|error| wrong(&error))?;
            PublicKey::from_pem(&pem).map_err(|refused| wrong(&refused))
        };
        Ok(Network {
            base_url: Arc::from(base_url),
            client_id: ClientId::parse("SOJOURN").expect("the name in the sample configuration"),
            key_version: KeyVersion::parse("1").expect("a number"),
            rsa: key("network-rsa.public.pem")?,
            ed25519: key("network-ed25519.public.pem")?,
        })
    }

    /// The network's live key of this version.
    pub fn key(&self, scheme: Scheme, version: KeyVersion) -> Option<PublicKey> {
        (version == self.key_version).then(|| match scheme {
            Scheme::Alipay => self.rsa.clone(),
            Scheme::Rfc9421 => self.ed25519.clone(),
        })
    }

    /// The same for requests that name their sender: nobody but the network may call a member.
    pub fn key_of(
        &self,
        client_id: &ClientId,
        scheme: Scheme,
        version: KeyVersion,
    ) -> Result<PublicKey, NoKey> {
        if *client_id != self.client_id {
            return Err(NoKey::UnknownClient);
        }
        self.key(scheme, version).ok_or(NoKey::UnknownKey)
    }
}

/// A signed line to the network. Cheap to clone.
#[derive(Clone)]
pub struct Line {
    courier: Courier,
    network: Network,
    scheme: Scheme,
}

impl Line {
    /// A line that signs with `scheme`.
    pub fn new(credentials: &Credentials, network: &Network, scheme: Scheme) -> Line {
        Line { courier: Courier::new(credentials.identity()), network: network.clone(), scheme }
    }

    /// The same line in another scheme.
    pub fn in_scheme(&self, scheme: Scheme) -> Line {
        Line { scheme, ..self.clone() }
    }

    /// The network at the other end.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Asks the advisory service, at a path and query below its prefix; returns the status and JSON of its believed
    /// answer. Without a body, as a look.
    pub async fn advise(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Bytes), CallFailed> {
        let path = format!("/advice/{path}");
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let call = Call { path: &path, idempotency_key: None, deadline_ms: ADVICE_MS, body };
        self.courier.ask(&self.peer(), method, call).await
    }

    fn peer(&self) -> Peer {
        let network = self.network.clone();
        Peer {
            client_id: self.network.client_id.clone(),
            base_url: self.network.base_url.clone(),
            scheme: self.scheme,
            find_key: Arc::new(move |scheme, version| network.key(scheme, version)),
        }
    }

    /// Asks the network, at a path below either family's prefix, and returns its believed answer.
    pub async fn ask<A: Body>(
        &self,
        path: &str,
        idempotency_key: Option<&str>,
        deadline_ms: u32,
        request: &impl Serialize,
    ) -> Result<A, CallFailed> {
        let path = format!("/aps/api/v1/{path}");
        let call = Call { path: &path, idempotency_key, deadline_ms, body: body::write(request) };
        let answer = self.courier.call(&self.peer(), call).await?;
        body::parse(&answer).map_err(|malformed| CallFailed::Unreadable(malformed.to_string()))
    }
}
