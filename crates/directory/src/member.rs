//! One member of the network: its role, where it is reached, its keys and its agreements.

use std::sync::Arc;

use crate::{Agreement, Time};

/// The number of a member, given at registration and never reused. 0 is the network itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemberId(pub u32);

impl MemberId {
    /// The network itself, which earns fees and owns no key here.
    pub const NETWORK: MemberId = MemberId(0);
}

/// What a member does in the network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Holds payers' money and is asked for it (mobile payment provider).
    Wallet,
    /// Serves merchants and is paid for them.
    Acquirer,
    /// Buys one currency for another at rates it quotes.
    FxProvider,
}

/// Whether a member may take part in new payments.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// Takes part.
    Active,
    /// Finishes what is open and begins nothing new.
    Suspended,
}

/// A country by its two letters (ISO 3166-1 alpha-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two upper-case letters.
    pub fn parse(code: &str) -> Option<Country> {
        match code.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Some(Country([*a, *b])),
            _ => None,
        }
    }

    /// The two letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters")
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// The kind of a public key, which is also the signature scheme it serves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyAlgorithm {
    /// RSA PKCS #1 v1.5 with SHA-256, for the `Signature: algorithm=RSA256` scheme.
    Rsa256,
    /// Ed25519, for RFC 9421.
    Ed25519,
}

/// A member's public key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// The version the member names in its signatures.
    pub version: u32,
    /// Its kind.
    pub algorithm: KeyAlgorithm,
    /// SubjectPublicKeyInfo in PEM.
    pub public_pem: Arc<str>,
    /// From when it is accepted.
    pub from: Time,
    /// From when it is no longer accepted.
    pub until: Option<Time>,
}

impl Key {
    /// Whether signatures by it are accepted at `at`.
    pub fn is_live(&self, at: Time) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Live keys of one kind a member may hold: the old one and the one that replaces it.
pub const LIVE_KEYS_MAX: usize = 2;

/// One member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its number.
    pub id: MemberId,
    /// The name it signs as.
    pub client_id: Arc<str>,
    /// What it does.
    pub role: Role,
    /// Its name for people.
    pub name: Arc<str>,
    /// Where it is licensed.
    pub country: Country,
    /// Base URL at which the network calls it, without a slash at the end.
    pub endpoint: Option<Arc<str>>,
    /// The six digits its payment codes begin with; wallets only.
    pub code_prefix: Option<u32>,
    /// Whether it may begin payments.
    pub standing: Standing,
    /// Its keys, dead ones included.
    pub keys: Vec<Key>,
    /// Its agreements, earliest first.
    pub agreements: Vec<Agreement>,
}

impl Member {
    /// The agreement in force at `at`: the latest that has begun.
    pub fn agreement(&self, at: Time) -> Option<&Agreement> {
        self.agreements.iter().rev().find(|agreement| agreement.from <= at)
    }

    /// The key of this kind and version, if it is live at `at`.
    pub fn key(&self, algorithm: KeyAlgorithm, version: u32, at: Time) -> Option<&Key> {
        self.keys.iter().find(|key| key.version == version && key.algorithm == algorithm && key.is_live(at))
    }

    /// Whether it may begin something new.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }
}
