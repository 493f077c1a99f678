//! The validators of each epoch as the engine wants them. Knows only epochs that a machine has told of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use commonware_codec::DecodeExt as _;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::types::Epoch;
use commonware_cryptography::certificate::{Provider, Scoped};
use commonware_cryptography::ed25519::{PrivateKey, PublicKey};
use commonware_cryptography::{Signer as _, certificate::Scheme as _};
use commonware_utils::TryCollect as _;
use commonware_utils::ordered::Set;

use crate::machine::Peer;

/// Signing and checking by epoch. Old epochs stay: blocks of any age can be fetched and checked.
#[derive(Clone)]
pub(crate) struct Schemes {
    namespace: Arc<[u8]>,
    key: PrivateKey,
    votes: bool,
    known: Arc<Mutex<BTreeMap<Epoch, Arc<Scheme>>>>,
}

impl Schemes {
    /// Whoever does not vote signs in no epoch, even with a validator's key.
    pub(crate) fn new(namespace: &[u8], key: PrivateKey, votes: bool) -> Self {
        Self { namespace: namespace.into(), key, votes, known: Arc::default() }
    }

    pub(crate) fn me(&self) -> PublicKey {
        self.key.public_key()
    }

    /// Learns an epoch's validators; keys that are none are left out. Signs if this node is one of them.
    pub(crate) fn learn(&self, epoch: Epoch, validators: &[Peer]) -> Arc<Scheme> {
        let keys = validators.iter().filter_map(|peer| public_key(&peer.key));
        let keys: Set<PublicKey> = keys.try_collect().unwrap_or_default();
        let signer =
            if self.votes { Scheme::signer(&self.namespace, keys.clone(), self.key.clone()) } else { None };
        let scheme = Arc::new(signer.unwrap_or_else(|| Scheme::verifier(&self.namespace, keys)));
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(epoch, scheme.clone());
        scheme
    }
}

impl Provider for Schemes {
    type Scope = Epoch;
    type Scheme = Scheme;

    fn scoped(&self, epoch: Epoch) -> Option<Scoped<Scheme>> {
        let scheme = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&epoch)?.clone();
        Some(if scheme.me().is_some() { Scoped::scheme(scheme) } else { Scoped::verifier(scheme) })
    }
}

/// A key's 32 bytes as the engine's type; `None` if they are no point of the curve.
pub(crate) fn public_key(bytes: &crate::Key) -> Option<PublicKey> {
    PublicKey::decode(Bytes::copy_from_slice(bytes)).ok()
}

/// A secret seed as the engine's type.
pub(crate) fn private_key(seed: &[u8; 32]) -> PrivateKey {
    PrivateKey::decode(Bytes::copy_from_slice(seed)).expect("any 32 bytes are a seed")
}

/// The engine's type as 32 bytes.
pub(crate) fn key_bytes(key: &PublicKey) -> crate::Key {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(key.as_ref());
    bytes
}
