//! Members' public keys, parsed once: looked up for every message, both ways. Which keys there are is the
//! directory's.

use std::sync::{Arc, RwLock};

use directory::{Directory, KeyAlgorithm, Member, MemberId, Time};
use rustc_hash::FxHashMap;
use wire::signature::{NoKey, Scheme};
use wire::{ClientId, KeyVersion, PublicKey};

/// A parsed key beside the text it was parsed from, so that a changed directory is noticed.
type Parsed = (Arc<str>, PublicKey);

/// The parsed keys. Shared by the door and the couriers.
#[derive(Default)]
pub struct KeyRing {
    parsed: RwLock<FxHashMap<(MemberId, KeyAlgorithm, u32), Parsed>>,
}

impl KeyRing {
    /// The live key of this version that a client signs with in this scheme.
    pub fn of_client(
        &self,
        directory: &Directory,
        client_id: &ClientId,
        scheme: Scheme,
        version: KeyVersion,
        now: Time,
    ) -> Result<PublicKey, NoKey> {
        let member = directory.member_by_client(client_id.as_str()).ok_or(NoKey::UnknownClient)?;
        self.of_member(member, scheme, version, now).ok_or(NoKey::UnknownKey)
    }

    /// The live key of this version that a member signs with in this scheme.
    pub fn of_member(
        &self,
        member: &Member,
        scheme: Scheme,
        version: KeyVersion,
        now: Time,
    ) -> Option<PublicKey> {
        let algorithm = algorithm_of(scheme);
        let key = member.key(algorithm, version.number(), now)?;
        let place = (member.id, algorithm, key.version);
        if let Some((pem, parsed)) =
            self.parsed.read().expect("nothing panics while it holds this lock").get(&place)
            && *pem == key.public_pem
        {
            return Some(parsed.clone());
        }
        // The directory takes only keys that can be parsed; a key that cannot is no key.
        let parsed = PublicKey::from_pem(&key.public_pem).ok()?;
        let mut all = self.parsed.write().expect("nothing panics while it holds this lock");
        all.insert(place, (key.public_pem.clone(), parsed.clone()));
        Some(parsed)
    }
}

/// The scheme a member is called in: RFC 9421 if it has a live key for it, which is faster and covers more.
pub fn scheme_for(member: &Member, now: Time) -> Option<Scheme> {
    let has = |algorithm| member.keys.iter().any(|key| key.algorithm == algorithm && key.is_live(now));
    match (has(KeyAlgorithm::Ed25519), has(KeyAlgorithm::Rsa256)) {
        (true, _) => Some(Scheme::Rfc9421),
        (false, true) => Some(Scheme::Alipay),
        (false, false) => None,
    }
}

/// The kind of key a scheme signs with.
pub fn algorithm_of(scheme: Scheme) -> KeyAlgorithm {
    match scheme {
        Scheme::Alipay => KeyAlgorithm::Rsa256,
        Scheme::Rfc9421 => KeyAlgorithm::Ed25519,
    }
}
