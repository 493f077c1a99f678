//! Names of members, versions of their keys, and the keys themselves: read and written as PEM, held ready to sign and
//! verify. Knows nothing of what is signed, and takes randomness as an argument.

mod der;
mod pem;
mod signer;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use ring::rand::SystemRandom;
use ring::signature::{self, Ed25519KeyPair, KeyPair, RsaKeyPair};
use rsa::pkcs1::EncodeRsaPrivateKey;

pub use signer::{ClientId, KeyVersion};

/// Bits of the RSA keys made here; the smallest size that ring signs with.
const RSA_BITS: usize = 2048;

/// The two kinds of keys. Each belongs to one signature scheme.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeyKind {
    /// RSA of 2048 to 8192 bits, PKCS#1 v1.5 with SHA-256 (RFC 8017 section 8.2).
    Rsa,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// Why a text is not a key we can use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyRefused {
    /// No PEM frame of a kind we read, and no bare base64 of one.
    NotPem,
    /// The frame holds something else than base64.
    NotBase64,
    /// The bytes are not the structure the frame promises.
    NotAKey,
    /// Neither RSA nor Ed25519.
    UnknownKind,
    /// RSA outside 2048 to 8192 bits for verifying, 2048 to 4096 for signing, or with an unusable exponent.
    UnsafeRsa,
    /// The parts of a private key do not belong together.
    Inconsistent,
}

impl fmt::Display for KeyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyRefused::NotPem => "this is not a key in PEM form",
            KeyRefused::NotBase64 => "the key's PEM frame does not hold base64",
            KeyRefused::NotAKey => "the bytes in the PEM frame are not a key",
            KeyRefused::UnknownKind => "the key is neither RSA nor Ed25519",
            KeyRefused::UnsafeRsa => {
                "the RSA key has fewer than 2048 bits, too many bits, or an exponent that is not used"
            }
            KeyRefused::Inconsistent => "the parts of the private key do not belong together",
        })
    }
}

impl std::error::Error for KeyRefused {}

/// A key that verifies. Cheap to clone; its bytes are decoded once, when it is read.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Arc<Public>);

#[derive(PartialEq, Eq)]
enum Public {
    /// `RSAPublicKey` of PKCS#1 in DER, the form ring verifies with.
    Rsa(Vec<u8>),
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// Reads SPKI (`PUBLIC KEY`), PKCS#1 (`RSA PUBLIC KEY`), or the bare base64 of SPKI that portals hand out.
    pub fn from_pem(text: &str) -> Result<PublicKey, KeyRefused> {
        let (label, bytes) = pem::read(text)?;
        let public = match label {
            Some("PUBLIC KEY") | None => match der::spki(&bytes)? {
                (KeyKind::Rsa, key) => Public::Rsa(der::checked_rsa_public(key)?.to_vec()),
                (KeyKind::Ed25519, key) => Public::Ed25519(key.try_into().map_err(|_| KeyRefused::NotAKey)?),
            },
            Some("RSA PUBLIC KEY") => Public::Rsa(der::checked_rsa_public(&bytes)?.to_vec()),
            Some(_) => return Err(KeyRefused::NotPem),
        };
        Ok(PublicKey(Arc::new(public)))
    }

    /// Writes SPKI as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let spki = match &*self.0 {
            Public::Rsa(pkcs1) => der::write_spki(KeyKind::Rsa, pkcs1),
            Public::Ed25519(point) => der::write_spki(KeyKind::Ed25519, point),
        };
        pem::write("PUBLIC KEY", &spki)
    }

    /// RSA or Ed25519.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match *self.0 {
            Public::Rsa(_) => KeyKind::Rsa,
            Public::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &*self.0 {
            Public::Rsa(pkcs1) => {
                signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, pkcs1.as_slice())
                    .verify(message, signature)
            }
            Public::Ed25519(point) => {
                signature::UnparsedPublicKey::new(&signature::ED25519, point.as_slice())
                    .verify(message, signature)
            }
        }
        .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", self.kind())
    }
}

/// A key that signs. Cheap to clone; never shown by `Debug`.
#[derive(Clone)]
pub struct PrivateKey(Arc<Secret>);

enum Secret {
    Rsa { pair: RsaKeyPair, pkcs1: Vec<u8> },
    Ed25519 { pair: Ed25519KeyPair, seed: [u8; 32] },
}

impl PrivateKey {
    /// Makes an Ed25519 key from 32 bytes, which must come from the operating system's random source; the key is
    /// exactly as secret as they are.
    #[must_use]
    pub fn generate_ed25519(seed: [u8; 32]) -> PrivateKey {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are an Ed25519 seed");
        PrivateKey(Arc::new(Secret::Ed25519 { pair, seed }))
    }

