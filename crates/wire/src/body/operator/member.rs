//! Members and their keys.

use crate::body::Body;
use crate::body::amount::Count;
use crate::body::malformed::Malformed;
use crate::body::outcome::Outcome;
use crate::body::scalar::{CodePrefix, Instant, List, Region, Text, Url};
use crate::key::{ClientId, PublicKey};

words! {
    /// What a member does in the network.
    pub enum MemberRole {
        /// Holds payers' money and is asked for it.
        Wallet = "WALLET",
        /// Serves merchants and is paid for them.
        Acquirer = "ACQUIRER",
        /// Sells one currency for another at rates it quotes.
        FxProvider = "FX_PROVIDER",
    }
}

words! {
    /// Whether a member may begin payments.
    pub enum MemberStanding {
        /// It may.
        Active = "ACTIVE",
        /// It finishes what is open and begins nothing new.
        Suspended = "SUSPENDED",
    }
}

words! {
    /// The kind of a key, which decides the signature scheme.
    pub enum KeyAlgorithm {
        /// RSA with SHA-256, for `Signature: algorithm=RSA256,…`.
        Rsa256 = "RSA256",
        /// Ed25519, for RFC 9421.
        Ed25519 = "ED25519",
    }
}

object! {
    /// Adds a member, without keys and agreements.
    pub struct MemberAdd {
        must {
            /// The name it signs with.
            client_id "clientId": ClientId,
            /// What it does.
            role "role": MemberRole,
            /// Its name for people.
            name "name": Text<128>,
            /// Where it is licensed.
            country "country": Region,
        }
        may {
            /// Base URL at which the network calls it.
            endpoint "endpoint": Url,
            /// Wallets: the six digits that its payment codes begin with.
            code_prefix "codePrefix": CodePrefix,
        }
    }
}

impl Body for MemberAdd {
    fn coherent(&self) -> Result<(), Malformed> {
        match (self.role, &self.code_prefix) {
            (MemberRole::Acquirer | MemberRole::FxProvider, Some(_)) => {
                Err(Malformed::field("codePrefix", "is for wallets only"))
            }
            _ => Ok(()),
        }
    }
}

object! {
    /// Lets a member in again, or suspends it.
    pub struct StandingSet {
        must {
            /// Its standing from now on.
            standing "standing": MemberStanding,
        }
        may {}
    }
}

impl Body for StandingSet {}

object! {
    /// Says where a member is called from now on.
    pub struct EndpointSet {
        must {}
        may {
            /// Its base URL; absent for a member that is not called.
            endpoint "endpoint": Url,
        }
    }
}

impl Body for EndpointSet {}

object! {
    /// Gives a member a further key. It may hold two live keys of each kind, for rotation.
    pub struct KeyAdd {
        must {
            /// The version it names in its signatures.
            version "version": Count<1, 999_999>,
            /// The public key: SubjectPublicKeyInfo in PEM, or its bare base64. Its kind decides the scheme.
            public_key "publicKey": Text<8192>,
        }
        may {
            /// From when it is accepted; from now on when absent.
            from "from": Instant,
            /// Until when it is accepted; for good when absent.
            until "until": Instant,
        }
    }
}

impl KeyAdd {
    /// The key. `Err` when it is none, which [`Body::coherent`] has refused already.
    pub fn key(&self) -> Result<PublicKey, Malformed> {
        PublicKey::from_pem(&self.public_key)
            .map_err(|refused| Malformed::field("publicKey", format!("is refused: {refused}")))
    }
}

impl Body for KeyAdd {
    fn coherent(&self) -> Result<(), Malformed> {
        match (self.from, self.until) {
            (Some(from), Some(until)) if until <= from => Err(Malformed::field("until", "is not after from")),
            _ => self.key().map(|_| ()),
        }
    }
}

object! {
    /// Ends a key: signatures by it are refused from then on.
    pub struct KeyEnd {
        must {
            /// Which kind of key.
            algorithm "algorithm": KeyAlgorithm,
        }
        may {
            /// From when it is refused; from now on when absent.
            until "until": Instant,
        }
    }
}

impl Body for KeyEnd {}

object! {
    /// One of a member's keys.
    pub struct KeyView {
        must {
            /// Its version.
            version "version": Count<1, 999_999>,
            /// Its kind.
            algorithm "algorithm": KeyAlgorithm,
            /// SubjectPublicKeyInfo in PEM.
            public_key "publicKey": Text<8192>,
            /// From when it is accepted.
            from "from": Instant,
        }
        may {
            /// Until when.
            until "until": Instant,
        }
    }
}

object! {
    /// A member as it stands.
    pub struct MemberView {
        must {
            /// The name it signs with.
            client_id "clientId": ClientId,
            /// What it does.
            role "role": MemberRole,
            /// Its name for people.
            name "name": Text<128>,
            /// Where it is licensed.
            country "country": Region,
            /// Whether it may begin payments.
            standing "standing": MemberStanding,
        }
        may {
            /// Base URL at which the network calls it.
            endpoint "endpoint": Url,
            /// The six digits that its payment codes begin with.
            code_prefix "codePrefix": CodePrefix,
            /// Its keys, ended ones included.
            keys "keys": List<KeyView, 1000>,
            /// Its terms, earliest first.
            agreements "agreements": List<super::terms::Agreement, 1000>,
        }
    }
}

object! {
    /// Members.
    pub struct MembersAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The members, in the order they joined.
            members "members": List<MemberView, 100_000>,
        }
    }
}

impl Body for MembersAnswer {}