    /// Makes an RSA key of 2048 bits from 32 bytes, which must come from the operating system's random source. Takes
    /// some tenths of a second. The same seed gives the same key only in the same build.
    #[must_use]
    pub fn generate_rsa(seed: [u8; 32]) -> PrivateKey {
        use rand::SeedableRng;
        let mut source = rand::rngs::StdRng::from_seed(seed);
        loop {
            let made =
                rsa::RsaPrivateKey::new(&mut source, RSA_BITS).ok().and_then(|key| key.to_pkcs1_der().ok());
            // ring is stricter about the two primes than the crate that finds them: rarely, a pair is drawn again.
            if let Some(key) = made.and_then(|der| PrivateKey::from_rsa(der.as_bytes()).ok()) {
                return key;
            }
        }
    }

    /// Reads PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`), or the bare base64 of either that portals hand out.
    pub fn from_pem(text: &str) -> Result<PrivateKey, KeyRefused> {
        let (label, bytes) = pem::read(text)?;
        match label {
            Some("PRIVATE KEY") => PrivateKey::from_pkcs8(&bytes),
            Some("RSA PRIVATE KEY") => PrivateKey::from_rsa(&bytes),
            Some(_) => Err(KeyRefused::NotPem),
            None => PrivateKey::from_pkcs8(&bytes).or_else(|_| PrivateKey::from_rsa(&bytes)),
        }
    }

    fn from_pkcs8(bytes: &[u8]) -> Result<PrivateKey, KeyRefused> {
        match der::pkcs8(bytes)? {
            (KeyKind::Rsa, inner) => PrivateKey::from_rsa(inner),
            (KeyKind::Ed25519, inner) => {
                let seed = der::octets(inner)?.try_into().map_err(|_| KeyRefused::NotAKey)?;
                // ring also compares the public half, where the file carries one.
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes).map_err(|_| KeyRefused::Inconsistent)?;
                Ok(PrivateKey::generate_ed25519(seed))
            }
        }
    }

    fn from_rsa(pkcs1: &[u8]) -> Result<PrivateKey, KeyRefused> {
        let pair = RsaKeyPair::from_der(pkcs1).map_err(|refused| match refused.to_string().as_str() {
            "TooSmall" | "TooLarge" => KeyRefused::UnsafeRsa,
            "InvalidEncoding" => KeyRefused::NotAKey,
            _ => KeyRefused::Inconsistent,
        })?;
        // A key whose parts do not belong together shows itself here, not at the first payment.
        let mut trial = vec![0; pair.public().modulus_len()];
        pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), b"trial", &mut trial)
            .map_err(|_| KeyRefused::Inconsistent)?;
        Ok(PrivateKey(Arc::new(Secret::Rsa { pair, pkcs1: pkcs1.to_vec() })))
    }

    /// Writes PKCS#8 (version 1, which every other library reads) as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let pkcs8 = match &*self.0 {
            Secret::Rsa { pkcs1, .. } => der::write_pkcs8(KeyKind::Rsa, pkcs1),
            Secret::Ed25519 { seed, .. } => der::write_pkcs8(KeyKind::Ed25519, seed),
        };
        pem::write("PRIVATE KEY", &pkcs8)
    }

    /// Writes PKCS#1 as PEM, the only form the official SDK for Python takes; `None` for an Ed25519 key.
    #[must_use]
    pub fn to_pkcs1_pem(&self) -> Option<String> {
        match &*self.0 {
            Secret::Rsa { pkcs1, .. } => Some(pem::write("RSA PRIVATE KEY", pkcs1)),
            Secret::Ed25519 { .. } => None,
        }
    }

    /// RSA or Ed25519.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match *self.0 {
            Secret::Rsa { .. } => KeyKind::Rsa,
            Secret::Ed25519 { .. } => KeyKind::Ed25519,
        }
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(Arc::new(match &*self.0 {
            Secret::Rsa { pair, .. } => Public::Rsa(pair.public_key().as_ref().to_vec()),
            Secret::Ed25519 { pair, .. } => {
                let point = pair.public_key().as_ref();
                Public::Ed25519(point.try_into().expect("an Ed25519 public key has 32 bytes"))
            }
        }))
    }

    /// Signs; the same message always gives the same signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &*self.0 {
            Secret::Rsa { pair, .. } => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .expect("a key that signed its trial signs again");
                signature
            }
            Secret::Ed25519 { pair, .. } => pair.sign(message).as_ref().to_vec(),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?}, not shown)", self.kind())
    }
}
